"""Printing: everything that a command prints, on standard output or standard error, goes through here.

A test holds that no other module prints. Text from a file, a setting, the environment or the command line is printed so that
a terminal or a build log executes nothing of it.
"""

from __future__ import annotations

import os
import stat
import sys
from types import TracebackType
from typing import Any

import click

from cardlint.output.neutralise import Safe, lines, log, patch

WIDTH = 100
"""Columns of a terminal that does not tell them."""
BUILDS = ("CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION")
"""Variables of build servers, which execute commands in the output of a step."""


def say(text: str, *, aside: bool = False) -> None:
    """Print one line; `aside` is standard error. The line is neutralised here."""
    stream = sys.stderr if aside else sys.stdout
    click.echo(_printable(log(text), stream), err=aside)


def write(text: Safe) -> None:
    """Print a whole document as its format wrote it; characters outside of the terminal's encoding are escaped."""
    _bytes(text.encode(sys.stdout.encoding or "utf-8", "backslashreplace"))


def write_diff(diff: bytes) -> None:
    """Print a diff byte for byte, so that it can be applied; only for a terminal or a build log it is neutralised."""
    if sys.stdout.isatty():
        text = diff.decode("utf-8", "replace").removesuffix("\n")
        color = color_wanted(sys.stdout)
        rows = (Safe(f"\x1b[{style}m{log(line)}\x1b[0m") if color and (style := _style(line)) else log(line) for line in text.split("\n"))
        diff = lines(rows).encode(sys.stdout.encoding or "utf-8", "backslashreplace")
    elif any(os.environ.get(name) for name in BUILDS) and not _is_file(sys.stdout):
        diff = patch(diff)
    _bytes(diff)


def _style(line: str) -> str:
    """Return how a line of a diff is coloured, as git does it."""
    if line.startswith(("--- ", "+++ ")):
        return "1"
    return {"@": "36", "+": "32", "-": "31"}.get(line[:1], "")


def say_traceback(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
    """Print a traceback line by line, because it quotes analysed code."""
    import traceback

    for part in traceback.format_exception(kind, problem, trace):
        for line in part.rstrip("\n").split("\n"):
            say(line, aside=True)


def color_wanted(stream: Any, choice: str = "auto") -> bool:
    """Tell whether to colour: as `--color` says, else NO_COLOR forbids it, FORCE_COLOR demands it, else only on a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return bool(stream.isatty()) and os.environ.get("TERM") != "dumb"


LINKING = ("VTE_VERSION", "WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "DOMTERM", "WEZTERM_EXECUTABLE", "GHOSTTY_RESOURCES_DIR")
"""Variables of terminals that show links (OSC 8)."""
PROGRAMS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio")
"""Values of TERM_PROGRAM of such terminals."""


def links_wanted(stream: Any) -> bool:
    """Tell whether to write links: on a terminal that is known to show them, or where FORCE_HYPERLINK demands it."""
    forced = os.environ.get("FORCE_HYPERLINK", "")
    if forced:
        return forced != "0"
    if not stream.isatty() or os.environ.get("TERM") == "dumb" or any(os.environ.get(name) for name in ("NO_COLOR", *BUILDS)):
        return False
    return os.environ.get("TERM_PROGRAM") in PROGRAMS or any(os.environ.get(name) for name in LINKING)


def columns() -> int:
    """Return the width of the terminal as `shutil` does, without importing its archive formats; 0 where there is none.

    COLUMNS counts on a terminal, and where FORCE_COLOR says that the reader of a pipe is one: build servers set it everywhere.
    """
    if not sys.stdout.isatty() and not os.environ.get("FORCE_COLOR"):
        return 0
    given = os.environ.get("COLUMNS")
    if given:
        from cardlint.common.numbers import parse_int

        columns = parse_int(given, max_digits=5)
        if columns:
            return columns
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or WIDTH
    except (AttributeError, ValueError, OSError):
        return 0


def _printable(text: Safe, stream: Any) -> str:
    if text.isascii():
        return text
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _is_file(stream: Any) -> bool:
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):
        return False


def _bytes(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
