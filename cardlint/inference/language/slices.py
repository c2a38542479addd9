"""Parts of texts and of sequences by position.

Cutting does not bound a text, unless each of its letters is one of a few. A text that the program puts together, such as
`f"{kind}:{key}"`, is cut where its separators are written.
"""

from __future__ import annotations

from typing import TypeAlias

from cardlint.inference.callgraph import callers
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain import date_formats
from cardlint.inference.domain.containers import Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, Function, LibraryPath, Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded, compose, derived, exactly, label_text, transformed, unknown
from cardlint.inference.limits import MAX_CUTS, MAX_HASH_DIGITS, MAX_NAMES, MAX_SPELLED, MAX_SPELLING_DEPTH
from cardlint.inference.primitives import binding, collections, selections
from cardlint.ir.terms import AnyTerm, Attr, Call, Choice, Const, Item, Op, Param, Refine, Seq, Slice, Star, Text, Use
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


class Part:
    """A part of a text that is put together, between two separators or next to one; `loose` where the separator may be in it, too."""

    __slots__ = ("loose", "value")

    def __init__(self, value: ValueSet, loose: bool) -> None:
        self.value = value
        self.loose = loose


SEPARATOR = None
"""A separator among the parts of a text."""
Parts: TypeAlias = list["Part | None"]


def part_of_split(ev: Evaluator, term: Item, key: ValueSet, frame: Frame) -> Objects | None:
    """Return a part of a text that the program puts together and cuts again, such as the kind of `f"{kind}:{key}".split(":")[0]`.

    None where no such text is known: then each part is as open as the whole.
    """
    call = _named(term.base, frame)
    position = key.exact[0] if key.bound is Bound.EXACTLY and len(key.exact) == 1 else None
    if not isinstance(call, Call) or not isinstance(call.func, Attr) or call.func.name not in SPLITTING or type(position) is not int:
        return None
    given = [ev.value(a, frame) for a in call.args if not isinstance(a, Star)]
    known = [g.exact[0] for g in given if g.bound is Bound.EXACTLY and len(g.exact) == 1]
    if call.kwargs or not 1 <= len(known) == len(call.args) <= 2 or not isinstance(known[0], str) or len(known[0]) != 1:
        return None  # a longer separator may begin in one part and end in the next one
    most = known[1] if len(known) == 2 else 1 if "partition" in call.func.name else -1
    texts = _put_together(ev, call.func.base, frame, 0)
    if type(most) is not int or all(len(parts) == 1 for parts in texts):
        return None
    groups: list[Objects] = []
    for parts in texts:
        cut = _cut(parts, known[0])
        if len(parts) == 1 and any(part is not None and part.loose for part in cut):
            groups.append((unknown("a part of a text"),) if parts[0].value.kind == "combination" else (parts[0].value,))
        else:
            groups.append(_piece(cut, call.func.name, position, most, known[0]))
    return join_objects([g for g in groups if g]) if any(groups) else BOTTOM


SPLITTING = frozenset({"split", "rsplit", "partition", "rpartition"})
"""Methods that cut a text at a separator."""


def _named(term: AnyTerm, frame: Frame) -> AnyTerm:
    """Return what a name means, also where it was tested."""
    for _ in range(MAX_NAMES):
        if isinstance(term, Refine):
            term = term.base
        elif isinstance(term, Use) and term.index < len(frame.ir.defs) and term.index not in (frame.iteration_bindings or ()):
            term = frame.ir.defs[term.index].term
        else:
            break
    return term


def _put_together(ev: Evaluator, written: AnyTerm, frame: Frame, depth: int) -> list[list[Part]]:
    """List the texts that a term can be, each as its parts in order; a text of which no parts are known is one part."""
    term = _named(written, frame)
    if depth <= MAX_SPELLING_DEPTH:
        if isinstance(term, Text):
            return [[_part(ev, part, frame) for part in term.parts]]
        if isinstance(term, Choice) and len(term.options) <= MAX_SPELLED:
            return [text for option in term.options for text in _put_together(ev, option, frame, depth + 1)]
        if isinstance(term, Op) and term.op == "+":
            texts: list[list[Part]] = [[]]
            for side in term.args:
                texts = [[*before, *after] for before in texts for after in _put_together(ev, side, frame, depth + 1)]
                if len(texts) > MAX_SPELLED:
                    return [[_part(ev, written, frame)]]
            return texts
        if isinstance(term, Param):
            return _passed(ev, term, frame, depth)
        if isinstance(term, Call):
            return _made_by_call(ev, term, frame, depth) or [[_part(ev, written, frame)]]
    return [[_part(ev, written, frame)]]


def _made_by_call(ev: Evaluator, term: Call, frame: Frame, depth: int) -> list[list[Part]]:
    """List the texts that a function of the program returns, or `":".join((kind, key))`; nothing for other calls."""
    if isinstance(term.func, Attr) and term.func.name == "join" and isinstance(term.func.base, Const) and len(term.args) == 1:
        joined = _named(term.args[0], frame)
        if not isinstance(joined, Seq) or joined.kind == "set" or not joined.items or any(isinstance(item, Star) for item in joined.items):
            return []
        between = _part(ev, term.func.base, frame)
        parts = [part for item in joined.items for part in (between, _part(ev, item, frame))]
        return [parts[1:]]
    called = ev.eval(term.func, frame)
    if len(called) != 1 or not isinstance(called[0], Function) or called[0].ir.yields or (called[0].ir.decorators and not called[0].bare):
        return []
    inner = binding.bound_frame(ev, called[0], term, frame)
    if inner is None:
        return []
    reached = [r for r, guards in zip(inner.ir.returns, inner.ir.guards, strict=True) if binding.reached(ev, guards, inner)]
    texts = [text for result in reached[:MAX_SPELLED] for text in _put_together(ev, result, inner, depth + 1)]
    return texts if len(reached) <= MAX_SPELLED else []


def _part(ev: Evaluator, term: AnyTerm, frame: Frame) -> Part:
    return Part(ev.value(term, frame), made_of(ev, term, frame) != "hexadecimal")


def _passed(ev: Evaluator, term: Param, frame: Frame, depth: int) -> list[list[Part]]:
    """List the texts that calls pass for a parameter. Of a value that is not known they are not asked: the parts would not be known either."""
    whole = [[_part(ev, term, frame)]]
    found = next((p for p in frame.ir.params if p.name == term.name), None)
    if found is None or found.kind in ("star", "dstar") or whole[0][0].value.bound is Bound.UNKNOWN:
        return whole
    if frame.bindings is not None:
        thunks = [frame.bindings.get(term.name)]
    else:
        sites = callers.callers_of(ev, frame.file, frame.ir)
        if (
            not 0 < len(sites) <= MAX_SPELLED
            or frame.file.frame(frame.ir.index) is not frame
            or callers.callers_incomplete(ev, frame.file, frame.ir)
            or ev.frameworks.parameter(ev, found, frame, BOTTOM) is not None
        ):
            return whole
        thunks = [site.binding(ev, frame, term.name) for site in sites]
    out: list[list[Part]] = []
    for thunk in thunks:
        if thunk is None and isinstance(found.default, Const) and found.default.value is None:
            continue  # None cannot be cut
        if type(thunk) is not Lazy or thunk.term is None or thunk.frame is None:
            return whole
        out.extend(_put_together(ev, thunk.term, thunk.frame, depth + 1))
    return out


def _cut(text: list[Part], separator: str) -> Parts:
    """Cut the parts of a text at the separators that are written in it."""
    out: Parts = []
    for part in text:
        if part.value.bound is not Bound.EXACTLY:
            digits = separator.lower() in "0123456789abcdef-"
            out.append(Part(part.value, part.loose or digits))
        elif len(part.value.exact) == 1:
            for number, piece in enumerate(label_text(part.value.exact[0]).split(separator)):
                out.extend([SEPARATOR] if number else [])
                out.append(Part(exactly((piece,)), False))
        else:
            out.append(Part(part.value, any(separator in label_text(v) for v in part.value.exact)))
    return out


def _piece(text: Parts, method: str, position: int, most: int, separator: str) -> Objects:
    """Return the part of a cut text at a position. Where an open part may hold separators, the position that is written is open, too."""
    found = _at(text, method, position, most, separator)
    if found != (NOT_CUT,):
        return found
    tight: Parts = [None if part is None else Part(part.value, False) for part in text]
    written = _at(tight, method, position, most, separator)
    if not written:  # only an open part can have so many separators
        written = join_objects([(_whole_or_cut(part, separator),) for part in text if part is not None and part.loose])
    return written if all(isinstance(o, ValueSet) and o.bound is Bound.UNBOUNDED for o in written) else found


def _at(text: Parts, method: str, position: int, most: int, separator: str) -> Objects:
    if "partition" in method:
        return _third(text, position % 3, separator, method == "rpartition")
    return _nth(text, position, most, separator, method == "rsplit")


def _third(text: Parts, position: int, separator: str, from_end: bool) -> Objects:
    """Return what is before the first separator, it itself, or what is after it; `from_end` of the last one."""
    if SEPARATOR not in text and position != (2 if from_end else 0):
        return (NOT_CUT,)
    if position == 1:
        return (exactly((separator,)),)
    return _nth(text, position // 2 - 2 * from_end, 1, separator, from_end)


def _nth(text: Parts, position: int, most: int, separator: str, from_end: bool) -> Objects:
    """Return the part of a cut text at a position, where it is cut at most so many times, from the start or `from_end`."""
    certain, loose = text.count(SEPARATOR), any(part is not None and part.loose for part in text)
    if most >= 0 and (position < 0) != from_end:
        if certain < most and loose:
            return (NOT_CUT,)
        length = min(certain, most) + 1
        position += length if position < 0 else -length
        if (position < 0) != from_end:
            return BOTTOM
    index = -position - 1 if position < 0 else position
    if most >= 0 and index > most:
        return BOTTOM
    ordered = text[::-1] if position < 0 else text
    start = 0
    for _ in range(index):
        end = next((i for i, part in enumerate(ordered[start:], start) if part is SEPARATOR), None)
        if any(part is not None and part.loose for part in ordered[start:end]):
            return (NOT_CUT,)
        if end is None:
            return BOTTOM
        start = end + 1
    rest = ordered[start:]
    piece = rest if index == most else rest[: rest.index(SEPARATOR)] if SEPARATOR in rest else rest
    return (compose([_whole_or_cut(part, separator) for part in (piece[::-1] if position < 0 else piece)]),)


def _whole_or_cut(part: Part | None, separator: str) -> ValueSet:
    """Return the values of a part; where it may be cut, each of them gives one text, and perhaps another one."""
    if part is None:
        return exactly((separator,))
    if not part.loose:
        return part.value
    if part.value.bound is Bound.EXACTLY:
        return derived(len(part.value.exact), "a part of a text from the code", "cut", part.value)
    return transformed(part.value, "cut")


NOT_CUT = unknown("a part of a text of which it is not known where it is cut")
