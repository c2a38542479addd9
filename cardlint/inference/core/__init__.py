"""The evaluator: memo, budget and the protocol through which every recursion goes."""
