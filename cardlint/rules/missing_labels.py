"""missing-labels: a labelled metric is changed without giving its labels."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.link.program import Program
from cardlint.rules._misuse import declared, finding, names
from cardlint.rules.base import Example, Rule, Thresholds

CHANGES = frozenset(
    {"inc", "dec", "set", "observe", "time", "info", "state", "set_to_current_time", "count_exceptions", "track_inprogress", "set_function"}
)


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every change of a metric that needs labels first."""
    for use in program.uses:
        metrics = declared(use)
        if (
            use.method not in CHANGES
            or use.receiver != "parent"
            or use.in_test
            or (use.method == "time" and use.bound)  # `with H.time() as t: ... t.labels(...)`
            or metrics is None
            or not all(m.labelnames for m in metrics)
        ):
            continue
        metric = metrics[0]
        wanted = metric.labelnames or ()
        yield finding(
            "missing-labels", "CL302", Severity.ERROR, use.place, f"`.{use.method}()` on `{metric.name}` without its labels {names(wanted)}",
            why=f"prometheus_client raises ValueError: {metric.type} metric is missing label values",
            help=f"write `.labels({', '.join(f'{n}=...' for n in wanted)}).{use.method}(...)`",
            metric=metric,
        )  # fmt: skip


RULE = Rule(
    name="missing-labels",
    code="CL302",
    title="a labelled metric is changed without its labels",
    severity=Severity.ERROR,
    default=True,
    what="Reports `.inc()`, `.set()`, `.observe()` and the like on a metric that was declared with labels.",
    why="It raises ValueError at run time.",
    fix="Call `.labels(...)` first.",
    bad=(
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\n\n\ndef done():\n    «JOBS.inc()»\n'
        ),
    ),
    good=(
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\n\n\ndef done():\n    JOBS.labels(kind="import").inc()\n'
        ),
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\nIMPORTS = JOBS.labels(kind="import")\nIMPORTS.inc()\n',
            title="a stored child",
        ),
    ),
    check=check,
)
