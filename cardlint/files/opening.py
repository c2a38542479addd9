"""Opening: the bytes of files that may be anything - pipes, devices, links that loop, files without an end.

All files of the analysed code are opened here, so that no run waits for one.
"""

from __future__ import annotations

import os

from cardlint.files.regular import FLAGS, TooLarge, read_open


class NotReadable(Exception):
    """A file cannot be read; the message is the reason in a few words."""


def without_waiting(path: str, flags: int) -> int:
    """Open a file that may have become a pipe or a device: opening does not wait for a writer."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read(path: str, limit: int) -> bytes:
    """Return the bytes of a regular file of at most this size. Raises NotReadable for everything else."""
    try:
        return _read(path, limit)
    except TooLarge as problem:
        raise NotReadable(f"{problem.strerror}; larger files are not analysed") from None
    except (OSError, ValueError) as problem:
        raise NotReadable(reason(problem)) from None


def beginning(path: str, limit: int) -> bytes:
    """Return the first bytes of a regular file, none for one that cannot be read."""
    try:
        return _read(path, limit, cut=True)
    except (OSError, ValueError):
        return b""


def _read(path: str, limit: int, *, cut: bool = False) -> bytes:
    descriptor = without_waiting(path, FLAGS)  # not `read_regular`: one system call for each of thousands of files is enough
    try:
        return read_open(descriptor, limit, cut=cut)
    finally:
        os.close(descriptor)


def reason(problem: Exception) -> str:
    """Return the reason of an error of the system, as messages show it."""
    return (getattr(problem, "strerror", None) or "the system refuses").lower()
