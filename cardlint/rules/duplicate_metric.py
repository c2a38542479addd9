"""duplicate-metric: one name is registered twice in one registry."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity, Step
from cardlint.inference.domain.value_sets import Bound
from cardlint.inference.program import Metric, Program
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield the second declaration of a name that is declared twice in one module, at module or class level."""
    first: dict[tuple[str, str], Metric] = {}
    if any(use.method == "unregister" for use in program.uses):
        return
    for metric in program.metrics:
        exact = metric.name_value.cls is Bound.EXACTLY and len(metric.name_value.exact) == 1
        if not exact or metric.in_test or metric.registry != "default" or metric.owner or metric.guarded or metric.constructor != "direct":
            continue
        key = (metric.place.path, _base(metric))
        before = first.setdefault(key, metric)
        if before is metric or before.place == metric.place or _alternative(before, metric):
            continue
        yield finding(
            "duplicate-metric", "CL305", Severity.ERROR, metric.place, f"`{metric.name}` is registered a second time",
            why="prometheus_client raises DuplicateTimeseries (a ValueError) when the module is imported",
            help="give it another name, or import the first one",
            metric=metric, related=(Step(before.place, "it is registered here first"),),
        )  # fmt: skip


def _base(metric: Metric) -> str:
    return metric.name.removesuffix("_total") if metric.type == "counter" else metric.name


def _alternative(a: Metric, b: Metric) -> bool:
    """Tell whether the two are in branches of one decision: then only one of them runs."""
    return a.place.column > 1 and b.place.column > 1 and (a.target == b.target and a.target != "")


RULE = Rule(
    name="duplicate-metric",
    code="CL305",
    title="one metric name is registered twice",
    severity=Severity.ERROR,
    default=True,
    what="Reports a second metric of one name in the default registry of one module. `jobs` and `jobs_total` are one name for a Counter.",
    why="The import raises, usually after two branches were merged that both added the metric.",
    fix="Keep one of them.",
    bad=(
        Example('from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs")\nDONE = «Counter("jobs", "Jobs done")»\n'),
    ),
    good=(
        Example(
            'from prometheus_client import CollectorRegistry, Counter\n\nOWN = CollectorRegistry()\nJOBS = Counter("jobs_total", "Jobs")\nDONE = Counter("jobs_total", "Jobs", registry=OWN)\n',
            title="two registries",
        ),
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs")\nDONE = Counter("done_total", "Jobs done")\n'
        ),
    ),
    check=check,
)
