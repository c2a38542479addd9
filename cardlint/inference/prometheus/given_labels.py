"""Label arguments of a call as names and numbers, with `*values` and `**labels` resolved: what the rules about misuse compare."""

from __future__ import annotations

from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping, Sequence, UnknownKey
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.objects import Function, MetricObject, Object, Objects
from cardlint.inference.limits import MAX_GIVEN, MAX_NAMES, MAX_SPELLED, MAX_SPELLING_DEPTH
from cardlint.inference.primitives import straight_lines
from cardlint.inference.program import Given
from cardlint.ir.terms import AnyTerm, Call, Choice, Param, Refine, SetItem, Star, Update, Use


def outcomes(ev: Evaluator, term: Call, frame: Frame) -> tuple[Given, ...]:
    """Return the possible arguments of a call, none where there are too many of them."""
    if not straight_lines.in_function_body(frame, term.at[0]) and any(_is_given(base, frame) for base in starred(term)):
        return ()  # what callers give may decide whether the call is made
    named = tuple(name for name, _ in term.kwargs if name)
    found = [Given(sum(1 for a in term.args if not isinstance(a, Star)), named, named, False)]
    for argument in term.args:
        if isinstance(argument, Star):
            found = [_more(outcome, count) for outcome in found for count in _counts(ev.eval(argument.base, frame))]
    for name, value in term.kwargs:
        if not name:
            found = [_with_names(outcome, obj) for outcome in found for obj in ev.eval(value, frame)]
        if len(found) > MAX_GIVEN:
            return ()
    return tuple(dict.fromkeys(found))


def starred(term: Call) -> list[AnyTerm]:
    """List what a call spreads: `*values` and `**labels`."""
    return [a.base for a in term.args if isinstance(a, Star)] + [value for name, value in term.kwargs if not name]


def _is_given(term: AnyTerm, frame: Frame) -> bool:
    """Tell whether a term is a parameter."""
    return isinstance(terms.without_tests(term, frame), Param)


def _more(outcome: Given, count: int | None) -> Given:
    number = None if outcome.positional is None or count is None else outcome.positional + count
    return Given(number, outcome.certain, outcome.possible, outcome.open)


def _counts(alts: Objects) -> list[int | None]:
    return [_length(obj) for obj in alts] or [None]


def _length(obj: Object) -> int | None:
    """Return the number of elements of a sequence that is known completely."""
    if not isinstance(obj, Sequence) or obj.rest or obj.max_size is not None or obj.chosen is not None or obj.growing or obj.kind == "set":
        return None
    return len(obj.items)


def _with_names(outcome: Given, obj: Object) -> Given:
    if not isinstance(obj, Mapping):
        return Given(outcome.positional, outcome.certain, outcome.possible, True)
    keys = tuple(dict.fromkeys(k for k, _ in obj.entries if isinstance(k, str)))
    certain = tuple(k for k in keys if k not in obj.optional)
    open_ = outcome.open or obj.open or any(isinstance(k, UnknownKey) for k, _ in obj.entries)
    return Given(outcome.positional, _joined(outcome.certain, certain), _joined(outcome.possible, keys), open_)


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def each_given(ev: Evaluator, term: Call, frame: Frame) -> bool:
    """Tell whether all possible arguments happen: their branches come before the call, which is under no other test."""
    spread = starred(term)
    return len(spread) == 1 and _is_decided(ev, spread[0], frame, term.at[0])


def _is_decided(ev: Evaluator, term: AnyTerm, frame: Frame, line: int, depth: int = 0) -> bool:
    """Tell whether the branches that decide a local value end before a line that runs after each of them."""
    if depth > MAX_SPELLING_DEPTH or _is_looped(ev, term, frame, depth):
        return False
    made = terms.without_tests(term, frame)
    if isinstance(made, Call):
        return _is_decided_inside(ev, made, frame, depth)
    first = straight_lines.first_line(term, frame)
    return first is not None and straight_lines.decided(straight_lines.lines_of(frame), first, line)


def _is_looped(ev: Evaluator, term: AnyTerm, frame: Frame, depth: int) -> bool:
    """Tell whether a value is what a loop leaves: that the loop has no turn is no branch that is taken for certain."""
    work, calls = [term], []
    for _ in range(MAX_SPELLED):
        if not work:
            break
        term = work.pop()
        made = frame.ir.defs[term.index].term if isinstance(term, Use) else term
        if isinstance(made, Choice):
            if isinstance(term, Use) and any(isinstance(o, Use) and o.index > term.index for o in made.options):
                return True
            work.extend(made.options)
        elif isinstance(made, (Refine, SetItem, Update)):
            work.append(made.base)
        elif isinstance(made, Use):
            work.append(made)
        elif isinstance(made, Call):
            calls.append(made)
    return depth <= MAX_SPELLING_DEPTH and any(
        _is_looped(ev, returned, obj.file.frame(obj.ir.index), depth + 1)
        for call in calls
        for obj in ev.eval(call.func, frame)
        if isinstance(obj, Function)
        for returned in obj.ir.returns
    )


def _is_decided_inside(ev: Evaluator, call: Call, frame: Frame, depth: int) -> bool:
    """Tell whether a function of the program decides the value that a call of it returns, in one `return`."""
    functions = ev.eval(call.func, frame)
    if len(functions) != 1 or not isinstance(functions[0], Function):
        return False
    function = functions[0]
    ir = function.ir
    if len(ir.returns) != 1 or ir.yields or ir.is_async:
        return False
    returned = ir.returns[0]
    return _is_decided(ev, returned, function.file.frame(ir.index), returned.at[0], depth + 1)


def each_metric(ev: Evaluator, receiver: AnyTerm, frame: Frame, line: int) -> bool:
    """Tell whether each metric that a receiver may be gets to the call.

    A loop uses each of its elements, a choice right before the call may take either side, and a caller has given each value of a parameter.
    What an attribute or a table holds is not enough: other code may know which one it is.
    """
    lines = straight_lines.lines_of(frame)
    loop = straight_lines.iterated(receiver, frame)
    if loop is not None:
        return straight_lines.in_loop_body(lines, loop.at[0], line)
    made = receiver
    for _ in range(MAX_NAMES):
        if isinstance(made, Use):
            made = frame.ir.defs[made.index].term
        elif isinstance(made, Refine):
            return False  # it was tested
        else:
            break
    if isinstance(made, Param):
        return straight_lines.in_function_body(frame, line)
    if isinstance(made, Choice) and all(_is_one(ev, option, frame) for option in made.options):
        first = straight_lines.first_line(receiver, frame)
        return first is not None and straight_lines.decided(lines, first, line)
    return False


def _is_one(ev: Evaluator, term: AnyTerm, frame: Frame) -> bool:
    return sum(isinstance(obj, MetricObject) for obj in ev.eval(term, frame)) == 1
