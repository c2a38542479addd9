"""Classes that change after their body has run: decorators, `__init_subclass__`, `setattr`, and subclasses made by `type(...)`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from cardlint.inference.codebase import stores, terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query, value_query
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Function, Instance, Object, Objects, TypeOfObject
from cardlint.inference.domain.value_sets import Bound, exactly, perhaps, unknown
from cardlint.inference.language import module_stores
from cardlint.inference.language.named_changes import Change, changed, changes_in, roots, sets_class
from cardlint.inference.limits import MAX_ALIAS_FILES, MAX_STORE_FILES, STORED_STEPS
from cardlint.inference.primitives import class_graph, collections
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, Attr, Call, FreeVar, Import, Iterate, Param, Refine, Use


@value_query(initial=BOTTOM)
def class_stores(ev: Evaluator, cls: ClassObject, name: str) -> Objects:
    """Return the values stored on a class under a name, which may depend on themselves: `Class.name += "b"`."""
    groups: list[Objects] = []
    for owner, store in stores.attribute_stores(cls.file, name):
        ir = cls.file.ir.functions[owner]
        path = stores.dotted(ir.defs, store.base)
        first = ir.params[0].name if ir.params and ir.owner == cls.ir.index else ""
        own = path is not None and path == first and sets_class(ir)
        by_name = path == cls.ir.name or own
        if by_name or (path != first and any(_is_class(ev, o, cls) for o in ev.eval(store.base, cls.file.frame(owner)))):
            groups.append(ev.eval(store.value, cls.file.frame(owner)))
    groups.extend(_from_outside(ev, cls, name))
    for decorator in _decorators(ev, cls):
        groups.extend(_set_by(ev, decorator, name, cls))
    return join_objects(groups)


def _is_class(ev: Evaluator, obj: Object, cls: ClassObject) -> bool:
    """Tell whether an object is a class, also where it is written as `type(self)`."""
    if isinstance(obj, TypeOfObject):
        return any(isinstance(o, Instance) and (o.cls == cls or cls in class_graph.mro(ev, o.cls)) for o in obj.of)
    return obj == cls


def _from_outside(ev: Evaluator, cls: ClassObject, name: str) -> list[Objects]:
    """List what other files store on a class, and what any file sets on it by name: `models.Plan.kind = ...`, `setattr(Plan, key, ...)`."""
    if name.startswith("__"):
        return []
    paths = [path for path in ev.modules.mentioning(cls.file, name, "store") if path != cls.file.path]
    if not paths and not _patching(ev, cls):
        return []
    wide: list[Objects] = [(unknown(f"gave up: too much is stored in `{cls.ir.name}.{name}`"),)]
    return ev.aside(STORED_STEPS, partial(_stored_from_outside, ev, cls, name, paths), wide, cls.file.frame(0), cls.ir.at)


def _stored_from_outside(ev: Evaluator, cls: ClassObject, name: str, paths: list[str]) -> list[Objects]:
    groups: list[Objects] = []
    having = _importers(ev, cls) if paths else frozenset()
    near = [path for path in paths if path in having]
    if len(near) > MAX_STORE_FILES:
        ev.limit(cls.file.frame(0), cls.ir.at, f"more than {MAX_STORE_FILES} files store an attribute `{name}`", "MAX_STORE_FILES")
        near = []
    for path in near:
        state = ev.modules.state(path)
        for owner, store in stores.attribute_stores(state, name) if state is not None else ():
            assert state is not None
            where = state.frame(owner)
            if _names_class(store.base, where.ir, cls.ir.name) and cls in ev.eval(store.base, where):
                groups.append(ev.stepped(ev.eval(store.value, where), where, store.at, f"stored in `{cls.ir.name}.{name}`"))
    groups.extend(changed(ev, [change for change in _set_by_name(ev, cls) if change.name in (name, None)], name, cls.ir.name))
    return groups


@query(initial=frozenset())
def _importers(ev: Evaluator, cls: ClassObject) -> frozenset[str]:
    """Return the files that may have a class as an object: they import it, or its module, or modules of computed names."""
    names = (cls.ir.name, module_stores.called(cls.file), module_stores.ANYTHING)
    return frozenset(path for name in names if name for path in ev.modules.mentioning(cls.file, name, "import"))


@query(initial=())
def _patching(ev: Evaluator, cls: ClassObject) -> tuple[str, ...]:
    """List the files that may set attributes of a class by name: its own, and importers that do so on its name."""
    text = cls.file.ir.text
    own = (cls.file.path,) if "setattr" in text and ("classmethod" in text or "__init_subclass__" in text) else ()
    paths = ev.modules.mentioning(cls.file, cls.ir.name, "patch")
    if not paths:
        return own
    having = _importers(ev, cls)
    return tuple(dict.fromkeys([*own, *(path for path in paths if path in having or path == cls.file.path)]))


@query(initial=())
def _set_by_name(ev: Evaluator, cls: ClassObject) -> tuple[Change, ...]:
    """List what is set by name on a class from anywhere."""
    paths = _patching(ev, cls)
    if len(paths) > MAX_STORE_FILES:
        what = f"more than {MAX_STORE_FILES} files set attributes of something named `{cls.ir.name}` by name"
        ev.limit(cls.file.frame(0), cls.ir.at, what, "MAX_STORE_FILES")
        return ()
    states = [state for state in map(ev.modules.state, paths) if state is not None]
    return tuple(change for state in states for change in changes_in(ev, state, False) if change.target == cls)


def _names_class(term: AnyTerm, ir: FunctionIR, name: str) -> bool:
    """Tell whether an expression may be a class of a name: the name itself, an import of it, or a variable."""
    for root in roots(term, ir, (Refine, Iterate)):
        if isinstance(root, FreeVar) or (isinstance(root, (Attr, Import)) and root.name == name):
            return True
    return False


@query(initial=())
def _decorators(ev: Evaluator, cls: ClassObject) -> tuple[Function, ...]:
    """List the analysed functions that decorate a class."""
    frame = cls.file.frame(cls.ir.parent)
    return tuple(o for term in cls.ir.decorators for o in ev.eval(term, frame) if isinstance(o, Function) and o.ir.params)


def _set_by(ev: Evaluator, decorator: Function, name: str, cls: ClassObject) -> Iterator[Objects]:
    """Return the values that a decorator stores on the class, and what it may return in its place."""
    ir = decorator.ir
    given = ir.params[1 if decorator.bound is not None and len(ir.params) > 1 else 0].name
    frame = decorator.file.frame(ir.index)
    for store in ir.stores:
        if store.how == "attr" and store.name == name and stores.dotted(ir.defs, store.base) == given:
            yield ev.eval(store.value, frame)
    for definition in ir.defs:
        term = definition.term
        if isinstance(term, Call) and terms.last_part(term.func, ir) == "setattr" and len(term.args) == 3:
            if name in (names := ev.value(term.args[1], frame)).exact:
                yield ev.eval(term.args[2], frame)
            elif names.bound is not Bound.EXACTLY:
                yield (perhaps(f"`{ir.name}` sets attributes of `{cls.ir.name}` by computed names"),)
    if not all(_returns(ir, term, given) for term in ir.returns):
        yield (perhaps(f"`{ir.name}` may return something else in place of `{cls.ir.name}`"),)


def _returns(ir: FunctionIR, term: object, given: str) -> bool:
    while isinstance(term, Use):
        term = ir.defs[term.index].term
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
            groups.append((perhaps("a subclass is created from unknown attributes"),))
    return join_objects(groups)


@query(initial=())
def _made_by_type(ev: Evaluator, cls: ClassObject) -> tuple[tuple[Frame, Call], ...]:
    """List the calls `type(name, bases, attributes)` whose bases hold a class."""
    out: list[tuple[Frame, Call]] = []
    named = set(ev.modules.mentioning(cls.file, cls.ir.name, "argument"))
    paths = [path for path in ev.modules.mentioning(cls.file, "type", "call") if path in named]
    for path in paths[:MAX_ALIAS_FILES]:
        state = ev.modules.state(path)
        for function, definition in state.ir.calls_named("type") if state is not None else ():
            assert state is not None
            frame = state.frame(function)
            term = frame.ir.defs[definition].term
            if isinstance(term, Call) and len(term.args) == 3 and _among(ev, term, cls, frame):
                out.append((frame, term))
    return tuple(out)


def _among(ev: Evaluator, term: Call, cls: ClassObject, frame: Frame) -> bool:
    for obj in ev.eval(term.args[1], frame):
        for thunk in (*obj.items, *obj.rest) if isinstance(obj, Sequence) else ():
            if any(isinstance(o, ClassObject) and cls in class_graph.mro(ev, o) for o in ev.force(thunk)):
                return True
    return False
