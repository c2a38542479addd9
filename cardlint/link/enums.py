"""Enums: their members, and what the text of one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.facts.terms import At, Ref, Scalar
from cardlint.link import classes
from cardlint.link.frames import Frame
from cardlint.link.objects import NOTHING, Alts, AnyKey, Cls, Ext, Mapping, Member, Thunk, merge
from cardlint.link.values import Cls as Class
from cardlint.link.values import Value, bounded, exactly

if TYPE_CHECKING:
    from cardlint.link.protocol import Evaluator

TEXT_ENUMS = frozenset({"enum.StrEnum", "enum.IntEnum", "enum.IntFlag"})


def member_map(ev: Evaluator, cls: Cls, name: str) -> Mapping:
    """Return an Enum's table of members by name, or by value for `_value2member_map_`."""
    entries: list[tuple[Scalar | AnyKey, Thunk]] = []
    for member in classes.members(ev, cls):
        held = Thunk(None, None, (Member(cls, member),))
        if name == "_value2member_map_":
            values = member_value(ev, cls, member)
            entries.extend((v, held) for o in values if isinstance(o, Value) for v in o.exact)
        else:
            entries.append((member, held))
    return Mapping(tuple(entries), False)


def member_value(ev: Evaluator, cls: Cls, name: str) -> Alts:
    """Evaluate what stands behind a member: `.value`."""
    for base in classes.mro(ev, cls):
        if isinstance(base, Cls):
            body = base.file.facts.functions[base.fact.body]
            if name in body.exits:
                index = body.exits[name]
                alts = ev.ref(Ref(index, body.defs[index].at), base.file.frame(base.fact.body))
                if any(isinstance(o, Ext) and o.path == "enum.auto()" for o in alts):
                    lower = "enum.StrEnum" in classes.external_bases(ev, cls)
                    return (exactly((name.lower() if lower else classes.members(ev, cls).index(name) + 1,)),)
                return alts
    return NOTHING


def member_attribute(ev: Evaluator, member: Member, name: str, frame: Frame, at: At) -> Alts:
    """Return an attribute of a member of an Enum; `.name` and `.value` are bounded by the members."""
    names = [member.name] if member.name is not None else classes.members(ev, member.cls)
    if name in ("name", "_name_"):
        return (exactly(names),)
    if name in ("value", "_value_"):
        return merge([member_value(ev, member.cls, n) for n in names]) if names else NOTHING
    if name in classes.members(ev, member.cls):
        return (Member(member.cls, name),)
    found = ev.class_attribute(member.cls, name, (member,), frame, at)
    if found:
        return found
    from cardlint.link.objects import Method

    return (Method(member, name),)


def member_text(ev: Evaluator, member: Member) -> Value:
    """Return the texts a member becomes as a label: its value for text and number enums, `Class.NAME` for the rest."""
    names = [member.name] if member.name is not None else classes.members(ev, member.cls)
    if any(path in TEXT_ENUMS for path in classes.external_bases(ev, member.cls)):
        values = merge([member_value(ev, member.cls, n) for n in names])
        if len(values) == 1 and isinstance(values[0], Value) and values[0].cls is Class.EXACTLY:
            return values[0]
        return bounded(len(names), f"member of {member.cls.fact.name}")
    return exactly(f"{member.cls.fact.name}.{n}" for n in names)
