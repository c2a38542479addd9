"""Helpers of the misuse rules: the builder of their findings, and their questions about metrics."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cardlint.findings import Confidence, Finding, Place, Severity, Step
from cardlint.inference.program import Metric, MetricUse, Program
from cardlint.rules._series import ref
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
    if not use.metrics or (use.open and not use.each_metric):
        return None
    for metric in use.metrics:
        if metric.name == "?" or metric.labels_vary:
            return None  # a class of metrics whose subclasses name them, and their labels
        if metric.labelnames is None or metric.labels_open or metric.constructor in ("duck", "family") or metric.labels_value is not None:
            return None
    return use.metrics


def names(labels: Sequence[str]) -> str:
    """List label names for a message."""
    return ", ".join(f"`{name}`" for name in labels) or "none"


def mode_evidence(program: Program) -> Callable[[Metric], Step | None]:
    """Return what tells the sign of multiprocess mode that concerns a metric. Nothing is loaded where the program has no sign."""
    if not program.multiprocess_evidence:
        return lambda _: None
    from cardlint.rules._mode_evidence import ModeEvidence

    return ModeEvidence(program)
