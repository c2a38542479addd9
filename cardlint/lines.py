"""The text of a file as lines, for code frames."""

from __future__ import annotations

from cardlint.files.opening import NotReadable, read

MAX_BYTES = 20_000_000


def lines_of(data: bytes) -> list[str]:
    """Return a text as lines without their ends, as Python would decode it."""
    from cardlint.facts.source import Unreadable, decode

    try:
        return decode(data).split("\n")
    except Unreadable:
        return data.decode("utf-8", "replace").split("\n")


def from_disk(path: str) -> list[str]:
    """Return the lines of a file as it is now; one that cannot be read has none."""
    data = bytes_of(path)
    return lines_of(data) if data else []


def bytes_of(path: str) -> bytes:
    """Return the content of a file as it is now; one that cannot be read has none."""
    try:
        return read(path, MAX_BYTES)
    except NotReadable:
        return b""
