"""What is no leak: the parts of the system that an exporter observes, and what describes the release that runs."""

from __future__ import annotations

from cardlint.findings import Place
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.heuristics.label_names import judge, normalise
from cardlint.inference.program import LabelArg, Metric, Program
from cardlint.knowledge.clients.schema import CallRole
from cardlint.knowledge.vocabulary import CLIENTS, EXPORTED, INFO_NAMES, OF_RELEASE, PASSING, RELEASE_KINDS

WRITING: tuple[CallRole, ...] = ("render", "write", "push")
"""Roles of calls that write the values of one registry as they are now; what a server shows is asked for again and again.

After a push a Pushgateway holds the series of each process: one value for each process is one more with every run."""
ALONE: tuple[CallRole, ...] = ("serve", "application", *WRITING)
"""Roles of calls that expose or send the values of one registry."""
RELEASED, PASSED, VISITORS = frozenset(OF_RELEASE.split()), frozenset(PASSING.split()), frozenset(CLIENTS.split())
WATCHED = frozenset({"server-text", "body", "payload", "device"})
"""Kinds of values that a custom collector reads from the system it observes, without requests of clients."""


def written_once(program: Program) -> frozenset[Place]:
    """Find the registries whose values a process writes once, at its end: those of a script that fills a file for another exporter.

    Nothing that such a metric holds outlives the run, so a Counter in it is what a Gauge is: what there is now.
    """
    shown = [call for call in program.externals if call.registry_at is not None and call.role in ALONE and not call.in_test]
    often = {call.registry_at for call in shown if not call.once or call.role not in WRITING}
    return frozenset(call.registry_at for call in shown if call.registry_at is not None) - often


def is_inventory(label: str | None, value: ValueSet, metric: Metric | None, written: frozenset[Place]) -> bool:
    """Tell whether an exporter names parts of the system it observes: disks, devices, queues.

    The metric is rebuilt at every scrape and holds the present parts, or is a gauge that is set to a server's answer; only a
    name that means people, sessions, paths or free text is more than an inventory.
    """
    if metric is None:
        return False
    if metric.is_collect or metric.registry_at in written or (metric.registry == "local" and metric.type == "gauge"):
        listed = value.kind in (*WATCHED, "program-output") or value.bound is Bound.UNKNOWN or value.named
    else:
        listed = metric.type == "gauge" and value.kind in ("server-text", "program-output")
    if not listed:
        return False
    said = judge(label) if label is not None else None
    if said is not None and said.matched in PASSED:
        return False
    if said is None or said.confidence == "contextual" or said.matched in EXPORTED:
        return True
    if value.kind == "program-output" and not metric.is_collect:
        return False
    if said.group == "network":
        return not VISITORS.intersection(normalise(f"{metric.name}_{label}").split("_"))
    return said.group in ("location", "object-id", "credentials", "model") and said.confidence != "certain"


def is_of_release(arg: LabelArg, metric: Metric | None) -> bool:
    """Tell whether an open value describes what runs: the commit or the start on an `app_build_info` is one for each release.

    Such a metric has one child, so a point in time is churn in it. An identity stays an identity.
    """
    if metric is None or arg.label is None or normalise(arg.label) not in RELEASED:
        return False
    name = normalise(metric.name)
    describes = metric.type == "info" or any(name == last or name.endswith(f"_{last}") for last in INFO_NAMES)
    return describes and (arg.value.bound is not Bound.UNBOUNDED or arg.value.kind in RELEASE_KINDS)
