"""multiprocess-dead-workers: a gunicorn configuration that leaves the files of dead workers."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Confidence, Finding, Severity, Step
from cardlint.inference.program import Program
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every gunicorn configuration of a multiprocess project that never calls mark_process_dead; without one, the live Gauges."""
    if not program.multiprocess_evidence:
        return
    from cardlint.rules._mode_evidence import ModeEvidence  # few programs have a sign

    concerning = ModeEvidence(program)
    for place in program.gunicorn_without_exit:
        seen = concerning.of_file(place.path)
        if seen is None:
            continue
        yield finding(
            "multiprocess-dead-workers", "CL404", Severity.WARNING, place, say.NO_CHILD_EXIT(),
            why=say.NO_CHILD_EXIT_WHY(),
            help=say.NO_CHILD_EXIT_HELP(),
            related=(seen,),
        )  # fmt: skip
    live = [m for m in program.metrics if m.of_live_processes and not m.in_test]
    live = [m for m in live if m.registry not in ("none", "local") and concerning(m) is not None]
    starts = program.starts_workers
    if live and starts is not None and not program.ends_workers and not program.gunicorn_without_exit:
        first = live[0]
        sign = concerning(first)
        yield finding(
            "multiprocess-dead-workers", "CL404", Severity.WARNING, first.place,
            say.DEAD_WORKERS(metric=first.name, mode=first.multiprocess_mode),
            why=say.DEAD_WORKERS_WHY(),
            help=say.DEAD_WORKERS_HELP(),
            metric=first, confidence=Confidence.MEDIUM,
            related=(*((sign,) if sign is not None else ()), starts, *(Step(m.place, say.SO_DOES(metric=m.name)) for m in live[1:MOST])),
        )  # fmt: skip


MOST = 5
"""Gauges that a finding names."""


RULE = Rule(
    name="multiprocess-dead-workers",
    code="CL404",
    title="nothing calls mark_process_dead",
    severity=Severity.WARNING,
    default=True,
    what="Reports gunicorn configuration files of a multiprocess project that do not call `mark_process_dead` in `child_exit`. Without such a file, it reports the first "
    "Gauge with a mode such as `livesum`, where something starts workers and no file of the program calls `mark_process_dead`.",
    why="The `live` modes count running processes only. Only the code that starts the processes knows which of them run.",
    fix="Call `multiprocess.mark_process_dead(pid)` where a worker ends: in `child_exit` of gunicorn, in `worker_process_shutdown` of Celery.",
    bad=(
        Example(
            'from celery import Celery\nfrom prometheus_client import CollectorRegistry, Gauge, multiprocess\n\napp = Celery()\nACTIVE = «Gauge("active_jobs", "Jobs at work", multiprocess_mode="livesum")»\n\n\n'
            "def metrics():\n    registry = CollectorRegistry()\n    multiprocess.MultiProcessCollector(registry)\n    return registry\n",
            title="without gunicorn",
        ),
        Example(
            '# file: gunicorn.conf.py\n«bind» = "0.0.0.0:8000"\nworkers = 4\n# file: app.py\nfrom prometheus_client import CollectorRegistry, Counter, multiprocess\n\nJOBS = Counter("jobs_total", "Jobs")\n\n\n'
            "def metrics():\n    registry = CollectorRegistry()\n    multiprocess.MultiProcessCollector(registry)\n    return registry\n",
        ),
    ),
    good=(
        Example(
            'from celery.signals import worker_process_shutdown\nfrom prometheus_client import CollectorRegistry, Gauge, multiprocess\n\nACTIVE = Gauge("active_jobs", "Jobs at work", multiprocess_mode="livesum")\n\n\n'
            "@worker_process_shutdown.connect\ndef gone(pid, **kwargs):\n    multiprocess.mark_process_dead(pid)\n\n\n"
            "def metrics():\n    registry = CollectorRegistry()\n    multiprocess.MultiProcessCollector(registry)\n    return registry\n",
            title="another server",
        ),
        Example(
            '# file: gunicorn.conf.py\nfrom prometheus_client import multiprocess\n\nbind = "0.0.0.0:8000"\n\n\ndef child_exit(server, worker):\n    multiprocess.mark_process_dead(worker.pid)\n'
            '# file: app.py\nfrom prometheus_client import CollectorRegistry, Counter, multiprocess\n\nJOBS = Counter("jobs_total", "Jobs")\n\n\ndef metrics():\n    registry = CollectorRegistry()\n'
            "    multiprocess.MultiProcessCollector(registry)\n    return registry\n",
        ),
    ),
    check=check,
)
