"""Loops and comprehensions over known elements: one frame for each iteration, so that values of one iteration stay together."""

from __future__ import annotations

from functools import partial

from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping, Sequence, UnknownKey, most_of, selection
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, exactly
from cardlint.inference.language.intervals import PASSES
from cardlint.inference.limits import MAX_NAMES, MAX_UNROLL
from cardlint.inference.primitives import selections
from cardlint.inference.primitives.collections import as_items, keyed, uncertain
from cardlint.ir.terms import AnyTerm, Comp, Item, Iterate, Refine, Scalar, Seq, Use
from cardlint.lowering.refs import resting_on

ELEMENT = 1 << 30
"""The definition by which the frame of one iteration knows the whole element: no function has as many."""


def comprehension(ev: Evaluator, term: Comp, frame: Frame) -> Objects:
    """Evaluate a comprehension: element by element when the iterable is known, as one abstract element otherwise."""
    if term.kind == "dict":
        return (_dictionary(ev, term, frame),)
    over = ev.eval(term.loops[0][1], frame)
    turns = _turns(ev, term.loops, over, frame)
    if turns is not None:
        made = selection("set" if selections.is_unordered(over) else term.kind, _kept(ev, term, turns))
        made.growing = any(isinstance(o, Sequence) and o.growing for o in over)
        return (made,)
    if len(term.loops) == 1:
        index = term.loops[0][0]
        obj = over[0] if len(over) == 1 else None
        if isinstance(obj, Sequence) and obj.kind != "set" and obj.max_size is None and len(obj.items) + len(obj.rest) <= MAX_UNROLL:
            if obj.chosen is not None:
                chosen = [(turn_of(frame, index, thunk), certain) for thunk, certain in obj.chosen]
                held = {id(thunk): certain for turn, certain in chosen for thunk in (turn.lazy(term.value),)}
                kept = _kept(ev, term, [turn for turn, _ in chosen])
                return (selection(term.kind, [(thunk, certain and held[id(thunk)]) for thunk, certain in kept]),)
            items = tuple(thunk for thunk, _ in _kept(ev, term, [turn_of(frame, index, thunk) for thunk in obj.items]))
            rest = tuple(turn_of(frame, index, t).lazy(term.value) for t in obj.rest)
            return (Sequence(term.kind, () if term.tests else items, (*items, *rest) if term.tests else rest, most=obj.most),)
    return (Sequence(term.kind, (), (frame.lazy(term.value),), most=most_of(over) if len(term.loops) == 1 else None),)


def _kept(ev: Evaluator, term: Comp, turns: list[Frame]) -> list[tuple[Lazy, bool]]:
    """Return what the filters of a comprehension leave: the elements, and whether each is certainly there."""
    out: list[tuple[Lazy, bool]] = []
    for turn in turns:
        certain = True
        for test, yes, no in term.tests:
            if any(_ruled_out(ev, told, turn) for told in yes) or _is_only(ev, test, turn, False):
                break
            certain = certain and (any(_ruled_out(ev, told, turn) for told in no) or _is_only(ev, test, turn, True))
        else:
            thunk = turn.lazy(term.value)
            if not term.tests or ev.force(thunk):
                out.append((thunk, certain))
    return out


def _ruled_out(ev: Evaluator, told: AnyTerm, turn: Frame) -> bool:
    """Tell whether one side of a test cannot be in this turn: a name holds nothing there."""
    if isinstance(told, Seq):
        return not told.items
    definition = turn.ir.defs[told.index].term if isinstance(told, Use) else told
    if isinstance(definition, Refine) and definition.guard in PASSES and definition.by is not None:
        values, limits = _numbers(ev.value(definition.base, turn)), _numbers(ev.value(definition.by, turn))
        return bool(values and limits) and not any(PASSES[definition.guard](v, n) for v in values for n in limits)
    return not ev.eval(told, turn)


def _numbers(value: ValueSet) -> list[float]:
    """Return a set of constant numbers, nothing where one of them is none."""
    numbers = [v for v in value.exact if isinstance(v, (int, float)) and not isinstance(v, bool)]
    return numbers if value.bound is Bound.EXACTLY and len(numbers) == len(value.exact) else []


def _is_only(ev: Evaluator, test: AnyTerm, turn: Frame, wanted: bool) -> bool:
    """Tell whether a test is constantly true, or false, in one turn."""
    alts = ev.eval(test, turn)
    value = alts[0] if len(alts) == 1 else None
    return (
        isinstance(value, ValueSet) and value.bound is Bound.EXACTLY and bool(value.exact) and all(bool(v) is wanted for v in value.exact)
    )


def _dictionary(ev: Evaluator, term: Comp, frame: Frame) -> Mapping:
    """Evaluate a comprehension of keys and values."""
    assert term.key is not None
    if len(term.loops) == 1:
        unrolled = _unrolled(ev, term, frame)
        if unrolled is not None:
            return unrolled
    pairs = _each_constant(ev, term.loops[0][0], term.key, term.value, frame) if len(term.loops) == 1 else None
    if pairs is None:
        pairs = keyed(ev, term.key, frame.lazy(term.value), frame)
        if pairs and len(term.loops) == 1 and isinstance(pairs[0][0], UnknownKey) and _is_loop(term.key, term.loops[0][0], frame):
            maker = partial(under_key, frame, term.loops[0][0], term.value)
            pairs = [(UnknownKey(pairs[0][0].possible, maker), pairs[0][1])]
    return Mapping(tuple(pairs), False, frozenset(k for k, _ in pairs if not isinstance(k, UnknownKey)))


def _unrolled(ev: Evaluator, term: Comp, frame: Frame) -> Mapping | None:
    """Return the dictionary of a comprehension over known elements, None where they are not known or too many."""
    index, iterable = term.loops[0]
    over = ev.eval(iterable, frame)
    items = as_items(ev, over)
    several = False
    if items is None and any(isinstance(o, Sequence) for o in over):
        # one of several tables, or one with unknown entries: each pair keeps its own value, and none is certain to be there
        items = tuple(t for o in over if isinstance(o, Sequence) for t in (*o.items, *o.rest))
        several = True
    if items is None or len(items) > MAX_UNROLL:
        return None
    ev.charge(len(items))
    entries, maybe = _entries_of_turns(ev, term, [turn_of(frame, index, thunk) for thunk in items], frame)
    if term.tests or several:
        maybe = frozenset(k for k, _ in entries if not isinstance(k, UnknownKey))
    return Mapping(tuple(entries), several and not all(isinstance(o, Sequence) for o in over), maybe)


def _entries_of_turns(
    ev: Evaluator, term: Comp, turns: list[Frame], frame: Frame
) -> tuple[list[tuple[Scalar | UnknownKey, Lazy]], frozenset[Scalar]]:
    """Return the entries of a dictionary comprehension, one iteration after the other, and the keys that may be missing."""
    assert term.key is not None
    index = term.loops[0][0]
    entries: list[tuple[Scalar | UnknownKey, Lazy]] = []
    maybe: frozenset[Scalar] = frozenset()
    own = _is_loop(term.key, index, frame)
    for turn in turns:
        made = keyed(ev, term.key, turn.lazy(term.value), turn)
        maybe |= uncertain(made)
        if own and len(made) > 1:  # one of several keys, each with the value of its own iteration
            made = [
                entry
                for constant, _ in made
                if not isinstance(constant, UnknownKey)
                for one in (turn_with(frame, index, constant),)
                for entry in keyed(ev, term.key, one.lazy(term.value), one)
            ]
        elif own and made and isinstance(made[0][0], UnknownKey):
            maker = partial(under_key, frame, index, term.value)
            made = [(UnknownKey(made[0][0].possible, maker), made[0][1])]
        entries.extend(made)
    return entries, maybe


def _each_constant(ev: Evaluator, index: int, key: AnyTerm, value: AnyTerm, frame: Frame) -> list[tuple[Scalar | UnknownKey, Lazy]] | None:
    """Make one entry for each constant that a loop variable can be, or is tested to be, where the iterations are not known.

    `{name: table[name] for name in names}` pairs every name with its own value, also where it is not known which names there
    are.
    """
    keys = ev.scalar(ev.eval(key, frame), frame, key.at) if _is_loop(key, index, frame) else None
    if keys is None or keys.bound is not Bound.EXACTLY or len(keys.exact) < 2:
        return None
    out: list[tuple[Scalar | UnknownKey, Lazy]] = []
    for constant in keys.exact:
        turn = turn_with(frame, index, constant)
        out.extend(keyed(ev, key, turn.lazy(value), turn))
    return out


def under_key(frame: Frame, index: int, value: AnyTerm, key: Scalar) -> Lazy:
    """Return the value of the iteration in which the loop variable is one constant."""
    return turn_with(frame, index, key).lazy(value)


def _is_loop(term: AnyTerm, index: int, frame: Frame) -> bool:
    """Tell whether a key is the loop variable itself."""
    for _ in range(MAX_NAMES):
        if not isinstance(term, Use):
            return False
        if term.index == index:
            return True
        inner = frame.ir.defs[term.index].term
        term = inner.base if isinstance(inner, Refine) else inner
    return False


def _turns(ev: Evaluator, loops: tuple[tuple[int, AnyTerm], ...], over: Objects, frame: Frame) -> list[Frame] | None:
    """Make the frames of all iterations of nested loops, None where an iterable is not known element by element, or there are too many.

    `over` is what the first loop iterates over.
    """
    items = as_items(ev, over)
    if items is None or len(items) > MAX_UNROLL:
        return None
    ev.charge(len(items))
    out: list[Frame] = []
    for thunk in items:
        turn = turn_of(frame, loops[0][0], thunk)
        inner = _turns(ev, loops[1:], ev.eval(loops[1][1], turn), turn) if len(loops) > 1 else [turn]
        if inner is None or len(out) + len(inner) > MAX_UNROLL:
            return None
        out.extend(inner)
    return out


def turn_of(frame: Frame, index: int, element: Lazy) -> Frame:
    """Return the frame in which the loop's definition is one element; only definitions that depend on it are computed again."""
    key = (index, id(element))
    turn = frame.iterations.get(key)
    if turn is None:
        turn = frame.iterations[key] = _turn_frame(frame, {index: element})
    return turn


def turn_with(frame: Frame, index: int, constant: Scalar) -> Frame:
    """Return the frame in which the loop's definition is one constant."""
    key = (index, type(constant), constant)
    turn = frame.iterations.get(key)
    if turn is None:
        turn = frame.iterations[key] = _turn_frame(frame, {index: Lazy(None, None, (exactly((constant,)),))})
    return turn


def _turn_frame(frame: Frame, overrides: dict[int, Lazy]) -> Frame:
    turn = Frame(frame.file, frame.ir, frame.bindings, frame.parent, frame.caller, frame.depth, frame.call)
    turn.receiver = frame.receiver
    turn.loop_parent = frame
    turn.iteration_bindings = {**(frame.iteration_bindings or {}), **overrides}
    fresh = resting_on(frame.ir, frozenset(overrides))
    turn.recomputed = fresh | frame.recomputed if frame.recomputed else fresh
    return turn


def turns(ev: Evaluator, frame: Frame, key: AnyTerm) -> list[Frame]:
    """Return one frame for each iteration of the loop that the name comes from, or the frame itself.

    For a loop over one of several lists there is a frame for each element of all lists: no iteration is certain.
    """
    loop = terms.loop_in(key, frame)
    if loop is None:
        return [frame]
    over = ev.eval(loop.base, frame)
    items = as_items(ev, over)
    if items is None and len(over) > 1 and all(isinstance(o, Sequence) and not o.rest and o.max_size is None for o in over):
        items = tuple(thunk for o in over if isinstance(o, Sequence) for thunk in o.items)
    if items is None or len(items) > MAX_UNROLL:
        return [frame]
    targets = targets_of(loop, frame)
    return [turn_at(frame, targets, thunk) for thunk in items]


def one_of_several(ev: Evaluator, frame: Frame, key: AnyTerm) -> bool:
    """Tell whether the loop that a name comes from iterates over one of several lists."""
    loop = terms.loop_in(key, frame)
    return loop is not None and len(ev.eval(loop.base, frame)) > 1


def targets_of(loop: Iterate, frame: Frame) -> dict[int, AnyTerm | None]:
    """Find the definitions that a loop binds: its target, or the parts of `for key, (value, more) in ...`.

    A part is a term of the whole element of one iteration.
    """
    out: dict[int, AnyTerm | None] = {}
    for index, definition in enumerate(frame.ir.defs):
        term = definition.term
        kind = type(term)
        if kind is Iterate and term == loop:
            out[index] = None
        elif kind is Item and (part := _part(term, loop)) is not None:
            out[index] = part
    return out


def _part(term: AnyTerm, loop: Iterate) -> AnyTerm | None:
    """Rewrite a part of a loop's element as a part of the element of one iteration; None for other terms."""
    if isinstance(term, Item):
        base = _part(term.base, loop)
        return Item(base, term.key, term.at) if base is not None else None
    return Use(ELEMENT, term.at) if isinstance(term, Iterate) and term == loop else None


def turn_at(frame: Frame, targets: dict[int, AnyTerm | None], element: Lazy) -> Frame:
    """Return the frame of one iteration: every target is this element, or its part of it, which is evaluated lazily."""
    key = (tuple(targets), id(element))
    turn = frame.iterations.get(key)
    if turn is None:
        turn = frame.iterations[key] = _turn_frame(frame, dict.fromkeys((ELEMENT, *targets), element))
        assert turn.iteration_bindings is not None
        for index, part in targets.items():
            if part is not None:
                turn.iteration_bindings[index] = Lazy(part, turn)
    return turn
