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
        diff = lines(log(line) for line in text.split("\n")).encode(sys.stdout.encoding or "utf-8", "backslashreplace")
    elif any(os.environ.get(name) for name in BUILDS) and not _is_file(sys.stdout):
        diff = patch(diff)
    _bytes(diff)


def say_traceback(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
    """Print a traceback line by line, because it quotes analysed code."""
    import traceback

    for part in traceback.format_exception(kind, problem, trace):
        for line in part.rstrip("\n").split("\n"):
            say(line, aside=True)


def color_wanted(stream: Any) -> bool:
    """Tell whether to colour: NO_COLOR forbids it, FORCE_COLOR demands it, else only on a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return bool(stream.isatty()) and os.environ.get("TERM") != "dumb"


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
