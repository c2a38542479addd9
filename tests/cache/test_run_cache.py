"""Records of whole runs: a recorded report is the report of a fresh run, whatever happened to the files meanwhile."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.test_command_line import BAD, cardlint

NAMES = ("a.py", "b.py", "pkg/c.py", "pkg/d.py")
TEXTS = (
    BAD,
    BAD.replace("a_total", "other_total"),
    'from prometheus_client import Summary\nS = Summary("s", "S")\n',
    "from a import C\nC.labels('x').inc()\n",
    "x = 1\n",
)


def report(tree: Path, cache: Path, *options: str) -> str:
    """Run with a cache folder of its own and return the report without its duration."""
    done = cardlint("--format", "json", *options, ".", cwd=tree, XDG_CACHE_HOME=str(cache))
    assert done.returncode in (0, 1, 3), done.stderr
    return re.sub(r'"duration_s": [\d.]+', "", done.stdout)


def fill(tree: Path) -> None:
    """Add files that say nothing: only runs over many files are recorded."""
    (tree / "filling").mkdir(parents=True)
    for number in range(30):
        (tree / "filling" / f"f{number}.py").write_text("")


def settle() -> None:
    """Let the newest file grow older than the time below which a run is not recorded."""
    time.sleep(0.08)


@pytest.mark.parametrize("seed", range(4))
def test_a_recorded_run_reports_what_a_fresh_one_does(seed: int, tmp_path: Path) -> None:
    """Edits, renames, deletions, times set back, other settings and another order of paths come between the runs."""
    chance = random.Random(seed)
    tree, cache = tmp_path / "tree", tmp_path / "cache"
    (tree / "pkg").mkdir(parents=True)
    fill(tree)
    for name in NAMES:
        (tree / name).write_text(chance.choice(TEXTS))
    for _ in range(6):
        settle()
        fresh = report(tree, cache, "--no-cache")
        assert report(tree, cache) == fresh
        assert report(tree, cache) == fresh, "the recorded run"
        assert list((cache / "cardlint" / "runs").iterdir())
        assert report(tree, cache, "--jobs", "2") == fresh
        there = sorted(p for p in tree.rglob("*.py") if p.parent.name != "filling")
        step = chance.choice(["edit", "edit", "same size", "rename", "delete", "touch", "settings", "new"])
        if step == "edit" and there:
            chance.choice(there).write_text(chance.choice(TEXTS))
        elif step == "same size" and there:
            file = chance.choice(there)
            state = file.stat()
            file.write_text(file.read_text().replace("user_id", "kind_id").replace("a_total", "b_total"))
            os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))  # the modification time says nothing happened
        elif step == "rename" and there:
            file = chance.choice(there)
            file.rename(file.with_name(f"renamed_{chance.randrange(99)}.py"))
        elif step == "delete" and len(there) > 1:
            chance.choice(there).unlink()
        elif step == "touch" and there:
            os.utime(chance.choice(there), (0, chance.choice([0, 4_000_000_000])))
        elif step == "settings":
            (tree / "cardlint.toml").write_text(f"pedantic = {chance.choice(['true', 'false'])}\n")
        else:
            (tree / f"new_{chance.randrange(99)}.py").write_text(chance.choice(TEXTS))


def test_a_damaged_record_is_a_miss(tmp_path: Path) -> None:
    tree, cache = tmp_path / "tree", tmp_path / "cache"
    fill(tree)
    (tree / "a.py").write_text(BAD)
    settle()
    wanted = report(tree, cache)
    kept = sorted((cache / "cardlint" / "runs").iterdir())
    assert [path.suffix for path in kept] == ["", ".basis"]
    for record in kept:
        for damage in (b"", b"\xc1", record.read_bytes()[:-5], b"\x80" * 500, os.urandom(300)):
            record.write_bytes(damage)
            if record.suffix:
                (tree / "filling" / "f0.py").write_text(f"# {len(damage)}\n")  # only a change asks for what the report rests on
            assert report(tree, cache) == wanted


UNTOUCHED = {
    "a comment at the end of a file with findings": ("a.py", lambda text: text + "# later\n"),
    "a comment in a file that is only read": ("kinds.py", lambda text: text.replace("KIND = '2'", "KIND = '2'  # two")),
    "another body in a file that nobody reads": ("aside.py", lambda text: text.replace("1", "2")),
    "a name that was looked for, in a test": ("tests/test_a.py", lambda text: text + "from a import count\ncount(2)\n"),
}
TOUCHED = {
    "a line above": ("a.py", lambda text: "\n" + text),
    "a comment beside a finding": ("a.py", lambda text: text.replace(".inc()", ".inc()  # why")),
    "a comment for cardlint": ("aside.py", lambda text: text + "# cardlint: ignore-file -- no\n"),
    "a name that was looked for": ("aside.py", lambda text: text + "from a import count\ncount(2)\n"),
    "a metric in a file without": ("aside.py", lambda text: text + "import prometheus_client\n"),
    "other code in a file that was read": ("kinds.py", lambda text: text.replace("2", "3")),
    "a hash inside of a string": ("kinds.py", lambda text: text.replace("'#a'", "'#b'")),
    "a hash inside of a formatted string": ("kinds.py", lambda text: text.replace("#c", "#d")),
}
SEEN = """
from prometheus_client import Counter
from kinds import KIND
C = Counter('c', 'C', ['user_id', 'kind'])
def count(user):
    C.labels(user, KIND).inc()
count(input())
"""


@pytest.mark.parametrize(("name", "served"), [*((n, True) for n in UNTOUCHED), *((n, False) for n in TOUCHED)])
def test_a_change_that_says_nothing_new_is_served_from_the_record(
    name: str, served: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cardlint.cache.folder import cache_folder
    from cardlint.cache.run_cache import Runs
    from cardlint.config import Config
    from cardlint.engine import run
    from cardlint.files.discovery import find_files

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text(SEEN)
    Path("kinds.py").write_text("KIND = '2'\nOTHER = '#a'\nTHIRD = f'{KIND} #c'\n")
    Path("aside.py").write_text("def g():\n    return 1\n")
    Path("tests").mkdir()
    Path("tests/test_a.py").write_text("def test():\n    pass\n")
    settle()

    def record() -> Runs:
        return Runs(cache_folder(str(tmp_path / "cache")), ["."], Config(), find_files(["."], ()), "2027-01-01")

    first = record()
    done = run(["."], Config())
    assert len(done.report.findings) == 1
    first.save(done.report, done.project)
    assert record().load() == done.report
    file, change = {**UNTOUCHED, **TOUCHED}[name]
    Path(file).write_text(change(Path(file).read_text()))
    settle()
    again = record().load()
    assert (again is not None) == served
    if again is not None:
        assert again.findings == run(["."], Config()).report.findings
        assert record().load() == again


def test_a_multiprocess_sign_beside_the_code_is_part_of_the_state(tmp_path: Path) -> None:
    tree, cache = tmp_path / "tree", tmp_path / "cache"
    fill(tree)
    (tree / "a.py").write_text('from prometheus_client import Gauge\nG = Gauge("g", "G")\n')
    (tree / "Dockerfile").write_text("FROM python\n")
    settle()
    assert "multiprocess-pid" not in report(tree, cache)
    (tree / "Dockerfile").write_text("FROM python\nENV PROMETHEUS_MULTIPROC_DIR=/tmp\n")
    assert "multiprocess-pid" in report(tree, cache)


def test_concurrent_runs_share_a_cache(tmp_path: Path) -> None:
    tree, cache = tmp_path / "tree", tmp_path / "cache"
    fill(tree)
    for number in range(12):
        (tree / f"m{number}.py").write_text(BAD.replace("a_total", f"m{number}_total") + "\n" * 3000)
    settle()
    command = [sys.executable, "-m", "cardlint", "--format", "concise", "."]
    env = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    running = [subprocess.Popen(command, cwd=tree, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(6)]
    outputs = {p.communicate(timeout=60) for p in running}
    assert len(outputs) == 1
    assert next(iter(outputs))[1] == b""
