"""What the names of values and labels say, where there is no better evidence."""
