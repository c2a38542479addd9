"""Parallel work: a tree split into partitions, and the processes that work on them side by side."""
