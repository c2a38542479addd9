"""Stores: assignments to attributes, globals and containers, found by name in the text of a file."""

from __future__ import annotations

from cardlint.common.textscan import CHANGED, OUTER, Form
from cardlint.inference.domain.frames import FileState
from cardlint.ir.model import Store
from cardlint.ir.terms import (
    AnyTerm,
    Append,
    Attr,
    Call,
    Choice,
    Const,
    DelItem,
    FreeVar,
    Import,
    Item,
    Op,
    Param,
    Refine,
    SetItem,
    Update,
    Use,
)

Stores = list[tuple[int, Store]]


def global_stores(state: FileState, name: str) -> Stores:
    """List the `global` and `nonlocal` assignments of a file to a name."""
    return _stores(state, "global", name, name)


def container_stores(state: FileState, path: str) -> Stores:
    """List the changes of a container that is not local to the changing function, by dotted path (`self.x`, `NAME`)."""
    return _stores(state, "container", path, path.rpartition(".")[2])


def held_stores(state: FileState, name: str) -> Stores:
    """List the changes of containers that are attributes of one name, whatever holds them: `self.x[key] = value`, `task.x.append(value)`."""
    return _stores(state, "held", name, name)


def attribute_stores(state: FileState, name: str) -> Stores:
    """List the assignments of a file to attributes of one name."""
    return _stores(state, "attr", name, name)


REVEALED: dict[str, tuple[str, Form[str] | None]] = {
    "global": ("", OUTER),
    "container": ("", CHANGED),
    "attr": ("store", None),
    "held": ("", CHANGED),
}
"""The pattern of a function text that may store to a name in one of these forms."""


def _stores(state: FileState, kind: str, key: str, name: str) -> Stores:
    """Return the stores of one kind under one key, after lowering every function whose text may hold one."""
    found = state.stores.get((kind, key))
    if found is None:
        if kind != "global" or state.declares_outside(name):
            form, also = REVEALED[kind]
            state.ir.reveal(name, form, also.regex if also is not None else None)
        _index(state)
        found = state.stores[kind, key] = sorted(state.index.get((kind, key), ()), key=lambda entry: entry[1].at)
    return found


def _index(state: FileState) -> None:
    """Add the stores of newly lowered functions to the index of their file."""
    waiting = []
    for ir in state.unindexed():
        if ir.reveal is not None:
            waiting.append(ir)
            continue
        known: dict[int, str | None] = {}
        for store in ir.stores:
            kind = store.how if store.how in ("global", "attr") else "container"
            key = store.name if kind != "container" else dotted(ir.defs, store.base, known)
            if key is not None:
                state.index.setdefault((kind, key), []).append((ir.index, store))
            if kind == "container" and (holder := attribute(ir.defs, store.base)) is not None:
                state.index.setdefault(("held", holder.name), []).append((ir.index, store))
    state.waiting = waiting


def attribute(defs: tuple[object, ...], term: AnyTerm) -> Attr | None:
    """Return the attribute that a container is, None where it is none."""
    while type(term) in (Use, Refine):
        term = defs[term.index].term if type(term) is Use else term.base  # type: ignore[attr-defined, union-attr]
    return term if type(term) is Attr else None


def dotted(defs: tuple[object, ...], term: AnyTerm, known: dict[int, str | None] | None = None) -> str | None:
    """Return the dotted path a store goes to: `self.counters`, `REGISTRY`, `mod.TABLE`; None for local containers.

    `known` holds the paths of definitions where branches meet, None while one is looked for: `node = node.next` in a loop
    depends on itself.
    """
    if type(term) is FreeVar:
        return term.name
    if type(term) is Attr:
        base = dotted(defs, term.base, known)
        return None if base is None else f"{base}.{term.name}"
    if type(term) is Use:
        definition = defs[term.index]
        name: str = definition.name  # type: ignore[attr-defined]
        inner = definition.term  # type: ignore[attr-defined]
        if "." in name or type(inner) is Param:
            return name or None
        if type(inner) in (Attr, FreeVar, Refine):
            return dotted(defs, inner, known)
        return _met(defs, term, {} if known is None else known) if type(inner) in (Choice, Op) else None
    if type(term) is Refine:
        return dotted(defs, term.base, known)
    if type(term) is Import:
        return term.name or term.module.rpartition(".")[2]
    if type(term) is Item and type(term.key) is Const and type(term.key.value) is str:
        return _named(defs, term.base, term.key.value)
    return None


def _met(defs: tuple[object, ...], start: Use, known: dict[int, str | None]) -> str | None:
    """Return the dotted path of a container where branches or the turns of a loop meet, all of which change the same one."""
    if start.index in known:
        return known[start.index]
    known[start.index] = None
    paths: set[str | None] = set()
    seen: set[int] = set()
    waiting: list[AnyTerm] = [start]
    while waiting:
        term = waiting.pop()
        inner = defs[term.index].term if isinstance(term, Use) else term  # type: ignore[attr-defined]
        if isinstance(term, Use):
            if term.index in seen:
                continue
            seen.add(term.index)
            if term.index in known and term.index != start.index:
                paths.add(known[term.index])
                continue
        if isinstance(inner, Choice):
            waiting.extend(inner.options)
        elif isinstance(inner, (Refine, Append, SetItem, Update, DelItem)):
            waiting.append(inner.base)
        elif isinstance(inner, Op) and inner.op in SAME:
            waiting.extend(inner.args[: SAME[inner.op]])
        else:
            paths.add(None if isinstance(inner, Op) else dotted(defs, term, known))
    known[start.index] = paths.pop() if len(paths) == 1 else None
    return known[start.index]


SAME = {"ended": 2, "passed": 1, "reordered": 1, "thinned": 1}
"""Operators whose result is one of their first arguments."""


def _named(defs: tuple[object, ...], names: AnyTerm, key: str) -> str | None:
    """Return the dotted path of `globals()["TABLE"]` and `mod.__dict__["TABLE"]`."""
    while type(names) is Use:
        names = defs[names.index].term  # type: ignore[attr-defined]
    if type(names) is Call and type(names.func) is FreeVar and names.func.name == "globals":
        return key
    if type(names) is Call and type(names.func) is FreeVar and names.func.name == "vars" and len(names.args) == 1:
        base = dotted(defs, names.args[0])
    elif type(names) is Attr and names.name == "__dict__":
        base = dotted(defs, names.base)
    else:
        return None
    return f"{base}.{key}" if base is not None else None
