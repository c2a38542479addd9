"""Recipes: from the finding of a rule to edits. One function for each rule that has a fix.

A function loads its module when there is a finding of its rule: most runs need one or two of them.
"""

from __future__ import annotations

from cardlint.findings import Finding, Fix
from cardlint.fix.base import Sources
from cardlint.fix.subjects import Recipe
from cardlint.inference.program import Program


def raw_path(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Write the route template in place of the raw path."""
    from cardlint.fix import values

    return values.raw_path(finding, program, sources)


def exception_text(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Write the class of an exception in place of its text."""
    from cardlint.fix import values

    return values.exception_text(finding, program, sources)


def identity(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Remove an identity label from the declaration and from every use."""
    from cardlint.fix import removals

    return removals.identity(finding, program, sources)


def summary(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Make a Summary a Histogram with buckets."""
    from cardlint.fix import histogram

    return histogram.summary(finding, program, sources)


def multiprocess_mode(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Choose how the values of processes are combined."""
    from cardlint.fix import gauge

    return gauge.multiprocess_mode(finding, program, sources)


def late_environment(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Set the variable before the import that reads it."""
    from cardlint.fix import environment

    return environment.late_environment(finding, program, sources)


def duplicate_label(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Remove the second of two equal label names."""
    from cardlint.fix import removals

    return removals.duplicate_label(finding, program, sources)


def private_value(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Ask the registry in place of a private attribute."""
    from cardlint.fix import private

    return private.private_value(finding, program, sources)


def unused_ignore(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Remove a comment that suppresses nothing."""
    from cardlint.fix import removals

    return removals.unused_ignore(finding, program, sources)


RECIPES: dict[str, Recipe] = {
    "raw-path": raw_path,
    "unbounded-value": exception_text,
    "identity-label": identity,
    "summary": summary,
    "multiprocess-pid": multiprocess_mode,
    "multiprocess-env-late": late_environment,
    "label-declaration": duplicate_label,
    "private-value": private_value,
    "unused-ignore": unused_ignore,
}
"""The recipe of each rule with a fix."""
