"""Limits of the inference: all in one module, each with a name, a value and a reason, and counted where they are hit."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from cardlint.cli.app import run as command
from cardlint.inference import limits
from cardlint.inference.limits import LIMITS, steps_limit
from tests.conftest import ROOT, Lint

INFERENCE = ROOT / "cardlint" / "inference"
LIMIT = re.compile(r"_?(?:MAX_\w+|\w+_STEPS)")
MANY_CALLERS = "from prometheus_client import Counter\nC = Counter('c_total', 'C', ['a'])\ndef f(v):\n    C.labels(a=v).inc()\n" + "".join(
    f"def g{i}():\n    f('x{i}')\n" for i in range(130)
)


def test_every_limit_is_a_constant_of_its_own_name() -> None:
    tree = ast.parse((INFERENCE / "limits.py").read_text())
    made = [
        (target.id, node.value.args[0].value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.args[0], ast.Constant)
    ]
    assert [name for name, _ in made] == [key for _, key in made]
    assert len({name for name, _ in made}) == len(made)
    assert {name for name, _ in made} == set(LIMITS)
    for name, (value, why) in LIMITS.items():
        assert getattr(limits, name) == value
        assert why.endswith("."), name


def test_no_other_module_of_the_inference_has_a_limit() -> None:
    found = []
    for path in sorted(INFERENCE.rglob("*.py")):
        if path.name == "limits.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
            value = getattr(node, "value", None)
            if isinstance(value, ast.Constant) and type(value.value) is int:
                found += [f"{path.name}: {t.id}" for t in targets if isinstance(t, ast.Name) and LIMIT.fullmatch(t.id)]
    assert not found


def test_no_other_module_of_the_inference_has_a_limit_without_a_name() -> None:
    """Attempts that are counted, depths, and the first few of several things: one more of anything may be looked at, or one less."""
    found = []
    for path in sorted(INFERENCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            bare: ast.expr | None = None
            if (
                isinstance(node, ast.For)
                and isinstance(node.target, ast.Name)
                and node.target.id == "_"
                and isinstance(node.iter, ast.Call)
            ):
                bare = node.iter.args[-1]
            elif isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id == "depth":
                bare = node.comparators[0]
            elif isinstance(node, ast.Slice) and node.lower is None and node.step is None:
                bare = node.upper
            if isinstance(bare, ast.Constant) and isinstance(bare.value, int) and bare.value > 2:
                found.append(f"{path.name}:{bare.lineno}: {bare.value}")
    assert found == []


def test_every_limit_is_used_somewhere() -> None:
    texts = "\n".join(path.read_text() for path in INFERENCE.rglob("*.py") if path.name != "limits.py")
    assert [name for name in LIMITS if not re.search(rf"\b{name}\b", texts)] == []


def test_budgets_of_steps_are_told_apart() -> None:
    for name, (value, _) in LIMITS.items():
        if name in (
            "QUESTION_STEPS",
            "DECLARATION_STEPS",
            "ATTRIBUTE_STEPS",
            "PARAMETER_STEPS",
            "RECEIVER_STEPS",
            "STORED_STEPS",
            "CHANGES_STEPS",
            "GETTER_STEPS",
        ):
            assert steps_limit(value) == name
    assert steps_limit(7) == ""


def test_a_limit_that_is_hit_is_counted_by_its_name(lint: Lint) -> None:
    done = lint(MANY_CALLERS)
    assert dict(done.program.limits_hit) == {"MAX_CALLERS": len(done.program.limits)}


def test_verbose_shows_the_limits_that_were_hit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "app.py").write_text(MANY_CALLERS)
    monkeypatch.chdir(tmp_path)
    command(["check", "--verbose", "--no-cache", "--exit-zero", "."])
    lines = capsys.readouterr().err.splitlines()
    [shown] = lines[lines.index("limits of the inference that were hit:") + 1 :]
    assert shown.startswith("  MAX_CALLERS = 120: hit 1 time. ")
    (tmp_path / "app.py").write_text("x = 1\n")
    command(["check", "--verbose", "--no-cache", "--exit-zero", "."])
    assert "limits of the inference" not in capsys.readouterr().err


def test_timings_show_queries_and_handlers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "app.py").write_text(MANY_CALLERS)
    monkeypatch.chdir(tmp_path)
    command(["check", "--timings", "--no-cache", "--exit-zero", "."])
    lines = capsys.readouterr().err.splitlines()
    table = lines[next(i for i, line in enumerate(lines) if "query or handler" in line) + 1 :]
    seconds = [float(line.split()[0]) for line in table]
    assert seconds == sorted(seconds, reverse=True)
    assert any(line.endswith("query definitions.define") for line in table)
    assert any(re.search(r" (?:call|term|attribute) \w+\.\w+$", line) for line in table)


def test_without_being_asked_nothing_is_measured(lint: Lint) -> None:
    assert lint(MANY_CALLERS).program.measures == ()
