"""Ranges of whole numbers: the interval of a number after `0 <= page <= 5`, `max(0, min(page, 10))` and clamping assignments.

A number is bounded only where both ends are constants and the number is known to be whole. Between two bounds there are
infinitely many floats, and one bound alone does not bound. The ends of a float are kept, since a later `round` or `floor` makes it whole.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, inf, isfinite

from msgspec import Struct
from msgspec.structs import replace

from cardlint.inference.callgraph import callers
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.arithmetic import ARITHMETIC, FRACTIONS
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import Instance, LibraryPath, Method, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded, exactly, join, unknown
from cardlint.inference.language import field_declarations
from cardlint.inference.limits import MAX_INTERVAL_CALLERS, MAX_INTERVAL_DEPTH, MAX_RANGE
from cardlint.ir.terms import AnyTerm, Attr, Call, Choice, Const, FreeVar, Guard, Item, Iterate, Op, Param, Refine, Star, Use

WHOLE = frozenset(
    {
        "builtins.int", "builtins.len", "builtins.ord", "builtins.round", "math.floor", "math.ceil", "math.trunc", "builtins.hash", "builtins.id",
        "zlib.crc32", "zlib.adler32", "binascii.crc32", "time.time_ns", "time.monotonic_ns", "time.perf_counter_ns", "random.randint",
        "random.randrange", "random.getrandbits", "secrets.randbelow", "os.getpid", "threading.get_ident",
    }
)  # fmt: skip


class Span(Struct, frozen=True):
    """The least and the greatest number of a term, and whether it is whole. Ends that are not known are infinite.

    `floats` tells that whole numbers may be written as floats: `10` and `10.0` are two texts, and so are `0.0` and `-0.0`.
    """

    low: float
    high: float
    whole: bool
    floats: bool = False


NONE = Span(inf, -inf, True)
"""The change of a term by itself: the start of a loop is its value, and each iteration changes it."""
ANY = Span(-inf, inf, False)


def bounded_by(ev: Evaluator, term: AnyTerm, frame: Frame) -> ValueSet | None:
    """Return the whole numbers of a term's interval, None where the interval is not small enough."""
    span = _span(ev, term, frame, {}, 0)
    if not span.whole or not 0 <= span.high - span.low < MAX_RANGE:
        return None
    size = int(span.high - span.low) + 1
    why = f"a whole number kept between {int(span.low)} and {int(span.high)}"
    return bounded(2 * size + 1 if span.floats else size, why)


def cut(ev: Evaluator, term: AnyTerm, frame: Frame, value: ValueSet) -> ValueSet:
    """Return the numbers of a call that rounds, where the number inside has two ends; else the value that is known without them.

    The ends are looked for only in what can have them: a test, a choice, a calculation or a call, but not a bare parameter.
    """
    if value.bound <= Bound.BOUNDED or not isinstance(term, Call) or not term.args:
        return value
    inner = term.args[0]
    while isinstance(inner, Use):
        inner = frame.ir.defs[inner.index].term
    if not isinstance(inner, (Call, Op, Refine, Choice)):
        return value
    return bounded_by(ev, term, frame) or value


def narrowed(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the values that pass a comparison with a constant: constants, or an interval with two ends."""
    assert term.by is not None
    values = [o for o in base if isinstance(o, ValueSet)]
    if len(values) == 1 and len(base) == 1 and values[0].bound is Bound.EXACTLY:
        return _passing(ev, values[0], term, frame)
    if len(values) == len(base) and all(v.bound < Bound.PER_DEPLOYMENT for v in values):
        return base  # the value is known well enough
    if not all(isinstance(o, (ValueSet, LibraryPath)) for o in base):
        return base
    found = bounded_by(ev, term, frame)
    return base if found is None else (found,)


def wholeness(ev: Evaluator, term: AnyTerm, frame: Frame) -> bool | None:
    """Tell whether a number is a whole one, or a fraction; None where that is not known."""
    if _span(ev, term, frame, {}, 0).whole:
        return True
    while isinstance(term, Use):
        term = frame.ir.defs[term.index].term
    return False if isinstance(term, Op) and term.op == "/" else None


def _passing(ev: Evaluator, value: ValueSet, term: Refine, frame: Frame) -> Objects:
    assert term.by is not None
    limit = _constant(ev, term.by, frame)
    if limit is None or not all(type(v) in (int, float) for v in value.exact):
        return (value,)
    kept = tuple(v for v in value.exact if isinstance(v, (int, float)) and PASSES[term.guard](v, limit))
    return (exactly(kept),) if kept else (value,)


PASSES: dict[Guard, Callable[[float, float], bool]] = {
    "least": lambda v, limit: v >= limit,
    "above": lambda v, limit: v > limit,
    "most": lambda v, limit: v <= limit,
    "below": lambda v, limit: v < limit,
}


def clamp(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `min(...)` and `max(...)` of several values; both together around a whole number bound it."""
    values = [ev.value(a, frame) for a in term.args]
    joined = join(values) or unknown("the smallest of nothing")
    if joined.bound is Bound.EXACTLY:
        return (joined,)
    return (bounded_by(ev, term, frame) or joined,)


def _constant(ev: Evaluator, term: AnyTerm, frame: Frame) -> int | None:
    value = ev.value(term, frame)
    constant = value.exact[0] if value.bound is Bound.EXACTLY and len(value.exact) == 1 else None
    return constant if type(constant) is int else None


def _span(ev: Evaluator, term: AnyTerm, frame: Frame, seen: dict[tuple[int, int], None], depth: int) -> Span:
    """Compute the interval of a term from its parts."""
    ev.charge(1)
    if depth > MAX_INTERVAL_DEPTH:
        return ANY
    if isinstance(term, Const):
        if type(term.value) is int:
            return Span(term.value, term.value, True)
        return Span(term.value, term.value, False) if type(term.value) is float and isfinite(term.value) else ANY
    if isinstance(term, Use):
        return _definition(ev, term, frame, seen, depth)
    if isinstance(term, Choice):
        spans = [_span(ev, option, frame, seen, depth + 1) for option in term.options]
        return _joined(spans) if spans else ANY
    if isinstance(term, Refine):
        return _tested(ev, term, _span(ev, term.base, frame, seen, depth + 1), frame)
    if isinstance(term, Op):
        return _computed(ev, term, frame, seen, depth)
    if isinstance(term, Call):
        return _called(ev, term, frame, seen, depth)
    if isinstance(term, Param):
        return _passed(ev, term, frame, seen, depth)
    if isinstance(term, (FreeVar, Attr, Item, Iterate)):
        return _valued(ev, term, frame)
    return ANY


def _joined(spans: list[Span]) -> Span:
    """Return the interval around several."""
    low, high = min(s.low for s in spans), max(s.high for s in spans)
    return Span(low, high, all(s.whole for s in spans), any(s.floats for s in spans))


def _definition(ev: Evaluator, term: Use, frame: Frame, seen: dict[tuple[int, int], None], depth: int) -> Span:
    held = frame.iteration_bindings.get(term.index) if frame.iteration_bindings is not None else None
    if held is not None:
        return _thunk(ev, held, seen, depth)
    key = (id(frame), term.index)
    if key in seen:
        return NONE
    seen[key] = None
    try:
        return _span(ev, frame.ir.defs[term.index].term, frame, seen, depth + 1)
    finally:
        del seen[key]


def _thunk(ev: Evaluator, thunk: Lazy, seen: dict[tuple[int, int], None], depth: int) -> Span:
    if thunk.term is not None and thunk.frame is not None:
        return _span(ev, thunk.term, thunk.frame, seen, depth + 1)
    return _of_value(thunk.done or ())


def _of_value(alts: Objects) -> Span:
    """Return the interval of known constants."""
    numbers = [v for o in alts if isinstance(o, ValueSet) and o.bound is Bound.EXACTLY for v in o.exact if isinstance(v, int)]
    if not numbers or not all(isinstance(o, ValueSet) and len(o.exact) for o in alts) or len(numbers) != sum(_count(o) for o in alts):
        return ANY
    return Span(min(numbers), max(numbers), True)


def _count(obj: object) -> int:
    return len(obj.exact) if isinstance(obj, ValueSet) else 0


def _valued(ev: Evaluator, term: AnyTerm, frame: Frame) -> Span:
    span = _of_value(ev.eval(term, frame))
    if span.whole or not isinstance(term, Attr):
        return span
    for obj in ev.eval(term.base, frame):
        declared = field_declarations.annotation_of(ev, obj.cls, term.name) if isinstance(obj, Instance) else None
        if declared is None or not terms.is_int(declared[0]):
            return span
    return Span(-inf, inf, True)


def _tested(ev: Evaluator, term: Refine, span: Span, frame: Frame) -> Span:
    if term.by is None:
        return span
    if term.guard == "isinstance":
        kinds = ev.eval(term.by, frame)
        return replace(span, whole=True) if kinds and all(isinstance(k, LibraryPath) and k.path == "builtins.int" for k in kinds) else span
    if term.guard not in PASSES:
        return span
    limit = _constant(ev, term.by, frame)
    if limit is None:
        return span
    step = 1 if span.whole else 0
    if term.guard in ("least", "above"):
        return replace(span, low=max(span.low, limit + (step if term.guard == "above" else 0)))
    return replace(span, high=min(span.high, limit - (step if term.guard == "below" else 0)))


def _computed(ev: Evaluator, term: Op, frame: Frame, seen: dict[tuple[int, int], None], depth: int) -> Span:
    spans = [_span(ev, a, frame, seen, depth + 1) for a in term.args]
    whole, floats = all(s.whole for s in spans), any(s.floats or not s.whole for s in spans)
    if term.op == "//":
        return Span(-inf, inf, True, floats)
    constant = spans[1].low if len(spans) == 2 and spans[1].low == spans[1].high else None
    if term.op in ("+", "-") and constant is not None and spans[1].whole:
        step = constant if term.op == "+" else -constant
        # a loop that adds to a number moves one end of the interval away, and leaves the other one
        return Span(spans[0].low + step if step >= 0 else -inf, spans[0].high + step if step <= 0 else inf, spans[0].whole, floats)
    if term.op in ("*", "/") and constant and isfinite(spans[0].low) and isfinite(spans[0].high):
        ends = [ARITHMETIC[term.op](end, constant) for end in (spans[0].low, spans[0].high)]
        return Span(min(ends), max(ends), whole and term.op == "*", floats)
    if term.op == "%" and constant is not None and constant > 0 and (spans[0].whole or _is_number(ev, term.args[0], frame)):
        # the remainder of a small negative float is rounded to the divisor itself
        return Span(0, constant - 1 if whole and spans[0].low <= spans[0].high else constant, whole, floats)
    if term.op in ("+", "-", "*", "%", "neg", "pos", "&", "|", "^", "<<", ">>"):
        return Span(-inf, inf, whole, floats)
    return ANY


def _is_number(ev: Evaluator, term: AnyTerm, frame: Frame) -> bool:
    """Tell whether the left side of `%` is a number for certain: the sign also formats text."""
    value = ev.value(term, frame)
    return value.bound is Bound.UNBOUNDED and (value.kind in FRACTIONS or wholeness(ev, term, frame) is False)


def _called(ev: Evaluator, term: Call, frame: Frame, seen: dict[tuple[int, int], None], depth: int) -> Span:
    callees = ev.eval(term.func, frame)
    path = callees[0].path if len(callees) == 1 and isinstance(callees[0], LibraryPath) else ""
    if path in ("builtins.min", "builtins.max") and len(term.args) > 1 and not any(isinstance(a, Star) for a in term.args):
        spans = [_span(ev, a, frame, seen, depth + 1) for a in term.args]
        take = min if path.endswith("min") else max
        return Span(take(s.low for s in spans), take(s.high for s in spans), all(s.whole for s in spans), any(s.floats for s in spans))
    if path in CUTS and len(term.args) > 0 and not isinstance(term.args[0], Star):
        return _cut(ev, term, path, frame, _span(ev, term.args[0], frame, seen, depth + 1))
    if path in WHOLE:
        return Span(0 if path in ("builtins.len", "builtins.ord") else -inf, inf, True)
    if all(isinstance(o, (LibraryPath, Method)) or (isinstance(o, ValueSet) and o.bound >= Bound.UNKNOWN) for o in callees):
        kind = next((v for k, v in term.kwargs if k == "type"), None)  # `request.args.get("page", type=int)`
        if kind is not None and getattr(kind, "name", "") == "int":
            return Span(-inf, inf, True)
    return _of_value(ev.eval(term, frame)) if callees and not path else ANY


CUTS = frozenset({"builtins.int", "builtins.round", "math.floor", "math.ceil", "math.trunc"})
"""Functions that make a float a whole number next to it, so that it stays between the whole numbers around its ends."""


def _cut(ev: Evaluator, term: Call, path: str, frame: Frame, inner: Span) -> Span:
    """Return the interval of a number that is rounded, to tens or hundreds where the digits are a negative constant."""
    if inner.low > inner.high or (path == "builtins.int" and len(term.args) > 1):
        return Span(-inf, inf, True)  # a number that a loop rounds again, or the digits of a text
    given = terms.argument(term, 1, "ndigits") if path == "builtins.round" else None
    known = ev.value(given, frame) if given is not None else exactly((None,))
    digits = known.exact[0] if known.bound is Bound.EXACTLY and len(known.exact) == 1 else ""
    if digits is None:
        return inner if inner.whole and not inner.floats else Span(_down(inner.low, 1), _up(inner.high, 1), True)
    if type(digits) is not int or 10 ** min(abs(digits), 10) > MAX_RANGE:
        return ANY  # so many zeros at the end that two numbers are too far apart
    grain = 10 ** max(0, -digits)
    floats = inner.floats or not inner.whole
    return Span(_down(inner.low, grain), _up(inner.high, grain), inner.whole or digits <= 0, floats)


def _down(end: float, grain: int) -> float:
    return floor(end / grain) * grain if isfinite(end) else end


def _up(end: float, grain: int) -> float:
    return ceil(end / grain) * grain if isfinite(end) else end


def _passed(ev: Evaluator, term: Param, frame: Frame, seen: dict[tuple[int, int], None], depth: int) -> Span:
    declared = next((p for p in frame.ir.params if p.name == term.name), None)
    if declared is None or declared.kind in ("star", "dstar"):
        return ANY
    whole = terms.is_int(declared.annotation)
    given = frame.bindings.get(term.name) if frame.bindings is not None else None
    if given is not None:
        span = _thunk(ev, given, seen, depth)
        return replace(span, whole=span.whole or whole)
    if whole or frame.bindings is not None:
        return Span(-inf, inf, whole)
    key = (id(frame), -1 - declared.at[0] * 1000 - declared.at[1])
    if key in seen:
        return NONE
    seen[key] = None
    try:
        sites = callers.callers_of(ev, frame.file, frame.ir)
        if not 0 < len(sites) <= MAX_INTERVAL_CALLERS or callers.callers_incomplete(ev, frame.file, frame.ir):
            return ANY
        thunks = [site.binding(ev, frame, term.name) for site in sites]
        spans = [_thunk(ev, t, seen, depth) if t is not None else ANY for t in thunks]
        return _joined(spans)
    finally:
        del seen[key]
