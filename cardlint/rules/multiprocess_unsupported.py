"""multiprocess-unsupported: features that do not work in multiprocess mode."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Confidence, Finding, Severity
from cardlint.inference.program import Program
from cardlint.rules._misuse import finding, mode_evidence
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say

ONE_PROCESS = ("info", "enum")
"""Types of metrics that exist in one process only."""


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield Info, Enum, `set_function`, `remove` and `clear` in a project that runs multiprocess mode."""
    concerning = mode_evidence(program)
    for metric in program.metrics:
        seen = concerning(metric)
        if seen is None:
            continue
        if metric.type in ONE_PROCESS and not metric.in_test and metric.constructor != "family" and metric.registry == "default":
            yield finding(
                "multiprocess-unsupported", "CL403", Severity.WARNING, metric.place, say.NOT_EXPORTED(type=metric.type.capitalize(), metric=metric.name),
                why=say.NOT_EXPORTED_WHY(type=metric.type.capitalize()),
                help=say.NOT_EXPORTED_HELP(),
                metric=metric, related=(seen,), confidence=Confidence.MEDIUM,
            )  # fmt: skip
    for use in program.uses:
        if (
            use.in_test
            or use.role not in ("set-function", "remove", "clear")
            or not use.metrics
            or use.metrics[0].registry in ("local", "none")
        ):
            continue
        metric = use.metrics[0]
        seen = concerning(metric)
        if seen is None:
            continue
        why = say.FUNCTION_NOT_CALLED() if use.role == "set-function" else say.COMES_BACK()
        yield finding(
            "multiprocess-unsupported", "CL403", Severity.WARNING, use.place, say.NO_EFFECT(method=use.method, metric=metric.name),
            why=why, help=say.NO_EFFECT_HELP(),
            metric=metric, related=(seen,), confidence=Confidence.MEDIUM,
        )  # fmt: skip


RULE = Rule(
    name="multiprocess-unsupported",
    code="CL403",
    title="a feature that multiprocess mode does not have",
    severity=Severity.WARNING,
    default=True,
    what="Reports Info, Enum, `set_function`, `remove` and `clear` in a project that shows signs of multiprocess mode.",
    why="Values are kept in files that all processes share: a value that exists in one process only is not exported, and a series that is removed is still exported.",
    fix="Use Gauges and Counters with fixed labels.",
    bad=(
        Example(
            'from prometheus_client import CollectorRegistry, Info, multiprocess\n\nBUILD = «Info("build", "The build")»\n\n\ndef metrics():\n    registry = CollectorRegistry()\n    multiprocess.MultiProcessCollector(registry)\n    return registry\n',
        ),
    ),
    good=(Example('from prometheus_client import Info\n\nBUILD = Info("build", "The build")\n', title="no sign of multiprocess mode"),),
    check=check,
)
