"""Functions that others call: `map`, the `map` and `submit` of pools, and the results of `asyncio.gather`.

The result of a worker is the result of the function for the given element or arguments.
"""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, AttributeBag, Objects, Partial
from cardlint.inference.domain.value_sets import unknown
from cardlint.inference.language import calls
from cardlint.inference.limits import MAX_UNROLL
from cardlint.inference.primitives import collections
from cardlint.ir.terms import AnyTerm, Call, Comp, Seq, Star, Use

TOO_WIDE = Lazy(None, None, (unknown("the result of one of many tasks"),))


def mapped(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `map(f, a, b, ...)`, of Python and of a pool: the result of the function for each element, in order."""
    return _mapped(ev, term, frame, term.args[1:])


def mapped_once(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `pool.map(f, a, chunksize)` of multiprocessing, which takes one iterable."""
    return _mapped(ev, term, frame, term.args[1:2])


def spread(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `starmap(f, rows)`: each row holds the arguments of one call."""
    if len(term.args) < 2:
        return (unknown("starmap() without an iterable"),)
    rows = collections.as_items(ev, ev.eval(term.args[1], frame))
    known = [collections.as_items(ev, ev.force(row)) for row in rows] if rows is not None else [None]
    if any(row is None for row in known):
        return (unknown("starmap() over unknown rows"),)
    return (Sequence("generator", tuple(_applied(ev, term, frame, row, i) for i, row in enumerate(known) if row is not None)),)


def _mapped(ev: Evaluator, term: Call, frame: Frame, over: tuple[AnyTerm, ...]) -> Objects:
    if not over or any(isinstance(a, Star) for a in over):
        return (unknown("map() over unknown iterables"),)
    columns = [collections.as_items(ev, ev.eval(a, frame)) for a in over]
    known = [c for c in columns if c is not None and len(c) <= MAX_UNROLL]
    if len(known) == len(columns):
        rows = zip(*known, strict=False)
        return (Sequence("generator", tuple(_applied(ev, term, frame, row, i) for i, row in enumerate(rows))),)
    return (Sequence("generator", (), (_applied(ev, term, frame, tuple(frame.element(a, term.at) for a in over), -1),)),)


def _applied(ev: Evaluator, term: Call, frame: Frame, given: tuple[Lazy, ...], turn: int) -> Lazy:
    """Call the mapped function with the known elements; each iteration has one call, the same object every time."""
    key = ("applied", id(term), turn)
    call = frame.synthetic_calls.get(key)
    if call is None:
        call = frame.synthetic_calls[key] = Call(term.func, (), (), term.at)
    functions = ev.eval(term.args[0], frame)
    return Lazy(None, None, join_objects([ev.call(Partial((f,), given, ()), call, frame) for f in functions]) if functions else BOTTOM)


def submitted(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `pool.submit(f, ...)`: a future, whose `result()` is the result of the function."""
    return (AttributeBag({"result": calls.partial_of(ev, term, frame)}),) if term.args else BOTTOM


def applied_async(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `pool.apply_async(f, args)`: a future, whose `get()` is the result of the function."""
    if not term.args:
        return BOTTOM
    rows = collections.as_items(ev, ev.eval(term.args[1], frame)) if len(term.args) > 1 else ()
    if rows is None:
        return (unknown("a call with unknown arguments"),)
    return (AttributeBag({"get": (Partial(ev.eval(term.args[0], frame), rows, ()),)}),)


def gathered(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `asyncio.gather(...)`: the result of each coroutine, in order.

    A list of tasks is followed where it is made in one place. A list that is filled in many places leads to all parts of a
    program that wait for each other, and uses up every budget of the inference.
    """
    items: list[Lazy] = []
    rest: list[Lazy] = []
    for argument in term.args:
        if not isinstance(argument, Star):
            (rest if rest else items).append(frame.lazy(argument))
            continue
        base = argument.base
        while isinstance(base, Use):
            base = frame.ir.defs[base.index].term
        known = collections.as_items(ev, ev.eval(base, frame)) if isinstance(base, (Comp, Seq)) and not rest else None
        if known is not None:
            items.extend(known)
        elif isinstance(base, (Comp, Seq)):
            rest.append(frame.element(argument.base, term.at))
        else:
            rest.append(TOO_WIDE)
    return (Sequence("tuple", tuple(items), tuple(rest)),)


def finished(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `as_completed(futures)`: each of them, in an unknown order."""
    return (Sequence("generator", (), (frame.element(term.args[0], term.at),)),) if term.args else BOTTOM
