"""default-buckets: a Histogram left on the default bounds."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.inference.program import Program
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every Histogram that gives no buckets."""
    for metric in program.metrics:
        if (
            metric.type != "histogram"
            or metric.in_test
            or metric.constructor == "family"
            or metric.bounds is not None
            or "buckets" in metric.raw
        ):
            continue
        yield finding(
            "default-buckets", "CL204", Severity.NOTE, metric.place, say.DEFAULT_BUCKETS(metric=metric.name),
            why=say.DEFAULT_BUCKETS_WHY(),
            cost=say.DEFAULT_BUCKETS_COST(),
            help=say.DEFAULT_BUCKETS_HELP(),
            metric=metric,
        )  # fmt: skip


RULE = Rule(
    name="default-buckets",
    code="CL204",
    title="a Histogram uses the 14 default bounds",
    severity=Severity.NOTE,
    default=False,
    what="Reports Histograms without a `buckets` argument.",
    why="The 14 default bounds cost 18 series for each label set, and run from 5 ms to 10 s whatever is measured.",
    fix="Choose bounds around your objective.",
    bad=(Example('from prometheus_client import Histogram\n\nLATENCY = «Histogram("latency_seconds", "Latency")»\n', pedantic=True),),
    good=(
        Example(
            'from prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", buckets=[0.05, 0.1, 0.25, 0.5, 1])\n',
            pedantic=True,
        ),
    ),
    check=check,
)
