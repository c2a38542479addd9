"""multiprocess-registry: MultiProcessCollector on a registry that holds metrics itself."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.inference.program import Program
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every MultiProcessCollector on the default registry."""
    for call in program.externals:
        if not call.path.endswith(".MultiProcessCollector") or call.registry != "default" or call.in_test:
            continue
        yield finding(
            "multiprocess-registry", "CL402", Severity.ERROR, call.place, "MultiProcessCollector is registered on the default registry",
            why="the default registry also holds this worker's own metrics: every series is exported twice, once for the worker and once for all",
            help="give it a registry of its own, made for each scrape: `registry = CollectorRegistry()`",
        )  # fmt: skip


RULE = Rule(
    name="multiprocess-registry",
    code="CL402",
    title="MultiProcessCollector on the default registry",
    severity=Severity.ERROR,
    default=True,
    what="Reports `MultiProcessCollector(REGISTRY)`.",
    why="The scrape then holds the numbers of one worker beside the sums of all; Prometheus keeps one of the two, and which one changes.",
    fix="Build a fresh `CollectorRegistry()` in the metrics handler and register the collector there.",
    bad=(Example("from prometheus_client import REGISTRY, multiprocess\n\n«multiprocess.MultiProcessCollector(REGISTRY)»\n"),),
    good=(
        Example(
            "from prometheus_client import CollectorRegistry, generate_latest, multiprocess\n\n\ndef metrics():\n    registry = CollectorRegistry()\n    multiprocess.MultiProcessCollector(registry)\n    return generate_latest(registry)\n"
        ),
    ),
    check=check,
)
