"""Receivers of `.labels(...)`: whether one may be a metric, whether a caller chooses it, and the origin of its labels."""

from __future__ import annotations

from functools import partial

from cardlint.findings import Place
from cardlint.inference.codebase import terms
from cardlint.inference.codebase.render import render_expr
from cardlint.inference.core.protocol import ANY, Evaluator
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.objects import BOTTOM, LibraryPath, MetricObject, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.limits import MAX_LIFTED_CALLS, MAX_ROOTS, MAX_SPELLING_DEPTH
from cardlint.inference.primitives import metric_classes
from cardlint.inference.program import Metric
from cardlint.inference.prometheus import constructors
from cardlint.ir.terms import OF_CALLS, AnyTerm, Attr, Call, Item, Param, Refine, Star, Text, Use


def may_be_metric(ev: Evaluator, alts: Objects) -> bool:
    """Tell whether an unresolved receiver may be a metric: it is unknown, or it belongs to a client or wraps one."""
    hints = ev.library.clients.hints
    return bool(alts) and all(
        (isinstance(o, ValueSet) and o.bound is Bound.UNKNOWN) or (isinstance(o, LibraryPath) and any(hint in o.path for hint in hints))
        for o in alts
    )


def is_used_as_metric(ev: Evaluator, frame: Frame, definition: int) -> bool:
    """Tell whether the result of a call is used as only a metric is used: `x.labels(...).inc()`."""
    telling = ev.library.clients.telling
    for other in frame.ir.defs:
        term = other.term
        if isinstance(term, Call) and isinstance(term.func, Attr) and term.func.name in telling:
            base = term.func.base
            seen = 0
            while isinstance(base, (Use, Refine)) and seen < 8:
                if isinstance(base, Use) and base.index == definition:
                    return True
                base = frame.ir.defs[base.index].term if isinstance(base, Use) else base.base
                seen += 1
    return False


def is_declared(ev: Evaluator, alts: Objects) -> bool:
    """Tell whether a receiver is a metric by its annotation, but not which one: a helper that returns the child."""
    return bool(alts) and all(isinstance(o, LibraryPath) and metric_classes.is_metric_path(ev, o.path) for o in alts)


def may_be_family(ev: Evaluator, alts: Objects, given: Objects) -> bool:
    """Tell whether a method that adds samples gets a list or a dictionary on a receiver that may be a family, or is not found at all."""
    return (not alts or may_be_metric(ev, alts)) and any(isinstance(o, (Mapping, Sequence)) for o in given)


def common_label_names(described: list[Metric]) -> tuple[str, ...] | None:
    """Return the label names all candidate metrics share; positions mean nothing where they differ."""
    if any(m.shifted for m in described):
        return None
    names = list(dict.fromkeys(m.labelnames for m in described))
    if len(names) == 1:
        return names[0]
    known = [n for n in names if n]
    if known and all(set(n) == set(known[0]) for n in known) and len(known) == len(names):
        return min(known)
    return None


def rests_on_parameter(base: AnyTerm, frame: Frame, deps: set[Frame]) -> bool:
    """Tell whether the receiver is a parameter of this function, is reached from one, or is chosen by one."""
    if not _is_chosen(base, frame):
        return False
    outermost = frame
    while outermost.bindings is not None and outermost.caller is not None:
        outermost = outermost.caller
    return outermost in deps or ANY in deps


def labels_rest_on(ev: Evaluator, term: Call, frame: Frame, outermost: Frame) -> bool:
    """Tell whether a label's value depends on the parameters of a frame: only then can it be changed where a caller calls."""
    given = [a.base if isinstance(a, Star) else a for a in (*term.args, *(value for _, value in term.kwargs))]
    far: tuple[Objects, set[Frame]] = (BOTTOM, {outermost})
    found = [ev.ask(partial(constructors.tracked, ev, a, frame), far, frame, a.at)[1] for a in given]
    return any(outermost in deps or ANY in deps for deps in found)


def is_named_by_caller(found: list[MetricObject], frame: Frame) -> bool:
    """Tell whether this function makes the metrics itself, under names that its callers give: `def gauge(name, labels, rows)`."""
    names = [o.info.arguments.get("name") for o in found if o.info.frame is frame]
    return len(names) == len(found) > 0 and all(name is not None and _is_given(name, frame) for name in names)


def _is_given(term: AnyTerm, frame: Frame, depth: int = 0) -> bool:
    """Tell whether a text is a parameter or holds one, of which this frame does not know the argument."""
    term = terms.without_tests(term, frame)
    if isinstance(term, Text):
        return any(_is_given(part, frame, depth + 1) for part in term.parts) if depth < MAX_LIFTED_CALLS else False
    if not isinstance(term, Param):
        return False
    if frame.bindings is None:
        return True
    thunk = frame.bindings.get(term.name)
    if thunk is None or thunk.term is None or thunk.frame is None or depth >= MAX_LIFTED_CALLS:
        return False
    return _is_given(thunk.term, thunk.frame, depth + 1)


def _is_chosen(term: AnyTerm, frame: Frame, depth: int = 0) -> bool:
    """Tell whether an expression begins with a parameter, or looks one up: `METRICS[name]`, `getattr(self, name)`."""
    for _ in range(MAX_ROOTS):
        if isinstance(term, Use):
            if term.index >= len(frame.ir.defs):
                return False
            term = frame.ir.defs[term.index].term
        elif isinstance(term, Item):
            if depth < MAX_SPELLING_DEPTH and _is_chosen(term.key, frame, depth + 1):
                return True
            term = term.base
        elif isinstance(term, Attr) or (isinstance(term, Refine) and (term.guard in OF_CALLS or depth)):
            term = term.base
        elif isinstance(term, Call):
            if depth < MAX_SPELLING_DEPTH and getattr(term.func, "name", "") == "getattr" and len(term.args) > 1:
                return _is_chosen(term.args[1], frame, depth + 1) or _is_chosen(term.args[0], frame, depth + 1)
            term = term.func
        elif isinstance(term, Text) and depth:
            return any(_is_chosen(part, frame, depth + 1) for part in term.parts)
        else:
            break
    return isinstance(term, Param)


def origin(term: AnyTerm, frame: Frame, at: Place, text: str) -> tuple[Place, str]:
    """Return the argument of the caller's call that a value comes from, or the whole call."""
    current: AnyTerm = term
    here = frame
    for _ in range(MAX_ROOTS):
        if isinstance(current, Use) and current.index < len(here.ir.defs):
            current = here.ir.defs[current.index].term
            continue
        if isinstance(current, Refine):
            current = current.base
            continue
        if isinstance(current, Param) and here.bindings is not None and here.caller is not None:
            thunk = here.bindings.get(current.name)
            if thunk is None or thunk.term is None or thunk.frame is None:
                break
            place = thunk.frame.place(thunk.term.at)
            if place.path == at.path and at.line <= place.line <= at.end_line:
                return place, render_expr(thunk.term, thunk.frame)
            current, here = thunk.term, thunk.frame
            continue
        break
    return at, text
