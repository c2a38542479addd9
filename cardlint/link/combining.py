"""Iterables made of others: `itertools.product` and `itertools.chain`, in order where all elements are known, and what two sets share."""

from __future__ import annotations

from itertools import product as combinations
from typing import TYPE_CHECKING

from cardlint.facts.terms import At, Call, Const, Elem, Star
from cardlint.link import containers, limits
from cardlint.link.frames import Frame
from cardlint.link.objects import Alts, Mapping, Sequence, Thunk, merge
from cardlint.link.values import Cls as Class
from cardlint.link.values import unknown

if TYPE_CHECKING:
    from cardlint.link.protocol import Evaluator


def product(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Evaluate `itertools.product(...)`: every combination, a tuple each."""
    if any(isinstance(a, Star) for a in term.args):
        return (Sequence("generator", (), (frame.element(term.args[0], term.at),)),)
    times = 1
    for name, value in term.kwargs:
        given = ev.value(value, frame)
        if name == "repeat" and given.cls is Class.EXACTLY and len(given.exact) == 1 and isinstance(given.exact[0], int):
            times = max(0, min(given.exact[0], 8))
    columns = [containers.as_items(ev, ev.eval(a, frame)) for a in term.args] * times
    size = 1
    for column in columns:
        size *= len(column) if column is not None else containers.MAX_UNROLL + 1
    if size <= containers.MAX_UNROLL:
        rows = combinations(*(c for c in columns if c is not None))
        return (Sequence("generator", tuple(Thunk(None, None, (Sequence("tuple", row),)) for row in rows)),)
    row = Sequence("tuple", tuple(frame.element(a, term.at) for a in term.args) * times)
    return (Sequence("generator", (), (Thunk(None, None, (row,)),)),)


def chain(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Evaluate `itertools.chain(...)`: the elements of each argument, one after the other."""
    items: list[Thunk] = []
    rest: list[Thunk] = []
    for argument in term.args:
        if isinstance(argument, Star):
            rest.append(Thunk(Elem(Elem(argument.base, term.at), term.at), frame))
            continue
        if len(items) > limits.MAX_ITEMS:
            break
        known = containers.as_items(ev, ev.eval(argument, frame)) if not rest else None
        if known is not None:
            items.extend(known)
        else:
            rest.append(frame.element(argument, term.at))
    return (Sequence("generator", tuple(items), tuple(rest)),)


def chained(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Evaluate `itertools.chain.from_iterable(...)`: the elements of each element."""
    if not term.args:
        return (Sequence("generator", ()),)
    outer = containers.as_items(ev, ev.eval(term.args[0], frame))
    parts = [containers.as_items(ev, ev.force(t)) for t in outer] if outer is not None else [None]
    if all(p is not None for p in parts) and sum(len(p) for p in parts if p is not None) <= limits.MAX_ITEMS:
        return (Sequence("generator", tuple(t for p in parts if p is not None for t in p)),)
    return (Sequence("generator", (), (Thunk(Elem(Elem(term.args[0], term.at), term.at), frame),)),)


def common(ev: Evaluator, left: Alts, right: Alts, frame: Frame, at: At) -> Alts:
    """Return the elements that two collections share: no others than either of them has, so that the better known one bounds them."""
    sides = []
    for alts in (left, right):
        held = [ev.iterate(obj, Elem(Const(None, at), at), frame) for obj in alts if isinstance(obj, (Sequence, Mapping))]
        if held and len(held) == len(alts):
            sides.append(ev.scalar(merge(held), frame, at))
    if not sides:
        return (unknown("what two collections share"),)
    best = min(sides, key=lambda value: (value.cls, len(value.exact) if value.cls is Class.EXACTLY else value.size or 0))
    return (Sequence("set", (), (Thunk(None, None, (best,)),)),)
