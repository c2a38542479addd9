"""Knowledge rows, looked up by the path of a library object."""
