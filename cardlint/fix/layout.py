"""The layout of written code: calls and arguments that fit into the lines of their file, broken as formatters break them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import pairwise

from cardlint.findings import Edit, Place
from cardlint.fix.source import Source

SHORTEST, LONGEST = 88, 120
"""The least and the greatest length that lines may have, whatever the file has."""
INDENT = "    "


def width(source: Source) -> int:
    """Return how long a line may be: as long as the longest one of the file."""
    return min(LONGEST, max(SHORTEST, source.longest))


def indent_of(source: Source, offset: int) -> str:
    """Return the blanks before the text of the line that holds an offset."""
    start = source.text.rfind("\n", 0, offset) + 1
    line = source.rest_of_line(start)
    return line[: len(line) - len(line.lstrip(" \t"))]


def call_text(source: Source, place: Place, function: str, arguments: Sequence[str]) -> str:
    """Return a call that replaces a place: on one line when it fits, else its arguments on a line of their own, or one a line."""
    start, end = source.offset(place.line, place.column), source.offset(place.end_line, place.end_column)
    before = len(source.text[source.text.rfind("\n", 0, start) + 1 : start])
    after = len(source.rest_of_line(end).rstrip())
    limit = width(source)
    line = f"{function}({', '.join(arguments)})"
    if before + len(line) + after <= limit:
        return line
    indent, newline = indent_of(source, start), source.newline
    inner = f"{indent}{INDENT}"
    row = ", ".join(arguments)
    if len(inner) + len(row) <= limit:
        return f"{function}({newline}{inner}{row}{newline}{indent})"
    return f"{function}({newline}" + "".join(f"{inner}{a},{newline}" for a in arguments) + f"{indent})"


def with_argument(source: Source, call: ast.Call, text: str) -> tuple[Edit, ...]:
    """Return the edits that add an argument at the end of a call that has others; a line that gets too long is broken."""
    given = sorted((source.span(n) for n in (*call.args, *call.keywords)), key=lambda span: span[0])
    opening = source.text.index("(", source.span(call.func)[1])
    start, end = given[-1]
    row_start = source.text.rfind("\n", 0, start) + 1
    if not source.text[row_start:start].strip():
        indent = source.text[row_start:start]
        if len(given) > 1 and "\n" in source.text[given[-2][1] : start]:
            return (Edit(source.place(end, end), f",{source.newline}{indent}{text}"),)
    row = source.rest_of_line(source.text.rfind("\n", 0, end) + 1).rstrip()
    if len(row) + len(text) + 2 <= width(source) or any("\n" in source.text[a[1] : b[0]] for a, b in pairwise(given)):
        return (Edit(source.place(end, end), f", {text}"),)
    closing = source.span(call)[1] - 1
    base = indent_of(source, source.span(call)[0])
    inner = f"{source.newline}{base}{INDENT}"
    edits = [Edit(source.place(opening + 1, given[0][0]), inner)]
    edits += [Edit(source.place(a[1], b[0]), f",{inner}") for a, b in pairwise(given)]
    edits.append(Edit(source.place(end, closing), f",{inner}{text},{source.newline}{base}"))
    return tuple(edits)
