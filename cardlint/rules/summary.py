"""summary: prometheus_client.Summary has no quantiles."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Confidence, Finding, Severity, Step
from cardlint.inference.program import Program
from cardlint.rules._labels import ref
from cardlint.rules._series import estimate
from cardlint.rules.base import Example, Rule, Thresholds


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every Summary that is declared."""
    values = program.values
    for metric in program.metrics:
        if metric.type != "summary" or metric.constructor == "family" or metric.in_test:
            continue
        made = metric.built or metric.place
        yield Finding(
            rule="summary",
            code="CL201",
            severity=Severity.WARNING,
            confidence=Confidence.HIGH,
            message=f"`{metric.name}` is a Summary, which in Python exports no quantiles",
            place=metric.place,
            site=metric.place,
            metric=ref(metric),
            series=estimate(metric, values),
            cause=made,
            related=(Step(made, "the Summary is made here"),) if made != metric.place else (),
            why="the Python Summary exports only _count and _sum: an average, never a percentile; the distribution is lost",
            cost="a Summary is 3 series for each label set; a Histogram with k bounds is k + 4 (12 with 8 bounds)",
            help="write a Histogram with 5 to 12 bounds around the values you care about, or keep the Summary and suppress this if count and sum are all you want",
        )


RULE = Rule(
    name="summary",
    code="CL201",
    title="a Summary exports no quantiles in Python",
    severity=Severity.WARNING,
    default=True,
    what="Reports prometheus_client.Summary.",
    why="Other client libraries compute quantiles in a Summary; the Python one exports _count and _sum only. Nobody can ask it for the 99th "
    "percentile, and what was not recorded cannot be computed later. It is not a cardinality problem: with 3 series for each label set it is the smallest "
    "of the distribution types.",
    fix="Use a Histogram with 5 to 12 bounds. It costs k + 4 series instead of 3 and can be aggregated over instances.",
    ignore_when="an average is all you need and the low number of series is wanted. That is a fine reason: say so in the ignore comment.",
    evidence="Executed against prometheus_client 0.26: a Summary child exports _count, _sum and _created.",
    bad=(Example('from prometheus_client import Summary\n\nLATENCY = «Summary("latency_seconds", "Latency")»\n'),),
    good=(
        Example(
            'from prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", buckets=[0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])\n'
        ),
    ),
    check=check,
)
