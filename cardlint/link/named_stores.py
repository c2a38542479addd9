"""Attributes set under computed names: `setattr(self, section.name, section())`, often in a loop over classes or keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cardlint.facts.model import FunctionFact
from cardlint.facts.terms import AnyTerm, Attr, Call, Elem, Item, Narrow, Op, Ref, Text
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
    return found


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
            for frame in _frames(ev, inst, base, fact, term):
                by_name, unknown_name = _named(ev, frame, term)
                open_ = open_ or unknown_name
                for turn in by_name.get(name, ()):
                    alts = ev.eval(term.args[2], turn)
                    groups.append(ev.stepped(alts, turn, term.at, f"stored in `self.{name}`"))
        finally:
            del ev.busy[key]
    return (merge(groups) if groups else NOTHING), open_


def _named(ev: Evaluator, frame: Frame, term: Call) -> tuple[dict[str, list[Frame]], bool]:
    """Group the turns of a setter's loop by the name they set."""
    table = ev.cache("named turns")
    key = (id(frame), id(term))
    found = table.get(key)
    if found is None:
        by_name: dict[str, list[Frame]] = {}
        open_ = False
        for turn in turns(ev, frame, term.args[1]):
            names = ev.value(term.args[1], turn)
            if names.cls is not Class.EXACTLY:
                open_ = True
            for name in names.exact:
                by_name.setdefault(str(name), []).append(turn)
        found = (by_name, open_)
        if not open_:  # what is open may be so only because a cycle is still being resolved
            table[key] = found
    return found


def _frames(ev: Evaluator, inst: Instance, base: Cls, fact: FunctionFact, term: Call) -> list[Frame]:
    """Return frames of the method in which `self` is this very instance: its class decides what the loop runs over."""
    from cardlint.link import callers, calls, classes

    open_frame = base.file.frame(fact.index)
    if fact.name not in ("__init__", "__post_init__"):
        return [open_frame]
    if inst.made is not None and fact.name == "__init__":
        return [classes.method_frame(ev, inst, base, fact)]
    init = Function(base.file, fact, (inst,), None)
    if fact.name == "__init__" and len(fact.params) > 1:
        sites = callers.constructions(ev, inst.cls)
        frames = [calls.bound_frame(ev, init, s.call, s.frame) for s in sites]
        if frames:
            return [f for f in frames if f is not None]
    kept: dict[object, Frame] = ev.cache("self_frames")
    key = ("self", id(inst.cls.fact), id(fact))
    if key not in kept:
        bound = calls.bound_frame(ev, init, Call(term.func, (), (), term.at), open_frame)
        kept[key] = bound if bound is not None else open_frame
    return [kept[key]]


def turns(ev: Evaluator, frame: Frame, key: AnyTerm) -> list[Frame]:
    """Return one frame for each turn of the loop that the name comes from, or the frame itself."""
    loop = loop_in(key, frame)
    if loop is None:
        return [frame]
    items = containers.as_items(ev, ev.eval(loop.base, frame))
    if items is None or len(items) > containers.MAX_UNROLL:
        return [frame]
    targets = _targets(loop, frame)
    return [_turn(ev, frame, targets, ev.force(thunk)) for thunk in items]


def _targets(loop: Elem, frame: Frame) -> dict[int, Item | None]:
    """Find the definitions that a loop binds: its target, or the parts of `for key, value in ...`."""
    out: dict[int, Item | None] = {}
    for index, definition in enumerate(frame.fact.defs):
        term = definition.term
        if isinstance(term, Elem) and term == loop:
            out[index] = None
        elif isinstance(term, Item) and isinstance(term.base, Elem) and term.base == loop:
            out[index] = term
    return out


def _turn(ev: Evaluator, frame: Frame, targets: dict[int, Item | None], element: Alts) -> Frame:
    """Make the frame of one turn: every target holds this element, or its part of it."""
    turn = frame
    for index, part in targets.items():
        if part is None:
            turn = containers.turn_of(turn, index, element)
        else:
            position = ev.value(part.key, frame)
            turn = containers.turn_of(turn, index, merge([containers.item_of(ev, obj, position, part, frame) for obj in element]))
    return turn


def loop_of(term: AnyTerm, frame: Frame) -> Elem | None:
    """Find the element of a loop that a name is computed from."""
    for _ in range(8):
        if isinstance(term, Elem):
            return term
        if isinstance(term, Ref):
            term = frame.fact.defs[term.index].term
        elif isinstance(term, (Attr, Item, Narrow)):
            term = term.base
        else:
            return None
    return None


def loop_in(term: AnyTerm, frame: Frame, depth: int = 0) -> Elem | None:
    """Find the element of a loop that an expression is computed from, also inside of arithmetic and texts."""
    direct = loop_of(term, frame)
    if direct is not None or depth > 4:
        return direct
    while isinstance(term, Ref):
        term = frame.fact.defs[term.index].term
    parts = term.args if isinstance(term, (Op, Call)) else term.parts if isinstance(term, Text) else ()
    for part in parts:
        found = loop_in(part, frame, depth + 1)
        if found is not None:
            return found
    return None
