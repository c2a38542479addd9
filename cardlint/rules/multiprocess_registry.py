"""multiprocess-registry: MultiProcessCollector on a registry that holds metrics itself."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity, Step
from cardlint.inference.program import Program
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every MultiProcessCollector on the default registry, or on one that metrics are built in."""
    for call in program.externals:
        if call.role != "all-processes" or call.in_test:
            continue
        if call.registry == "default":
            yield finding(
                "multiprocess-registry", "CL402", Severity.ERROR, call.place, say.ON_DEFAULT_REGISTRY(),
                why=say.ON_DEFAULT_REGISTRY_WHY(),
                help=say.ON_DEFAULT_REGISTRY_HELP(),
            )  # fmt: skip
            continue
        held = [m for m in program.metrics if call.registry_at is not None and m.registry_at == call.registry_at and not m.in_test]
        if held:
            yield finding(
                "multiprocess-registry", "CL402", Severity.ERROR, call.place,
                say.SHARED_REGISTRY(metrics=f"`{held[0].name}`" if len(held) == 1 else say.SHARED_REGISTRY_SEVERAL(count=len(held))),
                why=say.SHARED_REGISTRY_WHY(),
                help=say.SHARED_REGISTRY_HELP(),
                related=tuple(Step(m.place, say.BUILT_IN_IT(metric=m.name)) for m in held[:MOST]),
            )  # fmt: skip


MOST = 5
"""Metrics that a finding names."""


RULE = Rule(
    name="multiprocess-registry",
    code="CL402",
    title="MultiProcessCollector on a registry that holds metrics",
    severity=Severity.ERROR,
    default=True,
    what="Reports `MultiProcessCollector(REGISTRY)`, and a `MultiProcessCollector` on any other registry in which metrics are built.",
    why="The scrape then holds the numbers of one worker and the sums over all workers under the same names; Prometheus keeps one of the two, and which one changes.",
    fix="Build a fresh `CollectorRegistry()` in the metrics handler and register the collector there.",
    bad=(
        Example("from prometheus_client import REGISTRY, multiprocess\n\n«multiprocess.MultiProcessCollector(REGISTRY)»\n"),
        Example(
            'from prometheus_client import CollectorRegistry, Counter, multiprocess\n\nregistry = CollectorRegistry()\n«multiprocess.MultiProcessCollector(registry)»\nJOBS = Counter("jobs_total", "Jobs", registry=registry)\n',
            title="a registry that metrics are built in",
        ),
    ),
    good=(
        Example(
            "from prometheus_client import CollectorRegistry, generate_latest, multiprocess\n\n\ndef metrics():\n    registry = CollectorRegistry()\n    multiprocess.MultiProcessCollector(registry)\n    return generate_latest(registry)\n"
        ),
    ),
    check=check,
)
