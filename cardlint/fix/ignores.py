"""Writing ignore comments: at the end of the logical line, where no string can contain them."""

from __future__ import annotations

import tokenize
from collections.abc import Sequence

from cardlint.common.textscan import CARDLINT_COMMENT, CARDLINT_IGNORE, CARDLINT_OTHER
from cardlint.findings import Finding
from cardlint.fix.source import Source
from cardlint.lowering.tokens import tokens


def with_ignores(source: Source, findings: Sequence[Finding], reason: str, whole: Sequence[Finding] = ()) -> str:
    """Return the text with a comment at every finding; an existing comment gets the further names.

    A comment that does not suppress, because it has expired or gives no reason, is replaced. The rules of `whole` get one
    comment for the whole file, on its first line that may hold one.
    """
    lines = _logical_lines(source)
    wanted: dict[int, dict[str, None]] = {}
    for finding in findings:
        wanted.setdefault(lines.get(finding.place.line, (1, finding.place.end_line))[1], {})[finding.rule] = None
    comments = {source.place(start, end).line: (start, end) for start, end in source.comments}
    first_lines = {last: first for first, last in lines.values()}
    rows = list(source.lines)
    above: dict[int, str] = {}
    for number, rules in wanted.items():
        if number > len(rows):
            continue  # it was found by its bytes, in a file that does not decode by its coding comment
        body = rows[number - 1].rstrip("\r\n")
        ending = rows[number - 1][len(body) :]
        start, end = comments.get(number, (0, 0))
        old = source.text[start:end]
        if CARDLINT_OTHER.regex.search(old):
            first = first_lines.get(number, number)
            indent = rows[first - 1][: len(rows[first - 1]) - len(rows[first - 1].lstrip(" \t\f"))]
            above[first] = f"{indent}# {_comment(rules, reason)}{source.newline}"
            continue
        match = CARDLINT_IGNORE.regex.search(old)
        if match is None:
            rows[number - 1] = f"{body.rstrip()}  # {_comment(rules, reason)}{ending}"
        else:
            column = start - source.starts[number - 1]
            rows[number - 1] = body[:column] + old[: match.start()] + _joined(match[0], rules, reason) + ending
    if whole:
        head = f"# cardlint: ignore-file[{', '.join(dict.fromkeys(f.rule for f in whole))}] -- {reason}{source.newline}"
        first = _after_head(rows)
        above[first] = head + above.get(first, "")
    return "".join(above.get(number, "") + row for number, row in enumerate(rows, 1))


def _after_head(rows: Sequence[str]) -> int:
    """Return the number of the first line after the interpreter and the encoding, which have to come first."""
    for number, row in enumerate(rows[:2], 1):
        if not row.startswith("#"):
            return number
    return min(3, len(rows))


def _comment(rules: dict[str, None], reason: str) -> str:
    return f"cardlint: ignore[{', '.join(rules)}] -- {reason}"


def _joined(old: str, rules: dict[str, None], reason: str) -> str:
    """Add names to a comment: its own reason and date stay while they are valid."""
    match = CARDLINT_COMMENT.regex.search(old)
    names = dict.fromkeys(n.strip() for n in ((match and match["names"]) or "").split(",") if n.strip())
    kept = (match["reason"] or "").strip() if match else ""
    until = match["until"] if match else None
    if until and _is_over(until):  # so is its reason
        until, kept = None, ""
    date = f" until={until}" if until else ""
    return f"cardlint: ignore[{', '.join(names | rules)}]{date} -- {kept or reason}"


def _is_over(until: str) -> bool:
    from datetime import date

    try:
        return date.fromisoformat(until) < date.today()
    except ValueError:
        return True


def _logical_lines(source: Source) -> dict[int, tuple[int, int]]:
    """Map every line to the first and last line of its logical line; a comment at its end cannot be inside a string."""
    out: dict[int, tuple[int, int]] = {}
    before = 0
    first: int | None = None
    try:
        for token in tokens(source.text):
            if token.type in (tokenize.NEWLINE, tokenize.ENDMARKER):
                last = token.start[0]
                for line in range(before + 1, last + 1):
                    out[line] = (first or last, last)
                before, first = last, None
            elif first is None and token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT):
                first = token.start[0]
    except (tokenize.TokenError, IndentationError, SyntaxError):
        pass
    return out
