"""Two thousand mutants in every run of the tests; `python tests/fuzz/run.py --mutants 200000` is for releases."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT, split_files
from tests.fuzz import oracle, pool
from tests.fuzz.minimise import failure, minimised
from tests.fuzz.mutants import Mutant, mutant

MUTANTS = 2_000
REGRESSIONS = sorted((Path(__file__).parent / "regressions").glob("*.txt"))
pytestmark = [pytest.mark.once, pytest.mark.skipif(not hasattr(os, "fork"), reason="mutants run in forked processes")]


def fuzz(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the harness as it is run by hand."""
    command = [sys.executable, "tests/fuzz/run.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **variables}, timeout=900)


def test_no_mutant_breaks_anything(tmp_path: Path) -> None:
    done = fuzz("--mutants", str(MUTANTS), "--keep", str(tmp_path / "kept"))
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-1_000:]
    assert f"\n{MUTANTS} mutants in " in done.stdout


def test_another_process_says_the_same(tmp_path: Path) -> None:
    """Sets of texts have another order in each process, and nothing that is said may follow it."""
    first, second = (fuzz("--mutants", "120", "--digest", PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert len(first.stdout.strip()) == 64, first.stderr
    assert first.stdout == second.stdout


@pytest.mark.parametrize("path", REGRESSIONS, ids=[path.stem for path in REGRESSIONS])
def test_what_was_broken_once_is_not_again(path: Path) -> None:
    files = split_files(path.read_text())
    config = files.pop("cardlint.toml", "")
    for number in range(25):  # chance chooses what is done with it: commands on the disk are one of them
        oracle.examine(Mutant({name: text.encode() for name, text in files.items()}, config.encode(), path.stem, f"regression {number}"))


def test_a_mutant_is_named_by_its_seed_and_index() -> None:
    assert mutant(7, 11) == mutant(7, 11)
    assert len({repr(mutant(7, index).files) for index in range(200)}) > 190


# the harness itself: what it has to notice ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["internal error: ValueError: x (at link/texts.py:7 < link/sites.py:9)", "more memory than there is for one question"]
)
def test_what_a_run_tells_of_instead_of_raising_is_a_failure(said: str) -> None:
    from msgspec.structs import replace

    from cardlint.config import Config
    from cardlint.engine import run
    from cardlint.findings import Place, Step

    done = run((), Config(), instead={"a.py": b"import prometheus_client\n"}, files=())
    oracle._without_faults(done)
    program = replace(done.program, limits=(Step(Place("a.py", 1, 1, 1, 1), said),))
    with pytest.raises(oracle.Wrong):
        oracle._without_faults(replace(done, program=program))


def _recurse() -> None:
    _recurse()


def _hang() -> None:
    while True:
        pass


def _grow() -> None:
    kept = []
    while True:
        kept.append(bytearray(1 << 22))


def _swallow() -> None:
    """Take much memory, and say nothing of it."""
    kept = [b"x" * (1 << 20) for _ in range(900)]
    assert kept


BROKEN = {"exception": _recurse, "died": os.abort, "hang": _hang, "memory": _grow}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_failure_is_noticed_and_the_others_go_on(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "hang":
        monkeypatch.setattr(pool, "CPU_SECONDS", 0.5)

    def work(index: int) -> None:
        if index == 3:
            BROKEN[kind]()

    events = list(pool.work_through(work, range(6), 2, None))
    assert [(e.index, e.kind) for e in events if isinstance(e, pool.Failure)] == [(3, kind)]
    assert sum(e for e in events if isinstance(e, int)) == 6


def test_each_step_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "CPU_SECONDS", 0.6)

    def work(index: int) -> None:
        for _ in range(4):
            pool.step()
            started = time.process_time()
            while time.process_time() - started < 0.25:
                pass

    assert list(pool.work_through(work, range(1), 1, None)) == [1]


def test_memory_is_noticed_where_no_exception_tells_of_it() -> None:
    [found] = [e for e in pool.work_through(lambda index: _swallow(), range(1), 1, None) if isinstance(e, pool.Failure)]
    assert found.kind == "memory"


def test_what_waits_for_ever_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "WALL_SECONDS", 0.3)
    [found] = [e for e in pool.work_through(lambda index: time.sleep(60), range(1), 1, None) if isinstance(e, pool.Failure)]
    assert found.kind == "waits"
    assert "test_fuzz.py" in found.stack


def test_time_ends_the_run() -> None:
    assert sum(e for e in pool.work_through(lambda index: time.sleep(0.01), range(10_000), 1, 0.5) if isinstance(e, int)) < 2_000


def test_nobody_works_on_when_the_run_is_stopped() -> None:
    events = pool.work_through(lambda index: time.sleep(0.2) if index < 2 else time.sleep(60), range(400), 2, None)
    children = []
    fork = os.fork

    def counted() -> int:
        children.append(fork())
        return children[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fork", counted)
        patch.setattr(pool, "CHUNK", 1)
        next(events)
    events.close()  # type: ignore[attr-defined]
    assert children
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


def test_a_failing_mutant_is_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    def examine(mutant: Mutant) -> None:
        if b"bad" in mutant.files.get("b.py", b""):
            raise oracle.Wrong("bad")

    monkeypatch.setattr(oracle, "examine", examine)
    made = Mutant({"a.py": b"x = 1\n", "b.py": b"y = 1\nbad = good + 3\nz = 2\n"}, b"pedantic = true\n", "", "")
    assert "bad" in failure(made)
    assert minimised(made)[:2] == ({"b.py": b"bad"}, b"")
