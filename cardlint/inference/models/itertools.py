"""Iterables made of others: `itertools.product` and `itertools.chain`, in order where all elements are known, and those of `heapq`."""

from __future__ import annotations

from itertools import product as combinations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, Objects
from cardlint.inference.domain.value_sets import Bound, unknown
from cardlint.inference.limits import MAX_ITEMS, MAX_REPEATED, MAX_UNROLL
from cardlint.inference.primitives import collections
from cardlint.ir.terms import Call, Iterate, Star


def product(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `itertools.product(...)`: every combination, a tuple each."""
    if any(isinstance(a, Star) for a in term.args):
        return (Sequence("generator", (), (frame.element(term.args[0], term.at),)),)
    times = _times(ev, term, frame)
    if times is None:
        some = Sequence("tuple", (), tuple(frame.element(a, term.at) for a in term.args))
        return (Sequence("generator", (), (Lazy(None, None, (some,)),)),)
    columns = [collections.as_items(ev, ev.eval(a, frame)) for a in term.args] * times
    size = 1
    for column in columns:
        size *= len(column) if column is not None else MAX_UNROLL + 1
    if size <= MAX_UNROLL:
        rows = combinations(*(c for c in columns if c is not None))
        return (Sequence("generator", tuple(Lazy(None, None, (Sequence("tuple", row),)) for row in rows)),)
    row = Sequence("tuple", tuple(frame.element(a, term.at) for a in term.args) * times)
    return (Sequence("generator", (), (Lazy(None, None, (row,)),)),)


def _times(ev: Evaluator, term: Call, frame: Frame) -> int | None:
    """Return how often the arguments are repeated, None where that is not known, or very often."""
    for name, value in term.kwargs:
        given = ev.value(value, frame)
        if given.bound is not Bound.EXACTLY or len(given.exact) != 1 or not isinstance(given.exact[0], int) or name != "repeat":
            return None
        return max(0, given.exact[0]) if given.exact[0] <= MAX_REPEATED else None
    return 1


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


def popped(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `heapq.heappop(heap)`, `heappushpop(heap, item)` and `heapreplace(heap, item)`: an element, or what is put in."""
    if not term.args or any(isinstance(a, Star) for a in term.args):
        return (unknown("an element of an unknown heap"),)
    found = ev.eval(Iterate(term.args[0], term.at), frame)
    put = ev.eval(term.args[1], frame) if len(term.args) > 1 else BOTTOM
    return join_objects([found, put]) or (unknown("an element of a heap that is filled elsewhere"),)


def most(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `heapq.nlargest(n, items)` and `nsmallest`: some of the elements, in another order."""
    if len(term.args) < 2 or any(isinstance(a, Star) for a in term.args):
        return (Sequence("list", (), (Lazy(None, None, (unknown("an element of an unknown collection"),)),)),)
    return (Sequence("list", (), (frame.element(term.args[1], term.at),)),)


def merged(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `heapq.merge(...)`: the elements of all arguments, in another order."""
    chain_of = chain(ev, term, frame)
    return tuple(Sequence("generator", (), (*o.items, *o.rest)) if isinstance(o, Sequence) else o for o in chain_of)


def chained(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `itertools.chain.from_iterable(...)`: the elements of each element."""
    if not term.args:
        return (Sequence("generator", ()),)
    outer = collections.as_items(ev, ev.eval(term.args[0], frame))
    parts = [collections.as_items(ev, ev.force(t)) for t in outer] if outer is not None else [None]
    if all(p is not None for p in parts) and sum(len(p) for p in parts if p is not None) <= MAX_ITEMS:
        return (Sequence("generator", tuple(t for p in parts if p is not None for t in p)),)
    return (Sequence("generator", (), (Lazy(Iterate(Iterate(term.args[0], term.at), term.at), frame),)),)
