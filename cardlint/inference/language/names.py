"""Names: the value of an import, of a name of an enclosing scope, and of a name of a module."""

from __future__ import annotations

from collections.abc import Sequence

from cardlint.inference.codebase import stores
from cardlint.inference.codebase.stores import Stores
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query, value_query
from cardlint.inference.domain import frames
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, LibraryPath, Module, Objects, Package
from cardlint.inference.domain.value_sets import unknown
from cardlint.inference.language import mutations
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import FreeVar, Import, Use


def imported(ev: Evaluator, term: Import, frame: Frame) -> Objects:
    """Resolve an import to an analysed module, a name in one, or an object of a library."""
    return _imported(ev, term, frame.file)


def _imported(ev: Evaluator, term: Import, file: FileState) -> Objects:
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
        return (LibraryPath(ev.library.canonical(f"{term.module}.{term.name}" if term.name else term.module)),)
    if not term.name:
        return (Module(state),)
    return module_name(ev, state, term.name)


def module_name(ev: Evaluator, state: FileState, name: str, star: bool = True) -> Objects:
    """Return the value of a name of an analysed module: its own binding, a re-export, or a submodule."""
    fact = state.facts.functions[0]
    frame = state.frame(0)
    groups: list[Objects] = []
    index = fact.exits.get(name)
    if index is not None:
        groups.append(ev.ref(Use(index, fact.defs[index].at), frame))
    for owner, store in stores.global_stores(state, name):
        groups.append(ev.eval(store.value, state.frame(owner)))
    if groups:
        return mutations.with_changes(ev, join_objects(groups), state, name)
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
                    return (LibraryPath(canonical),)
            elif other is not state:
                found = _through_star(ev, other, name)
                if found:
                    return found
    getter = fact.exits.get("__getattr__")
    if getter is not None and name != "__getattr__":
        return (unknown(f"`{name}` is made by the module's `__getattr__`"),)
    return BOTTOM


@value_query(initial=BOTTOM)
def _through_star(ev: Evaluator, state: FileState, name: str) -> Objects:
    """Return the value of a name by `from module import *`; modules may import each other that way."""
    return module_name(ev, state, name)


def outer(ev: Evaluator, term: FreeVar, frame: Frame) -> Objects:
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
                groups = [ev.ref(Use(i, fact.defs[i].at), scope) for i in indexes]
                groups.extend(ev.eval(s.value, frames.frame_inside(scope, o)) for o, s in _stores_inside(ev, scope, name))
                return join_objects(groups)
        inner, scope = fact, scope.parent
    found = module_name(ev, frame.file, name)
    if found:
        return found
    if ev.library.is_builtin(name):
        return (LibraryPath(f"builtins.{name}"),)
    return (unknown(f"`{name}` is not defined in the analysed files"),)


def _visible(inner: FunctionIR, outer: FunctionIR, name: str) -> Sequence[int]:
    """List the definitions of a free variable that a nested function may see: those that reach the `def`, and later ones."""
    indexes: Sequence[int] = outer.names.get(name, ())
    if inner.seen is None or inner.parent != outer.index or not indexes:
        return indexes
    there, before = inner.seen.get(name), inner.seen[""]
    later = [index for index in indexes if index >= before]
    return later if there is None else [there, *later]


def _stores_inside(ev: Evaluator, scope: Frame, name: str) -> Stores:
    """List the assignments of nested functions to a name of this function."""
    return _assigned_inside(ev, scope.file, name).get(scope.fact.index, [])


@query(initial={})
def _assigned_inside(ev: Evaluator, file: FileState, name: str) -> dict[int, Stores]:
    """List the `nonlocal` assignments of a file to a name, by each of the enclosing functions."""
    found: dict[int, Stores] = {}
    functions = file.facts.functions
    for owner, store in stores.global_stores(file, name):
        above = functions[owner].parent if owner >= 0 else -1
        while above >= 0:
            found.setdefault(above, []).append((owner, store))
            above = functions[above].parent
    return found


def rebound(ev: Evaluator, name: str, frame: Frame) -> Objects:
    """Return the values that nested functions assign to a name of this function: `nonlocal status` in the wrapper of `send`."""
    if frame.fact.kind != "function" or not frame.file.declares_outside(name):
        return BOTTOM
    groups = [ev.eval(s.value, frames.frame_inside(frame, o)) for o, s in _stores_inside(ev, frame, name)]
    return join_objects(groups) if groups else BOTTOM
