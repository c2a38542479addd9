"""Selection: the rules that run, and the findings that are reported: configuration, comments, baselines."""
