"""bucket-count: a bucket list with too few or too many finite bounds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from math import isfinite

from cardlint.findings import Confidence, Finding, Place, Severity, Step
from cardlint.inference.program import Program
from cardlint.rules._series import estimate, ref, size_of
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say

MOST_ADDED = 12
"""Bounds that are proposed one by one; a configuration may ask for any number."""


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every Histogram with an explicit bucket list that has too few or too many finite bounds."""
    values = program.values
    seen: set[object] = set()
    for metric in program.metrics:
        bounds = metric.bounds
        if bounds is None or bounds.values is None or metric.in_test:
            continue
        finite = [v for v in bounds.values if v != float("inf")]
        count = len(finite)
        if thresholds.buckets_min <= count <= thresholds.buckets_max or not count:
            continue
        key = (bounds.place, metric.place, metric.name)
        if key in seen:
            continue
        seen.add(key)
        sets: int | None = 1
        for name in metric.labelnames or ():
            size = size_of(values.get((metric.id, name)))
            sets = sets * size if sets is not None and size is not None else None
        too_many = count > thresholds.buckets_max
        sentence = say.MANY_BUCKETS if too_many else say.FEW_BUCKETS
        limit = thresholds.buckets_max if too_many else thresholds.buckets_min
        made = metric.built or metric.place
        argument = bounds.place if _inside(bounds.place, made) else made  # a name has the place of its import
        related = [Step(bounds.list_place, say.BOUNDS_HERE())] if bounds.list_place is not None else []
        if made != metric.place:
            related.append(Step(made, say.METRIC_MADE()))
        yield Finding(
            rule="bucket-count",
            code="CL202",
            severity=Severity.WARNING,
            confidence=Confidence.HIGH,
            message=sentence(metric=metric.name, count=count, has=say.CAN_HAVE() if bounds.defaulted else say.HAS(), limit=limit),
            place=argument,
            site=made,
            metric=ref(metric),
            series=estimate(metric, values),
            related=tuple(related),
            why=say.BUCKETS_WHY(count=count),
            cost=_cost(count + 4, sets),
            cause=bounds.list_place if bounds.list_place is not None and not _inside(bounds.list_place, argument) else argument,
            help=_fewer(finite, thresholds.buckets_max) if too_many else _more(finite, thresholds.buckets_min),
        )


def _cost(series: int, sets: int | None) -> str:
    if sets is None or sets < 2:
        return say.BUCKETS_COST(series=series)
    return say.BUCKETS_COST_ALL(series=series, total=f"{sets * series:,}", sets=f"{sets:,}")


def _inside(place: Place, call: Place) -> bool:
    """Tell whether an argument is written in a call, and not where a name that it uses comes from."""
    return place.path == call.path and (call.line, call.column) <= (place.line, place.column) <= (call.end_line, call.end_column)


def _text(bounds: Sequence[float]) -> str:
    return "[" + ", ".join(f"{b:g}" for b in bounds) + "]"


def _fewer(finite: list[float], most: int) -> str:
    """Propose bounds to drop for an even spread: both ends stay."""
    ordered = sorted({b for b in finite if isfinite(b)})  # NaN has no place in an order
    if len(ordered) <= most:
        return say.BOUND_ONCE()
    step = (len(ordered) - 1) / max(1, most - 1)
    kept = [ordered[round(i * step)] for i in range(most)]
    gone = [b for b in ordered if b not in kept]
    if len(gone) > 12:
        return say.KEEP_BOUNDS(most=most, bounds=_text(kept))
    return say.DROP_BOUNDS(bounds=_text(gone)[1:-1], most=most)


def _more(finite: list[float], least: int) -> str:
    """Propose bounds to add: between the widest gaps, or beyond the last one."""
    ordered = sorted({b for b in finite if isfinite(b)})
    if not ordered or least - len(ordered) > MOST_ADDED:
        return say.WRITE_BOUNDS(least=f"{least:,}", count=len(finite))
    added: list[float] = []
    while len(ordered) < least:
        gaps = [(b / a, (a * b) ** 0.5) for a, b in itertools.pairwise(ordered) if a > 0]
        if gaps and max(gaps)[0] > 2.1:
            new = float(f"{max(gaps)[1]:.2g}")
        else:
            new = float(f"{ordered[-1] * 2:.3g}") if ordered[-1] > 0 else ordered[-1] + 1
        if new in ordered:
            new = ordered[-1] * 2 or 1.0
        added.append(new)
        ordered = sorted([*ordered, new])
    return say.ADD_BOUNDS(bounds=_text(sorted(added))[1:-1], count=len(finite))


RULE = Rule(
    name="bucket-count",
    code="CL202",
    title="a bucket list has fewer than 5 or more than 12 finite bounds",
    severity=Severity.WARNING,
    default=True,
    what="Reports Histograms with an explicit bucket list of fewer than 5 or more than 12 finite bounds; +Inf is not counted. Lists are computed "
    "where they can be: constants, concatenations, comprehensions over ranges, defaults of parameters.",
    why="Every bound is a series for every label set: 20 bounds over 500 label sets are 12,000 series for one metric. With 3 bounds, a "
    "percentile is interpolated between points so far apart that it says nothing.",
    fix="Keep the bounds around the values you alert on; spread the others evenly.",
    configuration="`buckets.min` and `buckets.max` set the limits.",
    ignore_when="a service level objective needs its bound and there are few label sets.",
    bad=(
        Example(
            'from prometheus_client import Histogram\n\nSIZE = Histogram("size_bytes", "Size", buckets=«[1, 10, 100]»)\n', title="too few"
        ),
        Example(
            'from prometheus_client import Histogram\n\nBOUNDS = [0.001 * 2**n for n in range(14)]\nLATENCY = Histogram("latency_seconds", "Latency", buckets=«BOUNDS»)\n',
            title="too many, computed",
        ),
    ),
    good=(
        Example(
            'from prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", buckets=[0.05, 0.1, 0.25, 0.5, 1])\n'
        ),
        Example(
            'from prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", buckets=[*range(1, 13), float("inf")])\n',
            title="12 and +Inf",
        ),
    ),
    any_client=True,
    check=check,
)
