"""Regular expressions: which finite set of texts a pattern or a group of it matches, and when that is not known."""

from __future__ import annotations

import re

import pytest

from cardlint.inference.domain.finite_regex import held, parse

FINITE = {
    r"asc|desc": {"asc", "desc"},
    r"v[12]\.0": {"v1.0", "v2.0"},
    r"[a-c-]x": {"ax", "bx", "cx", "-x"},
    r"[]a]": {"]", "a"},
    r"x{1,3}": {"x", "xx", "xxx"},
    r"(a|b)?c": {"c", "ac", "bc"},
    r"\bGET\b": {"GET"},
    r"a\|b": {"a|b"},
    r"": {""},
}
INFINITE = [
    r".",
    r"\d",
    r"a+",
    r"a*b",
    r"[^a]",
    r"[\w]",
    r"(?i)a",
    r"(?=a)b",
    r"(a)\1",
    r"a{2,}",
    r"\x41",
    r"[\x00-\xff]{3}",
    "(",
    "[0-9]{4}",
]


@pytest.mark.parametrize("pattern", FINITE)
def test_finite(pattern: str) -> None:
    """The texts are those that the pattern matches as a whole, and each of them does match."""
    assert held(pattern, "fullmatch") == FINITE[pattern]
    assert all(re.fullmatch(pattern, text) for text in FINITE[pattern])


@pytest.mark.parametrize("pattern", INFINITE)
def test_infinite(pattern: str) -> None:
    """What is not finite, not understood or no pattern at all is not known."""
    assert held(pattern, "fullmatch") is None


def test_a_search_holds_only_what_is_held_to_both_ends() -> None:
    """Each branch of an alternation must be held by itself."""
    assert held("^(a|b)$", "search") == {"a", "b", "a\n", "b\n"}
    assert held("^(a|b)$", "search", line_feed=False) == {"a", "b"}
    assert held(r"(?:^a|^b)\Z", "search") == {"a", "b"}
    assert held("^a|b$", "search") is None
    assert held("a$", "match") == {"a", "a\n"} == {t for t in ("a", "a\n", "a\n\n", "ab") if re.match("a$", t)}
    assert held("a$", "search") is None


def test_groups() -> None:
    """A group in one branch, or behind `?`, is not in every match."""
    known = parse(r"(Chrome|Firefox)(?:/(\d+))?|(?P<other>curl)")
    assert known is not None
    assert known.groups[1].texts == {"Chrome", "Firefox"}
    assert not known.groups[1].always
    assert known.groups[2].texts is None
    assert known.groups["other"] == known.groups[3]
    outer = parse(r"x((a)|b)")
    assert outer is not None
    assert [outer.groups[i].always for i in (1, 2)] == [True, False]
