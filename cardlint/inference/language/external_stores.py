"""Attributes stored on an object from other classes or files: `app.state.metrics = ...`, `context.service_name = ...`."""

from __future__ import annotations

from msgspec.structs import replace

from cardlint.findings import Confidence
from cardlint.inference.codebase import stores
from cardlint.inference.codebase.terms import last_name
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import value_query
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, AttributeBag, ClassObject, Instance, LibraryPath, Object, Objects, TypeOfObject
from cardlint.inference.domain.value_sets import Bound, ValueSet, unknown
from cardlint.inference.language import mutations
from cardlint.inference.limits import MAX_STORE_FILES
from cardlint.inference.primitives.class_graph import mro
from cardlint.ir.terms import Attr
from cardlint.knowledge import conventions


def stored_outside(ev: Evaluator, name: str, owner: str, frame: Frame, cls: ClassObject | None = None) -> Objects:
    """Find the values stored on an object from other code: `app.state.metrics = ...`, `settings.TABLE = ...`.

    It matches by attribute name and by the last name of the object, and only within the analysed code.
    """
    if name.startswith("__"):
        return BOTTOM
    holder = owner.rpartition(".")[2]
    if cls is None and holder not in APP_STATE_HOLDERS:
        return BOTTOM
    file = cls.file if cls is not None else frame.file
    return _stored(ev, name, holder, cls, ev.modules.top(file.path), file.is_test, frame)


def _asked(name: str, holder: str, cls: ClassObject | None, top: str, is_test: bool, frame: Frame) -> object:
    return (name, holder, cls, top, is_test)


@value_query(initial=BOTTOM, key=_asked)
def _stored(ev: Evaluator, name: str, holder: str, cls: ClassObject | None, top: str, is_test: bool, frame: Frame) -> Objects:
    """Join the stores of one package's files to a name of a holder, or of an instance of a class."""
    groups: list[Objects] = []
    paths = ev.modules.mentioning(cls.file if cls is not None else frame.file, name, "store")
    if len(paths) > MAX_STORE_FILES:
        asked, at = (cls.file.frame(0), cls.ir.at) if cls is not None else (frame, frame.ir.at)
        ev.limit(asked, at, f"more than {MAX_STORE_FILES} files store an attribute `{name}` from outside", "MAX_STORE_FILES")
        return BOTTOM
    for path in paths:
        state = ev.modules.state(path)
        if state is None:
            continue
        for owner_index, store in stores.attribute_stores(state, name):
            ir = state.ir.functions[owner_index]
            base_path = stores.dotted(ir.defs, store.base)
            last = base_path.rpartition(".")[2] if base_path is not None else last_name(store.base, state.frame(owner_index))
            if cls is not None:
                if last in ("self", "cls"):
                    continue
                held = ev.eval(store.base, state.frame(owner_index))
                if not any(_is_of(ev, o, cls) for o in held):
                    continue
            elif last != holder:
                continue
            held_now = ev.eval(store.value, state.frame(owner_index))
            groups.append(mutations.with_changes(ev, held_now, state, f"{base_path}.{name}") if base_path else held_now)
    return join_objects(groups)


def stored_on_records(ev: Evaluator, name: str, frame: Frame) -> Objects:
    """Find the values that the program stores under an attribute of objects without a class of their own: `SimpleNamespace(kind="a")`."""
    return _on_records(ev, name, ev.modules.top(frame.file.path), frame.file.is_test, frame)


@value_query(initial=BOTTOM, key=lambda name, top, is_test, frame: (name, top, is_test))
def _on_records(ev: Evaluator, name: str, top: str, is_test: bool, frame: Frame) -> Objects:
    paths = ev.modules.mentioning(frame.file, name, "store")
    if len(paths) > MAX_STORE_FILES:
        ev.limit(frame, frame.ir.at, f"more than {MAX_STORE_FILES} files store an attribute `{name}`", "MAX_STORE_FILES")
        return (unknown(f"gave up: too much is stored in `{name}`"),)
    groups: list[Objects] = []
    for state in filter(None, map(ev.modules.state, paths)):
        for owner, store in stores.attribute_stores(state, name):
            where = state.frame(owner)
            if last_name(store.base, where) in ("self", "cls"):
                continue
            if any(isinstance(o, AttributeBag) and o.changeable for o in ev.eval(store.base, where)):
                groups.append(ev.stepped(ev.eval(store.value, where), where, store.at, f"stored in `{name}`"))
    return join_objects(groups)


def _is_of(ev: Evaluator, obj: Object, cls: ClassObject) -> bool:
    """Tell whether a store to an object is seen by instances of a class: one of them, or a class that they read it from."""
    if isinstance(obj, TypeOfObject):
        return any(_is_of(ev, o, cls) for o in obj.of)
    if isinstance(obj, ClassObject):
        return obj == cls or obj in mro(ev, cls)
    return isinstance(obj, Instance) and (obj.cls == cls or cls in mro(ev, obj.cls))


def open_by_its_stores(ev: Evaluator, term: Attr, frame: Frame) -> Objects:
    """Return the open set that the package stores under an attribute of an undecided object: `req.failure_reason = str(exc)`.

    The name of the object and that of the attribute are both evidence: only a store to the same two names counts, and only
    an attribute of two words. What else is stored there does not close the set.
    """
    if "_" not in term.name.strip("_"):
        return BOTTOM
    return tuple(replace(said, confidence=Confidence.MEDIUM) for said in open_store(ev, term, frame))


def open_store(ev: Evaluator, term: Attr, frame: Frame) -> tuple[ValueSet, ...]:
    """Return the open set that the package stores under an attribute of a named object, if there is one.

    A record that is filled later, such as a `threading.local()`, has no other stores; what is stored through another name of it
    may be missing, so a store that is closed says nothing.
    """
    holder = last_name(term.base, frame)
    if holder in ("", "self", "cls"):
        return ()
    found = _stored(ev, term.name, holder, None, ev.modules.top(frame.file.path), frame.file.is_test, frame)
    values = (ev.scalar((o,), frame, term.at) for o in found if isinstance(o, (ValueSet, LibraryPath)))
    said = next((v for v in values if v.bound is Bound.UNBOUNDED and not v.named), None)
    if said is None or said.confidence is Confidence.LOW:
        return ()
    return (said.step(frame.place(term.at), f"`{holder}.{term.name}` is read here"),)


APP_STATE_HOLDERS = conventions.holders("attributes")
"""Objects of frameworks on which programs keep their own attributes."""
