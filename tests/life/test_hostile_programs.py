"""Programs that were made to break inference: they are analysed, and in time."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from cardlint.lowering.outline import bodies
from cardlint.lowering.reader import read
from cardlint.lowering.source import Unreadable, decode, parses
from cardlint.lowering.written import written
from tests.conftest import Lint

HEAD = "from prometheus_client import Counter\nfrom typing import NamedTuple\nC = Counter('c_total', 'C', ['x'])\n"
FILLING = "".join(f"FILLING_{n} = {n}\n" for n in range(45))

PROGRAMS = {
    "a class attribute made from itself": "class K:\n    name = 'a'\ndef change():\n    K.name += 'b'\ndef use():\n    C.labels(K.name).inc()\n",
    "a class attribute that is itself": "class K:\n    name = 'a'\ndef change():\n    K.name = K.name\ndef use():\n    C.labels(K.name).inc()\n",
    "a field that is not there": "class P(NamedTuple):\n    a: str\ndef use(p: P):\n    C.labels(p[-2]).inc()\n",
    "fields of nothing": "class P(NamedTuple):\n    pass\ndef use(p: P):\n    C.labels(p[-1]).inc()\n",
    "a deep placeholder": "def use(a):\n    C.labels('{0" + ".a" * 10_000 + "}'.format(a)).inc()\n",
    "a long chain": "def use(a):\n    C.labels(a" + ".b" * 2_500 + ").inc()\n",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_is_analysed(name: str, lint: Lint) -> None:
    assert lint({"app.py": HEAD + PROGRAMS[name]}).program.metrics


STORES = {
    "several targets": "    TABLE['k'], z = input(), 1\n",
    "an annotation": "    TABLE['k']: str = input()\n",
    "a loop": "    for TABLE['k'] in [input()]:\n        pass\n",
    "a continued line": "    TABLE['k'] \\\n        = input()\n",
    "a method on the next line": "    TABLE.\\\n        update(k=input())\n",
    "a method": "    TABLE.update(k=input())\n",
}


@pytest.mark.parametrize("name", STORES)
def test_what_a_long_file_stores_is_found_as_in_a_short_one(name: str, lint: Lint) -> None:
    text = (
        HEAD
        + "TABLE = {'k': 'a'}\ndef use():\n    C.labels(TABLE['k']).inc()\ndef change():\n    a = 1\n    b = 2\n    c = 3\n"
        + STORES[name]
    )
    short = lint({"app.py": text})
    long = lint({"app.py": text + FILLING})
    assert [f.code for f in long.report.findings] == [f.code for f in short.report.findings]


def in_time(seconds: float, started: float) -> None:
    assert time.perf_counter() - started < seconds


QUICK = {
    "hashes in one line": '"' + "#" * 200_000 + '"\n' + "\\\n" + FILLING,
    "headers that never end": "def f(\n" * 40_000,
    "strings that never end": 'x = \\"""\n' * 20_000,
    "headers in one line": "'" + "def a(): " * 100_000 + "'\n" + FILLING,
    "open brackets": ("def f() -> [a[[a[\n" * 2_000) + FILLING,
}


@pytest.mark.parametrize("name", QUICK)
def test_the_outline_is_found_in_time(name: str) -> None:
    started = time.perf_counter()
    bodies(QUICK[name])
    in_time(10, started)


@pytest.mark.parametrize("text", ["x.name, " * 20_000, "x.name in z, " * 20_000, "f(x.name) " * 20_000])
def test_stores_are_found_in_time(text: str) -> None:
    started = time.perf_counter()
    at = 0
    while (at := written(text, "name", "store", at)) >= 0:
        at += 1
    in_time(10, started)


def test_codings(lint: Lint) -> None:
    assert decode("x = 1\n# coding: latin-1\ny = 'é'\n".encode()) == "x = 1\n# coding: latin-1\ny = 'é'\n"
    assert decode("# a\n# coding: latin-1\ny = 'é'\n".encode("latin-1")) == "# a\n# coding: latin-1\ny = 'é'\n"
    with pytest.raises(Unreadable):
        decode(b"# coding: punycode\nx = 1\n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    from cardlint.files.reading import Look

    os.mkfifo(tmp_path / "a.py")
    assert Look([], {}, []).content(str(tmp_path / "a.py")) == "it is no regular file"


def test_what_can_be_read_does_not_depend_on_how_deep_the_reader_stands() -> None:
    chain = "x = a" + ".b" * 2_500 + "\n"

    def below(depth: int) -> bool:
        return below(depth - 1) if depth else parses(chain) and read("m.py", chain.encode()).error == ""

    assert below(0)
    assert below(600)


@pytest.mark.parametrize("literal", ["[{}]", "{{{}}}", "({})", "dict(a=[{}])"])
def test_calls_in_a_literal_of_thousands_of_items_are_label_sites(literal: str, lint: Lint) -> None:
    items = ", ".join(f"(lambda: C.labels('{n}'), {n})" for n in range(2_100))
    assert len(lint({"app.py": HEAD + "TABLE = " + literal.format(items)}).program.sites) == 2_100


def test_calls_in_a_dictionary_of_thousands_of_items_are_label_sites(lint: Lint) -> None:
    items = ", ".join(f"'{n}': C.labels('{n}')" for n in range(2_100))
    assert len(lint({"app.py": HEAD + f"TABLE = {{{items}}}"}).program.sites) == 2_100
