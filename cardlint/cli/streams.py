"""The streams of the process: a closed stream, a closed pipe and a full disk do not change the exit code.

With descriptor 1 closed, the next opened file gets the number 1, and output goes into it. So the three numbers are taken
before any file is opened. A pipe without a reader drops the rest of the report.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from typing import Any

PRINTED = (("stdout", 1), ("stderr", 2))


def steady() -> None:
    """Open the null device in the place of closed streams, and ignore a pipe that loses its reader."""
    if sys.stdin is None or sys.stdout is None or sys.stderr is None:
        _fill()
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if os.name == "posix" and isinstance(stream, io.TextIOWrapper) and _is_pipe(stream):
            setattr(sys, name, _patient(stream))


def _fill() -> None:
    """Open the null device under each of the first three numbers that is free, and make streams of those for output."""
    while True:
        number = os.open(os.devnull, os.O_RDWR)
        if number > 2:
            os.close(number)
            break
        os.set_inheritable(number, True)
    for name, number in PRINTED:
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w", encoding="utf-8", errors="backslashreplace", closefd=False))  # noqa: SIM115 - for as long as the process lives


def _is_pipe(stream: io.TextIOWrapper) -> bool:
    try:
        kind = os.fstat(stream.fileno()).st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind)


def _patient(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    """Return a stream to the same place that continues when the pipe has no reader."""
    raw = _Patient(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors=stream.errors,
        newline="\n" if os.linesep == "\n" else None,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


class _Patient(io.FileIO):
    """A pipe that accepts all output, also without a reader."""

    def write(self, data: Any, /) -> int:
        """Write to the pipe; without a reader, drop the output from then on."""
        try:
            return super().write(data)
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return super().write(data)
