"""Parts of texts and of sequences by position. Cutting does not bound a text, unless each of its letters is one of a few."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain import date_formats
from cardlint.inference.domain.containers import Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, LibraryPath, Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded, derived, exactly, transformed, unknown
from cardlint.inference.limits import MAX_CUTS, MAX_HASH_DIGITS, MAX_NAMES, MAX_SPELLING_DEPTH
from cardlint.inference.primitives import collections, selections
from cardlint.ir.terms import AnyTerm, Attr, Call, Slice, Text, Use
from cardlint.knowledge import conventions


def sliced(ev: Evaluator, term: Slice, frame: Frame) -> Objects:
    """Evaluate a slice: of a sequence its part, of a text the class of the text."""
    part = _ends_of(ev, term, frame)
    if part is not None and (found := _digits(ev, term.base, part, frame)) is not None:
        return (found,)
    groups = [_part_of(ev, obj, part, term) for obj in ev.eval(term.base, frame)]
    return join_objects(groups) if groups else BOTTOM


def _part_of(ev: Evaluator, obj: Object, part: slice | None, term: Slice) -> Objects:
    if isinstance(obj, Sequence):
        if obj.rest or part is None or obj.max_size is not None or obj.growing:
            cut = selections.thinned((obj,)) if obj.kind == "set" or part is None else (obj,)
            most = min((size for size in (_most(part), obj.most) if size is not None), default=None)
            return tuple(
                Sequence(o.kind, (), (*o.items, *o.rest), chosen=o.chosen if part is None else None, most=most)
                for o in cut
                if isinstance(o, Sequence)
            )
        if obj.kind != "set":
            return (Sequence(obj.kind, obj.items[part]),)
        return (Sequence("set", (), obj.items, most=len(obj.items[part])),)
    if isinstance(obj, ValueSet) and obj.bound is Bound.EXACTLY:
        texts = [v for v in obj.exact if isinstance(v, str)]
        if part is not None:
            return (exactly(dict.fromkeys(t[part] for t in texts)),) if texts else BOTTOM
        if term.step is None and (term.start is None or term.stop is None) and sum(len(t) + 1 for t in texts) <= MAX_CUTS:
            cuts = (t[:end] if term.start is None else t[end:] for t in texts for end in range(len(t) + 1))
            return (exactly(dict.fromkeys(cuts)),)
        size = sum(len(t) * (len(t) + 1) // 2 + 1 for t in texts) if term.step is None else 0
        return (derived(size, "a part of a text from the code", "sliced", obj) if size else unknown("a part of a text with unknown ends"),)
    if isinstance(obj, ValueSet):
        return (transformed(obj, f"sliced {part}") if part is not None else _anywhere(obj),)
    if isinstance(obj, LibraryPath):
        items = collections.as_items(ev, (obj,)) if part is not None else None
        return (Sequence("tuple", items[part]),) if items is not None and part is not None else (obj,)
    return (unknown("a slice of an unknown value"),)


def _most(part: slice | None) -> int | None:
    """Return how many elements a slice lets through at most, whatever it cuts: three of `[:3]`, `[-3:]` and `[1:4]`."""
    if part is None or (part.step is not None and part.step < 0):
        return None
    start, stop = part.start or 0, part.stop
    if stop is None:
        count = -start if start < 0 else None
    elif (start < 0) == (stop < 0):
        count = max(0, stop - start)
    else:
        count = None
    return -(-count // (part.step or 1)) if count is not None else None


def _anywhere(obj: ValueSet) -> ValueSet:
    """Return a part of a text that is known by its class, with ends that are not known: one text has many of these."""
    return obj if obj.bound > Bound.BOUNDED else unknown("a part of a text with unknown ends")


def _ends_of(ev: Evaluator, term: Slice, frame: Frame) -> slice | None:
    """Return the slice of a term, None when one of its ends is not a constant."""
    ends: list[int | None] = []
    for end in (term.start, term.stop, term.step):
        value = ev.value(end, frame) if end is not None else None
        if value is None:
            ends.append(None)
        elif value.bound is Bound.EXACTLY and len(value.exact) == 1 and (value.exact[0] is None or type(value.exact[0]) is int):
            ends.append(value.exact[0])
        else:
            return None
    return slice(*ends) if ends[2] != 0 else None


def letter(ev: Evaluator, base: AnyTerm, key: ValueSet, frame: Frame) -> ValueSet | None:
    """Return one letter of a text of digits or of a date, None for any other text."""
    text = made_of(ev, base, frame)
    if text in ("hexadecimal", "bytes"):
        return bounded(16, "one digit of a hash") if text == "hexadecimal" else bounded(256, "one byte of a hash")
    if text != "date" or len(key.exact) != 1 or not isinstance(key.exact[0], int):
        return None
    size = date_formats.size_of_part(key.exact[0], key.exact[0] + 1)
    return derived(size, "a digit of the date that repeats", ("date", key.exact[0])) if size is not None else None


def _digits(ev: Evaluator, base: AnyTerm, part: slice, frame: Frame) -> ValueSet | None:
    """Return some digits of a hash, or fields of a date that repeat; None where there are too many, or the text is another."""
    text = made_of(ev, base, frame)
    if text in ("hexadecimal", "bytes"):
        count = len(range(1_000)[part])
        letters = 16 if text == "hexadecimal" else 256
        few = count > 0 and letters**count <= 16**MAX_HASH_DIGITS
        return derived(letters**count, "the first digits of a hash", ("digits", letters, count)) if few else None
    if text != "date" or part.step is not None:
        return None
    size = date_formats.size_of_part(part.start or 0, part.stop)
    return derived(size, "a part of the date that repeats", ("date", part.start, part.stop)) if size is not None else None


def made_of(ev: Evaluator, term: AnyTerm, frame: Frame, depth: int = 0) -> str:
    """Tell what a text is made of, as it is written: `hexadecimal` digits, `bytes`, the fields of a `date`, or anything else."""
    for _ in range(MAX_NAMES):
        if (
            not isinstance(term, Use)
            or term.index >= len(frame.ir.defs)
            or (frame.iteration_bindings and term.index in frame.iteration_bindings)
        ):
            break
        term = frame.ir.defs[term.index].term
    if depth > MAX_SPELLING_DEPTH:
        return ""
    if isinstance(term, Text) and len(term.parts) == 1:
        return _as_text(ev, term.parts[0], frame)
    if isinstance(term, Attr) and term.name in ("hex", "bytes"):
        return {"hex": "hexadecimal", "bytes": "bytes"}[term.name] if _all_paths(ev.eval(term.base, frame), UUIDS) else ""
    if not isinstance(term, Call):
        return ""
    if isinstance(term.func, Attr):
        name = term.func.name
        if name in HEXADECIMAL or name in BYTES:
            return "hexadecimal" if name in HEXADECIMAL else "bytes"
        if name in ("lower", "upper"):
            return made_of(ev, term.func.base, frame, depth + 1)
        if name == "isoformat" and not term.args and not term.kwargs:
            return "date" if _all_paths(ev.eval(term.func.base, frame), DATES) else ""
        return ""
    if len(term.args) == 1 and not term.kwargs and _all_paths(ev.eval(term.func, frame), ("builtins.str",)):
        return _as_text(ev, term.args[0], frame)
    return ""


HEXADECIMAL = conventions.names(conventions.HEXADECIMAL)
BYTES = conventions.names(conventions.BYTES)
UUIDS = tuple(f"uuid.{name}()" for name in ("uuid1", "uuid3", "uuid4", "uuid5", "uuid6", "uuid7", "uuid8", "UUID"))
DATES = ("datetime.datetime.now()", "datetime.datetime.utcnow()", "datetime.datetime.today()", "datetime.datetime", "datetime.date")


def _as_text(ev: Evaluator, term: AnyTerm, frame: Frame) -> str:
    alts = ev.eval(term, frame)
    return "hexadecimal" if _all_paths(alts, UUIDS) else "date" if _all_paths(alts, DATES) else ""


def _all_paths(alts: Objects, paths: tuple[str, ...]) -> bool:
    """Tell whether every alternative is one of some things of a library."""
    return bool(alts) and all(isinstance(o, LibraryPath) and o.path in paths for o in alts)
