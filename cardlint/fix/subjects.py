"""What a finding is about, looked up again in the program: recipes need more than a finding tells."""

from __future__ import annotations

from collections.abc import Callable

from cardlint.findings import Finding, Fix
from cardlint.fix import Sources
from cardlint.link.program import LabelArg, Metric, Program

Recipe = Callable[[Finding, Program, Sources], Fix | None]


def argument_of(finding: Finding, program: Program) -> LabelArg | None:
    """Return the label argument a finding is about."""
    for site in program.sites:
        for arg in site.args:
            if arg.place == finding.place and arg.label == finding.label:
                return arg
    return None


def metric_of(finding: Finding, program: Program) -> Metric | None:
    """Return the declared metric a finding is about."""
    if finding.metric is None:
        return None
    return next((m for m in program.metrics if m.place == finding.metric.place and m.name == finding.metric.name), None)
