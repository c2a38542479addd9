"""Fields: classes whose constructor is generated from annotations - dataclass, NamedTuple, pydantic, attrs, msgspec."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.facts.terms import AnyTerm, Attr, Call, Const, Item, Opaque, Outer, Ref, Star
from cardlint.link import calls, containers
from cardlint.link.classes import external_bases, mro
from cardlint.link.frames import Frame
from cardlint.link.guess import of_source
from cardlint.link.objects import NOTHING, Alts, Cls, Ext, Instance, Mapping, merge
from cardlint.link.values import Cls as Class
from cardlint.link.values import Value, exactly, unknown

if TYPE_CHECKING:
    from cardlint.link.evaluator import Evaluator

MAKERS = frozenset({"ib", "attrib", "field"})
"""Functions of attrs that make a field without an annotation: `attr.ib()`, `attrs.field()`."""
PARSED = frozenset(
    {
        "pydantic.BaseModel",
        "pydantic.main.BaseModel",
        "typing.TypedDict",
        "typing_extensions.TypedDict",
        "msgspec.Struct",
        "sqlmodel.SQLModel",
        "pydantic_settings.BaseSettings",
    }
)
"""Bases whose instances are usually made from data: their constructor calls are not all there is."""
FACTORIES = ("default_factory", "factory")


def fields(ev: Evaluator, cls: Cls) -> dict[str, Cls]:
    """List the annotated fields of a class in the order of its generated constructor, with the class declaring each."""
    table = ev.cache("fields")
    found: dict[str, Cls] | None = table.get(id(cls.fact))
    if found is None:
        found = {}
        for base in reversed(mro(ev, cls)):
            if isinstance(base, Cls):
                for name in _own_fields(ev, base):
                    found.setdefault(name, base)
        table[id(cls.fact)] = found
    return found


def _own_fields(ev: Evaluator, cls: Cls) -> list[str]:
    """List the fields that a class declares itself, those made by functions of attrs last."""
    table = ev.cache("own_fields")
    found: list[str] | None = table.get(id(cls.fact))
    if found is None:
        body = cls.file.facts.functions[cls.fact.body]
        found = table[id(cls.fact)] = [
            name for name, term in body.annotations.items() if "." not in name and not (isinstance(term, Attr) and term.name == "ClassVar")
        ]
        for name, index in body.exits.items():
            term = _behind(body.defs[index].term, cls.file.frame(cls.fact.body))
            if isinstance(term, Call) and name not in body.annotations and isinstance(term.func, Attr) and term.func.name in MAKERS:
                found.append(name)
    return found


def has_generated_init(ev: Evaluator, cls: Cls) -> bool:
    """Tell whether the constructor is generated from fields: dataclass, NamedTuple, pydantic, attrs, msgspec."""
    if not fields(ev, cls):
        return False
    own = [b for b in mro(ev, cls) if isinstance(b, Cls) and "__init__" in b.fact.methods]
    if own and any(path in PARSED for path in external_bases(ev, cls)):
        return all(_hands_on(b) for b in own)
    return not own


def _hands_on(cls: Cls) -> bool:
    """Tell whether a class's own constructor takes `**` and so may give any field to the generated one."""
    functions = cls.file.facts.functions
    return any(f.owner == cls.fact.index and f.name == "__init__" and any(p.kind == "dstar" for p in f.params) for f in functions)


def field_value(ev: Evaluator, inst: Instance, name: str, frame: Frame) -> Alts:
    """Return the value of a field: the constructor's argument, or its default. Open instances join all constructor calls."""
    if not has_generated_init(ev, inst.cls):
        return NOTHING
    if name not in fields(ev, inst.cls):
        return NOTHING
    if inst.made is None:
        from cardlint.link import callers

        groups = [_field_of_call(ev, inst.cls, name, s.call, s.frame) for s in callers.constructions(ev, inst.cls)]
        groups = [g for g in groups if g]
        if not groups:
            return annotated(ev, inst.cls, name)
        if any(path in PARSED for path in external_bases(ev, inst.cls)):
            groups.append(
                (
                    unknown(
                        f"a `{inst.cls.fact.name}` can also be parsed from input, which then decides what `{name}` is",
                        guess=of_source(name, inst.cls.fact.name),
                    ),
                )
            )
        return merge(groups)
    return _field_of_call(ev, inst.cls, name, *inst.made)


def _field_of_call(ev: Evaluator, cls: Cls, name: str, call: Call, frame: Frame) -> Alts:
    for keyword, term in call.kwargs:
        if keyword in (name, name.lstrip("_")):  # attrs strips the underscores of private fields
            return ev.stepped(ev.eval(term, frame), frame, term.at, f"given to field `{name}` of `{cls.fact.name}`")
    position = list(fields(ev, cls)).index(name) if call.args else 0
    if position < len(call.args) and not any(isinstance(a, Star) for a in call.args[: position + 1]):
        term = call.args[position]
        return ev.stepped(ev.eval(term, frame), frame, term.at, f"given to field `{name}` of `{cls.fact.name}`")
    loose: list[Alts] = []
    for keyword, term in reversed(call.kwargs):  # of two dictionaries the last one wins
        if keyword == "":
            given = ev.eval(term, frame)
            found = containers.get(ev, given, exactly((name,)), frame, term.at)
            if found:
                return found
            sent = _sent(ev, cls, name, given, term, frame)
            if sent:
                return sent
            if any(not isinstance(o, Mapping) or o.open for o in given):
                loose.append((unknown(f"`{name}` may be in the `**` of this call", guess=of_source(name, cls.fact.name)),))
    if loose:
        return merge([*loose, _declared_default(ev, cls, name)])
    return _declared_default(ev, cls, name)


def _sent(ev: Evaluator, cls: Cls, name: str, given: Alts, term: AnyTerm, frame: Frame) -> Alts:
    """Return what a field holds of what somebody sent: `Event(**json.loads(body))`. NOTHING where that is not known."""
    from cardlint.link import validated

    key = Item(term, Const(name, term.at), term.at)
    groups: list[Alts] = []
    for obj in given:
        if isinstance(obj, (Ext, Value)):
            held = ev.scalar(containers.item_of(ev, obj, exactly((name,)), key, frame), frame, term.at)
            if held.cls not in (Class.UNKNOWN, Class.EXACTLY):
                groups.append(validated.field(ev, cls, name, held, frame, term.at))
    return merge(groups) if groups else NOTHING


def _declared_default(ev: Evaluator, cls: Cls, name: str) -> Alts:
    """Return what a field holds when the constructor is not given it."""
    owner = fields(ev, cls)[name]
    body = owner.file.facts.functions[owner.fact.body]
    if name in body.exits:
        index = body.exits[name]
        frame = owner.file.frame(owner.fact.body)
        made = _default(ev, body.defs[index].term, frame)
        if made is not None:
            return (
                merge([made, annotated(ev, cls, name)]) if made else annotated(ev, cls, name) or (unknown(f"field `{name}` is not given"),)
            )
        alts = ev.ref(Ref(index, body.defs[index].at), frame)
        if any(isinstance(o, Ext) for o in alts):
            return annotated(ev, cls, name) or (unknown(f"default of field `{name}`"),)
        return alts
    return annotated(ev, cls, name)


def defaults(ev: Evaluator, owner: Cls, name: str) -> dict[str, Alts]:
    """Return `default` and `default_factory` of a field as `dataclasses.fields()` shows them; a missing one is NOTHING."""
    body = owner.file.facts.functions[owner.fact.body]
    if name not in body.exits:
        return {"default": NOTHING, "default_factory": NOTHING}
    index = body.exits[name]
    frame = owner.file.frame(owner.fact.body)
    term = body.defs[index].term
    if _default(ev, term, frame) is None:
        return {"default": ev.ref(Ref(index, body.defs[index].at), frame), "default_factory": NOTHING}
    term = _behind(term, frame)
    assert isinstance(term, Call)
    given = dict(term.kwargs)
    factory = next((given[n] for n in FACTORIES if n in given), None)
    return {
        "default": ev.eval(given["default"], frame) if "default" in given else NOTHING,
        "default_factory": ev.eval(factory, frame) if factory is not None else NOTHING,
    }


def _behind(term: AnyTerm, frame: Frame) -> AnyTerm:
    """Return the term a name was last given."""
    while isinstance(term, Ref):
        term = frame.fact.defs[term.index].term
    return term


def _default(ev: Evaluator, term: AnyTerm, frame: Frame) -> Alts | None:
    """Evaluate what `field(default=...)`, `Field(...)` or `attr.ib(factory=...)` stands for; None for other terms."""
    term = _behind(term, frame)
    if not isinstance(term, Call) or not isinstance(term.func, (Attr, Outer, Ref)):
        return None
    if not any(isinstance(o, Ext) and o.path.rpartition(".")[2] in FIELD_CALLS for o in ev.eval(term.func, frame)):
        return None
    for name, value in term.kwargs:
        if name == "default":
            return ev.eval(value, frame)
        if name in FACTORIES:
            return calls.call(ev, frame.calling(value, (), term.at), frame)
    if term.args and not isinstance(term.args[0], Opaque):  # `Field(...)`: required
        return ev.eval(term.args[0], frame)
    return NOTHING


FIELD_CALLS = frozenset({"field", "Field", "ib", "attrib", "PrivateAttr"})


def annotated(ev: Evaluator, cls: Cls, name: str) -> Alts:
    """Return what the annotation of an attribute says, in the class body or on `self`."""
    from cardlint.link import hints

    found = annotation_of(ev, cls, name)
    return hints.instance_of(ev, *found) if found is not None else NOTHING


def annotation_of(ev: Evaluator, cls: Cls, name: str) -> tuple[AnyTerm, Frame] | None:
    """Return the annotation of an attribute with the frame it stands in; whoever asks for numbers needs it as it is written."""
    for base in mro(ev, cls):
        if not isinstance(base, Cls):
            continue
        body = base.file.facts.functions[base.fact.body]
        if name in body.annotations:
            return body.annotations[name], base.file.frame(base.fact.body)
        base.file.facts.reveal(name, "", re.compile(rf"\.{re.escape(name)}\s*:"))
        for fact in base.file.facts.functions:
            if (
                fact.reveal is None
                and fact.owner == base.fact.index
                and fact.params
                and (term := fact.annotations.get(f"{fact.params[0].name}.{name}")) is not None
            ):
                return term, base.file.frame(fact.index)
    return None
