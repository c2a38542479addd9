"""Classes that change after their body has run: decorators, `__init_subclass__`, `setattr`, and subclasses made by `type(...)`."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.inference.codebase import stores, terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query, value_query
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Function, Objects
from cardlint.inference.domain.value_sets import Bound, exactly, perhaps
from cardlint.inference.limits import MAX_ALIAS_FILES
from cardlint.inference.primitives import class_graph, collections
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import Call, Param, Use


@value_query(initial=BOTTOM)
def class_stores(ev: Evaluator, cls: ClassObject, name: str) -> Objects:
    """Return the values stored on a class under a name, which may depend on themselves: `Class.name += "b"`."""
    groups: list[Objects] = []
    for owner, store in stores.attribute_stores(cls.file, name):
        fact = cls.file.facts.functions[owner]
        path = stores.dotted(fact.defs, store.base)
        first = fact.params[0].name if fact.params and fact.owner == cls.fact.index else ""
        own = path is not None and path == first and _sets_class(fact)
        if path == cls.fact.name or own:
            groups.append(ev.eval(store.value, cls.file.frame(owner)))
    for state, function, term in _setters(ev, cls):
        frame = state.frame(function)
        names = ev.value(term.args[1], frame)
        if names.cls is not Bound.EXACTLY:
            groups.append((perhaps(f"an attribute of `{cls.fact.name}` is set by a computed name"),))
        elif name in names.exact:
            groups.append(ev.eval(term.args[2], frame))
    for decorator in _decorators(ev, cls):
        groups.extend(_set_by(ev, decorator, name, cls))
    return join_objects(groups)


@query(initial=())
def _setters(ev: Evaluator, cls: ClassObject) -> tuple[tuple[FileState, int, Call], ...]:
    """List the calls of `setattr` on a class, by its name or in its own class methods."""
    out: list[tuple[FileState, int, Call]] = []
    named = set(ev.modules.mentioning(cls.file, cls.fact.name, "argument"))
    paths = {cls.file.path, *(path for path in ev.modules.mentioning(cls.file, "setattr", "call") if path in named)}
    for path in sorted(paths):
        state = ev.modules.state(path)
        for function, definition in state.facts.calls_named("setattr") if state is not None else ():
            assert state is not None
            fact = state.facts.functions[function]
            term = fact.defs[definition].term
            if not isinstance(term, Call) or len(term.args) != 3:
                continue
            target = stores.dotted(fact.defs, term.args[0]) or ""
            own = state is cls.file and fact.owner == cls.fact.index and _sets_class(fact) and target == fact.params[0].name
            if own or (
                target.rpartition(".")[2] == cls.fact.name
                and any(isinstance(o, ClassObject) and o == cls for o in ev.eval(term.args[0], state.frame(function)))
            ):
                out.append((state, function, term))
    return tuple(out)


def _sets_class(fact: FunctionIR) -> bool:
    """Tell whether the first parameter of a method is the class."""
    return bool(fact.params) and (terms.flag(fact, "classmethod") or fact.name == "__init_subclass__")


@query(initial=())
def _decorators(ev: Evaluator, cls: ClassObject) -> tuple[Function, ...]:
    """List the analysed functions that decorate a class."""
    frame = cls.file.frame(cls.fact.parent)
    return tuple(o for term in cls.fact.decorators for o in ev.eval(term, frame) if isinstance(o, Function) and o.fact.params)


def _set_by(ev: Evaluator, decorator: Function, name: str, cls: ClassObject) -> Iterator[Objects]:
    """Return the values that a decorator stores on the class, and what it may return in its place."""
    fact = decorator.fact
    given = fact.params[1 if decorator.bound is not None and len(fact.params) > 1 else 0].name
    frame = decorator.file.frame(fact.index)
    for store in fact.stores:
        if store.how == "attr" and store.name == name and stores.dotted(fact.defs, store.base) == given:
            yield ev.eval(store.value, frame)
    for definition in fact.defs:
        term = definition.term
        if isinstance(term, Call) and terms.last_part(term.func, fact) == "setattr" and len(term.args) == 3:
            if name in (names := ev.value(term.args[1], frame)).exact:
                yield ev.eval(term.args[2], frame)
            elif names.cls is not Bound.EXACTLY:
                yield (perhaps(f"`{fact.name}` sets attributes of `{cls.fact.name}` by computed names"),)
    if not all(_returns(fact, term, given) for term in fact.returns):
        yield (perhaps(f"`{fact.name}` may return something else in place of `{cls.fact.name}`"),)


def _returns(fact: FunctionIR, term: object, given: str) -> bool:
    while isinstance(term, Use):
        term = fact.defs[term.index].term
    return isinstance(term, Param) and term.name == given


def defined_below(ev: Evaluator, cls: ClassObject, name: str) -> list[Objects]:
    """List what subclasses that are made by `type(name, (cls,), {...})` hold under a name."""
    return [_held(ev, term, name, frame) for frame, term in _made_by_type(ev, cls)]


def _held(ev: Evaluator, term: Call, name: str, frame: Frame) -> Objects:
    groups: list[Objects] = []
    for obj in ev.eval(term.args[2], frame):
        if isinstance(obj, Mapping):
            groups.append(collections.lookup(ev, obj, exactly((name,))))
        else:
            groups.append((perhaps("a subclass is made from attributes that are not known"),))
    return join_objects(groups)


@query(initial=())
def _made_by_type(ev: Evaluator, cls: ClassObject) -> tuple[tuple[Frame, Call], ...]:
    """List the calls `type(name, bases, attributes)` whose bases hold a class."""
    out: list[tuple[Frame, Call]] = []
    named = set(ev.modules.mentioning(cls.file, cls.fact.name, "argument"))
    paths = [path for path in ev.modules.mentioning(cls.file, "type", "call") if path in named]
    for path in paths[:MAX_ALIAS_FILES]:
        state = ev.modules.state(path)
        for function, definition in state.facts.calls_named("type") if state is not None else ():
            assert state is not None
            frame = state.frame(function)
            term = frame.fact.defs[definition].term
            if isinstance(term, Call) and len(term.args) == 3 and _among(ev, term, cls, frame):
                out.append((frame, term))
    return tuple(out)


def _among(ev: Evaluator, term: Call, cls: ClassObject, frame: Frame) -> bool:
    for obj in ev.eval(term.args[1], frame):
        for thunk in (*obj.items, *obj.rest) if isinstance(obj, Sequence) else ():
            if any(isinstance(o, ClassObject) and cls in class_graph.mro(ev, o) for o in ev.force(thunk)):
                return True
    return False
