"""Metrics: constructors, label sites, uses, and the records that rules read."""
