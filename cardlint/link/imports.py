"""Names: what an import binds, what a name of an enclosing scope is, what a module holds under a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cardlint.facts.model import FunctionFact, Store
from cardlint.facts.terms import Attr, Import, Narrow, Outer, Param, Ref
from cardlint.link import mutations
from cardlint.link.frames import FileState, Frame
from cardlint.link.objects import NOTHING, Alts, Ext, Module, Package, merge
from cardlint.link.values import unknown

if TYPE_CHECKING:
    from cardlint.facts.terms import AnyTerm
    from cardlint.link.protocol import Evaluator


def imported(ev: Evaluator, term: Import, frame: Frame) -> Alts:
    """Resolve an import to a module of the tree, a name in one, or something of a library."""
    return _imported(ev, term, frame.file)


def _imported(ev: Evaluator, term: Import, file: FileState) -> Alts:
    module = ev.modules.absolute(file, term.module)
    importer = None if term.module.startswith(".") else file
    path = ev.modules.find(module, importer)
    state = ev.modules.state(path) if path is not None else None
    if state is file and term.name and term.name in file.facts.functions[0].exits:
        state = None if not term.module.startswith(".") and term.module != file.module else state
    if state is None:
        if ev.modules.is_package(module) and (term.module.startswith(".") or not ev.library.knows(module)):
            if not term.name:
                return (Package(module),)
            inner = ev.modules.find(f"{module}.{term.name}")
            inner_state = ev.modules.state(inner) if inner is not None else None
            if inner_state is not None:
                return (Module(inner_state),)
            return (Package(f"{module}.{term.name}"),)
        if term.module.startswith("."):
            return (unknown(f"`{term.module}` is not in the analysed files"),)
        return (Ext(ev.library.canonical(f"{term.module}.{term.name}" if term.name else term.module)),)
    if not term.name:
        return (Module(state),)
    return module_name(ev, state, term.name)


def module_name(ev: Evaluator, state: FileState, name: str, star: bool = True) -> Alts:
    """Return what a module of the tree holds under a name: its own binding, a re-export, or a submodule."""
    fact = state.facts.functions[0]
    frame = state.frame(0)
    groups: list[Alts] = []
    index = fact.exits.get(name)
    if index is not None:
        groups.append(ev.ref(Ref(index, fact.defs[index].at), frame))
    for owner, store in global_stores(state, name):
        groups.append(ev.eval(store.value, state.frame(owner)))
    if groups:
        return mutations.with_changes(ev, merge(groups), state, name)
    inner = ev.modules.find(f"{state.module}.{name}" if state.module else name)
    if inner is not None and inner != state.path:
        inner_state = ev.modules.state(inner)
        if inner_state is not None:
            return (Module(inner_state),)
    if star:
        for module in state.facts.star_imports:
            absolute = ev.modules.absolute(state, module)
            path = ev.modules.find(absolute, state)
            other = ev.modules.state(path) if path is not None else None
            if other is None:
                canonical = ev.library.star(absolute, name)
                if canonical is not None:
                    return (Ext(canonical),)
            elif other is not state:
                key = ("star", other.path, name)
                if key in ev.cache("star"):
                    continue
                ev.cache("star")[key] = True
                try:
                    found = module_name(ev, other, name)
                finally:
                    del ev.cache("star")[key]
                if found:
                    return found
    getter = fact.exits.get("__getattr__")
    if getter is not None and name != "__getattr__":
        return (unknown(f"`{name}` is made by the module's `__getattr__`"),)
    return NOTHING


def outer(ev: Evaluator, term: Outer, frame: Frame) -> Alts:
    """Resolve a name of an enclosing function, of the module, or a builtin."""
    scope = frame.parent
    name = term.name
    if frame.fact.kind in ("class", "module"):
        scope = frame.parent if frame.fact.kind == "class" else None
    inner = frame.fact
    while scope is not None:
        fact = scope.fact
        if fact.kind == "function" or fact.kind == "lambda":
            indexes = _visible(inner, fact, name)
            if indexes:
                groups = [ev.ref(Ref(i, fact.defs[i].at), scope) for i in indexes]
                groups.extend(ev.eval(s.value, within(scope, o)) for o, s in _stores_inside(ev, scope, name))
                return merge(groups)
        inner, scope = fact, scope.parent
    found = module_name(ev, frame.file, name)
    if found:
        return found
    if ev.library.is_builtin(name):
        return (Ext(f"builtins.{name}"),)
    return (unknown(f"`{name}` is not defined in the analysed files"),)


def _visible(inner: FunctionFact, outer: FunctionFact, name: str) -> Sequence[int]:
    """List the definitions of a name that a function may see which is made inside of another one: those that hold there and later."""
    indexes: Sequence[int] = outer.names.get(name, ())
    if inner.seen is None or inner.parent != outer.index or not indexes:
        return indexes
    there, before = inner.seen.get(name), inner.seen[""]
    later = [index for index in indexes if index >= before]
    return later if there is None else [there, *later]


def _stores_inside(ev: Evaluator, scope: Frame, name: str) -> Stores:
    """List what functions inside of this one assign to a name of it."""
    table = ev.cache("stores inside")
    key = scope.file.path, name
    found: dict[int, Stores] | None = table.get(key)
    if found is None:
        found = table[key] = {}
        functions = scope.file.facts.functions
        for owner, store in global_stores(scope.file, name):
            above = functions[owner].parent if owner >= 0 else -1
            while above >= 0:
                found.setdefault(above, []).append((owner, store))
                above = functions[above].parent
    return found.get(scope.fact.index, [])


def within(scope: Frame, owner: int) -> Frame:
    """Return the open frame of a function inside of this activation of an enclosing one: it sees the names of that one."""
    if scope.bindings is None:
        return scope.file.frame(owner)
    key = ("inside", owner, 0)
    found = scope.subframes.get(key)
    if found is None:
        fact = scope.file.facts.functions[owner]
        parent = scope if fact.parent == scope.fact.index else within(scope, fact.parent)
        found = scope.subframes[key] = Frame(scope.file, fact, None, parent, None, scope.depth + 1)
    return found


def rebound(ev: Evaluator, name: str, frame: Frame) -> Alts:
    """Return what functions inside of this one assign to one of its names: `nonlocal status` in the wrapper of `send`."""
    if frame.fact.kind != "function" or not frame.file.declares_outside(name):
        return NOTHING
    groups = [ev.eval(s.value, within(frame, o)) for o, s in _stores_inside(ev, frame, name)]
    return merge(groups) if groups else NOTHING


Stores = list[tuple[int, Store]]


def global_stores(state: FileState, name: str) -> Stores:
    """List the `global` and `nonlocal` assignments of a file to a name."""
    return _stores(state, "global", name, name)


def container_stores(state: FileState, path: str) -> Stores:
    """List the changes of a container that is not local to the changing function, by dotted path (`self.x`, `NAME`)."""
    return _stores(state, "container", path, path.rpartition(".")[2])


def attribute_stores(state: FileState, name: str) -> Stores:
    """List the assignments of a file to attributes of one name."""
    return _stores(state, "attr", name, name)


DECLARED_OUTSIDE = re.compile(r"(?:global|nonlocal)\s")
CHANGED = re.compile(
    rf"{mutations.ITEM_STORED}|\.[\s\\]*+(?:update|setdefault|append|add|insert|extend|appendleft|put|put_nowait)\s*\(|\|="
)
"""How a container is changed: by an item, by a method, by `|=`."""


REVEALED: dict[str, tuple[str, re.Pattern[str] | None]] = {
    "global": ("", DECLARED_OUTSIDE),
    "container": ("", CHANGED),
    "attr": ("store", None),
}
"""How the text of a function looks that may store something of a name in one of these ways."""


def _stores(state: FileState, kind: str, key: str, name: str) -> Stores:
    """Return the stores of one kind under one key, after lowering every function whose text may hold one."""
    found = state.stores.get((kind, key))
    if found is None:
        if kind != "global" or state.declares_outside(name):
            form, also = REVEALED[kind]
            state.facts.reveal(name, form, also)
        _index(state)
        found = state.stores[kind, key] = sorted(state.index.get((kind, key), ()), key=lambda entry: entry[1].at)
    return found


def _index(state: FileState) -> None:
    """Take the stores of functions that were lowered since the last time into the index of their file."""
    waiting = []
    for fact in state.unindexed():
        if fact.reveal is not None:
            waiting.append(fact)
            continue
        for store in fact.stores:
            kind = store.how if store.how in ("global", "attr") else "container"
            key = store.name if kind != "container" else dotted(fact.defs, store.base)
            if key is not None:
                state.index.setdefault((kind, key), []).append((fact.index, store))
    state.waiting = waiting


def dotted(defs: tuple[object, ...], term: AnyTerm) -> str | None:
    """Return the dotted path a store goes to: `self.counters`, `REGISTRY`, `mod.TABLE`; None for local containers."""
    if type(term) is Outer:
        return term.name
    if type(term) is Attr:
        base = dotted(defs, term.base)
        return None if base is None else f"{base}.{term.name}"
    if type(term) is Ref:
        definition = defs[term.index]
        name: str = definition.name  # type: ignore[attr-defined]
        inner = definition.term  # type: ignore[attr-defined]
        if "." in name or type(inner) is Param:
            return name or None
        if type(inner) in (Attr, Outer, Narrow):
            return dotted(defs, inner)
        return None
    if type(term) is Narrow:
        return dotted(defs, term.base)
    if type(term) is Import:
        return term.name or term.module.rpartition(".")[2]
    return None
