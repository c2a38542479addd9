"""The semantics of Python: one file for each construct or kind of object."""
