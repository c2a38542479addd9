"""bucket-bounds: a bucket list that raises or lies: unsorted, duplicate, NaN, empty, a one-shot generator."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import isnan

from cardlint.findings import Finding, Severity
from cardlint.inference.program import Bounds, Program
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every bucket list that prometheus_client refuses or misreads."""
    for metric in program.metrics:
        bounds = metric.bounds
        if bounds is None or metric.in_test:
            continue
        problem = _problem(bounds, bool(metric.labelnames))
        if problem is None:
            continue
        message, why, advice = problem
        yield finding(
            "bucket-bounds", "CL203", Severity.ERROR, bounds.place, f"the buckets of `{metric.name}` {message}", why=why, help=advice, metric=metric, site=metric.built or metric.place
        )  # fmt: skip


def _problem(bounds: Bounds, labelled: bool) -> tuple[str, str, str] | None:
    if bounds.one_shot and labelled:
        return (
            "are a generator, which is empty after the first label set",
            "every label set reads the buckets again: the second one finds none and raises ValueError",
            "write a list or a tuple",
        )
    values = bounds.values
    if values is None:
        return None
    if any(isnan(v) for v in values):
        return "hold NaN", "nothing is less than or equal to NaN: that bucket never counts, and the list cannot be sorted", "remove it"
    if not [v for v in values if v != float("inf")]:
        return (
            "hold no finite bound",
            "prometheus_client raises ValueError: it wants at least two buckets",
            "write 5 to 12 bounds around the values you expect",
        )
    if any(a > b for a, b in pairwise(values)):
        return "are not in ascending order", "prometheus_client raises ValueError when the metric is made", "sort them"
    if any(a == b for a, b in pairwise(values)):
        return (
            "hold one bound twice",
            "both buckets export the same `le`: Prometheus sees two samples of one series and rejects the scrape",
            "remove the repeated bound",
        )
    return None


RULE = Rule(
    name="bucket-bounds",
    code="CL203",
    title="a bucket list is unsorted, repeated, NaN, empty or a generator",
    severity=Severity.ERROR,
    default=True,
    what="Reports explicit bucket lists that are out of order, hold a bound twice or NaN, hold no finite bound, or are a generator on a metric with labels.",
    why="Some raise ValueError when the module is imported, others only with the second label set in production, and a repeated bound breaks the whole scrape.",
    fix="Write the bounds as a sorted list of different numbers.",
    bad=(
        Example(
            'from prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", buckets=«[0.1, 1, 0.5, 5, 10]»)\n',
            title="out of order",
        ),
        Example(
            'from prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", buckets=«[0.1, 0.5, 0.5, 1, 5]»)\n',
            title="a bound twice",
        ),
        Example(
            'from prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", ["kind"], buckets=«(2**n for n in range(8))»)\n',
            title="a generator",
        ),
    ),
    good=(
        Example(
            'from prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", ["kind"], buckets=[2**n for n in range(8)])\n'
        ),
    ),
    check=check,
)
