"""Iterables made of others: `itertools.product` and `itertools.chain`, in order where all elements are known."""

from __future__ import annotations

from itertools import product as combinations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import Objects
from cardlint.inference.domain.value_sets import Bound
from cardlint.inference.limits import MAX_ITEMS, MAX_UNROLL
from cardlint.inference.primitives import collections
from cardlint.ir.terms import Call, Iterate, Star


def product(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `itertools.product(...)`: every combination, a tuple each."""
    if any(isinstance(a, Star) for a in term.args):
        return (Sequence("generator", (), (frame.element(term.args[0], term.at),)),)
    times = 1
    for name, value in term.kwargs:
        given = ev.value(value, frame)
        if name == "repeat" and given.bound is Bound.EXACTLY and len(given.exact) == 1 and isinstance(given.exact[0], int):
            times = max(0, min(given.exact[0], 8))
    columns = [collections.as_items(ev, ev.eval(a, frame)) for a in term.args] * times
    size = 1
    for column in columns:
        size *= len(column) if column is not None else MAX_UNROLL + 1
    if size <= MAX_UNROLL:
        rows = combinations(*(c for c in columns if c is not None))
        return (Sequence("generator", tuple(Lazy(None, None, (Sequence("tuple", row),)) for row in rows)),)
    row = Sequence("tuple", tuple(frame.element(a, term.at) for a in term.args) * times)
    return (Sequence("generator", (), (Lazy(None, None, (row,)),)),)


def chain(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `itertools.chain(...)`: the elements of all arguments, in their order."""
    items: list[Lazy] = []
    rest: list[Lazy] = []
    for argument in term.args:
        if isinstance(argument, Star):
            rest.append(Lazy(Iterate(Iterate(argument.base, term.at), term.at), frame))
            continue
        if len(items) > MAX_ITEMS:
            break
        known = collections.as_items(ev, ev.eval(argument, frame)) if not rest else None
        if known is not None:
            items.extend(known)
        else:
            rest.append(frame.element(argument, term.at))
    return (Sequence("generator", tuple(items), tuple(rest)),)


def chained(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `itertools.chain.from_iterable(...)`: the elements of each element."""
    if not term.args:
        return (Sequence("generator", ()),)
    outer = collections.as_items(ev, ev.eval(term.args[0], frame))
    parts = [collections.as_items(ev, ev.force(t)) for t in outer] if outer is not None else [None]
    if all(p is not None for p in parts) and sum(len(p) for p in parts if p is not None) <= MAX_ITEMS:
        return (Sequence("generator", tuple(t for p in parts if p is not None for t in p)),)
    return (Sequence("generator", (), (Lazy(Iterate(Iterate(term.args[0], term.at), term.at), frame),)),)
