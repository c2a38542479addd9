"""Fixes: findings to edits of source text.

An edit replaces one span and nothing else, so comments and formatting around it stay byte for byte. No printer of syntax
trees is involved. Spans come from `ast`, which the analysis has parsed anyway and which is six times as fast as a concrete
tree. A rewrite that needs a guess is refused with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cardlint.findings import Edit, Finding, Fix
from cardlint.fix.base import Refused, Sources
from cardlint.fix.recipes import RECIPES
from cardlint.inference.program import Program


class Planned(Struct, frozen=True):
    """The result for one finding: a fix, or the reason why there is none."""

    finding: Finding
    fix: Fix | None
    refused: str = ""


def plan(findings: Sequence[Finding], program: Program, sources: Sources) -> list[Planned]:
    """Build the fix of every finding that has a recipe; findings without one are left out."""
    out: list[Planned] = []
    sources.planned = findings
    sources.remembered_of_plan = {}
    for finding in findings:
        recipe = RECIPES.get(finding.rule)
        if recipe is None:
            continue
        if sources(finding.place.path).tree is None:
            out.append(Planned(finding, None, "its file has grammar that is newer than this Python"))
            continue
        try:
            made = recipe(finding, program, sources)
        except Refused as reason:
            out.append(Planned(finding, None, str(reason)))
            continue
        if made is not None and _meets_comment(made.edits, sources):
            out.append(Planned(finding, None, "there is a comment inside the code that would be replaced"))
        elif made is not None:
            out.append(Planned(finding, made))
    return out


def _meets_comment(edits: tuple[Edit, ...], sources: Sources) -> bool:
    """Tell whether a comment would be lost; many findings share one fix of many edits, which is checked once."""
    known = sources.remembered.get(("comment", id(edits)))
    if known is None:
        met = any(sources(e.place.path).has_comment(e.place) for e in edits)
        known = sources.remembered["comment", id(edits)] = (met, edits)  # kept alive, so that no other object gets its identity
    return bool(known[0])


def alone(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Build the fix of one finding alone: for editors and code scanning."""
    return next((planned.fix for planned in plan([finding], program, sources)), None)
