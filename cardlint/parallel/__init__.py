"""Parallel work: partitions of a program, and the processes that analyse them."""
