"""Attributes stored on an object from outside of it: `app.state.metrics = ...`, `context.service_name = ...`."""

from __future__ import annotations

from cardlint.facts.terms import At
from cardlint.inference.codebase import stores
from cardlint.inference.codebase.terms import last_name
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Instance, Module, Objects
from cardlint.inference.language import mutations
from cardlint.inference.primitives.class_graph import mro

MAX_STORE_FILES = 10
"""Files in which stores to one attribute of other objects are looked at."""


def stored_outside(ev: Evaluator, name: str, owner: str, frame: Frame, cls: ClassObject | None = None) -> Objects:
    """Find what is stored on an object from outside: `app.state.metrics = ...`, `settings.TABLE = ...`.

    It matches by attribute name and by the last name of the object, and only within the tree.
    """
    if name.startswith("__"):
        return BOTTOM
    holder = owner.rpartition(".")[2]
    if cls is None and holder not in APP_STATE_HOLDERS:
        return BOTTOM
    key = (name, holder, id(cls.fact) if cls is not None else 0)
    table = ev.cache("stored_outside")
    if key in table:
        return table[key]  # type: ignore[no-any-return]
    table[key] = BOTTOM
    groups: list[Objects] = []
    with ev.pending(table, key):
        paths = ev.modules.mentioning(cls.file if cls is not None else frame.file, name, "store")
        if len(paths) > MAX_STORE_FILES:
            asked, at = (cls.file.frame(0), cls.fact.at) if cls is not None else (frame, frame.fact.at)
            ev.limit(asked, at, f"more than {MAX_STORE_FILES} files store an attribute `{name}` from outside")
            paths = []
        for path in paths:
            state = ev.modules.state(path)
            if state is None:
                continue
            for owner_index, store in stores.attribute_stores(state, name):
                fact = state.facts.functions[owner_index]
                base_path = stores.dotted(fact.defs, store.base)
                last = base_path.rpartition(".")[2] if base_path is not None else last_name(store.base, state.frame(owner_index))
                if cls is not None:
                    if last in ("self", "cls"):
                        continue
                    held = ev.eval(store.base, state.frame(owner_index))
                    if not any(isinstance(o, Instance) and (o.cls == cls or cls in mro(ev, o.cls)) for o in held):
                        continue
                elif last != holder:
                    continue
                held_now = ev.eval(store.value, state.frame(owner_index))
                groups.append(mutations.with_changes(ev, held_now, state, f"{base_path}.{name}") if base_path else held_now)
    table[key] = join_objects(groups) if groups else BOTTOM
    return table[key]  # type: ignore[no-any-return]


def stored_on_module(ev: Evaluator, name: str, file: FileState, frame: Frame, at: At) -> Objects:
    """Find what other files, or the module itself by another name, store on a module: `state.METRICS = make()`."""
    key = (name, "module", file.path)
    table = ev.cache("stored_outside")
    if key in table:
        return table[key]  # type: ignore[no-any-return]
    table[key] = BOTTOM
    groups: list[Objects] = []
    with ev.pending(table, key):
        paths = ev.modules.mentioning(file, name, "store")
        if len(paths) > MAX_STORE_FILES:
            ev.limit(frame, at, f"more than {MAX_STORE_FILES} files store an attribute `{name}` from outside")
            paths = []
        for path in paths:
            state = ev.modules.state(path)
            for owner, store in stores.attribute_stores(state, name) if state is not None else ():
                assert state is not None
                where = state.frame(owner)
                if any(isinstance(o, Module) and o.file is file for o in ev.eval(store.base, where)):
                    groups.append(ev.eval(store.value, where))
    table[key] = join_objects(groups) if groups else BOTTOM
    return table[key]  # type: ignore[no-any-return]


APP_STATE_HOLDERS = frozenset({"state", "app", "g", "config", "ctx", "extensions", "application", "settings"})
"""Objects of frameworks on which programs keep their own attributes."""
