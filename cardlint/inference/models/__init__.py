"""Models of the standard library and of other libraries, each under its import name."""
