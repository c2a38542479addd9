"""SECURITY.md promises what tests hold: every test that it names is there, and no test against hostile input goes unnamed."""

from __future__ import annotations

import re

from tests.conftest import ROOT

TEXT = (ROOT / "SECURITY.md").read_text()
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("| Asset")]
NAMED = set(re.findall(r"`(tests/[\w/]+\.py)`", TEXT))


def test_every_named_test_is_there() -> None:
    missing = sorted(name for name in NAMED if not (ROOT / name).is_file())
    assert missing == []
    assert all("def test_" in (ROOT / name).read_text() for name in NAMED)


def test_every_promise_names_a_test() -> None:
    assert len(ROWS) >= 8
    for row in ROWS:
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        assert len(cells) == 4, row
        assert re.search(r"`tests/[\w/]+\.py`", cells[3]), row


def test_every_hostile_test_is_named() -> None:
    for folder in ("hostile", "fuzz"):
        for path in (ROOT / "tests" / folder).glob("test_*.py"):
            assert path.relative_to(ROOT).as_posix() in NAMED


def test_readers_find_the_document() -> None:
    assert "(SECURITY.md)" in (ROOT / "README.md").read_text()
    assert "(../SECURITY.md)" in (ROOT / "docs" / "limits.md").read_text()
