"""Regular expressions: the finite set of texts that one, or one of its groups, matches.

A test against `(asc|desc)` bounds a text like a test against a set of constants, and `m.group(1)` is one of the alternatives.
What is not understood here is taken for infinite.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

from msgspec import Struct

from cardlint.common.expressions import Expression
from cardlint.inference.limits import MAX_PATTERN, MAX_REGEX_REPEATS, MAX_REGEX_TEXTS, MAX_WORD

Texts = frozenset[str]
EMPTY: Texts = frozenset({""})


class Part(Struct, frozen=True):
    """A part of a pattern: its texts (None when they are not finite), and whether it is anchored at the start and the end."""

    texts: Texts | None
    starts: bool = False
    ends: bool = False


class Group(Struct, frozen=True):
    """A group: its texts, and whether every match has it."""

    texts: Texts | None
    always: bool


class Pattern(Struct, frozen=True):
    """The analysis of a pattern."""

    whole: Part
    groups: dict[int | str, Group]


class Unsupported(Exception):
    """Syntax that is not supported."""


@lru_cache(maxsize=1024)
def parse(pattern: str) -> Pattern | None:
    """Parse a pattern; None when it is malformed or uses what is not understood, such as flags and look-aheads."""
    if len(pattern) > MAX_PATTERN:
        return None
    try:
        _compiled(pattern)
        reader = _Reader(pattern)
        whole = reader.choice(certain=True)
    except (Unsupported, re.error, RecursionError, OverflowError, ValueError):
        return None
    return Pattern(whole, {0: Group(whole.texts, True), **reader.groups})


def _compiled(pattern: str) -> None:
    """Raise where Python does not accept a pattern; its warnings concern the analysed program and are dropped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        re.compile(pattern)


def held(pattern: str, method: str, line_feed: bool = True) -> Texts | None:
    """Return the texts that `fullmatch`, `match` or `search` accepts, None when they are not finite.

    `$` also matches before a line feed at the end of the text, but not in every dialect.
    """
    known = parse(pattern)
    if known is None:
        return None
    starts = known.whole.starts or method in ("match", "fullmatch")
    ends = known.whole.ends or method == "fullmatch"
    if known.whole.texts is None or not (starts and ends):
        return None
    if method == "fullmatch" or not line_feed or "$" not in pattern:
        return known.whole.texts
    return known.whole.texts | {text + "\n" for text in known.whole.texts}


ANCHORS = {"^": Part(EMPTY, starts=True), "$": Part(EMPTY, ends=True)}
ESCAPED_ANCHORS = {"A": Part(EMPTY, starts=True), "Z": Part(EMPTY, ends=True), "b": Part(EMPTY), "B": Part(EMPTY)}
INFINITE = Part(None)
NAMED = Expression(r"\?P<(\w+)>")
COUNTS = Expression(r"\{(\d+)(,?)(\d*)\}")
RANGE = Expression(r"(\\?.)-(\\?[^\]])", re.DOTALL)


@lru_cache(maxsize=1024)
def takes_anything(pattern: str, group: int | str) -> bool:
    """Tell whether a group of a pattern takes nearly any text: what it gives is then as open as the text that is searched.

    It does where a character that is nearly any is repeated in it: `.+`, `\\S*`, `[^"]+`.
    """
    if len(pattern) > MAX_PATTERN:
        return False
    inside: list[bool] = [group == 0]
    count = at = 0
    while at < len(pattern):
        end = at + 1
        if pattern[at] == "(":
            name = pattern[at + 4 : pattern.find(">", at)] if pattern.startswith("(?P<", at) else ""
            count += (captures := bool(name) or not pattern.startswith("(?", at))
            inside.append(captures and group in (count, name))
        elif pattern[at] == ")" and len(inside) > 1:
            inside.pop()
        elif pattern[at] in "[\\.":
            end = _unit_end(pattern, at)
            if pattern.startswith((".", "\\S", "[^"), at) and pattern[end : end + 1] in ("+", "*") and any(inside):
                return True
        at = end
    return False


def _unit_end(pattern: str, at: int) -> int:
    """Return where an escape or a class of characters ends; a dot is one character."""
    if pattern[at] != "[":
        return at + (2 if pattern[at] == "\\" else 1)
    end = at + (2 if pattern.startswith("[^", at) else 1) + 1  # the first character may be a closing bracket
    while end < len(pattern) and pattern[end] != "]":
        end += 2 if pattern[end] == "\\" else 1
    return end + 1


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.text = pattern
        self.at = 0
        self.groups: dict[int | str, Group] = {}
        self.opened = 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def choice(self, certain: bool) -> Part:
        certain = certain and not self._has_alternatives()
        branches = [self._sequence(certain)]
        while self.peek() == "|":
            self.at += 1
            branches.append(self._sequence(certain))
        known = [b.texts for b in branches if b.texts is not None]
        texts = _capped(frozenset().union(*known)) if len(known) == len(branches) else None
        return Part(texts, all(b.starts for b in branches), all(b.ends for b in branches))

    def _has_alternatives(self) -> bool:
        """Look ahead for a `|` at this level: a group in one of several branches is not in every match."""
        depth, place, inside = 0, self.at, False
        while place < len(self.text):
            char = self.text[place]
            if char == "\\":
                place += 1
            elif inside:
                inside = char != "]"
            elif char == "[":
                inside = True
                place += self.text[place + 1 : place + 2] == "]"
            elif char == "(":
                depth += 1
            elif char == ")":
                depth -= 1
                if depth < 0:
                    return False
            elif char == "|" and depth == 0:
                return True
            place += 1
        return False

    def _sequence(self, certain: bool) -> Part:
        parts: list[Part] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self._repeated(certain))
        texts: Texts | None = EMPTY
        for part in parts:
            texts = _joined(texts, part.texts)
        return Part(texts, bool(parts) and parts[0].starts, bool(parts) and parts[-1].ends)

    def _repeated(self, certain: bool) -> Part:
        before = self.at
        groups = dict(self.groups)
        opened = self.opened
        part = self._atom(certain)
        low, high = self._counts()
        if (low, high) == (1, 1):
            return part
        if low == 0 and certain and self.opened > opened:  # parsed again: a group that is optional is not in every match
            after = self.at
            self.at, self.opened, self.groups = before, opened, groups
            part = self._atom(False)
            self.at = after
        if high > MAX_REGEX_REPEATS or part.texts is None:
            return INFINITE
        out: set[str] = set()
        power: Texts | None = EMPTY
        for count in range(high + 1):
            if power is None:
                return INFINITE
            if count >= low:
                out |= power
            power = _joined(power, part.texts)
        return Part(_capped(frozenset(out)))

    def _counts(self) -> tuple[int, int]:
        char = self.peek()
        counts = COUNTS.regex.match(self.text, self.at)
        if char in ("*", "+", "?") and char:
            self.at += 1
            low, high = {"*": (0, MAX_REGEX_REPEATS + 1), "+": (1, MAX_REGEX_REPEATS + 1), "?": (0, 1)}[char]
        elif counts is not None:
            self.at = counts.end()
            low = int(counts[1])
            high = int(counts[3]) if counts[3] else MAX_REGEX_REPEATS + 1 if counts[2] else low
        elif char == "{" and self.text[self.at + 1 : self.at + 2] == ",":
            raise Unsupported
        else:
            return 1, 1
        if self.peek() in ("?", "+"):
            self.at += 1
        return low, high

    def _atom(self, certain: bool) -> Part:
        char = self.peek()
        self.at += 1
        if char in ANCHORS:
            return ANCHORS[char]
        if char == ".":
            return INFINITE
        if char == "(":
            return self._group(certain)
        if char == "[":
            return Part(self._class())
        if char == "\\":
            return self._escape()
        return Part(frozenset({char}))

    def _group(self, certain: bool) -> Part:
        names: list[int | str] = []
        named = NAMED.regex.match(self.text, self.at)
        if named is not None:
            self.at = named.end()
            names.append(named[1])
        elif self.text.startswith("?:", self.at):
            self.at += 2
        elif self.peek() == "?":
            raise Unsupported
        if named is not None or self.text[self.at - 2 : self.at] != "?:":
            self.opened += 1
            names.append(self.opened)
        part = self.choice(certain)
        self.at += 1
        for name in names:
            self.groups[name] = Group(part.texts, certain)
        return part

    def _escape(self) -> Part:
        char = self.peek()
        self.at += 1
        if char in ESCAPED_ANCHORS:
            return ESCAPED_ANCHORS[char]
        if char.isdigit():
            while self.peek().isdigit():
                self.at += 1
            return INFINITE
        if char in "dDwWsS":
            return INFINITE
        if char.isalnum():
            raise Unsupported
        return Part(frozenset({char}))

    def _class(self) -> Texts | None:
        end = self.at
        while self.text[end] != "]" or end == self.at or (end == self.at + 1 and self.text[self.at] == "^"):
            end += 2 if self.text[end] == "\\" else 1
        inner = self.text[self.at : end]
        self.at = end + 1
        if inner.startswith("^") or re.search(r"\\[A-Za-z0-9]", inner):
            return None
        out: set[str] = set()
        while inner:
            span = RANGE.regex.match(inner)
            if span is not None:
                first, last = ord(span[1][-1]), ord(span[2][-1])
                if last - first >= MAX_REGEX_TEXTS:
                    return None
                out.update(chr(code) for code in range(first, last + 1))
                inner = inner[span.end() :]
                continue
            inner = inner.removeprefix("\\") if len(inner) > 1 else inner
            out.add(inner[0])
            inner = inner[1:]
        return _capped(frozenset(out))


def _joined(left: Texts | None, right: Texts | None) -> Texts | None:
    if left is None or right is None or len(left) * len(right) > MAX_REGEX_TEXTS:
        return None
    if left and right and _longest(left) + _longest(right) > MAX_WORD:
        return None
    return frozenset(a + b for a in left for b in right)


def _longest(texts: Texts) -> int:
    return max(map(len, texts))


def _capped(texts: Texts) -> Texts | None:
    return texts if len(texts) <= MAX_REGEX_TEXTS else None
