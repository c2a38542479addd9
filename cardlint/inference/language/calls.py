"""Calls: functions of the analysed code run in a frame of their own, classes make instances, rows answer for libraries."""

from __future__ import annotations

import functools

from cardlint.inference.callgraph.alias_nodes import occurrences
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator, TransferArgs
from cardlint.inference.core.query import value_query
from cardlint.inference.domain.containers import Mapping, Sequence, SequenceKind
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import (
    BOTTOM,
    ClassObject,
    EnumMember,
    Function,
    Instance,
    LibraryPath,
    Method,
    Object,
    Objects,
    OpaqueCallable,
    Partial,
    Super,
    TypeOfObject,
)
from cardlint.inference.domain.value_sets import Bound, ValueSet, exactly, unknown
from cardlint.inference.heuristics.source_names import identity_by_name
from cardlint.inference.language import alias_changes, decorators, type_hints
from cardlint.inference.limits import ARGUMENT_STEPS, MAX_CALL_DEPTH, MAX_SUSPECTS
from cardlint.inference.primitives import binding, class_graph, enums
from cardlint.ir.model import FunctionIR, ParameterIR
from cardlint.ir.occurrences import Inside, Place, Whole
from cardlint.ir.terms import OF_CALLS, AnyTerm, Attr, Call, Choice, Const, Item, Param, Refine, Star
from cardlint.knowledge.changing import ELEMENT_READERS
from cardlint.knowledge.tables import READS_ROWS

TOO_WIDE = unknown("gave up: value flow too large")


def call(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate a call: join the results of all possible callees."""
    callees = ev.eval(term.func, frame)
    if len(callees) == 1:
        return _result(ev, callees[0], term, frame)
    return join_objects([_result(ev, obj, term, frame) for obj in callees]) if callees else BOTTOM


def _result(ev: Evaluator, obj: Object, term: Call, frame: Frame) -> Objects:
    """Call one object. A container that the call makes can be changed through aliases, as one that is written out."""
    made = ev.call(obj, term, frame)
    if isinstance(obj, (Function, LibraryPath)) or (isinstance(obj, Method) and obj.name not in ELEMENT_READERS):
        return alias_changes.changed_through_aliases(ev, made, term, frame)
    return made


def call_instance(ev: Evaluator, obj: Instance, term: Call, frame: Frame) -> Objects:
    """Call an instance of an analysed class: its `__call__`."""
    method = ev.class_attribute(obj.cls, "__call__", (obj,), frame, term.at)
    callables = [m for m in method if isinstance(m, (Function, Partial, LibraryPath))]
    if callables:
        return join_objects([ev.call(m, term, frame) for m in callables])
    return (unknown(f"a call of an instance of `{obj.cls.ir.name}`"),)


def call_declared(ev: Evaluator, obj: OpaqueCallable, term: Call, frame: Frame) -> Objects:
    """Call something declared as `Callable[..., T]`."""
    return type_hints.from_annotation(ev, obj.term, obj.frame) or (unknown_call(ev, unknown("a call of an unknown function"), term, frame),)


def call_type_of(ev: Evaluator, obj: TypeOfObject, term: Call, frame: Frame) -> Objects:
    """Call `type(x)`: another instance of the class of `x`."""
    kept = tuple(Instance(o.cls, None) for o in obj.of if isinstance(o, Instance))
    return kept or (unknown("an instance of an unknown class"),)


def call_value(ev: Evaluator, obj: ValueSet, term: Call, frame: Frame) -> Objects:
    """Call a value of the lattice, of which nothing else is known."""
    obj = obj.spread()
    if isinstance(term.func, Attr) and term.func.name in READS_ROWS and (rows := ev.transfer("rows", TransferArgs(term, frame, obj))):
        return rows
    looks_up = obj.bound in (Bound.UNKNOWN, Bound.UNBOUNDED) and _is_lookup(ev, term, frame)
    if obj.bound is Bound.UNKNOWN and looks_up:
        return item_or_default(ev, obj, term, frame)
    if obj.bound is Bound.UNBOUNDED and looks_up:  # a part of a client's data, or the default
        default = terms.argument(term, 1, "default")
        return join_objects([(obj,), ev.eval(default, frame) if default is not None else (exactly((None,)),)])
    if obj.bound is Bound.UNBOUNDED and isinstance(term.func, Attr) and term.func.name in SPELLING and not term.args:
        return (obj,)
    return (unknown_call(ev, obj, term, frame),)


def _is_lookup(ev: Evaluator, term: Call, frame: Frame) -> bool:
    """Tell whether a call reads a key that is known: `get("key")`, or `get(label)` where a loop goes through known labels."""
    if not terms.reads_key(term) or terms.is_lookup(term):
        return terms.is_lookup(term)
    if terms.loop_of(term.args[0], frame) is None:
        return False
    key = ev.value(term.args[0], frame)
    return key.bound is Bound.EXACTLY and bool(key.exact) and all(isinstance(k, str) for k in key.exact)


SPELLING = frozenset({"hexdigest", "digest", "hex", "isoformat", "as_posix", "geturl", "tobytes", "to_string", "as_string"})
"""Methods that write a value as a text, so that two values do not become one."""


def call_anything(ev: Evaluator, obj: Object, term: Call, frame: Frame) -> Objects:
    """Call an object that is not callable."""
    return (unknown("a call of an unknown function"),)


def item_or_default(ev: Evaluator, of: Object, term: Call, frame: Frame) -> Objects:
    """Call `get(key, default)` of anything that holds items: the result is the item or the default."""
    base = term.func.base if isinstance(term.func, Attr) else term.func
    key = ev.value(term.args[0], frame)
    found = ev.item(of, key, Item(base, term.args[0], term.at), frame)
    default = terms.argument(term, 1, "default")
    return join_objects([found, ev.eval(default, frame) if default is not None else (exactly((None,)),)])


def unknown_call(ev: Evaluator, obj: ValueSet, term: Call, frame: Frame) -> ValueSet:
    """Return the result of a call that is not known; a suspect argument is kept in the result for pedantic runs."""
    named = identity_by_name(term, frame)
    if named is not None:
        return named
    why = obj.why if obj.bound is Bound.UNKNOWN else "a call of an unknown function"
    return unknown(why, unbounded_argument(ev, term, frame))


def unbounded_argument(ev: Evaluator, term: Call, frame: Frame) -> ValueSet | None:
    """Return the unbounded argument of an unknown call, if there is one."""
    if not ev.settings.suspects:
        return None
    for passed in (*term.args[:MAX_SUSPECTS], *(v for _, v in term.kwargs[:MAX_SUSPECTS])):
        value = ev.aside(ARGUMENT_STEPS, functools.partial(ev.value, passed, frame), TOO_WIDE, frame, term.at)
        if value.bound is Bound.UNBOUNDED and value.kind != "object-repr":  # a function gets a function to call it
            return value
    return None


# analysed functions ---------------------------------------------------------------------------------------------------


def call_function(ev: Evaluator, fn: Function, term: Call, frame: Frame) -> Objects:
    """Call an analysed function: through its decorators, in a frame of its own."""
    ir = fn.ir
    if ir.decorators and not fn.bare:
        wrapped = decorators.replaced(ev, fn, term, frame)
        if wrapped:
            return wrapped
    inner = binding.bound_frame(ev, fn, term, frame)
    if inner is None and (ir.yields or frame.ir is not ir or _is_closure(fn) or not _is_only_returned(term, frame)):
        return _declared(ev, fn) or (unknown(f"`{ir.name}` calls itself, or the calls are nested more than {MAX_CALL_DEPTH} deep"),)
    if inner is not None and ir.yields:
        kind: SequenceKind = "generator"
        if terms.flag(ir, "contextmanager", "asynccontextmanager"):
            kind = "swallowing context" if ir.swallows else "context"
        return (Sequence(kind, (), tuple(inner.lazy(y) for y in ir.yields)),)
    result = returned(ev, ir, inner) if inner is not None else _of_any_call(ev, fn.file, ir.index)
    if any(isinstance(o, ValueSet) and o.bound is Bound.UNKNOWN for o in result) and all(isinstance(o, ValueSet) for o in result):
        declared = _declared(ev, fn)
        if declared:
            return declared
    return result


@value_query(initial=BOTTOM, key=lambda file, index: (file, index))
def _of_any_call(ev: Evaluator, file: FileState, index: int) -> Objects:
    """Return what a function returns to any caller."""
    frame = file.frame(index)
    return returned(ev, frame.ir, frame)


def _is_closure(fn: Function) -> bool:
    """Tell whether a function is made inside of another one: the wrapper of another decorated function is no call of itself."""
    return fn.ir.parent >= 0 and fn.file.ir.functions[fn.ir.parent].kind in ("function", "lambda")


def _is_only_returned(term: Call, frame: Frame) -> bool:
    """Tell whether a function returns the result of a call as it is. Where it calls itself so, the call adds nothing to its results.

    A result that is made longer at each level, as in `parent(node) + node.name`, is another set than that of one level.
    """
    table = occurrences(frame)
    work: list[AnyTerm] = [term]
    seen: set[int] = set()
    while work:
        current = work.pop()
        written = table.of(current)
        if id(current) in seen:
            continue
        seen.add(id(current))
        if not written and current is term:
            return False
        for where in written:
            if isinstance(where, Whole) and where.place is Place.DEFINITION:
                work.extend(table.uses.get(where.number, ()))
            elif isinstance(where, Inside) and isinstance(where.parent, (Refine, Choice)) and where.role in ("base", "options"):
                work.append(where.parent)
            elif isinstance(where, Inside) and isinstance(where.parent, Refine) and where.parent.guard in OF_CALLS:
                continue  # what the call says of its arguments
            elif not (isinstance(where, Whole) and where.place is Place.RETURN):
                return False
    return True


def returned(ev: Evaluator, ir: FunctionIR, inner: Frame) -> Objects:
    """Join the results of a function in one frame; a return whose tests cannot hold there is left out."""
    groups = []
    for term, guards in zip(ir.returns, ir.guards, strict=True):
        if not binding.reached(ev, guards, inner):
            continue
        alts = ev.eval(term, inner)
        if not isinstance(term, Const):
            alts = ev.stepped(alts, inner, term.at, f"returned by `{ir.name}()`")
        groups.append(alts)
    return join_objects(groups) if groups else BOTTOM


def _declared(ev: Evaluator, fn: Function) -> Objects:
    if fn.ir.annotation is None:
        return BOTTOM
    return type_hints.from_annotation(ev, fn.ir.annotation, fn.file.frame(fn.ir.parent))


# classes --------------------------------------------------------------------------------------------------------------


def construct(ev: Evaluator, cls: ClassObject, term: Call, frame: Frame) -> Objects:
    """Call an analysed class: the result is a member of an Enum, or an instance."""
    if class_graph.is_enum(ev, cls):
        if term.args and not any(k == "names" for k, _ in term.kwargs):
            given = ev.value(term.args[0], frame)
            if given.bound is Bound.EXACTLY and not isinstance(term.args[0], Star):
                names = [n for n in class_graph.members(ev, cls) if _holds(ev, cls, n, given)]
                if names:
                    return tuple(EnumMember(cls, n) for n in names) if len(names) <= 4 else (EnumMember(cls, None),)
        return (EnumMember(cls, None),)
    return (Instance(cls, (term, frame)),)


def _holds(ev: Evaluator, cls: ClassObject, name: str, given: ValueSet) -> bool:
    return any(isinstance(o, ValueSet) and set(o.exact) & set(given.exact) for o in enums.member_value(ev, cls, name))


# partial and super ----------------------------------------------------------------------------------------------------


def partial_of(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `functools.partial(f, ...)`."""
    if not term.args:
        return (unknown("partial() without a function"),)
    func = ev.eval(term.args[0], frame)
    args = tuple(frame.lazy(a) for a in term.args[1:])
    kwargs = [(k, frame.lazy(v)) for k, v in term.kwargs if k]
    for name, value in term.kwargs:
        if name == "":
            for obj in ev.eval(value, frame):
                if isinstance(obj, Mapping):
                    kwargs.extend((k, t) for k, t in obj.entries if isinstance(k, str))
    return (Partial(func, args, tuple(kwargs)),)


def call_partial(ev: Evaluator, obj: Partial, term: Call, frame: Frame) -> Objects:
    """Call a partial object: its function, with the stored arguments before those of the call."""
    groups: list[Objects] = []
    for func in obj.func:
        if isinstance(func, Function):
            inner = binding.bound_frame(ev, func, term, frame, obj)
            if inner is None:
                groups.append((unknown("a recursive partial"),))
                continue
            groups.append(returned(ev, func.ir, inner))
        else:
            groups.append(ev.call(func, expand_partial(obj, term), _partial_frame(obj, term, frame)))
    return join_objects(groups) if groups else BOTTOM


def expand_partial(obj: Partial, term: Call) -> Call:
    """Write out the call that a partial represents; its own arguments refer to definitions of a carrier frame."""
    args = tuple(Param(f"<{i}>", term.at) for i in range(len(obj.args)))
    given = {k for k, _ in term.kwargs}
    kwargs = tuple((name, Param(f"<{name}>", term.at)) for name, _ in obj.kwargs if name not in given)
    own_args = tuple(Param(f"<call {i}>", a.at) for i, a in enumerate(term.args))
    own_kwargs = tuple((k, Param(f"<call {k or i}>", v.at)) for i, (k, v) in enumerate(term.kwargs))
    table = (*args, *own_args)
    return Call(term.func, table, (*kwargs, *own_kwargs), term.at)


def _partial_frame(obj: Partial, term: Call, frame: Frame) -> Frame:
    bound: dict[str, Lazy] = {f"<{i}>": thunk for i, thunk in enumerate(obj.args)}
    bound.update({f"<{name}>": thunk for name, thunk in obj.kwargs})
    bound.update({f"<call {i}>": frame.lazy(a) for i, a in enumerate(term.args)})
    bound.update({f"<call {k or i}>": frame.lazy(v) for i, (k, v) in enumerate(term.kwargs)})
    key = (obj, id(term), 1)
    found = frame.call_frames.get(key)
    if found is None:
        params = tuple(ParameterIR(name, "both", None, None, term.at) for name in bound)
        ir = frame.ir.with_params(params)
        found = Frame(frame.file, ir, bound, frame.parent, frame, frame.depth + 1, None)
        frame.call_frames[key] = found
    return found


def super_of(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `super()` in a method."""
    scope: Frame | None = frame
    while scope is not None and scope.ir.owner < 0:
        scope = scope.parent
    if scope is None:
        return (unknown("super() outside of a class"),)
    owner = class_graph.owner_of(scope.file, scope.ir)
    assert owner is not None
    bound: Objects = BOTTOM
    if scope.ir.params:
        bound = ev.eval(Param(scope.ir.params[0].name, term.at), scope)
    return (Super(owner, bound),)
