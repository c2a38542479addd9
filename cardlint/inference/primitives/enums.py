"""Enums: their members, and the text of a member."""

from __future__ import annotations

from cardlint.common.numbers import capped
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping, Sequence, UnknownKey
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, ClassObject, EnumMember, LibraryPath, Method, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded, exactly
from cardlint.inference.primitives import class_graph
from cardlint.ir.terms import At, Scalar, Use
from cardlint.knowledge.structuring import CHOICE_ENUMS

TEXT_ENUMS = frozenset({"enum.StrEnum", "enum.IntEnum", "enum.IntFlag"}) | CHOICE_ENUMS
VALUES = frozenset({"names", "values", "labels", "choices"})
"""What a class of Django's choices lists of its members."""


def member_map(ev: Evaluator, cls: ClassObject, name: str) -> Mapping:
    """Return an Enum's table of members by name, or by value for `_value2member_map_`."""
    entries: list[tuple[Scalar | UnknownKey, Lazy]] = []
    for member in class_graph.members(ev, cls):
        held = Lazy(None, None, (EnumMember(cls, member),))
        if name == "_value2member_map_":
            values = member_value(ev, cls, member)
            entries.extend((v, held) for o in values if isinstance(o, ValueSet) for v in o.exact)
        else:
            entries.append((member, held))
    return Mapping(tuple(entries), False)


def member_value(ev: Evaluator, cls: ClassObject, name: str) -> Objects:
    """Evaluate the value of a member: `.value`."""
    alts = _written(ev, cls, name)
    if any(isinstance(o, LibraryPath) and o.path == "enum.auto()" for o in alts):
        lower = "enum.StrEnum" in class_graph.external_bases(ev, cls)
        return (exactly((name.lower() if lower else class_graph.members(ev, cls).index(name) + 1,)),)
    return _part(ev, alts, 0) if is_choices(ev, cls) else alts


def _written(ev: Evaluator, cls: ClassObject, name: str) -> Objects:
    """Evaluate the expression that a member is set to in the class."""
    for base in class_graph.mro(ev, cls):
        if isinstance(base, ClassObject):
            body = base.file.ir.functions[base.ir.body]
            if name in body.exits:
                index = body.exits[name]
                return ev.ref(Use(index, body.defs[index].at), base.file.frame(base.ir.body))
    return BOTTOM


def is_choices(ev: Evaluator, cls: ClassObject) -> bool:
    """Tell whether an Enum is one of Django's choices, whose members are written with a label."""
    return any(path in CHOICE_ENUMS for path in class_graph.external_bases(ev, cls))


def listed(ev: Evaluator, cls: ClassObject, what: str) -> Objects:
    """Return `names`, `values`, `labels` or `choices` of a class of Django's choices; `__empty__` adds one that is no member."""
    if any("__empty__" in base.file.ir.functions[base.ir.body].exits for base in class_graph.mro(ev, cls) if isinstance(base, ClassObject)):
        return BOTTOM
    return (Sequence("list", tuple(Lazy(None, None, _listed(ev, cls, name, what)) for name in class_graph.members(ev, cls))),)


def _listed(ev: Evaluator, cls: ClassObject, name: str, what: str) -> Objects:
    if what == "names":
        return (exactly((name,)),)
    value, label = member_value(ev, cls, name), _label(ev, cls, name)
    if what == "choices":
        return (Sequence("tuple", (Lazy(None, None, value), Lazy(None, None, label))),)
    return value if what == "values" else label


def _label(ev: Evaluator, cls: ClassObject, name: str) -> Objects:
    """Return the label of a member: Django makes one of the name where none is written."""
    written = _written(ev, cls, name)
    if any(isinstance(o, Sequence) for o in written):
        return _part(ev, written, 1)
    return (exactly((name.replace("_", " ").title(),)),)


def _part(ev: Evaluator, alts: Objects, index: int) -> Objects:
    """Return one part of a member that is written as value and label; what is no tuple is the value itself."""
    groups = [ev.force_all(o.items[index : index + 1]) if isinstance(o, Sequence) and len(o.items) == 2 else (o,) for o in alts]
    return join_objects(groups) if groups else BOTTOM


def equals_its_value(ev: Evaluator, cls: ClassObject) -> bool:
    """Tell whether members of an Enum are texts or numbers themselves, so that they are equal to their values."""
    bases = class_graph.external_bases(ev, cls)
    return any(base in TEXT_ENUMS or base in ("builtins.str", "builtins.int") for base in bases)


def as_operands(ev: Evaluator, alts: Objects) -> Objects:
    """Return what operators and methods of texts and numbers see of some objects.

    A member of a `(str, Enum)` is its value for them, whatever `str()` makes of it.
    """
    if not any(isinstance(obj, EnumMember) for obj in alts):
        return alts
    groups: list[Objects] = []
    for obj in alts:
        if isinstance(obj, EnumMember) and equals_its_value(ev, obj.cls) and _combined(ev, obj.cls) is None:
            names = [obj.name] if obj.name is not None else class_graph.members(ev, obj.cls)
            groups.extend(member_value(ev, obj.cls, name) or (obj,) for name in names)
        else:
            groups.append((obj,))
    return join_objects(groups) or alts


def member_attribute(ev: Evaluator, member: EnumMember, name: str, frame: Frame, at: At) -> Objects:
    """Return an attribute of a member of an Enum; `.name` and `.value` are bounded by the members."""
    names = [member.name] if member.name is not None else class_graph.members(ev, member.cls)
    if member.name is None and name in ("name", "_name_", "value", "_value_") and (sets := _combined(ev, member.cls)) is not None:
        return (sets,)
    if name in ("name", "_name_"):
        return (exactly(names),)
    if name in ("value", "_value_"):
        return join_objects([member_value(ev, member.cls, n) for n in names]) if names else BOTTOM
    if name == "label" and is_choices(ev, member.cls):
        return join_objects([_label(ev, member.cls, n) for n in names]) if names else BOTTOM
    if name in class_graph.members(ev, member.cls):
        return (EnumMember(member.cls, name),)
    found = ev.class_attribute(member.cls, name, (member,), frame, at)
    if found:
        return found
    return (Method(member, name),)


def member_text(ev: Evaluator, member: EnumMember) -> ValueSet:
    """Return the label texts of a member: its value for text and number enums, `Class.NAME` for the rest."""
    names = [member.name] if member.name is not None else class_graph.members(ev, member.cls)
    if member.name is None and (sets := _combined(ev, member.cls)) is not None:
        return sets
    if any(path in TEXT_ENUMS for path in class_graph.external_bases(ev, member.cls)):
        values = join_objects([member_value(ev, member.cls, n) for n in names])
        if len(values) == 1 and isinstance(values[0], ValueSet) and values[0].bound is Bound.EXACTLY:
            return values[0]
        return bounded(len(names), f"member of {member.cls.ir.name}")
    return exactly(f"{member.cls.ir.name}.{n}" for n in names)


FLAGS = frozenset({"enum.Flag", "enum.IntFlag"})


def _combined(ev: Evaluator, cls: ClassObject) -> ValueSet | None:
    """Return the combinations of the members of a Flag, None for another Enum."""
    if not any(path in FLAGS for path in class_graph.external_bases(ev, cls)):
        return None
    return bounded(capped(2 ** min(60, len(class_graph.members(ev, cls)))), f"flags of {cls.ir.name}")
