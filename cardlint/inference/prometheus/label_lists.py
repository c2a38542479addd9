"""Label lists: the names that a constructor is given, where each is written, and whether there may be others."""

from __future__ import annotations

from msgspec import Struct

from cardlint.findings import Place
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.metric_info import MetricInfo
from cardlint.inference.domain.objects import BOTTOM, ClassObject, EnumMember, Object
from cardlint.inference.domain.value_sets import Bound, ValueSet, join
from cardlint.inference.primitives import collections, enums
from cardlint.ir.terms import At, Const


class LabelNames(Struct, frozen=True):
    """The label names of a constructor, as far as they are known."""

    names: tuple[str, ...] | None = None
    places: dict[str, Place] = {}
    """the place of each name that is a literal"""
    also: dict[str, tuple[Place, ...]] = {}
    """further places of a name, in the lists of other classes or callers"""
    open: bool = False
    """there may be more"""
    one_string: bool = False
    """the list is one text, and each of its letters becomes a label"""
    elements: ValueSet | None = None
    """the set of names, where they are not constants"""


def label_names(ev: Evaluator, info: MetricInfo) -> LabelNames:
    """Compute the label names of a constructor; of several lists the longest counts."""
    term = info.arguments.get("labelnames")
    if term is None:
        return LabelNames(())
    best: tuple[str, ...] | None = None
    open_ = False
    elements: ValueSet | None = None
    each: list[dict[str, Place]] = []
    for obj in ev.eval(term, info.frame):
        if isinstance(obj, ValueSet):
            if obj.bound is Bound.EXACTLY and len(obj.exact) == 1 and isinstance(obj.exact[0], str):
                return LabelNames(tuple(obj.exact[0]), one_string=True)
            if obj.bound is Bound.EXACTLY and obj.exact == (None,):
                best = best or ()
                continue
            open_ = True
            elements = obj if elements is None else join((elements, obj))
            continue
        names, found, more, rest = _names_of(ev, obj, info.frame, term.at)
        if names is None:
            open_ = True
            continue
        open_ = open_ or more or (best is not None and best != names and best != ())
        each.append(found)
        if best is None or len(names) > len(best):
            best = names
            each.insert(0, each.pop())
        if rest is not None:
            elements = rest if elements is None else join((elements, rest))
    places, also = _places(each)
    return LabelNames(best, places, also, open_, False, elements)


def _places(each: list[dict[str, Place]]) -> tuple[dict[str, Place], dict[str, tuple[Place, ...]]]:
    """Return the place of each label name in the list that counts, and its places in the others."""
    places = dict(each[0]) if each else {}
    also: dict[str, tuple[Place, ...]] = {}
    for found in each[1:]:
        for name, place in found.items():
            if place != places.setdefault(name, place) and place not in also.get(name, ()):
                also[name] = (*also.get(name, ()), place)
    return places, also


def lists_vary(ev: Evaluator, info: MetricInfo) -> bool:
    """Tell whether a constructor is given one of several label lists, each of them known: it makes several metrics."""
    term = info.arguments.get("labelnames")
    lists = [_names_of(ev, o, info.frame, term.at) for o in ev.eval(term, info.frame)] if term is not None else []
    known = {names for names, _, more, _ in lists if names is not None and not more}
    return len(known) > 1 and len(lists) == sum(1 for names, _, more, _ in lists if names is not None and not more)


def labels_vary(ev: Evaluator, info: MetricInfo) -> bool:
    """Tell whether a constructor may be given one of several label lists, none at all among them."""
    term = info.arguments.get("labelnames")
    alts = ev.eval(term, info.frame) if term is not None else BOTTOM
    lists = {
        () if isinstance(o, ValueSet) and o.exact == (None,) else _names_of(ev, o, info.frame, term.at)[0] for o in alts if term is not None
    }
    return len(lists) > 1


def is_shifted(ev: Evaluator, info: MetricInfo) -> bool:
    """Tell whether one place of the label list holds one of several names, so that positions in `labelnames` mean nothing."""
    term = info.arguments.get("labelnames")
    for obj in ev.eval(term, info.frame) if term is not None else BOTTOM:
        for thunk in obj.items if isinstance(obj, Sequence) else ():
            value = _name(ev, thunk, info.frame, info.term.at)
            if value.bound is Bound.EXACTLY and len(value.exact) > 1:
                return True
    return False


def _names_of(ev: Evaluator, obj: Object, frame: Frame, at: At) -> tuple[tuple[str, ...] | None, dict[str, Place], bool, ValueSet | None]:
    if isinstance(obj, Mapping):
        names = tuple(dict.fromkeys(str(k) for k, _ in obj.entries if isinstance(k, str)))
        return names, {}, obj.open or len(names) != len(obj.entries), None
    if isinstance(obj, ClassObject):
        items: tuple[Lazy, ...] = collections.as_items(ev, (obj,)) or ()
        rest: tuple[Lazy, ...] = ()
    elif isinstance(obj, Sequence):
        obj = obj.written()  # the names are copied when the metric is made, whatever becomes of the list later
        items, rest = obj.items, obj.rest
    else:
        return None, {}, True, None
    out: list[str] = []
    places: dict[str, Place] = {}
    more = bool(rest) or (isinstance(obj, Sequence) and obj.max_size is not None)
    for thunk in items:
        value = _name(ev, thunk, frame, at)
        if value.bound is Bound.EXACTLY and len(value.exact) == 1:
            text = str(value.exact[0])
            out.append(text)
            if isinstance(thunk.term, Const) and thunk.frame is not None:
                places.setdefault(text, thunk.frame.place(thunk.term.at))
        else:
            more = True
            if value.bound is Bound.EXACTLY:
                out.extend(str(v) for v in value.exact)
    further = [_name(ev, t, frame, at) for t in rest]
    for value in further:
        if value.bound is Bound.EXACTLY:
            out.extend(str(v) for v in value.exact if str(v) not in out)
    return tuple(out), places, more, join(further)


def _name(ev: Evaluator, thunk: Lazy, frame: Frame, at: At) -> ValueSet:
    """Return the name that an element of a list declares: `.labels(kind=...)` is compared with a member of a `(str, Enum)` by its value."""
    alts, where = ev.force(thunk), thunk.frame or frame
    if alts and all(isinstance(o, EnumMember) and enums.equals_its_value(ev, o.cls) for o in alts):
        alts = join_objects([enums.member_attribute(ev, o, "value", where, at) for o in alts if isinstance(o, EnumMember)])
    return ev.scalar(alts, where, at)
