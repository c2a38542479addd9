"""Values that are stored under a name of a module from anywhere: `conf.NAME = x`, `setattr(conf, key, x)`, `globals()[key] = x`.

A name of a module is a claim about every file that can reach the module. Texts are searched first for code that sets such an attribute,
or sets attributes by computed names; then what is set on is evaluated. A computed name that is not known may be any name of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from cardlint.inference.codebase import stores
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query, value_query
from cardlint.inference.domain.frames import FileState
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, Module, Objects
from cardlint.inference.domain.value_sets import unknown
from cardlint.inference.language.named_changes import Change, changed, changes_in, may_be_module, names_are_set
from cardlint.inference.limits import MAX_STORE_FILES, STORED_STEPS
from cardlint.ir.terms import Import

ITSELF = "sys.modules[__name__]"
ANYTHING = "*"
"""Asks for the files that import modules of computed names, or that set attributes of an object which has no name."""


def stored_on_module(ev: Evaluator, file: FileState, name: str, by_any_name: bool) -> Objects:
    """Join what is stored under a name of a module, by its own functions or by those of other files.

    With `by_any_name` a computed name that is not known may be this one. Without, only files that write this very name count.
    """
    if name.startswith("__"):
        return BOTTOM
    return _stored(ev, file, name, by_any_name)


@value_query(initial=BOTTOM)
def _stored(ev: Evaluator, file: FileState, name: str, by_any_name: bool) -> Objects:
    paths = ev.modules.mentioning(file, name, "store")
    if not paths and not (by_any_name and _is_patched(ev, file)):
        return BOTTOM
    wide: Objects = (unknown(f"gave up: too much is stored in `{file.module}.{name}`"),)
    return ev.aside(STORED_STEPS, partial(_on_module, ev, file, name, paths, by_any_name), wide, file.frame(0), file.ir.functions[0].at)


def _on_module(ev: Evaluator, file: FileState, name: str, paths: Sequence[str], by_any_name: bool) -> Objects:
    groups: list[Objects] = []
    storing, handed = _storing(ev, file, name, paths)
    if storing is None:
        groups.append((unknown(f"`{name}` of `{file.module}` may be set in very many files"),))
    for state in storing or ():
        for owner, store in stores.attribute_stores(state, name):
            where = state.frame(owner)
            if not may_be_module(store.base, where.ir, handed):
                continue
            if any(isinstance(o, Module) and o.file is file for o in ev.eval(store.base, where)):
                groups.append(ev.stepped(ev.eval(store.value, where), where, store.at, f"stored in `{file.module}.{name}`"))
    if _is_patched(ev, file) and _is_set_by_name(ev, file, name):
        wanted = (name, None) if by_any_name else (name,)
        groups.extend(changed(ev, [c for c in changes_of(ev, file) if c.name in wanted], name, file.module))
    return join_objects(groups) if groups else BOTTOM


def _is_set_by_name(ev: Evaluator, file: FileState, name: str) -> bool:
    """Tell whether a computed name may be this one: it is none of the builtins and imported modules that compute it."""
    ir = file.ir.functions[0]
    index = ir.exits.get(name)
    if index is None:
        return not ev.library.is_builtin(name)
    term = ir.defs[index].term
    return not (isinstance(term, Import) and not term.name)


def _storing(ev: Evaluator, file: FileState, name: str, paths: Sequence[str]) -> tuple[list[FileState] | None, bool]:
    """List those of some files that can reach the module; None where they are too many. The second says whether a parameter may be it."""
    having = importers(ev, file)
    near = [path for path in paths if (_reaches_itself(ev, file) if path == file.path else path in having)]
    handed = len(near) < len(paths) and _is_handed_on(ev, file)
    if handed and len(paths) <= MAX_STORE_FILES:
        near = list(paths)
    if (len(paths) if handed else len(near)) > MAX_STORE_FILES:
        what = f"more than {MAX_STORE_FILES} files store an attribute `{name}` from outside"
        ev.limit(file.frame(0), file.ir.functions[0].at, what, "MAX_STORE_FILES")
    if len(near) > MAX_STORE_FILES:
        return None, handed
    return [state for state in map(ev.modules.state, near) if state is not None], handed


@query(initial=frozenset())
def importers(ev: Evaluator, file: FileState) -> frozenset[str]:
    """Return the files that may have a module as an object: by a name of it, by another module that has it, by a computed name."""
    return frozenset(path for known in (*_called(ev, file), ANYTHING) for path in ev.modules.mentioning(file, known, "import"))


@query(initial=False)
def _is_patched(ev: Evaluator, file: FileState) -> bool:
    """Tell whether any file may set names of the module by text."""
    return bool(_patching(ev, file))


def _patching(ev: Evaluator, file: FileState) -> dict[str, None]:
    """List the files that may set names of the module by text: its own, importers that do so on its name, and those it is passed to."""
    found = {file.path: None} if names_are_set(file, _reaches_itself(ev, file)) else {}
    named = [path for known in _called(ev, file) for path in ev.modules.mentioning(file, known, "patch")] if called(file) else []
    if named:
        having = importers(ev, file)
        found.update(dict.fromkeys(path for path in named if path in having))
    anything = ev.modules.mentioning(file, ANYTHING, "patch")
    if not found.keys() >= set(anything) and _is_handed_on(ev, file):
        if len(anything) > MAX_STORE_FILES:  # nothing is said of each of many functions that a module might be handed to
            ev.limit(file.frame(0), file.ir.functions[0].at, f"more than {MAX_STORE_FILES} files set attributes", "MAX_STORE_FILES")
        else:
            found.update(dict.fromkeys(anything))
    return found


@query(initial=())
def _called(ev: Evaluator, file: FileState) -> tuple[str, ...]:
    """Return the names by which other files may reach a module: its own, its package's, and modules that import it."""
    name = called(file)
    found = dict.fromkeys([name, file.module.rpartition(".")[0].rpartition(".")[2]])
    importing = ev.modules.mentioning(file, name, "import")
    if len(importing) <= MAX_STORE_FILES:
        found.update(dict.fromkeys(ev.modules.layout.module_of[path][0].rpartition(".")[2] for path in importing))
    return tuple(part for part in found if part)


def called(file: FileState) -> str:
    """Return the name by which other files know a module: the last part of its dotted name."""
    return file.module.rpartition(".")[2]


@query(initial=())
def changes_of(ev: Evaluator, file: FileState) -> tuple[Change, ...]:
    """List what is set by name on a module from anywhere."""
    found: list[Change] = []
    paths = _patching(ev, file)
    if len(paths) > MAX_STORE_FILES:
        what = f"more than {MAX_STORE_FILES} files set attributes of something named `{called(file)}` by name"
        ev.limit(file.frame(0), file.ir.functions[0].at, what, "MAX_STORE_FILES")
        found.append(Change(file.path, None, None, file.ir.functions[0].at, file.frame(0)))
        paths = {}
    handed = _is_handed_on(ev, file)
    for path in paths:
        state = ev.modules.state(path)
        if state is not None:
            found.extend(change for change in changes_in(ev, state, handed) if change.target == file.path)
    return tuple(found)


@query(initial=False)
def _reaches_itself(ev: Evaluator, file: FileState) -> bool:
    """Tell whether a file has its own module at hand as an object: by import or by name."""
    text = file.ir.text
    return "sys.modules" in text or "import_module" in text or "__import__" in text or f"import {called(file)}" in text


@query(initial=False)
def _is_handed_on(ev: Evaluator, file: FileState) -> bool:
    """Tell whether a module is an argument of a call: then any function that it reaches may change it."""
    name = called(file)
    text = file.ir.text
    if any(f"{ITSELF}{end}" in text for end in (",", ")", "]")):
        return True
    having = ev.modules.mentioning(file, name, "import") if name else ()
    return bool(having) and not set(having).isdisjoint(ev.modules.mentioning(file, name, "argument"))
