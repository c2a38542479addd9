"""The text of a file as lines, for code frames."""

from __future__ import annotations

MAX_BYTES = 50_000_000
"""More than any file that a report shows a line of, and than any baseline."""


def lines_of(data: bytes) -> list[str]:
    """Return a text as lines without their ends, as Python would decode it."""
    from cardlint.lowering.source import Unreadable, decode

    try:
        return decode(data).split("\n")
    except Unreadable:
        return data.decode("utf-8", "replace").split("\n")


def from_disk(path: str) -> list[str]:
    """Return the lines of a file as it is now; one that cannot be read has none."""
    data = bytes_of(path)
    return lines_of(data) if data else []


def bytes_of(path: str) -> bytes:
    """Return the content of a file as it is now; one that cannot be read, or is no file of a sensible size, has none."""
    from cardlint.files.regular import read_regular

    try:
        return read_regular(path, MAX_BYTES)
    except OSError:
        return b""
