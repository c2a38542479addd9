"""The fixture services before and after a fix: they run, they make no more series, and what leaked and was fixed leaks no longer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.test_command_line import cardlint
from tests.conftest import ROOT
from tests.test_fixtures import series

FIXTURES = ROOT / "fixtures"
PROGRAMS = sorted(p for p in FIXTURES.rglob("*.py") if "def drive(" in p.read_text())
CARDINALITY = ("identity-label", "raw-path", "unbounded-value")


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: str(p.relative_to(FIXTURES)))
def test_a_service_runs_after_the_fix(program: Path, tmp_path: Path) -> None:
    folder = tmp_path / program.parent.name
    shutil.copytree(program.parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    copy = folder / program.name
    before = series(copy, 20)
    done = cardlint("--fix", "--unsafe-fixes", "--format", "concise", ".", cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    changed = any((folder / p.name).read_bytes() != p.read_bytes() for p in program.parent.glob("*.py"))
    assert changed == (": fixed: " in done.stderr)
    if "make it a Histogram" not in done.stderr:  # which has more series, and says so
        assert series(copy, 20) <= before
    if changed and not any(rule in done.stdout for rule in CARDINALITY):
        assert series(copy, 20) == series(copy, 60), "nothing is left that grows"


def test_leaky_services_are_changed(tmp_path: Path) -> None:
    """Those that are not have a Gauge that is set, or a label that goes through a helper."""
    changed = []
    for folder in sorted(p for p in FIXTURES.glob("*_leaky")):
        shutil.copytree(folder, tmp_path / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
        if cardlint("--diff", "--unsafe-fixes", ".", cwd=tmp_path / folder.name).stdout:
            changed.append(folder.name)
    assert len(changed) >= 18, changed
