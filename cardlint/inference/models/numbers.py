"""Functions of numbers and texts that give one value for each: `int`, `round`, `len`, `sum`, `hex`, `operator.mod`, ..."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

from cardlint.findings import Confidence
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.objects import (
    BOTTOM,
    LibraryPath,
    Objects,
)
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import (
    Bound,
    ValueSet,
    bounded,
    computed,
    exactly,
    product,
    transformed,
    unbounded,
    unknown,
)
from cardlint.inference.language import formatting, intervals
from cardlint.inference.limits import MAX_BITS
from cardlint.inference.primitives import selections
from cardlint.ir.terms import Call, Iterate, Op


def first_argument(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Return the first argument of a call."""
    return ev.eval(term.args[0], frame) if term.args else BOTTOM


def _mapped(function: Callable[[Any], Any], name: str) -> Callable[[Evaluator, Call, Frame], Objects]:
    """Make the evaluation of a function that gives one text or number for each one: constants are computed."""

    def mapped(ev: Evaluator, term: Call, frame: Frame) -> Objects:
        value = ev.scalar(first_argument(ev, term, frame), frame, term.at)
        if value.bound is not Bound.EXACTLY:
            return (transformed(value, name),)
        out = []
        for constant in value.exact:
            try:
                out.append(function(constant))
            except (TypeError, ValueError, OverflowError):
                continue
        return (computed(out),)

    return mapped


def _format(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `format(value, spec)`."""
    value = ev.scalar(first_argument(ev, term, frame), frame, term.at)
    return (formatting.with_format(value, ev.value(term.args[1], frame)) if len(term.args) > 1 else value,)


def _divmod(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `divmod(a, b)`: the quotient and the remainder."""
    parts = [frame.written(("divmod", sign, id(term)), Op(sign, term.args, term.at)) for sign in ("//", "%")]
    return (Sequence("tuple", tuple(frame.lazy(part) for part in parts)),) if len(term.args) == 2 else BOTTOM


def _operation(sign: str) -> Callable[[Evaluator, Call, Frame], Objects]:
    """Make the evaluation of a function of the module `operator`: it is the operator."""

    def operation(ev: Evaluator, term: Call, frame: Frame) -> Objects:
        return ev.eval(frame.written(("operator", sign, id(term)), Op(sign, term.args, term.at)), frame)

    return operation


def _sum(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `sum(...)`: of constants, of which some may be missing."""
    start = terms.argument(term, 1, "start")
    alts = first_argument(ev, term, frame)
    found = selections.summed(ev, alts, ev.value(start, frame) if start is not None else exactly((0,)), frame, term.at)
    if found is not None:
        return (found,)
    added = ev.scalar(ev.eval(Iterate(term.args[0], term.at), frame), frame, term.at) if term.args else unknown("a sum of nothing")
    return (added if added.bound is Bound.UNBOUNDED else unknown("a sum of unknown numbers"),)


def _bits(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `random.getrandbits(n)`."""
    value = ev.scalar(first_argument(ev, term, frame), frame, term.at)
    count = value.exact[0] if value.bound is Bound.EXACTLY and len(value.exact) == 1 else None
    if isinstance(count, int) and 0 <= count <= MAX_BITS:
        return (bounded(2**count, f"a number of {count} bits"),)
    return (LibraryPath("random.getrandbits()", append_step(None, frame.place(term.at), "")),)


def _number(convert: Callable[..., int | float]) -> Callable[[Evaluator, Call, Frame], Objects]:
    """Make the evaluation of `int(...)` or `float(...)`: constants are converted, other sets stay unchanged."""

    def number(ev: Evaluator, term: Call, frame: Frame) -> Objects:
        value = ev.scalar(first_argument(ev, term, frame), frame, term.at)
        bases = [ev.value(a, frame) for a in (*term.args[1:], *(v for _, v in term.kwargs))]
        if value.bound is not Bound.EXACTLY or (bases and (bases[0].bound is not Bound.EXACTLY or len(bases[0].exact) != 1)):
            joined = product([value, *bases])
            return (intervals.cut(ev, term, frame, joined) if convert is int else joined,)
        base = (bases[0].exact[0],) if bases else ()
        out = []
        for constant in value.exact:
            try:
                out.append(convert(constant, *base))
            except (TypeError, ValueError, OverflowError):
                continue
        return (computed(out),)

    return number


def _len(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    alts = first_argument(ev, term, frame)
    found = selections.counted(ev, alts, frame, term.at)
    if found is not None:
        return (found,)
    texts = [len(v) for o in alts if isinstance(o, ValueSet) and o.bound is Bound.EXACTLY for v in o.exact if isinstance(v, str)]
    if alts and all(isinstance(o, ValueSet) and o.bound is Bound.EXACTLY for o in alts):
        return (exactly(tuple(dict.fromkeys(texts))),)
    row = ev.library.row("builtins.len()")
    advice = row.advice if row is not None else ""
    value = unbounded("measurement", "a length: a measurement, not a category", advice=advice, confidence=Confidence.MEDIUM)
    return (value.step(frame.place(term.at), "a length is taken here"),)


def _round(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    value = ev.scalar(first_argument(ev, term, frame), frame, term.at)
    given = terms.argument(term, 1, "ndigits")
    digits = ev.value(given, frame) if given is not None else exactly((None,))
    if value.bound is Bound.EXACTLY and digits.bound is Bound.EXACTLY and len(digits.exact) == 1:
        place = digits.exact[0]
        numbers = [v for v in value.exact if isinstance(v, (int, float)) and isfinite(v)]
        if place is None or isinstance(place, int):
            return (computed(round(v, place) for v in numbers),)
    return (intervals.cut(ev, term, frame, product([value, digits])),)


OPERATIONS = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "and_": "&", "or_": "|", "xor": "^", "lshift": "<<",
    "rshift": ">>", "concat": "+",
}  # fmt: skip
"""Functions of the module `operator` by their sign."""


NUMBER_CALLS: dict[str, Callable[[Evaluator, Call, Frame], Objects]] = {
    "builtins.repr": _mapped(repr, "repr"),
    "builtins.ascii": _mapped(ascii, "ascii"),
    "builtins.chr": _mapped(chr, "chr"),
    "builtins.ord": _mapped(ord, "ord"),
    "builtins.hex": _mapped(hex, "hex"),
    "builtins.oct": _mapped(oct, "oct"),
    "builtins.bin": _mapped(bin, "bin"),
    "builtins.abs": _mapped(abs, "abs"),
    "builtins.format": _format,
    "builtins.divmod": _divmod,
    "builtins.sum": _sum,
    "random.getrandbits": _bits,
    **{f"operator.{name}": _operation(sign) for name, sign in OPERATIONS.items()},
    "builtins.int": _number(int),
    "builtins.float": _number(float),
    "builtins.len": _len,
    "builtins.round": _round,
}
