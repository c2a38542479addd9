"""Lines of a terminal: folded at its width, coloured, and harmless.

rich knows how wide the characters of the world are, and takes most of a millisecond for a line. Nearly all lines hold nothing but
ASCII, of which every character is one cell wide: those are folded and coloured here, in the same way. The others are left to rich, which
a report in ASCII never loads. `tests/output/test_layout.py` compares the two.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from cardlint.common.expressions import Expression
from cardlint.output import Options
from cardlint.output.neutralise import log

if TYPE_CHECKING:
    from rich.console import Console

MIN_WIDTH = 40
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
    """Return where the rows of a simple text begin and end when it is folded between words, and within words that are too long.

    Blanks at the end of a row stay as far as there is room for them.
    """
    if len(text) <= width:
        return [(0, len(text))]
    starts = [0]
    used = 0
    for match in WORD.regex.finditer(text):
        start, end = match.span()
        length = len(match[0].rstrip())
        if length <= width - used:
            used += end - start
        elif length > width:
            starts.extend(at for at in range(start, end, width) if at)
            used = (end - start - 1) % width + 1
        elif used and start:
            starts.append(start)
            used = end - start
    return [(start, _end(text, start, end, width)) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _end(text: str, start: int, end: int, width: int) -> int:
    """Return the end of a row without the blanks that do not fit."""
    if end - start > width:
        blanks = end - start - len(text[start:end].rstrip())
        end -= min(blanks, end - start - width)
    return end


class Screen:
    """The only writer to the terminal: it neutralises every text, and adds colours afterwards."""

    def __init__(self, options: Options) -> None:
        self.color = options.color
        self.width = max(MIN_WIDTH, options.width)
        self._out: list[str] = []

    def line(self, *parts: tuple[str, str], soft_wrap: bool = False, crop: bool = True) -> None:
        """Print parts with their styles as one line; without `crop`, or with `soft_wrap`, it is never folded."""
        harmless = [(log(content), style) for content, style in parts]
        whole = log("".join([content for content, _ in parts]))
        if whole != "".join([content for content, _ in harmless]):  # a command may begin in one part and end in the next
            harmless = [(whole, "")]
        whole_row = soft_wrap or not crop or len(whole) <= self.width
        if not is_simple(whole) or (whole_row and len(whole) > self.width and whole[-1] == " "):
            self._line_of_rich(harmless, soft_wrap, crop)
        elif whole_row:
            self._put(harmless)
        else:
            for start, end in fold(whole, self.width):
                row = log(whole[start:end])  # a fold may put the middle of a line at the start of one
                self._put(_between(harmless, start, end) if row == whole[start:end] else [(row, "")])

    def wrapped(self, text: str, width: int) -> list[str]:
        """Return a harmless text folded at a width, without blanks at the ends of its rows."""
        if is_simple(text):
            return [text[start:end].rstrip() for start, end in fold(text, width)]
        from rich.text import Text

        return [row.plain.rstrip() for row in Text(text).wrap(self._console, width)]

    def text(self) -> str:
        """Return everything that was printed."""
        return "".join(self._out)

    def _put(self, parts: Parts) -> None:
        for content, style in parts:
            if content:
                self._out.append(f"\x1b[{CODES[style]}m{content}\x1b[0m" if style and self.color else content)
        self._out.append("\n")

    @cached_property
    def _console(self) -> Console:
        from rich.console import Console

        return Console(
            file=io.StringIO(),
            force_terminal=self.color,
            no_color=not self.color,
            color_system="standard" if self.color else None,
            width=self.width,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )

    def _line_of_rich(self, parts: Parts, soft_wrap: bool, crop: bool) -> None:
        from rich.text import Text

        console = self._console
        text = Text()
        for content, style in parts:
            text.append(content, style or None)
        with console.capture() as printed:
            if not crop:
                console.print(text, overflow="ignore", no_wrap=True, crop=False)
            else:
                for row in [text] if soft_wrap else text.wrap(console, self.width):
                    harmless = log(row.plain)
                    console.print(row if harmless == row.plain else Text(harmless), soft_wrap=True)
        self._out.append(printed.get())


def _between(parts: Parts, start: int, end: int) -> list[tuple[str, str]]:
    """Return what of the parts stands between two offsets of the whole."""
    out = []
    at = 0
    for content, style in parts:
        out.append((content[max(0, start - at) : max(0, end - at)], style))
        at += len(content)
    return out
