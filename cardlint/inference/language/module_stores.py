"""Values that are stored under a name of a module from anywhere: `conf.NAME = x`, `setattr(conf, key, x)`, `globals()[key] = x`.

A name of a module is a claim about every file that can reach the module. Texts are searched first for who sets such an attribute,
or sets attributes by computed names; then what is set on is evaluated. A computed name that is not known may be any name of it.
"""

from __future__ import annotations

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
HANDED = "*"
"""Asks for the files that set attributes of an object which they were handed."""


@value_query(initial=BOTTOM)
def stored_on_module(ev: Evaluator, file: FileState, name: str, by_any_name: bool) -> Objects:
    """Join what is stored under a name of a module, by its own functions or by those of other files.

    With `by_any_name` a computed name that is not known may be this one.
    """
    if name.startswith("__"):
        return BOTTOM
    wide: Objects = (unknown(f"what is stored in `{file.module}.{name}` is too wide to follow"),)
    return ev.aside(STORED_STEPS, partial(_on_module, ev, file, name, by_any_name), wide, file.frame(0), file.facts.functions[0].at)


def _on_module(ev: Evaluator, file: FileState, name: str, by_any_name: bool) -> Objects:
    groups: list[Objects] = []
    storing = _storing(ev, file, name)
    if storing is None:
        groups.append((unknown(f"`{name}` of `{file.module}` may be set in very many files"),))
    handed = bool(storing) and _is_handed_on(ev, file)
    for state in storing or ():
        for owner, store in stores.attribute_stores(state, name):
            where = state.frame(owner)
            if not may_be_module(store.base, where.fact, handed):
                continue
            if any(isinstance(o, Module) and o.file is file for o in ev.eval(store.base, where)):
                groups.append(ev.stepped(ev.eval(store.value, where), where, store.at, f"stored in `{file.module}.{name}`"))
    if _is_set_by_name(ev, file, name):
        wanted = (name, None) if by_any_name else (name,)
        groups.extend(changed(ev, [c for c in changes_of(ev, file) if c.name in wanted], name, file.module))
    return join_objects(groups) if groups else BOTTOM


def _is_set_by_name(ev: Evaluator, file: FileState, name: str) -> bool:
    """Tell whether a computed name may be this one: it is none of the builtins and imported modules that compute it."""
    fact = file.facts.functions[0]
    index = fact.exits.get(name)
    if index is None:
        return not ev.library.is_builtin(name)
    term = fact.defs[index].term
    return not (isinstance(term, Import) and not term.name)


def _storing(ev: Evaluator, file: FileState, name: str) -> list[FileState] | None:
    """List the files that store an attribute of a name and can reach the module; None where they are too many."""
    paths = _reaching(ev, file, name, "store")
    if _reaches_itself(ev, file):
        paths[file.path] = None
    if len(paths) > MAX_STORE_FILES:
        what = f"more than {MAX_STORE_FILES} files store an attribute `{name}` from outside"
        ev.limit(file.frame(0), file.facts.functions[0].at, what, "MAX_STORE_FILES")
        return None
    return [state for state in map(ev.modules.state, paths) if state is not None]


def _reaching(ev: Evaluator, file: FileState, name: str, form: str) -> dict[str, None]:
    """List the files that write a name in a form and have the module at hand: imported, as a part of another, or handed to them."""
    found: dict[str, None] = {}
    for known in _called(ev, file):
        found.update(dict.fromkeys(ev.modules.mentioning(file, name, f"{form}@{known}")))
    if _is_handed_on(ev, file):
        handed = ev.modules.mentioning(file, HANDED if form == "patch" else name, form)
        if len(handed) > MAX_STORE_FILES:  # nothing is said of each of many functions that a module might be handed to
            ev.limit(file.frame(0), file.facts.functions[0].at, f"more than {MAX_STORE_FILES} files set attributes", "MAX_STORE_FILES")
        else:
            found.update(dict.fromkeys(handed))
    return found


@query(initial=())
def _called(ev: Evaluator, file: FileState) -> tuple[str, ...]:
    """Return the names by which other files may reach a module: its own, its package's, and modules that import it."""
    name = called(file)
    found = dict.fromkeys([name, file.module.rpartition(".")[0].rpartition(".")[2]])
    importing = ev.modules.mentioning(file, name, f"import@{name}")
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
    paths = _reaching(ev, file, called(file), "patch")
    if len(paths) > MAX_STORE_FILES:
        what = f"more than {MAX_STORE_FILES} files set attributes of something named `{called(file)}` by name"
        ev.limit(file.frame(0), file.facts.functions[0].at, what, "MAX_STORE_FILES")
        found.append(Change(file.path, None, None, file.facts.functions[0].at, file.frame(0)))
        paths = {}
    if names_are_set(file):
        paths[file.path] = None
    for path in paths:
        state = ev.modules.state(path)
        if state is not None:
            found.extend(change for change in changes_in(ev, state) if change.target == file.path)
    return tuple(found)


@query(initial=False)
def _reaches_itself(ev: Evaluator, file: FileState) -> bool:
    """Tell whether a file has its own module at hand as an object: by import or by name."""
    text = file.facts.text
    return "sys.modules" in text or "import_module" in text or "__import__" in text or f"import {called(file)}" in text


@query(initial=False)
def _is_handed_on(ev: Evaluator, file: FileState) -> bool:
    """Tell whether a module is an argument of a call: then any function that it reaches may change it."""
    name = called(file)
    text = file.facts.text
    if any(f"{ITSELF}{end}" in text for end in (",", ")", "]")):
        return True
    return bool(name and ev.modules.mentioning(file, name, f"handed@{name}"))
