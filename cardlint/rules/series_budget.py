"""series-budget: the estimated series of a metric, or the values of a label, above the budget."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.common.numbers import MAX_COUNT, spoken
from cardlint.findings import Confidence, Finding, Severity
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.program import Metric, Program
from cardlint.rules._labels import ref
from cardlint.rules._series import breakdown, estimate, size_of
from cardlint.rules.base import Example, Rule, Thresholds

EXACT_LIMIT = 10_000
"""Without a configured budget only a product of exact sets above this is reported."""


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
        limit = thresholds.max_series if thresholds.max_series is not None else EXACT_LIMIT if exact else None
        if limit is None or info.estimate <= limit:
            continue
        budget = "the budget of" if thresholds.max_series is not None else "the usual limit of"
        yield Finding(
            rule="series-budget",
            code="CL105",
            severity=Severity.WARNING,
            confidence=Confidence.HIGH if exact else Confidence.MEDIUM,
            message=f"`{metric.name}` makes {_about(info.estimate)} series, more than {budget} {limit:,}",
            place=metric.place,
            site=metric.place,
            metric=ref(metric),
            series=info,
            why=f"{info.formula}: the sizes of its labels, and {info.per_child} for each label set ({breakdown(metric)})",
            cost=f"{_about(info.estimate)} series in every process that fills all label sets",
            help="drop the label with the most values, or split the metric so that no two large labels multiply",
        )


def _about(count: int) -> str:
    return f"about {count:,}" if count < MAX_COUNT else spoken(count)


def _exact(value: ValueSet | None) -> bool:
    return value is not None and value.cls is Bound.EXACTLY


def _labels(metric: Metric, values: dict[tuple[int, str], ValueSet], thresholds: Thresholds) -> Iterator[Finding]:
    limit = thresholds.max_label_values
    for name in metric.labelnames or () if limit is not None else ():
        value = values.get((metric.id, name))
        size = size_of(value)
        if limit is None or value is None or size is None or size <= limit:
            continue
        yield Finding(
            rule="series-budget",
            code="CL105",
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM,
            message=f"label `{name}` of `{metric.name}` takes {_about(size)} values, more than the budget of {limit:,}",
            place=metric.label_places.get(name) or metric.labelnames_place or metric.place,
            site=metric.place,
            metric=ref(metric),
            label=name,
            value=value.info(),
            series=estimate(metric, values),
            why=f"its values are {value.why}",
            cost=f"every value is {metric.series_per_child()} series for each set of the other labels",
            help="group the values into fewer, or remove the label",
        )


RULE = Rule(
    name="series-budget",
    code="CL105",
    title="a metric makes more series than its budget",
    severity=Severity.WARNING,
    default=True,
    what="Reports metrics whose estimated number of series is above `max-series`, and labels that take more values than `max-label-values`. "
    "Without a budget only a product of exactly known sets above 10,000 is reported.",
    why="Bounded labels multiply: 9 methods, 50 routes, 15 status codes and 14 buckets are more than 100,000 series for one histogram in one process.",
    fix="Drop a label, group its values, or use fewer buckets.",
    configuration="`max-series` for a metric, `max-label-values` for a label.",
    ignore_when="the number is known and paid for.",
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
    ),
    good=(
        Example(
            'from prometheus_client import Counter\n\nHITS = Counter("hits", "Hits", ["row"])\n\nfor row in range(60):\n    HITS.labels(row).inc()\n',
            config="max-series = 5000\n",
        ),
    ),
    any_client=True,
    check=check,
)
