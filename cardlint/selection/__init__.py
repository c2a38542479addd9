"""Selection: which rules run, and which of their findings are reported: configuration, comments, baselines."""
