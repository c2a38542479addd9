"""What `--fix` and `--diff` say of their work: where it is on the disk, what is left behind, and how much of a finding can be fixed."""

from __future__ import annotations

import re
from pathlib import Path

from cardlint.findings import Edit
from cardlint.fix.base import apply
from cardlint.fix.moves import Moves
from cardlint.fix.source import FileSources, Source
from tests.cli.test_command_line import cardlint

MOVED = """from prometheus_client import Counter

JOBS = Counter("jobs_with_a_name_that_is_long", "Jobs", ["kind"])


def test_jobs(labels):
    assert JOBS.labels("a")._value.get() == 0
    child = JOBS.labels(*labels); assert JOBS.labels(**labels)._value.get() == 1
    assert JOBS.labels("b")._value.get() == 0
    assert child._value.get() == 1
"""
IDENTITY = """from prometheus_client import Counter, Summary

SECONDS = Summary("first_of_all_of_them_request_duration_seconds", "The first one of all of them, see above")
LOGINS = Counter("logins", "Logins", ["kind", "user_id"])


def login(kind, user_id):
    LOGINS.labels(kind="a" if kind else "b", user_id=user_id).inc()
"""
PARTLY = """from prometheus_client import Counter

JOBS = Counter("jobs", "Jobs")
KINDS = Counter("kinds", "Kinds", ["kind"])


def test_jobs(labels):
    assert JOBS._value.get() == 0
    JOBS.inc()
    assert JOBS._value.get() == 1
    assert KINDS.labels(*labels)._value.get() == 1
    assert KINDS.labels(**labels)._value.get() == 1
"""
OTHER = "x = 1  # cardlint: ignore[summary] -- was one\n"


def said(text: str, how: str) -> list[str]:
    """Return the places of the lines that say one thing."""
    return re.findall(rf"^(\S+): \S+: {how}: ", text, re.M)


def test_lines_are_those_of_the_disk_before_the_fixes(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(MOVED)
    shown = cardlint("--diff", "--unsafe-fixes", ".", cwd=tmp_path)
    assert (tmp_path / "test_a.py").read_text() == MOVED
    done = cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path)
    after = (tmp_path / "test_a.py").read_text().splitlines()
    assert after[7] != MOVED.splitlines()[7], "the fixes have moved the lines"
    column = MOVED.splitlines()[7].index("JOBS.labels(**") + 1
    for text, how in ((done.stderr, "fixed"), (shown.stderr, "would be fixed")):
        assert said(text, "not fixed") == [f"test_a.py:8:{column}", "test_a.py:10:12"]
        assert said(text, how) == ["test_a.py:7:12", "test_a.py:9:12"]


def test_every_position_that_stays_has_its_way_back() -> None:
    """Two rounds of insertions, deletions and replacements; each character that is left is one that was there."""
    before = "abc\ndefg\n\nhijk\nlmno\n"
    sources = FileSources(lambda _path: before.encode())
    moves, text = Moves(sources), before
    for changes in ({"abc": "1\n22\n", "h": "", "k\n": "k\n333"}, {"22": "", "def": "4def5\n\n", "lm": "66"}):
        source = Source("a.py", text)
        edits = [Edit(source.place(text.index(old), text.index(old) + len(old)), new) for old, new in changes.items()]
        text = apply(edits, source)
        moves.add(edits, source)
    now, then = Source("a.py", text), sources("a.py")
    for letter in "gijno":
        place = moves.back(now.place(text.index(letter), text.index(letter) + 1), now)
        assert before[then.offset(place.line, place.column)] == letter
    assert moves.back(now.place(0, 1), now) == then.place(0, 0), "new text was where it has been put"
    other = Source("b.py", text).place(0, 1)
    assert moves.back(other, now) == other


def test_diff_says_what_fix_says(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(IDENTITY)
    shown = cardlint("--diff", "--unsafe-fixes", ".", cwd=tmp_path).stderr
    done = cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path).stderr
    assert "left behind: the parameter `user_id` of `login` (app.py:7)" in shown
    assert shown.replace(": would be fixed: ", ": fixed: ") + "cardlint: 1 file changed\n" == done


def test_what_can_be_fixed_in_part_is_marked_and_counted(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(PARTLY)
    shown = cardlint("--no-cache", ".", cwd=tmp_path).stdout.splitlines()
    assert shown[0].endswith(", 4 times in this file [*]")
    assert sum(line.endswith(" = fix: 2 of 4 can be fixed with `--fix`") for line in shown) == 1
    assert shown[-1] == "1 can be fixed with `--fix` ([*]) at 2 of 4 places; `cardlint explain private-value` says more."
    concise = cardlint("--no-cache", "--format", "concise", ".", cwd=tmp_path).stdout
    assert concise.endswith("4 times in this file (2 of 4 can be fixed) [*]\n")
    (tmp_path / "b.py").write_text(OTHER)
    last = cardlint("--no-cache", ".", cwd=tmp_path).stdout.splitlines()[-1]
    assert last.startswith("2 can be fixed with `--fix` ([*]), 1 of them at 2 of 4 places; ")
