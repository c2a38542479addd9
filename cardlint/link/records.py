"""Instances as records: their fields as a dictionary or listed, and copies of them with some fields changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.facts.model import ParamFact
from cardlint.facts.terms import Attr, Call, Import, Param
from cardlint.link import classes, fields
from cardlint.link.frames import Frame
from cardlint.link.objects import NOTHING, Alts, Cls, Instance, Mapping, Record, Sequence, Thunk, merge
from cardlint.link.values import exactly, unknown

if TYPE_CHECKING:
    from cardlint.link.protocol import Evaluator

DUMPS = frozenset({"model_dump", "dict", "_asdict"})
"""Methods that give the fields of a pydantic model or a named tuple as a dictionary."""
COPIES = frozenset({"model_copy", "copy", "_replace"})
"""Methods that give a copy of a pydantic model or a named tuple, with some fields changed."""
SELF = "<record>"


def vars_of(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Evaluate `vars(x)` and `asdict(x)`: the fields of instances as a dictionary."""
    groups: list[Alts] = []
    for obj in ev.eval(term.args[0], frame) if term.args else NOTHING:
        if isinstance(obj, Instance):
            groups.append((as_dict(ev, obj, frame, term),))
        elif isinstance(obj, Mapping):
            groups.append((obj,))
    return merge(groups) if groups else (Mapping((), True),)


def as_dict(ev: Evaluator, obj: Instance, frame: Frame, term: Call) -> Mapping:
    """Return the fields of an instance by name; each is evaluated when it is asked for."""
    names = list(fields.fields(ev, obj.cls))
    for base in classes.mro(ev, obj.cls):
        if isinstance(base, Cls):
            names.extend(n for n in classes.stored_names(base) if n not in names)
    fact = frame.fact.with_params((ParamFact(SELF, "both", None, None, term.at),))
    holder = Frame(frame.file, fact, {SELF: Thunk(None, None, (obj,))}, frame.parent, frame, frame.depth)
    itself = Param(SELF, term.at)
    return Mapping(tuple((n, holder.thunk(Attr(itself, n, term.at))) for n in names), not names)


def fields_of(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Evaluate `dataclasses.fields(x)`: one record for each field, with its name."""
    for obj in ev.eval(term.args[0], frame) if term.args else NOTHING:
        cls = obj.cls if isinstance(obj, Instance) else obj
        if isinstance(cls, Cls):
            made = [Record({"name": (exactly((n,)),), **fields.defaults(ev, owner, n)}) for n, owner in fields.fields(ev, cls).items()]
            return (Sequence("tuple", tuple(Thunk(None, None, (r,)) for r in made)),)
    return (unknown("the fields of something that is not known"),)


def replaced(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Evaluate `dataclasses.replace(x, name=value)`: an instance made from the fields of another, some of them new."""
    if not term.args:
        return (unknown("replace() of nothing"),)
    made: dict[object, Call] = ev.cache("replaced")
    groups: list[Alts] = []
    for obj in ev.eval(term.args[0], frame):
        if not isinstance(obj, Instance):
            groups.append((obj,))
            continue
        key = (id(term), id(obj.cls.fact))
        if key not in made:
            old = Call(Import("dataclasses", "asdict", term.at), (term.args[0],), (), term.at)
            made[key] = Call(term.func, (), (("", old), *term.kwargs), term.at)
        groups.append((Instance(obj.cls, (made[key], frame)),))
    return merge(groups) if groups else NOTHING


def is_record(ev: Evaluator, obj: Instance, name: str) -> bool:
    """Tell whether a method of an instance is one that its generated class brings along."""
    if name not in DUMPS and name not in COPIES:
        return False
    paths = classes.external_bases(ev, obj.cls)
    wanted = ("NamedTuple",) if name.startswith("_") else ("BaseModel", "SQLModel", "BaseSettings")
    return any(path.rpartition(".")[2] in wanted for path in paths)


def method(ev: Evaluator, obj: Instance, name: str, term: Call, frame: Frame) -> Alts:
    """Call `model_dump()`, `_asdict()`, `model_copy(update=...)` or `_replace(name=...)` on an instance."""
    if name in DUMPS:
        return (as_dict(ev, obj, frame, term),)
    assert isinstance(term.func, Attr)
    update = next((value for key, value in term.kwargs if key == "update"), None)
    changes = term.kwargs if name == "_replace" else (("", update),) if update is not None else ()
    if not changes:
        return (obj,)
    made: dict[object, Call] = ev.cache("replaced")
    key = (id(term), id(obj.cls.fact), id(obj.made[0]) if obj.made else 0)
    if key not in made:
        old = Call(Import("dataclasses", "asdict", term.at), (term.func.base,), (), term.at)
        made[key] = Call(term.func, (), (("", old), *changes), term.at)
    return (Instance(obj.cls, (made[key], frame)),)
