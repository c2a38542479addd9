"""Binding: the arguments of a call to the parameters of a function, and the frame in which it runs."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import ClassObject, Function, Instance, Partial
from cardlint.inference.domain.value_sets import Bound, ValueSet, unknown
from cardlint.inference.heuristics.guesses import of_source
from cardlint.inference.limits import MAX_CALL_DEPTH, MAX_ITEMS
from cardlint.inference.primitives import class_graph, collections
from cardlint.ir.model import FunctionIR, ParameterIR
from cardlint.ir.terms import OF_CALLS, AnyTerm, Attr, Call, Guard, Refine, Star, Use

OPEN_PREDICATES: frozenset[Guard] = frozenset({"least", "above", "most", "below", *OF_CALLS})
"""Guards that leave something of nearly every value."""


def reached(ev: Evaluator, guards: tuple[int, ...], inner: Frame) -> bool:
    """Tell whether the tests that hold at a return can hold in one frame.

    Only tests for a value decide that: it is seldom certain that a number is outside of a range.
    """
    if inner.bindings is None:
        return True
    for index in guards:
        definition = inner.ir.defs[index]
        decides = not (isinstance(definition.term, Refine) and definition.term.guard in OPEN_PREDICATES)
        if decides and not ev.ref(Use(index, definition.at), inner):
            return False
    return True


def bound_frame(ev: Evaluator, fn: Function, term: Call, frame: Frame, partial: Partial | None = None) -> Frame | None:
    """Return the frame of one call of a function; None when calls are nested too deeply or recurse."""
    if frame.depth >= MAX_CALL_DEPTH:
        ev.limit(frame, term.at, f"calls nested more than {MAX_CALL_DEPTH} deep", "MAX_CALL_DEPTH")
        return None
    outer: Frame | None = frame
    while outer is not None:
        if outer.ir is fn.ir and outer.bindings is not None:
            return None
        outer = outer.caller
    return _call_frame(ev, fn, term, frame, partial)


def _call_key(fn: Function, term: Call, frame: Frame, partial: Partial | None) -> object:
    given = hash(tuple(map(id, (*partial.args, *(t for _, t in partial.kwargs))))) if partial is not None else 0
    return (frame, id(fn.ir), id(term), _identity(fn) ^ given)


@query(initial=None, key=_call_key)
def _call_frame(ev: Evaluator, fn: Function, term: Call, frame: Frame, partial: Partial | None) -> Frame | None:
    """Make the frame of one call. It is the same object every time, so that its results are kept."""
    ir = fn.ir
    bound = bindings(ev, ir, term, frame, fn.bound is not None, partial)
    if fn.bound is not None and ir.params:
        bound[ir.params[0].name] = Lazy(None, None, fn.bound)
    parent = fn.closure if fn.closure is not None and fn.closure.ir.index == ir.parent else fn.file.frame(ir.parent)
    made = Frame(fn.file, ir, bound, parent, frame, frame.depth + 1, term.at)
    made.origin = (fn, term, partial)
    return made


def replay(ev: Evaluator, frame: Frame, outermost: Frame, inner: Frame) -> Frame | None:
    """Rebuild a chain of bound frames on another outermost frame; None where one of its calls cannot be repeated.

    On another receiver `self.make(name)` may call another method.
    """
    if frame is outermost:
        return inner
    if frame.caller is None or frame.origin is None:
        return None
    below = replay(ev, frame.caller, outermost, inner)
    if below is None:
        return None
    function, call, partial = frame.origin
    callees = ev.eval(call.func, below)
    functions = [obj for obj in callees if isinstance(obj, Function)]
    same = next((obj for obj in functions if obj.ir is function.ir), None)
    if same is None and functions and isinstance(call.func, Attr):
        return None
    made = next((obj for obj in callees if isinstance(obj, ClassObject)), None)
    if made is not None and function.bound is not None and all(isinstance(o, Instance) for o in function.bound):
        same = Function(function.file, function.ir, (Instance(made, (call, below)),), function.closure)
    return bound_frame(ev, same if same is not None else function, call, below, partial)


def _identity(fn: Function) -> int:
    closure = id(fn.closure) if fn.closure is not None else 0
    if fn.bound is None:
        return closure
    total = closure
    for obj in fn.bound:
        if isinstance(obj, Instance):
            made = (id(obj.site[0]), id(obj.site[1])) if obj.site else (0, 0)
            total = hash((total, id(obj.cls.ir), *made, obj.client_data is not None))
        else:
            total = hash((total, obj.ident()))
    return total


def bindings(ev: Evaluator, ir: FunctionIR, term: Call, frame: Frame, bound: bool, partial: Partial | None = None) -> dict[str, Lazy]:
    """Pair the parameters of a function with the arguments of a call. Omitted ones are left out."""
    out: dict[str, Lazy] = {}
    positional = [p for p in ir.params if p.kind in ("pos", "both")]
    if bound and positional:
        positional = positional[1:]
    given: list[Lazy] = list(partial.args) if partial is not None else []
    starred: AnyTerm | None = None
    for argument in term.args:
        if isinstance(argument, Star):
            known = collections.as_items(ev, ev.eval(argument.base, frame))
            if known is None:
                starred = argument.base
                break
            given.extend(known if len(given) <= MAX_ITEMS else ())
        else:
            given.append(frame.lazy(argument))
    for param, thunk in zip(positional, given, strict=False):
        out[param.name] = thunk
    star = next((p for p in ir.params if p.kind == "star"), None)
    left = positional[len(given) :]
    if starred is not None:
        for param in left:
            if not any(k == param.name for k, _ in term.kwargs):
                out[param.name] = frame.element(starred, term.at)
    if star is not None:
        rest = (frame.element(starred, term.at),) if starred is not None else ()
        out[star.name] = Lazy(None, None, (Sequence("tuple", tuple(given[len(positional) :]), rest),))
    _keywords(ev, ir, term, frame, out, partial)
    return out


def _keywords(ev: Evaluator, ir: FunctionIR, term: Call, frame: Frame, out: dict[str, Lazy], partial: Partial | None) -> None:
    by_name: dict[str, ParameterIR] = {p.name: p for p in ir.params if p.kind in ("both", "key")}
    extra: list[tuple[str, Lazy]] = []
    merged: list[AnyTerm] = []
    for name, thunk in partial.kwargs if partial is not None else ():
        if name in by_name:
            out[name] = thunk
        else:
            extra.append((name, thunk))
    for name, value in term.kwargs:
        if name == "":
            merged.append(value)
        elif name in by_name:
            out[name] = frame.lazy(value)
        else:
            extra.append((name, frame.lazy(value)))
    for value in merged:
        _from_mapping(ev, ir, value, by_name, frame, out)
    dstar = next((p for p in ir.params if p.kind == "dstar"), None)
    if dstar is not None:
        out[dstar.name] = Lazy(None, None, (_other_keywords(ev, extra, merged, by_name, frame),))


def _from_mapping(
    ev: Evaluator, ir: FunctionIR, value: AnyTerm, by_name: dict[str, ParameterIR], frame: Frame, out: dict[str, Lazy]
) -> None:
    """Add the arguments that a `**mapping` of a call gives to named parameters."""
    for obj in ev.eval(value, frame):
        if isinstance(obj, Mapping):
            keys = {k for k, _ in obj.entries if isinstance(k, str)}
            for name in by_name:
                if name in keys and name not in out:
                    out[name] = frame.entry(value, name)
        sent = collections.is_sent(ev, obj)
        if sent or (isinstance(obj, ValueSet) and obj.bound is Bound.UNKNOWN):
            for name, param in by_name.items():
                if name not in out:
                    out[name] = frame.entry(value, name) if sent or param.default is None else MaybePassed(ir, param)


def _other_keywords(
    ev: Evaluator, extra: list[tuple[str, Lazy]], merged: list[AnyTerm], by_name: dict[str, ParameterIR], frame: Frame
) -> Mapping:
    """Return the dictionary of a `**kwargs` parameter: the keyword arguments without a parameter of their name."""
    open_ = False
    optional: frozenset[object] = frozenset()
    more: list[tuple[object, Lazy]] = []
    for value in merged:
        found, was_open, maybe = collections.entries_of(ev, ev.eval(value, frame), value, frame)
        more.extend((k, t) for k, t in found if not (isinstance(k, str) and k in by_name))
        open_ = open_ or was_open
        optional |= maybe
    return Mapping((*extra, *more), open_, optional)  # type: ignore[arg-type]


class MaybePassed(Lazy):
    """The value of a parameter with a default that may be in the `**` of a call: the default is possible too."""

    __slots__ = ()

    def __init__(self, ir: FunctionIR, param: ParameterIR) -> None:
        why = f"`{param.name}` may be in the `**` of a call of `{ir.name}`"
        super().__init__(None, None, (unknown(why, guess=of_source(param.name)),))


def method_frame(ev: Evaluator, inst: Instance, base: ClassObject, ir: FunctionIR) -> Frame:
    """Return the frame in which a method of an instance runs: bound to its constructor call for `__init__`."""
    if inst.site is not None and ir.name == "__init__":
        call, caller = inst.site
        init = Function(base.file, ir, (inst,), None)
        if base is inst.cls or base == inst.cls or not class_graph.defines(inst.cls, "__init__"):
            frame = bound_frame(ev, init, call, caller)
            if frame is not None:
                return frame
    return base.file.frame(ir.index)
