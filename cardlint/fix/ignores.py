"""Writing ignore comments: at the end of the logical line, where no string can swallow them."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Sequence

from cardlint.findings import Finding
from cardlint.fix.source import Source

EXISTING = re.compile(r"(cardlint:\s*ignore\[)([^\]]*)(\])")


def with_ignores(source: Source, findings: Sequence[Finding], reason: str) -> str:
    """Return the text with a comment at every finding; a comment that is there already gets the further names."""
    ends = logical_ends(source)
    wanted: dict[int, dict[str, None]] = {}
    for finding in findings:
        line = ends.get(finding.place.line, finding.place.end_line)
        wanted.setdefault(line, {})[finding.rule] = None
    lines = list(source.lines)
    for number, rules in wanted.items():
        text = lines[number - 1]
        body = text.rstrip("\r\n")
        ending = text[len(body) :]
        match = EXISTING.search(body)
        if match is not None:
            names = dict.fromkeys([n.strip() for n in match[2].split(",") if n.strip()])
            names.update(rules)
            lines[number - 1] = body[: match.start(2)] + ", ".join(names) + body[match.end(2) :] + ending
        else:
            lines[number - 1] = f"{body.rstrip()}  # cardlint: ignore[{', '.join(rules)}] -- {reason}{ending}"
    return "".join(lines)


def logical_ends(source: Source) -> dict[int, int]:
    """Map every line to the last line of its logical line, where a comment cannot be inside a string."""
    out: dict[int, int] = {}
    first = 1
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            if token.type in (tokenize.NEWLINE, tokenize.ENDMARKER):
                for line in range(first, token.start[0] + 1):
                    out[line] = token.start[0]
                first = token.start[0] + 1
    except (tokenize.TokenError, IndentationError, SyntaxError):
        pass
    return out
