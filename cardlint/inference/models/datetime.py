"""Dates as text: the number of texts that a format of `strftime` can produce."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from cardlint.findings import Confidence
from cardlint.inference.core.protocol import Evaluator, TransferArgs
from cardlint.inference.domain import date_formats
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.objects import LibraryPath, Objects
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import Bound, ValueSet, derived, product, unbounded
from cardlint.ir.terms import AnyTerm, Attr, Call, Star, Use


def strftime(ev: Evaluator, term: Call, frame: Frame, of: ValueSet | None = None) -> ValueSet:
    """Return how many texts a date format can give; with a year it has no bound, unless the date is constant."""
    formats = [ev.value(a, frame) for a in (*term.args, *(v for _, v in term.kwargs)) if not isinstance(a, Star)]
    known = [f for f in formats if f.bound is Bound.EXACTLY and any(isinstance(v, str) and "%" in v for v in f.exact)]
    if of is not None and of.bound <= Bound.BOUNDED:
        whole = product([of, *formats])
        return (
            derived(whole.size or 1, "a date from the code, formatted", "strftime", of, *formats) if whole.bound <= Bound.BOUNDED else whole
        )
    grows = unbounded("time", "a formatted point in time", advice="nothing: Prometheus stores the time of every sample itself")
    grows = grows.step(frame.place(term.at), "a point in time is formatted here")
    if of is not None and of.bound is Bound.UNKNOWN:
        grows = replace(grows, confidence=Confidence.MEDIUM)  # the method alone says that it is a time
    if not known:
        return grows
    zone = 2 if isinstance(term.func, Attr) and _is_of_process(ev, term.func.base, frame) else 0
    return date_formats.repeating([date_formats.size_of(str(text), zone) for text in known[0].exact], known[0].exact) or grows


def _is_of_process(ev: Evaluator, base: AnyTerm, frame: Frame) -> bool:
    """Tell whether a date has the time zone of the process, or one that is written out: two names of it in a year at most."""
    while isinstance(base, Use):
        base = frame.ir.defs[base.index].term
    if not isinstance(base, Call):
        return all(isinstance(o, LibraryPath) and o.path == "time" for o in ev.eval(base, frame))
    path = next((o.path for o in ev.eval(base.func, frame) if isinstance(o, LibraryPath)), "")
    if not path.startswith("datetime.datetime.") or not path.endswith((".now", ".utcnow", ".today")):
        return False
    return all(_is_zone(ev.eval(a, frame)) for a in (*base.args, *(v for _, v in base.kwargs)))


def _is_zone(alts: Objects) -> bool:
    return all(
        o.bound is Bound.EXACTLY
        if isinstance(o, ValueSet)
        else isinstance(o, LibraryPath) and o.path in ("datetime.timezone.utc", "datetime.UTC")
        for o in alts
    )


def formatted(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the text of a date."""
    return (strftime(ev, args.term, args.frame),)


def constant(ev: Evaluator, term: Call, frame: Frame) -> Objects | None:
    """Return a date or a duration that is made of constants, None for any other one."""
    given = [ev.value(a, frame) for a in (*term.args, *(v for _, v in term.kwargs)) if not isinstance(a, Star)]
    if not given or len(given) < len(term.args) + len(term.kwargs) or any(v.bound > Bound.BOUNDED for v in given):
        return None
    whole = product(given)
    return (derived(whole.size or 1, "a date from the code", "date", whole),)


def made(path: str) -> Callable[[Evaluator, Call, Frame], Objects]:
    """Make the evaluation of a constructor of dates: what is made of constants stays, anything else is what its row says."""

    def construct(ev: Evaluator, term: Call, frame: Frame) -> Objects:
        return constant(ev, term, frame) or (LibraryPath(path, append_step(None, frame.place(term.at), "")),)

    return construct
