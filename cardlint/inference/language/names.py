"""Names: the value of an import, of a name of an enclosing scope, and of a name of a module."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cardlint.common.textscan import LOADED_PART
from cardlint.inference.codebase import stores
from cardlint.inference.codebase.importing import NOTHING, Found
from cardlint.inference.codebase.stores import Stores
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query, value_query
from cardlint.inference.domain import frames
from cardlint.inference.domain.containers import Mapping
from cardlint.inference.domain.containers import Sequence as SequenceObject
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, LibraryPath, Module, Objects, Package
from cardlint.inference.domain.value_sets import ValueSet, unknown
from cardlint.inference.language import module_stores, mutations, single_values
from cardlint.inference.limits import GETTER_STEPS
from cardlint.inference.primitives import class_graph
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import Const, FreeVar, Import, Seq, Use


def imported(ev: Evaluator, term: Import, frame: Frame) -> Objects:
    """Resolve an import to an analysed module, a name in one, or an object of a library."""
    file = frame.file
    if copied := _of_copied_client(ev, term, file):
        return (LibraryPath(ev.library.canonical(copied)),)
    package, _, name = term.module.rpartition(".")
    if not term.name and package.strip("."):  # `import a.b as c` binds what `a` holds under `b`
        path = ev.modules.find(package, file).path
        inside = ev.modules.state(path) if path is not None else None
        if inside is not None and name in inside.ir.functions[0].exits and not _only_imports(inside, name, term.module):
            return module_name(ev, inside, name)
    found = ev.modules.find(term.module, file)
    state = ev.modules.state(found.path) if found.path is not None else None
    if state is file and _is_itself(file, term):
        part = ev.modules.part(file, term.name)
        if part is not NOTHING:
            return _part(ev, file, part, term.name)
        state, found = None, NOTHING
    if state is not None:
        return (Module(state),) if term.name in ("", "*") else module_name(ev, state, term.name)
    relative = term.module.startswith(".")
    if found.folders and (relative or not ev.library.knows(term.module)):
        spread = Package(term.module, found.folders)
        return part_of(ev, spread, term.name) if term.name else (spread,)
    if relative:
        return (unknown(f"`{term.module}` is not in the analysed files"),)
    return (LibraryPath(ev.library.canonical(f"{term.module}.{term.name}" if term.name else term.module)),)


def _of_copied_client(ev: Evaluator, term: Import, file: FileState) -> str:
    """Return the path in a metrics client that an import means, where the checkout has a copy of the client; '' for other imports."""
    dotted = f"{term.module}{'' if term.module.endswith('.') else '.'}{term.name}" if term.name else term.module
    for name, client in ev.library.clients.packages.items():
        at = f".{dotted}.".find(f".{name}.")
        if at < 0 or not client.parts:
            continue
        copy = dotted[: at + len(name)]
        held = [ev.modules.find(f"{copy}.{part}", file).path for part in client.parts]
        if all(path is not None and f"{name}/" in path and file.path.rpartition("/")[0] != path.rpartition("/")[0] for path in held):
            return dotted[at:]
    return ""


def _only_imports(package: FileState, name: str, module: str) -> bool:
    """Tell whether a name of a package is its own module: `import pkg.metrics as metrics` in `pkg/__init__.py`."""
    ir = package.ir.functions[0]
    bound = [ir.defs[index].term for index in ir.names.get(name, ())]
    return bool(bound) and all(isinstance(term, Import) and term.module == module and not term.name for term in bound)


def _is_itself(file: FileState, term: Import) -> bool:
    """Tell whether an import is what gives its own file the name: it means a submodule, or a library that the file is named after."""
    ir = file.ir.functions[0]
    return any(ir.defs[index].term == term for index in ir.names.get(term.name, ()))


def part_of(ev: Evaluator, package: Package, name: str) -> Objects:
    """Return a module or a package of a namespace package."""
    found = ev.modules.below(package.folders, name)
    state = ev.modules.state(found.path) if found.path is not None else None
    if state is not None:
        return (Module(state),)
    return (Package(f"{package.name}.{name}", found.folders),)


def module_name(ev: Evaluator, state: FileState, name: str, lazily: bool = True) -> Objects:
    """Return the value of a name of an analysed module, with `lazily` also what its `__getattr__` makes of it."""
    return _of_module(ev, state, name, lazily)


@value_query(initial=BOTTOM)
def _of_module(ev: Evaluator, state: FileState, name: str, lazily: bool) -> Objects:
    """Return the value of a name of an analysed module: its own binding, a re-export, a submodule, what others store there.

    `lazily` asks its `__getattr__`, too, which its own functions do not.
    """
    ir = state.ir.functions[0]
    frame = state.frame(0)
    groups: list[Objects] = []
    index = ir.exits.get(name)
    if index is not None:
        groups.append(single_values.of_name(ev, ev.ref(Use(index, ir.defs[index].at), frame), frame, index))
    for owner, store in stores.global_stores(state, name):
        where = state.frame(owner)
        stored = single_values.set_if_missing(ev, ev.eval(store.value, where), name, where, store.at)
        groups.append(single_values.bound_once(ev, stored, where, store.at))
    groups.extend(found for found in _starred(ev, state, name, index) if found)
    if stored := module_stores.stored_on_module(ev, state, name, _may_be_any_setting(groups)):
        groups.append(stored)
    part = ev.modules.part(state, name)
    if part is not NOTHING and (not groups or (index is not None and _hidden_by_part(ev, state, index, part, name))):
        groups.append(_part(ev, state, part, name))
    if groups:
        if lazily and "__getattr__" in ir.exits and _is_deleted(ev, state, name):
            groups.append(_from_getter(ev, state, name))
        return mutations.with_changes(ev, join_objects(groups), state, name)
    return _from_getter(ev, state, name) if lazily else BOTTOM


def _may_be_any_setting(groups: list[Objects]) -> bool:
    """Tell whether a computed name may well be the name of what is bound: a value, or a collection that holds some.

    Tables of settings set values. What starts empty is an option of which nothing else is known, and functions, classes and
    modules are replaced one by one.
    """
    bound = [obj for group in groups for obj in group]
    return not bound or any(
        bool(obj.items or obj.rest)
        if isinstance(obj, SequenceObject)
        else bool(obj.entries)
        if isinstance(obj, Mapping)
        else isinstance(obj, ValueSet) and not class_graph.only_none((obj,))
        for obj in bound
    )


def _part(ev: Evaluator, state: FileState, part: Found, name: str) -> Objects:
    inner = ev.modules.state(part.path) if part.path is not None else None
    return (Module(inner),) if inner is not None else (Package(f"{state.module}.{name}", part.folders),) if part.folders else BOTTOM


def _hidden_by_part(ev: Evaluator, state: FileState, index: int, part: Found, name: str) -> bool:
    """Tell whether a submodule may replace the name in a package where its `__init__` binds the same name.

    Python binds a submodule when it is imported for the first time. What the `__init__` binds behind that stays.
    """
    imports = [i for i, d in enumerate(state.ir.functions[0].defs) if isinstance(d.term, Import) and _loads(ev, state, d.term, part)]
    if imports:
        return imports[0] > index
    loads = LOADED_PART.of(name=[name])
    others = (ev.modules.state(path) for path in ev.modules.mentioning(state, name) if path not in (state.path, part.path))
    return any(other is not None and loads.search(other.ir.text) is not None for other in others)


def _loads(ev: Evaluator, state: FileState, term: Import, part: Found) -> bool:
    """Tell whether an import loads a module: by its own name, or as a part of its package."""
    if ev.modules.find(term.module, state) == part:
        return True
    return bool(term.name) and ev.modules.find(f"{term.module}{'' if term.module.endswith('.') else '.'}{term.name}", state) == part


def _starred(ev: Evaluator, state: FileState, name: str, index: int | None) -> Iterator[Objects]:
    """List what star imports give under a name: those that follow a binding of it, all of them where there is none."""
    ir = state.ir.functions[0]
    for position in ir.names.get("*", ()):
        term = ir.defs[position].term
        if not isinstance(term, Import) or (index is not None and position < index):
            continue
        path = ev.modules.find(term.module, state).path
        other = ev.modules.state(path) if path is not None else None
        if other is not None:
            if other is not state and _exports(other, name):
                yield module_name(ev, other, name, lazily=False)  # two modules may import each other so
        elif index is None and (canonical := ev.library.star(term.module, name)) is not None:
            yield (LibraryPath(canonical),)


def _exports(state: FileState, name: str) -> bool:
    """Tell whether a star import takes a name along: those of `__all__`, and without one those that are not private."""
    ir = state.ir.functions[0]
    index = ir.exits.get("__all__")
    if index is None:
        return not name.startswith("_")
    term = ir.defs[index].term
    if not isinstance(term, Seq) or len(ir.names.get("__all__", ())) > 1 or "__all__." in state.ir.text:
        return True  # it is computed, or grows
    listed = [item.value for item in term.items if isinstance(item, Const)]
    return name in listed or len(listed) < len(term.items)


def _is_deleted(ev: Evaluator, state: FileState, name: str) -> bool:
    """Tell whether a name of a module is deleted anywhere, so that its `__getattr__` is asked."""
    return bool(ev.modules.mentioning(state, name, "deleted"))


@value_query(initial=BOTTOM)
def _from_getter(ev: Evaluator, state: FileState, name: str) -> Objects:
    """Return what the module's own `__getattr__` makes of a name that the module does not hold."""
    ir = state.ir.functions[0]
    index = ir.exits.get("__getattr__")
    if index is None or (name.startswith("__") and name.endswith("__")):
        return BOTTOM
    frame, at = state.frame(0), ir.defs[index].at
    call = frame.synthetic_call(Use(index, at), (state.constant(name, at),), at)
    made: Objects = (unknown(f"`{name}` is made by the module's `__getattr__`"),)

    def given() -> Objects:
        return join_objects([ev.call(getter, call, frame) for getter in ev.ref(Use(index, at), frame)])

    return ev.aside(GETTER_STEPS, given, made, frame, at) or made


def outer(ev: Evaluator, term: FreeVar, frame: Frame) -> Objects:
    """Resolve a name of an enclosing function, of the module, or a builtin."""
    scope = frame.parent
    name = term.name
    if frame.ir.kind in ("class", "module"):
        scope = frame.parent if frame.ir.kind == "class" else None
    inner = frame.ir
    while scope is not None:
        ir = scope.ir
        if ir.kind == "function" or ir.kind == "lambda":
            indexes = _visible(inner, ir, name)
            if indexes:
                groups = [single_values.of_name(ev, ev.ref(Use(i, ir.defs[i].at), scope), scope, i) for i in indexes]
                groups.extend(ev.eval(s.value, frames.frame_inside(scope, o)) for o, s in _stores_inside(ev, scope, name))
                return join_objects(groups)
        inner, scope = ir, scope.parent
    found = module_name(ev, frame.file, name, lazily=False)
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
    return _assigned_inside(ev, scope.file, name).get(scope.ir.index, [])


@query(initial={})
def _assigned_inside(ev: Evaluator, file: FileState, name: str) -> dict[int, Stores]:
    """List the `nonlocal` assignments of a file to a name, by each of the enclosing functions."""
    found: dict[int, Stores] = {}
    functions = file.ir.functions
    for owner, store in stores.global_stores(file, name):
        above = functions[owner].parent if owner >= 0 else -1
        while above >= 0:
            found.setdefault(above, []).append((owner, store))
            above = functions[above].parent
    return found


def rebound(ev: Evaluator, name: str, frame: Frame) -> Objects:
    """Return the values that nested functions assign to a name of this function: `nonlocal status` in the wrapper of `send`.

    A module that runs a loop sees what its functions assign to `global` names.
    """
    if frame.ir.kind == "module" and frame.file.declares_outside(name):
        found = [ev.eval(s.value, frame.file.frame(o)) for o, s in stores.global_stores(frame.file, name)]
        return join_objects(found) if found else BOTTOM
    if frame.ir.kind != "function" or not frame.file.declares_outside(name):
        return BOTTOM
    groups = [ev.eval(s.value, frames.frame_inside(frame, o)) for o, s in _stores_inside(ev, frame, name)]
    return join_objects(groups) if groups else BOTTOM
