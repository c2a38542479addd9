"""What a person sees: the real output on a pseudo-terminal, at several widths, with tabs and wide characters."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest

CODE = (
    'from prometheus_client import Counter\n\nC = Counter("a_total", "A", ["user_id"])\n\n\ndef f(user_id, 名前="日本語"):\n\tif 名前:\n\t\tC.labels("'
    + "日本"
    + '", user_id=user_id) if 0 else C.labels(user_id).inc()\n'
)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def on_terminal(width: int, cwd: Path, *options: str, **env: str) -> str:
    """Run cardlint on a pseudo-terminal of a width and return everything it wrote."""
    command = [sys.executable, "-m", "cardlint", *(options if options[:1] == ("explain",) else ("--no-cache", *options, "."))]
    return run_on_terminal(command, width, cwd, **env)


def run_on_terminal(command: list[str], width: int, cwd: Path, **env: str) -> str:
    """Run a command on a pseudo-terminal and return everything that it showed."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "CI", "COLUMNS", "LINES")}
    process = subprocess.Popen(
        command, cwd=cwd, stdin=follower, stdout=follower, stderr=follower, env={**clean, "TERM": "xterm-256color", **env}
    )
    os.close(follower)
    out = b""
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:
            break
        if not chunk:
            break
        out += chunk
    process.wait(30)
    os.close(leader)
    return out.decode().replace("\r\n", "\n")


def columns(text: str) -> int:
    """Return how many cells a line takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(CODE)
    return tmp_path


@pytest.mark.parametrize("width", [40, 80, 120])
def test_frames_fit_the_terminal(width: int, tree: Path) -> None:
    text = on_terminal(width, tree)
    assert COLOUR.search(text), "a terminal gets colours"
    plain = COLOUR.sub("", text)
    too_wide = [line for line in plain.splitlines() if columns(line) > width and " " in line.strip()]
    assert not too_wide, too_wide
    assert "identity-label" in plain
    assert "\t" not in plain, "tabs are expanded, or the underline would stand elsewhere"


def test_the_underline_stands_below_its_word(tree: Path) -> None:
    plain = COLOUR.sub("", on_terminal(120, tree)).splitlines()
    found = False
    for line, below in pairwise(plain):
        if "C.labels(user_id).inc()" in line and "^" in below:
            start = columns(line[: line.index("C.labels(user_id)") + len("C.labels(")])
            assert columns(below[: below.index("^")]) == start
            assert below.count("^") == len("user_id")
            found = True
    assert found


def test_colours_can_be_refused(tree: Path) -> None:
    assert not COLOUR.search(on_terminal(80, tree, NO_COLOR="1"))
    assert not COLOUR.search(on_terminal(80, tree, TERM="dumb"))


def test_formats_for_machines_are_never_coloured(tree: Path) -> None:
    assert not COLOUR.search(on_terminal(80, tree, "--format", "json"))


def test_colours_can_be_asked_for(tree: Path) -> None:
    command = [sys.executable, "-m", "cardlint", "--no-cache", "."]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, env={**os.environ, "FORCE_COLOR": "1"})
    assert COLOUR.search(done.stdout)
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    assert not COLOUR.search(done.stdout), "a pipe gets none by itself"


SEVERAL = """from prometheus_client import Counter, Summary
import prometheus_client
E = Counter("e_total", "E", ["user_id"])
def f(user_id):
    E.labels(user_id).inc()
S = Summary("s", "S")
H = prometheus_client.Histogram("h", "H")
"""


def test_each_severity_has_its_colour(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(SEVERAL)
    (tmp_path / "broken.py").write_text("import prometheus_client\ndef f(:\n")
    text = on_terminal(120, tmp_path, "--pedantic")
    assert "\x1b[1;31merror[unreadable-file]\x1b[0m" in text
    assert "\x1b[1;33mwarning[identity-label]\x1b[0m" in text
    assert "\x1b[1;36mnote[default-buckets]\x1b[0m" in text


@pytest.mark.parametrize("width", [1, 10, 20, 39])
def test_a_terminal_too_narrow_for_frames_still_shows_everything(width: int, tree: Path) -> None:
    plain = COLOUR.sub("", on_terminal(width, tree))
    assert "Traceback" not in plain
    assert "identity-label" in plain
    assert "2 findings" in plain or "1 finding" in plain


ODD = {
    "wide": "日本語テキスト",
    "combining": "e\u0301o\u0308",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "tabs": "a\tb\tc",
    "direction": "\u202eabc\u202c",
    "long": "x" * 400,
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_underline_finds_its_word_behind_odd_characters(name: str, width: int, tmp_path: Path) -> None:
    from rich.cells import cell_len

    (tmp_path / "app.py").write_text(
        f'from prometheus_client import Counter\nC = Counter("a_total", "A", ["kind", "user_id"])\n\n\ndef f(user_id):\n\tC.labels("{ODD[name]}", user_id).inc()\n'
    )
    plain = COLOUR.sub("", on_terminal(width, tmp_path)).splitlines()
    frames = [(line, below) for line, below in pairwise(plain) if "^" in below and "|" in line]
    assert frames
    for line, below in frames:
        start = cell_len(below[: below.index("^")])
        before = next(i for i in range(len(line) + 1) if cell_len(line[:i]) == start)
        assert line[before:].startswith("user_id"), (line, below)
        assert below.count("^") == len("user_id")
        assert cell_len(line) <= width


def test_a_page_fits_the_terminal(tree: Path) -> None:
    text = on_terminal(60, tree, "explain", "raw-path")
    assert COLOUR.search(text)
    assert all(columns(line) <= 60 for line in re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines())


def test_a_diff_on_a_terminal_cannot_steer_it(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from prometheus_client import Summary\nX = '\x1b[2J\u202e'; S = Summary('s_seconds', 'S')\n")
    shown = on_terminal(80, tmp_path, "--diff", "--unsafe-fixes")
    assert "+X = '\\x1b[2J\\u202e'; S = Histogram(" in shown
    assert "\x1b[2J" not in shown


WAITING = "import time, cardlint.cli.progress as p\np.PATIENCE = p.STEP = 0.05\nwith p.bar():\n    time.sleep(0.5)\nprint('done')\n"


def test_a_long_run_shows_that_it_is_alive_and_wipes_it_out(tmp_path: Path) -> None:
    text = run_on_terminal([sys.executable, "-c", WAITING], 80, tmp_path)
    pictures = re.findall(r"\rcardlint: analysing (\[[ =]{12}\]) \d s", text)
    assert len(pictures) > 3
    assert len(set(pictures)) > 1, "the bar moves"
    assert text.endswith("\r\x1b[2Kdone\n")


@pytest.mark.parametrize("env", [{"CI": "true"}, {"TERM": "dumb"}])
def test_nothing_moves_where_nobody_watches(env: dict[str, str], tmp_path: Path) -> None:
    assert run_on_terminal([sys.executable, "-c", WAITING], 80, tmp_path, **env) == "done\n"
    done = subprocess.run([sys.executable, "-c", WAITING], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("done\n", "")


def test_a_short_run_shows_no_bar(tree: Path) -> None:
    assert "analysing" not in on_terminal(80, tree)


def test_no_word_is_broken_and_a_pipe_gets_whole_lines(tree: Path) -> None:
    piped = subprocess.run(
        [sys.executable, "-m", "cardlint", "--no-cache", "."], cwd=tree, capture_output=True, text=True, check=False
    ).stdout
    words = set(piped.split())
    for width in (40, 80):
        shown = COLOUR.sub("", on_terminal(width, tree, "--isolated")).rpartition("\x1b[2K")[2]
        broken = {word for word in shown.split() if word not in words and not re.search(r"\.\.\.|\^|-+$|^\d", word)}
        assert not broken, broken
    assert [line for line in piped.splitlines() if line != line.rstrip()] == []
    assert sum("= why:" in line for line in piped.splitlines()) == piped.count("= why:") == 1
    after = piped.splitlines()[next(n for n, line in enumerate(piped.splitlines()) if "= why:" in line) + 1]
    assert after.lstrip().startswith("= "), "a sentence is one line"


def test_places_are_links_where_the_terminal_shows_them(tree: Path) -> None:
    link = re.compile(r"\x1b\]8;;(file://[^\x1b]*)\x1b\\(app\.py:\d+:\d+)\x1b\]8;;\x1b\\")
    found = link.findall(on_terminal(80, tree, TERM_PROGRAM="WezTerm"))
    assert found, "a frame names its file"
    assert all(address.startswith(f"file://{os.uname().nodename}/") and address.endswith("/app.py") for address, _ in found)
    for env in (
        {"TERM_PROGRAM": "Apple_Terminal"},
        {"TERM_PROGRAM": "WezTerm", "TERM": "dumb"},
        {"FORCE_HYPERLINK": "0", "VTE_VERSION": "7600"},
    ):
        assert "\x1b]8" not in on_terminal(80, tree, **env)
    assert "\x1b]8" in on_terminal(80, tree, "--format", "concise", FORCE_HYPERLINK="1")
    piped = subprocess.run(
        [sys.executable, "-m", "cardlint", "."],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TERM_PROGRAM": "WezTerm"},
    )
    assert "\x1b" not in piped.stdout


def test_one_line_and_changes_have_colours_on_a_terminal(tree: Path) -> None:
    assert "\x1b[1;33mwarning\x1b[0m" in on_terminal(80, tree, "--format", "concise")
    shown = on_terminal(80, tree, "--diff", "--add-ignores", "--reason", "known")
    assert re.search(r"^\x1b\[31m-.*\x1b\[0m$", shown, re.M)
    assert re.search(r"^\x1b\[32m\+.*cardlint: ignore.*\x1b\[0m$", shown, re.M)
    assert not COLOUR.search(on_terminal(80, tree, "--diff", "--add-ignores", "--reason", "known", NO_COLOR="1"))
