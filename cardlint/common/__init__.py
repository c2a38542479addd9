"""Helpers that every stage may use, and that use no stage."""
