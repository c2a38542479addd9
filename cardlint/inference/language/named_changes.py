"""Attributes that are set by name: `setattr(conf, key, x)`, `globals()[key] = x`, `vars(module).update(...)`, `exec(...)`.

Each file is asked once for all that it sets by name on modules and classes. A computed name that is not known may be any name.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec import Struct

from cardlint.inference.codebase import stores, terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.containers import UnknownKey
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import ClassObject, Module, Namespace, Objects
from cardlint.inference.domain.value_sets import Bound, perhaps
from cardlint.inference.language import loops
from cardlint.inference.limits import CHANGES_STEPS, MAX_ROOTS, MAX_SPELLED, MAX_SPELLING_DEPTH
from cardlint.inference.primitives.collections import entries_of
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, At, Attr, Call, Choice, FreeVar, Import, Item, Iterate, Param, Refine, Seq, Star, Use

OWN = ("globals(", "locals()", "vars()", "exec(")
"""How a file looks that sets names of its own by text."""
OF_OBJECTS = ("vars(", "setattr", "__setattr__", "__dict__")
"""How it looks where it has its own module as an object."""
SETTERS = ("setattr", "__setattr__")
MERGERS = ("update", "setdefault", "__setitem__")
LOADERS = frozenset({"import_module", "__import__", "get", "reload", "getmodule"})


class Change(Struct, frozen=True):
    """One attribute that is set by name on something: on what, under which name, None for any, and what it is given."""

    target: object
    """the path of a module, or a class"""
    name: str | None
    value: Lazy | None
    at: At
    frame: Frame


def names_are_set(file: FileState, as_object: bool) -> bool:
    """Tell whether a file may set names of its own by text; `as_object` says whether it has its own module as an object."""
    text = file.ir.text
    return any(word in text for word in OWN) or (as_object and any(word in text for word in OF_OBJECTS))


def changed(ev: Evaluator, changes: list[Change], name: str, owner: str) -> Iterator[Objects]:
    """Yield the values of the changes of one name; a computed name that is not known may be this one."""
    for change in changes:
        if change.name is None or change.value is None:
            yield (perhaps(f"`{name}` of `{owner}` may be set by a computed name"),)
        else:
            yield ev.stepped(ev.force(change.value), change.frame, change.at, f"stored in `{owner}.{name}`")


def may_be_module(term: AnyTerm, ir: FunctionIR, handed: bool) -> bool:
    """Tell whether it pays to ask what an expression is: a name, an import or what loads a module may be one, an object is none."""
    for root in roots(term, ir, (Attr, Item, Refine, Iterate)):
        if isinstance(root, Param):
            is_receiver = ir.owner >= 0 and bool(ir.params) and ir.params[0].name == root.name
            if handed and not is_receiver:
                return True
        elif isinstance(root, Call):  # a function that gives a module is asked for no particular one
            name = getattr(root.func, "name", "")
            if name in LOADERS or (isinstance(root.func, (FreeVar, Import)) and not root.args and not name[:1].isupper()):
                return True
        elif isinstance(root, (Import, FreeVar)):
            return True
    return False


def roots(term: AnyTerm, ir: FunctionIR, through: tuple[type[Attr | Item | Refine | Iterate], ...]) -> Iterator[AnyTerm]:
    """List what an expression starts with, on every path: of `a.b` the name `a`, where such parts are looked through."""
    seen: set[int] = set()
    waiting = [term]
    while waiting and len(seen) < MAX_ROOTS:
        term = waiting.pop()
        if isinstance(term, Use):
            if term.index not in seen:
                seen.add(term.index)
                waiting.append(ir.defs[term.index].term)
        elif isinstance(term, through):
            waiting.append(term.base)
        elif isinstance(term, (Choice, Seq)):
            waiting.extend(term.options if isinstance(term, Choice) else term.items)
        else:
            yield term


@query(initial=())
def changes_in(ev: Evaluator, state: FileState, handed: bool) -> tuple[Change, ...]:
    """List the attributes of modules and classes that one file sets by name; `handed` says whether a parameter may be one of them."""
    return ev.aside(CHANGES_STEPS, partial(_changes_in, ev, state, handed), (), state.frame(0), state.ir.functions[0].at)


def _changes_in(ev: Evaluator, state: FileState, handed: bool) -> tuple[Change, ...]:
    facts = state.ir
    for word in (*OWN, *OF_OBJECTS):
        if word in facts.text:
            facts.reveal(word.rstrip("()"))
    top = state.frame(0)
    for name, index in list(facts.functions[0].exits.items()):  # `NAMES = globals()`
        if isinstance(facts.functions[0].defs[index].term, (Use, Attr)) and _may_be_namespace(Use(index, facts.functions[0].at), top):
            facts.reveal(name)
    found: list[Change] = []
    for name in SETTERS:
        for frame, term in _calls(state, name):
            found.extend(_by_setter(ev, term, frame, handed))
    for name in MERGERS:
        for frame, term in _calls(state, name):
            if isinstance(term.func, Attr) and _may_be_namespace(term.func.base, frame):
                for target in _named(ev, term.func.base, frame):
                    found.extend(_by_merge(ev, target, name, term, frame))
    for ir in list(facts.functions):
        found.extend(_by_item(ev, state.frame(ir.index)) if ir.reveal is None else ())
    for frame, term in _calls(state, "exec"):
        if isinstance(term.func, FreeVar):
            targets = [state.path] if len(term.args) < 2 and frame.ir.kind == "module" else []
            targets += [target for given in term.args[1:] for target in _named(ev, given, frame)]
            found.extend(Change(target, None, None, term.at, frame) for target in targets)
    return tuple(found)


def _calls(state: FileState, name: str) -> Iterator[tuple[Frame, Call]]:
    """Yield the lowered calls of a name."""
    for function, definition in state.ir.lowered_calls(name):
        frame = state.frame(function)
        term = frame.ir.defs[definition].term
        if isinstance(term, Call):
            yield frame, term


def _by_item(ev: Evaluator, frame: Frame) -> Iterator[Change]:
    """List what a function stores in the dictionary of a module: `globals()[key] = value`, `vars(module) |= values`."""
    for store in frame.ir.stores:
        if store.how not in ("item", "merge") or not _may_be_namespace(store.base, frame):
            continue
        for target in _named(ev, store.base, frame):
            if store.how == "item" and store.key is not None:
                yield from _keyed(ev, target, store.key, store.value, store.at, frame)
            elif store.how == "merge":
                yield from _entries(ev, target, store.value, store.at, frame)


def _by_setter(ev: Evaluator, term: Call, frame: Frame, handed: bool) -> Iterator[Change]:
    """List what `setattr(base, key, value)` sets, also as a method of the object or of `object`."""
    if len(term.args) == 3:
        base, key, value = term.args
    elif len(term.args) == 2 and isinstance(term.func, Attr):
        base, (key, value) = term.func.base, term.args
    else:
        return
    cls = _own_class(base, frame)
    if cls is not None:
        yield from _keyed(ev, cls, key, value, term.at, frame)
    if cls is not None or not may_be_module(base, frame.ir, handed):
        return
    for turn in loops.turns(ev, frame, base):
        for obj in ev.eval(base, turn):
            if isinstance(obj, (Module, ClassObject)):
                yield from _keyed(ev, obj.file.path if isinstance(obj, Module) else obj, key, value, term.at, turn)


def _own_class(base: AnyTerm, frame: Frame) -> ClassObject | None:
    """Return the class whose own class method sets an attribute of `cls`."""
    ir = frame.ir
    if ir.owner < 0 or not sets_class(ir) or stores.dotted(ir.defs, base) != ir.params[0].name:
        return None
    return ClassObject(frame.file, frame.file.ir.classes[ir.owner])


def sets_class(ir: FunctionIR) -> bool:
    """Tell whether the first parameter of a method is the class."""
    return bool(ir.params) and (terms.flag(ir, "classmethod") or ir.name == "__init_subclass__")


def _keyed(ev: Evaluator, target: object, key: AnyTerm, value: AnyTerm, at: At, frame: Frame) -> Iterator[Change]:
    """List what is stored under a key: under each name that it can be, or under any."""
    for turn in loops.turns(ev, frame, key):
        names = ev.value(key, turn)
        if names.bound is not Bound.EXACTLY:
            yield Change(target, None, None, at, turn)
        for name in names.exact:
            yield Change(target, str(name), turn.lazy(value), at, turn)


def _by_merge(ev: Evaluator, target: object, how: str, term: Call, frame: Frame) -> Iterator[Change]:
    if how != "update":
        if len(term.args) == 2:
            yield from _keyed(ev, target, term.args[0], term.args[1], term.at, frame)
        return
    for name, value in term.kwargs:
        if name:
            yield Change(target, name, frame.lazy(value), term.at, frame)
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
        term = frame.ir.defs[term.index].term if isinstance(term, Use) else term.base
    if isinstance(term, Attr):
        return term.name == "__dict__"
    if isinstance(term, Call):
        return isinstance(term.func, FreeVar) and term.func.name in ("globals", "vars", "locals")
    if isinstance(term, FreeVar) and depth < MAX_SPELLING_DEPTH:
        ir = frame.file.ir.functions[0]
        index = ir.exits.get(term.name)
        return index is not None and _may_be_namespace(Use(index, term.at), frame.file.frame(0), depth + 1)
    if isinstance(term, Choice) and depth < MAX_SPELLING_DEPTH:
        return any(_may_be_namespace(option, frame, depth + 1) for option in term.options[:MAX_SPELLED])
    return isinstance(term, (Import,)) and term.name == "__dict__"
