"""Sequences of which a part is there, and what is made of them: how many texts and lengths there are.

Of three elements that a test lets through, there are eight selections. A claim about a text that is joined from them, or about
their number, counts all of these.
"""

from __future__ import annotations

from itertools import permutations
from itertools import product as combinations
from math import factorial

from cardlint.common.numbers import capped
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping, Sequence, UnknownKey, selection
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded, computed, derived, exactly, join, product, unknown
from cardlint.inference.limits import MAX_EXACT
from cardlint.inference.primitives import collections, enums
from cardlint.ir.terms import At, Const, Iterate, Scalar

MANY = 20
"""Elements in any order, or that may be missing, beyond which their arrangements are as good as countless."""


def elements(ev: Evaluator, alts: Objects) -> list[tuple[Lazy, bool]] | None:
    """Return the elements of a sequence with whether each is certainly there, None where not all of them are known."""
    obj = alts[0] if len(alts) == 1 else None
    if isinstance(obj, Sequence) and obj.chosen is not None:
        return list(obj.chosen)
    if isinstance(obj, Sequence) and obj.growing:
        return None
    if isinstance(obj, Mapping) and obj.optional and not obj.open and not any(isinstance(k, UnknownKey) for k, _ in obj.entries):
        return [(_constant(k), k not in obj.optional) for k in dict.fromkeys(k for k, _ in obj.entries) if not isinstance(k, UnknownKey)]
    items = collections.as_items(ev, alts)
    return [(thunk, True) for thunk in items] if items is not None else None


def _constant(value: Scalar) -> Lazy:
    return Lazy(None, None, (exactly((value,)),))


def is_unordered(alts: Objects) -> bool:
    """Tell whether elements come in an order that differs from one process to the next."""
    return any(isinstance(o, Sequence) and o.kind == "set" for o in alts)


def constants(ev: Evaluator, held: list[tuple[Lazy, bool]], frame: Frame, at: At) -> list[tuple[Scalar, bool]] | None:
    """Return elements as constants, None where one of them is none, or one of several."""
    out: list[tuple[Scalar, bool]] = []
    for thunk, certain in held:
        value = ev.scalar(ev.force(thunk), frame, at)
        if value.bound is not Bound.EXACTLY or len(value.exact) != 1:
            return None
        out.append((value.exact[0], certain))
    return out


def joined(ev: Evaluator, separator: ValueSet, alts: Objects, frame: Frame, at: At) -> ValueSet | None:
    """Return the texts that `separator.join(...)` makes, None where the elements are not known one by one."""
    held = elements(ev, alts)
    if held is None:
        return None
    parts = [(ev.scalar(enums.as_operands(ev, ev.force(thunk)), frame, at), certain) for thunk, certain in held]
    mixed = is_unordered(alts) and len(parts) > 1
    count = 1
    for value, certain in parts:
        count = capped(count * ((len(value.exact) if value.bound is Bound.EXACTLY else MAX_EXACT + 1) + (not certain)))
    if mixed:
        count = capped(count * factorial(min(len(parts), MANY)))
    if separator.bound is Bound.EXACTLY and count * max(1, len(separator.exact)) <= MAX_EXACT and separator.exact:
        rows = combinations(*((*value.exact, *(() if certain else (MISSING,))) for value, certain in parts))
        orders = [order for row in rows for order in (permutations(row) if mixed else (row,))]
        orders.extend([tuple(dict.fromkeys(order)) for order in orders] if mixed else ())  # equal elements of a set are one
        return computed(str(s).join(str(v) for v in order if v is not MISSING) for s in separator.exact for order in orders)
    whole = product([separator, *(value if certain else join((value, EMPTY)) or EMPTY for value, certain in parts)])
    if whole.bound > Bound.BOUNDED or not mixed:
        return whole
    alike = 1 if all(value.bound is Bound.EXACTLY and len(value.exact) == 1 for value, _ in parts) else 2 ** min(len(parts), MANY)
    size = capped((whole.size or 1) * factorial(min(len(parts), MANY)) * alike)
    return derived(size, "texts joined in any order", "joined", separator, *(value for value, _ in parts))


MISSING = object()
EMPTY = exactly(("",))


def counted(ev: Evaluator, alts: Objects, frame: Frame, at: At) -> ValueSet | None:
    """Return the lengths that a collection can have, None where no end of it is known."""
    if len(alts) > 1:
        each = [counted(ev, (obj,), frame, at) for obj in alts]
        return join(value for value in each if value is not None) if all(value is not None for value in each) else None
    held = elements(ev, alts)
    if held is None:
        return None
    least, most = sum(certain for _, certain in held), len(held)
    if is_unordered(alts) and most:  # equal elements of a set are one
        known = constants(ev, held, frame, at)
        if known is None:
            least = min(1, least)
        else:
            least, most = len({v for v, certain in known if certain}), len({v for v, _ in known})
    return exactly(tuple(range(least, most + 1)))


def summed(ev: Evaluator, alts: Objects, start: ValueSet, frame: Frame, at: At) -> ValueSet | None:
    """Return the sums that numbers can have, of which some may be missing; None where not all of them are known."""
    held = elements(ev, alts)
    if held is None or start.bound is not Bound.EXACTLY:
        return None
    sums: dict[float, None] = {}
    for v in start.exact:
        if not isinstance(v, (int, float)):
            return None
        sums[v] = None
    for thunk, certain in held:
        value = ev.scalar(ev.force(thunk), frame, at)
        if value.bound is not Bound.EXACTLY or not all(isinstance(v, (int, float)) for v in value.exact):
            return None
        added = {total + v: None for total in sums for v in value.exact if isinstance(v, (int, float))}
        sums = added if certain else {**sums, **added}
        if len(sums) > MAX_EXACT:
            return derived(2**most, "sums of a selection", "sum", value) if (most := len(held)) <= MANY else None
    return computed(sums)


def ordered(ev: Evaluator, alts: Objects, reverse: bool, frame: Frame, at: At) -> Sequence | None:
    """Return a selection of constants in their order, None where one of them is not known."""
    held = elements(ev, alts)
    known = constants(ev, held, frame, at) if held is not None else None
    if known is None:
        return None
    if is_unordered(alts):
        once: dict[Scalar, bool] = {}
        for v, certain in known:
            once[v] = once.get(v, False) or certain
        known = list(once.items())
    try:
        known.sort(key=lambda pair: pair[0], reverse=reverse)  # type: ignore[arg-type,return-value]
    except TypeError:
        return None
    return selection("list", [(_constant(v), certain) for v, certain in known])


def shared(ev: Evaluator, left: Objects, right: Objects, frame: Frame, at: At, keep: bool) -> Sequence | None:
    """Return what is left of a set: what another one has as well, or, without `keep`, what that has not.

    None where the elements of the first are not known. Where those of the second are not, each may be there or not.
    """
    held = elements(ev, left)
    mine = constants(ev, held, frame, at) if held is not None else None
    if mine is None:
        return None
    other = elements(ev, right)
    theirs = constants(ev, other, frame, at) if other is not None else None
    if theirs is None:
        return selection("set", [(_constant(v), False) for v, _ in mine])
    sure = {v for v, certain in theirs if certain}
    maybe = {v for v, certain in theirs if not certain}
    if keep:
        return selection("set", [(_constant(v), c and v in sure) for v, c in mine if v in sure or v in maybe])
    return selection("set", [(_constant(v), c and v not in maybe) for v, c in mine if v not in sure])


def common(ev: Evaluator, left: Objects, right: Objects, frame: Frame, at: At) -> Objects:
    """Return the elements that two collections share: they are elements of both, so the better known collection bounds them."""
    for mine, theirs in ((left, right), (right, left)):
        kept = shared(ev, mine, theirs, frame, at, True)
        if kept is not None:
            return (kept,)
    sides = []
    for alts in (left, right):
        held = [ev.iterate(obj, Iterate(Const(None, at), at), frame) for obj in alts if isinstance(obj, (Sequence, Mapping))]
        if held and len(held) == len(alts):
            sides.append(ev.scalar(join_objects(held), frame, at))
    if not sides:
        return (unknown("the elements that two collections share"),)
    best = min(sides, key=lambda value: (value.bound, len(value.exact) if value.bound is Bound.EXACTLY else value.size or 0))
    return (Sequence("set", (), (Lazy(None, None, (best,)),)),)


def difference(ev: Evaluator, left: Objects, right: Objects, frame: Frame, at: At, both: bool) -> Objects:
    """Return what the first of two collections has and the second has not; with `both` also the reverse."""
    orders = [(left, right), (right, left)] if both else [(left, right)]
    if not all(isinstance(o, (Sequence, Mapping)) for alts, _ in orders for o in alts):
        return (unknown("a set minus an unknown one"),)
    parts = [shared(ev, mine, theirs, frame, at, False) for mine, theirs in orders]
    if len(parts) == 1 and parts[0] is not None:
        return (parts[0],)
    held = [(p,) if p is not None else alts for p, (alts, _) in zip(parts, orders, strict=True)]
    return (
        Sequence("set", (), tuple(Lazy(None, None, ev.iterate(o, Iterate(Const(None, at), at), frame)) for alts in held for o in alts)),
    )


def reordered(alts: Objects) -> Objects:
    """Return sequences in an order that is not known: sorted by what is not known, shuffled, turned."""
    return tuple(
        Sequence("set", o.items, o.rest, o.max_size, chosen=o.chosen, growing=o.growing, most=o.most)
        if isinstance(o, Sequence) and o.kind != "tuple"
        else o
        for o in alts
    )


def thinned(alts: Objects) -> Objects:
    """Return sequences of which any element may be gone."""
    out: list[Object] = []
    for obj in alts:
        if isinstance(obj, Sequence) and obj.max_size is None:
            held = obj.chosen if obj.chosen is not None else tuple((t, True) for t in obj.items) if not obj.rest else None
            if held is not None:
                out.append(selection(obj.kind, [(thunk, False) for thunk, _ in held]))
                continue
            obj = Sequence(obj.kind, (), (*obj.items, *obj.rest), most=obj.most)
        elif isinstance(obj, Mapping):
            obj = Mapping(obj.entries, obj.open, frozenset(k for k, _ in obj.entries if not isinstance(k, UnknownKey)))
        out.append(obj)
    return tuple(out)


def one_of(size: int) -> ValueSet:
    """Return a position in a collection of so many elements."""
    return exactly(tuple(range(size))) if size <= MAX_EXACT else bounded(size, "a position in a fixed list")
