"""series-budget: the estimated series of a metric, or the values of a label, above the budget."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.common.numbers import MAX_COUNT, spoken
from cardlint.findings import Confidence, Finding, Severity
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.program import Metric, Program
from cardlint.rules._series import breakdown, estimate, ref, size_of
from cardlint.rules._wording import subject
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import values as say

USUAL_LIMIT = 10_000
"""Without a configured budget: values of one bounded label, and series of a metric whose sets are all counted."""


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield metrics whose estimate is above the budget, and labels that take more values than allowed."""
    values = program.values
    for metric in program.metrics:
        if metric.in_test or metric.constructor == "duck" or metric.labels_open:
            continue
        yield from _labels(metric, values, thresholds)
        info = estimate(metric, values)
        if info.estimate is None:
            continue
        exact = all(_exact(values.get((metric.id, name))) for name in metric.labelnames or ())
        limit = thresholds.max_series if thresholds.max_series is not None else USUAL_LIMIT if exact else None
        if limit is None or info.estimate <= limit:
            continue
        yield Finding(
            rule="series-budget",
            code="CL105",
            severity=Severity.WARNING,
            confidence=Confidence.HIGH if exact else Confidence.MEDIUM,
            message=say.TOO_MANY_SERIES(metric=metric.name, count=_about(info.estimate), limit=_called(thresholds.max_series, limit)),
            place=metric.place,
            site=metric.place,
            metric=ref(metric),
            series=info,
            why=say.BUDGET_WHY(formula=info.formula, parts=f" ({breakdown(metric)})" if metric.series_per_child() > 1 else ""),
            cost=say.BUDGET_COST(count=_about(info.estimate)),
            help=say.BUDGET_HELP(),
        )


def _called(budget: int | None, limit: int) -> str:
    return (say.THE_BUDGET if budget is not None else say.THE_USUAL_LIMIT)(limit=f"{limit:,}")


def _about(count: int) -> str:
    return f"about {count:,}" if count < MAX_COUNT else spoken(count)


def _exact(value: ValueSet | None) -> bool:
    return value is not None and (value.bound is Bound.EXACTLY or (value.bound is Bound.BOUNDED and value.counted))


def _labels(metric: Metric, values: dict[tuple[int, str], ValueSet], thresholds: Thresholds) -> Iterator[Finding]:
    budget = thresholds.max_label_values
    limit = budget if budget is not None else USUAL_LIMIT
    for name in metric.labelnames or ():
        value = values.get((metric.id, name))
        size = size_of(value)
        if value is None or size is None or size <= limit or (budget is None and value.bound > Bound.BOUNDED):
            continue
        predicate = say.TOO_MANY_VALUES(count=_about(size), limit=_called(budget, limit))
        yield Finding(
            rule="series-budget",
            code="CL105",
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM,
            message=f"{subject(name, metric)} {predicate}",
            predicate=predicate,
            place=metric.label_places.get(name) or metric.labelnames_place or metric.place,
            site=metric.place,
            metric=ref(metric),
            label=name,
            value=value.info(),
            series=estimate(metric, values),
            why=say.VALUES_WHY(source=value.why),
            cost=say.VALUES_COST(series=metric.series_per_child()),
            help=say.VALUES_HELP(),
        )


RULE = Rule(
    name="series-budget",
    code="CL105",
    title="a metric makes more series than its budget",
    severity=Severity.WARNING,
    default=True,
    what="Reports metrics whose estimated number of series is above `max-series`, and labels that take more values than `max-label-values`. "
    "Without a budget the limit is 10,000: for the values of one bounded label, and for a product of sets that are all counted.",
    why="Bounded labels multiply: 9 methods, 50 routes, 15 status codes and the 18 series of a Histogram with 14 bounds are more than 100,000 series in one process.",
    fix="Drop a label, group its values, or use fewer buckets.",
    configuration="`max-series` for a metric, `max-label-values` for a label; 10,000 where they are not set.",
    ignore_when="the number is known and acceptable.",
    bad=(
        Example(
            'from prometheus_client import Counter\n\nHITS = «Counter("hits", "Hits", ["row", "column"])»\n\nfor row in range(60):\n    for column in range(60):\n'
            "        HITS.labels(row, column).inc()\n",
            config="max-series = 5000\n",
        ),
        Example(
            'from prometheus_client import Gauge\n\nSEATS = Gauge("seats", "Seats", [«"seat"»])\n\nfor seat in range(50):\n    SEATS.labels(seat=seat).set(0)\n',
            title="one label over its budget",
            config="max-label-values = 20\n",
        ),
        Example(
            'import random\n\nfrom prometheus_client import Counter\n\nDRAWS = Counter("draws", "Draws", [«"number"»])\n\n\ndef draw() -> None:\n    DRAWS.labels(random.randint(1, 1_000_000)).inc()\n',
            title="a bounded label that is far too large",
        ),
        Example(
            'from prometheus_client import Gauge\n\nCELLS = «Gauge("cells", "Cells", ["row", "column"])»\n\nfor row in range(200):\n    for column in range(200):\n'
            "        CELLS.labels(row, column).set(0)\n",
            title="a product of counted sets",
        ),
    ),
    good=(
        Example(
            'from prometheus_client import Counter\n\nHITS = Counter("hits", "Hits", ["row"])\n\nfor row in range(60):\n    HITS.labels(row).inc()\n',
            config="max-series = 5000\n",
        ),
        Example(
            'from prometheus_client import Counter\n\nHITS = Counter("hits", "Hits", ["shard"])\n\n\ndef hit(key: str) -> None:\n    HITS.labels(hash(key) % 1000).inc()\n',
            title="a thousand shards",
        ),
    ),
    any_client=True,
    check=check,
)
