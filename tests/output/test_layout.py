"""Layout: lines in ASCII are folded and coloured as rich does it, byte for byte, and rich is not loaded for them."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from msgspec.structs import replace
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


class Rich:
    """A screen that leaves everything to rich: what ours has to agree with."""

    def __init__(self, options: Options) -> None:
        self.out = io.StringIO()
        self.width = max(layout.MIN_WIDTH, options.width)
        self.console = Console(
            file=self.out,
            force_terminal=options.color,
            no_color=not options.color,
            color_system="standard" if options.color else None,
            width=self.width,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )

    def line(self, *parts: tuple[str, str], soft_wrap: bool = False, crop: bool = True) -> None:
        text = Text()
        whole = log("".join(content for content, _ in parts))
        if whole == "".join(log(content) for content, _ in parts):
            for content, style in parts:
                text.append(log(content), style or None)
        else:
            text.append(whole)
        if not crop:
            self.console.print(text, overflow="ignore", no_wrap=True, crop=False)
            return
        folded = not soft_wrap and text.cell_len > self.width
        for row in text.wrap(self.console, self.width, overflow="ignore") if folded else [text]:
            if folded:
                row.rstrip()
            harmless = log(row.plain)
            self.console.print(row if harmless == row.plain else Text(harmless), soft_wrap=True)

    def wrapped(self, text: str, width: int) -> list[str]:
        return [row.plain.rstrip() for row in Text(text).wrap(self.console, width, overflow="ignore")]


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_lines_are_those_of_rich(seed: int, color: bool) -> None:
    chance = random.Random(seed)
    for _ in range(400):
        width = chance.choice([1, 40, 41, 60, 79, 80, 100, 200])
        options = Options(lambda path: [], color=color, width=width)
        pool = (*PIECES, *WIDE) if chance.random() < 0.2 else PIECES
        ours, theirs = Screen(options), Rich(options)
        for _ in range(3):
            parts = [("".join(chance.choices(pool, k=chance.randrange(9))), chance.choice(STYLES)) for _ in range(chance.randrange(4))]
            soft_wrap, crop = chance.random() < 0.3, chance.random() < 0.8
            ours.line(*parts, soft_wrap=soft_wrap, crop=crop)
            theirs.line(*parts, soft_wrap=soft_wrap, crop=crop)
            assert ours.text() == theirs.out.getvalue(), (parts, width, soft_wrap, crop)
        text = log("".join(chance.choices(pool, k=chance.randrange(12))))
        for narrow in (1, 20, 33, width):
            assert ours.wrapped(text, narrow) == theirs.wrapped(text, narrow), (text, narrow)


def test_cells_are_those_of_rich() -> None:
    chance = random.Random(1)
    for _ in range(300):
        text = log("".join(chance.choices((*PIECES, *WIDE), k=chance.randrange(6))))
        assert cells(text) == cell_len(text)
        for width in (0, 1, 5, 40, 200):
            assert sized(text, width) == set_cell_size(text, width)


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("width", [1, 40, 60, 100, 200])
def test_reports_are_those_of_rich(color: bool, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_many_findings_take_less_than_a_quarter_of_the_time_that_rich_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    done = _fixtures()
    report = replace(done.report, findings=done.report.findings * 6)
    lines = {path: done.project.lines(path) for path in done.project.paths()}
    options = Options(lambda path: lines.get(path, []))

    def seconds() -> float:
        started = time.process_time()
        renderer("text")(report, options)
        return time.process_time() - started

    seconds()
    ours = min(seconds() for _ in range(3))
    monkeypatch.setattr(layout, "is_simple", lambda text: False)
    assert ours < min(seconds() for _ in range(2)) / 4


def _fixtures() -> Run:
    return run([str(ROOT / "fixtures")], Config(pedantic=True))
