"""Stage 1: source text to FileFacts, one file at a time, pure and without I/O."""
