"""`cardlint debug eval`: the tree of evaluation of one expression."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardlint.cli.app import run

PROGRAM = """from flask import request
from prometheus_client import Counter

C = Counter("c_total", "C", ["a"])

def name(x):
    return x.lower() if x else "n"

def f():
    C.labels(a=name(request.path)).inc()

def even(n):
    return odd(n - 1) if n else "even"

def odd(n):
    return even(n - 1) if n else "odd"

class Thing:
    def __init__(self):
        self.now = "idle"
        self.before = self.now

    def step(self):
        self.now = self.before
        self.before = self.now

def g(thing):
    thing = Thing()
    C.labels(a=even(3)).inc()
    C.labels(a=thing.now).inc()
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "app.py").write_text(PROGRAM)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def at(text: str, within: str) -> str:
    """Return FILE:LINE:COL of a text on the line that holds another one."""
    number, line = next((i, t) for i, t in enumerate(PROGRAM.splitlines(), 1) if within in t)
    return f"app.py:{number}:{line.index(text, line.index(within)) + 1}"


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert run(["debug", "eval", "--no-cache", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_the_tree_names_term_context_handler_answer_and_cost(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, at("name(request", "C.labels(a=name"))
    assert lines[0].startswith("name(request.path) = ")
    assert "every call" in lines[0]
    assert "step" in lines[0]
    whole = "\n".join(shown(capsys, at("name(request", "C.labels(a=name"), "--depth", "12"))
    assert "[calls.call in f, every call;" in whole
    assert "call of function name = " in whole
    assert "user_rows.call_function in" in whole
    assert "`flask.request.path`" in whole
    assert "called at app.py:10" in whole


def test_depth_limits_the_tree(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = at("name(request", "C.labels(a=name")
    assert len(shown(capsys, where, "--depth", "1")) == 1
    assert len(shown(capsys, where, "--depth", "3")) < len(shown(capsys, where, "--depth", "9"))
    assert all(len(line) - len(line.lstrip()) <= 4 for line in shown(capsys, where, "--depth", "3"))


def test_what_memory_knows_is_marked(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert any(", memory" in line for line in shown(capsys, at("even(3)", "a=even(3)"), "--depth", "30"))


def test_a_recursion_comes_to_an_end_and_shows_what_is_tentative(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, at("even(3)", "a=even(3)"), "--depth", "40")
    assert lines[0].startswith("even(3) = ")
    lines = shown(capsys, at("thing.now", "a=thing.now"), "--depth", "40")
    assert lines[0].startswith("thing.now = {'idle'}")
    assert any(", tentative" in line for line in lines)
    assert ", tentative" not in lines[0]


@pytest.mark.parametrize(
    ("where", "said"), [("app.py:3:1", "there is no expression here"), ("app.py:900:1", "there is no expression here")]
)
def test_a_place_where_nothing_stands_is_one_line(where: str, said: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["debug", "eval", "--no-cache", where]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert said in error


@pytest.mark.parametrize("where", ["app.py:3", "app.py", "app.py:x:1", "no.py:1:1", "app.py:0:-1"])
def test_a_wrong_place_is_a_usage_error(where: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["debug", "eval", "--no-cache", where]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_nothing_of_the_code_reaches_the_terminal_raw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "app.py").write_text('x = "\\x1b[31m" + "' + "long" * 200 + '\u202e"\ny = f(x)\n')
    monkeypatch.chdir(tmp_path)
    lines = shown(capsys, "app.py:2:5")
    assert not any(char in "".join(lines) for char in "\x1b\u202e")
    assert all(len(line) < 400 for line in lines)


def test_it_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    assert "debug" in capsys.readouterr().out
    assert run(["debug", "eval", "--help"]) == 0
    assert "FILE:LINE:COL" in capsys.readouterr().out
