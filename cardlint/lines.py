"""The text of a file as lines, for code frames."""

from __future__ import annotations


def lines_of(data: bytes) -> list[str]:
    """Return a text as lines without their ends, as Python would decode it."""
    from cardlint.facts.source import Unreadable, decode

    try:
        return decode(data).split("\n")
    except Unreadable:
        return data.decode("utf-8", "replace").split("\n")


def from_disk(path: str) -> list[str]:
    """Return the lines of a file as it is now; one that cannot be read has none."""
    try:
        with open(path, "rb") as handle:
            return lines_of(handle.read())
    except OSError:
        return []
