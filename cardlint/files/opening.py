"""Opening: the bytes of files that may be anything - pipes, devices, links that loop, files without an end.

A file of the analysed tree is opened here, so that no run ever waits for one.
"""

from __future__ import annotations

import os
from stat import S_ISREG


class NotReadable(Exception):
    """A file cannot be read; the message is the reason in a few words."""


def without_waiting(path: str, flags: int) -> int:
    """Open a file that may be a pipe or a device by now: nothing waits for what somebody may write to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read(path: str, limit: int) -> bytes:
    """Return the bytes of a regular file of at most this size. Raises NotReadable for everything else."""
    try:
        with open(path, "rb", buffering=0, opener=without_waiting) as handle:
            status = os.fstat(handle.fileno())
            if not S_ISREG(status.st_mode):
                raise NotReadable("it is no regular file")
            if status.st_size > limit:
                raise NotReadable(f"it holds {_size(status.st_size)}; files above {_size(limit)} are not analysed")
            # what says that it is empty may be a file of the system that never ends
            data = handle.read() if status.st_size else handle.read(limit)
            return data or b""
    except (OSError, ValueError) as problem:
        raise NotReadable(reason(problem)) from None


def beginning(path: str, limit: int) -> bytes:
    """Return the first bytes of a regular file, none for one that cannot be read."""
    try:
        with open(path, "rb", buffering=0, opener=without_waiting) as handle:
            return (handle.read(limit) or b"") if S_ISREG(os.fstat(handle.fileno()).st_mode) else b""
    except (OSError, ValueError):
        return b""


def reason(problem: Exception) -> str:
    """Return why the system refuses, as it is shown."""
    return (getattr(problem, "strerror", None) or "the system refuses").lower()


def _size(count: int) -> str:
    return f"{count // 1_000_000} MB" if count >= 1_000_000 else f"{count} bytes"
