"""The inventory: by series, with sums and budgets, one line for each label where the output is no terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.cli.test_command_line import cardlint
from tests.life.test_terminal import run_on_terminal

CODE = """import uuid
from prometheus_client import Counter, Gauge, Histogram

SMALL = Gauge("small", "Small")
FEW = Counter("few_requests_with_a_name_that_is_rather_long_total", "Few", ["kind", "side"])
OPEN = Histogram("open_seconds", "Open", ["id"])
MAYBE = Counter("maybe", "Maybe", ["given"])


def f(given):
    FEW.labels("a", "left").inc()
    FEW.labels("b", "right").inc()
    OPEN.labels(uuid.uuid4().hex).observe(1)
    MAYBE.labels(given).inc()
"""
BUDGETS = '[budgets.all]\npaths = ["*.py"]\nmax-series = 9\n\n[budgets.part]\npaths = ["team/**"]\nmax-series = 3\n'
LONG = "few_requests_with_a_name_that_is_rather_long_total"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "own.py").write_text(
        "from prometheus_client import Counter\n\nT = Counter('team', 'Team')\nU = Counter('unit', 'U')\n"
    )
    return tmp_path


def test_a_line_for_each_label_is_found_by_the_name_of_its_metric(tree: Path) -> None:
    done = cardlint("inventory", "--no-cache", ".", cwd=tree)
    assert done.returncode == 0
    found = [line for line in done.stdout.splitlines() if LONG in line]
    assert found == [
        f"{LONG}\tcounter\t8\tkind\texactly 2\tapp.py:5\t2",
        f"{LONG}\tcounter\t8\tside\texactly 2\tapp.py:5\t2",
    ]
    names = [line.split("\t")[0] for line in done.stdout.splitlines()[1:-1]]
    assert list(dict.fromkeys(names)) == ["open_seconds", "maybe", LONG, "team", "unit", "small"], "by series, the unbounded one first"
    assert done.stdout.splitlines()[-1] == "total: 6 metrics: 13 series in 4 of them, 1 unbounded, 1 undecided"
    assert not any(line != line.rstrip() or "  " in line for line in done.stdout.splitlines()), "nothing is padded"


def test_a_sum_of_no_metrics_is_not_said(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        'import uuid\nfrom prometheus_client import Counter\nA = Counter("a", "A", ["x"])\nA.labels(uuid.uuid4().hex).inc()\n'
    )
    assert cardlint("inventory", "--no-cache", ".", cwd=tmp_path).stdout.splitlines()[-1] == "total: 1 metric: 1 unbounded"


@pytest.mark.parametrize("width", [80, 120])
def test_a_terminal_gets_a_table_that_fits(width: int, tree: Path) -> None:
    text = run_on_terminal([sys.executable, "-m", "cardlint", "inventory", "--no-cache", "."], width, tree, NO_COLOR="1")
    rows = [row.rpartition("\x1b[2K")[2] for row in text.splitlines()]
    assert all(len(row) <= width and row == row.rstrip() for row in rows), rows
    assert any(row.split()[:2] == ["8", LONG] for row in rows)
    assert any(row.split() == ["kind", "exactly", "2"] for row in rows)


def test_teams_have_budgets(tree: Path) -> None:
    (tree / "cardlint.toml").write_text(BUDGETS)
    done = cardlint("inventory", "--no-cache", ".", cwd=tree)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-2:] == [
        "all: 6 metrics: 13 series in 4 of them, 1 unbounded, 1 undecided; the budget is 9, which is exceeded",
        "part: 2 metrics: 4 series; the budget is 3, which is exceeded",
    ]
    document = json.loads(cardlint("inventory", "--no-cache", "--format", "json", ".", cwd=tree).stdout)
    assert document["totals"] == {"metrics": 6, "unbounded": 1, "undecided": 1, "series": 13}
    assert document["teams"][1] == {
        "team": "part",
        "paths": ["team/**"],
        "metrics": 2,
        "unbounded": 0,
        "undecided": 0,
        "series": 4,
        "budget": 3,
        "over": True,
    }
    (tree / "cardlint.toml").write_text(BUDGETS.replace("= 9", "= 13").replace("= 3", "= 4"))
    within = cardlint("inventory", "--no-cache", "team", cwd=tree)
    assert within.returncode == 0
    assert within.stdout.splitlines()[-1] == "part: 2 metrics: 4 series; the budget is 4"
