"""Fixes: findings to edits of source text.

An edit replaces one span and nothing else, so comments and formatting around it stay byte for byte: by construction, and
not because a printer of syntax trees is trusted to give back what it read. Spans come from `ast`, which the analysis has
read anyway and which is six times as fast as a concrete tree. What cannot be rewritten without guessing is refused with
its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

from msgspec import Struct

from cardlint.findings import Edit, Finding, Fix
from cardlint.fix.source import FileSources, Source
from cardlint.link.program import Program

Sources = FileSources
"""Gives the text of a file by the path findings show; the same object every time."""


T = TypeVar("T")
PLANNED = ("planned",)
"""Key of what is worked out about the findings that are planned together."""


class Refused(Exception):
    """A fix would have to guess; the message says why, and completes "not fixed: "."""


class Planned(Struct, frozen=True):
    """What became of one finding: a fix, or the reason why there is none."""

    finding: Finding
    fix: Fix | None
    refused: str = ""


def plan(findings: Sequence[Finding], program: Program, sources: Sources) -> list[Planned]:
    """Build the fix of every finding that has a recipe; findings without one are left out."""
    from cardlint.fix.recipes import RECIPES

    out: list[Planned] = []
    sources.planned = findings
    sources.remembered.pop(PLANNED, None)
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
            out.append(Planned(finding, None, "a comment stands inside what would be replaced"))
        elif made is not None:
            out.append(Planned(finding, made))
    return out


def worked_out(sources: Sources, key: tuple[object, ...], compute: Callable[[], T]) -> T:
    """Compute something that many findings need once, also that it is refused."""
    if key not in sources.remembered:
        try:
            sources.remembered[key] = compute()
        except Refused as reason:
            sources.remembered[key] = reason
    found = sources.remembered[key]
    if isinstance(found, Refused):
        raise Refused(str(found))
    known: T = found
    return known


def _meets_comment(edits: tuple[Edit, ...], sources: Sources) -> bool:
    """Tell whether a comment would be lost; many findings have one fix of many edits, which is looked at once."""
    known = sources.remembered.get(("comment", id(edits)))
    if known is None:
        met = any(sources(e.place.path).has_comment(e.place) for e in edits)
        known = sources.remembered["comment", id(edits)] = (met, edits)  # kept, so that nothing else gets its identity
    return bool(known[0])


def alone(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Build the fix of one finding for somebody who may apply this one only: editors, code scanning."""
    return next((planned.fix for planned in plan([finding], program, sources)), None)


def apply(edits: Sequence[Edit], source: Source) -> str:
    """Apply the edits of one file from the last to the first; raises Refused when two of them overlap."""
    unique = sorted(
        {(source.offset(e.place.line, e.place.column), source.offset(e.place.end_line, e.place.end_column), e.replacement) for e in edits}
    )
    if any(overlap(before, after) for before, after in pairwise(unique)):
        raise Refused("two fixes would change the same text")
    parts: list[str] = []
    end = 0
    for start, stop, replacement in unique:
        parts += (source.text[end:start], replacement)
        end = stop
    return "".join((*parts, source.text[end:]))


def overlap(before: tuple[int, int, str], after: tuple[int, int, str]) -> bool:
    """Tell whether two different replacements, the first of which begins first, touch the same text."""
    return after[0] < before[1] or (after[:2] == before[:2] and before[0] != before[1])
