"""bucket-bounds: a bucket list that raises or lies: unsorted, duplicate, NaN, empty, a one-shot generator."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import isnan

from cardlint.findings import Finding, Severity
from cardlint.inference.program import Bounds, Program
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import Sentence
from cardlint.rules.sentences import usage as say


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
            "bucket-bounds", "CL203", Severity.ERROR, bounds.place, message(metric=metric.name), why=why(), help=advice(), metric=metric, site=metric.built or metric.place
        )  # fmt: skip


def _problem(bounds: Bounds, labelled: bool) -> tuple[Sentence, Sentence, Sentence] | None:
    if bounds.one_shot and labelled:
        return say.BOUNDS_ONE_SHOT, say.BOUNDS_ONE_SHOT_WHY, say.BOUNDS_ONE_SHOT_HELP
    values = bounds.values
    if values is None:
        return None
    if any(isnan(v) for v in values):
        return say.BOUNDS_NAN, say.BOUNDS_NAN_WHY, say.BOUNDS_NAN_HELP
    if not [v for v in values if v != float("inf")]:
        return say.BOUNDS_NONE, say.BOUNDS_NONE_WHY, say.BOUNDS_NONE_HELP
    if any(a > b for a, b in pairwise(values)):
        return say.BOUNDS_UNSORTED, say.BOUNDS_UNSORTED_WHY, say.BOUNDS_UNSORTED_HELP
    if any(a == b for a, b in pairwise(values)):
        return say.BOUNDS_TWICE, say.BOUNDS_TWICE_WHY, say.BOUNDS_TWICE_HELP
    return None


RULE = Rule(
    name="bucket-bounds",
    code="CL203",
    title="a bucket list is unsorted, empty or a generator, or contains a bound twice or NaN",
    severity=Severity.ERROR,
    default=True,
    what="Reports explicit bucket lists that are out of order, contain a bound twice or NaN, contain no finite bound, or are a generator on a metric with labels.",
    why="Some raise ValueError when the module is imported, others only on the first `.labels()` call, and a repeated bound exports the same series twice.",
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
