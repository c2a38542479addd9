"""Bytes to syntax tree. Every error of a file becomes one clear sentence with its place."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from cardlint.common.textscan import BLANK_OR_COMMENT, CODING
from cardlint.ir.terms import At

RECURSION_LIMIT = 6000
"""Python frames allowed while reading: nested expressions of generated code are deeper than the default."""


MANY_BLOCKS = 2_000
"""Functions and comprehensions beyond which a syntax tree is made: a symbol table compares each of them with all others."""
SHORT = 20_000
"""Characters of a text that is parsed without being measured: no shorter text takes a parser long."""


class Unreadable(Exception):
    """The file cannot be analysed. `message` completes "cannot be read: ..."."""

    def __init__(self, message: str, at: At = (1, 1, 1, 1)) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


def declared(source: bytes) -> str:
    """Return the encoding that a coding comment names, `utf-8` without one: the writer of a file uses it as the reader does."""
    head = source.split(b"\n", 2)[:2]
    if not any(b"coding" in raw for raw in head):
        return "utf-8"
    for raw in head:
        if match := CODING.regex.match(raw):
            return match.group(1).decode("ascii", "replace")
        if not BLANK_OR_COMMENT.regex.match(raw):
            break  # after code it is a comment like any other
    return "utf-8"


def decode(source: bytes) -> str:
    """Decode source bytes as Python does: byte order mark, then coding comment, then UTF-8."""
    if b"\0" in source:
        line = source.count(b"\n", 0, source.index(b"\0")) + 1
        raise Unreadable("it contains a NUL byte, so it is not Python source", (line, 1, line, 1))
    if source.startswith(b"\xef\xbb\xbf"):
        source = source[3:]
    encoding = declared(source)
    if encoding.lower().replace("_", "-") in ("punycode", "idna"):
        raise Unreadable(f"no source is written in {encoding}")
    try:
        text = source.decode(encoding)
    except LookupError:
        raise Unreadable(f"its coding comment names an encoding Python does not know: {encoding[:40]}") from None
    except UnicodeDecodeError as problem:
        line = source.count(b"\n", 0, problem.start) + 1
        raise Unreadable(f"it is not valid {encoding}; declare its encoding or save it as UTF-8", (line, 1, line, 1)) from None
    except ValueError:
        raise Unreadable(f"it cannot be decoded as {encoding[:40]}") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def spare(text: str) -> str:
    """Return a text that Python's parser reads in time; any other text raises Unreadable first."""
    if len(text) > SHORT:
        from cardlint.lowering.measure import too_much_for_python

        why = too_much_for_python(text)
        if why:
            raise Unreadable(f"it is too much for Python's own parser: {why}")
    return text


@contextmanager
def deeply() -> Iterator[None]:
    """Raise the recursion limit, and silence Python's warnings.

    Whether a nested file can be read must not depend on the depth of the caller, and the parsers of some versions of Python
    count against the limit.
    """
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.setrecursionlimit(limit)


def parse_simply(text: str) -> ast.Module | None:
    """Parse source text, None when this interpreter does not accept it as it is."""
    try:
        with deeply():
            return ast.parse(text)
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        return None


def parses(text: str) -> bool:
    """Tell whether source text parses as it is. Without making a tree this takes two thirds of the time."""
    if sum(map(text.count, ("def ", "lambda", " for "))) > MANY_BLOCKS:
        return parse_simply(text) is not None
    from symtable import symtable

    try:
        with deeply():
            symtable(text, "<text>", "exec")
    except (SyntaxError, RecursionError, MemoryError, ValueError):  # compiling checks more than grammar
        return parse_simply(text) is not None
    return True


def parse(text: str) -> tuple[ast.Module, str]:
    """Parse source text; grammar newer than this interpreter is rewritten when libcst can read it.

    The second result names the Python version whose grammar was rewritten, or is empty.
    """
    try:
        with deeply():
            return ast.parse(text), ""
    except SyntaxError as problem:
        error = problem
    except (RecursionError, MemoryError):
        raise Unreadable("it is nested too deeply for Python's own parser") from None
    except ValueError as problem:
        raise Unreadable(str(problem)) from None
    from cardlint.lowering.native import Refused, rewrite

    refused = ""
    try:
        rewritten = rewrite(text)
    except Refused as reason:
        rewritten, refused = None, f"; grammar newer than that was not tried: {reason}"
    if rewritten is not None:
        older, version = rewritten
        try:
            with deeply():
                return ast.parse(older), version
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            pass
    line = error.lineno or 1
    column = error.offset or 1
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    raise Unreadable(
        f"Python {running} finds a syntax error: {error.msg}{refused}",
        (line, column, error.end_lineno or line, max(column + 1, error.end_offset or 0)),
    )
