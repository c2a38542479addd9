"""Every regular expression of the package takes a time that grows with its text and not with the square of it.

The patterns are found by importing all modules and walking what they hold, so that a new one is tested without being named.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import cardlint

SIZE = 12_000
FLOOR = 0.03
"""Seconds below which the clock says more of the machine than of the pattern."""
RATIO = 9
"""What four times the text may take; twice that of a linear pattern."""
LIMIT = 10
"""Seconds after which a pattern is called endless."""


def _modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(cardlint.__path__, "cardlint."):
        if not found.name.startswith(("cardlint.server", "cardlint.__main__")):
            yield importlib.import_module(found.name)


def _inside(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict) and depth < 3:
        for part in value.values():
            yield from _inside(part, depth + 1)
    elif isinstance(value, (list, tuple, set, frozenset)) and depth < 3:
        for part in value:
            yield from _inside(part, depth + 1)


def _patterns() -> dict[str, re.Pattern[Any]]:
    out: dict[str, re.Pattern[Any]] = {}
    for module in _modules():
        for name, value in vars(module).items():
            for number, pattern in enumerate(_inside(value)):
                if all(pattern is not known for known in out.values()):
                    out[f"{module.__name__}.{name}" + (f"#{number}" if number else "")] = pattern
    return out


PATTERNS = _patterns()
WRITTEN = re.compile(r"""\bre\.(?:compile|match|search|fullmatch|sub|subn|split|findall|finditer)\(\s*(?:rf|f)?""")
UNITS = (
    *"a A_ 0 _ . , : ; = # @ \\ \" ' ( ) [ ] { } < > / - + * % ! ? \t \n \r".split(" "),
    " ", "\n", "\t", "\\\n", "\n ", " \n", "a ", "a.", "a,", "a, ", ".a", "a(", "a)", "(a", "[a]", "{a}", "{{", "}}", "{a:", "{a:{b}", "<a:", "<a(", "<a>", "()", "[]",
    "''", '""', "'''", '"""', "\"'", "\\'", "def ", "def f", "def f(", "def f():", "def f(a", "def f()->", "def f()->a[", "def f()->a[b[", "\ndef f(", "class ", "class A(", "class A((", "class A()",
    "import ", "from ", "from a import ", "import a\n", "except ", "except a,", "except a, b", "\nexcept a, ", "except* a,", "nonlocal ", "nonlocal a,", "global ", "global a\\\n", "# cardlint:", "cardlint: ignore", "cardlint: ignore[",
    "cardlint: ignore[a] -- ", "cardlint: bounded=", "cardlint:  ", "until=", "-- ", "%s", "%(", "%(a)", "%(a)s", "%-", "%10", "%.", "@@ -", "@@ -1,", "@@ -1 +1 @@", "?P<", "(?P<a>", "{1,", "{1", "a-z", "\\a-\\", "1_", "_1", "aA", "Aa", "a1", "1a",
    "a-", "-a", "a|", "a|b", "a=", "=a", " = ", " = a.", "a = b.", ".a =", ".a: b", ".a:", "self.", "cls.a", "partial(", "partial( ", "@a.", "as ", "in ", "for ", "f'", "rf\"", "FT'", "coding", "#coding:", "#coding: a", "# -*- coding", "a_b", "labels(", ".labels(",
    ".labels", "Counter", "counter(", "metric(", "COUNTER ", "PROMETHEUS_MULTIPROC_DIR", "prometheus_multiproc_dir=", "dockerfile", "compose", "compose.", ".yaml", ".env", "service", "é", "é ", "\u0301", "\U0001f600", "\x00", "\x1b", "\x1b[", "&", "&amp;", "```", "``", "##", "::", "##vso[",
    "] ", "])", "][", "]:", "] =", "].", "|=", ".update", ".append(", ".append (", "\\\\", "\\\"", "'\\", "12345678-", "0123456789ab", "abcdef0", "request", "request ", "%r%", "[^", "[^]", "[a", "[[", "test_", "_test", "test_utils",
)  # fmt: skip
ENDS = ("", "\n", "x", ":", "!", '"', ")", "]", " #", "\\")


class _Slow(Exception):
    pass


def _alarm(number: int, frame: FrameType | None) -> None:
    raise _Slow


def _took(pattern: re.Pattern[Any], text: str) -> float:
    """Return the time that all matches of a text take, searched as the package searches: every way at once."""
    data: Any = text.encode("utf-8", "surrogatepass") if isinstance(pattern.pattern, bytes) else text
    ways: tuple[Callable[[], object], ...] = (
        lambda: sum(1 for _ in pattern.finditer(data)),
        lambda: pattern.match(data),
        lambda: pattern.fullmatch(data),
    )
    worst = 0.0
    for way in ways:
        started = time.perf_counter()
        way()
        worst = max(worst, time.perf_counter() - started)
    return worst


def _slow_input(pattern: re.Pattern[Any], units: tuple[str, ...], size: int = SIZE) -> str:
    """Return the input on which a pattern is not linear, '' where there is none."""
    for unit in units:
        for end in ENDS:
            small = unit * (size // len(unit)) + end
            large = unit * (4 * size // len(unit)) + end
            signal.alarm(LIMIT)
            try:
                took = _took(pattern, large)
                if took > FLOOR and took > RATIO * max(min(_took(pattern, small) for _ in range(3)), FLOOR / RATIO) and _took(pattern, large) > FLOOR:
                    return f"{unit!r} with {end!r} at its end: {took:.2f} s"
            except _Slow:
                return f"{unit!r} with {end!r} at its end: more than {LIMIT} s"
            finally:
                signal.alarm(0)
    return ""


@pytest.fixture(autouse=True)
def _alarmed() -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, _alarm)
    yield
    signal.signal(signal.SIGALRM, before)


def _own_units(pattern: re.Pattern[Any]) -> tuple[str, ...]:
    """Make inputs of the pattern's own letters: what it begins with, repeated, is often its worst input."""
    text = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else str(pattern.pattern)
    plain = re.sub(r"\\[a-zA-Z]|[\\^$*+?{}()\[\]|]|\?P<\w+>|\?[:=!<]+", " ", text)
    return tuple(dict.fromkeys(word + blank for word in plain.split() if len(word) < 30 for blank in ("", " ", "(")))[:40]


@pytest.mark.parametrize("name", PATTERNS)
def test_its_time_grows_with_its_text(name: str) -> None:
    pattern = PATTERNS[name]
    assert _slow_input(pattern, UNITS) == ""
    assert _slow_input(pattern, _own_units(pattern)) == ""


@pytest.mark.parametrize("name", PATTERNS)
def test_a_megabyte_and_two_hundred_thousand_lines(name: str) -> None:
    pattern = PATTERNS[name]
    for text in ("a" * 1_000_000, "\n" * 200_000, " " * 200_000, "'" * 100_000, '"' * 100_000, "(" * 100_000, "." * 100_000, "\\" * 100_000, "1" * 100_000):
        signal.alarm(LIMIT)
        try:
            _took(pattern, text)
        except _Slow:
            pytest.fail(f"{name}: {text[:1]!r} takes more than {LIMIT} s")
        finally:
            signal.alarm(0)


def test_a_quadratic_pattern_would_be_found() -> None:
    assert _slow_input(re.compile(r"^(\s*except\*?\s+)([\w.]+(?:\s*,\s*[\w.]+)+)\s*:", re.MULTILINE), ("\n",)) != ""
    assert _slow_input(re.compile(r"\s+$"), (" ",)) != ""


def test_all_patterns_of_the_modules_are_seen() -> None:
    """A pattern that is written inside of a function is none of a module's: each of those is named here, with its reason."""
    assert len(PATTERNS) > 60
    inside: set[tuple[str, str]] = set()
    for path in sorted(Path(cardlint.__file__).parent.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr != "escape":
                        inside.add((path.name, function.name))
    assert inside <= INSIDE, inside - INSIDE


INSIDE = {("x", "y")}
