"""Arithmetic on sets of numbers: constants are computed, remainders and masks bound any left operand."""

from __future__ import annotations

import operator as op
from collections.abc import Callable
from itertools import product as combinations
from typing import Any

from msgspec.structs import replace

from cardlint.findings import Confidence
from cardlint.inference.domain import constant_limits
from cardlint.inference.domain.constant_limits import LONG_TEXT
from cardlint.inference.domain.value_sets import (
    Bound,
    ValueSet,
    bounded,
    computed,
    derived,
    exactly,
    product,
    transformed,
    unbounded,
    unknown,
)
from cardlint.inference.limits import MAX_COMPUTED_NUMBER, MAX_EXACT, MAX_TEXT

ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": op.add, "-": op.sub, "*": op.mul, "/": op.truediv, "//": op.floordiv, "%": op.mod, "**": op.pow,
    "<<": op.lshift, ">>": op.rshift, "|": op.or_, "&": op.and_, "^": op.xor,
}  # fmt: skip


def unary(sign: str, value: ValueSet) -> ValueSet:
    """Apply a sign to a set of numbers."""
    if value.bound is not Bound.EXACTLY:
        return value
    out = []
    for v in value.exact:
        if isinstance(v, (int, float)):
            out.append(-v if sign == "neg" else v if sign == "pos" else ~v if isinstance(v, int) else v)
    return exactly(out) if len(out) == len(value.exact) else unknown("arithmetic on text")


def combine(sign: str, left: ValueSet, right: ValueSet, whole: bool | None = None) -> ValueSet:
    """Apply a binary operator to two sets of numbers; a remainder and a mask bound any left operand.

    `whole` tells whether the left side is a whole number, None where that is not known: remainders of fractions have no end.
    """
    if left.bound is Bound.EXACTLY and right.bound is Bound.EXACTLY:
        return _exact(sign, left, right)
    if sign == "&" and (masks := [v for v in (left, right) if _is_mask(v)]):
        size = max(2 ** min(60, n.bit_count()) for n in masks[0].exact if isinstance(n, int))
        return (
            derived(size, "some bits of a number", "bits", masks[0])
            if len(masks[0].exact) == 1
            else product([*masks, bounded(size, "bits")])
        )
    if right.bound is Bound.EXACTLY and right.exact and all(type(v) is int and v > 0 for v in right.exact):
        if sign == "%":
            return _remainder(left, max(v for v in right.exact if isinstance(v, int)), whole)
        if sign == "//" and left.bound is Bound.BOUNDED:
            divisor = min(v for v in right.exact if isinstance(v, int))
            if left.kind == "status":
                return bounded(5, "HTTP status class") if divisor >= 100 else left
            return transformed(left, f"// {right.exact}")
    if right.bound is Bound.BOUNDED and sign == "%" and left.bound >= Bound.UNKNOWN:
        return unknown("remainder of a division by an unknown number")
    if sign in ("-", "/") and left.bound is Bound.UNBOUNDED and left.kind == "time":
        return unbounded("measurement", "a duration: a measurement, not a category", advice="observe it in a Histogram").with_trace_of(left)
    return product([left, right])


def _is_mask(value: ValueSet) -> bool:
    return value.bound is Bound.EXACTLY and bool(value.exact) and all(type(v) is int and v >= 0 for v in value.exact)


FRACTIONS = frozenset({"time", "random", "measurement"})
"""Kinds of numbers that are fractions where nothing says that they are whole."""


def _remainder(left: ValueSet, divisor: int, whole: bool | None) -> ValueSet:
    """Return the remainders of a division by a whole number."""
    if left.bound <= Bound.BOUNDED and (left.size or 0) <= divisor:
        return transformed(left, f"% {divisor}")
    if whole is None:
        whole = False if left.kind in FRACTIONS else True if left.bound is Bound.UNBOUNDED and left.kind in COUNTED else None
    if whole is False:
        return left
    remainder = bounded(divisor, f"remainder of a division by {divisor}")
    return remainder if whole or left.bound < Bound.UNKNOWN else replace(remainder, named=True, kind="remainder", confidence=Confidence.LOW)


COUNTED = frozenset({"uuid", "process", "thread", "identity", "credentials", "database"})
"""Kinds of values that are whole numbers wherever they are numbers."""


def _exact(sign: str, left: ValueSet, right: ValueSet) -> ValueSet:
    function = ARITHMETIC.get(sign)
    if function is None or len(left.exact) * len(right.exact) > MAX_EXACT:
        return derived(max(1, len(left.exact)) * max(1, len(right.exact)), "computed from constants", sign, left, right)
    out: list[Any] = []
    for a, b in combinations(left.exact, right.exact):
        if isinstance(b, str) and sign == "*" and isinstance(a, int):
            a, b = b, a
        if isinstance(a, str) and sign == "*" and isinstance(b, int):
            if not constant_limits.repeats(len(a), b, MAX_TEXT):
                return unknown(LONG_TEXT)
            out.append(a * min(b, MAX_TEXT))
            continue
        if not isinstance(a, (int, float)) or not isinstance(b, (int, float)):
            return unknown("arithmetic on values that are not numbers")
        if sign in ("**", "<<") and (abs(b) > 64 or abs(a) > 10**6):
            return unknown("a very large number")
        try:
            result = function(a, b)
        except (ArithmeticError, TypeError, ValueError):
            continue
        if isinstance(result, complex) or (isinstance(result, int) and abs(result) > MAX_COMPUTED_NUMBER):
            return unknown("a very large number")
        out.append(result)
    return computed(out)
