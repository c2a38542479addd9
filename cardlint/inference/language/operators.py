"""Operators: the classes of their operands decide what comes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from cardlint.common.numbers import parse_int
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain import arithmetic, constant_limits, value_sets
from cardlint.inference.domain.containers import Mapping, Sequence, SequenceKind
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Function, Instance, LibraryPath, Objects
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import CHOSEN_BY_CLIENTS, Bound, ValueSet, bounded, derived, exactly, unknown
from cardlint.inference.language import formatting, intervals, list_building
from cardlint.inference.limits import MAX_ITEMS, MAX_UNROLL
from cardlint.inference.primitives import binding, class_graph, collections, enums, selections
from cardlint.ir.terms import Call, Const, Op, Refine, SetItem, Text, Use


def operator(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    """Evaluate an operator."""
    return OPERATORS.get(term.op, _arithmetic)(ev, term, frame)


def _boolean(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    return (exactly((False, True)),)


def _negated(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    alts = ev.eval(term.args[0], frame)
    value = alts[0] if len(alts) == 1 else None
    known = isinstance(value, ValueSet) and value.bound is Bound.EXACTLY and value.exact
    return (exactly(dict.fromkeys(not v for v in known)) if known else exactly((False, True)),)


def _exception(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    """Evaluate the name an `except` clause binds."""
    groups: list[Objects] = []
    for kinds in term.args:
        alts = ev.eval(kinds, frame)
        items = collections.as_items(ev, alts)
        for obj in [*alts, *(o for t in items or () for o in ev.force(t))]:
            if isinstance(obj, ClassObject) and class_graph.is_exception(ev, obj):
                groups.append((Instance(obj, None),))
            elif isinstance(obj, LibraryPath) and not obj.path.startswith("builtins.") and ev.library.row(obj.path) is not None:
                groups.append((LibraryPath(obj.path, append_step(None, frame.place(term.at), "")),))
    groups.append((LibraryPath("builtins.BaseException", append_step(None, frame.place(term.at), "")),) if not groups else BOTTOM)
    return join_objects([g for g in groups if g])


def _many(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    size = term.args[0].value if isinstance(term.args[0], Const) and isinstance(term.args[0].value, int) else 1
    if size == 1:
        return (derived(1, "one long constant", (frame.file.path, term.at)),)
    return (Sequence("list", (), (Lazy(None, None, (replace(bounded(size, f"one of {size} constants"), counted=True),)),), size),)


def _passed(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    """Evaluate a dictionary after a call that got it as an argument: the callee may have stored keys in it."""
    base = ev.eval(term.args[0], frame)
    call_ref, position = term.args[1], term.args[2]
    assert isinstance(position, Const)
    index = getattr(call_ref, "index", None)
    if index is None or not any(isinstance(o, Mapping) for o in base):
        return base
    call = frame.ir.defs[index].term
    if not isinstance(call, Call):
        return base
    for obj in ev.eval(call.func, frame):
        if not isinstance(obj, Function):
            continue
        params = [p for p in obj.ir.params if p.kind in ("pos", "both", "key")]
        if obj.bound is not None:
            params = params[1:]
        where = str(position.value)
        place = parse_int(where)
        name = params[place].name if place is not None and place < len(params) else where
        stores = [s for s in obj.ir.stores if s.how in ("item", "merge") and _touches(obj.ir.defs, s.base, name)]
        if not stores:
            continue
        inner = binding.bound_frame(ev, obj, call, frame)
        if inner is None:
            continue
        for store in stores:
            if store.how == "merge":
                base = collections.union(ev, base, ev.eval(store.value, inner), store.value, inner)
            elif store.key is not None:
                entry = collections.keyed(ev, store.key, inner.lazy(store.value), inner)
                base = tuple(Mapping((*o.entries, *entry), o.open, o.optional) if isinstance(o, Mapping) else o for o in base)
    return base


def _touches(defs: Any, base: Any, name: str) -> bool:
    while isinstance(base, (Use, Refine)):
        if isinstance(base, Refine):
            base = base.base
            continue
        definition = defs[base.index]
        if type(definition.term).__name__ == "Param":
            return bool(definition.term.name == name)
        if not isinstance(definition.term, (SetItem, Refine)):
            return False
        base = definition.term.base
    return False


def _add(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    operands = [enums.as_operands(ev, ev.eval(a, frame)) for a in term.args]
    if any(not o for o in operands):
        return BOTTOM
    if any(isinstance(o, Sequence) for alts in operands for o in alts):
        return _concatenated(ev, operands)
    values = [ev.scalar(alts, frame, a.at) for alts, a in zip(operands, term.args, strict=True)]
    if any(isinstance(v, str) for value in values if value.bound is Bound.EXACTLY for v in value.exact):
        result = value_sets.compose(values)
        if result.bound in (Bound.UNBOUNDED, Bound.UNKNOWN):
            result = formatting.as_path(result, values, Text(term.args, term.at), frame)
        return (result,)
    result = values[0]
    for value in values[1:]:
        result = arithmetic.combine("+", result, value)
    return (result,)


def _concatenated(ev: Evaluator, operands: list[Objects]) -> Objects:
    items: list[Lazy] = []
    rest: list[Lazy] = []
    kind: SequenceKind = "list"
    for alts in operands:
        if len(items) > MAX_ITEMS:
            break
        known = collections.as_items(ev, alts) if any(isinstance(o, Sequence) for o in alts) else None
        if known is not None:
            (rest if rest else items).extend(known)
            continue
        sequences = [o for o in alts if isinstance(o, Sequence)]
        for obj in sequences:
            kind = obj.kind
            if not rest and len(sequences) == 1:
                items.extend(obj.items)
                rest.extend(obj.rest)
            else:
                rest.extend((*obj.items, *obj.rest))
        if not sequences or len(sequences) != len(alts):
            rest.append(Lazy(None, None, (unknown("a part of an unknown list"),)))
    growing = any(isinstance(o, Sequence) and o.growing for alts in operands for o in alts)
    return (Sequence(kind, tuple(items), tuple(rest), growing=growing),)


def _arithmetic(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    operands = [enums.as_operands(ev, ev.eval(a, frame)) for a in term.args]
    if any(not o for o in operands):
        return BOTTOM
    if term.op == "|" and len(operands) == 2:
        if any(isinstance(o, Mapping) for alts in operands for o in alts):
            return collections.union(ev, operands[0], operands[1], term.args[1], frame)
        if any(isinstance(o, Sequence) for alts in operands for o in alts):
            return _concatenated(ev, operands)
    if term.op == "&" and len(operands) == 2 and any(isinstance(o, (Sequence, Mapping)) for alts in operands for o in alts):
        return selections.common(ev, operands[0], operands[1], frame, term.at)
    if term.op in ("-", "^") and len(operands) == 2 and any(isinstance(o, Sequence) for alts in operands for o in alts):
        return selections.difference(ev, operands[0], operands[1], frame, term.at, term.op == "^")
    if term.op == "*" and any(isinstance(o, Sequence) for alts in operands for o in alts):
        return _repeated(ev, operands, frame, term)
    if any(isinstance(o, Instance) for alts in operands for o in alts):
        return (unknown("an operator of a class"),)
    values = [ev.scalar(alts, frame, a.at) for alts, a in zip(operands, term.args, strict=True)]
    if term.op == "%" and values[0].bound is Bound.EXACTLY and any(isinstance(v, str) for v in values[0].exact):
        return formatting.by_percent(ev, term, values[0], frame)
    whole = intervals.wholeness(ev, term.args[0], frame) if term.op == "%" and values[0].bound >= Bound.UNKNOWN else None
    if len(values) == 1:
        return (arithmetic.unary(term.op, values[0]),)
    combined = arithmetic.combine(term.op, values[0], values[1], whole)
    if term.op == "/" and any(isinstance(o, LibraryPath) and o.path.startswith("pathlib.") for o in operands[0]):
        fixed = combined.bound <= Bound.PER_DEPLOYMENT
        chosen = combined.bound is Bound.UNBOUNDED and combined.kind in CHOSEN_BY_CLIENTS
        begun = combined.trace if chosen else None
        path = f"pathlib.Path{'(fixed)' if fixed else '(input)' if chosen else ''}"
        joined = LibraryPath(path, append_step(begun, frame.place(term.at), ""))
        if fixed or chosen or combined.bound is Bound.UNKNOWN:
            return (joined,)
        return (joined, combined)  # a text is unbounded where a part of it is
    return (combined,)


def _repeated(ev: Evaluator, operands: list[Objects], frame: Frame, term: Op) -> Objects:
    repeated = next(alts for alts in operands if any(isinstance(o, Sequence) for o in alts))
    items = collections.as_items(ev, repeated)
    times = next((ev.scalar(alts, frame, term.at) for alts in operands if not any(isinstance(o, Sequence) for o in alts)), None)
    factor = times.exact[0] if times is not None and times.bound is Bound.EXACTLY and len(times.exact) == 1 else None
    if items is not None and isinstance(factor, int) and constant_limits.repeats(len(items), factor, MAX_UNROLL):
        return (Sequence("list", items * min(factor, MAX_UNROLL)),)
    rest = tuple(thunk for o in repeated if isinstance(o, Sequence) for thunk in (*o.items, *o.rest))
    return (Sequence("list", (), rest),)


def _reordered(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    """Evaluate a list behind a call that moves its elements."""
    return selections.reordered(ev.eval(term.args[0], frame))


def _thinned(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    """Evaluate a collection behind a call that may have taken any of its elements."""
    return selections.thinned(ev.eval(term.args[0], frame))


OPERATORS: dict[str, Callable[[Any, Op, Frame], Objects]] = {
    "not": _negated,
    "cmp": _boolean,
    "exception": _exception,
    "many": _many,
    "repr": formatting.spelled(repr),
    "ascii": formatting.spelled(ascii),
    "format": formatting.formatted,
    "reordered": _reordered,
    "thinned": _thinned,
    "ended": list_building.ended,
    "passed": _passed,
    "+": _add,
}
