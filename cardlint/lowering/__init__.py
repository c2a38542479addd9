"""Lowering: source text to ModuleIR, one file at a time, pure and without I/O."""
