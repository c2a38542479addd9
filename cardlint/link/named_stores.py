"""Attributes set under computed names: `setattr(self, section.name, section())`, often in a loop over classes or keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cardlint.facts.model import FunctionFact
from cardlint.facts.terms import AnyTerm, Attr, Call, Elem, Item, Narrow, Ref
from cardlint.link import containers, imports
from cardlint.link.frames import Frame
from cardlint.link.objects import NOTHING, Alts, Cls, Function, Instance, merge
from cardlint.link.values import Cls as Class

if TYPE_CHECKING:
    from cardlint.link.evaluator import Evaluator

SETTERS = ("setattr", "__setattr__")


def setters(ev: Evaluator, cls: Cls) -> list[tuple[Cls, FunctionFact, Call]]:
    """List the calls by which methods of a class and its bases set attributes of `self` by computed names."""
    from cardlint.link import classes

    table = ev.cache("setters")
    found = table.get(id(cls.fact))
    if found is None:
        found = []
        for base in classes.mro(ev, cls):
            if isinstance(base, Cls):
                found.extend((base, fact, term) for fact, term in _of_class(base))
        table[id(cls.fact)] = found
    return found  # type: ignore[no-any-return]


def _of_class(base: Cls) -> Iterator[tuple[FunctionFact, Call]]:
    facts = base.file.facts
    for name in SETTERS:
        for function, definition in facts.calls.get(name, ()):
            fact = facts.functions[function]
            if fact.owner != base.fact.index or not fact.params:
                continue
            term = fact.defs[definition].term
            if isinstance(term, Call) and len(term.args) == 3 and imports.dotted(fact.defs, term.args[0]) == fact.params[0].name:
                yield fact, term


def stored(ev: Evaluator, inst: Instance, name: str) -> tuple[Alts, bool]:
    """Return what computed names store under one name, and whether a name that cannot be computed may be this one."""
    groups: list[Alts] = []
    open_ = False
    for base, fact, term in setters(ev, inst.cls):
        key = ("setting", id(term), name)
        if key in ev.busy:
            continue
        ev.busy[key] = 1
        try:
            for turn in turns(ev, _frame(ev, inst, base, fact, term), term.args[1]):
                names = ev.value(term.args[1], turn)
                if names.cls is not Class.EXACTLY:
                    open_ = True
                elif name in names.exact:
                    alts = ev.eval(term.args[2], turn)
                    groups.append(ev.stepped(alts, turn, term.at, f"stored in `self.{name}`"))
        finally:
            del ev.busy[key]
    return (merge(groups) if groups else NOTHING), open_


def _frame(ev: Evaluator, inst: Instance, base: Cls, fact: FunctionFact, term: Call) -> Frame:
    """Return a frame of the method in which `self` is this very instance: its class decides what the loop runs over."""
    from cardlint.link import calls, classes

    if inst.made is not None and fact.name == "__init__":
        return classes.method_frame(ev, inst, base, fact)
    open_frame = base.file.frame(fact.index)
    if fact.name != "__init__":
        return open_frame
    nothing = Call(term.func, (), (), term.at)
    key = ("self", id(inst.cls.fact), id(fact))
    kept: dict[object, Frame] = ev.cache("self_frames")
    if key not in kept:
        bound = calls.bound_frame(ev, Function(base.file, fact, (inst,), None), nothing, open_frame)
        kept[key] = bound if bound is not None else open_frame
    return kept[key]


def turns(ev: Evaluator, frame: Frame, key: AnyTerm) -> list[Frame]:
    """Return one frame for each turn of the loop that the name comes from, or the frame itself."""
    index = loop_of(key, frame)
    if index is None:
        return [frame]
    loop = frame.fact.defs[index].term
    assert isinstance(loop, Elem)
    items = containers.as_items(ev, ev.eval(loop.base, frame))
    if items is None or len(items) > containers.MAX_UNROLL:
        return [frame]
    return [containers.turn_of(frame, index, ev.force(thunk)) for thunk in items]


def loop_of(term: AnyTerm, frame: Frame) -> int | None:
    """Find the definition of the loop variable that a name is computed from."""
    for _ in range(8):
        if isinstance(term, Ref):
            inner = frame.fact.defs[term.index].term
            if isinstance(inner, Elem):
                return term.index
            term = inner
        elif isinstance(term, (Attr, Item, Narrow)):
            term = term.base
        else:
            return None
    return None
