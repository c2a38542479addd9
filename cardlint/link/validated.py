"""Objects that a library makes of data: `Event.model_validate(body)`, `Event(**body)`, `msgspec.json.decode(body, type=Event)`.

What arrives is copied field by field, so that a field holds what was sent, unless its type lets only few values through.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cardlint.facts.model import ParamFact
from cardlint.facts.terms import AnyTerm, At, Call, Const, Import, Ref
from cardlint.knowledge.structuring import DATA, OF_OBJECTS, OF_TEXTS, TOLD_ONCE, VALIDATORS
from cardlint.link import calls
from cardlint.link.frames import Frame
from cardlint.link.objects import NOTHING, Alts, Cls, Ext, Instance, Mapping, Obj, Partial, Record, Sequence, Thunk, merge
from cardlint.link.protocol import TransferArgs
from cardlint.link.values import Cls as Class
from cardlint.link.values import Value, unknown

if TYPE_CHECKING:
    from cardlint.link.protocol import Evaluator

BY_OBJECT = frozenset(OF_OBJECTS.split())
BY_TEXT = frozenset(OF_TEXTS.split())
GIVEN = frozenset(DATA.split())
VALIDATING = frozenset(VALIDATORS.split())


def is_maker(cls: Cls, name: str) -> bool:
    """Tell whether a class method that the tree does not define is one by which a library makes instances of data."""
    return name in BY_OBJECT | BY_TEXT and bool(cls.fact.bases or cls.fact.decorators)


def made(ev: Evaluator, cls: Cls, name: str, term: Call, frame: Frame) -> Alts:
    """Call such a class method."""
    data = calls.argument(term, 0) or next((value for key, value in term.kwargs if key in GIVEN), None)
    if data is None:  # `model_construct(name=...)` takes the fields themselves
        return (Instance(cls, (term, frame)),)
    return instance(ev, cls, data, name in BY_TEXT, term, frame)


def of_type(ev: Evaluator, wanted: AnyTerm, data: AnyTerm, text: bool, term: Call, frame: Frame) -> Alts:
    """Make what a function makes of data that is given the type: `msgspec.convert(data, Event)`.

    Of a type that is not known nothing is known: its fields may be of few values.
    """
    from cardlint.link import hints

    types = hints.instance_of(ev, wanted, frame, forward=True)
    groups: list[Alts] = []
    for obj in types:
        if isinstance(obj, Instance):
            groups.append(instance(ev, obj.cls, data, text, term, frame))
        elif isinstance(obj, Sequence):
            value = ev.scalar(_data(ev, data, text, term, frame), frame, term.at)
            groups.append(_nested(ev, obj, value) if value.cls is not Class.UNKNOWN else (obj,))
        else:
            groups.append((obj,))
    if groups:
        return merge(groups)
    if all(isinstance(obj, Ext) and obj.path.startswith(("builtins.", "typing.")) for obj in ev.eval(wanted, frame)):
        return _data(ev, data, text, term, frame)  # `dict`, `Any`: it is as open as what it is made of
    return (unknown("data is made into something of a type that is not known"),)


def typed(ev: Evaluator, args: TransferArgs) -> Alts:
    """Return the instance that a function makes of data: `msgspec.convert(data, Event)`, `msgspec.json.decode(text, type=Event)`."""
    data, wanted, keyword, *text = args.option.split(":")
    term, frame = args.term, args.frame
    given = calls.argument(term, int(data), "data")
    cls = calls.argument(term, int(wanted), keyword)
    if given is None:
        return NOTHING
    if cls is not None:
        return of_type(ev, cls, given, bool(text), term, frame)
    return ev.transfer("parsed", TransferArgs(term, frame)) if text else ev.eval(given, frame)


def _data(ev: Evaluator, data: AnyTerm, text: bool, term: Call, frame: Frame) -> Alts:
    """Evaluate the data, or what a text holds of it."""
    if not text:
        return ev.eval(data, frame)
    return ev.transfer("parsed", TransferArgs(frame.calling(Const(None, term.at), (data,), term.at), frame))


def _told_once(path: str, methods: str) -> Callable[[Evaluator, Call, Frame], Alts]:
    """Return how a class is called whose instances are told a type once, and make instances of it by their methods."""

    def make(ev: Evaluator, term: Call, frame: Frame) -> Alts:
        wanted = calls.argument(term, 0, "type")
        if wanted is None:
            return (unknown("data is made into what is not known"),)
        told = (frame.thunk(wanted),)
        return (Record({name: (Partial((Ext(f"{path}.{name}"),), told, ()),) for name in methods.split()}),)

    return make


MAKERS = {path: _told_once(path, methods) for path, methods in TOLD_ONCE}


def instance(ev: Evaluator, cls: Cls, data: AnyTerm, text: bool, term: Call, frame: Frame) -> Alts:
    """Return the instance of a class that is made of data, or of a text that holds it."""
    alts = _data(ev, data, text, term, frame)
    out: list[Obj] = []
    if any(isinstance(obj, (Mapping, Instance)) for obj in alts):
        out.append(Instance(cls, (_constructor(ev, cls, data, alts, term), frame)))
    rest = tuple(obj for obj in alts if not isinstance(obj, (Mapping, Instance)))
    if rest or not out:
        value = ev.scalar(rest, frame, term.at) if rest else None
        known = value is not None and value.cls not in (Class.UNKNOWN, Class.EXACTLY)
        out.append(Instance(cls, None, value.step(frame.place(term.at), f"a `{cls.fact.name}` is made of it") if value and known else None))
    return tuple(out)


def _constructor(ev: Evaluator, cls: Cls, data: AnyTerm, alts: Alts, term: Call) -> Call:
    """Return the call that stands for it: `Event(**data)`; it is the same every time, as results are kept by identity."""
    table: dict[object, Call] = ev.cache("replaced")
    key = (id(term), id(cls.fact), "validated")
    if key not in table:
        if any(isinstance(obj, Instance) for obj in alts):
            data = Call(Import("dataclasses", "asdict", term.at), (data,), (), term.at)
        table[key] = Call(term.func, (), (("", data),), term.at)
    return table[key]


def field(ev: Evaluator, cls: Cls, name: str, sent: Value, frame: Frame, at: At) -> Alts:
    """Return what a field holds of an object that was made of what somebody sent: what its type lets through."""
    from cardlint.link import fields, hints, routes

    annotation = fields.annotation_of(ev, cls, name)
    declared = hints.instance_of(ev, *annotation, forward=True) if annotation is not None else NOTHING
    if routes.is_closed(declared):
        return declared
    checked = _constrained(ev, cls, name, sent)
    if checked is not None:
        return checked
    inner = [part for obj in declared for part in _nested(ev, obj, sent)]
    return tuple(inner) or (sent.step(frame.place(at), f"field `{name}` of `{cls.fact.name}` is read here"),)


def _constrained(ev: Evaluator, cls: Cls, name: str, sent: Value) -> Alts | None:
    """Return what the constraints of a field, or the validators that the class has for it, let through; None where that is still open."""
    from cardlint.link import fields, routes

    owner = fields.fields(ev, cls).get(name, cls)
    body = owner.file.facts.functions[owner.fact.body]
    frame = owner.file.frame(owner.fact.body)
    default = Ref(body.exits[name], owner.fact.at) if name in body.exits else None
    found = routes.constrained(ev, ParamFact(name, "both", default, body.annotations.get(name), owner.fact.at), frame)
    if found is not None:
        return found
    for fact in owner.file.facts.functions:
        if fact.owner != owner.fact.index or len(fact.params) < 2 or not any(_validates(d, name, frame) for d in fact.decorators):
            continue
        given = {fact.params[1].name: Thunk(None, None, (sent,))}
        made = Frame(owner.file, fact, given, owner.file.frame(fact.parent), None, 1)
        let_through = calls.returned(ev, fact, made)
        if routes.is_closed(let_through):
            return let_through
    return None


def _validates(decorator: AnyTerm, name: str, frame: Frame) -> bool:
    """Tell whether a decorator says that its method validates a field: `@field_validator("color")`."""
    term = frame.fact.defs[decorator.index].term if isinstance(decorator, Ref) else decorator
    return (
        isinstance(term, Call)
        and getattr(term.func, "name", "") in VALIDATING
        and any(isinstance(a, Const) and a.value in (name, "*") for a in term.args)
    )


def _nested(ev: Evaluator, obj: Obj, sent: Value) -> Alts:
    """Return what stands in a field whose type is a class of the tree, or a list of such."""
    from cardlint.link import routes

    if isinstance(obj, Instance):
        return (Instance(obj.cls, None, sent),)
    if isinstance(obj, Sequence) and not obj.items:
        inner = ev.force_all(obj.rest)
        if routes.is_closed(inner):
            return (obj,)
        parts = [part for o in inner for part in _nested(ev, o, sent)]
        return (Sequence(obj.kind, (), (Thunk(None, None, tuple(parts)),)),) if parts else NOTHING
    return NOTHING
