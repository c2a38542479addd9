"""Limits of folded constants: how large a text, a number or a collection may get before it becomes Unknown.

A few hundred bytes of source can write a constant of gigabytes: `x = x + x`, thirty times. No label is that long, so nothing
is lost. The memory of a run stays bounded by its source. All code that computes a constant asks here first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cardlint.cache.digest import blake2b
from cardlint.common.expressions import Expression
from cardlint.inference.limits import MAX_DIGITS, MAX_ITEMS, MAX_NAME, MAX_TEXT, MAX_TEXTS

LONG_TEXT = f"gave up: a constant of more than {MAX_TEXT:,} characters"
LONG_NUMBER = f"gave up: a constant of more than {MAX_DIGITS} digits"
LONG_PATH = "gave up: too many accesses to something of a library, one after the other"
MANY_ITEMS = f"gave up: a constant of more than {MAX_ITEMS:,} elements"

LARGEST = 10**MAX_DIGITS
WIDE = Expression(r"\d{5,}+")
"""A width or a precision of a format that makes a text too long; Python takes the digits of any script."""


def excess(constants: Iterable[object]) -> str:
    """Say why constants are too large to be kept; '' where they are not."""
    total = 0
    for constant in constants:
        if isinstance(constant, (str, bytes)):
            total += len(constant)
            if len(constant) > MAX_TEXT or total > MAX_TEXTS:
                return LONG_TEXT
        elif type(constant) is int and not -LARGEST < constant < LARGEST:
            return LONG_NUMBER
    return ""


def is_wide(spec: str) -> bool:
    """Tell whether a format spec makes a text too long to be made: `>1000000000`, `%.1000000d`."""
    return WIDE.regex.search(spec) is not None


def makes_too_much(method: str, text: str, given: Sequence[object]) -> bool:
    """Tell whether a method of a text gives one that is too long, before it is made."""
    if method == "replace" and len(given) > 1 and isinstance(given[0], str) and isinstance(given[1], str):
        old, new = given[0], given[1]
        grown = text.count(old) * (len(new) - len(old)) if len(new) > len(old) else 0
        return len(text) + grown > max(MAX_TEXT, len(text))
    return method in PADDING and bool(given) and isinstance(given[0], int) and given[0] > MAX_TEXT


PADDING = frozenset({"zfill", "ljust", "rjust", "center", "expandtabs"})


def repeats(length: int, times: int, most: int) -> bool:
    """Tell whether something of a length can be repeated that many times: `"ab" * 1000000000`, `() * 10**300`."""
    return times <= 0 or length == 0 or length * times <= most


def size_of_range(numbers: Sequence[int]) -> int:
    """Count the elements of a range, also of one that is longer than `len` can return."""
    span = range(*numbers)
    return max(0, (span.stop - span.start + span.step - (1 if span.step > 0 else -1)) // span.step)


def short(name: tuple[object, ...]) -> tuple[object, ...]:
    """Return the name of a composed set, or its digest: repeated composition would make names of any length."""
    left = [MAX_NAME]
    if _counts(name, left):
        return name
    return ("digest", blake2b(repr(name).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest())


def _counts(name: object, left: list[int]) -> bool:
    """Count the parts of a name, and stop where there are too many. Its parts are short already, so that this ends soon."""
    if isinstance(name, (tuple, frozenset)):
        return all(_counts(part, left) for part in name)
    left[0] -= 1 + (len(name) // 100 if isinstance(name, str) else 0)
    return left[0] >= 0
