"""Helpers of the misuse rules: the builder of their findings, and their questions about metrics."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence

from cardlint.findings import Confidence, Finding, Place, Severity, Step
from cardlint.inference.program import ExternalCall, Metric, MetricUse, Program
from cardlint.rules._inventory import ALONE
from cardlint.rules._labels import ref
from cardlint.rules.sentences import values


def finding(
    rule: str,
    code: str,
    severity: Severity,
    place: Place,
    message: str,
    *,
    why: str,
    help: str,
    cost: str = "",
    metric: Metric | None = None,
    label: str | None = None,
    site: Place | None = None,
    related: Sequence[Step] = (),
    confidence: Confidence = Confidence.HIGH,
    cause: Place | None = None,
) -> Finding:
    """Build a finding about a call or a declaration; the declaration of the metric is always related."""
    steps = list(related)
    if metric is not None and metric.constructor != "duck" and metric.place != place:
        steps.append(Step(metric.place, values.DECLARED_HERE(metric=metric.name), "declared"))
    return Finding(
        rule=rule,
        code=code,
        severity=severity,
        confidence=confidence,
        message=message,
        place=place,
        site=site or place,
        metric=ref(metric),
        label=label,
        related=tuple(steps),
        why=why,
        cost=cost,
        cause=cause,
        help=help,
    )


def declared(use: MetricUse) -> tuple[Metric, ...] | None:
    """Return the metrics a call can be about when all their label lists are known for sure, else None."""
    if not use.metrics:
        return None
    for metric in use.metrics:
        if metric.name == "?" or metric.labels_vary:
            return None  # a class of metrics whose subclasses name them, and their labels
        if metric.labelnames is None or metric.labels_open or metric.constructor in ("duck", "family") or metric.labels_value is not None:
            return None
    return use.metrics


def evidence(program: Program) -> Step | None:
    """Return the first evidence that the project runs prometheus_client in multiprocess mode."""
    return program.multiprocess_evidence[0] if program.multiprocess_evidence else None


class ModeEvidence:
    """Tells which evidence of multiprocess mode concerns a metric.

    A checkout may hold several programs. If the nearest folder that serves its own metrics has no sign of the mode, signs
    elsewhere belong to another program. A Dockerfile or a gunicorn configuration starts processes and counts for all
    programs, unless one of them collects the values of all processes in its own folder and another folder, neither above nor
    below that one, exposes the values of its own process. If each folder with a sign collects for itself, a folder that exposes its own
    process is another program. A sign in one project of the checkout says nothing of another project
    next to it. A metric in a registry that the program exposes itself shows the values of its own process.

    The files are read once: programs with thousands of metrics ask for each of them.
    """

    def __init__(self, program: Program) -> None:
        self._projects = frozenset(program.projects)
        self._evidence = [(step, self._project(posixpath.dirname(step.place.path))) for step in program.multiprocess_evidence]
        self._concerning: dict[str, Step | None] = {}
        """the first evidence that concerns each project"""
        collected = {c.registry_at for c in program.externals if c.role == "all-processes"}
        self._exposed = {c.registry_at for c in program.externals if c.role in ALONE and not c.in_test} - collected - {None}
        signs = [step.place.path for step in program.multiprocess_evidence]
        code = [path for path in signs if path.endswith(".py") and not posixpath.basename(path).startswith("gunicorn")]
        for_all = len(code) < len(signs)
        served = () if for_all else {c.place.path for c in program.externals if c.role == "serve" and not c.in_test}
        exposing = {posixpath.dirname(c.place.path) for c in program.externals if _exposes(c) and not c.in_test}
        collecting = {posixpath.dirname(c.place.path) for c in program.externals if c.role == "all-processes" and not c.in_test}
        complete = not for_all and all(posixpath.dirname(path) in collecting for path in code)
        self._apart = frozenset(e for e in exposing if complete and not any(_are_nested(e, c) for c in code))
        """folders that expose the values of their own process, where each folder with a sign collects for itself"""
        self._alone = frozenset(served) - frozenset(signs)
        """files that serve their own metrics and have no sign: each is a program"""
        self._serving = _folders_above(served)
        self._signed = _folders_above(signs) if self._serving else frozenset()
        own = [path for path in signs if path.endswith(".py")]
        self._collecting = _folders_above(own) if for_all and any(not _are_nested(e, c) for e in exposing for c in code) else frozenset()
        self._own = frozenset(posixpath.dirname(path) for path in own)

    def __call__(self, metric: Metric) -> Step | None:
        """Return the evidence for a metric, None where there is none."""
        folder = posixpath.dirname(metric.place.path)
        first = self._of_project(folder)
        if metric.place.path in self._alone or metric.registry_at in self._exposed:
            return None
        if first is None or _is_below(folder, self._apart) or (self._collecting and not self._is_collected(folder)):
            return None
        if not self._serving:
            return first
        while folder.strip("/.") and folder not in self._serving:  # a name may begin with `/` or `../`
            folder = posixpath.dirname(folder)
        return first if not folder.strip("/.") or folder in self._signed else None

    def _of_project(self, folder: str) -> Step | None:
        """Return the first evidence in the project of a folder, in one that it is a part of, or in a part of it."""
        own = self._project(folder)
        if own not in self._concerning:
            near = (step for step, other in self._evidence if not own or not other or _is_above(own, other) or _is_above(other, own))
            self._concerning[own] = next(near, None)
        return self._concerning[own]

    def _project(self, folder: str) -> str:
        """Return the folder of the project that a folder is in, '' for none and for the top."""
        while folder.strip("/.") and folder not in self._projects:
            folder = posixpath.dirname(folder)
        return folder if folder.strip("/.") else ""

    def _is_collected(self, folder: str) -> bool:
        """Tell whether a folder is above or below one that collects the values of all processes."""
        return folder in self._collecting or _is_below(folder, self._own)


def _exposes(call: ExternalCall) -> bool:
    """Tell whether a call exposes the values of its own process: the default registry."""
    if call.role == "serve":
        return "registry" not in call.keywords
    return call.role == "render" and call.registry in ("", "default")


def _are_nested(one: str, path: str) -> bool:
    """Tell whether a folder is that of a file, or one of them is above the other."""
    other = posixpath.dirname(path)
    return not one or not other or _is_above(one, other) or _is_above(other, one)


def _is_above(folder: str, other: str) -> bool:
    """Tell whether a folder is another one or holds it."""
    return folder == other or other.startswith(folder + "/")


def _is_below(folder: str, others: frozenset[str]) -> bool:
    """Tell whether a folder is one of several, or is in one of them."""
    while folder.strip("/."):
        if folder in others:
            return True
        folder = posixpath.dirname(folder)
    return False


def _folders_above(paths: Iterable[str]) -> frozenset[str]:
    """Return all folders that hold some files, at any depth."""
    found: set[str] = set()
    for path in paths:
        folder = posixpath.dirname(path)
        while folder not in found:
            found.add(folder)
            folder = posixpath.dirname(folder)
    return frozenset(found)


def names(labels: Sequence[str]) -> str:
    """List label names for a message."""
    return ", ".join(f"`{name}`" for name in labels) or "none"
