"""Where a position of a changed text was before the changes: a reader has the file as it is on the disk.

Every round of fixing moves the lines below its edits. The edits are known, so a place can be traced back exactly.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from cardlint.findings import Edit, Place
from cardlint.fix.base import spans
from cardlint.fix.source import FileSources, Source


class Moves:
    """The edits of all rounds. `before` are the texts on the disk."""

    def __init__(self, before: FileSources) -> None:
        self._before = before
        self._rounds: dict[str, list[_Round]] = {}

    def add(self, edits: Sequence[Edit], source: Source) -> None:
        """Record the edits of one round in one file, whose text they change."""
        self._rounds.setdefault(source.path, []).append(_Round(spans(edits, source)))

    def back(self, place: Place, source: Source) -> Place:
        """Return the start of a place of a changed text as a place of the text on the disk."""
        if place.path not in self._rounds:
            return place
        offset = source.offset(place.line, place.column)
        for one in reversed(self._rounds[place.path]):
            offset = one.back(offset)
        return self._before(place.path).place(offset, offset)


class _Round:
    """The replaced spans of one text, in order, with where each of their replacements begins in the new text."""

    def __init__(self, replaced: Sequence[tuple[int, int, str]]) -> None:
        self._spans = replaced
        self._begins: list[int] = []
        grown = 0
        for start, stop, replacement in replaced:
            self._begins.append(start + grown)
            grown += len(replacement) - (stop - start)

    def back(self, offset: int) -> int:
        """Return where an offset of the new text was; text that is new was where it has been put."""
        at = bisect_right(self._begins, offset) - 1
        if at < 0:
            return offset
        start, stop, replacement = self._spans[at]
        inside = offset - self._begins[at]
        if inside >= len(replacement):
            return stop + inside - len(replacement)
        return min(start + inside, max(start, stop - 1))
