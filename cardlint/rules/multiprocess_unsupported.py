"""multiprocess-unsupported: features that do not work in multiprocess mode."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Confidence, Finding, Severity
from cardlint.inference.program import Program
from cardlint.rules._misuse import EvidenceBeside, finding
from cardlint.rules.base import Example, Rule, Thresholds

WHAT = {"info": "Info", "enum": "Enum"}


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield Info, Enum, `set_function`, `remove` and `clear` in a project that runs multiprocess mode."""
    beside = EvidenceBeside(program)
    for metric in program.metrics:
        seen = beside(metric)
        if seen is None:
            continue
        if metric.type in WHAT and not metric.in_test and metric.constructor != "family" and metric.registry == "default":
            yield finding(
                "multiprocess-unsupported", "CL403", Severity.WARNING, metric.place, f"{WHAT[metric.type]} `{metric.name}` is not exported in multiprocess mode",
                why=f"{WHAT[metric.type]} keeps its value in the process, and the collector of all processes never sees it",
                help="write a Gauge with the value 1 and labels, and a multiprocess_mode such as `mostrecent`",
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
        seen = beside(metric)
        if seen is None:
            continue
        if use.role == "set-function":
            why = "the function is called in no process when all of them are collected: the series stays at 0"
        else:
            why = "the files of the processes keep the series: it comes back with the next scrape"
        yield finding(
            "multiprocess-unsupported", "CL403", Severity.WARNING, use.place, f"`.{use.method}()` of `{metric.name}` has no effect in multiprocess mode",
            why=why, help="set the value where it changes, and choose labels that need no removing",
            metric=metric, related=(seen,), confidence=Confidence.MEDIUM,
        )  # fmt: skip


RULE = Rule(
    name="multiprocess-unsupported",
    code="CL403",
    title="a feature that multiprocess mode does not have",
    severity=Severity.WARNING,
    default=True,
    what="Reports Info, Enum, `set_function`, `remove` and `clear` in a project that shows signs of multiprocess mode.",
    why="Values are kept in files that all processes share; what lives in one process only is not exported, and what is removed comes back.",
    fix="Use Gauges and Counters with fixed labels.",
    bad=(
        Example(
            'from prometheus_client import CollectorRegistry, Info, multiprocess\n\nBUILD = «Info("build", "The build")»\n\n\ndef metrics():\n    registry = CollectorRegistry()\n    multiprocess.MultiProcessCollector(registry)\n    return registry\n',
        ),
    ),
    good=(Example('from prometheus_client import Info\n\nBUILD = Info("build", "The build")\n', title="no multiprocess mode in sight"),),
    check=check,
)
