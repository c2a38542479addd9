"""Composed texts and operators: the values of a whole are the product of the values of its parts."""

from __future__ import annotations

import operator as op
from collections.abc import Callable
from itertools import product as combinations
from typing import Any

from msgspec.structs import replace

from cardlint.common.numbers import parse_int
from cardlint.inference.codebase.terms import last_name
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain import constant_limits, value_sets
from cardlint.inference.domain.constant_limits import LONG_TEXT
from cardlint.inference.domain.containers import Mapping, Sequence, SequenceKind
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Function, Instance, LibraryPath, Objects
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded, computed, exactly, product, unbounded, unknown
from cardlint.inference.limits import MAX_COMPUTED_NUMBER, MAX_EXACT, MAX_ITEMS, MAX_TEXT, MAX_UNROLL
from cardlint.inference.primitives import binding, class_graph, collections
from cardlint.ir.terms import Call, Const, Op, Refine, SetItem, Text, Use
from cardlint.knowledge.vocabulary import IN_PATHS


def text(ev: Evaluator, term: Text, frame: Frame) -> Objects:
    """Evaluate a text built from parts."""
    parts: list[ValueSet] = []
    for part in term.parts:
        alts = ev.eval(part, frame)
        if not alts:
            return BOTTOM
        parts.append(ev.scalar(alts, frame, part.at))
    result = value_sets.compose(parts)
    if result.cls in (Bound.UNBOUNDED, Bound.UNKNOWN):
        result = _as_path(result, parts, term, frame)
    return (result,)


def _as_path(result: ValueSet, parts: list[ValueSet], term: Text, frame: Frame) -> ValueSet:
    """Class a text that looks like a URL path with an identity in it as a raw path."""
    first = parts[0] if parts else None
    if first is None or first.cls is not Bound.EXACTLY or len(first.exact) != 1 or not isinstance(first.exact[0], str):
        return result
    head = first.exact[0]
    if not (head.startswith("/") and len(head) > 1 and head.rstrip("/") != "" and "/" in head[1:] + "/"):
        return result
    if result.cls is Bound.UNBOUNDED:
        if result.kind in IN_PATHS:
            return replace(result, kind="raw-path", why=f"a path with {result.why} in it", advice=template_of(term, frame))
        return result
    return result


def template_of(term: Text, frame: Frame) -> str:
    """Write the route template of an f-string path: `/users/{id}`."""
    out = []
    for part in term.parts:
        out.append(str(part.value) if isinstance(part, Const) else "{" + (last_name(part, frame) or "value") + "}")
    return f'the template "{"".join(out)}"'


# operators ------------------------------------------------------------------------------------------------------------


def operator(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    """Evaluate an operator."""
    return OPERATORS.get(term.op, _arithmetic)(ev, term, frame)


def _boolean(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    return (exactly((False, True)),)


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
        return (bounded(1, "one long constant"),)
    return (Sequence("list", (), (Lazy(None, None, (bounded(size, f"one of {size} constants"),)),), size),)


def _repr(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    value = ev.value(term.args[0], frame)
    return (computed(repr(v) for v in value.exact),) if value.cls is Bound.EXACTLY else (value,)


def _format(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    value = ev.value(term.args[0], frame)
    spec = term.args[1].value if isinstance(term.args[1], Const) else None
    if value.cls is not Bound.EXACTLY or not isinstance(spec, str):
        return (value,)
    if constant_limits.is_wide(spec):
        return (unknown(LONG_TEXT),)
    out = []
    for v in value.exact:
        try:
            out.append(spec % v if spec.startswith("%") else format(v, spec))
        except (TypeError, ValueError, OverflowError):
            continue
    return (computed(out),)


def _passed(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    """Evaluate a dictionary after a call that got it as an argument: the callee may have stored keys in it."""
    base = ev.eval(term.args[0], frame)
    call_ref, position = term.args[1], term.args[2]
    assert isinstance(position, Const)
    index = getattr(call_ref, "index", None)
    if index is None or not any(isinstance(o, Mapping) for o in base):
        return base
    call = frame.fact.defs[index].term
    if not isinstance(call, Call):
        return base
    for obj in ev.eval(call.func, frame):
        if not isinstance(obj, Function):
            continue
        params = [p for p in obj.fact.params if p.kind in ("pos", "both", "key")]
        if obj.bound is not None:
            params = params[1:]
        where = str(position.value)
        place = parse_int(where)
        name = params[place].name if place is not None and place < len(params) else where
        stores = [s for s in obj.fact.stores if s.how in ("item", "merge") and _touches(obj.fact.defs, s.base, name)]
        if not stores:
            continue
        inner = binding.bound_frame(ev, obj, call, frame)
        if inner is None:
            continue
        for store in stores:
            if store.how == "merge":
                base = collections.union(ev, base, ev.eval(store.value, inner), store.value, inner)
            elif store.key is not None:
                entry = collections.keyed(ev, store.key, inner.thunk(store.value), inner)
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


ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": op.add, "-": op.sub, "*": op.mul, "/": op.truediv, "//": op.floordiv, "%": op.mod, "**": op.pow,
    "<<": op.lshift, ">>": op.rshift, "|": op.or_, "&": op.and_, "^": op.xor,
}  # fmt: skip


def _add(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    operands = [ev.eval(a, frame) for a in term.args]
    if any(not o for o in operands):
        return BOTTOM
    if any(isinstance(o, Sequence) for alts in operands for o in alts):
        return _concatenated(ev, operands)
    values = [ev.scalar(alts, frame, a.at) for alts, a in zip(operands, term.args, strict=True)]
    if any(isinstance(v, str) for value in values if value.cls is Bound.EXACTLY for v in value.exact):
        result = value_sets.compose(values)
        if result.cls in (Bound.UNBOUNDED, Bound.UNKNOWN):
            result = _as_path(result, values, Text(term.args, term.at), frame)
        return (result,)
    result = values[0]
    for value in values[1:]:
        result = _combine("+", result, value)
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
            rest.append(Lazy(None, None, (unknown("part of a list that is not known"),)))
    return (Sequence(kind, tuple(items), tuple(rest)),)


def _arithmetic(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    operands = [ev.eval(a, frame) for a in term.args]
    if any(not o for o in operands):
        return BOTTOM
    if term.op == "|" and len(operands) == 2:
        if any(isinstance(o, Mapping) for alts in operands for o in alts):
            return collections.union(ev, operands[0], operands[1], term.args[1], frame)
        if any(isinstance(o, Sequence) for alts in operands for o in alts):
            return _concatenated(ev, operands)
    if term.op == "&" and len(operands) == 2 and any(isinstance(o, (Sequence, Mapping)) for alts in operands for o in alts):
        return collections.common(ev, operands[0], operands[1], frame, term.at)
    if term.op == "-" and isinstance(operands[0][0], Sequence):
        return (Sequence("set", (), (*operands[0][0].items, *operands[0][0].rest)),)
    if term.op == "*" and any(isinstance(o, Sequence) for alts in operands for o in alts):
        return _repeated(ev, operands, frame, term)
    values = [ev.scalar(alts, frame, a.at) for alts, a in zip(operands, term.args, strict=True)]
    if len(values) == 1:
        return (_unary(term.op, values[0]),)
    combined = _combine(term.op, values[0], values[1])
    if term.op == "/" and any(isinstance(o, LibraryPath) and o.path.startswith("pathlib.") for o in operands[0]):
        joined = LibraryPath("pathlib.Path", append_step(None, frame.place(term.at), ""))  # a text is unbounded where a part of it is
        return (joined,) if combined.cls is Bound.UNKNOWN else (joined, combined)
    return (combined,)


def _repeated(ev: Evaluator, operands: list[Objects], frame: Frame, term: Op) -> Objects:
    items = next((collections.as_items(ev, alts) for alts in operands if any(isinstance(o, Sequence) for o in alts)), None)
    times = next((ev.scalar(alts, frame, term.at) for alts in operands if not any(isinstance(o, Sequence) for o in alts)), None)
    factor = times.exact[0] if times is not None and times.cls is Bound.EXACTLY and len(times.exact) == 1 else None
    if items is not None and isinstance(factor, int) and constant_limits.repeats(len(items), factor, MAX_UNROLL):
        return (Sequence("list", items * min(factor, MAX_UNROLL)),)
    return (Sequence("list", (), items or ()),)


def _unary(sign: str, value: ValueSet) -> ValueSet:
    if value.cls is not Bound.EXACTLY:
        return value
    out = []
    for v in value.exact:
        if isinstance(v, (int, float)):
            out.append(-v if sign == "neg" else v if sign == "pos" else ~v if isinstance(v, int) else v)
    return exactly(out) if len(out) == len(value.exact) else unknown("arithmetic on a text")


def _combine(sign: str, left: ValueSet, right: ValueSet) -> ValueSet:
    """Apply a binary operator to two sets of numbers; a modulo by a constant bounds any left operand."""
    if left.cls is Bound.EXACTLY and right.cls is Bound.EXACTLY:
        return _exact(sign, left, right)
    if right.cls is Bound.EXACTLY and right.exact and all(type(v) is int and v > 0 for v in right.exact):
        if sign == "%":
            return bounded(
                max(int(v) for v in right.exact if isinstance(v, int)),
                f"remainder of a division by {max(int(v) for v in right.exact if isinstance(v, int))}",
            )
        if sign == "//" and left.cls is Bound.BOUNDED:
            divisor = min(int(v) for v in right.exact if isinstance(v, int))
            if left.kind == "status":
                return bounded(5, "HTTP status class") if divisor >= 100 else left
            return left
    if right.cls is Bound.BOUNDED and sign == "%" and left.cls >= Bound.UNKNOWN:
        return unknown("remainder of a division by a number that is not known")
    if sign in ("-", "/") and left.cls is Bound.UNBOUNDED and left.kind == "time":
        return unbounded("measurement", "a duration: a measurement, not a category", advice="observe it in a Histogram").merge_trail(left)
    return product([left, right])


def _exact(sign: str, left: ValueSet, right: ValueSet) -> ValueSet:
    function = ARITHMETIC.get(sign)
    if function is None or len(left.exact) * len(right.exact) > MAX_EXACT:
        return bounded(max(1, len(left.exact)) * max(1, len(right.exact)), "computed from constants")
    out: list[Any] = []
    for a, b in combinations(left.exact, right.exact):
        if isinstance(a, str) and sign == "*" and isinstance(b, int):
            if not constant_limits.repeats(len(a), b, MAX_TEXT):
                return unknown(LONG_TEXT)
            out.append(a * min(b, MAX_TEXT))
            continue
        if not isinstance(a, (int, float)) or not isinstance(b, (int, float)):
            return unknown("arithmetic on values that are no numbers")
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


OPERATORS: dict[str, Callable[[Any, Op, Frame], Objects]] = {
    "not": _boolean,
    "cmp": _boolean,
    "exception": _exception,
    "many": _many,
    "repr": _repr,
    "format": _format,
    "passed": _passed,
    "+": _add,
}
