"""Interference: an attribute, or a name of a module, that other code may change between its test, or its assignment, and its use.

A test of `job.state` says nothing of it any more once a function has run that stores another state. Where nothing is known to store
one, the test holds. Where something may, what it stores is added if it is a closed set, and else the value is not decided: the change
is possible, and no program makes it for certain.
"""

from __future__ import annotations

from functools import partial
from typing import Literal

from cardlint.inference.codebase import stores, terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import ClassObject, EnumMember, Function, Instance, LibraryPath, Object, Objects, Partial
from cardlint.inference.domain.value_sets import Bound, ValueSet, unknown
from cardlint.inference.limits import ALIAS_STEPS, MAX_RUN_FUNCTIONS, MAX_STORE_FILES
from cardlint.inference.primitives import class_graph
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, Attr, Call, Const, FreeVar, Op, Refine, Star, Use
from cardlint.knowledge.changing import CONSTRUCTORS

Change = Literal["possible", "certain"]
"""Whether the change may be another object's, or the function that stores gets this very object."""
Place = tuple[str, int]
"""A function: its file and its index there."""


def still(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return what an attribute holds where calls have run since it was tested or assigned."""
    since = term.by
    if not any(_is_claim(obj) for obj in base) or not isinstance(since, Op):
        return base
    whole, first, last, waited = since.args
    if not isinstance(whole, (Attr, FreeVar)) or not (isinstance(first, Const) and isinstance(last, Const) and isinstance(waited, Const)):
        return base
    assert type(first.value) is int
    assert type(last.value) is int
    span = range(first.value, last.value)
    asked = partial(_change, ev, whole, span, bool(waited.value), frame)
    change = ev.aside(ALIAS_STEPS, asked, POSSIBLE, frame, term.at)
    if change is None:
        return base
    held = ev.eval(whole, frame)
    if change == POSSIBLE:
        doubt = unknown(f"`{whole.name}` may be changed between its test and its use")
        held = tuple(doubt if _is_open(ev, obj, frame, term) else obj for obj in held)
    return join_objects([base, held])


POSSIBLE: Change | None = "possible"


def _is_claim(obj: Object) -> bool:
    return isinstance(obj, EnumMember) or (isinstance(obj, ValueSet) and obj.bound <= Bound.PER_DEPLOYMENT)


def _is_open(ev: Evaluator, obj: Object, frame: Frame, term: Refine) -> bool:
    if not isinstance(obj, (ValueSet, LibraryPath)):
        return False
    return ev.scalar((obj,), frame, term.at).bound > Bound.PER_DEPLOYMENT


def _change(ev: Evaluator, whole: Attr | FreeVar, span: range, waited: bool, frame: Frame) -> Change | None:
    """Tell whether a call among some definitions may store to an attribute of an object, or another task while the function waits."""
    setters = frozenset(_all_setters(ev, whole, frame))
    if not setters:
        return None
    own = (frame.file.path, frame.ir.index)
    found: Change | None = POSSIBLE if waited and setters - {own} else None
    if own in setters and isinstance(whole, Attr) and _is_stored_by_another_name(ev, whole, span, frame):
        found = POSSIBLE
    for index in span:
        definition = frame.ir.defs[index].term
        for function in _called(ev, definition, frame) if isinstance(definition, Call) else ():
            if _runs(ev, function, setters):
                found = POSSIBLE
                if isinstance(definition, Call) and isinstance(whole, Attr) and _gets(definition, whole.base):
                    return "certain"
    return found


def _gets(call: Call, obj: AnyTerm) -> bool:
    """Tell whether a call is one of a method of an object, or gets the object as an argument, as far as names tell."""
    given = (call.func.base if isinstance(call.func, Attr) else None, *call.args, *(value for _, value in call.kwargs))
    return any(type(term) is type(obj) and isinstance(term, (Use, FreeVar)) and _name(term) == _name(obj) for term in given)


def _name(term: AnyTerm) -> object:
    return term.index if isinstance(term, Use) else getattr(term, "name", None)


def _all_setters(ev: Evaluator, whole: Attr | FreeVar, frame: Frame) -> set[Place]:
    """Return the functions that store to what a term is: a name of this module, or an attribute of objects of known classes.

    Of an object whose class is not known, those of the file count.
    """
    if isinstance(whole, FreeVar):
        return {(frame.file.path, owner) for owner, _ in stores.global_stores(frame.file, whole.name)}
    setters: set[Place] = set()
    for obj in ev.eval(whole.base, frame):
        if isinstance(obj, Instance):
            setters |= _setters(ev, obj.cls, whole.name)
        elif isinstance(obj, ValueSet) and obj.bound is Bound.UNKNOWN:
            functions = frame.file.ir.functions
            near = stores.attribute_stores(frame.file, whole.name)
            setters.update((frame.file.path, owner) for owner, _ in near if functions[owner].name not in CONSTRUCTORS)
    return setters


def _is_stored_by_another_name(ev: Evaluator, whole: Attr, span: range, frame: Frame) -> bool:
    """Tell whether the function itself stores to the attribute between two definitions, through another name of the object."""
    start = frame.ir.defs[span.start].at
    between = [s for s in frame.ir.stores if s.how == "attr" and s.name == whole.name and start < s.at < whole.at]
    path = stores.dotted(frame.ir.defs, whole.base)
    held = [o.cls for o in ev.eval(whole.base, frame) if isinstance(o, Instance)]
    return any(
        isinstance(o, Instance) and any(_are_related(ev, o.cls, cls) for cls in held)
        for store in between
        if path is None or stores.dotted(frame.ir.defs, store.base) != path
        for o in ev.eval(store.base, frame)
    )


@query(initial=frozenset())
def _setters(ev: Evaluator, cls: ClassObject, name: str) -> frozenset[Place]:
    """Return the functions that store to an attribute of instances of a class, without what a constructor stores to its own object."""
    paths = ev.modules.mentioning(cls.file, name, "store")
    if len(paths) > MAX_STORE_FILES:
        what = f"more than {MAX_STORE_FILES} files store an attribute `{name}`"
        ev.limit(cls.file.frame(0), cls.ir.at, what, "MAX_STORE_FILES")
        paths = ()
    found: set[Place] = set()
    for kind in (*class_graph.mro(ev, cls), *class_graph.subclasses(ev, cls)):
        if isinstance(kind, ClassObject):
            own = class_graph.self_stores(ev, kind, name)
            found.update((kind.file.path, ir.index) for ir, _ in own if ir.name not in CONSTRUCTORS)
    for state in filter(None, map(ev.modules.state, paths)):
        for owner, store in stores.attribute_stores(state, name):
            where = state.frame(owner)
            if terms.last_name(store.base, where) in ("self", "cls"):
                continue
            if any(isinstance(o, Instance) and _are_related(ev, o.cls, cls) for o in ev.eval(store.base, where)):
                found.add((state.path, owner))
    return frozenset(found)


def _are_related(ev: Evaluator, one: ClassObject, other: ClassObject) -> bool:
    return one == other or one in class_graph.mro(ev, other) or other in class_graph.mro(ev, one)


@query(initial=False, key=lambda function, setters: (function.file.path, function.ir.index, setters))
def _runs(ev: Evaluator, function: Function, setters: frozenset[Place]) -> bool:
    """Tell whether a function, or one that it calls, is among some functions; very many of them may be."""
    waiting: list[tuple[FileState, FunctionIR]] = [(function.file, function.ir)]
    seen: set[Place] = set()
    while waiting:
        state, ir = waiting.pop()
        place = (state.path, ir.index)
        if place in seen:
            continue
        if place in setters or len(seen) > MAX_RUN_FUNCTIONS:
            return True
        seen.add(place)
        frame = state.frame(ir.index)
        calls = [d.term for d in ir.defs if isinstance(d.term, Call)]
        waiting.extend((called.file, called.ir) for call in calls for called in _called(ev, call, frame))
    return False


def _called(ev: Evaluator, call: Call, frame: Frame) -> list[Function]:
    """List the functions of the program that a call may run: its own, and those that it hands to a library."""
    found: list[Function] = []
    for obj in ev.eval(call.func, frame):
        if isinstance(obj, LibraryPath):
            for argument in call.args:
                found.extend(_handed(ev, argument.base if isinstance(argument, Star) else argument, frame))
        else:
            found.extend(_functions(ev, obj, frame, call))
    return found


def _functions(ev: Evaluator, obj: Object, frame: Frame, call: Call) -> list[Function]:
    """List the functions that a call of an object runs."""
    if isinstance(obj, Function):
        return [obj]
    if isinstance(obj, Partial):
        return [f for inner in obj.func for f in _functions(ev, inner, frame, call)]
    if isinstance(obj, ClassObject):
        made = (Instance(obj, None),)
        return [f for name in CONSTRUCTORS for f in ev.class_attribute(obj, name, made, frame, call.at) if isinstance(f, Function)]
    if isinstance(obj, Instance):
        return [f for f in ev.class_attribute(obj.cls, "__call__", (obj,), frame, call.at) if isinstance(f, Function)]
    return []


def _handed(ev: Evaluator, argument: AnyTerm, frame: Frame) -> list[Function]:
    """List the functions that a library may run with an argument: a function, a generator, or a coroutine."""
    while isinstance(argument, (Use, Refine)):
        argument = frame.ir.defs[argument.index].term if isinstance(argument, Use) else argument.base
    if isinstance(argument, Call):
        return [obj for obj in ev.eval(argument.func, frame) if isinstance(obj, Function)]
    return [obj for obj in ev.eval(argument, frame) if isinstance(obj, Function)]
