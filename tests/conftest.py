"""Helpers for tests: a small tree from text, a run over it, expected findings from marks."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cardlint.config import Config
from cardlint.engine import Run, run
from cardlint.findings import Finding

ROOT = Path(__file__).resolve().parent.parent
FILE = re.compile(r"^# file: (\S+)\n", re.M)
EXPECT = re.compile(r"# expect: ([a-z-]+)(?:\[(\w+)\])?")


def split_files(code: str, default: str = "app.py") -> dict[str, str]:
    """Split an example into its files: `# file: name.py` begins one."""
    parts = FILE.split(code)
    if len(parts) == 1:
        return {default: code}
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.fixture(autouse=True)
def _environment_is_left_alone() -> Iterator[None]:
    """Fail the test that leaves a variable behind: a later test in the same process would fail for it."""
    before = dict(os.environ)
    yield
    changed = {name for name, value in before.items() ^ os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    if changed:
        os.environ.clear()
        os.environ.update(before)
    assert not changed, f"left changed: {sorted(changed)}"


Lint = Callable[..., Run]


@pytest.fixture
def lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lint:
    """Write files below a temporary folder, make it the working directory and run over it."""

    def go(code: str | dict[str, str], config: Config | None = None, **settings: object) -> Run:
        files = code if isinstance(code, dict) else split_files(code)
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        monkeypatch.chdir(tmp_path)
        return run(["."], config or Config(**settings))  # type: ignore[arg-type]

    return go


def marks(path: Path) -> set[tuple[int, str, str | None]]:
    """Read the `# expect: rule[label]` marks of a file as (line, rule, label)."""
    found = set()
    for number, line in enumerate(path.read_text().splitlines(), 1):
        for match in EXPECT.finditer(line):
            found.add((number, match[1], match[2]))
    return found


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str | None, int]]:
    """Return findings as (rule, label, line) for short comparisons."""
    return [(f.rule, f.label, f.place.line) for f in findings]
