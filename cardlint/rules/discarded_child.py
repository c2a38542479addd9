"""discarded-child: a bare `.labels(...)` statement that changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.inference.program import Program, Use
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds

NEAR = 2
"""Lines between bare calls that belong together."""


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every `.labels(...)` whose child is thrown away, where it is not there to create series on purpose."""
    bare = [use.place for use in program.uses if use.method == "labels" and use.bare]
    for use in program.uses:
        if use.method != "labels" or not use.bare or use.in_loop or use.next_to_declaration or use.in_test or use.receiver != "parent":
            continue
        if any(p != use.place and p.path == use.place.path and abs(p.line - use.place.line) <= NEAR for p in bare):
            continue  # several in a row: series are created on purpose
        if _counts_later(use, program):
            continue
        metric = use.metrics[0] if use.metrics else None
        yield finding(
            "discarded-child", "CL307", Severity.WARNING, use.place, f"the result of `.labels()`{f' of `{metric.name}`' if metric else ''} is thrown away",
            why="the call only creates the series with the value 0; nothing is counted",
            help="add what was meant: `.inc()`, `.set(...)` or `.observe(...)`",
            metric=metric,
        )  # fmt: skip


def _counts_later(use: Use, program: Program) -> bool:
    """Tell whether the series is created on purpose: the same function counts in it later, or a constructor creates it."""
    for other in program.uses:
        if other.method != "labels" or other.bare or other.place.path != use.place.path or other.metrics != use.metrics:
            continue
        if use.owner.endswith("__init__") or (other.owner == use.owner and other.text == use.text and other.place.line > use.place.line):
            return True
    return False


RULE = Rule(
    name="discarded-child",
    code="CL307",
    title="a .labels() call is thrown away",
    severity=Severity.WARNING,
    default=True,
    what="Reports a statement that is only `METRIC.labels(...)`. In a loop, several in a row, or next to the declaration it creates series on purpose and is fine.",
    why="It is what is left when `.inc()` was forgotten: the series is there, its value is always 0, and no alert ever fires.",
    fix="Add the missing call.",
    bad=(
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\n\n\ndef done():\n    «JOBS.labels(kind="import")»\n'
        ),
    ),
    good=(
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\nfor kind in ("import", "export"):\n    JOBS.labels(kind=kind)\n',
            title="series created on purpose",
        ),
        Example(
            'from prometheus_client import Counter\n\nFAILED = Counter("jobs_failed_total", "Failed jobs", ["kind"])\n\n\ndef done(kind, error):\n    FAILED.labels(kind)\n    if error:\n        FAILED.labels(kind).inc()\n',
            title="a series that starts at 0",
        ),
    ),
    check=check,
)
