"""Changes of containers: what is put, merged, appended and dropped, in the flow of a function and from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from cardlint.facts.model import Store
from cardlint.facts.terms import (
    AnyTerm,
    Const,
    Drop,
    Grow,
    Merge,
    Narrow,
    Put,
    Ref,
    Scalar,
    Star,
)
from cardlint.link import growth
from cardlint.link.frames import FileState, Frame
from cardlint.link.objects import (
    NOTHING,
    Alts,
    AnyKey,
    Ext,
    Instance,
    Mapping,
    Obj,
    Sequence,
    Thunk,
    merge,
)
from cardlint.link.values import Cls as Class
from cardlint.link.values import Value, unknown

if TYPE_CHECKING:
    from cardlint.link.evaluator import Evaluator
from cardlint.link.containers import MAX_UNROLL, as_items, elements, entries_of, keyed, uncertain

ITEM_STORED = r"\](?:[\s)\]]{200}|[\s)\]]*+(?:\\\n\s*+)?(?:(?://|\*\*|<<|>>|[-+*/%@&|^])?=(?!=)|[,:]|in(?!\w)))"
"""How an item is stored, alone or among several: by an assignment, a loop, a `with`. Behind very many brackets, anything counts."""
ITEM_STORE = re.compile(ITEM_STORED)
"""How `base[key] = value` looks in the text of a function."""


def put(ev: Evaluator, term: Put, frame: Frame) -> Alts:
    """Evaluate a container after `base[key] = value`."""
    from cardlint.link.loops import one_of_several

    out: list[Obj] = []
    for obj in _as_dictionaries(ev, ev.eval(term.base, frame)):
        if isinstance(obj, Mapping):
            entries = _put_entries(ev, term, frame)
            certain = len(entries) == 1 and not isinstance(entries[0][0], AnyKey) and not one_of_several(ev, frame, term.key)
            optional = obj.optional - {entries[0][0]} if certain else obj.optional | uncertain(entries)
            out.append(Mapping((*obj.entries, *entries), obj.open, optional))
        elif isinstance(obj, Sequence):
            position = _constant_position(ev, term.key, frame)
            if position is not None and not obj.rest and -len(obj.items) <= position < len(obj.items):
                items = list(obj.items)
                items[position] = frame.thunk(term.value)
                out.append(Sequence(obj.kind, tuple(items)))
            else:
                out.append(Sequence(obj.kind, (), (*obj.items, *obj.rest, frame.thunk(term.value))))
        else:
            out.append(obj)
    return tuple(out)


def _as_dictionaries(ev: Evaluator, alts: Alts) -> Alts:
    """Take what the constructor of a TypedDict has made for the dictionary that it is: whoever stores an item changes it."""
    if not any(isinstance(o, Instance) for o in alts):
        return alts
    from cardlint.link.attributes import TYPED_DICTS
    from cardlint.link.builtin_calls import dictionary
    from cardlint.link.classes import external_bases

    out: list[Obj] = []
    for obj in alts:
        if isinstance(obj, Instance) and obj.made is not None and any(path in TYPED_DICTS for path in external_bases(ev, obj.cls)):
            out.extend(dictionary(ev, *obj.made))
        else:
            out.append(obj)
    return tuple(out)


def _put_entries(ev: Evaluator, term: Put, frame: Frame) -> list[tuple[Scalar | AnyKey, Thunk]]:
    """Make the entries of `base[key] = value`; where a loop copies known keys, each key keeps its own value."""
    from cardlint.link import loops

    if loops.loop_in(term.key, frame) is None:
        return keyed(ev, term.key, frame.thunk(term.value), frame)
    out: list[tuple[Scalar | AnyKey, Thunk]] = []
    made = loops.turns(ev, frame, term.key)
    if made == [frame] and (index := loops.target_of(term.key, frame)) is not None:
        entries = keyed(ev, term.key, frame.thunk(term.value), frame)
        under = partial(loops.under_key, frame, index, term.value)  # `copy[key] = given[key]`: each key has its own, whichever they are
        return [(AnyKey(k.keys, under, k.apart) if isinstance(k, AnyKey) else k, thunk) for k, thunk in entries]
    for turn in made:
        if turn is frame or ev.eval(term.key, turn):  # a test may rule the assignment out in this turn
            out.extend(keyed(ev, term.key, turn.thunk(term.value), turn))
    return out


def _constant_position(ev: Evaluator, term: AnyTerm, frame: Frame) -> int | None:
    key = ev.value(term, frame)
    only = key.exact[0] if key.cls is Class.EXACTLY and len(key.exact) == 1 else None
    return only if isinstance(only, int) and not isinstance(only, bool) else None


def merged(ev: Evaluator, term: Merge, frame: Frame) -> Alts:
    """Evaluate a mapping after `update` or `|=`; of sets, the union; of numbers, nothing we know."""
    base = ev.eval(term.base, frame)
    if not any(isinstance(o, (Mapping, Sequence)) for o in base):
        return base
    other = ev.eval(term.other, frame)
    return union(ev, base, other, term.other, frame)


def union(ev: Evaluator, base: Alts, other: Alts, term: AnyTerm | None = None, frame: Frame | None = None) -> Alts:
    """Merge two mappings, or two sets."""
    out: list[Obj] = []
    entries, open_, optional = entries_of(ev, other, term, frame)
    for obj in base:
        if isinstance(obj, Mapping):
            out.append(Mapping((*obj.entries, *entries), obj.open or open_, obj.optional | optional))
        elif isinstance(obj, Sequence):
            rest = [Thunk(None, None, elements(ev, o)) for o in other if isinstance(o, Sequence)]
            out.append(Sequence(obj.kind, obj.items, (*obj.rest, *rest)))
        else:
            out.append(obj)
    return tuple(out)


def grown(ev: Evaluator, term: Grow, frame: Frame) -> Alts:
    """Evaluate a list or set after `append`, `add` or `extend`; at the head of a loop stands what all its turns append."""
    whole = growth.whole(ev, term, frame)
    if whole is not None:
        return whole
    out: list[Obj] = []
    for obj in ev.eval(term.base, frame):
        if not isinstance(obj, Sequence):
            out.append(obj)
            continue
        added = as_items(ev, ev.eval(term.item.base, frame)) if isinstance(term.item, Star) else _added(ev, term.item, frame)
        if added is not None and not obj.rest and len(obj.items) < MAX_UNROLL and not any(a in obj.items for a in added):
            out.append(Sequence(obj.kind, (*obj.items, *added)))
        else:
            out.append(Sequence(obj.kind, obj.items, (*obj.rest, frame.thunk(term.item))))
    return tuple(out)


def _added(ev: Evaluator, item: AnyTerm, frame: Frame) -> tuple[Thunk, ...]:
    """Return what `append` adds: in a loop over known elements, one value for each of its turns."""
    from cardlint.link.loops import loop_in, turns

    key = (frame, id(item))
    kept: dict[object, tuple[Thunk, ...]] = ev.cache("added")
    known = kept.get(key)
    if known is None:
        made = turns(ev, frame, item) if loop_in(item, frame) is not None else [frame]
        known = tuple(turn.thunk(item) for turn in made)
        kept[key] = known
    return known


def dropped(ev: Evaluator, term: Drop, frame: Frame) -> Alts:
    """Evaluate a container after `del base[key]` or `pop`."""
    base = ev.eval(term.base, frame)
    if not any(isinstance(o, Mapping) for o in base):
        return base
    key = ev.value(term.key, frame)
    out: list[Obj] = []
    for obj in base:
        if isinstance(obj, Mapping) and key.cls is Class.EXACTLY and len(key.exact) == 1:
            out.append(Mapping(tuple(e for e in obj.entries if isinstance(e[0], AnyKey) or e[0] != key.exact[0]), obj.open, obj.optional))
        else:
            out.append(obj)
    return tuple(out)


def with_changes(ev: Evaluator, alts: Alts, state: FileState, *paths: str) -> Alts:
    """Add to containers what functions put into them later: `METRICS[name] = ...`, `SEEN.add(x)`, `self.labels.update(...)`."""
    if not any(isinstance(o, (Mapping, Sequence)) for o in alts):
        return alts
    from cardlint.link.imports import container_stores

    stores = [(o, s) for path in paths for o, s in container_stores(state, path)]
    return _changed(ev, alts, stores, state, state.frame) if stores else alts


def changed_inside(ev: Evaluator, alts: Alts, name: str, frame: Frame) -> Alts:
    """Add to a container of a function what functions inside of it put there: `seen["status"] = ...` in the wrapper of `send`."""
    if frame.fact.kind != "function" or not any(isinstance(o, (Mapping, Sequence)) for o in alts):
        return alts
    from cardlint.link.callers import makes_function

    if not makes_function(ev, frame.file, frame.fact):
        return alts
    from cardlint.link.imports import container_stores, within

    functions = frame.file.facts.functions
    stores = []
    for owner, store in container_stores(frame.file, name):
        above = functions[owner].parent
        while above > frame.fact.index:
            above = functions[above].parent
        if above == frame.fact.index:
            stores.append((owner, store))
    return _changed(ev, alts, stores, frame.file, partial(within, frame)) if stores else alts


def _changed(ev: Evaluator, alts: Alts, stores: list[tuple[int, Store]], state: FileState, at: Callable[[int], Frame]) -> Alts:
    """Add what stores put into containers, each in the frame of the function it stands in."""
    from cardlint.link.keyed import keyed_by_callers

    out: list[Obj] = []
    room = _room(ev, stores, state)
    for obj in alts:
        for owner, store in stores:
            frame = at(owner)
            if isinstance(obj, Mapping) and store.how == "item" and store.key is not None:
                held = frame.thunk(store.value)
                key_of = AnyKey(frame.thunk(store.key), keyed_by_callers(ev, store, frame, held))
                obj = Mapping((*obj.entries, (key_of, held)), obj.open, obj.optional)
                obj = _specific(ev, obj, store.key, frame)
            elif isinstance(obj, Mapping) and store.how == "merge":
                key = ("merging", id(store))
                if key in ev.cache("merging"):
                    continue
                ev.cache("merging")[key] = True
                try:
                    entries, open_, optional = entries_of(ev, ev.eval(store.value, frame), store.value, frame)
                finally:
                    del ev.cache("merging")[key]
                obj = Mapping((*obj.entries, *entries), obj.open or open_, obj.optional | optional)
            elif isinstance(obj, Sequence) and store.how in ("grow", "merge"):
                value = store.value
                thunk = frame.element(value, value.at) if store.how == "merge" else frame.thunk(value)
                obj = Sequence(obj.kind, obj.items, (*obj.rest, thunk))
            elif isinstance(obj, Sequence) and store.how == "item" and obj.kind != "set":
                obj = Sequence(obj.kind, (), (*obj.items, *obj.rest, frame.thunk(store.value)))
        if room is not None and isinstance(obj, Sequence) and obj.kind == "set":
            obj = Sequence(obj.kind, obj.items, obj.rest, len(obj.items) + room)
        out.append(obj)
    return tuple(out)


def filled_elsewhere(alts: Alts) -> Alts:
    """Count containers that are empty, though they are kept for others to fill, as holding anything: nobody keeps an empty one."""
    out: list[Obj] = []
    for obj in alts:
        if isinstance(obj, Mapping) and not obj.entries and not obj.open:
            obj = Mapping((), True)
        elif isinstance(obj, Sequence) and obj.kind in ("list", "set") and not obj.items and not obj.rest:
            obj = Sequence(obj.kind, (), (Thunk(None, None, (unknown("a collection that is filled elsewhere"),)),))
        out.append(obj)
    return tuple(out)


def _room(ev: Evaluator, stores: list[tuple[int, Store]], state: FileState) -> int | None:
    """Return how many elements stores can add when each of them first looks whether there is room."""
    most = 0
    for owner, store in stores:
        base = store.base
        while isinstance(base, Ref):
            base = state.facts.functions[owner].defs[base.index].term
        if store.how != "grow" or not isinstance(base, Narrow) or base.guard != "room" or base.by is None:
            return None
        limit = ev.value(base.by, state.frame(owner))
        if limit.cls is not Class.EXACTLY or len(limit.exact) != 1 or not isinstance(limit.exact[0], int):
            return None
        most = max(most, limit.exact[0] + 1)
    return most


def _specific(ev: Evaluator, obj: Mapping, key: AnyTerm, frame: Frame) -> Mapping:
    """Give the last entry its constant keys where the key is a literal; others stay under any key."""

    if isinstance(key, Const):
        last = obj.entries[-1][1]
        return Mapping((*obj.entries[:-1], (key.value, last)), obj.open, obj.optional | {key.value})
    return obj


def stored_item(ev: Evaluator, key: str, owner: Ext, frame: Frame) -> Alts:
    """Find what the tree stores under a constant key of a library object: `app["metrics"] = ...`."""
    if not keeps_items(owner.path):
        return NOTHING
    table = ev.cache("stored_item")
    if key in table:
        return table[key]  # type: ignore[no-any-return]
    table[key] = NOTHING
    groups: list[Alts] = []
    with ev.pending(table, key):
        for path in ev.modules.mentioning(frame.file, key):
            state = ev.modules.state(path)
            if state is None:
                continue
            state.facts.reveal(ITEM_STORE)
            for fact in list(state.facts.functions):
                for store in fact.stores if fact.reveal is None else ():
                    if store.how == "item" and store.key is not None and _is_key(ev, store.key, key, state.frame(fact.index)):
                        held = ev.eval(store.base, state.frame(fact.index))
                        if any(isinstance(o, (Ext, Value)) for o in held):
                            groups.append(ev.eval(store.value, state.frame(fact.index)))
    table[key] = merge(groups) if groups else NOTHING
    return table[key]  # type: ignore[no-any-return]


def _is_key(ev: Evaluator, term: AnyTerm, key: str, frame: Frame) -> bool:
    if isinstance(term, Ref):
        return False
    alts = ev.eval(term, frame)
    return len(alts) == 1 and isinstance(alts[0], Value) and alts[0].exact == (key,)


def keeps_items(path: str) -> bool:
    """Tell whether an external object is one on which programs keep their own items: applications and their state."""
    last = path.rpartition(".")[2].split("(")[0]
    return last.lower() in {"app", "state", "application", "flask", "config", "extensions", "g", "sanic", "fastapi", "ctx", "registry"}
