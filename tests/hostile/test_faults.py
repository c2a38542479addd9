"""Errors of our own: one costs the file in which it happens, is named, and ends no run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cardlint.cli.app import run as command
from cardlint.common import faults
from cardlint.inference.domain import value_sets
from cardlint.inference.prometheus.label_sites import LabelSiteCollector
from cardlint.lowering import module_lowering
from cardlint.lowering.statements import Statements
from tests.conftest import Lint, told

BAD = 'from prometheus_client import Counter\nC = Counter("{0}_total", "C", ["path"])\ndef f(request):\n    C.labels(request.path).inc()\n'
FILLER = "".join(f"def filler{i}(x):\n    y = x\n    z = y\n    return z\n\n" for i in range(20))
TREE = {"good.py": BAD.format("good"), "broken.py": BAD.format("broken") + "broken = 1\n"}


def _raise_in(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, wanted: Any, problem: BaseException) -> None:
    before = getattr(owner, name)

    def instead(*args: Any, **kwargs: Any) -> Any:
        if wanted(*args):
            raise problem
        return before(*args, **kwargs)

    monkeypatch.setattr(owner, name, instead)


PROBLEMS = [
    ValueError("what\nnobody expected"),
    AssertionError(),
    IndexError("x" * 10_000),
    KeyError("k"),
    UnicodeEncodeError("utf-8", "\ud800", 0, 1, "no"),
]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: type(p).__name__)
def test_an_error_in_lowering_costs_the_file(problem: Exception, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    _raise_in(monkeypatch, module_lowering.FileLowering, "run", lambda self, tree: self.path.endswith("broken.py"), problem)
    done = lint(TREE)
    assert ("raw-path", "path", 4) in told(done.report.findings)
    (finding,) = [f for f in done.report.findings if f.rule == "unreadable-file"]
    assert finding.place.path.endswith("broken.py")
    assert f"an internal error ended its analysis, please report it: {type(problem).__name__}" in finding.message
    assert len(finding.message) < 400
    assert done.report.summary.unreadable == 1
    assert any("internal error" in step.message and "lowering/reader.py:" in step.message for step in done.program.limits)


@pytest.mark.parametrize("problem", [*PROBLEMS, RecursionError(), MemoryError()], ids=lambda p: type(p).__name__)
def test_an_error_in_a_body_that_is_lowered_later_costs_the_file(problem: Exception, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = lambda self, inner, node, params: node.name == "last" and self.path.endswith("broken.py")  # noqa: E731
    _raise_in(monkeypatch, module_lowering.FileLowering, "_body", wanted, problem)
    last = "def last(request):\n    x = 1\n    y = 2\n    C.labels(request.path).inc()\n"
    done = lint({"good.py": BAD.format("good"), "broken.py": BAD.format("broken") + FILLER + last})
    found = {(f.rule, f.place.path.rpartition("/")[2]) for f in done.report.findings}
    assert ("raw-path", "good.py") in found
    if not isinstance(problem, RecursionError):
        assert ("unreadable-file", "broken.py") in found


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: type(p).__name__)
def test_an_error_in_collecting_costs_the_file(problem: Exception, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    _raise_in(monkeypatch, LabelSiteCollector, "file", lambda self, state: state.path.endswith("broken.py"), problem)
    done = lint(TREE)
    found = {(f.rule, f.place.path.rpartition("/")[2]) for f in done.report.findings}
    assert {("raw-path", "good.py"), ("unreadable-file", "broken.py")} <= found


@pytest.mark.parametrize(("problem", "why"), [(MemoryError(), "more memory than there is"), (RecursionError(), "nested too deeply")])
def test_a_question_without_memory_or_stack_is_unknown_with_a_reason(
    problem: Exception, why: str, lint: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    _raise_in(monkeypatch, value_sets, "compose", lambda parts: len(parts) == 3, problem)
    done = lint(BAD.format("app") + "    C.labels(f'{request}-{request}').inc()\n")
    assert ("raw-path", "path", 4) in told(done.report.findings)
    assert any(why in step.message for step in done.program.limits)
    assert not done.program.facts_errors


def test_the_time_of_one_file_ends(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module_lowering, "STATEMENTS_BETWEEN", 0)
    _raise_in(monkeypatch, module_lowering.FileLowering, "tick", lambda self: self.path.endswith("broken.py"), module_lowering.Late())
    done = lint(TREE)
    messages = [f.message for f in done.report.findings if f.rule == "unreadable-file"]
    assert messages == [f"this file cannot be read: {module_lowering.TOO_LATE}"]
    assert ("raw-path", "path", 4) in told(done.report.findings)


def test_the_clock_is_looked_at_while_statements_are_lowered() -> None:
    lowering = module_lowering.FileLowering("a.py", "", [])
    lowering.until = 0.0
    lowering.statements = module_lowering.STATEMENTS_BETWEEN
    with pytest.raises(module_lowering.Late):
        lowering.tick()
    assert Statements.block.__code__.co_names.count("tick") == 1


def test_verbose_shows_where_it_happened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name, code in TREE.items():
        (tmp_path / name).write_text(code)
    _raise_in(monkeypatch, module_lowering.FileLowering, "run", lambda self, tree: self.path.endswith("broken.py"), ValueError("what"))
    monkeypatch.chdir(tmp_path)
    assert command(["check", "--no-cache", "--isolated", "--verbose", "."]) == 1
    err = capsys.readouterr().err
    assert "broken.py:1:1: internal error: ValueError: what (at " in err
    assert command(["check", "--no-cache", "--isolated", "."]) == 1
    assert "(at " not in capsys.readouterr().err


def test_an_exception_that_cannot_be_written_is_told_by_its_name() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert faults.spoken(Mute()) == ("an internal error ended its analysis, please report it: Mute", "internal error: Mute (at )")
