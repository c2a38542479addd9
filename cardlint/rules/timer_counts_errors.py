"""timer-counts-errors: a `.time()` block with failures in the same series as successes."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Confidence, Finding, Severity
from cardlint.inference.program import Program
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say

OUTCOMES = ("status", "outcome", "result", "success", "error", "code", "state", "exception")


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every `.time()` block or decorator on a metric that has no label for the outcome."""
    for use in program.uses:
        if use.role != "time" or use.in_test or not (use.with_block or use.decorates == "function"):
            continue
        metric = use.metrics[0] if use.metrics else None
        if metric is None or metric.labels_open or metric.labelnames is None or metric.type not in ("histogram", "summary"):
            continue
        if any(word in name.lower() for name in metric.labelnames for word in OUTCOMES):
            continue
        yield finding(
            "timer-counts-errors", "CL308", Severity.NOTE, use.place, say.TIMES_FAILURES(metric=metric.name),
            why=say.TIMES_FAILURES_WHY(),
            help=say.TIMES_FAILURES_HELP(),
            metric=metric, confidence=Confidence.MEDIUM,
        )  # fmt: skip


RULE = Rule(
    name="timer-counts-errors",
    code="CL308",
    title="a timer times failures and successes in the same series",
    severity=Severity.NOTE,
    default=False,
    what="Reports `.time()` as a block or decorator on a metric without a label for the outcome, such as `outcome` or `status`.",
    why="During an outage requests fail within milliseconds, and the latency graph looks better than ever.",
    fix="Measure the time yourself and observe it on success, or add an `outcome` label.",
    bad=(
        Example(
            'from prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", buckets=[0.05, 0.1, 0.25, 0.5, 1])\n\n\ndef fetch(client):\n    with «LATENCY.time()»:\n        return client.get("/")\n',
            pedantic=True,
        ),
    ),
    good=(
        Example(
            'import time\n\nfrom prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", ["outcome"], buckets=[0.05, 0.1, 0.25, 0.5, 1])\n\n\ndef fetch(client):\n    started = time.perf_counter()\n'
            '    answer = client.get("/")\n    LATENCY.labels(outcome="success").observe(time.perf_counter() - started)\n    return answer\n',
            pedantic=True,
        ),
    ),
    check=check,
)
