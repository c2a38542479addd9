"""Attributes stored on an object from outside of it: `app.state.metrics = ...`, `context.service_name = ...`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.facts.terms import At
from cardlint.link import imports, mutations
from cardlint.link.classes import mro
from cardlint.link.frames import FileState, Frame
from cardlint.link.names import last_name
from cardlint.link.objects import NOTHING, Alts, Cls, Instance, Module, merge

if TYPE_CHECKING:
    from cardlint.link.protocol import Evaluator

MAX_STORE_FILES = 10
"""Files in which stores to one attribute of other objects are looked at."""


def stored_outside(ev: Evaluator, name: str, owner: str, frame: Frame, cls: Cls | None = None) -> Alts:
    """Find what is stored on an object from outside: `app.state.metrics = ...`, `settings.TABLE = ...`.

    It matches by attribute name and by the last name of the object, and only within the tree.
    """
    if name.startswith("__"):
        return NOTHING
    holder = owner.rpartition(".")[2]
    if cls is None and holder not in HOLDERS:
        return NOTHING
    key = (name, holder, id(cls.fact) if cls is not None else 0)
    table = ev.cache("stored_outside")
    if key in table:
        return table[key]  # type: ignore[no-any-return]
    table[key] = NOTHING
    groups: list[Alts] = []
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
            for owner_index, store in imports.attribute_stores(state, name):
                fact = state.facts.functions[owner_index]
                base_path = imports.dotted(fact.defs, store.base)
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
    table[key] = merge(groups) if groups else NOTHING
    return table[key]  # type: ignore[no-any-return]


def stored_on_module(ev: Evaluator, name: str, file: FileState, frame: Frame, at: At) -> Alts:
    """Find what other files, or the module itself by another name, store on a module: `state.METRICS = make()`."""
    key = (name, "module", file.path)
    table = ev.cache("stored_outside")
    if key in table:
        return table[key]  # type: ignore[no-any-return]
    table[key] = NOTHING
    groups: list[Alts] = []
    with ev.pending(table, key):
        paths = ev.modules.mentioning(file, name, "store")
        if len(paths) > MAX_STORE_FILES:
            ev.limit(frame, at, f"more than {MAX_STORE_FILES} files store an attribute `{name}` from outside")
            paths = []
        for path in paths:
            state = ev.modules.state(path)
            for owner, store in imports.attribute_stores(state, name) if state is not None else ():
                assert state is not None
                where = state.frame(owner)
                if any(isinstance(o, Module) and o.file is file for o in ev.eval(store.base, where)):
                    groups.append(ev.eval(store.value, where))
    table[key] = merge(groups) if groups else NOTHING
    return table[key]  # type: ignore[no-any-return]


HOLDERS = frozenset({"state", "app", "g", "config", "ctx", "extensions", "application", "settings"})
"""Objects of frameworks on which programs keep their own attributes."""
