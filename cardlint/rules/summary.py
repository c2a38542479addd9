"""summary: prometheus_client.Summary has no quantiles."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Confidence, Finding, Severity, Step
from cardlint.inference.program import Program
from cardlint.rules._series import estimate, ref
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say


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
            message=say.SUMMARY(metric=metric.name),
            place=metric.place,
            site=metric.place,
            metric=ref(metric),
            series=estimate(metric, values),
            cause=made,
            related=(Step(made, say.SUMMARY_MADE()),) if made != metric.place else (),
            why=say.SUMMARY_WHY(),
            cost=say.SUMMARY_COST(),
            help=say.SUMMARY_HELP(),
        )


RULE = Rule(
    name="summary",
    code="CL201",
    title="a Summary exports no quantiles in Python",
    severity=Severity.WARNING,
    default=True,
    what="Reports prometheus_client.Summary.",
    why="Other client libraries compute quantiles in a Summary; the Python one exports only _count, _sum and _created. You cannot ask it for the 99th "
    "percentile, and what was not recorded cannot be computed later. It is not a cardinality problem: with 3 series for each label set it is the smallest "
    "of the distribution types.",
    fix="Use a Histogram with 5 to 12 bounds. It costs k + 4 series instead of 3 and can be aggregated over instances.",
    ignore_when="an average is all you need and you want few series. That is a fine reason: say so in the ignore comment.",
    evidence="Executed against prometheus_client 0.26: a Summary child exports _count, _sum and _created.",
    bad=(Example('from prometheus_client import Summary\n\nLATENCY = «Summary("latency_seconds", "Latency")»\n'),),
    good=(
        Example(
            'from prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", buckets=[0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])\n'
        ),
    ),
    check=check,
)
