"""What every stage may use, and what uses no stage."""
