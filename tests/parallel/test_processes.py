"""The second process: what a report says does not depend on how many processes made it."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from msgspec.structs import replace

from cardlint.config import Config
from cardlint.engine import run
from cardlint.findings import Report
from cardlint.parallel import syntax
from cardlint.parallel.syntax import SyntaxCheck

LONG = "from prometheus_client import Counter\nimport helper\nC = Counter('c', 'C', ['user_id'])\n" + "".join(
    f"\n\ndef f{n}(x):\n    a = x\n    b = a\n    C.labels(helper.name(b)).inc()\n    return a\n" for n in range(12)
)
DAMAGE = ("    )\n", "    x = (\n", "    'a\n", '    """\n', "  x = 1\n", "    return return\n", "    x = 1 2\n", "\0", "    f(**)\n")


def report(jobs: int) -> Report:
    found = run(["."], Config(), jobs=jobs).report
    return replace(found, summary=replace(found.summary, duration_s=0.0))


@pytest.mark.parametrize("seed", range(6))
def test_errors_inside_of_functions_are_reported_by_any_number_of_processes(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(syntax, "THRESHOLD", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    Path("helper.py").write_text("def name(x):\n    return x\n")
    Path("sound.py").write_text("from prometheus_client import Gauge\nG = Gauge('g', 'G')\n")
    broken = set()
    for number in range(6):
        lines = LONG.splitlines(keepends=True)
        if chance.random() < 0.7:
            lines.insert(chance.choice([i for i, line in enumerate(lines) if "b = a" in line]), chance.choice(DAMAGE))
            broken.add(f"m{number}.py")
        Path(f"m{number}.py").write_text("".join(lines))
    alone = report(1)
    assert {f.place.path for f in alone.findings if f.rule == "unreadable-file"} == broken
    assert report(2) == alone


def test_a_process_that_dies_leaves_its_work_to_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "THRESHOLD", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    here = os.getpid()
    sources = {"a.py": b"x = (", "b.py": b"x = 1"}

    def data(path: str) -> bytes:
        if os.getpid() != here and path == "b.py":
            os._exit(9)
        return sources[path]

    check = SyntaxCheck(list(sources), data, 2)
    assert check.apart
    assert check.failing() == ["a.py"]
