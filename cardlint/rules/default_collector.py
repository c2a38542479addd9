"""default-collector: GCCollector, PlatformCollector or ProcessCollector built on the default registry."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.inference.program import Program
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every construction of a default collector on the registry that already has it."""
    for call in program.externals:
        if call.role != "own-collector" or call.in_test:
            continue
        if call.registry != "default" and not (call.registry == "" and "namespace" not in call.keywords):
            continue
        yield finding(
            "default-collector", "CL309", Severity.ERROR, call.place, say.COLLECTOR_AGAIN(collector=call.path.rpartition(".")[2]),
            why=say.COLLECTOR_AGAIN_WHY(),
            help=say.COLLECTOR_AGAIN_HELP(object=call.existing),
        )  # fmt: skip


RULE = Rule(
    name="default-collector",
    code="CL309",
    title="a default collector is built a second time",
    severity=Severity.ERROR,
    default=True,
    what="Reports `GCCollector`, `PlatformCollector` and `ProcessCollector` built on the default registry.",
    why="A widely copied snippet writes `REGISTRY.unregister(GCCollector(REGISTRY))`. The constructor registers first, and raises.",
    fix="Use `GC_COLLECTOR`, `PLATFORM_COLLECTOR` and `PROCESS_COLLECTOR`.",
    bad=(Example("from prometheus_client import REGISTRY, GCCollector\n\nREGISTRY.unregister(«GCCollector(REGISTRY)»)\n"),),
    good=(
        Example("from prometheus_client import GC_COLLECTOR, REGISTRY\n\nREGISTRY.unregister(GC_COLLECTOR)\n"),
        Example(
            "from prometheus_client import CollectorRegistry, ProcessCollector\n\nregistry = CollectorRegistry()\nProcessCollector(registry=registry)\n",
            title="another registry",
        ),
    ),
    check=check,
)
