"""Start-up is part of the product: what a command does not need is not imported."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

HEAVY = ("libcst", "rich", "prometheus_client", "multiprocessing", "pygments")


def imported(arguments: list[str], cwd: Path) -> set[str]:
    """Return the modules a command imports."""
    code = "import sys\nfrom cardlint.cli.app import run\nrun(sys.argv[1:])\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=cwd, capture_output=True, text=True, timeout=60, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "arguments", [["--version"], ["check", "--format", "json", "app.py"], ["check", "--format", "concise", "app.py"], ["rules"]]
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
