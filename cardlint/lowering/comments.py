"""Comments for cardlint, with the logical line they belong to."""

from __future__ import annotations

import tokenize

from cardlint.ir.model import Comment
from cardlint.lowering.tokens import tokens

MARK = "cardlint:"
_SKIPPED = (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT)


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
