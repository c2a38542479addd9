"""Attributes: of modules, classes, instances, enums, libraries, scalars and metrics."""

from __future__ import annotations

import collections
from functools import partial
from typing import TYPE_CHECKING

from cardlint.facts.terms import Attr, Item
from cardlint.link import classes, enums, imports, limits, outside, records, validated
from cardlint.link.frames import Frame
from cardlint.link.names import identity_by_name, source_guess
from cardlint.link.objects import (
    NOTHING,
    Alts,
    Box,
    Cls,
    Ext,
    Function,
    Hint,
    Instance,
    Mapping,
    Member,
    Method,
    MetricObj,
    Module,
    Obj,
    Package,
    Partial,
    Record,
    Regex,
    Sequence,
    Super,
    Thunk,
    TypeOf,
    merge,
)
from cardlint.link.values import Cls as Class
from cardlint.link.values import Value, bounded, exactly, extend, unknown

if TYPE_CHECKING:
    from cardlint.link.evaluator import Evaluator

STORED_FUEL = 200
"""Steps that finding what others store on a module may take."""
ENUM_MAPS = frozenset({"__members__", "_member_map_", "_value2member_map_"})
TYPED_DICTS = frozenset({"typing.TypedDict", "typing_extensions.TypedDict"})
CLASS_NAMES = frozenset({"__name__", "__qualname__"})
CONTAINER_METHODS = frozenset(
    name
    for kind in (tuple, set, frozenset, collections.OrderedDict, collections.defaultdict, collections.deque, collections.Counter)
    for name in dir(kind)
) | {"getall", "getlist", "getone", "get", "get_nowait", "put", "put_nowait"}
"""Attributes of containers that neither a dictionary nor a list has."""
KEEPING = frozenset(
    {
        "lower",
        "upper",
        "strip",
        "lstrip",
        "rstrip",
        "casefold",
        "capitalize",
        "title",
        "translate",
        "encode",
        "decode",
        "removeprefix",
        "removesuffix",
    }
)
"""Methods of texts that rewrite each text and make no new set of them."""


def attribute(ev: Evaluator, term: Attr, frame: Frame) -> Alts:
    """Evaluate `base.name`."""
    base = ev.eval(term.base, frame)
    if len(base) == 1:
        return of(ev, base[0], term, frame)
    return merge([of(ev, obj, term, frame) for obj in base]) if base else NOTHING


def of(ev: Evaluator, obj: Obj, term: Attr, frame: Frame) -> Alts:
    """Return the attribute of one object."""
    name = term.name
    kind = type(obj)
    if name == "__class__" and kind not in (Module, Package):
        return (TypeOf((obj,)),)
    if kind is Instance:
        assert isinstance(obj, Instance)
        found = classes.instance_attribute(ev, obj, name, frame, term.at)
        if found:
            return found
        if name in ("get", "pop") and any(p in TYPED_DICTS for p in classes.external_bases(ev, obj.cls)):
            return (Method(obj, name),)
        if records.is_record(ev, obj, name):
            return (Method(obj, name),)
        return (_unknown_attribute(ev, f"`{obj.cls.fact.name}.{name}` is not set in the analysed files", term, frame),)
    if kind is Ext:
        assert isinstance(obj, Ext)
        return external(ev, obj, f".{name}", term, frame)
    if kind is Module:
        assert isinstance(obj, Module)
        if name == "__name__":
            return (exactly((obj.file.module,)),)
        found = imports.module_name(ev, obj.file, name)
        if not found or classes.only_none(found):
            stored = ev.aside(STORED_FUEL, partial(outside.stored_on_module, ev, name, obj.file, frame, term.at), NOTHING, frame, term.at)
            if found:  # a name that starts as None stands for anything; metrics are what is looked for
                stored = tuple(o for o in stored if isinstance(o, MetricObj))
            found = merge([found, stored])
        return found or (unknown(f"`{name}` is not in module `{obj.file.module}`"),)
    if kind is Package:
        assert isinstance(obj, Package)
        path = ev.modules.find(f"{obj.name}.{name}")
        state = ev.modules.state(path) if path is not None else None
        return (Module(state),) if state is not None else (Package(f"{obj.name}.{name}"),)
    if kind is Cls:
        assert isinstance(obj, Cls)
        if name in CLASS_NAMES:
            return (exactly((obj.fact.name,)),)
        if name in ENUM_MAPS and classes.is_enum(ev, obj):
            return (enums.member_map(ev, obj, name),)
        found = classes.class_attribute(ev, obj, name, None, frame, term.at)
        if classes.is_abstract(found):
            found = classes.below(ev, obj, name, None, frame, term.at) or found
        if not found and validated.is_maker(obj, name):
            return (Method(obj, name),)
        return found or (_unknown_attribute(ev, f"`{obj.fact.name}.{name}` is not set in the analysed files", term, frame),)
    if kind is Member:
        assert isinstance(obj, Member)
        return enums.member_attribute(ev, obj, name, frame, term.at)
    if kind is TypeOf:
        assert isinstance(obj, TypeOf)
        return _type_attribute(ev, obj, term, frame)
    if kind is Function:
        assert isinstance(obj, Function)
        if name in CLASS_NAMES:
            return (exactly((obj.fact.name,)),)
        if name == "__module__":
            return (bounded(1, "the name of a module"),)
        return (Method(obj, name),)
    if kind is Value:
        assert isinstance(obj, Value)
        return _scalar_attribute(ev, obj, term, frame)
    if kind is Super:
        assert isinstance(obj, Super)
        found = classes.super_attribute(ev, obj, name, frame, term.at)
        return found or (unknown(f"`super().{name}` is not in the analysed files"),)
    if isinstance(obj, Sequence) and obj.attributes is not None:
        return _named_part(ev, obj, obj.attributes, term, frame)
    if kind in (Mapping, Sequence) and not hasattr(dict if kind is Mapping else list, name) and name not in CONTAINER_METHODS:
        return NOTHING  # it has no such attribute: whoever asks has something else in hand
    if kind in (MetricObj, Mapping, Sequence):
        return (Method(obj, name),)
    if kind is Partial:
        assert isinstance(obj, Partial)
        if name == "func":
            return obj.func
    if kind is Record:
        assert isinstance(obj, Record)
        return obj.attributes[name] if name in obj.attributes else (unknown(f"attribute `{name}` of a field"),)
    if kind is Hint and name == "__args__":
        from cardlint.link import hints

        return hints.arguments(ev, (obj,)) or (unknown("the arguments of a type that is not known"),)
    if kind is Box:
        return (Method(obj, name),)
    if kind is Regex:
        from cardlint.link import matching

        assert isinstance(obj, Regex)
        return matching.attribute(ev, obj, term, frame)
    if kind is Method and name in CLASS_NAMES:
        assert isinstance(obj, Method)
        return (exactly((obj.name,)),)
    return (unknown(f"attribute `{name}` of something that is not known"),)


def external(ev: Evaluator, obj: Ext, access: str, term: Attr | object, frame: Frame) -> Alts:
    """Return what an access to something of a library gives; the value is born at this access."""
    library = ev.library
    if len(obj.path) + len(access) > limits.MAX_PATH:
        return (unknown(limits.LONG_PATH, guess=obj.guess),)
    path = library.canonical(library.onward(obj.path) + access)
    at = term.at  # type: ignore[union-attr]
    row = library.row(path)
    if row is not None and row.how == "same" and not row.cls:
        return (obj,)
    if row is None and access[1:] in CLASS_NAMES:
        return (bounded(50, "name of a class or function"),)
    if row is None and access.startswith("."):
        stored = outside.stored_outside(ev, access[1:], obj.path, frame)
        if stored:
            return stored
        if isinstance(term, Attr):
            named = identity_by_name(ev, term, frame)
            if named is not None and not path.rpartition(".")[0].rpartition(".")[2][:1].isupper():
                return (named,)
    guess = source_guess(term, frame) if row is None and isinstance(term, (Attr, Item)) else None
    if access[1:] in KEEPING:
        guess = obj.guess
    return (Ext(path, extend(None, frame.place(at), ""), guess),)


def _type_attribute(ev: Evaluator, obj: TypeOf, term: Attr, frame: Frame) -> Alts:
    if term.name not in CLASS_NAMES and term.name != "__module__":
        return merge([of(ev, _class_of(o), term, frame) for o in obj.of]) if obj.of else NOTHING
    groups: list[Alts] = []
    for inner in obj.of:
        if isinstance(inner, Instance) and inner.made is not None:
            groups.append((exactly((inner.cls.fact.name,)),))
        elif isinstance(inner, Instance):
            names = classes.subclass_names(ev, inner.cls)
            groups.append((bounded(max(1, len(names)), f"class name: {inner.cls.fact.name} or a subclass"),))
        elif isinstance(inner, Value) and inner.cls is Class.EXACTLY:
            groups.append((exactly(type(v).__name__ for v in inner.exact),))
        else:
            groups.append((bounded(30, "class name"),))
    return merge(groups) if groups else (bounded(30, "class name"),)


def _named_part(ev: Evaluator, obj: Sequence, attributes: dict[str, Thunk], term: Attr, frame: Frame) -> Alts:
    """Return an attribute of a named tuple; where it is undecided, its name speaks for it."""
    held = attributes.get(term.name)
    if held is None:
        return (Method(obj, term.name),)
    alts = ev.force(held)
    if len(alts) == 1 and isinstance(alts[0], Value) and alts[0].cls is Class.UNKNOWN:
        return (_unknown_attribute(ev, alts[0].why, term, frame, alts[0]),)
    return alts


def _class_of(obj: Obj) -> Obj:
    if isinstance(obj, Instance):
        return obj.cls
    if isinstance(obj, Member):
        return obj.cls
    return obj if isinstance(obj, Ext) else unknown("attribute of a class that is not known")


SCALAR_FIELDS = frozenset({"hex", "int", "urn", "real", "imag", "value", "name", "bytes", "fields", "text"})


def _scalar_attribute(ev: Evaluator, obj: Value, term: Attr, frame: Frame) -> Alts:
    from cardlint.link.methods import TEXT_METHODS

    name = term.name
    if name in CLASS_NAMES:
        return (bounded(50, "name of a class or function"),)
    if name in TEXT_METHODS:
        return (Method(obj, name),)
    if obj.cls is Class.UNBOUNDED:
        # part of something that grows: grows as well, unless it is a method that nobody knows
        return (obj,)
    if obj.cls is Class.EXACTLY and all(v is None for v in obj.exact):
        return NOTHING
    if obj.cls < Class.UNKNOWN and name in SCALAR_FIELDS:
        return (obj,)
    if obj.cls < Class.UNKNOWN:
        return (Method(obj, name),)
    return (_unknown_attribute(ev, f"attribute `{name}` of a value that is not known", term, frame, obj),)


def _unknown_attribute(ev: Evaluator, why: str, term: Attr, frame: Frame, base: Value | None = None) -> Value:
    named = identity_by_name(ev, term, frame)
    if named is not None:
        return named
    return unknown(base.why if base is not None and base.cls is Class.UNKNOWN else why, guess=source_guess(term, frame))
