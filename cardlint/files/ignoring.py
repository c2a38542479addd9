"""Ignored files: the patterns of `.gitignore` files, of `info/exclude` and of the user's own file.

The patterns are not trusted: each one becomes an expression that takes time linear in the length of a name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import cached_property, lru_cache

from msgspec import Struct

from cardlint.common.expressions import Expression
from cardlint.files.opening import NotReadable, read

MAX_PATTERNS = 4_000_000
"""Bytes of a pattern file; a larger one is not read, and ignores nothing."""
MAX_WILD = 5_000
"""Patterns with wildcards in one file; a file with more ignores nothing."""
BOM = b"\xef\xbb\xbf"
CLASSES = {
    b"alnum": rb"0-9A-Za-z", b"alpha": rb"A-Za-z", b"blank": rb" \t", b"cntrl": rb"\x00-\x1f\x7f", b"digit": rb"0-9", b"graph": rb"!-~",
    b"lower": rb"a-z", b"print": rb" -~", b"punct": rb"!-/:-@\[-`{-~", b"space": rb" \t\n\r\f\v", b"upper": rb"A-Z", b"xdigit": rb"0-9A-Fa-f",
}  # fmt: skip
NEVER = rb"(?!)"
SPECIAL = Expression(rb"[*?\[\\]")


class Pattern(Struct, frozen=True):
    """One line: its pattern, whether it negates, whether it applies to folders only and to whole paths."""

    text: bytes
    """the pattern of the name, or of the path from the folder of the pattern file"""
    negated: bool
    folders_only: bool
    whole: bool


class Patterns:
    """The patterns of one file. The last one that matches decides.

    Most patterns are plain names or suffixes, which are looked up; only the others become an expression.
    """

    def __init__(self, lines: bytes, ignore_case: bool = False) -> None:
        self._ignore_case = ignore_case
        self._flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
        lines = lines.removeprefix(BOM)
        self.all = [pattern for line in lines.split(b"\n") if (pattern := parse(line)) is not None]
        self._names: set[bytes] = set()
        self._paths: set[bytes] = set()
        endings: set[bytes] = set()
        wild: list[Pattern] = []
        for pattern in self.all:
            text = pattern.text.lower() if ignore_case else pattern.text
            if not SPECIAL.regex.search(pattern.text):
                (self._paths if pattern.whole else self._names).add(text)
            elif not pattern.whole and pattern.text[:1] == b"*" and not SPECIAL.regex.search(pattern.text, 1):
                endings.add(text[1:])
            else:
                wild.append(pattern)
        if len(wild) > MAX_WILD:
            self.all, wild = [], []
        self._endings = tuple(endings)
        self._wild_name = [expression(p.text, False) for p in wild if not p.whole]
        self._wild_path = [expression(p.text, True) for p in wild if p.whole]

    @cached_property
    def _name(self) -> re.Pattern[bytes] | None:
        return re.compile(b"|".join(dict.fromkeys(self._wild_name)), self._flags) if self._wild_name else None

    @cached_property
    def _path(self) -> re.Pattern[bytes] | None:
        return re.compile(b"|".join(dict.fromkeys(self._wild_path)), self._flags) if self._wild_path else None

    def decide(self, path: str, name: str, folder: bool) -> bool | None:
        """Tell whether an entry is ignored, by its path from the folder of the pattern file; None when no pattern matches."""
        raw, whole = os.fsencode(name), os.fsencode(path)
        if self._ignore_case:
            raw, whole = raw.lower(), whole.lower()
        if not (
            raw in self._names
            or raw.endswith(self._endings)
            or whole in self._paths
            or (self._name is not None and self._name.fullmatch(raw))
            or (self._path is not None and self._path.fullmatch(whole))
        ):
            return None
        for pattern in reversed(self.all):
            if (folder or not pattern.folders_only) and self._matches(pattern, whole if pattern.whole else raw):
                return not pattern.negated
        return None

    def _matches(self, pattern: Pattern, text: bytes) -> bool:
        if not SPECIAL.regex.search(pattern.text):
            return text == (pattern.text.lower() if self._ignore_case else pattern.text)
        return re.compile(expression(pattern.text, pattern.whole), self._flags).fullmatch(text) is not None


def from_file(path: str, ignore_case: bool = False) -> Patterns | None:
    """Return the patterns of a file, None for one that holds none or cannot be read."""
    if not path:
        return None
    try:
        found = Patterns(read(path, MAX_PATTERNS), ignore_case)
    except NotReadable:
        return None
    return found if found.all else None


def parse(line: bytes) -> Pattern | None:
    """Read one line as git does; comments and empty lines are no pattern."""
    line = line.removesuffix(b"\r")
    if line.startswith(b"#"):
        return None
    line = _trimmed(line) if line.endswith(b" ") else line
    negated = line.startswith(b"!")
    line = line[negated:]
    folders_only = line.endswith(b"/")
    line = line[: len(line) - folders_only]
    if not line:
        return None
    whole = b"/" in line
    return Pattern(line.removeprefix(b"/"), negated, folders_only, whole)


def _trimmed(line: bytes) -> bytes:
    """Cut the blanks at the end of a line, except after a backslash."""
    end = position = 0
    while position < len(line):
        if line[position : position + 1] == b"\\":
            position = min(position + 2, len(line))
            end = position
            continue
        position += 1
        if line[position - 1 : position] != b" ":
            end = position
    return line[:end]


@lru_cache(4096)
def expression(pattern: bytes, whole: bool) -> bytes:
    """Translate a pattern; in one for whole paths only `**` matches a slash.

    A star takes the first place where the rest matches, and never tries another: a later place matches no more.
    """
    tokens = _tokens(pattern)
    if tokens is None:
        return NEVER
    if not whole:
        return _starred([None if token in STARS else token for token in tokens], rb".")
    segments: list[list[bytes]] = [[]]
    for token in tokens:
        if token == b"/":
            segments.append([])
        else:
            segments[-1].append(token)
    out = b""
    closing = b""
    for number, segment in enumerate(segments):
        last = number == len(segments) - 1
        if segment == [b"**"]:
            if last:
                return out + (rb".+" if out or closing else rb".*") + closing
            if not out.endswith(DEEP):
                out += closing + rb"(?>" + DEEP if _again(segments, number) else closing + DEEP
                closing = b")" if _again(segments, number) else b""
            continue
        out += _starred([None if token in STARS else token for token in segment], rb"[^/]") + (b"" if last else b"/")
    return out + closing


DEEP = rb"(?:[^/]*/)*?"
STARS = (b"*", b"**")


def _again(segments: Sequence[Sequence[bytes]], number: int) -> bool:
    """Tell whether another `**` follows, so that the part between them takes the first place where it matches."""
    return any(list(segment) == [b"**"] for segment in segments[number + 1 :])


def _starred(tokens: Sequence[bytes | None], any_one: bytes) -> bytes:
    """Join expressions of one character each, and stars, which are None."""
    pieces: list[list[bytes]] = [[]]
    for token in tokens:
        if token is None:
            pieces.append([])
        else:
            pieces[-1].append(any_one if token == b"?" else token)
    texts = [b"".join(piece) for piece in pieces]
    if len(texts) == 1:
        return texts[0]
    middle = b"".join(b"(?>" + any_one + b"*?" + text + b")" for text in texts[1:-1] if text)
    return texts[0] + middle + any_one + b"*" + texts[-1]


def _tokens(pattern: bytes) -> list[bytes] | None:
    """Split a pattern into expressions of one character each, `?`, `*`, `**` and `/`; None for one that matches nothing."""
    out: list[bytes] = []
    position = 0
    while position < len(pattern):
        char = pattern[position : position + 1]
        position += 1
        if char == b"*":
            end = position
            while pattern[end : end + 1] == b"*":
                end += 1
            out.append(b"**" if end > position else b"*")
            position = end
        elif char == b"?":
            out.append(b"?")
        elif char == b"[":
            found = _bracket(pattern, position)
            if found is None:
                return None
            expressed, position = found
            out.append(expressed)
        elif char == b"\\":
            if position == len(pattern):
                return None
            escaped = pattern[position : position + 1]
            out.append(b"/" if escaped == b"/" else re.escape(escaped))
            position += 1
        else:
            out.append(b"/" if char == b"/" else re.escape(char))
    return out


def _bracket(pattern: bytes, position: int) -> tuple[bytes, int] | None:
    """Read a set of characters, which begins after its bracket; None for one that is not closed."""
    negated = pattern[position : position + 1] in (b"!", b"^")
    position += negated
    parts: list[bytes] = []
    first = True
    previous: int | None = None
    while True:
        char = pattern[position : position + 1]
        if not char:
            return None
        if char == b"]" and not first:
            break
        first = False
        if char == b"[" and pattern[position + 1 : position + 2] == b":":
            end = pattern.find(b"]", position + 2)
            if end < 0:
                return None
            if pattern[end - 1 : end] == b":" and end > position + 2:
                known = CLASSES.get(pattern[position + 2 : end - 1])
                if known is None:
                    return None
                parts.append(known)
                previous = None
                position = end + 1
                continue
        if char == b"-" and previous is not None and pattern[position + 1 : position + 2] not in (b"", b"]"):
            position += 1
            if pattern[position : position + 1] == b"\\":
                position += 1
                if position == len(pattern):
                    return None
            last = pattern[position]
            if previous <= last:
                parts.append(b"\\x%02x-\\x%02x" % (previous, last))
            previous = None
            position += 1
            continue
        if char == b"\\":
            position += 1
            char = pattern[position : position + 1]
            if not char:
                return None
        parts.append(b"\\x%02x" % char[0])
        previous = char[0]
        position += 1
    inside = b"".join(parts)
    if negated:
        return b"[^/" + inside + b"]", position + 1
    return (b"(?!/)[" + inside + b"]" if inside else NEVER), position + 1
