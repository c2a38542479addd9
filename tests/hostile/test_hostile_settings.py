"""Settings of a checkout: they open no file of another place, and thousands of patterns cost no more than their share of time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cardlint.config.keys import MAX_PATTERNS
from tests.hostile.running import run

METRICS = "from prometheus_client import Counter\n" + "".join(f'C{i} = Counter("c{i}_total", "C", ["x"])\n' for i in range(1_500))
CODE = 'from prometheus_client import Counter\nC = Counter("c_total", "C", ["user_id"])\n\n\ndef f(user_id):\n    C.labels(user_id).inc()\n'
OUTSIDE = [
    "/etc/known.json",
    "//server/share/known.json",
    "\\\\server\\share\\known.json",
    "../known.json",
    "a/../../known.json",
    "link.json",
]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_baseline_out_of_the_project_is_not_opened(name: str, tmp_path: Path) -> None:
    """On Windows, to look at a share is to log in to it."""
    tree = tmp_path / "tree"
    (tree / ".git").mkdir(parents=True)
    (tree / "link.json").symlink_to(tmp_path / "known.json")
    (tmp_path / "known.json").write_text('{"schema": "cardlint-baseline-v2", "findings": []}\n')
    (tree / "app.py").write_text(CODE)
    (tree / "cardlint.toml").write_text(f"baseline = {json.dumps(name)}\n")
    for command in ("check", "baseline"):
        done = run(command, ".", folder=tree)
        assert (done.code, done.out) == (2, "")
        assert "`baseline` leads out of the project" in done.err


@pytest.mark.parametrize("folder", ["/etc", "//server/share", "\\\\server\\share"])
def test_an_import_root_out_of_the_project_is_not_looked_at(folder: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "cardlint.toml").write_text(f"src = {json.dumps([folder])}\n")
    done = run("check", ".", folder=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "cardlint.toml:1: `src` has an absolute folder" in done.err


def test_an_absolute_exclude_is_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "cardlint.toml").write_text('extend-exclude = ["//server/share/x", "gone/x"]\n')
    done = run("check", ".", folder=tmp_path)
    assert "there is no `gone/x`" in done.err
    assert "server" not in done.err


def _budgets(count: int) -> str:
    return "".join(f'[budgets.t{i}]\npaths = ["{"*a" * 8}b{i}"]\nmax-series = 1\n' for i in range(count))


def test_thousands_of_teams_are_compared_in_time(tmp_path: Path) -> None:
    (tmp_path / ("a" * 200)).mkdir()
    (tmp_path / ("a" * 200) / "app.py").write_text(METRICS)
    (tmp_path / "cardlint.toml").write_text(_budgets(MAX_PATTERNS))
    done = run("inventory", "--format", "json", ".", folder=tmp_path, seconds=40)
    assert done.code == 0, done.err
    assert len(json.loads(done.out)["teams"]) == MAX_PATTERNS


@pytest.mark.parametrize(
    "text",
    [
        _budgets(MAX_PATTERNS + 1),
        f"[budgets.t]\nmax-series = 1\npaths = {json.dumps([f'a{i}' for i in range(MAX_PATTERNS + 1)])}\n",
        "[per-file-ignores]\n" + "".join(f'"a{i}" = ["summary"]\n' for i in range(MAX_PATTERNS + 1)),
    ],
    ids=["teams", "paths of a team", "per-file-ignores"],
)
def test_more_patterns_than_anybody_writes_are_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "cardlint.toml").write_text(text)
    done = run("check", "--no-cache", ".", folder=tmp_path)
    assert done.code == 2
    assert "more than 5,000 patterns" in done.err


def test_patterns_of_a_budget_are_a_list(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "cardlint.toml").write_text("[budgets.t]\npaths = 7\nmax-series = 1\n")
    done = run("check", ".", folder=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "must be a list of strings" in done.err


def test_a_name_in_a_diff_holds_no_lines_of_it(tmp_path: Path) -> None:
    """A name with line ends could else hold a patch of another file, which whoever applies the diff applies as well."""
    folder = tmp_path / "a\n+++ .git"
    folder.mkdir()
    (folder / 'b"\\\x1b.py').write_text('from prometheus_client import Summary\nS = Summary("a_seconds", "A")\n')
    done = run("check", "--no-cache", "--isolated", "--diff", "--unsafe-fixes", ".", folder=tmp_path)
    heads = [line for line in done.out.split("\n") if line.startswith(("---", "+++"))]
    assert heads == ['--- "a\\012+++ .git/b\\042\\134\\033.py"', '+++ "a\\012+++ .git/b\\042\\134\\033.py"']
    assert "\x1b" not in done.out
