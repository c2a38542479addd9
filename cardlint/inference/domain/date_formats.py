"""Formats of dates: how many texts a format, or a part of an ISO date, can give. A format with a year has no bound."""

from __future__ import annotations

from cardlint.common.numbers import capped
from cardlint.inference.domain.value_sets import ValueSet, derived

DAY = 86_400
FIELDS = {
    "H": 24, "I": 12, "M": 60, "S": 62, "p": 2, "d": 31, "m": 12, "b": 12, "B": 12, "a": 7, "A": 7, "w": 7, "u": 7, "j": 366, "U": 54, "W": 54,
    "V": 53, "h": 12, "e": 31, "k": 24, "l": 12, "P": 2, "R": 1440, "T": DAY, "X": DAY, "r": DAY, "y": 100, "f": 1_000_000, "n": 1, "t": 1,
}  # fmt: skip
"""How many texts each field can be. Years and whole dates are none of them."""
ZONES = frozenset("zZ")
"""Fields that name the time zone: one or two texts where the zone is that of the process."""
PADDING = "-_0^#"
ISO = ((0, 4, 0), (5, 7, 12), (8, 10, 31), (11, 13, 24), (14, 16, 60), (17, 19, 60))
"""Where the fields of `2024-05-31 23:59:59` stand, and how many texts each can be; the first one grows."""
ISO_END = 19


def size_of(text: str, zone: int = 0) -> int | None:
    """Return how many texts a format can give, None where it grows; `zone` is how many names its time zone has."""
    size = 1
    for field in text.replace("%%", "").split("%")[1:]:
        letter = field.lstrip(PADDING)[:1]
        held = FIELDS.get(letter) or (zone if letter in ZONES else 0)
        if not held:
            return None
        size = capped(size * held)
    return size


def repeating(sizes: list[int | None], formats: object) -> ValueSet | None:
    """Return the texts of several formats, None where one of them grows. Those of other formats are other texts."""
    known = [size for size in sizes if size is not None]
    return derived(sum(known), "a part of the date that repeats", ("strftime", formats)) if len(known) == len(sizes) else None


def size_of_part(start: int, stop: int | None) -> int | None:
    """Return how many texts a part of an ISO date can be, None where it holds the year or what follows the seconds."""
    if stop is None or start < 0 or not start < stop <= ISO_END:
        return None
    size = 1
    for first, end, held in ISO:
        shared = min(stop, end) - max(start, first)
        if shared > 0:
            if not held:
                return None
            size *= held if shared == end - first else 10
    return size
