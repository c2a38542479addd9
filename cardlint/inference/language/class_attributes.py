"""Classes: bases, attributes of classes and instances, enum members, fields, subclasses."""

from __future__ import annotations

from functools import partial

from cardlint.inference.codebase import stores, terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import value_query
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, ClassObject, EnumMember, Function, Instance, LibraryPath, Object, Objects, Super
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import Bound, ValueSet, exactly, unknown
from cardlint.inference.heuristics.guesses import of_source
from cardlint.inference.language import (
    declared_data,
    dynamic_attributes,
    external_stores,
    field_declarations,
    field_validation,
    field_values,
    mutations,
)
from cardlint.inference.language.field_values import FIELD_CALLS
from cardlint.inference.limits import ATTRIBUTE_STEPS, MAX_BASE_FILES, MAX_OVERRIDES
from cardlint.inference.primitives import binding, class_graph
from cardlint.ir.terms import At, Const, Use

NO_VALUE: Objects = (exactly(()),)
"""What an attribute is taken for while it is computed from itself."""


def bind(ev: Evaluator, fn: Function, bound: Objects | None, owner: ClassObject, frame: Frame, at: At) -> Objects:
    """Bind a function found in a class: method, classmethod, staticmethod, or the value of a property."""
    fact = fn.fact
    if terms.flag(fact, "staticmethod"):
        return (fn,)
    if terms.flag(fact, "classmethod", "validator", "field_validator"):
        return (Function(fn.file, fact, (owner,), fn.closure),)
    if terms.flag(fact, "property", "cached_property", "hybrid_property", "abstractproperty", "setter", "reify", "lazy"):
        if bound is None:
            return (unknown("a property of a class"),)

        getter = class_graph.getter_of(fn) if terms.flag(fact, "setter") else fact
        return ev.call(Function(fn.file, getter, bound, fn.closure), frame.calling(Const(None, at), (), at), frame)
    return (Function(fn.file, fact, bound, fn.closure),)


def class_attribute(
    ev: Evaluator, cls: ClassObject, name: str, bound: Objects | None, frame: Frame, at: At, skip: ClassObject | None = None
) -> Objects:
    """Look a name up along the bases of a class. `skip` starts behind that class, as `super()` does."""
    chain = class_graph.mro(ev, cls)
    if skip is not None and skip in chain:
        chain = chain[chain.index(skip) + 1 :]
    for base in chain:
        if isinstance(base, LibraryPath):
            found = _of_library(ev, base, name, frame, at)
            if found:
                return found
            continue
        assert isinstance(base, ClassObject)
        body = base.file.facts.functions[base.fact.body]
        index = body.exits.get(name)
        if index is None:
            if bound is None and (stored := _class_stores(ev, base, name)):
                return stored
            continue
        if class_graph.is_enum(ev, cls) and name in class_graph.members(ev, cls):
            return (EnumMember(cls, name),)
        alts = ev.ref(Use(index, body.defs[index].at), base.file.frame(base.fact.body))
        groups: list[Objects] = []
        for obj in alts:
            if isinstance(obj, Function) and obj.bound is None and obj.fact.owner == base.fact.index and obj.file is base.file:
                groups.append(bind(ev, obj, bound, cls, frame, at))
            else:
                groups.append((obj,))
        if stored := _class_stores(ev, base, name):
            groups.append(stored)
        if not groups:
            return alts
        joined = join_objects(groups)
        return mutations.with_changes(ev, joined, base.file, *(f"{prefix}.{name}" for prefix in ("self", "cls", base.fact.name)))
    return BOTTOM


@value_query(initial=BOTTOM)
def _class_stores(ev: Evaluator, cls: ClassObject, name: str) -> Objects:
    """Return what is stored as `cls.name = ...` or `Class.name = ...`, which may be made from itself: `Class.name += "b"`."""
    groups: list[Objects] = []
    for owner, store in stores.attribute_stores(cls.file, name):
        fact = cls.file.facts.functions[owner]
        path = stores.dotted(fact.defs, store.base)
        first = fact.params[0].name if fact.params and fact.owner == cls.fact.index else ""
        if path == cls.fact.name or (path is not None and path == first and terms.flag(fact, "classmethod")):
            groups.append(ev.eval(store.value, cls.file.frame(owner)))
    return join_objects(groups)


def _of_library(ev: Evaluator, base: LibraryPath, name: str, frame: Frame, at: At) -> Objects:
    path = ev.library.canonical(f"{base.path}.{name}")
    if ev.library.row(path) is None and ev.library.row(path + "()") is None and not _has_prefix(ev, path):
        return BOTTOM
    return (LibraryPath(path, append_step(None, frame.place(at), "")),)


def _has_prefix(ev: Evaluator, path: str) -> bool:
    return ev.library.has_below(path)


def instance_attribute(ev: Evaluator, inst: Instance, name: str, frame: Frame, at: At) -> Objects:
    """Look an attribute up on an instance: what methods store, fields, then the class."""
    if inst.sent is not None and name in field_declarations.fields(ev, inst.cls):
        return field_validation.field(ev, inst.cls, name, inst.sent, frame, at)
    return declared_data.held(ev, inst, name, frame, at) or _held(ev, inst, name)


def _attribute_key(inst: Instance, name: str) -> object:
    return (id(inst.cls.fact), id(inst.made[0]) if inst.made else 0, inst.made[1] if inst.made else None, name)


@value_query(initial=NO_VALUE, key=_attribute_key)
def _held(ev: Evaluator, inst: Instance, name: str) -> Objects:
    """Join what an attribute is given inside and outside of the methods of its class.

    A property runs where the instance is made. Run where somebody asks for it first, its calls would be cut off where that place
    is deep already, and everybody else would be given the rest.
    """
    frame, at = (inst.made[1], inst.made[0].at) if inst.made is not None else (inst.cls.file.frame(0), inst.cls.fact.at)
    if inst.made is None:
        wide: Objects = (unknown(f"what `{inst.cls.fact.name}.{name}` holds is too wide to follow", guess=of_source(name)),)
        found = ev.within(ATTRIBUTE_STEPS, partial(_instance_attribute, ev, inst, name, frame, at), wide, frame, at)
    else:
        found = _instance_attribute(ev, inst, name, frame, at)
    if found and all(isinstance(o, ValueSet) for o in found):
        found = join_objects([found, external_stores.stored_outside(ev, name, inst.cls.fact.name, frame, inst.cls)])
    return mutations.filled_elsewhere(tuple(o for o in found if not _is_nothing(o)) or found)


def _is_nothing(obj: Object) -> bool:
    return isinstance(obj, ValueSet) and obj.cls is Bound.EXACTLY and not obj.exact


def _instance_attribute(ev: Evaluator, inst: Instance, name: str, frame: Frame, at: At) -> Objects:
    found = _of_class(ev, inst, name, frame, at)
    if inst.made is not None or inst.sent is not None or not found or class_graph.only_none(found) or class_graph.is_abstract(found):
        return found
    overrides = _overrides(ev, inst.cls, name, frame, at)  # it may be an instance of a subclass
    return join_objects([found, *overrides]) if overrides else found


def _overrides(ev: Evaluator, cls: ClassObject, name: str, frame: Frame, at: At) -> list[Objects]:
    """List what subclasses put in place of an attribute or a method; where very many do, no single one of them is looked at."""
    if name.startswith("__") or len(ev.modules.mentioning(cls.file, cls.fact.name, "base")) > MAX_BASE_FILES:
        return []
    out: list[Objects] = []
    for sub in class_graph.subclasses(ev, cls):
        if class_graph.defines(sub, name):
            out.append(ev.class_attribute(sub, name, (Instance(sub, None),), frame, at))
        out.extend(ev.eval(store.value, sub.file.frame(fact.index)) for fact, store in class_graph.self_stores(ev, sub, name))
        if len(out) > MAX_OVERRIDES:
            return []
    return [alts for alts in out if alts and not class_graph.is_abstract(alts)]


def _of_class(ev: Evaluator, inst: Instance, name: str, frame: Frame, at: At) -> Objects:
    """Return what an attribute holds by the class that is known, or, where that says nothing, by those below it."""
    groups: list[Objects] = []
    changed: list[tuple[FileState, str]] = []
    for base in class_graph.mro(ev, inst.cls):
        if not isinstance(base, ClassObject):
            continue
        for fact, store in class_graph.self_stores(ev, base, name):
            groups.append(
                ev.stepped(
                    ev.eval(store.value, binding.method_frame(ev, inst, base, fact)),
                    base.file.frame(fact.index),
                    store.at,
                    f"stored in `self.{name}`",
                )
            )
            changed.append((base.file, f"{fact.params[0].name}.{name}"))
        if groups:
            break
    field = field_values.field_value(ev, inst, name, frame) if not groups else BOTTOM
    if field:
        return field
    if groups:
        result = join_objects(groups)
        in_class = ev.class_attribute(inst.cls, name, (inst,), frame, at)
        if in_class and all(isinstance(o, ValueSet) for o in in_class) and not class_graph.only_none(in_class):
            result = join_objects([result, in_class])
        if class_graph.only_none(result) or not result:
            declared = field_declarations.annotated(ev, inst.cls, name)
            result = join_objects([result, declared]) if declared else result
        for file, path in dict.fromkeys(changed):
            result = mutations.with_changes(ev, result, file, path)
        return result
    found = ev.class_attribute(inst.cls, name, (inst,), frame, at)
    if dynamic_attributes.setters(ev, inst.cls):
        set_by_name, open_ = dynamic_attributes.stored(ev, inst, name)
        if set_by_name:
            generated = any(isinstance(o, LibraryPath) and o.path.rpartition(".")[2].rstrip("()") in FIELD_CALLS for o in found)
            return set_by_name if generated or not found or class_graph.only_none(found) else join_objects([set_by_name, found])
        if open_ and found and all(isinstance(o, ValueSet) for o in found):
            return join_objects([found, (unknown(f"`{name}` is set by a computed name in `{inst.cls.fact.name}`"),)])
    if found and not (class_graph.only_none(found) or class_graph.is_abstract(found)):
        return found
    if inst.made is None:
        deeper = below(ev, inst.cls, name, True, frame, at)
        if deeper:
            return join_objects([g for g in (found, deeper) if not class_graph.is_abstract(g)] or [found])
        for sub in class_graph.subclasses(ev, inst.cls):
            for fact, store in class_graph.self_stores(ev, sub, name):
                groups.append(ev.eval(store.value, sub.file.frame(fact.index)))
        if groups:
            return join_objects([*groups, found] if found else groups)
    declared = field_declarations.annotated(ev, inst.cls, name)
    if declared:
        return declared
    return found or external_stores.stored_outside(ev, name, inst.cls.fact.name, frame, inst.cls)


def below(ev: Evaluator, cls: ClassObject, name: str, bound: bool | None, frame: Frame, at: At) -> Objects:
    """Join what the subclasses of a class define under a name, on instances when `bound`."""
    groups = [
        ev.class_attribute(sub, name, (Instance(sub, None),) if bound else None, frame, at)
        for sub in class_graph.subclasses(ev, cls)
        if class_graph.defines(sub, name)
    ]
    groups = [g for g in groups if not class_graph.is_abstract(g)]
    return join_objects(groups) if groups else BOTTOM


def super_attribute(ev: Evaluator, obj: Object, name: str, frame: Frame, at: At) -> Objects:
    """Look a name up behind the class that says `super()`."""
    assert isinstance(obj, Super)
    start = obj.cls
    for bound in obj.bound:
        if isinstance(bound, Instance) and start in class_graph.mro(ev, bound.cls):
            return ev.class_attribute(bound.cls, name, obj.bound, frame, at, skip=start)
    return ev.class_attribute(start, name, obj.bound, frame, at, skip=start)
