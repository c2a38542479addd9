"""multiprocess-dead-workers: a gunicorn configuration that leaves the files of dead workers."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.inference.program import Program
from cardlint.rules._misuse import evidence, finding
from cardlint.rules.base import Example, Rule, Thresholds


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every gunicorn configuration of a multiprocess project that never calls mark_process_dead."""
    seen = evidence(program)
    if seen is None:
        return
    for place in program.gunicorn_without_exit:
        yield finding(
            "multiprocess-dead-workers", "CL404", Severity.WARNING, place, "this gunicorn configuration does not tell prometheus_client about dead workers",
            why="live Gauges of a worker that has gone stay in the sum for ever",
            help="add `def child_exit(server, worker): multiprocess.mark_process_dead(worker.pid)`",
            related=(seen,),
        )  # fmt: skip


RULE = Rule(
    name="multiprocess-dead-workers",
    code="CL404",
    title="a gunicorn configuration without mark_process_dead",
    severity=Severity.WARNING,
    default=True,
    what="Reports gunicorn configuration files of a multiprocess project that do not call `mark_process_dead` in `child_exit`.",
    why="`livesum` and its kin count the processes that live; nobody but gunicorn knows which do.",
    fix="Call `multiprocess.mark_process_dead(worker.pid)` in `child_exit`.",
    bad=(
        Example(
            '# file: gunicorn.conf.py\n«bind» = "0.0.0.0:8000"\nworkers = 4\n# file: app.py\nfrom prometheus_client import CollectorRegistry, Counter, multiprocess\n\nJOBS = Counter("jobs_total", "Jobs")\n\n\n'
            "def metrics():\n    registry = CollectorRegistry()\n    multiprocess.MultiProcessCollector(registry)\n    return registry\n",
        ),
    ),
    good=(
        Example(
            '# file: gunicorn.conf.py\nfrom prometheus_client import multiprocess\n\nbind = "0.0.0.0:8000"\n\n\ndef child_exit(server, worker):\n    multiprocess.mark_process_dead(worker.pid)\n'
            '# file: app.py\nfrom prometheus_client import CollectorRegistry, Counter, multiprocess\n\nJOBS = Counter("jobs_total", "Jobs")\n\n\ndef metrics():\n    registry = CollectorRegistry()\n'
            "    multiprocess.MultiProcessCollector(registry)\n    return registry\n",
        ),
    ),
    check=check,
)
