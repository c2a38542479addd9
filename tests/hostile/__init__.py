"""Inputs written to break the tool: whatever they hold, a run ends soon, in little memory, with a report."""
