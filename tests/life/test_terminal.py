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
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "CI", "COLUMNS", "LINES")}
    command = [sys.executable, "-m", "cardlint", "--no-cache", *options, "."]
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
    titles = ("error[", "warning[", "note[")  # one line each, so that they can be searched and copied; the terminal folds them
    too_wide = [line for line in plain.splitlines() if columns(line) > width and " " in line.strip() and not line.startswith(titles)]
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
