"""The subject of a finding, looked up in the program: recipes need more than a finding holds."""

from __future__ import annotations

from collections.abc import Callable

from cardlint.findings import Finding, Fix
from cardlint.fix.base import Sources
from cardlint.inference.program import LabelArg, Metric, Program

Recipe = Callable[[Finding, Program, Sources], Fix | None]


def argument_of(finding: Finding, program: Program) -> LabelArg | None:
    """Return the label argument a finding is about, all of it where the finding is about a part of it."""
    found = program.arguments.get((finding.place, finding.label))
    if found is not None or finding.value is None:
        return found
    line = finding.place.path, finding.place.line
    for (place, label), arg in program.arguments.items():
        if label == finding.label and (place.path, place.line) == line and place.column <= finding.place.column < place.end_column:
            return arg
    return None


def metric_of(finding: Finding, program: Program) -> Metric | None:
    """Return the declared metric a finding is about."""
    return program.declared.get((finding.metric.place, finding.metric.name)) if finding.metric is not None else None
