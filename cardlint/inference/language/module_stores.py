"""What is stored under a name of a module or a class from anywhere: `conf.NAME = x`, `setattr(conf, key, x)`, `globals()[key] = x`.

A name of a module is a claim about every file that can reach the module. Texts are searched first for who sets such an attribute,
or sets attributes by computed names; then what is set on is evaluated. A computed name that is not known may be any name of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from cardlint.inference.codebase import stores
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query, value_query
from cardlint.inference.domain.containers import UnknownKey
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Module, Namespace, Objects
from cardlint.inference.domain.value_sets import Bound, unknown
from cardlint.inference.language import loops
from cardlint.inference.limits import CHANGES_STEPS, MAX_ROOTS, MAX_STORE_FILES, STORED_STEPS
from cardlint.inference.primitives.collections import entries_of
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, At, Attr, Call, Choice, FreeVar, Import, Item, Iterate, Param, Refine, Seq, Star, Use

OWN = ("globals(", "locals(", "vars(", "setattr", "__setattr__", "exec(", "__dict__")
"""How a file looks that sets names of its own by text."""
ITSELF = "sys.modules[__name__]"
SETTERS = ("setattr", "__setattr__")
MERGERS = ("update", "setdefault", "__setitem__")
LOADERS = frozenset({"import_module", "__import__", "get", "reload", "getmodule"})
HANDED = "*"
"""Asks for the files that set attributes of an object which they were handed."""


class Change(NamedTuple):
    """One attribute that is set by name on something: on what, under which name, None for any, and what it is given."""

    target: object
    """the path of a module, or a class"""
    name: str | None
    value: Lazy | None
    at: At
    frame: Frame


# names of modules -----------------------------------------------------------------------------------------------------


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
    for state in storing or ():
        for owner, store in stores.attribute_stores(state, name):
            where = state.frame(owner)
            if not _may_be_module(store.base, where.fact, ev, file):
                continue
            if any(isinstance(o, Module) and o.file is file for o in ev.eval(store.base, where)):
                groups.append(ev.stepped(ev.eval(store.value, where), where, store.at, f"stored in `{file.module}.{name}`"))
    if _is_set_by_name(ev, file, name):
        wanted = (name, None) if by_any_name else (name,)
        groups.extend(_changed(ev, [c for c in changes_of(ev, file) if c.name in wanted], name, file.module))
    return join_objects(groups) if groups else BOTTOM


def _is_set_by_name(ev: Evaluator, file: FileState, name: str) -> bool:
    """Tell whether a computed name may be this one: it is none of the builtins and imported modules that compute it."""
    fact = file.facts.functions[0]
    index = fact.exits.get(name)
    if index is None:
        return not ev.library.is_builtin(name)
    term = fact.defs[index].term
    return not (isinstance(term, Import) and not term.name)


def _changed(ev: Evaluator, changes: list[Change], name: str, owner: str) -> Iterator[Objects]:
    for change in changes:
        if change.name is None or change.value is None:
            yield (unknown(f"`{name}` of `{owner}` may be set by a computed name"),)
        else:
            yield ev.stepped(ev.force(change.value), change.frame, change.at, f"stored in `{owner}.{name}`")


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
    if _names_are_set(file):
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


def _names_are_set(file: FileState) -> bool:
    return any(word in file.facts.text for word in OWN)


@query(initial=False)
def _is_handed_on(ev: Evaluator, file: FileState) -> bool:
    """Tell whether a module is handed to a function: then whoever it reaches may change it."""
    name = called(file)
    text = file.facts.text
    if any(f"{ITSELF}{end}" in text for end in (",", ")", "]")):
        return True
    return bool(name and ev.modules.mentioning(file, name, f"handed@{name}"))


def _may_be_module(term: AnyTerm, fact: FunctionIR, ev: Evaluator, file: FileState | None) -> bool:
    """Tell whether it pays to ask what an expression is: a name, an import or what loads a module may be one, an object is none."""
    for root in _roots(term, fact, (Attr, Item, Refine, Iterate)):
        if isinstance(root, Param):
            is_receiver = fact.owner >= 0 and bool(fact.params) and fact.params[0].name == root.name
            if not is_receiver and (file is None or _is_handed_on(ev, file)):
                return True
        elif isinstance(root, Call):  # a function that gives a module is asked for no particular one
            name = getattr(root.func, "name", "")
            if name in LOADERS or (isinstance(root.func, (FreeVar, Import)) and not root.args and not name[:1].isupper()):
                return True
        elif isinstance(root, (Import, FreeVar)):
            return True
    return False


def _roots(term: AnyTerm, fact: FunctionIR, through: tuple[type[Attr | Item | Refine | Iterate], ...]) -> Iterator[AnyTerm]:
    """List what an expression starts with, on every way: of `a.b` the name `a`, where such parts are looked through."""
    seen: set[int] = set()
    waiting = [term]
    while waiting and len(seen) < MAX_ROOTS:
        term = waiting.pop()
        if isinstance(term, Use):
            if term.index not in seen:
                seen.add(term.index)
                waiting.append(fact.defs[term.index].term)
        elif isinstance(term, through):
            waiting.append(term.base)
        elif isinstance(term, (Choice, Seq)):
            waiting.extend(term.options if isinstance(term, Choice) else term.items)
        else:
            yield term


# attributes of classes ------------------------------------------------------------------------------------------------


@value_query(initial=BOTTOM)
def stored_on_class(ev: Evaluator, cls: ClassObject, name: str) -> Objects:
    """Join what other files store under a name of a class: `models.Plan.kind = ...`, `setattr(Plan, "kind", ...)`."""
    if name.startswith("__"):
        return BOTTOM
    wide: Objects = (unknown(f"what is stored in `{cls.fact.name}.{name}` is too wide to follow"),)
    return ev.aside(STORED_STEPS, partial(_on_class, ev, cls, name), wide, cls.file.frame(0), cls.fact.at)


def _on_class(ev: Evaluator, cls: ClassObject, name: str) -> Objects:
    groups: list[Objects] = []
    ways = [way for way in dict.fromkeys((cls.fact.name, called(cls.file))) if way]
    near = dict.fromkeys(path for way in ways for path in ev.modules.mentioning(cls.file, name, f"store@{way}"))
    if len(near) > MAX_STORE_FILES:
        ev.limit(cls.file.frame(0), cls.fact.at, f"more than {MAX_STORE_FILES} files store an attribute `{name}`", "MAX_STORE_FILES")
        near = {}
    for path in near:
        state = ev.modules.state(path) if path != cls.file.path else None
        for owner, store in stores.attribute_stores(state, name) if state is not None else ():
            assert state is not None
            where = state.frame(owner)
            if _names_class(store.base, where.fact, cls.fact.name) and cls in ev.eval(store.base, where):
                groups.append(ev.stepped(ev.eval(store.value, where), where, store.at, f"stored in `{cls.fact.name}.{name}`"))
    patching = dict.fromkeys(path for way in ways for path in ev.modules.mentioning(cls.file, cls.fact.name, f"patch@{way}"))
    for path in patching if len(patching) <= MAX_STORE_FILES else ():
        state = ev.modules.state(path)
        if state is not None and state is not cls.file:
            found = [c for c in changes_in(ev, state) if c.target == cls and c.name in (name, None)]
            groups.extend(_changed(ev, found, name, cls.fact.name))
    return join_objects(groups) if groups else BOTTOM


def _names_class(term: AnyTerm, fact: FunctionIR, name: str) -> bool:
    """Tell whether an expression may be a class of a name: the name itself, an import of it, or a variable."""
    for root in _roots(term, fact, (Refine, Iterate)):
        if isinstance(root, FreeVar) or (isinstance(root, (Attr, Import)) and root.name == name):
            return True
    return False


# what is set by name --------------------------------------------------------------------------------------------------


@query(initial=())
def changes_in(ev: Evaluator, state: FileState) -> tuple[Change, ...]:
    """List the attributes of modules and classes that one file sets by name."""
    return ev.aside(CHANGES_STEPS, partial(_changes_in, ev, state), (), state.frame(0), state.facts.functions[0].at)


def _changes_in(ev: Evaluator, state: FileState) -> tuple[Change, ...]:
    facts = state.facts
    for word in OWN:
        if word in facts.text:
            facts.reveal(word.rstrip("("))
    top = state.frame(0)
    for name, index in list(facts.functions[0].exits.items()):  # `NAMES = globals()`
        if isinstance(facts.functions[0].defs[index].term, (Use, Attr)) and _may_be_namespace(Use(index, facts.functions[0].at), top):
            facts.reveal(name)
    found: list[Change] = []
    for name in SETTERS:
        for function, definition in facts.lowered_calls(name):
            term = facts.functions[function].defs[definition].term
            if isinstance(term, Call):
                found.extend(_by_setter(ev, term, state.frame(function)))
    for name in MERGERS:
        for function, definition in facts.lowered_calls(name):
            frame = state.frame(function)
            term = frame.fact.defs[definition].term
            if isinstance(term, Call) and isinstance(term.func, Attr) and _may_be_namespace(term.func.base, frame):
                for target in _named(ev, term.func.base, frame):
                    found.extend(_by_merge(ev, target, name, term, frame))
    for fact in list(facts.functions):
        for store in fact.stores if fact.reveal is None else ():
            frame = state.frame(fact.index)
            if store.how not in ("item", "merge") or not _may_be_namespace(store.base, frame):
                continue
            for target in _named(ev, store.base, frame):
                if store.how == "item" and store.key is not None:
                    found.extend(_keyed(ev, target, store.key, store.value, store.at, frame))
                elif store.how == "merge":
                    found.extend(_entries(ev, target, store.value, store.at, frame))
    for function, definition in facts.lowered_calls("exec"):
        frame = state.frame(function)
        term = frame.fact.defs[definition].term
        if isinstance(term, Call) and isinstance(term.func, FreeVar):
            targets = [state.path] if len(term.args) < 2 and frame.fact.kind == "module" else []
            targets += [target for given in term.args[1:] for target in _named(ev, given, frame)]
            found.extend(Change(target, None, None, term.at, frame) for target in targets)
    return tuple(found)


def _by_setter(ev: Evaluator, term: Call, frame: Frame) -> Iterator[Change]:
    """List what `setattr(base, key, value)` sets, also as a method of the object or of `object`."""
    if len(term.args) == 3:
        base, key, value = term.args
    elif len(term.args) == 2 and isinstance(term.func, Attr):
        base, (key, value) = term.func.base, term.args
    else:
        return
    if not _may_be_module(base, frame.fact, ev, None):
        return
    for turn in loops.turns(ev, frame, base):
        for obj in ev.eval(base, turn):
            if isinstance(obj, (Module, ClassObject)):
                yield from _keyed(ev, obj.file.path if isinstance(obj, Module) else obj, key, value, term.at, turn)


def _keyed(ev: Evaluator, target: object, key: AnyTerm, value: AnyTerm, at: At, frame: Frame) -> Iterator[Change]:
    """List what is stored under a key: under each name that it can be, or under any."""
    for turn in loops.turns(ev, frame, key):
        names = ev.value(key, turn)
        if names.cls is not Bound.EXACTLY:
            yield Change(target, None, None, at, turn)
        for name in names.exact:
            yield Change(target, str(name), turn.thunk(value), at, turn)


def _by_merge(ev: Evaluator, target: object, how: str, term: Call, frame: Frame) -> Iterator[Change]:
    if how != "update":
        if len(term.args) == 2:
            yield from _keyed(ev, target, term.args[0], term.args[1], term.at, frame)
        return
    for name, value in term.kwargs:
        if name:
            yield Change(target, name, frame.thunk(value), term.at, frame)
        else:
            yield from _entries(ev, target, value, term.at, frame)
    for given in term.args:
        yield from _entries(ev, target, given.base if isinstance(given, Star) else given, term.at, frame)


def _entries(ev: Evaluator, target: object, given: AnyTerm, at: At, frame: Frame) -> Iterator[Change]:
    """List what is stored by merging a dictionary into the names of a module."""
    alts = ev.eval(given, frame)
    for obj in alts:
        if isinstance(obj, Namespace):  # all that another module holds
            yield Change(target, None, None, at, frame)
    entries, open_, _ = entries_of(ev, tuple(o for o in alts if not isinstance(o, Namespace)), given, frame)
    for key, value in entries:
        yield Change(target, None if isinstance(key, UnknownKey) else str(key), value, at, frame)
    if open_:
        yield Change(target, None, None, at, frame)


def _named(ev: Evaluator, term: AnyTerm, frame: Frame) -> list[str]:
    """List the modules whose names an expression holds as a dictionary."""
    return [o.file.path for o in ev.eval(term, frame) if isinstance(o, Namespace)]


def _may_be_namespace(term: AnyTerm, frame: Frame, depth: int = 0) -> bool:
    """Tell whether an expression may be the names of a module: it comes from `globals()`, `vars(...)` or `__dict__`."""
    while isinstance(term, (Use, Refine)):
        term = frame.fact.defs[term.index].term if isinstance(term, Use) else term.base
    if isinstance(term, Attr):
        return term.name == "__dict__"
    if isinstance(term, Call):
        return isinstance(term.func, FreeVar) and term.func.name in ("globals", "vars", "locals")
    if isinstance(term, FreeVar) and depth < 3:
        fact = frame.file.facts.functions[0]
        index = fact.exits.get(term.name)
        return index is not None and _may_be_namespace(Use(index, term.at), frame.file.frame(0), depth + 1)
    if isinstance(term, Choice) and depth < 3:
        return any(_may_be_namespace(option, frame, depth + 1) for option in term.options[:8])
    return isinstance(term, (Import,)) and term.name == "__dict__"
