"""The text of a file as lines, for code frames."""

from __future__ import annotations

MAX_BYTES = 50_000_000
"""Larger than any file with a shown line, and than any baseline."""


def lines_of(data: bytes) -> list[str]:
    """Return a text as lines without their ends, decoded as Python does."""
    from cardlint.lowering.source import Unreadable, decode

    try:
        return decode(data).split("\n")
    except Unreadable:
        return data.decode("utf-8", "replace").split("\n")


def from_disk(path: str) -> list[str]:
    """Return the current lines of a file; one that cannot be read has none."""
    data = bytes_of(path)
    return lines_of(data) if data else []


def bytes_of(path: str) -> bytes:
    """Return the current content of a file; one that cannot be read, or is too large, has none."""
    from cardlint.files.regular import read_regular

    try:
        return read_regular(path, MAX_BYTES)
    except OSError:
        return b""
