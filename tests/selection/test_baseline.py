"""Baselines: counted, blind to lines and folders, honest about what a run did not look at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cardlint.findings import Confidence, Finding, MetricRef, Place, Report, Severity, Summary
from cardlint.selection import baseline
from tests.cli.test_command_line import BAD, cardlint

FILE = ("--baseline", "cardlint-baseline.json", "--format", "concise", "--no-group")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "m.py").write_text("from prometheus_client import Counter\nC = Counter('c', 'C', ['user_id'])\n")
    for name in ("b", "d"):
        (tmp_path / f"{name}.py").write_text("from m import C\n\n\ndef f(user_id):\n    C.labels(user_id).inc()\n")
    assert cardlint("baseline", ".", cwd=tmp_path).stdout == "cardlint-baseline.json: 2 findings\n"
    return tmp_path


def new(tree: Path, *paths: str) -> list[str]:
    return [line.split(": ")[0] for line in cardlint(*FILE, *(paths or (".",)), cwd=tree).stdout.splitlines()]


def test_the_new_one_of_equal_findings_is_named(tree: Path) -> None:
    (tree / "a.py").write_text((tree / "b.py").read_text())
    assert new(tree) == ["a.py:5:14"], "not the last one in order of files"
    (tree / "c.py").write_text((tree / "b.py").read_text() + "    C.labels(user_id).inc()\n")
    assert new(tree) == ["a.py:5:14", "c.py:5:14", "c.py:6:14"]


def test_a_renamed_file_takes_the_place_of_the_old_one(tree: Path) -> None:
    (tree / "d.py").rename(tree / "a.py")
    assert new(tree) == []
    (tree / "pkg").mkdir()
    (tree / "a.py").rename(tree / "pkg" / "z.py")
    (tree / "pkg" / "z.py").write_text("import os\n\n" + (tree / "pkg" / "z.py").read_text())
    assert new(tree) == []


def test_a_run_over_one_file_judges_that_file(tree: Path) -> None:
    done = cardlint(*FILE, "d.py", "m.py", cwd=tree)
    assert (done.returncode, done.stdout) == (0, "")
    assert "fixed" not in done.stderr, "b.py was not looked at"
    (tree / "a.py").write_text((tree / "b.py").read_text())
    assert new(tree, "a.py", "m.py") == ["a.py:5:14"], "what is known in b.py hides nothing here"
    (tree / "d.py").write_text("x = 1\n")
    assert "1 finding of the baseline is fixed" in cardlint(*FILE, "d.py", "m.py", cwd=tree).stderr
    (tree / "b.py").unlink()
    assert "2 findings of the baseline are fixed" in cardlint(*FILE, "d.py", "m.py", cwd=tree).stderr


def test_the_file_is_sorted_and_changes_by_lines(tree: Path) -> None:
    before = (tree / "cardlint-baseline.json").read_text().splitlines()
    entries = json.loads("\n".join(before))["findings"]
    assert [e["path"] for e in entries] == ["b.py", "d.py"]
    assert all('"line"' in line and not any(f'"{word}"' in line for word in ("column", "number")) for line in before[1:-1])
    (tree / "c.py").write_text(BAD)
    cardlint("baseline", ".", cwd=tree)
    after = (tree / "cardlint-baseline.json").read_text().splitlines()
    assert len(set(after) - set(before)) == 1
    assert set(before) <= set(after)
    again = (tree / "cardlint-baseline.json").read_bytes()
    cardlint("baseline", ".", cwd=tree)
    assert (tree / "cardlint-baseline.json").read_bytes() == again


def test_a_merge_that_went_wrong_is_told(tree: Path) -> None:
    file = tree / "cardlint-baseline.json"
    file.write_text("<<<<<<< ours\n" + file.read_text())
    done = cardlint(*FILE, ".", cwd=tree)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "not a baseline" in done.stderr


def test_fixing_looks_at_what_is_new_only(tree: Path) -> None:
    (tree / "e.py").write_text('from prometheus_client import Summary\nS = Summary("s", "S")\n')
    done = cardlint("--fix", "--unsafe-fixes", *FILE, ".", cwd=tree)
    assert (done.returncode, done.stdout) == (0, "")
    assert "Histogram" in (tree / "e.py").read_text()
    assert "'user_id'" in (tree / "m.py").read_text(), "what the baseline knows is left as it is"


def finding(path: str, line: str, number: int) -> Finding:
    place = Place(path, number, 1, number, 2)
    ref = MetricRef("m", "counter", place)
    return Finding(
        "raw-path",
        "CL102",
        Severity.ERROR,
        Confidence.HIGH,
        "x",
        place,
        place,
        ref,
        "path",
        fingerprint=f"{path}{number}",
        source_line=line,
    )


def test_equal_findings_are_counted() -> None:
    old = Report(tuple(finding("a.py", "x", n) for n in (1, 2)), Summary())
    now = Report(tuple(finding("a.py", "x", n) for n in (5, 6, 7)), Summary())
    compared = baseline.compare(now, baseline.read(baseline.write(old), "b"))
    assert ([f.place.line for f in compared.new], compared.known, compared.fixed) == ([7], 2, ())
    compared = baseline.compare(Report((), Summary()), baseline.read(baseline.write(old), "b"))
    assert (compared.new, compared.known, len(compared.fixed)) == ((), 0, 2)


def test_an_entry_of_nothing_but_a_fingerprint_counts() -> None:
    now = Report((finding("a.py", "x", 5), finding("a.py", "y", 6)), Summary())
    entries = baseline.read('{"schema": "cardlint-baseline-v1", "findings": [{"fingerprint": "a.py5"}]}', "b")
    assert [f.place.line for f in baseline.compare(now, entries).new] == [6]
