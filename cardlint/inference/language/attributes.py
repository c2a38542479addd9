"""Attributes: of modules, classes, instances, enums, libraries, scalars and metrics."""

from __future__ import annotations

import collections
import string

from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.constant_limits import LONG_PATH
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import (
    BOTTOM,
    AttributeBag,
    ClassObject,
    EnumMember,
    Function,
    Instance,
    LibraryPath,
    Method,
    Module,
    Namespace,
    Object,
    Objects,
    Package,
    Partial,
    Super,
    TypeExpr,
    TypeOfObject,
)
from cardlint.inference.domain.text_methods import CLASS_NAMES, REWRITING, TEXT_METHODS, TEXT_PRESERVING_METHODS, TYPED_DICTS, WHOLE
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import Bound, ValueSet, adds_nothing, bounded, derived, exactly, unknown
from cardlint.inference.heuristics import source_names
from cardlint.inference.heuristics.source_names import identity_by_name, is_judged, source_guess
from cardlint.inference.language import class_attributes, columns, declared_data, external_stores, field_declarations, names, type_hints
from cardlint.inference.limits import MAX_PATH
from cardlint.inference.primitives import class_graph, enums
from cardlint.ir.terms import AnyTerm, Attr, Call, Item, Param
from cardlint.knowledge.handing import FILLED_LATER
from cardlint.knowledge.structuring import DOCUMENTS, MAPPINGS, MIXED_IN, OF_DOCUMENTS

ENUM_MAPS = frozenset({"__members__", "_member_map_", "_value2member_map_"})

CONTAINER_METHODS = frozenset(
    name
    for kind in (tuple, set, frozenset, collections.OrderedDict, collections.defaultdict, collections.deque, collections.Counter)
    for name in dir(kind)
) | {"getall", "getlist", "getone", "get", "get_nowait", "put", "put_nowait"}
"""Attributes of containers that are neither those of a dictionary nor of a list."""


def attribute(ev: Evaluator, term: Attr, frame: Frame) -> Objects:
    """Evaluate `base.name`."""
    base = ev.eval(term.base, frame)
    if term.name == "__class__":
        return join_objects(
            [ev.attribute(obj, term, frame) if isinstance(obj, (Module, Package)) else (TypeOfObject((obj,)),) for obj in base]
        )
    if len(base) == 1:
        return ev.attribute(base[0], term, frame)
    return join_objects([ev.attribute(obj, term, frame) for obj in base]) if base else BOTTOM


def of_instance(ev: Evaluator, obj: Instance, term: Attr, frame: Frame) -> Objects:
    """Return an attribute of an instance of an analysed class."""
    name = term.name
    found = class_attributes.instance_attribute(ev, obj, name, frame, term.at)
    if found:
        return source_names.by_its_name(found, term, frame) if source_names.is_undecided(found) else found
    if name in ("get", "pop") and any(p in TYPED_DICTS for p in class_graph.external_bases(ev, obj.cls)):
        return (Method(obj, name),)
    if field_declarations.is_record(ev, obj, name) or declared_data.is_loading(ev, obj, name):
        return (Method(obj, name),)
    if name in MIXED_IN and MAPPINGS.intersection(class_graph.external_bases(ev, obj.cls)):
        return (Method(obj, name),)
    if name == "request" and (answered := ev.frameworks.request_of(ev, obj, frame)):
        return answered
    return (_unknown_attribute(f"`{obj.cls.ir.name}.{name}` is not set in the analysed files", term, frame),)


def of_library(ev: Evaluator, obj: LibraryPath, term: Attr, frame: Frame) -> Objects:
    """Return an attribute of an object of a library. What is parsed from JSON is made of dictionaries, lists, texts and numbers."""
    if obj.path.startswith(DOCUMENTS) and term.name not in OF_DOCUMENTS:
        return (_unknown_attribute(f"what is parsed has no attribute `{term.name}`", term, frame),)
    return external(ev, obj, f".{term.name}", term, frame)


def of_module(ev: Evaluator, obj: Module, term: Attr, frame: Frame) -> Objects:
    """Return the value of a name of an analysed module."""
    name = term.name
    if name == "__name__":
        return (exactly((obj.file.module,)),)
    if name == "__dict__":
        return (Namespace(obj.file),)
    return names.module_name(ev, obj.file, name) or (unknown(f"`{name}` is not in module `{obj.file.module}`"),)


def of_package(ev: Evaluator, obj: Package, term: Attr, frame: Frame) -> Objects:
    """Return a part of a folder that holds modules."""
    return names.part_of(ev, obj, term.name)


def of_class(ev: Evaluator, obj: ClassObject, term: Attr, frame: Frame) -> Objects:
    """Return an attribute of an analysed class."""
    name = term.name
    if name in CLASS_NAMES:
        return (exactly((obj.ir.name,)),)
    if name in ENUM_MAPS and class_graph.is_enum(ev, obj):
        return (enums.member_map(ev, obj, name),)
    if name in enums.VALUES and enums.is_choices(ev, obj):
        return enums.listed(ev, obj, name) or (
            _unknown_attribute(f"`{obj.ir.name}.{name}` may have more values than its members", term, frame),
        )
    found = ev.class_attribute(obj, name, None, frame, term.at)
    if _may_be_subclass(term.base, frame):
        found = class_attributes.of_class_or_below(ev, obj, found, name, frame, term.at)
    if class_graph.is_abstract(found):
        found = class_attributes.below(ev, obj, name, None, frame, term.at) or found
    if not found and field_declarations.is_maker(obj, name):
        return (Method(obj, name),)
    return found or (_unknown_attribute(f"`{obj.ir.name}.{name}` is not set in the analysed files", term, frame),)


def _may_be_subclass(base: AnyTerm, frame: Frame) -> bool:
    """Tell whether a class is that of a `cls` or a `self` which may be of a subclass: `cls.x`, `type(self).x`, `self.__class__.x`."""
    base = terms.without_tests(base, frame)
    if isinstance(base, Param):
        first = frame.ir.params[0] if frame.ir.params and terms.flag(frame.ir, "classmethod") else None
        return first is not None and base.name == first.name and frame.bindings is None and frame.receiver is None
    return (isinstance(base, Attr) and base.name == "__class__") or (isinstance(base, Call) and len(base.args) == 1)


def of_member(ev: Evaluator, obj: EnumMember, term: Attr, frame: Frame) -> Objects:
    """Return an attribute of a member of an Enum."""
    return enums.member_attribute(ev, obj, term.name, frame, term.at)


def of_function(ev: Evaluator, obj: Function, term: Attr, frame: Frame) -> Objects:
    """Return an attribute of an analysed function."""
    if term.name in CLASS_NAMES:
        return (exactly((obj.ir.name,)),)
    if term.name == "__module__":
        return (derived(1, "the name of a module", obj.file.path),)
    return (Method(obj, term.name),)


def of_super(ev: Evaluator, obj: Super, term: Attr, frame: Frame) -> Objects:
    """Return an attribute of `super()`."""
    found = class_attributes.super_attribute(ev, obj, term.name, frame, term.at)
    return found or (unknown(f"`super().{term.name}` is not in the analysed files"),)


def of_sequence(ev: Evaluator, obj: Sequence, term: Attr, frame: Frame) -> Objects:
    """Return an attribute of a sequence: a part of a named tuple, or a method."""
    if obj.attributes is not None:
        return _named_part(ev, obj, obj.attributes, term, frame)
    if not hasattr(list, term.name) and term.name not in CONTAINER_METHODS:
        return BOTTOM  # it has no such attribute: another alternative of the base has it
    return (Method(obj, term.name),)


def of_mapping(ev: Evaluator, obj: Mapping, term: Attr, frame: Frame) -> Objects:
    """Return a method of a dictionary."""
    if not hasattr(dict, term.name) and term.name not in CONTAINER_METHODS:
        return BOTTOM
    return (Method(obj, term.name),)


def method_of(ev: Evaluator, obj: Object, term: Attr, frame: Frame) -> Objects:
    """Return a method of an object whose attributes are all methods."""
    return (Method(obj, term.name),)


def of_partial(ev: Evaluator, obj: Partial, term: Attr, frame: Frame) -> Objects:
    """Return an attribute of a partial object."""
    return obj.func if term.name == "func" else of_anything(ev, obj, term, frame)


def of_record(ev: Evaluator, obj: AttributeBag, term: Attr, frame: Frame) -> Objects:
    """Return an attribute of an object with only some known attributes."""
    if term.name in obj.attributes:
        known = obj.attributes[term.name]
        return join_objects([known, external_stores.stored_on_records(ev, term.name, frame)]) if obj.changeable else known
    return external_stores.open_store(ev, term, frame) or (unknown(f"attribute `{term.name}` of a record"),)


def of_hint(ev: Evaluator, obj: TypeExpr, term: Attr, frame: Frame) -> Objects:
    """Return an attribute of a type expression."""
    if term.name != "__args__":
        return of_anything(ev, obj, term, frame)
    return type_hints.arguments(ev, (obj,)) or (unknown("the arguments of an unknown type"),)


def of_method(ev: Evaluator, obj: Method, term: Attr, frame: Frame) -> Objects:
    """Return an attribute of a method that is not called."""
    return (exactly((obj.name,)),) if term.name in CLASS_NAMES else of_anything(ev, obj, term, frame)


def of_anything(ev: Evaluator, obj: Object, term: Attr, frame: Frame) -> Objects:
    """Return an attribute of an object without known attributes."""
    return (unknown(f"attribute `{term.name}` of an unknown object"),)


KNOWN_PATHS = ("pathlib.Path(fixed)", "pathlib.Path(input)")
"""Paths of which more is known than that they are paths: fixed for the deployment, or made of what a client chose."""
ALPHABETS = {f"string.{name}": value for name, value in vars(string).items() if isinstance(value, str) and not name.startswith("_")}
"""Constants of the module `string`."""


def external(ev: Evaluator, obj: LibraryPath, access: str, term: Attr | object, frame: Frame) -> Objects:
    """Return the result of an access to an object of a library; this access is the origin of the value."""
    library = ev.library
    if len(obj.path) + len(access) > MAX_PATH:
        return (unknown(LONG_PATH, guess=obj.guess),)
    held = library.onward(obj.path)
    if held in KNOWN_PATHS and not (library.own(held + access) or library.own(f"{held}{access}()")):
        held = "pathlib.Path"  # nothing more is said of it
    path = library.canonical(held + access)
    if path in ALPHABETS:
        return (exactly((ALPHABETS[path],)),)
    at = term.at  # type: ignore[union-attr]
    row = library.row(path)
    if row is not None and row.how == "same" and not row.cls:
        return (obj,)
    if row is not None and row.kind == "raw-path" and access == ".path" and (count := ev.frameworks.paths_of(ev, frame)):
        return (bounded(count, "the path of a route without parameters"),)
    if row is None and access[1:] in OF_DATES:
        return (Method(unknown("an object of a library that has a date"), access[1:]),)
    if row is None and access[1:] in CLASS_NAMES:
        return (bounded(50, "name of a class or function"),)
    if row is None and access.startswith("."):
        stored = external_stores.stored_outside(ev, access[1:], obj.path, frame)
        if not stored and obj.path in FILLED_LATER and isinstance(term, Attr):
            stored = external_stores.open_store(ev, term, frame)
        if stored:
            return stored
        if isinstance(term, Attr) and not library.has_below(path):
            named = identity_by_name(term, frame)
            if named is not None and not _is_of_class(path.rpartition(".")[0], term, frame):
                return (named,)
    guess = source_guess(term, frame) if row is None and isinstance(term, (Attr, Item)) else None
    if row is None and library.is_likely(path) and not library.has_below(path):
        return (unknown(f"nothing is known about `{access[1:]}` of an object that is recognised by its name alone", guess=guess),)
    if access[1:] in TEXT_PRESERVING_METHODS:
        guess = obj.guess
    whole = access[1:] in WHOLE or (access[0] == "[" and access not in ("[]", "[*]"))
    return columns.reached(ev, LibraryPath(path, append_step(None, frame.place(at), ""), guess, obj.table, obj.once if whole else None))


def _is_of_class(holder: str, term: Attr, frame: Frame) -> bool:
    """Tell whether an attribute is one of a class and not of an instance: the class is written there by its own name."""
    name = holder.rpartition(".")[2]
    return name[:1].isupper() and terms.last_name(term.base, frame) in ("", name)


def of_type_of(ev: Evaluator, obj: TypeOfObject, term: Attr, frame: Frame) -> Objects:
    """Return an attribute of `type(x)`: mostly its name."""
    if term.name not in CLASS_NAMES and term.name != "__module__":
        return join_objects([ev.attribute(_class_of(o), term, frame) for o in obj.of]) if obj.of else BOTTOM
    groups: list[Objects] = []
    for inner in obj.of:
        if isinstance(inner, Instance) and inner.site is not None:
            groups.append((exactly((inner.cls.ir.name,)),))
        elif isinstance(inner, Instance):
            names = class_graph.subclass_names(ev, inner.cls)
            groups.append((bounded(max(1, len(names)), f"class name: {inner.cls.ir.name} or a subclass"),))
        elif isinstance(inner, ValueSet) and inner.bound is Bound.EXACTLY:
            groups.append((exactly(type(v).__name__ for v in inner.exact),))
        else:
            groups.append((bounded(30, "class name"),))
    return join_objects(groups) if groups else (bounded(30, "class name"),)


def _named_part(ev: Evaluator, obj: Sequence, attributes: dict[str, Lazy], term: Attr, frame: Frame) -> Objects:
    """Return an attribute of a named tuple; where it is undecided, its name is the hint."""
    held = attributes.get(term.name)
    if held is None:
        return (Method(obj, term.name),)
    alts = ev.force(held)
    if len(alts) == 1 and isinstance(alts[0], ValueSet) and alts[0].bound is Bound.UNKNOWN:
        return (_unknown_attribute(alts[0].why, term, frame, alts[0]),)
    return alts


def _class_of(obj: Object) -> Object:
    if isinstance(obj, Instance):
        return obj.cls
    if isinstance(obj, EnumMember):
        return obj.cls
    return obj if isinstance(obj, LibraryPath) else unknown("an attribute of an unknown class")


OF_DATES = frozenset({"strftime"})
"""Methods that only dates and times have (Python, datetime: strftime)."""
SCALAR_FIELDS = frozenset({"hex", "int", "urn", "real", "imag", "value", "name", "bytes", "fields", "text"})


def of_value(ev: Evaluator, obj: ValueSet, term: Attr, frame: Frame) -> Objects:
    """Return an attribute of a value of the lattice."""
    name = term.name
    if name in CLASS_NAMES:
        return (bounded(50, "name of a class or function"),)
    if name in TEXT_METHODS or name in OF_DATES:
        return (Method(obj, name),)
    obj = obj.spread()
    if obj.bound is Bound.UNBOUNDED and (name in REWRITING or not is_judged(obj)):
        # part of an unbounded value: unbounded as well, unless it is an unknown method
        return (obj,)
    if obj.bound is Bound.EXACTLY and all(v is None for v in obj.exact):
        return BOTTOM
    if obj.bound < Bound.UNKNOWN and name in SCALAR_FIELDS:
        return (obj,)
    if obj.bound < Bound.UNKNOWN:
        return (Method(obj, name),)
    said = _unknown_attribute(f"attribute `{name}` of an unknown value", term, frame, obj)
    if adds_nothing(obj) and said.bound is Bound.UNKNOWN:
        return (obj,)
    return (said.bound is Bound.UNKNOWN and external_stores.open_by_its_stores(ev, term, frame)) or (said,)


def _unknown_attribute(why: str, term: Attr, frame: Frame, base: ValueSet | None = None) -> ValueSet:
    named = identity_by_name(term, frame)
    if named is not None:
        return named
    return unknown(base.why if base is not None and base.bound is Bound.UNKNOWN else why, guess=source_guess(term, frame))
