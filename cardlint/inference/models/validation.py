"""Objects that a library makes of data: `Event.model_validate(body)`, `Event(**body)`, `msgspec.json.decode(body, type=Event)`.

The data is copied field by field, so a field holds a client's value, unless its type accepts only few values.
"""

from __future__ import annotations

from collections.abc import Callable

from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator, TransferArgs
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, AttributeBag, ClassObject, Instance, LibraryPath, Object, Objects, Partial
from cardlint.inference.domain.value_sets import Bound, unknown
from cardlint.inference.language import field_validation, type_hints
from cardlint.inference.language.field_declarations import BY_TEXT
from cardlint.ir.terms import AnyTerm, Call, Const, Import
from cardlint.knowledge.structuring import DATA, TOLD_ONCE

GIVEN = frozenset(DATA.split())


def made(ev: Evaluator, cls: ClassObject, name: str, term: Call, frame: Frame) -> Objects:
    """Call such a class method."""
    data = terms.argument(term, 0) or next((value for key, value in term.kwargs if key in GIVEN), None)
    if data is None:  # `model_construct(name=...)` takes the fields themselves
        return (Instance(cls, (term, frame)),)
    return instance(ev, cls, data, name in BY_TEXT, term, frame)


def of_type(ev: Evaluator, wanted: AnyTerm, data: AnyTerm, text: bool, term: Call, frame: Frame) -> Objects:
    """Make an instance by a function of data and a type: `msgspec.convert(data, Event)`.

    The result for an unknown type is unknown: its fields may have few values.
    """
    types = type_hints.from_annotation(ev, wanted, frame, forward=True)
    groups: list[Objects] = []
    for obj in types:
        if isinstance(obj, Instance):
            groups.append(instance(ev, obj.cls, data, text, term, frame))
        elif isinstance(obj, Sequence):
            value = ev.scalar(_data(ev, data, text, term, frame), frame, term.at)
            groups.append(field_validation.nested_fields(ev, obj, value) if value.bound is not Bound.UNKNOWN else (obj,))
        else:
            groups.append((obj,))
    if groups:
        return join_objects(groups)
    if all(isinstance(obj, LibraryPath) and obj.path.startswith(("builtins.", "typing.")) for obj in ev.eval(wanted, frame)):
        return _data(ev, data, text, term, frame)  # `dict`, `Any`: it is as unbounded as the data
    return (unknown("the data is converted to an unknown type"),)


def typed(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the instance that a function makes of data: `msgspec.convert(data, Event)`, `msgspec.json.decode(text, type=Event)`."""
    data, wanted, keyword, *text = args.option.split(":")
    term, frame = args.term, args.frame
    given = terms.argument(term, int(data), "data")
    cls = terms.argument(term, int(wanted), keyword)
    if given is None:
        return BOTTOM
    if cls is not None:
        return of_type(ev, cls, given, bool(text), term, frame)
    return ev.transfer("parsed", TransferArgs(term, frame)) if text else ev.eval(given, frame)


def _data(ev: Evaluator, data: AnyTerm, text: bool, term: Call, frame: Frame) -> Objects:
    """Evaluate the data, or the content of a text of data."""
    if not text:
        return ev.eval(data, frame)
    return ev.transfer("parsed", TransferArgs(frame.synthetic_call(Const(None, term.at), (data,), term.at), frame))


def _told_once(path: str, methods: str) -> Callable[[Evaluator, Call, Frame], Objects]:
    """Return the transfer of a class whose instances get a type once, and make instances of it by their methods."""

    def make(ev: Evaluator, term: Call, frame: Frame) -> Objects:
        wanted = terms.argument(term, 0, "type")
        if wanted is None:
            return (unknown("the data is converted to something unknown"),)
        told = (frame.lazy(wanted),)
        return (AttributeBag({name: (Partial((LibraryPath(f"{path}.{name}"),), told, ()),) for name in methods.split()}),)

    return make


DECODERS = {path: _told_once(path, methods) for path, methods in TOLD_ONCE}


def instance(ev: Evaluator, cls: ClassObject, data: AnyTerm, text: bool, term: Call, frame: Frame) -> Objects:
    """Return the instance of a class that is made of data, or of a text of data."""
    alts = _data(ev, data, text, term, frame)
    out: list[Object] = []
    if any(isinstance(obj, (Mapping, Instance)) for obj in alts):
        out.append(Instance(cls, (_constructor(cls, data, alts, term, frame), frame)))
    rest = tuple(obj for obj in alts if not isinstance(obj, (Mapping, Instance)))
    if rest or not out:
        value = ev.scalar(rest, frame, term.at) if rest else None
        known = value is not None and value.bound not in (Bound.UNKNOWN, Bound.EXACTLY)
        out.append(Instance(cls, None, value.step(frame.place(term.at), f"a `{cls.ir.name}` is made of it") if value and known else None))
    return tuple(out)


def _constructor(cls: ClassObject, data: AnyTerm, alts: Objects, term: Call, frame: Frame) -> Call:
    """Return the call that represents it: `Event(**data)`; it is the same object every time, as results are kept by identity."""
    is_record = any(isinstance(obj, Instance) for obj in alts)
    key = ("validated", id(term), id(cls.ir), is_record)
    made = frame.synthetic_calls.get(key)
    if made is None:
        if is_record:
            data = Call(Import("dataclasses", "asdict", term.at), (data,), (), term.at)
        made = frame.synthetic_calls[key] = Call(term.func, (), (("", data),), term.at)
    return made
