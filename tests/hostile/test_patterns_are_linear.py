"""Every regular expression of the package takes a time that grows with its text and not with the square of it.

The patterns are found by importing all modules and walking what they hold, so that a new one is tested without being named.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from msgspec import Struct

import cardlint
from cardlint.common import expressions
from cardlint.common.expressions import Expression, Template
from cardlint.inference import driver
from cardlint.inference.library.clients import Clients
from cardlint.inference.prometheus import uses
from cardlint.knowledge.clients import CLIENTS

pytestmark = pytest.mark.once

SIZE = 3_000
FLOOR = 0.02
"""Seconds below which the clock says more of the machine than of the pattern."""
SUSPECT = 0.004
"""Seconds from which a text four times as long is tried: there, what grows with the square is far above the floor."""
RATIO = 9
"""What four times the text may take; twice that of a linear pattern."""
LIMIT = 5
"""Seconds after which a pattern is called endless."""


TABLES = ("cardlint.common.textscan", "cardlint.files.name_forms")
"""They name their expressions; other modules import them from there."""


def _modules() -> Iterator[Any]:
    names = [found.name for found in pkgutil.walk_packages(cardlint.__path__, "cardlint.")]
    for name in (*TABLES, *names):
        if not name.startswith(("cardlint.server", "cardlint.__main__")):
            yield importlib.import_module(name)


def _inside(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Expression):
        yield value.regex
    elif isinstance(value, Template):
        gaps = re.findall("«(\\w+)»", value.pattern)
        yield value.of(**{gap: ("labels", "inc") if gap.endswith("s") else ("labels",) for gap in gaps})
    elif isinstance(value, Struct):
        yield from _inside([getattr(value, name) for name in value.__struct_fields__], depth)
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


def _patterns_of_rows() -> dict[str, re.Pattern[Any]]:
    """Return those that are made of the rows of metrics clients."""
    known = Clients(CLIENTS)
    speaking = re.compile("|".join(driver.speaking((*known.words, *known.holding_words))))
    return {"uses.method_call": uses.method_call(known), "uses.asked": uses.asked(known), "driver.speaking": speaking}


OF_MODULES = _patterns()
PATTERNS = {**OF_MODULES, **_patterns_of_rows()}
AT_ONE_PLACE = {
    "cardlint.common.textscan.PLAIN_HEADER": "behind the name of a function",
    "cardlint.common.textscan.REST_OF_LINE": "behind the colon of a header",
    "cardlint.common.textscan.BLANK_OR_COMMENT": "at the start of a line",
    "cardlint.common.textscan.SHEBANG": "at the start of 200 bytes",
    "cardlint.files.name_forms.AROUND": "behind a name that was found",
    "cardlint.files.name_forms.AROUND#5": "behind a name that was found",
    "cardlint.files.name_forms.AROUND#8": "behind a name that was found",
    "cardlint.files.name_forms.AROUND#10": "behind a name that was found",
    "cardlint.files.repository.SECTION": "at the start of a line",
    "cardlint.files.repository.SETTING": "at the start of a line",
    "cardlint.output.neutralise.BLOCK": "at the start of a text",
    "cardlint.fix.values.ID": "a whole part of a path",
    "cardlint.rules._labels.HEX": "a whole part of a path",
}
"""Patterns that are only matched where something else was found, and never searched for."""
MADE_FOR_WHOLE_TEXTS = frozenset(["ignoring.py"])
"""Modules whose patterns, made while running, are only matched with whole names of files."""
SHORT = {
    "cardlint.inference.library.rows.KEY": 1_200,  # a path into a library, see limits.MAX_PATH
    "cardlint.inference.frameworks.routes.ANGLES": 1_000,  # the pattern of a route, see limits.MAX_PATTERN
    "cardlint.inference.frameworks.routes.BRACES": 1_000,
    "cardlint.inference.frameworks.routes.NAME_FIRST": 1_000,
    "cardlint.lowering.texts.PERCENT": 5_000,  # a template, see MAX_TEMPLATE
    "cardlint.lowering.texts.ACCESS": 5_000,  # a part of such a template, with MAX_ACCESSES brackets at most
}
"""Patterns whose texts are never longer than this: for them, the longest text may take a twentieth of a second."""
UNITS = (
    *["a", "A_", "0", "_", ".", ",", ":", ";", "=", "#", "@", "\\", '"', "'", "(", ")", "[", "]", "{", "}", "<", ">", "/", "-", "+", "*", "%", "!", "?", "\t", "\n", "\r"],
    " ", "\n", "\t", "\\\n", "\n ", " \n", "a ", "a.", "a,", "a, ", ".a", "a(", "a)", "(a", "[a]", "{a}", "{{", "}}", "{a:", "{a:{b}", "<a:", "<a(", "<a>", "()", "[]",
    "''", '""', "'''", '"""', "\"'", "\\'", "def ", "def f", "def f(", "def f():", "def f(a", "def f()->", "def f()->a[", "def f()->a[b[", "\ndef f(", "class ", "class A(", "class A((", "class A()",
    "import ", "from ", "from a import ", "import a\n", "except ", "except a,", "except a, b", "\nexcept a, ", "except* a,", "nonlocal ", "nonlocal a,", "global ", "global a\\\n", "# cardlint:", "cardlint: ignore", "cardlint: ignore[",
    "cardlint: ignore[a] -- ", "cardlint: bounded=", "cardlint:  ", "until=", "-- ", "%s", "%(", "%(a)", "%(a)s", "%-", "%10", "%.", "@@ -", "@@ -1,", "@@ -1 +1 @@", "?P<", "(?P<a>", "{1,", "{1", "a-z", "\\a-\\", "1_", "_1", "aA", "Aa", "a1", "1a",
    "a-", "-a", "a|", "a|b", "a=", "=a", " = ", " = a.", "a = b.", ".a =", ".a: b", ".a:", "self.", "cls.a", "partial(", "partial( ", "@a.", "as ", "in ", "for ", "f'", "rf\"", "FT'", "coding", "#coding:", "#coding: a", "# -*- coding", "a_b", "labels(", ".labels(",
    ".labels", "Counter", "counter(", "metric(", "COUNTER ", "PROMETHEUS_MULTIPROC_DIR", "prometheus_multiproc_dir=", "dockerfile", "compose", "compose.", ".yaml", ".env", "service", "é", "é ", "\u0301", "\U0001f600", "\x00", "\x1b", "\x1b[", "&", "&amp;", "```", "``", "##", "::", "##vso[",
    "] ", "])", "][", "]:", "] =", "].", "|=", ".update", ".append(", ".append (", "\\\\", "\\\"", "'\\", "12345678-", "0123456789ab", "abcdef0", "request", "request ", "%r%", "[^", "[^]", "[a", "[[", "test_", "_test", "test_utils",
)  # fmt: skip
ENDS = ("", "\n", "x", ":", "!", "\\")


class _Slow(Exception):
    pass


def _alarm(number: int, frame: FrameType | None) -> None:
    raise _Slow


def _took(pattern: re.Pattern[Any], text: str, searched: bool = True) -> float:
    """Return the time that the worst way of looking a pattern up in a text takes."""
    data: Any = text.encode("utf-8", "surrogatepass") if isinstance(pattern.pattern, bytes) else text
    ways: tuple[Callable[[], object], ...] = (
        lambda: sum(1 for _ in pattern.finditer(data)),
        lambda: pattern.match(data),
        lambda: pattern.fullmatch(data),
    )
    worst = 0.0
    for way in ways if searched else ways[1:]:
        started = time.thread_time()
        way()
        worst = max(worst, time.thread_time() - started)
    return worst


def _slow_input(pattern: re.Pattern[Any], units: tuple[str, ...], name: str = "") -> str:
    """Return the input on which a pattern is not linear, '' where there is none."""
    searched, most, size = name not in AT_ONE_PLACE and name not in MADE_FOR_WHOLE_TEXTS, SHORT.get(name), SIZE
    for unit in units:
        for end in ENDS:
            small = unit * (size // len(unit)) + end
            large = unit * (4 * size // len(unit)) + end
            signal.alarm(LIMIT)
            try:
                if most is not None:
                    took = _took(pattern, unit * (most // len(unit)) + end)
                    slow = took > 0.05
                else:
                    took = _took(pattern, large, searched)
                    if took > SUSPECT:
                        small, large = large, unit * (16 * size // len(unit)) + end
                        took = _took(pattern, large, searched)
                    slow = took > FLOOR and took > RATIO * min(_took(pattern, small, searched) for _ in range(3))
                if slow and (most is not None or min(_took(pattern, large, searched) for _ in range(2)) > FLOOR):
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
    assert _slow_input(pattern, UNITS, name) == ""
    assert _slow_input(pattern, _own_units(pattern), name) == ""


@pytest.mark.parametrize("name", PATTERNS)
def test_a_megabyte_and_two_hundred_thousand_lines(name: str) -> None:
    pattern = PATTERNS[name]
    if name in SHORT:
        pytest.skip(f"its texts have at most {SHORT[name]} characters")
    for text in (
        "a" * 1_000_000,
        "\n" * 200_000,
        " " * 200_000,
        "'" * 100_000,
        '"' * 100_000,
        "(" * 100_000,
        "." * 100_000,
        "\\" * 100_000,
        "1" * 100_000,
    ):
        signal.alarm(LIMIT)
        try:
            _took(pattern, text, name not in AT_ONE_PLACE)
        except _Slow:
            pytest.fail(f"{name}: {text[:1]!r} takes more than {LIMIT} s")
        finally:
            signal.alarm(0)


def test_a_quadratic_pattern_would_be_found() -> None:
    assert _slow_input(re.compile(r"^(\s*except\*?\s+)([\w.]+(?:\s*,\s*[\w.]+)+)\s*:", re.MULTILINE), ("\n",)) != ""
    assert _slow_input(re.compile(r"\s+$"), (" ",)) != ""


def test_the_patterns_of_the_modules_are_found() -> None:
    assert len(PATTERNS) > 60
    textscan = {"EXCEPT_SEVERAL", "COMMENT_OR_STRING", "METHOD_CALLED", "STRING_REST#3", "OUTER_NAMES#1"}
    assert {f"cardlint.common.textscan.{name}" for name in textscan} <= PATTERNS.keys()
    assert {
        "cardlint.files.name_forms.AROUND#1",
        "cardlint.files.name_forms.ONE_PASS#4",
        "cardlint.output.neutralise.OPEN",
    } <= PATTERNS.keys()
    assert (AT_ONE_PLACE.keys() | SHORT.keys()) <= PATTERNS.keys()


def test_patterns_made_of_names_while_running_are_linear(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Patterns that a function makes of a name it has met: each place in our code that makes one is tested with the first of its own."""
    made: dict[tuple[str, int], re.Pattern[Any]] = {}
    compile_ = re._compile  # type: ignore[attr-defined]
    package = str(Path(cardlint.__file__).parent)

    def recorded(pattern: Any, flags: int) -> Any:
        found = compile_(pattern, flags)
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename in (re.__file__, functools.__file__, expressions.__file__):
            frame = frame.f_back
        if found in OF_MODULES.values() or frame is None:
            return found
        if frame.f_code.co_filename.startswith(package) and frame.f_code.co_name != "_compiled":
            made.setdefault((Path(frame.f_code.co_filename).name, frame.f_lineno), found)
        return found

    from cardlint.config import Config
    from cardlint.engine import run

    monkeypatch.setattr(re, "_compile", recorded)
    for number, code in enumerate(_examples()):
        (tmp_path / f"m{number}.py").write_text(code)
    run([str(tmp_path), str(Path(__file__).parent.parent.parent / "fixtures")], Config(pedantic=True))
    monkeypatch.undo()
    assert len(made) > 5
    assert {
        f"{file}:{line} {p.pattern!r}": slow for (file, line), p in made.items() if (slow := _slow_input(p, (*UNITS, *_own_units(p)), file))
    } == {}


def _examples() -> Iterator[str]:
    from cardlint.rules import all_rules

    for rule in all_rules():
        for example in (*rule.bad, *rule.good):
            yield example.code.replace("«", "").replace("»", "")
