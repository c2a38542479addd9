"""Dates as text: the number of texts that a format of `strftime` can produce."""

from __future__ import annotations

from cardlint.common.numbers import capped
from cardlint.inference.core.protocol import Evaluator, TransferArgs
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.objects import Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded, unbounded
from cardlint.ir.terms import Call, Star

FIELDS = {
    "H": 24,
    "I": 12,
    "M": 60,
    "S": 62,
    "p": 2,
    "d": 31,
    "m": 12,
    "b": 12,
    "B": 12,
    "a": 7,
    "A": 7,
    "w": 7,
    "u": 7,
    "j": 366,
    "U": 54,
    "W": 54,
    "V": 53,
}


def strftime(ev: Evaluator, term: Call, frame: Frame) -> ValueSet:
    """Return the number of texts of a date format; with a year it grows without end."""
    formats = [ev.value(a, frame) for a in (*term.args, *(v for _, v in term.kwargs)) if not isinstance(a, Star)]
    known = [f for f in formats if f.cls is Bound.EXACTLY and any(isinstance(v, str) and "%" in v for v in f.exact)]
    grows = unbounded("time", "a formatted point in time", advice="nothing: Prometheus stores the time of every sample itself")
    grows = grows.step(frame.place(term.at), "a point in time is formatted here")
    if not known:
        return grows
    sizes = []
    for text in known[0].exact:
        size = 1
        letters = str(text).replace("%%", "").split("%")[1:]
        for letter in letters:
            if letter[:1] not in FIELDS:
                return grows
            size = capped(size * FIELDS[letter[:1]])
        sizes.append(size)
    return bounded(sum(sizes), "a part of the date that repeats")


def formatted(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the text of a date."""
    return (strftime(ev, args.term, args.frame),)
