"""Changes through aliases: what a container holds where it is made, when other names than its own put something into it.

The changes are counted from the beginning, since nothing tells in which order the two names are used.
"""

from __future__ import annotations

from cardlint.inference.callgraph.aliases import Change, changes_of
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping, Sequence, UnknownKey
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.lazy import Lazy, MaybeAdded
from cardlint.inference.domain.objects import BOTTOM, Object, Objects
from cardlint.inference.domain.value_sets import exactly, perhaps, unknown
from cardlint.inference.primitives import collections
from cardlint.inference.primitives.collections import entries_of, keyed
from cardlint.ir.terms import AnyTerm, Const, Scalar

CHANGEABLE = frozenset({"list", "set"})
"""Kinds of sequences that can be changed in place."""


def changed_through_aliases(ev: Evaluator, made: Objects, term: AnyTerm, frame: Frame) -> Objects:
    """Add to a container, where it is made, what is put into it by another name than its own, and what unknown code may put there."""
    if not any(isinstance(o, Mapping) or (isinstance(o, Sequence) and o.kind in CHANGEABLE) for o in made):
        return made
    changes = changes_of(ev, term, frame)
    if not changes:
        return made
    return tuple(_within_limit(ev, _with_change(ev, obj, changes), obj, changes) for obj in made)


def with_default(ev: Evaluator, made: Mapping, default: Objects, own: bool, term: AnyTerm, frame: Frame) -> Mapping:
    """Give a dictionary its default: under each key that is read, with what is put into it there (`d[key].append(x)`).

    A default of `list` or `int` that nothing is put into is no value of the program; what an own function returns is one.
    """
    held = isinstance(default[0], (Sequence, Mapping)) if len(default) == 1 else False
    changes = changes_of(ev, term, frame, 1) if held else ()
    changed = tuple(_with_change(ev, obj, changes) for obj in default)
    value = Lazy(None, None, changed if own or any(c.how != "asked" for c in changes) else BOTTOM)
    made = _under_any_key(Mapping(made.entries, made.open or any(c.how == "open" for c in changes), made.optional), value)
    for change in changes:
        if change.how == "asked" and change.key is not None:
            key = change.key.value if isinstance(change.key, Const) else UnknownKey(change.frame.lazy(change.key))
            made = _with_entries(made, [(key, value)])
    return made


def _under_any_key(made: Mapping, value: Lazy) -> Mapping:
    """Add a default, which is there under any key that is asked for."""
    anything = UnknownKey(Lazy(None, None, (unknown("a key that is asked for"),)), asked=True)
    return Mapping(((anything, value), *made.entries), made.open, made.optional)


def _within_limit(ev: Evaluator, changed: Object, before: Object, changes: tuple[Change, ...]) -> Object:
    """Limit a set whose every change is made only while it is smaller than a number."""
    if not isinstance(changed, Sequence) or not isinstance(before, Sequence) or changed.kind != "set":
        return changed
    most = 0
    for change in changes:
        limit = ev.value(change.limit, change.frame) if change.limit is not None and change.how == "grow" else None
        if limit is None or len(limit.exact) != 1 or not isinstance(limit.exact[0], int):
            return changed
        most = max(most, limit.exact[0] + 1)
    return Sequence(changed.kind, changed.items, changed.rest, len(before.items) + most)


def _with_change(ev: Evaluator, obj: Object, changes: tuple[Change, ...]) -> Object:
    for change in changes:
        frame, value = change.frame, change.value
        if isinstance(obj, Sequence) and obj.kind in CHANGEABLE:
            if change.how == "open":
                added = MaybeAdded(None, None, (perhaps(change.why),))
                obj = Sequence(obj.kind, obj.items, (*obj.rest, added), obj.max_size, obj.attributes, growing=obj.growing)
            elif value is not None:
                thunk = frame.element(value, value.at) if change.how == "extend" else frame.lazy(value)
                obj = Sequence(obj.kind, obj.items, (*obj.rest, thunk), obj.max_size, obj.attributes, growing=obj.growing)
        elif isinstance(obj, Mapping):
            if change.how == "open":
                obj = Mapping((*obj.entries, collections.any_entry(change.why, any_time=True)), True, obj.optional)
            elif change.how == "item" and change.key is not None and value is not None:
                obj = _with_entries(obj, keyed(ev, change.key, frame.lazy(value), frame))
            elif value is not None:
                found, open_, optional = entries_of(ev, ev.eval(value, frame), value, frame)
                obj = _with_entries(Mapping(obj.entries, obj.open or open_, obj.optional | optional), found)
    return obj


def _with_entries(obj: Mapping, entries: list[tuple[Scalar | UnknownKey, Lazy]]) -> Mapping:
    """Add entries that may be stored at any time: those of constant keys may be missing, and may replace later ones."""
    constants = [(k, thunk) for k, thunk in entries if not isinstance(k, UnknownKey)]
    loose = [
        (UnknownKey(k.possible, k.value_for, k.excluded, k.asked, k.only, True), thunk)
        if isinstance(k, UnknownKey)
        else (UnknownKey(Lazy(None, None, (exactly((k,)),)), only=frozenset((k,)), any_time=True), thunk)
        for k, thunk in entries
    ]
    return Mapping((*obj.entries, *constants, *loose), obj.open, obj.optional | {k for k, _ in constants})
