"""Instances as records: their fields as a dictionary or listed, and copies with some fields changed."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, AttributeBag, ClassObject, Instance, Module, Namespace, Objects
from cardlint.inference.domain.value_sets import exactly, unknown
from cardlint.inference.language import field_declarations, field_values
from cardlint.inference.language.field_declarations import DUMPS
from cardlint.inference.primitives import class_graph
from cardlint.ir.model import ParameterIR
from cardlint.ir.terms import AnyTerm, Attr, Call, Import, Param

SELF = "<record>"


def vars_of(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `vars(x)` and `asdict(x)`: the fields of instances as a dictionary."""
    groups: list[Objects] = []
    if not term.args and not term.kwargs and frame.ir.kind == "module":
        return (Namespace(frame.file),)
    for obj in ev.eval(term.args[0], frame) if term.args else BOTTOM:
        if isinstance(obj, Module):
            groups.append((Namespace(obj.file),))
        elif isinstance(obj, Instance):
            groups.append((as_dict(ev, obj, frame, term),))
        elif isinstance(obj, Mapping):
            groups.append((obj,))
    return join_objects(groups) if groups else (Mapping((), True),)


def as_dict(ev: Evaluator, obj: Instance, frame: Frame, term: Call) -> Mapping:
    """Return the fields of an instance by name; each is evaluated lazily.

    An attribute that is no field may not be there yet, and keywords leave fields out: `model_dump(exclude={"id"})`.
    """
    names = list(field_declarations.fields(ev, obj.cls))
    certain = frozenset() if term.kwargs else frozenset(names)
    for base in class_graph.mro(ev, obj.cls):
        if isinstance(base, ClassObject):
            names.extend(n for n in class_graph.stored_names(base) if n not in names)
    ir = frame.ir.with_params((ParameterIR(SELF, "both", None, None, term.at),))
    holder = Frame(frame.file, ir, {SELF: Lazy(None, None, (obj,))}, frame.parent, frame, frame.depth)
    itself = Param(SELF, term.at)
    entries = tuple((n, holder.lazy(Attr(itself, n, term.at))) for n in names)
    return Mapping(entries, not names, frozenset(names) - certain)


def fields_of(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `dataclasses.fields(x)`: one record for each field, with its name."""
    for obj in ev.eval(term.args[0], frame) if term.args else BOTTOM:
        cls = obj.cls if isinstance(obj, Instance) else obj
        if isinstance(cls, ClassObject):
            made = [
                AttributeBag({"name": (exactly((n,)),), **field_values.defaults(ev, owner, n)})
                for n, owner in field_declarations.fields(ev, cls).items()
            ]
            return (Sequence("tuple", tuple(Lazy(None, None, (r,)) for r in made)),)
    return (unknown("the fields of an unknown object"),)


def replaced(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `dataclasses.replace(x, name=value)`: an instance with the fields of another one, some of them replaced."""
    if not term.args:
        return (unknown("replace() of nothing"),)
    groups: list[Objects] = []
    for obj in ev.eval(term.args[0], frame):
        if not isinstance(obj, Instance):
            groups.append((obj,))
            continue
        groups.append((Instance(obj.cls, (_copied(frame, term, obj, term.args[0], term.kwargs), frame)),))
    return join_objects(groups) if groups else BOTTOM


def method(ev: Evaluator, obj: Instance, name: str, term: Call, frame: Frame) -> Objects:
    """Call `model_dump()`, `_asdict()`, `model_copy(update=...)` or `_replace(name=...)` on an instance."""
    if name in DUMPS:
        return (as_dict(ev, obj, frame, term),)
    update = next((value for key, value in term.kwargs if key == "update"), None)
    changes = term.kwargs if name == "_replace" else (("", update),) if update is not None else ()
    if not changes:
        return (obj,)
    if not isinstance(term.func, Attr):  # `(x._replace if a else b)(name=value)`: no term says which object is copied
        return (unknown(f"a copy by `{name}`, which is chosen and then called"),)
    return (Instance(obj.cls, (_copied(frame, term, obj, term.func.base, changes), frame)),)


def _copied(frame: Frame, term: Call, obj: Instance, source: AnyTerm, changes: tuple[tuple[str, AnyTerm], ...]) -> Call:
    """Write out the constructor call of a copy; it is the same object every time, as results are kept by identity."""
    key = ("copied", id(term), id(obj.cls.ir), id(obj.site[0]) if obj.site else 0)
    made = frame.synthetic_calls.get(key)
    if made is None:
        old = Call(Import("dataclasses", "asdict", term.at), (source,), (), term.at)
        made = frame.synthetic_calls[key] = Call(term.func, (), (("", old), *changes), term.at)
    return made
