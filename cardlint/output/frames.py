"""Frames: lines of code with what is meant underlined; the lines of one file share a frame."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cardlint.findings import Place
from cardlint.output import Options
from cardlint.output.layout import ENDLESS, TAB, Screen, cells, sized
from cardlint.output.neutralise import Safe, log

LONGEST = 200
"""Columns of a line of code for a reader that is no terminal: generated code has lines without an end."""


class Mark(Struct, frozen=True):
    """A span that is underlined, with a note."""

    place: Place
    note: Safe | str
    sign: str
    style: str
    context: bool = False
    """the line above is shown when it opens the bracket: a list is known by its name"""


def frames(screen: Screen, marks: Sequence[Mark], gutter: int, options: Options) -> None:
    """Print the lines of the marks, a frame for each file; a heading names the first mark in it."""
    by_path: dict[str, list[Mark]] = {}
    for mark in marks:
        by_path.setdefault(mark.place.path, []).append(mark)
    for path, inside in by_path.items():
        first = inside[0].place
        screen.at((f"{' ' * gutter}--> ", "blue"), path, f"{first.line}:{first.column}")
        rows = options.lines(path)
        before = 0
        for mark in sorted(inside, key=lambda one: one.place.line):
            number = mark.place.line
            if not 0 < number <= len(rows):
                continue
            if before and number == before + 2:
                _code(screen, rows[before], before + 1, gutter)
            elif before and number > before + 2:
                screen.line((f"{'.' * min(3, gutter + 1)}", "blue"), whole=True)
            elif mark.context and 1 < number != before and rows[number - 2].rstrip().endswith(("(", "[")):
                _code(screen, rows[number - 2], number - 1, gutter)
            _marked(screen, rows[number - 1], mark, gutter, shown=number != before)
            before = number


def _room(screen: Screen, gutter: int) -> int:
    return (LONGEST if screen.width >= ENDLESS else screen.width) - gutter - 4


def _code(screen: Screen, row: str, number: int, gutter: int) -> None:
    text, room = _shown(row.rstrip()), _room(screen, gutter)
    if cells(text) > room:
        text = sized(text, room - 3).rstrip() + "..."
    screen.line((f"{number:>{gutter}} | ".rstrip() if not text else f"{number:>{gutter}} | ", "blue"), (text, ""), whole=True)


def _marked(screen: Screen, row: str, mark: Mark, gutter: int, shown: bool) -> None:
    """Print one line of code with the span underlined; a span of several lines is marked on its first."""
    place = mark.place
    end = place.end_column if place.end_line == place.line else len(row.rstrip()) + 1
    before = _shown(row[: place.column - 1])
    marked = _shown(row[place.column - 1 : max(end - 1, place.column)])
    after = _shown(row[max(end - 1, place.column) :].rstrip())
    room = _room(screen, gutter)
    before, marked, after = _fit(before, marked, after, room)
    bar = (f"{' ' * gutter} |", "blue")
    if shown:
        screen.line((f"{place.line:>{gutter}} | ", "blue"), (before, ""), (marked, ""), (after, ""), whole=True)
    pointer = " " * cells(before) + mark.sign * max(1, cells(marked))
    if mark.note and cells(pointer) + 1 + cells(mark.note) <= room:
        screen.line(bar, (" " + pointer, mark.style), (" " + mark.note, mark.style), whole=True)
        return
    screen.line(bar, (" " + pointer, mark.style), whole=True)
    for part in screen.wrapped(mark.note, max(20, room)) if mark.note else ():
        screen.line(bar, (" " + part, mark.style), whole=True)


def _shown(text: str) -> str:
    return log(text).replace("\t", TAB)


def _fit(before: str, marked: str, after: str, room: int) -> tuple[str, str, str]:
    """Cut a long line so that the marked part stays visible; `...` replaces the cut text."""
    if cells(before) + cells(marked) + cells(after) <= room:
        return before, marked, after
    if cells(marked) > room - 10:
        marked = sized(marked, max(8, room - 13)).rstrip() + "..."
        after = ""
    left = room - cells(marked)
    if cells(before) > left - 4:
        keep = max(0, min(cells(before), left - 7))
        before = "..." + (before[-keep:] if keep else "")
        while cells(before) > max(3, left - 4):
            before = "..." + before[4:]
    left -= cells(before)
    if cells(after) > left:
        after = sized(after, max(0, left - 3)).rstrip() + "..." if left > 3 else ""
    return before, marked, after
