"""Start-up is part of the product: what a command does not need is not imported."""

from __future__ import annotations

import ast
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

import cardlint
from cardlint.knowledge import STANDARD, WHERE

PACKAGE = Path(cardlint.__file__).parent
HEAVY = ("libcst", "rich", "prometheus_client", "multiprocessing", "pygments")


def imported(arguments: list[str], cwd: Path) -> set[str]:
    """Return the modules a command imports."""
    code = "import sys\nfrom cardlint.cli.app import run\nrun(sys.argv[1:])\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=cwd, capture_output=True, text=True, timeout=60, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["check", "app.py"], ["check", "--format", "json", "app.py"], ["check", "--format", "concise", "app.py"], ["rules"]],
)
def test_nothing_heavy_is_imported(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        'from prometheus_client import Counter\nC = Counter("a_total", "A", ["user_id"])\nC.labels(input()).inc()\n'
    )
    loaded = imported(arguments, tmp_path)
    assert not {m.partition(".")[0] for m in loaded} & set(HEAVY)


def test_version_loads_neither_engine_nor_rules(tmp_path: Path) -> None:
    assert not {
        m
        for m in imported(["--version"], tmp_path)
        if m.startswith(("cardlint.engine", "cardlint.inference", "cardlint.rules", "cardlint.lowering"))
    }


def test_a_run_from_its_record_loads_neither_engine_nor_what_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text("x = 1\n")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    time.sleep(0.1)
    assert "cardlint.engine" in imported(["check", "--format", "concise", "src"], tmp_path)
    loaded = imported(["check", "--format", "concise", "src"], tmp_path)
    assert "cardlint.cache.run_cache" in loaded
    heavy = (
        "cardlint.engine",
        "cardlint.inference.driver",
        "cardlint.rules",
        "cardlint.cache.dependencies",
        "cardlint.fix",
        "tomllib",
        "json",
    )
    assert not {m for m in loaded if m.startswith(heavy)}
    assert not loaded & {"hashlib", "tempfile", "shutil", "random", "secrets", "hmac", "logging", "pathlib"}


WITH = 'from prometheus_client import Counter\nC = Counter("a_total", "A", ["kind"])\nC.labels("x").inc()\n'
WITHOUT = "import os\n\n\ndef f():\n    return os.getcwd()\n"
NEVER = {
    "cardlint.config.schema", "cardlint.fix", "cardlint.inventory", "cardlint.parallel.partitions", "cardlint.parallel.processes",
    "cardlint.selection.baseline", "cardlint.server", "cardlint.testing", "cardlint.cli.changing", "cardlint.cli.writing",
    "cardlint.lowering.measure", "cardlint.lowering.native", "cardlint.lowering.newer", "json", "selectors",
    "subprocess", "shutil", "tempfile", "dataclasses", "random", "hashlib", "unittest", "logging", "pathlib", "difflib", "importlib.metadata",
}  # fmt: skip
"""What no `check` loads that has nothing to report."""


def ours(loaded: set[str]) -> set[str]:
    return {name for name in loaded if name.partition(".")[0] == "cardlint"}


def test_a_tree_with_metrics_loads_its_own_knowledge_alone(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(WITH)
    loaded = imported(["check", "--no-cache", "--isolated", "app.py"], tmp_path)
    assert loaded & NEVER == set()
    knowledge = {name.removeprefix("cardlint.knowledge.") for name in loaded if name.startswith("cardlint.knowledge.")}
    assert not knowledge & WHERE.keys() - {"structuring"}
    assert len(ours(loaded)) < 270


def test_a_tree_without_metrics_loads_neither_inference_nor_rules(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(WITHOUT)
    loaded = imported(["check", "--no-cache", "--isolated", "app.py"], tmp_path)
    assert loaded & NEVER == set()
    assert "cardlint.engine" in loaded
    parts = (
        "callgraph",
        "core",
        "driver",
        "frameworks",
        "heuristics",
        "language",
        "library",
        "models",
        "primitives",
        "prometheus",
        "wiring",
    )
    assert not {name for name in loaded if name.startswith(tuple(f"cardlint.inference.{part}" for part in parts))}
    assert not {name for name in loaded if name.startswith("cardlint.lowering.")}
    assert {name for name in loaded if name.startswith("cardlint.rules.")} <= {"cardlint.rules.base"}
    assert not {name.removeprefix("cardlint.knowledge.") for name in loaded} & {*WHERE, *STANDARD}
    assert len(ours(loaded)) < 75


def test_rules_that_are_named_wrongly_are_an_error_without_metrics_too(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(WITHOUT)
    done = subprocess.run(
        [sys.executable, "-m", "cardlint", "--isolated", "--select", "CL9999", "app.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "CL9999" in done.stderr) == (2, True)


def test_a_comment_is_judged_where_there_are_no_metrics(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("x = 1  # cardlint: ignore[raw-path] -- nothing here\n")
    done = subprocess.run(
        [sys.executable, "-m", "cardlint", "--isolated", "--format", "concise", "app.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "unused-ignore" in done.stdout


def test_help_loads_no_msgspec(tmp_path: Path) -> None:
    for arguments in (["--help"], ["check", "--help"], ["--version"]):
        assert "msgspec" not in imported(arguments, tmp_path), arguments


def test_no_module_compiles_an_expression_or_makes_a_named_tuple_that_every_run_loads(tmp_path: Path) -> None:
    """Either takes a tenth of a millisecond; `Expression` compiles when it is used, and a `Struct` is made in a tenth of the time."""
    (tmp_path / "app.py").write_text(WITH)
    for name in ours(imported(["check", "--isolated", "app.py"], tmp_path)):
        path = PACKAGE.parent / Path(*name.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        body = ast.parse(path.read_text()).body
        calls = [
            ast.unparse(node.func)
            for s in body
            if isinstance(s, (ast.Assign, ast.AnnAssign))
            for node in ast.walk(s)
            if isinstance(node, ast.Call)
        ]
        assert "re.compile" not in calls, name
        assert not [s.name for s in body if isinstance(s, ast.ClassDef) and "NamedTuple" in map(ast.unparse, s.bases)], name


def _seconds(command: list[str], cwd: Path) -> float:
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}  # an installed package is compiled
    started = time.perf_counter()
    subprocess.run(command, cwd=cwd, capture_output=True, timeout=60, check=False, env=env)
    return time.perf_counter() - started


def test_version_and_one_small_file_cost_at_most_twice_the_import_of_click(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text('from prometheus_client import Counter\nC = Counter("a_total", "A", ["kind"])\nC.labels("x").inc()\n')
    commands = {
        "click": [sys.executable, "-c", "import click"],
        "version": [sys.executable, "-m", "cardlint", "--version"],
        "file": [sys.executable, "-m", "cardlint", "--isolated", "app.py"],
    }
    for command in commands.values():
        _seconds(command, tmp_path)
    rounds = [{name: _seconds(command, tmp_path) for name, command in commands.items()} for _ in range(9)]
    ratios = {name: statistics.median(r[name] / r["click"] for r in rounds) for name in ("version", "file")}
    assert ratios["version"] <= 2.0, ratios
    assert ratios["file"] <= 2.0, ratios
