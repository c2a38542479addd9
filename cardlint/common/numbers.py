"""Numbers as text: which texts are numbers, and how very large numbers are written.

Python's own tests do not agree with `int`: `"²".isdigit()` holds and `int("²")` raises, and more digits than the interpreter
accepts raise in both directions. All code that reads or writes a number of the analysed code goes through here.
"""

from __future__ import annotations

MAX_DIGITS = 18
"""Digits of a number that is computed with: it fits into 64 bits, as JSON readers and caches expect."""
MAX_COUNT: int = 10**MAX_DIGITS
"""Counts above this are equal: no server stores as many series."""


def parse_int(text: str, max_digits: int = MAX_DIGITS) -> int | None:
    """Read a whole number of ASCII digits; None for anything else, and for more digits than the limit."""
    if not 0 < len(text) <= max_digits or not text.isascii() or not text.isdigit():
        return None
    return int(text)


def capped(count: int) -> int:
    """Return a count, or the largest one that is distinguished."""
    return min(count, MAX_COUNT)


def spoken(count: int) -> str:
    """Write a count for people: with commas, and `more than 10^18` above the limit."""
    return f"{count:,}" if count < MAX_COUNT else f"more than 10^{MAX_DIGITS}"
