"""Tokens of a text as `tokenize` gives them, in time that grows with the text alone, and the comments for cardlint among them.

Some versions of Python try every token again after each blank of a run before an unknown character: 20,000 blanks before a
`$` took eight seconds. Long runs are shortened first, and the places of tokens are those of the original text.
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator

from cardlint.common.textscan import BLANKS_KEPT, LONG_BLANKS
from cardlint.ir.model import Comment

MARK = "cardlint:"
_SKIPPED = (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT)


def tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    """Yield the tokens of a text with any line ends; raises the errors of `tokenize`.

    Only comments keep their long runs of blanks: the texts of other tokens are not used.
    """
    if LONG_BLANKS.regex.search(text) is None:
        yield from tokenize.generate_tokens(io.StringIO(text, newline=None).readline)
        return
    lines = io.StringIO(text, newline=None).read().split("\n")
    gone: dict[int, list[tuple[int, int]]] = {}
    short = []
    for number, line in enumerate(lines, 1):
        runs = [(match.start() + BLANKS_KEPT, len(match[0]) - BLANKS_KEPT) for match in LONG_BLANKS.regex.finditer(line)]
        if runs:
            gone[number] = runs
            line = LONG_BLANKS.regex.sub(lambda match: match[0][:BLANKS_KEPT], line)
        short.append(line)

    def back(place: tuple[int, int]) -> tuple[int, int]:
        line, column = place
        for start, length in gone.get(line, ()):
            if column < start:
                break
            column += length
        return line, column

    for token in tokenize.generate_tokens(io.StringIO("\n".join(short)).readline):
        start, end = back(token.start), back(token.end)
        string = lines[start[0] - 1][start[1] :] if token.type == tokenize.COMMENT else token.string
        yield tokenize.TokenInfo(token.type, string, start, end, token.line)


def read_comments(source: str) -> tuple[Comment, ...]:
    """Find the comments with the mark. A comment alone on its line belongs to the logical line below it.

    Tokenizing is as slow as parsing, so it is done only for files with the mark.
    """
    found: list[Comment] = []
    open_comments: list[tuple[str, int, int, bool]] = []
    first: int | None = None
    end = 0
    try:
        for token in tokens(source):
            if token.type == tokenize.COMMENT and MARK in token.string:
                open_comments.append((token.string, token.start[0], token.start[1] + 1, first is None))
            elif token.type == tokenize.NEWLINE:
                start = first if first is not None else token.start[0]
                found.extend(Comment(text, line, column, start, token.start[0]) for text, line, column, _ in open_comments)
                open_comments.clear()
                first = None
            elif token.type not in _SKIPPED and first is None:
                first = token.start[0]
            end = token.end[0]
    except (tokenize.TokenError, SyntaxError, IndentationError):
        pass
    found.extend(Comment(text, line, column, line, max(line, end if not alone else line)) for text, line, column, alone in open_comments)
    return tuple(found)
