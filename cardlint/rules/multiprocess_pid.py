"""multiprocess-pid: a Gauge that adds a `pid` label in multiprocess mode."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Confidence, Finding, Severity
from cardlint.inference.program import Program
from cardlint.rules._misuse import ModeEvidence, finding
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every Gauge whose mode adds the process id, when the project runs multiprocess mode."""
    concerning = ModeEvidence(program)
    for metric in program.metrics:
        if (
            metric.type != "gauge"
            or metric.name == "?"
            or metric.in_test
            or metric.constructor == "family"
            or metric.registry in ("none", "local")
        ):
            continue
        if not metric.of_each_process:
            continue
        seen = concerning(metric)
        if seen is None:
            continue
        mode = say.PID_MODE(mode=metric.multiprocess_mode) if metric.multiprocess_mode else say.PID_NO_MODE()
        yield finding(
            "multiprocess-pid", "CL108", Severity.WARNING, metric.place,
            say.PID(metric=metric.name, mode=mode),
            why=say.PID_LIVE_WHY() if metric.of_live_processes else say.PID_WHY(),
            cost=say.PID_COST(),
            help=say.PID_HELP(),
            metric=metric, related=(seen,), confidence=Confidence.LOW if metric.multiprocess_mode else Confidence.HIGH,
        )  # fmt: skip


RULE = Rule(
    name="multiprocess-pid",
    code="CL108",
    title="a Gauge adds a pid label in multiprocess mode",
    severity=Severity.WARNING,
    default=True,
    what="Reports Gauges without `multiprocess_mode` (with `--pedantic` also those with `all` or `liveall`, which were chosen on purpose) in a project that shows signs of multiprocess mode.",
    why="One gunicorn server that recycled its workers created more than 3,000 series of one Gauge in twelve hours, one for each process id.",
    fix="Say how the processes are combined: `livesum`, `livemax`, `max` or `min`, or `mostrecent` if the code only calls `.set()`.",
    ignore_when="you do want one series for each worker and clean the directory at every start.",
    bad=(
        Example(
            'from prometheus_client import CollectorRegistry, Gauge, multiprocess\n\nACTIVE = «Gauge("active_requests", "Requests at work")»\n\n\ndef metrics():\n'
            "    registry = CollectorRegistry()\n    multiprocess.MultiProcessCollector(registry)\n    return registry\n",
        ),
    ),
    good=(
        Example(
            'from prometheus_client import CollectorRegistry, Gauge, multiprocess\n\nACTIVE = Gauge("active_requests", "Requests at work", multiprocess_mode="livesum")\n\n\ndef metrics():\n'
            "    registry = CollectorRegistry()\n    multiprocess.MultiProcessCollector(registry)\n    return registry\n",
        ),
        Example(
            'from prometheus_client import Gauge\n\nACTIVE = Gauge("active_requests", "Requests at work")\n',
            title="no sign of multiprocess mode",
        ),
    ),
    check=check,
)
