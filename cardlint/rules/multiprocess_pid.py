"""multiprocess-pid: a Gauge that adds a `pid` label in multiprocess mode."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Confidence, Finding, Severity, Step
from cardlint.inference.program import Program
from cardlint.rules._misuse import finding, mode_evidence
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every Gauge whose mode adds the process id, when the project runs multiprocess mode."""
    concerning = mode_evidence(program)
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
        made = metric.built or metric.place  # a factory has one constructor, and the mode is written there
        created = (Step(made, say.METRIC_MADE()),) if made != metric.place else ()
        mode = say.PID_MODE(mode=metric.multiprocess_mode) if metric.multiprocess_mode else say.PID_NO_MODE()
        from cardlint.rules._modes import mode_of  # few runs have a finding of this rule

        wanted = mode_of(metric, program)
        yield finding(
            "multiprocess-pid", "CL108", Severity.WARNING, metric.place,
            say.PID(metric=metric.name, mode=mode),
            why=say.PID_LIVE_WHY() if metric.of_live_processes else say.PID_WHY(),
            cost=say.PID_COST(),
            help=say.PID_HELP_MODE(mode=wanted.name, means=wanted.means) if wanted.name else wanted.means,
            metric=metric, related=(*created, seen), confidence=Confidence.LOW if metric.multiprocess_mode else Confidence.HIGH,
            cause=made,
        )  # fmt: skip


RULE = Rule(
    name="multiprocess-pid",
    code="CL108",
    title="a Gauge adds a pid label in multiprocess mode",
    severity=Severity.WARNING,
    default=True,
    what="Reports Gauges without `multiprocess_mode` (with `--pedantic` also those with `all` or `liveall`, which were chosen on purpose) in a project that shows signs of multiprocess mode.",
    why="One gunicorn server that recycled its workers created more than 3,000 series of one Gauge in twelve hours, one for each process id.",
    fix="Say how the processes are combined: `livesum` for what is counted up and down, `livemostrecent` for what is set. A time, such as that of the last success, must outlive the worker that has set it: `max` or `mostrecent`. The modes that begin with `live` forget a worker that has ended.",
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
