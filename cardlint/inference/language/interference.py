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
from cardlint.inference.domain.objects import (
    AttributeBag,
    ClassObject,
    EnumMember,
    Function,
    Instance,
    LibraryPath,
    Module,
    Object,
    Objects,
    Partial,
    TypeOfObject,
)
from cardlint.inference.domain.value_sets import Bound, ValueSet, unknown
from cardlint.inference.limits import CHANGE_STEPS, MAX_RUN_FUNCTIONS, MAX_STORE_FILES
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
    change = ev.aside(CHANGE_STEPS, asked, POSSIBLE, frame, term.at)
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
    known, by_name = _all_setters(ev, whole, frame)
    if not known and not by_name:
        return None
    own = (frame.file.path, frame.ir.index)
    found: Change | None = POSSIBLE if waited and known - {own} else None
    if own in known and isinstance(whole, Attr) and _is_stored_by_another_name(ev, whole, span, frame):
        found = POSSIBLE
    for index in span:
        call = frame.ir.defs[index].term
        if not isinstance(call, Call):
            continue
        gets = isinstance(whole, Attr) and _gets(call, whole.base, frame)
        asked = known | by_name if gets else known
        run = _run_by(ev, index, asked, frame) if asked else "none"
        if run == "known" and gets:
            return "certain"
        if run == "known" or (run == "unknown" and gets):
            found = POSSIBLE
    return found


@query(initial="none")
def _run_by(ev: Evaluator, index: int, setters: frozenset[Place], frame: Frame) -> Literal["known", "unknown", "none"]:
    """Tell whether a call may run one of some functions: it does so, what it calls is not known, or it runs none of them."""
    call = frame.ir.defs[index].term
    assert isinstance(call, Call)
    if any(_runs(ev, function, setters) for function in _called(ev, call, frame)):
        return "known"
    unknown_callee = any(isinstance(o, ValueSet) and o.bound is Bound.UNKNOWN for o in ev.eval(call.func, frame))
    return "unknown" if unknown_callee else "none"


def _gets(call: Call, obj: AnyTerm, frame: Frame) -> bool:
    """Tell whether a call is one of a method of an object, or gets the object as an argument, as far as names tell."""
    given = (call.func.base if isinstance(call.func, Attr) else None, *call.args, *(value for _, value in call.kwargs))
    return any(term is not None and _is_same(terms.without_tests(term, frame), terms.without_tests(obj, frame)) for term in given)


def _is_same(one: AnyTerm, other: AnyTerm) -> bool:
    """Tell whether two terms are one name of a module or one definition, wherever they are read."""
    return one.name == other.name if isinstance(one, FreeVar) and isinstance(other, FreeVar) else one == other


def _all_setters(ev: Evaluator, whole: Attr | FreeVar, frame: Frame) -> tuple[frozenset[Place], frozenset[Place]]:
    """Return the functions that store to what a term is: a name of this module, or an attribute of objects of known classes.

    Second are those of the file that store to an attribute of this name, for objects whose class is not known, and for modules and classes:
    of them only those count that get the object.
    """
    if isinstance(whole, FreeVar):
        return frozenset((frame.file.path, owner) for owner, _ in stores.global_stores(frame.file, whole.name)), frozenset()
    known: set[Place] = set()
    by_name: set[Place] = set()
    for obj in ev.eval(whole.base, frame):
        if isinstance(obj, Instance):
            known |= _setters(ev, obj.cls, whole.name)
        elif isinstance(obj, (ValueSet, LibraryPath, AttributeBag, ClassObject, Module, TypeOfObject)):
            by_name |= _near_setters(frame.file, whole.name)
    return frozenset(known), frozenset(by_name)


def _near_setters(file: FileState, name: str) -> set[Place]:
    """Return the functions of a file that store to an attribute of a name, on whatever object."""
    found = stores.attribute_stores(file, name)
    return {(file.path, owner) for owner, _ in found if file.ir.functions[owner].name not in CONSTRUCTORS}


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
    found: set[Place] = set()
    if len(paths) > MAX_STORE_FILES:
        what = f"more than {MAX_STORE_FILES} files store an attribute `{name}`"
        ev.limit(cls.file.frame(0), cls.ir.at, what, "MAX_STORE_FILES")
        found.update(_near_setters(cls.file, name))
        paths = ()
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
            for argument in (*call.args, *(value for _, value in call.kwargs)):
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
