"""Lists that a loop fills: where its iterations are known, the list holds the elements of all of them, in order.

This avoids one abstract list for each branch and iteration.
"""

from __future__ import annotations

from cardlint.inference.codebase.terms import loop_in
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.containers import Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import Objects
from cardlint.inference.language.loops import targets_of, turn_at
from cardlint.inference.limits import MAX_LOOP_DEFINITIONS, MAX_LOOP_LISTS, MAX_LOOP_PATHS, MAX_LOOP_TURNS
from cardlint.inference.primitives.collections import as_items
from cardlint.ir.model import Flag, FunctionIR
from cardlint.ir.terms import AnyTerm, Append, Choice, Op, Star, Use

Path = tuple[AnyTerm, ...]


class LoopLists:
    """The loops of one function that fill a list: the elements that each path through the body appends, by the definition at its head."""

    def __init__(self, ir: FunctionIR) -> None:
        self.heads: dict[int, list[Path]] = {}
        if not any(type(d.term) is Append for d in ir.defs):
            return
        for index, definition in enumerate(ir.defs):
            if definition.flags & Flag.PHI and isinstance(definition.term, Choice):
                back = [o for o in definition.term.options if isinstance(o, Use) and o.index > index]
                paths = _paths(ir, back[0], index, ()) if len(back) == 1 else None
                if paths and all(paths):
                    self.heads[index] = paths


def _paths(ir: FunctionIR, term: AnyTerm, head: int, behind: tuple[int, ...]) -> list[Path] | None:
    """Return the appended elements of each path from the head of a loop to its end, None where the body has other effects."""
    if not isinstance(term, Use) or term.index in behind or len(behind) > MAX_LOOP_DEFINITIONS:
        return None
    if term.index == head:
        return [()]
    inner = ir.defs[term.index].term
    behind = (*behind, term.index)
    if isinstance(inner, Choice):
        out: list[Path] = []
        for option in inner.options:
            found = _paths(ir, option, head, behind)
            if found is None or len(out) + len(found) > MAX_LOOP_PATHS:
                return None
            out.extend(found)
        return out
    if isinstance(inner, Append) and not isinstance(inner.item, Star):
        found = _paths(ir, inner.base, head, behind)
        return [(*path, inner.item) for path in found] if found is not None else None
    return _paths(ir, inner, head, behind) if isinstance(inner, Use) else None


@query(initial=None)
def _loop_lists(ev: Evaluator, ir: FunctionIR) -> LoopLists | None:
    return LoopLists(ir)


def loop_lists(ev: Evaluator, ir: FunctionIR) -> LoopLists:
    """Return the loops of a function that fill a list, found once."""
    return _loop_lists(ev, ir) or LoopLists(ir)


def collected(ev: Evaluator, index: int, frame: Frame) -> Objects | None:
    """Return the list at the end of the loop that fills it, None where the iterations or their elements are not known."""
    return _collected(ev, index, frame) if index in loop_lists(ev, frame.ir).heads else None


@query(initial=None)
def _collected(ev: Evaluator, index: int, frame: Frame) -> Objects | None:
    return _collect(ev, index, loop_lists(ev, frame.ir).heads[index], frame)


def ended(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    """Evaluate a list where a loop over it has ended: it holds what all turns append, where these are known."""
    head, latest = term.args
    assert isinstance(head, Use)
    found = collected(ev, head.index, frame)
    return found if found is not None else ev.eval(latest, frame)


def _collect(ev: Evaluator, index: int, paths: list[Path], frame: Frame) -> Objects | None:
    loops = [loop for path in paths for item in path if (loop := loop_in(item, frame)) is not None]
    if not loops or any(loop != loops[0] for loop in loops):
        return None
    targets = targets_of(loops[0], frame)
    if min(targets, default=index) <= index:
        return None  # a loop around the one that fills the list
    if frame.iteration_bindings is not None and not targets.keys().isdisjoint(frame.iteration_bindings):
        return None  # an iteration of this same loop
    term = frame.ir.defs[index].term
    assert isinstance(term, Choice)
    start = join_objects([ev.eval(o, frame) for o in term.options if isinstance(o, Use) and o.index < index])
    lists = [o for o in start if isinstance(o, Sequence) and not o.rest and o.kind == "list"]
    if len(lists) != 1 or len(start) != 1:
        return None
    out: list[Sequence] = []
    for elements, others in _iterated(ev, ev.eval(loops[0].base, frame)):
        items = _appended(ev, elements, paths, targets, frame)
        rest = _appended(ev, others, paths, targets, frame)
        if items is None or rest is None:
            return None
        out.append(Sequence("list", (*lists[0].items, *items), tuple(rest)))
    return tuple(out) or None


def _iterated(ev: Evaluator, alts: Objects) -> list[tuple[tuple[Lazy, ...], tuple[Lazy, ...]]]:
    """List the known elements, and all further ones, of each sequence that a loop may run over; empty where one is not known."""
    known = as_items(ev, alts)
    if known is not None:
        return [(known, ())] if len(known) <= MAX_LOOP_TURNS else []
    lists = [
        o for o in alts if isinstance(o, Sequence) and o.kind in ("list", "tuple") and o.max_size is None and o.items and not o.growing
    ]
    if len(lists) != len(alts) or len(lists) > MAX_LOOP_LISTS or sum(len(o.items) + len(o.rest) for o in lists) > MAX_LOOP_TURNS:
        return []
    return [(o.items, o.rest) for o in lists]


def _appended(
    ev: Evaluator, elements: tuple[Lazy, ...], paths: list[Path], targets: dict[int, AnyTerm | None], frame: Frame
) -> list[Lazy] | None:
    """Return what the turns over some elements append, None where the turns differ in how many they append."""
    items: list[Lazy] = []
    for element in elements:
        turn = turn_at(frame, targets, element)
        results = [tuple(turn.lazy(item) for item in path) for path in paths]
        if len(results) > 1:  # a value that a test rules out in this iteration is bottom
            results = [result for result in results if all(ev.force(thunk) for thunk in result)]
        if len({len(result) for result in results}) > 1:
            return None
        items.extend(
            one[0] if len(one) == 1 else Lazy(None, None, join_objects([ev.force(t) for t in one])) for one in zip(*results, strict=True)
        )
    return items
