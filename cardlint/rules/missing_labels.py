"""missing-labels: a labelled metric is changed without giving its labels."""

from __future__ import annotations

from collections.abc import Iterator, Set

from cardlint.findings import Finding, Place, Severity
from cardlint.inference.program import Metric, MetricUse, Program
from cardlint.knowledge.clients.schema import Role
from cardlint.rules._misuse import declared, finding, names
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say

CHANGES: frozenset[Role] = frozenset(
    {"count", "set", "observe", "time", "describe", "count-exceptions", "track-inprogress", "set-function"}
)


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every change of a metric that needs labels first."""
    labelled = {_where(use) for use in program.uses if use.role == "labels"}
    for use in program.uses:
        metrics = declared(use)
        if (
            use.role not in CHANGES
            or use.receiver != "parent"
            or use.in_test
            or (use.role == "time" and use.bound)  # `with H.time() as t: ... t.labels(...)`
            or metrics is None
            or not (all(m.labelnames for m in metrics) or (use.each_metric and any(m.labelnames for m in metrics)))
            or _is_wrapper(use, metrics, labelled)
        ):
            continue
        metric = next(m for m in metrics if m.labelnames)
        wanted = metric.labelnames or ()
        yield finding(
            "missing-labels", "CL302", Severity.ERROR, use.place, say.WITHOUT_LABELS(method=use.method, metric=metric.name, labels=names(wanted)),
            why=say.WITHOUT_LABELS_WHY(type=metric.type),
            help=(
                say.INFO_WITHOUT_LABELS_HELP(labels=names(wanted))
                if metric.type == "info"
                else say.WITHOUT_LABELS_HELP(labels=", ".join(f"{n}=..." for n in wanted), method=use.method)
            ),
            metric=metric,
        )  # fmt: skip


def _is_wrapper(use: MetricUse, metrics: tuple[Metric, ...], labelled: Set[tuple[object, ...]]) -> bool:
    """Tell whether a function serves metrics with and without labels: it is given the label list, and tests it.

    `if self.labels: self.metric.labels(**self.labels).inc() else: self.metric.inc()` is right for every instance.
    """
    if all(m.constructor == "direct" and m.label_places and all(_within(p, m.place) for p in m.label_places.values()) for m in metrics):
        return False
    return not use.always and _where(use) in labelled


def _where(use: MetricUse) -> tuple[object, ...]:
    return use.place.path, use.owner, *(metric.id for metric in use.metrics)


def _within(inner: Place, outer: Place) -> bool:
    return inner.path == outer.path and outer.line <= inner.line <= outer.end_line


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
            'from prometheus_client import Counter\n\n\ndef counter(name):\n    return Counter(name, "Jobs", ["kind"])\n\n\nDONE = counter("done_total")\n\n\ndef done():\n    «DONE.inc()»\n',
            title="a metric that a function returns",
        ),
        Example(
            'from prometheus_client import Counter\n\nSTARTED = Counter("started_total", "Started jobs")\nDONE = Counter("done_total", "Finished jobs", ["kind"])\n\n\n'
            "def reset():\n    for metric in (STARTED, DONE):\n        «metric.inc()»\n",
            title="one of several",
        ),
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\n\n\ndef done():\n    «JOBS.inc()»\n'
        ),
    ),
    good=(
        Example(
            'from contextlib import ExitStack\n\nfrom prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", ["kind"], buckets=[0.1, 0.25, 0.5, 1, 2])\n\n\n'
            "def run(job):\n    with ExitStack() as stack:\n        timer = stack.enter_context(LATENCY.time())\n        job.run()\n        timer.labels(job.kind)\n",
            title="a timer that gets its labels later",
        ),
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\n\n\ndef done():\n    JOBS.labels(kind="import").inc()\n'
        ),
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\nIMPORTS = JOBS.labels(kind="import")\nIMPORTS.inc()\n',
            title="a stored child",
        ),
        Example(
            'from prometheus_client import Counter\n\n\nclass Count:\n    def __init__(self, name, labels=None):\n        self.labels = labels or {}\n        self.metric = Counter(name, name, tuple(self.labels))\n\n    def inc(self):\n        if self.labels:\n            self.metric.labels(**self.labels).inc()\n        else:\n            self.metric.inc()\n\n\nCount("jobs_total", {"kind": "import"}).inc()\n',
            title="a wrapper that asks",
        ),
    ),
    check=check,
)
