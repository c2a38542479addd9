"""The base of every fix: the sources, refusals, and edits applied to a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

from cardlint.findings import Edit
from cardlint.fix.source import FileSources, Source

Sources = FileSources
"""Gives the text of a file by the path findings show; the same object every time."""


T = TypeVar("T")


class Refused(Exception):
    """A fix would have to guess; the message says why, and completes "not fixed: "."""


def worked_out(sources: Sources, key: tuple[object, ...], compute: Callable[[], T], *, of_plan: bool = False) -> T:
    """Compute a result that many findings need once, also a refusal; `of_plan` says that it depends on which ones are fixed together."""
    remembered = sources.remembered_of_plan if of_plan else sources.remembered
    if key not in remembered:
        try:
            remembered[key] = compute()
        except Refused as reason:
            remembered[key] = reason
    found = remembered[key]
    if isinstance(found, Refused):
        raise Refused(str(found))
    known: T = found
    return known


def spans(edits: Sequence[Edit], source: Source) -> list[tuple[int, int, str]]:
    """Return the different edits of one file in order: start, end and new text of each."""
    return sorted(
        {(source.offset(e.place.line, e.place.column), source.offset(e.place.end_line, e.place.end_column), e.replacement) for e in edits}
    )


def apply(edits: Sequence[Edit], source: Source) -> str:
    """Apply the edits of one file from the last to the first; raises Refused when two of them overlap."""
    unique = spans(edits, source)
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
