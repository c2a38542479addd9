"""discarded-child: a bare `.labels(...)` statement that changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Place, Severity
from cardlint.inference.program import MetricUse, Program
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say

NEAR = 2
"""Lines between bare calls of one group."""


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every `.labels(...)` with an unused child, except where series are created on purpose."""
    bare: dict[tuple[str, int], set[Place]] = {}
    for use in program.uses:
        if use.role == "labels" and use.bare:
            for line in {use.place.line, use.place.end_line}:
                bare.setdefault((use.place.path, line), set()).add(use.place)
    counted = _Counted(program)
    filling = {(use.place.path, use.owner) for use in program.uses if use.role == "labels" and use.bare and use.in_loop and use.owner}
    for use in program.uses:
        if use.role != "labels" or not use.bare or use.in_loop or use.next_to_declaration or use.in_test or use.receiver != "parent":
            continue
        near = {*range(use.place.line - NEAR, use.place.line + 1), *range(use.place.end_line, use.place.end_line + NEAR + 1)}
        if any(place != use.place for line in near for place in bare.get((use.place.path, line), ())):
            continue  # several in a row: series are created on purpose
        if counted.later(use) or (use.place.path, use.owner) in filling:
            continue  # the function also creates series in a loop: it is there for that
        metric = use.metrics[0] if use.metrics else None
        yield finding(
            "discarded-child", "CL307", Severity.WARNING, use.place, say.DISCARDED(metric=say.OF_METRIC(metric=metric.name) if metric else ""),
            why=say.DISCARDED_WHY(),
            help=say.DISCARDED_HELP(),
            metric=metric,
        )  # fmt: skip


class _Counted:
    """The `.labels(...)` calls with a used child, by the properties that a bare one is compared by."""

    def __init__(self, program: Program) -> None:
        self._metrics: set[tuple[object, ...]] = set()
        self._last: dict[tuple[object, ...], int] = {}
        for use in program.uses:
            if use.role == "labels" and not use.bare:
                self._metrics.add(_same(use))
                key = (*_same(use), use.owner, use.text)
                self._last[key] = max(use.place.line, self._last.get(key, 0))

    def later(self, use: MetricUse) -> bool:
        """Tell whether the series is created on purpose: the same function uses it later, or a constructor creates it."""
        if use.owner.endswith("__init__") and _same(use) in self._metrics:
            return True
        return self._last.get((*_same(use), use.owner, use.text), 0) > use.place.line


def _same(use: MetricUse) -> tuple[object, ...]:
    return use.place.path, *(metric.id for metric in use.metrics)


RULE = Rule(
    name="discarded-child",
    code="CL307",
    title="a .labels() call is thrown away",
    severity=Severity.WARNING,
    default=True,
    what="Reports a statement that is only `METRIC.labels(...)`. Such a statement is fine in a loop, next to the declaration, or as one of several in a row: there it creates series on purpose.",
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
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind", "state"])\n\n\ndef prepare():\n    JOBS.labels(\n        kind="import",\n        state="done",\n    )\n'
            '    JOBS.labels(\n        kind="import",\n        state="failed",\n    )\n',
            title="several in a row",
        ),
    ),
    check=check,
)
