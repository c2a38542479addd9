"""Classes: bases, attributes of classes and instances, enum members, fields, subclasses."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from cardlint.facts.model import FunctionFact, Store
from cardlint.facts.terms import At, Attr, Const, Import, Outer, Ref
from cardlint.link import imports, mutations, named_stores
from cardlint.link.frames import FileState, Frame
from cardlint.link.guess import of_source
from cardlint.link.objects import NOTHING, Alts, Cls, Ext, Function, Instance, Member, Obj, merge
from cardlint.link.values import Cls as Class
from cardlint.link.values import Value, exactly, extend, unknown

if TYPE_CHECKING:
    from cardlint.link.protocol import Evaluator

ENUMS = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"})
NO_VALUE: Alts = (exactly(()),)
"""What an attribute is taken for while it is computed from itself."""
PART_FUEL = 6000
"""Steps of inference that one attribute of a class may take of a question."""
INNER_CLASS = re.compile(r"\n[ \t]+class\s+\w+\s*\(")
"""How a class with bases looks inside of a function."""
MAX_SUBCLASSES = 60
"""Subclasses of one class that are looked at."""
MAX_OVERRIDES = 8
"""Subclasses that put something of their own in place of one attribute, and are joined with it."""
MAX_BASE_FILES = 4
"""Files with subclasses of one class in which those overrides are looked for: a base of many is an interface of a framework."""


def bases(ev: Evaluator, cls: Cls) -> list[Obj]:
    """Evaluate the bases of a class; what is not a class is left out."""
    table = ev.cache("bases")
    found = table.get(id(cls.fact))
    if found is None:
        table[id(cls.fact)] = []
        frame = cls.file.frame(cls.fact.parent)
        found = []
        with ev.pending(table, id(cls.fact)):
            for term in cls.fact.bases:
                found.extend(o for o in ev.eval(term, frame) if isinstance(o, (Cls, Ext)))
        table[id(cls.fact)] = found
    return found


def mro(ev: Evaluator, cls: Cls) -> list[Obj]:
    """List a class and everything it inherits from, nearest first."""
    table = ev.cache("mro")
    found = table.get(id(cls.fact))
    if found is None:
        out: dict[Obj, None] = {}
        waiting: list[Obj] = [cls]
        while waiting:
            current = waiting.pop()
            if current not in out:
                out[current] = None
                if isinstance(current, Cls):
                    waiting.extend(reversed(bases(ev, current)))
        found = table[id(cls.fact)] = list(out)
    return found


def external_bases(ev: Evaluator, cls: Cls) -> list[str]:
    """List the qualified names of the library classes a class inherits from."""
    return [o.path for o in mro(ev, cls) if isinstance(o, Ext)]


def is_class_path(path: str) -> bool:
    """Tell by its spelling whether a library path is that of a class, as opposed to what is made of one."""
    return path.rpartition(".")[2][:1].isupper() and path[-1:] not in (")", "]")


def is_enum(ev: Evaluator, cls: Cls) -> bool:
    """Tell whether a class is an Enum: the look-alikes of other libraries are not."""
    return any(path in ENUMS for path in external_bases(ev, cls))


def is_exception(ev: Evaluator, cls: Cls) -> bool:
    """Tell whether a class is an exception, so that its text is free text."""
    for path in external_bases(ev, cls):
        name = path.rpartition(".")[2]
        if name.endswith(("Error", "Exception", "Warning")) or name in ("BaseException", "KeyboardInterrupt", "StopIteration"):
            return True
    return False


def members(ev: Evaluator, cls: Cls) -> list[str]:
    """List the member names of an Enum of the tree."""
    out: list[str] = []
    for base in mro(ev, cls):
        if isinstance(base, Cls):
            body = base.file.facts.functions[base.fact.body]
            for name, index in body.exits.items():
                term = body.defs[index].term
                if not name.startswith("_") and type(term).__name__ not in ("Func", "Class", "Import"):
                    out.append(name)
    return out


def flag(fact: FunctionFact, *names: str) -> bool:
    """Tell whether a function has one of the decorators, by last name."""
    return any(decorator_name(fact, d) in names for d in fact.decorators)


def decorator_name(fact: FunctionFact, term: object) -> str:
    """Return the last name of a decorator as written; '' for a call or anything else."""
    if isinstance(term, (Attr, Outer)):
        return term.name
    if isinstance(term, Import):
        return term.name
    return ""


def bind(ev: Evaluator, fn: Function, bound: Alts | None, owner: Cls, frame: Frame, at: At) -> Alts:
    """Bind a function found in a class: method, classmethod, staticmethod, or the value of a property."""
    fact = fn.fact
    if flag(fact, "staticmethod"):
        return (fn,)
    if flag(fact, "classmethod", "validator", "field_validator"):
        return (Function(fn.file, fact, (owner,), fn.closure),)
    if flag(fact, "property", "cached_property", "hybrid_property", "abstractproperty", "setter", "reify", "lazy"):
        if bound is None:
            return (unknown("a property of a class"),)

        getter = _getter(fn) if flag(fact, "setter") else fact
        return ev.call(Function(fn.file, getter, bound, fn.closure), frame.calling(Const(None, at), (), at), frame)
    return (Function(fn.file, fact, bound, fn.closure),)


def _getter(fn: Function) -> FunctionFact:
    """Return the function that reads a property whose last definition in the class writes it."""
    for other in fn.file.facts.functions:
        if other.owner == fn.fact.owner and other.name == fn.fact.name and not flag(other, "setter", "deleter"):
            return other
    return fn.fact


def class_attribute(ev: Evaluator, cls: Cls, name: str, bound: Alts | None, frame: Frame, at: At, skip: Cls | None = None) -> Alts:
    """Look a name up along the bases of a class. `skip` starts behind that class, as `super()` does."""
    chain = mro(ev, cls)
    if skip is not None and skip in chain:
        chain = chain[chain.index(skip) + 1 :]
    for base in chain:
        if isinstance(base, Ext):
            found = _of_library(ev, base, name, frame, at)
            if found:
                return found
            continue
        assert isinstance(base, Cls)
        body = base.file.facts.functions[base.fact.body]
        index = body.exits.get(name)
        if index is None:
            if bound is None and (stored := _class_stores(ev, base, name)):
                return stored
            continue
        if is_enum(ev, cls) and name in members(ev, cls):
            return (Member(cls, name),)
        alts = ev.ref(Ref(index, body.defs[index].at), base.file.frame(base.fact.body))
        groups: list[Alts] = []
        for obj in alts:
            if isinstance(obj, Function) and obj.bound is None and obj.fact.owner == base.fact.index and obj.file is base.file:
                groups.append(bind(ev, obj, bound, cls, frame, at))
            else:
                groups.append((obj,))
        if stored := _class_stores(ev, base, name):
            groups.append(stored)
        if not groups:
            return alts
        joined = merge(groups)
        return mutations.with_changes(ev, joined, base.file, *(f"{prefix}.{name}" for prefix in ("self", "cls", base.fact.name)))
    return NOTHING


def _class_stores(ev: Evaluator, cls: Cls, name: str) -> Alts:
    """Return what is stored as `cls.name = ...` or `Class.name = ...`, which may be made from itself: `Class.name += "b"`."""
    table, key = ev.cache("class stores"), (id(cls.fact), name)
    kept = table.get(key)
    if kept is not None:
        ev.rests(kept[1])
        return kept[0]  # type: ignore[no-any-return]
    return ev.cell(("class stores", *key), partial(_stored_on_class, ev, cls, name), table, key, cls.file.frame(0), cls.fact.at)


def _stored_on_class(ev: Evaluator, cls: Cls, name: str) -> Alts:
    groups: list[Alts] = []
    for owner, store in imports.attribute_stores(cls.file, name):
        fact = cls.file.facts.functions[owner]
        path = imports.dotted(fact.defs, store.base)
        first = fact.params[0].name if fact.params and fact.owner == cls.fact.index else ""
        if path == cls.fact.name or (path is not None and path == first and flag(fact, "classmethod")):
            groups.append(ev.eval(store.value, cls.file.frame(owner)))
    return merge(groups) if groups else NOTHING


def _of_library(ev: Evaluator, base: Ext, name: str, frame: Frame, at: At) -> Alts:
    path = ev.library.canonical(f"{base.path}.{name}")
    if ev.library.row(path) is None and ev.library.row(path + "()") is None and not _has_prefix(ev, path):
        return NOTHING
    return (Ext(path, extend(None, frame.place(at), "")),)


def _has_prefix(ev: Evaluator, path: str) -> bool:
    table = ev.cache("prefixes")
    known = table.get(path)
    if known is None:
        known = table[path] = any(row.startswith((path + ".", path + "[", path + "(")) for row in ev.library.rows)
    return bool(known)


def self_stores(ev: Evaluator, cls: Cls, name: str) -> list[tuple[FunctionFact, Store]]:
    """List what the methods of a class (not of its bases) store in one attribute of `self`."""
    table = ev.cache("self_stores")
    key = (id(cls.fact), name)
    found: list[tuple[FunctionFact, Store]] | None = table.get(key)
    if found is None:
        found = table[key] = []
        for owner, store in imports.attribute_stores(cls.file, name):
            fact = cls.file.facts.functions[owner]
            if fact.owner == cls.fact.index and fact.params and imports.dotted(fact.defs, store.base) == fact.params[0].name:
                found.append((fact, store))
    return found


def stored_names(cls: Cls) -> list[str]:
    """List the attributes that the methods of a class store on `self`, in order of the source."""
    names: dict[str, None] = {}
    for fact in list(cls.file.facts.functions):
        if fact.owner != cls.fact.index or not fact.params:
            continue
        first = fact.params[0].name
        names.update((s.name, None) for s in fact.stores if s.how == "attr" and imports.dotted(fact.defs, s.base) == first)
    return list(names)


def instance_attribute(ev: Evaluator, inst: Instance, name: str, frame: Frame, at: At) -> Alts:
    """Look an attribute up on an instance: what methods store, fields, then the class."""
    from cardlint.link import fields, validated

    if inst.sent is not None and name in fields.fields(ev, inst.cls):
        return validated.field(ev, inst.cls, name, inst.sent, frame, at)
    key = (id(inst.cls.fact), id(inst.made[0]) if inst.made else 0, inst.made[1] if inst.made else None, name)
    table = ev.cache("instance_attributes")
    kept = table.get(key)
    if kept is not None:
        ev.rests(kept[1])
        return kept[0]  # type: ignore[no-any-return]
    return ev.cell(("attribute", key), partial(_held, ev, inst, name, frame, at), table, key, frame, at, NO_VALUE)


def _held(ev: Evaluator, inst: Instance, name: str, frame: Frame, at: At) -> Alts:
    """Join what an attribute is given inside and outside of the methods of its class."""
    from cardlint.link import outside

    if inst.made is None:
        wide: Alts = (unknown(f"what `{inst.cls.fact.name}.{name}` holds is too wide to follow", guess=of_source(name)),)
        found = ev.within(PART_FUEL, partial(_instance_attribute, ev, inst, name, frame, at), wide, frame, at)
    else:
        found = _instance_attribute(ev, inst, name, frame, at)
    if found and all(isinstance(o, Value) for o in found):
        found = merge([found, outside.stored_outside(ev, name, inst.cls.fact.name, frame, inst.cls)])
    return mutations.filled_elsewhere(tuple(o for o in found if not _is_nothing(o)) or found)


def _is_nothing(obj: Obj) -> bool:
    return isinstance(obj, Value) and obj.cls is Class.EXACTLY and not obj.exact


def _instance_attribute(ev: Evaluator, inst: Instance, name: str, frame: Frame, at: At) -> Alts:
    found = _of_class(ev, inst, name, frame, at)
    if inst.made is not None or inst.sent is not None or not found or only_none(found) or is_abstract(found):
        return found
    overrides = _overrides(ev, inst.cls, name, frame, at)  # it may be an instance of a subclass
    return merge([found, *overrides]) if overrides else found


def _overrides(ev: Evaluator, cls: Cls, name: str, frame: Frame, at: At) -> list[Alts]:
    """List what subclasses put in place of an attribute or a method; where very many do, no single one of them is looked at."""
    if name.startswith("__") or len(ev.modules.mentioning(cls.file, cls.fact.name, "base")) > MAX_BASE_FILES:
        return []
    out: list[Alts] = []
    for sub in subclasses(ev, cls):
        if _own(sub, name):
            out.append(ev.class_attribute(sub, name, (Instance(sub, None),), frame, at))
        out.extend(ev.eval(store.value, sub.file.frame(fact.index)) for fact, store in self_stores(ev, sub, name))
        if len(out) > MAX_OVERRIDES:
            return []
    return [alts for alts in out if alts and not is_abstract(alts)]


def _of_class(ev: Evaluator, inst: Instance, name: str, frame: Frame, at: At) -> Alts:
    """Return what an attribute holds by the class that is known, or, where that says nothing, by those below it."""
    from cardlint.link import fields, outside

    groups: list[Alts] = []
    changed: list[tuple[FileState, str]] = []
    for base in mro(ev, inst.cls):
        if not isinstance(base, Cls):
            continue
        for fact, store in self_stores(ev, base, name):
            groups.append(
                ev.stepped(
                    ev.eval(store.value, method_frame(ev, inst, base, fact)),
                    base.file.frame(fact.index),
                    store.at,
                    f"stored in `self.{name}`",
                )
            )
            changed.append((base.file, f"{fact.params[0].name}.{name}"))
        if groups:
            break
    field = fields.field_value(ev, inst, name, frame) if not groups else NOTHING
    if field:
        return field
    if groups:
        result = merge(groups)
        in_class = ev.class_attribute(inst.cls, name, (inst,), frame, at)
        if in_class and all(isinstance(o, Value) for o in in_class) and not only_none(in_class):
            result = merge([result, in_class])
        if only_none(result) or not result:
            declared = fields.annotated(ev, inst.cls, name)
            result = merge([result, declared]) if declared else result
        for file, path in dict.fromkeys(changed):
            result = mutations.with_changes(ev, result, file, path)
        return result
    found = ev.class_attribute(inst.cls, name, (inst,), frame, at)
    if named_stores.setters(ev, inst.cls):
        set_by_name, open_ = named_stores.stored(ev, inst, name)
        if set_by_name:
            generated = any(isinstance(o, Ext) and o.path.rpartition(".")[2].rstrip("()") in fields.FIELD_CALLS for o in found)
            return set_by_name if generated or not found or only_none(found) else merge([set_by_name, found])
        if open_ and found and all(isinstance(o, Value) for o in found):
            return merge([found, (unknown(f"`{name}` is set by a computed name in `{inst.cls.fact.name}`"),)])
    if found and not (only_none(found) or is_abstract(found)):
        return found
    if inst.made is None:
        deeper = below(ev, inst.cls, name, True, frame, at)
        if deeper:
            return merge([g for g in (found, deeper) if not is_abstract(g)] or [found])
        for sub in subclasses(ev, inst.cls):
            for fact, store in self_stores(ev, sub, name):
                groups.append(ev.eval(store.value, sub.file.frame(fact.index)))
        if groups:
            return merge([*groups, found] if found else groups)
    declared = fields.annotated(ev, inst.cls, name)
    if declared:
        return declared
    return found or outside.stored_outside(ev, name, inst.cls.fact.name, frame, inst.cls)


def below(ev: Evaluator, cls: Cls, name: str, bound: bool | None, frame: Frame, at: At) -> Alts:
    """Join what the subclasses of a class define under a name, on instances when `bound`."""
    groups = [
        ev.class_attribute(sub, name, (Instance(sub, None),) if bound else None, frame, at)
        for sub in subclasses(ev, cls)
        if _own(sub, name)
    ]
    groups = [g for g in groups if not is_abstract(g)]
    return merge(groups) if groups else NOTHING


def _own(cls: Cls, name: str) -> bool:
    return name in cls.file.facts.functions[cls.fact.body].exits


def only_none(alts: Alts) -> bool:
    """Tell whether nothing but None is there: a place that somebody fills."""
    return bool(alts) and all(isinstance(o, Value) and o.cls is Class.EXACTLY and o.exact == (None,) for o in alts)


def is_abstract(alts: Alts) -> bool:
    """Tell whether only functions are there that are abstract or do nothing but raise."""
    for obj in alts:
        if isinstance(obj, Ext) and obj.path in ("abc.abstractproperty", "abc.abstractproperty()", "builtins.NotImplemented"):
            continue
        if not isinstance(obj, Function):
            return False
        if not (flag(obj.fact, "abstractmethod") or (not obj.fact.returns and not obj.fact.yields)):
            return False
    return bool(alts)


def method_frame(ev: Evaluator, inst: Instance, base: Cls, fact: FunctionFact) -> Frame:
    """Return the frame in which a method of an instance runs: bound to its constructor call for `__init__`."""
    if inst.made is not None and fact.name == "__init__":
        from cardlint.link import calls

        call, caller = inst.made
        init = Function(base.file, fact, (inst,), None)
        if base is inst.cls or base == inst.cls or not _own(inst.cls, "__init__"):
            frame = calls.bound_frame(ev, init, call, caller)
            if frame is not None:
                return frame
    return base.file.frame(fact.index)


def super_attribute(ev: Evaluator, obj: Obj, name: str, frame: Frame, at: At) -> Alts:
    """Look a name up behind the class that says `super()`."""
    from cardlint.link.objects import Super

    assert isinstance(obj, Super)
    start = obj.cls
    for bound in obj.bound:
        if isinstance(bound, Instance) and start in mro(ev, bound.cls):
            return ev.class_attribute(bound.cls, name, obj.bound, frame, at, skip=start)
    return ev.class_attribute(start, name, obj.bound, frame, at, skip=start)


def subclasses(ev: Evaluator, cls: Cls) -> list[Cls]:
    """List the classes of the tree that inherit from a class, found in the files that mention its name."""
    table = ev.cache("subclasses")
    found = table.get(id(cls.fact))
    if found is None:
        found = table[id(cls.fact)] = []
        with ev.pending(table, id(cls.fact)):
            for path in ev.modules.mentioning(cls.file, cls.fact.name, "base"):
                state = ev.modules.state(path)
                if state is None:
                    continue
                state.facts.reveal(INNER_CLASS)
                for fact in state.facts.classes:
                    if fact is cls.fact or not fact.bases:
                        continue
                    candidate = Cls(state, fact)
                    if cls in mro(ev, candidate)[1:] and len(found) < MAX_SUBCLASSES:
                        found.append(candidate)
            for direct in list(found):
                for deeper in subclasses(ev, direct):
                    if deeper not in found and len(found) < MAX_SUBCLASSES:
                        found.append(deeper)
    return found


def subclass_names(ev: Evaluator, cls: Cls) -> list[str]:
    """List the names an instance's class can have."""
    return [cls.fact.name, *(c.fact.name for c in subclasses(ev, cls))]


def called(file: FileState, fact: FunctionFact) -> str:
    """Return what callers write: the class for a constructor, `Class.method` for a method, the name for anything else."""
    if fact.owner < 0:
        return fact.name
    owner = file.facts.classes[fact.owner].name
    return owner if fact.name in ("__init__", "__new__") else f"{owner}.{fact.name}"


def owner_of(file: FileState, fact: FunctionFact) -> Cls | None:
    """Return the class a function is a method of."""
    return Cls(file, file.facts.classes[fact.owner]) if fact.owner >= 0 else None
