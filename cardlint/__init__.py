"""cardlint: a static linter for the label cardinality of prometheus_client metrics.

It infers which values every label can take, so that a million series are found in review and not in production.
"""

__version__ = "0.1.0"
