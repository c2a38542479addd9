"""Layout: lines are folded between words as rich folds them, no word is broken, and rich is not loaded for ASCII."""

from __future__ import annotations

import io
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from cardlint.config import Config
from cardlint.engine import Run, run
from cardlint.output import Options, layout, renderer
from cardlint.output.layout import CODES, Screen, cells, sized
from cardlint.output.neutralise import log
from tests.conftest import ROOT

PIECES = (
    "a", "word", "ab cd", " ", "  ", "   ", "\n", "-", "/users/{id}", "x" * 37, "x" * 41, "y" * 130, "a " * 60, "z." * 25 + " ", "::", "##[", "##",
    "error::", "::set-output name=a::b", " ::warning ::", "##vso[task]", "\x1b[31m", "\x07", "it's", '"q"', "\\", "[bold]", ":smile:", "%", "1,000",
)  # fmt: skip
WIDE = ("é", "日本語", "\t", "a\tb", "👍", "\u200d", "e\u0301", "\u202e", "ｆｕｌｌ", "\ud800")
STYLES = ("", *CODES)


def folded_by_rich(text: str, width: int) -> list[str]:
    """Return the rows of a text that rich makes; it breaks words that are longer than a row."""
    return [row.plain.rstrip() for row in Text(text).wrap(Console(file=io.StringIO(), width=width), width, tab_size=1)]


@pytest.mark.parametrize("seed", range(4))
def test_rows_are_those_of_rich_and_hold_whole_words(seed: int) -> None:
    chance = random.Random(seed)
    compared = 0
    for _ in range(800):
        width = chance.choice([1, 20, 33, 40, 41, 60, 79, 80, 100, 200])
        pool = (*PIECES, *WIDE) if chance.random() < 0.3 else PIECES
        text = log("".join(chance.choices(pool, k=chance.randrange(12)))).replace("\t", "    ")
        rows = Screen(Options(list, width=width)).wrapped(text, width)
        assert [word for row in rows for word in row.split()] == text.split(), "no word is broken"
        assert all(cell_len(row) <= width or " " not in row.strip() for row in rows), (text, width, rows)
        if cell_len(text) > width and all(cell_len(word) <= width for word in text.split()) and text[:1].strip():
            assert rows == folded_by_rich(text, width), (text, width)
            compared += 1
    assert compared > 50


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_lines_hold_what_was_printed(seed: int, color: bool) -> None:
    """Folding and colours change blanks and nothing else; a line that fits or is `whole` is one row."""
    chance = random.Random(seed)
    for _ in range(400):
        width = chance.choice([0, 1, 40, 41, 60, 79, 80, 100, 200])
        pool = (*PIECES, *WIDE) if chance.random() < 0.2 else PIECES
        parts = [("".join(chance.choices(pool, k=chance.randrange(9))), chance.choice(STYLES)) for _ in range(chance.randrange(4))]
        screen, whole = Screen(Options(list, color=color, width=width)), chance.random() < 0.3
        screen.line(*parts, whole=whole)
        text = re.sub(r"\x1b\[[0-9;]*m", "", screen.text())
        assert color or text == screen.text()
        assert text.endswith("\n")
        rows = text.removesuffix("\n").split("\n")
        wanted = log("".join(content for content, _ in parts)).replace("\t", "    ")
        if whole or width == 0 or cell_len(wanted) <= max(width, layout.MIN_WIDTH):
            assert rows == [wanted]
        if "\\x" not in text:  # what is neutralised at the start of a row is written longer
            assert "".join(text.split()) == "".join(wanted.split())
            assert all(cell_len(row) <= max(width, layout.MIN_WIDTH) or " " not in row.strip() for row in rows[1:])


def test_cells_are_those_of_rich() -> None:
    chance = random.Random(1)
    for _ in range(300):
        text = log("".join(chance.choices((*PIECES, *WIDE), k=chance.randrange(6))))
        assert cells(text) == cell_len(text)
        for width in (0, 1, 5, 40, 200):
            assert sized(text, width) == set_cell_size(text, width)


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("width", [1, 40, 60, 100, 200])
def test_reports_in_ascii_are_those_with_rich(color: bool, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    done = _fixtures()
    options = Options(done.project.lines, color=color, width=width, verbose=color)
    ours = renderer("text")(done.report, options)
    monkeypatch.setattr(layout, "is_simple", lambda text: False)
    assert ours == renderer("text")(done.report, options)


def test_a_report_in_ascii_loads_no_rich(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        'from prometheus_client import Counter\nC = Counter("a_total", "A", ["user_id"])\nC.labels(input()).inc()\n'
    )
    code = (
        "import sys\nfrom cardlint.cli.app import run\nassert run(['check', '--isolated', 'app.py']) == 1\nassert 'rich' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, timeout=60)


def _fixtures() -> Run:
    return run([str(ROOT / "fixtures")], Config(pedantic=True))
