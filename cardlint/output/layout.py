"""Lines of a terminal: folded at its width, coloured, and harmless.

Nearly all lines hold nothing but ASCII, of which every character is one cell wide. Only for the others rich is loaded, which knows how
wide the characters of the world are. `tests/output/test_layout.py` compares the rows with those of rich.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from cardlint.common.expressions import Expression
from cardlint.output import Options
from cardlint.output.neutralise import Safe, log

MIN_WIDTH = 40
ENDLESS = 10**6
"""Columns for a reader that is no terminal."""
CODES = {
    "bold": "1",
    "dim": "2",
    "blue": "34",
    "cyan": "36",
    "bold red": "1;31",
    "bold yellow": "1;33",
    "bold cyan": "1;36",
}
"""The styles that are used, as terminals are told them."""
WORD = Expression(r"(?:\A\s*+)?\S++\s*+")
"""A word with the blanks after it, which stay on its line; the first one has those before it as well."""
TAB = "    "
Parts = Sequence[tuple[str, str]]
"""Texts with their styles; '' is none."""


def is_simple(text: str) -> bool:
    """Tell whether every character of a harmless text is one cell wide."""
    return text.isascii() and "\t" not in text


def cells(text: str) -> int:
    """Return the cells that a harmless text takes."""
    if is_simple(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def sized(text: str, width: int) -> str:
    """Return a harmless text cut or filled with blanks to a width in cells."""
    if is_simple(text):
        return text[:width].ljust(width)
    from rich.cells import set_cell_size

    return set_cell_size(text, width)


def fold(text: str, width: int) -> list[tuple[int, int]]:
    """Return where the rows of a harmless text begin and end when it is folded between words; no word is broken, however long.

    The blanks at the end of a row are left out.
    """
    if cells(text) <= width:
        return [(0, len(text))]
    starts = [0]
    used = 0
    for match in WORD.regex.finditer(text):
        if cells(match[0].rstrip()) > width - used and used:
            starts.append(match.start())
            used = 0
        used += cells(match[0])
    return [(start, start + len(text[start:end].rstrip())) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def address(path: str) -> str:
    """Return the address of a file for a link of a terminal, which may run on another machine."""
    from urllib.parse import quote

    host = os.uname().nodename if hasattr(os, "uname") else ""
    whole = os.path.abspath(path).replace(os.sep, "/")
    return f"file://{quote(host)}{quote(os.fsencode('/' + whole.lstrip('/')), safe='/:')}"


class Screen:
    """The only writer to the terminal: it neutralises every text, and adds colours afterwards."""

    def __init__(self, options: Options) -> None:
        self.color = options.color
        self.links = options.links
        self.width = max(MIN_WIDTH, options.width) if options.width else ENDLESS
        self._out: list[str] = []

    def line(self, *parts: tuple[str, str], whole: bool = False) -> None:
        """Print parts with their styles as one line, which is folded at the width; a `whole` one never is."""
        harmless = [(log(content).replace("\t", TAB), style) for content, style in parts]
        text = log("".join([content for content, _ in parts])).replace("\t", TAB)
        if text != "".join([content for content, _ in harmless]):  # a command may begin in one part and end in the next
            harmless = [(text, "")]
        if whole or len(text) <= self.width // 2 or cells(text) <= self.width:
            self._put(harmless)
            return
        for start, end in fold(text, self.width):
            row = log(text[start:end])  # a fold may put the middle of a line at the start of one
            self._put(_between(harmless, start, end) if row == text[start:end] else [(row, "")])

    def at(self, lead: tuple[str, str], path: str, place: str, *rest: tuple[str, str], before: str = "") -> None:
        """Print a line with a place in a file, never folded; the place is a link to the file where the terminal shows links."""
        at = (f"{path}:{place}" if place else path).replace("\t", TAB)
        shown = log(at)
        harmless = [(log(content), style) for content, style in rest]
        whole = log("".join([lead[0], before, at, *(content for content, _ in rest)]))
        if whole != "".join([log(lead[0]), log(before), shown, *(content for content, _ in harmless)]):
            self._put([(whole, "")])
            return
        if self.links:
            shown = Safe(f"\x1b]8;;{address(path)}\x1b\\{shown}\x1b]8;;\x1b\\")
        self._put([(log(lead[0]), lead[1]), (log(before), ""), (shown, ""), *harmless])

    def row(self, *fields: str) -> None:
        """Print fields as one line with tabs between them, for programs that read columns."""
        row = log("\t".join(log(field.replace("\t", TAB)) for field in fields))
        self._out.append(f"{row}\n")

    def wrapped(self, text: str, width: int) -> list[str]:
        """Return a harmless text folded at a width, without blanks at the ends of its rows."""
        return [text[start:end].rstrip() for start, end in fold(text, width)]

    def text(self) -> str:
        """Return everything that was printed."""
        return "".join(self._out)

    def _put(self, parts: Parts) -> None:
        for content, style in parts:
            if content:
                self._out.append(f"\x1b[{CODES[style]}m{content}\x1b[0m" if style and self.color else content)
        self._out.append("\n")


def _between(parts: Parts, start: int, end: int) -> list[tuple[str, str]]:
    """Return what of the parts is between two offsets of the whole."""
    out = []
    at = 0
    for content, style in parts:
        out.append((content[max(0, start - at) : max(0, end - at)], style))
        at += len(content)
    return out
