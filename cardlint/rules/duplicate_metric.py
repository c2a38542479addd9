"""duplicate-metric: one name is registered twice in one registry."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Place, Severity, Step
from cardlint.inference.domain.value_sets import Bound
from cardlint.inference.program import ExternalCall, Metric, Program
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield the second declaration of a name that is declared twice in one module, and every metric that is registered by hand as well."""
    first: dict[tuple[str, str], Metric] = {}
    removed = {call.place.path for call in program.externals if _takes_out(call)}
    for metric in program.metrics:
        exact = metric.name_value.bound is Bound.EXACTLY and len(metric.name_value.exact) == 1
        if not exact or metric.in_test or metric.registry != "default" or metric.owner or metric.guarded or metric.constructor != "direct":
            continue
        key = (metric.place.path, _base(metric))
        before = first.setdefault(key, metric)
        if before is metric or before.place == metric.place or metric.place.path in removed or _alternative(before, metric):
            continue
        yield finding(
            "duplicate-metric", "CL305", Severity.ERROR, metric.place, say.REGISTERED_TWICE(metric=metric.name),
            why=say.REGISTERED_TWICE_WHY(),
            help=say.REGISTERED_TWICE_HELP(),
            metric=metric, related=(Step(before.place, say.REGISTERED_FIRST()),),
        )  # fmt: skip
    yield from _over_modules(program) if not removed else ()
    yield from (_by_hand(call) for call in program.externals if _registers_again(call) and call.place.path not in removed)
    made = [call for call in program.externals if call.role == "own-collector" and call.registry in ("", "default")]
    for call in program.externals:
        inner = next((m for m in made if _is_inside(m.place, call.place)), None)
        if inner is not None and call.role == "registering" and call.registry == "default" and not call.in_test and not call.tried:
            yield _collector_by_hand(call, inner)


def _over_modules(program: Program) -> Iterator[Finding]:
    """Yield the second one of two metrics of one name in two modules that are always imported together."""
    metrics = {metric.place: metric for metric in program.metrics}
    for first, again in program.repeated:
        metric = metrics.get(again)
        if metric is not None and first in metrics:
            yield finding(
                "duplicate-metric", "CL305", Severity.ERROR, again, say.REGISTERED_TWICE(metric=metric.name),
                why=say.REGISTERED_TWICE_WHY(),
                help=say.REGISTERED_TWICE_HELP(),
                metric=metric, related=(Step(first, say.REGISTERED_FIRST()),),
            )  # fmt: skip


def _is_inside(inner: Place, outer: Place) -> bool:
    start, end = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return inner.path == outer.path and start < (inner.line, inner.column) and (inner.end_line, inner.end_column) < end


def _takes_out(call: ExternalCall) -> bool:
    """Tell whether a call takes a metric out of a registry: anything but the collectors that the client itself registers."""
    return call.role == "unregistering" and not call.in_test and not call.on_own_collector


def _registers_again(call: ExternalCall) -> bool:
    """Tell whether a call registers a metric in the registry that its constructor has already registered it in."""
    if call.role != "registering" or call.in_test or call.tried or not call.metrics:
        return False
    return all(
        metric.constructor in ("direct", "subclass", "wrapper")
        and ((metric.registry == call.registry == "default") or (call.registry_at is not None and metric.registry_at == call.registry_at))
        for metric in call.metrics
    )


def _collector_by_hand(call: ExternalCall, inner: ExternalCall) -> Finding:
    name = inner.path.rpartition(".")[2]
    return finding(
        "duplicate-metric", "CL305", Severity.ERROR, call.place, say.COLLECTOR_BY_HAND(collector=name),
        why=say.COLLECTOR_BY_HAND_WHY(),
        help=say.COLLECTOR_BY_HAND_HELP(collector=name),
    )  # fmt: skip


def _by_hand(call: ExternalCall) -> Finding:
    metric = call.metrics[0]
    return finding(
        "duplicate-metric", "CL305", Severity.ERROR, call.place, say.BY_HAND(metric=metric.name),
        why=say.BY_HAND_WHY(),
        help=say.BY_HAND_HELP(),
        metric=metric,
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
    what="Reports a second metric with the same name in the default registry of one module or of two modules of which one imports the other, and a metric that `register()` adds to a registry to which its constructor has already added it. "
    "`jobs` and `jobs_total` are one name for a Counter.",
    why="The import raises. This usually happens after a merge of two branches that both added the metric.",
    fix="Keep one of them.",
    bad=(
        Example('from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs")\nDONE = «Counter("jobs", "Jobs done")»\n'),
        Example(
            'from prometheus_client import REGISTRY, Counter\n\n«REGISTRY.register(Counter("jobs_total", "Jobs"))»\n',
            title="registered by hand",
        ),
        Example(
            'from prometheus_client import CollectorRegistry, Counter\n\nOWN = CollectorRegistry()\nJOBS = Counter("jobs_total", "Jobs", registry=OWN)\n«OWN.register(JOBS)»\n',
            title="by hand in a registry of its own",
        ),
        Example(
            'from prometheus_client import GC_COLLECTOR, REGISTRY, Counter\n\nREGISTRY.unregister(GC_COLLECTOR)\nJOBS = Counter("jobs_total", "Jobs")\nDONE = «Counter("jobs_total", "Jobs done")»\n',
            title="another collector is taken out",
        ),
    ),
    good=(
        Example(
            'from prometheus_client import REGISTRY, Counter\n\nJOBS = Counter("jobs_total", "Jobs")\nREGISTRY.unregister(JOBS)\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\n',
            title="the first one is taken out",
        ),
        Example(
            'from prometheus_client import REGISTRY, Counter\n\nREGISTRY.register(Counter("jobs_total", "Jobs", registry=None))\n',
            title="registered once, by hand",
        ),
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
