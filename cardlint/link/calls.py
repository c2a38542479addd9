"""Calls: functions of the tree run in a frame of their own, classes make instances, libraries answer with rows."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from cardlint.facts.model import FunctionFact, ParamFact
from cardlint.facts.terms import AnyTerm, Attr, Call, Const, Item, Narrow, Ref, Star
from cardlint.link import classes, containers, enums, limits
from cardlint.link.frames import Frame
from cardlint.link.guess import of_source
from cardlint.link.objects import (
    NOTHING,
    Alts,
    Cls,
    Ext,
    Function,
    Instance,
    Mapping,
    Member,
    Obj,
    Partial,
    Returning,
    Sequence,
    Super,
    Thunk,
    TypeOf,
    merge,
)
from cardlint.link.values import Cls as Class
from cardlint.link.values import Value, exactly, unknown

if TYPE_CHECKING:
    from cardlint.link.protocol import Evaluator

SUSPECT_FUEL = 300
"""Steps that looking at the arguments of an unknown call may take; only pedantic runs look."""
TOO_WIDE = unknown("the flow is too wide to follow")
OPEN = frozenset({"least", "above", "most", "below", "checked"})
"""Guards that leave something of nearly every value."""
MAX_CALL_DEPTH = 12
"""Calls inside calls that are followed into their bodies."""


def call(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Evaluate a call: the results of everything the callee can be."""
    callees = ev.eval(term.func, frame)
    if len(callees) == 1:
        return ev.call(callees[0], term, frame)
    return merge([ev.call(obj, term, frame) for obj in callees]) if callees else NOTHING


def call_instance(ev: Evaluator, obj: Instance, term: Call, frame: Frame) -> Alts:
    """Call an instance of a class of the tree: its `__call__`."""
    method = ev.class_attribute(obj.cls, "__call__", (obj,), frame, term.at)
    callables = [m for m in method if isinstance(m, (Function, Partial, Ext))]
    if callables:
        return merge([ev.call(m, term, frame) for m in callables])
    return (unknown(f"a call of an instance of `{obj.cls.fact.name}`"),)


def call_declared(ev: Evaluator, obj: Returning, term: Call, frame: Frame) -> Alts:
    """Call something declared as `Callable[..., T]`."""
    from cardlint.link import hints

    return hints.instance_of(ev, obj.term, obj.frame) or (unknown_call(ev, unknown("a call of something that is not known"), term, frame),)


def call_type_of(ev: Evaluator, obj: TypeOf, term: Call, frame: Frame) -> Alts:
    """Call `type(x)`: another instance of the class of `x`."""
    kept = tuple(Instance(o.cls, None) for o in obj.of if isinstance(o, Instance))
    return kept or (unknown("an instance of a class that is not known"),)


def call_value(ev: Evaluator, obj: Value, term: Call, frame: Frame) -> Alts:
    """Call a value of the lattice, of which nothing else is known."""
    if obj.cls is Class.UNKNOWN and is_lookup(term):
        return item_or_default(ev, obj, term, frame)
    if obj.cls is Class.UNBOUNDED and is_lookup(term):  # a part of what somebody sent, or the default
        default = argument(term, 1, "default")
        return merge([(obj,), ev.eval(default, frame) if default is not None else (exactly((None,)),)])
    return (unknown_call(ev, obj, term, frame),)


def call_anything(ev: Evaluator, obj: Obj, term: Call, frame: Frame) -> Alts:
    """Call an object that no program calls."""
    return (unknown("a call of something that is not known"),)


def item_or_default(ev: Evaluator, of: Obj, term: Call, frame: Frame) -> Alts:
    """Call `get(key, default)` on anything that holds items: it is the item, or the default."""
    base = term.func.base if isinstance(term.func, Attr) else term.func
    key = ev.value(term.args[0], frame)
    found = ev.item(of, key, Item(base, term.args[0], term.at), frame)
    default = argument(term, 1, "default")
    return merge([found, ev.eval(default, frame) if default is not None else (exactly((None,)),)])


def is_lookup(term: Call) -> bool:
    """Tell whether a call reads `get("key")` or `pop("key")`: with a constant key it is taken for a dictionary's."""
    func = term.func
    return isinstance(func, Attr) and func.name in ("get", "pop") and bool(term.args) and isinstance(term.args[0], Const)


def unknown_call(ev: Evaluator, obj: Value, term: Call, frame: Frame) -> Value:
    """Return the result of a call that is not known; a suspect argument is remembered for those who ask for it."""
    why = obj.why if obj.cls is Class.UNKNOWN else "a call of something that is not known"
    return unknown(why, suspect(ev, term, frame))


def suspect(ev: Evaluator, term: Call, frame: Frame) -> Value | None:
    """Return the unbounded argument of an unknown call, if there is one."""
    if not ev.settings.suspects:
        return None
    for passed in (*term.args[:3], *(v for _, v in term.kwargs[:3])):
        value = ev.aside(SUSPECT_FUEL, functools.partial(ev.value, passed, frame), TOO_WIDE, frame, term.at)
        if value.cls is Class.UNBOUNDED:
            return value
    return None


# functions of the tree ------------------------------------------------------------------------------------------------


def call_function(ev: Evaluator, fn: Function, term: Call, frame: Frame) -> Alts:
    """Call a function of the tree: through its decorators, in a frame of its own."""
    fact = fn.fact
    if fact.decorators and not fn.bare:
        from cardlint.link import decorators

        wrapped = decorators.replaced(ev, fn, term, frame)
        if wrapped:
            return wrapped
    inner = bound_frame(ev, fn, term, frame)
    if inner is None:
        return _declared(ev, fn) or (unknown(f"`{fact.name}` calls itself, or the calls are nested more than {MAX_CALL_DEPTH} deep"),)
    if fact.yields:
        kind = "context" if classes.flag(fact, "contextmanager", "asynccontextmanager") else "generator"
        return (Sequence(kind, (), tuple(inner.thunk(y) for y in fact.yields)),)
    result = returned(ev, fact, inner)
    if any(isinstance(o, Value) and o.cls is Class.UNKNOWN for o in result) and all(isinstance(o, Value) for o in result):
        declared = _declared(ev, fn)
        if declared:
            return declared
    return result


def returned(ev: Evaluator, fact: FunctionFact, inner: Frame) -> Alts:
    """Join what a function returns in one frame; a return whose tests cannot hold there is left out."""
    groups = []
    for term, guards in zip(fact.returns, fact.guards, strict=True):
        if not reached(ev, guards, inner):
            continue
        alts = ev.eval(term, inner)
        if not isinstance(term, Const):
            alts = ev.stepped(alts, inner, term.at, f"returned by `{fact.name}()`")
        groups.append(alts)
    return merge(groups) if groups else NOTHING


def reached(ev: Evaluator, guards: tuple[int, ...], inner: Frame) -> bool:
    """Tell whether the tests that hold at a return can hold in one frame.

    Only tests against what a value is decide that: a number that is not in a range is seldom known for sure.
    """
    if inner.bindings is None:
        return True
    for index in guards:
        definition = inner.fact.defs[index]
        decides = not (isinstance(definition.term, Narrow) and definition.term.guard in OPEN)
        if decides and not ev.ref(Ref(index, definition.at), inner):
            return False
    return True


def _declared(ev: Evaluator, fn: Function) -> Alts:
    from cardlint.link import hints

    if fn.fact.annotation is None:
        return NOTHING
    return hints.instance_of(ev, fn.fact.annotation, fn.file.frame(fn.fact.parent))


def bound_frame(ev: Evaluator, fn: Function, term: Call, frame: Frame, partial: Partial | None = None) -> Frame | None:
    """Return the frame of one call of a function; None when calls are nested too deeply or recurse."""
    fact = fn.fact
    given = hash(tuple(map(id, (*partial.args, *(t for _, t in partial.kwargs))))) if partial is not None else 0
    key = (id(fact), id(term), _identity(fn) ^ given)
    found = frame.subframes.get(key)
    if found is not None:
        return found
    if frame.depth >= MAX_CALL_DEPTH:
        ev.limit(frame, term.at, f"calls nested more than {MAX_CALL_DEPTH} deep")
        return None
    outer: Frame | None = frame
    while outer is not None:
        if outer.fact is fact and outer.bindings is not None:
            return None
        outer = outer.caller
    bound = bindings(ev, fact, term, frame, fn.bound is not None, partial)
    if fn.bound is not None and fact.params:
        bound[fact.params[0].name] = Thunk(None, None, fn.bound)
    parent = fn.closure if fn.closure is not None and fn.closure.fact.index == fact.parent else fn.file.frame(fact.parent)
    made = Frame(fn.file, fact, bound, parent, frame, frame.depth + 1, term.at)
    made.made_by = (fn, term, partial)
    frame.subframes[key] = made
    return made


def rebuilt(ev: Evaluator, frame: Frame, outermost: Frame, inner: Frame) -> Frame | None:
    """Rebuild a chain of bound frames on another outermost one; None where one of its calls cannot be made again.

    On another receiver `self.make(name)` may call another method.
    """
    if frame is outermost:
        return inner
    if frame.caller is None or frame.made_by is None:
        return None
    below = rebuilt(ev, frame.caller, outermost, inner)
    if below is None:
        return None
    function, call, partial = frame.made_by
    if isinstance(call.func, Attr):
        callees = [obj for obj in ev.eval(call.func, below) if isinstance(obj, Function)]
        if callees and all(obj.fact is not function.fact for obj in callees):
            return None
    return bound_frame(ev, function, call, below, partial)


def _identity(fn: Function) -> int:
    closure = id(fn.closure) if fn.closure is not None else 0
    if fn.bound is None:
        return closure
    total = closure
    for obj in fn.bound:
        if isinstance(obj, Instance):
            made = (id(obj.made[0]), id(obj.made[1])) if obj.made else (0, 0)
            total = hash((total, id(obj.cls.fact), *made, obj.sent is not None))
        else:
            total = hash((total, type(obj).__name__))
    return total


def bindings(ev: Evaluator, fact: FunctionFact, term: Call, frame: Frame, bound: bool, partial: Partial | None = None) -> dict[str, Thunk]:
    """Pair the parameters of a function with the arguments of a call. Omitted ones are left out."""
    out: dict[str, Thunk] = {}
    positional = [p for p in fact.params if p.kind in ("pos", "both")]
    if bound and positional:
        positional = positional[1:]
    given: list[Thunk] = list(partial.args) if partial is not None else []
    starred: AnyTerm | None = None
    for argument in term.args:
        if isinstance(argument, Star):
            known = containers.as_items(ev, ev.eval(argument.base, frame))
            if known is None:
                starred = argument.base
                break
            given.extend(known if len(given) <= limits.MAX_ITEMS else ())
        else:
            given.append(frame.thunk(argument))
    for param, thunk in zip(positional, given, strict=False):
        out[param.name] = thunk
    star = next((p for p in fact.params if p.kind == "star"), None)
    left = positional[len(given) :]
    if starred is not None:
        for param in left:
            if not any(k == param.name for k, _ in term.kwargs):
                out[param.name] = frame.element(starred, term.at)
    if star is not None:
        rest = (frame.element(starred, term.at),) if starred is not None else ()
        out[star.name] = Thunk(None, None, (Sequence("tuple", tuple(given[len(positional) :]), rest),))
    _keywords(ev, fact, term, frame, out, partial)
    return out


def _keywords(ev: Evaluator, fact: FunctionFact, term: Call, frame: Frame, out: dict[str, Thunk], partial: Partial | None) -> None:
    by_name: dict[str, ParamFact] = {p.name: p for p in fact.params if p.kind in ("both", "key")}
    extra: list[tuple[str, Thunk]] = []
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
            out[name] = frame.thunk(value)
        else:
            extra.append((name, frame.thunk(value)))
    for value in merged:
        for obj in ev.eval(value, frame):
            if isinstance(obj, Mapping):
                keys = {k for k, _ in obj.entries if isinstance(k, str)}
                for name in by_name:
                    if name in keys and name not in out:
                        out[name] = frame.entry(value, name)
            sent = containers.is_sent(ev, obj)
            if sent or (isinstance(obj, Value) and obj.cls is Class.UNKNOWN):
                for name, param in by_name.items():
                    if name not in out:
                        out[name] = frame.entry(value, name) if sent or param.default is None else PerhapsGiven(fact, param)
    dstar = next((p for p in fact.params if p.kind == "dstar"), None)
    if dstar is None:
        return
    entries = [(name, thunk) for name, thunk in extra]
    open_ = False
    optional: frozenset[object] = frozenset()
    more: list[tuple[object, Thunk]] = []
    for value in merged:
        found, was_open, maybe = containers.entries_of(ev, ev.eval(value, frame), value, frame)
        more.extend((k, t) for k, t in found if not (isinstance(k, str) and k in by_name))
        open_ = open_ or was_open
        optional |= maybe
    out[dstar.name] = Thunk(None, None, (Mapping((*entries, *more), open_, optional),))  # type: ignore[arg-type]


class PerhapsGiven(Thunk):
    """What a parameter with a default holds that may be in the `**` of a call: the default stands beside it."""

    __slots__ = ()

    def __init__(self, fact: FunctionFact, param: ParamFact) -> None:
        why = f"`{param.name}` may be in the `**` of a call of `{fact.name}`"
        super().__init__(None, None, (unknown(why, guess=of_source(param.name)),))


# classes --------------------------------------------------------------------------------------------------------------


def construct(ev: Evaluator, cls: Cls, term: Call, frame: Frame) -> Alts:
    """Call a class of the tree: a member of an Enum, or an instance."""
    if classes.is_enum(ev, cls):
        if term.args and not any(k == "names" for k, _ in term.kwargs):
            given = ev.value(term.args[0], frame)
            if given.cls is Class.EXACTLY and not isinstance(term.args[0], Star):
                names = [n for n in classes.members(ev, cls) if _holds(ev, cls, n, given)]
                if names:
                    return tuple(Member(cls, n) for n in names) if len(names) <= 4 else (Member(cls, None),)
        return (Member(cls, None),)
    return (Instance(cls, (term, frame)),)


def _holds(ev: Evaluator, cls: Cls, name: str, given: Value) -> bool:
    return any(isinstance(o, Value) and set(o.exact) & set(given.exact) for o in enums.member_value(ev, cls, name))


# partial and super ----------------------------------------------------------------------------------------------------


def partial_of(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Evaluate `functools.partial(f, ...)`."""
    if not term.args:
        return (unknown("partial() without a function"),)
    func = ev.eval(term.args[0], frame)
    args = tuple(frame.thunk(a) for a in term.args[1:])
    kwargs = [(k, frame.thunk(v)) for k, v in term.kwargs if k]
    for name, value in term.kwargs:
        if name == "":
            for obj in ev.eval(value, frame):
                if isinstance(obj, Mapping):
                    kwargs.extend((k, t) for k, t in obj.entries if isinstance(k, str))
    return (Partial(func, args, tuple(kwargs)),)


def call_partial(ev: Evaluator, obj: Partial, term: Call, frame: Frame) -> Alts:
    """Call a partial object: its function, with what it holds before what the call gives."""
    groups: list[Alts] = []
    for func in obj.func:
        if isinstance(func, Function):
            inner = bound_frame(ev, func, term, frame, obj)
            if inner is None:
                groups.append((unknown("a recursive partial"),))
                continue
            groups.append(returned(ev, func.fact, inner))
        else:
            groups.append(ev.call(func, spread(obj, term), _carrier(obj, term, frame)))
    return merge(groups) if groups else NOTHING


def spread(obj: Partial, term: Call) -> Call:
    """Write out the call a partial stands for; its own arguments refer to definitions of a carrier frame."""
    from cardlint.facts.terms import Param

    args = tuple(Param(f"<{i}>", term.at) for i in range(len(obj.args)))
    given = {k for k, _ in term.kwargs}
    kwargs = tuple((name, Param(f"<{name}>", term.at)) for name, _ in obj.kwargs if name not in given)
    own_args = tuple(Param(f"<call {i}>", a.at) for i, a in enumerate(term.args))
    own_kwargs = tuple((k, Param(f"<call {k or i}>", v.at)) for i, (k, v) in enumerate(term.kwargs))
    table = (*args, *own_args)
    return Call(term.func, table, (*kwargs, *own_kwargs), term.at)


def _carrier(obj: Partial, term: Call, frame: Frame) -> Frame:
    from cardlint.facts.model import ParamFact

    bound: dict[str, Thunk] = {f"<{i}>": thunk for i, thunk in enumerate(obj.args)}
    bound.update({f"<{name}>": thunk for name, thunk in obj.kwargs})
    bound.update({f"<call {i}>": frame.thunk(a) for i, a in enumerate(term.args)})
    bound.update({f"<call {k or i}>": frame.thunk(v) for i, (k, v) in enumerate(term.kwargs)})
    key = (obj, id(term), 1)
    found = frame.subframes.get(key)
    if found is None:
        params = tuple(ParamFact(name, "both", None, None, term.at) for name in bound)
        fact = frame.fact.with_params(params)
        found = Frame(frame.file, fact, bound, frame.parent, frame, frame.depth + 1, None)
        frame.subframes[key] = found
    return found


def super_of(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Evaluate `super()` in a method."""
    scope: Frame | None = frame
    while scope is not None and scope.fact.owner < 0:
        scope = scope.parent
    if scope is None:
        return (unknown("super() outside of a class"),)
    owner = classes.owner_of(scope.file, scope.fact)
    assert owner is not None
    bound: Alts = NOTHING
    if scope.fact.params:
        from cardlint.facts.terms import Param

        bound = ev.eval(Param(scope.fact.params[0].name, term.at), scope)
    return (Super(owner, bound),)


def argument(term: Call, position: int, keyword: str = "") -> AnyTerm | None:
    """Return an argument of a call by position or keyword."""
    for name, value in term.kwargs:
        if keyword and name == keyword:
            return value
    if position < len(term.args) and not any(isinstance(a, Star) for a in term.args[: position + 1]):
        return term.args[position]
    return None
