"""What the names of values and labels say where nothing better is known."""
