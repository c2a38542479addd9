"""Containers: dictionaries by key, sequences by position, what iteration yields, and how they change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.facts.model import Store
from cardlint.facts.terms import (
    AnyTerm,
    At,
    Const,
    Dict,
    Drop,
    Elem,
    Enter,
    Grow,
    Item,
    Merge,
    Narrow,
    Put,
    Ref,
    Scalar,
    Seq,
    Slice,
    Star,
)
from cardlint.link.frames import FileState, Frame
from cardlint.link.objects import (
    NOTHING,
    Alts,
    AnyKey,
    Cls,
    Ext,
    Function,
    Hint,
    Instance,
    Mapping,
    Member,
    MetricObj,
    Obj,
    Sequence,
    Thunk,
    merge,
)
from cardlint.link.values import Cls as Class
from cardlint.link.values import Value, bounded, exactly, transformed, unknown

if TYPE_CHECKING:
    from cardlint.link.evaluator import Evaluator

ITEM_STORE = re.compile(r"\]\s*=(?!=)")
"""How `base[key] = value` looks in the text of a function."""
MAX_UNROLL = 400
"""Turns of a comprehension over known elements that are computed one by one."""


def mapping(ev: Evaluator, term: Dict, frame: Frame) -> Alts:
    """Evaluate a dictionary display; values stay unevaluated until a key is asked for."""
    entries: list[tuple[Scalar | AnyKey, Thunk]] = []
    open_ = False
    optional: frozenset[Scalar] = frozenset()
    written: frozenset[Scalar] | None = None
    for key, value in term.entries:
        if key is None:
            merged_entries, was_open, maybe = entries_of(ev, ev.eval(value, frame))
            entries.extend(merged_entries)
            open_ = open_ or was_open
            optional |= maybe
            continue
        made = keyed(ev, key, frame.thunk(value), frame)
        if written is None:
            written = frozenset(k.value for k, _ in term.entries if isinstance(k, Const))
        if written and isinstance(made[0][0], AnyKey):  # nobody writes one key twice in one display
            made = [(AnyKey(made[0][0].keys, apart=written), made[0][1])]
        entries.extend(made)
        optional |= uncertain(made)
    return (Mapping(tuple(entries), open_, optional),)


def keyed(ev: Evaluator, key: AnyTerm, value: Thunk, frame: Frame) -> list[tuple[Scalar | AnyKey, Thunk]]:
    """Make the entries of one key: one for every constant it can be, or one under any key."""
    keys = ev.scalar(ev.eval(key, frame), frame, key.at)
    if keys.cls is Class.EXACTLY:
        return [(k, value) for k in keys.exact]
    return [(AnyKey(frame.thunk(key)), value)]


def uncertain(entries: list[tuple[Scalar | AnyKey, Thunk]]) -> frozenset[Scalar]:
    """Return the keys of one assignment that may be missing: of several possible keys only one is assigned."""
    return frozenset(k for k, _ in entries if not isinstance(k, AnyKey)) if len(entries) > 1 else frozenset()


def entries_of(ev: Evaluator, alts: Alts) -> tuple[list[tuple[Scalar | AnyKey, Thunk]], bool, frozenset[Scalar]]:
    """Open mappings for `**`: their entries, whether more may be there, and the keys that may be missing."""
    entries: list[tuple[Scalar | AnyKey, Thunk]] = []
    open_ = False
    optional: set[Scalar] = set()
    mappings = [o for o in alts if isinstance(o, Mapping)]
    for obj in alts:
        if isinstance(obj, Mapping):
            entries.extend(obj.entries)
            open_ = open_ or obj.open
            optional |= obj.optional
            if len(mappings) > 1:
                optional |= {k for k, _ in obj.entries if not isinstance(k, AnyKey)}
        elif not (isinstance(obj, Value) and obj.cls is Class.EXACTLY):
            open_ = True
    return entries, open_, frozenset(optional)


def sequence(ev: Evaluator, term: Seq, frame: Frame) -> Alts:
    """Evaluate a list, tuple or set display, with `*parts` opened."""
    items: list[Thunk] = []
    rest: list[Thunk] = []
    for item_term in term.items:
        if not isinstance(item_term, Star):
            (rest if rest else items).append(frame.thunk(item_term))
            continue
        known = as_items(ev, ev.eval(item_term.base, frame))
        if known is not None and not rest:
            items.extend(known)
        else:
            rest.append(frame.element(item_term.base, item_term.at))
    return (Sequence(term.kind, tuple(items), tuple(rest)),)


def as_items(ev: Evaluator, alts: Alts) -> tuple[Thunk, ...] | None:
    """Return the elements in order when the alternatives are one fully known sequence, else None."""
    if len(alts) != 1:
        return None
    obj = alts[0]
    if isinstance(obj, Sequence):
        return obj.items if not obj.rest and obj.size is None else None
    if isinstance(obj, Mapping):
        if obj.open or obj.optional or any(isinstance(k, AnyKey) for k, _ in obj.entries):
            return None
        return tuple(Thunk(None, None, (exactly((k,)),)) for k in dict.fromkeys(k for k, _ in obj.entries if not isinstance(k, AnyKey)))
    if isinstance(obj, Cls):
        from cardlint.link import classes

        if classes.is_enum(ev, obj):
            return tuple(Thunk(None, None, (Member(obj, n),)) for n in classes.members(ev, obj))
    if isinstance(obj, Value) and obj.cls is Class.EXACTLY and len(obj.exact) == 1 and isinstance(obj.exact[0], str):
        return tuple(Thunk(None, None, (exactly((c,)),)) for c in obj.exact[0])
    return None


def get(ev: Evaluator, base: Alts, key: Value, frame: Frame, at: At) -> Alts:
    """Look a key up in every container among the alternatives; others contribute nothing."""
    groups: list[Alts] = []
    for obj in base:
        if isinstance(obj, Mapping):
            found = lookup(ev, obj, key)
            if found:
                groups.append(found)
    return merge(groups) if groups else NOTHING


def lookup(ev: Evaluator, obj: Mapping, key: Value) -> Alts:
    """Return what a dictionary holds under a key, NOTHING when the key cannot be there.

    An entry under a computed key of which nothing is known counts only where the key is not written out: a program that
    spells a key and then overwrites it by chance is rarer than one that adds keys of its own. What is known counts always.
    """
    groups: list[Alts] = []
    if key.cls is Class.EXACTLY:
        for wanted in key.exact:
            certain, loose = obj.under(wanted)
            pending = [_stored(ev, thunk, wanted) for thunk in certain]
            groups.extend(pending)
            later = [ev.force(thunk) for thunk in loose]
            groups.extend(alts for alts in later if not pending or not _undecided(ev, alts))
    else:
        groups = [ev.force(thunk) for _, thunk in obj.entries]
    if obj.open and not groups:
        groups.append((unknown("the dictionary is filled in a place that is not known"),))
    return merge(groups) if groups else NOTHING


def _undecided(ev: Evaluator, alts: Alts) -> bool:
    """Tell whether nothing at all is known of a value."""
    return all(
        obj.cls is Class.UNKNOWN if isinstance(obj, Value) else isinstance(obj, Ext) and ev.library.row(obj.path) is None for obj in alts
    )


def _stored(ev: Evaluator, thunk: Thunk, key: Scalar) -> Alts:
    """Return what stands under a key, with the place that put it there as a step."""
    alts = ev.force(thunk)
    if thunk.term is None or thunk.frame is None:
        return alts
    return ev.stepped(alts, thunk.frame, thunk.term.at, f"stored under `{key}`")


def item(ev: Evaluator, term: Item, frame: Frame) -> Alts:
    """Evaluate `base[key]` and positions of unpacked tuples."""
    base = ev.eval(term.base, frame)
    key = ev.scalar(ev.eval(term.key, frame), frame, term.key.at)
    groups = [item_of(ev, obj, key, term, frame) for obj in base]
    return merge(groups) if groups else NOTHING


def item_of(ev: Evaluator, obj: Obj, key: Value, term: Item, frame: Frame) -> Alts:
    """Return what one object holds under a key."""
    from cardlint.link import attributes, classes, fields
    from cardlint.link.names import identity_by_name, source_guess

    if isinstance(obj, Mapping):
        return lookup(ev, obj, key)
    if isinstance(obj, Sequence):
        return _position(ev, obj, key)
    if isinstance(obj, Ext) and obj.path.startswith(("typing.", "typing_extensions.")):
        return (Hint(term, frame),)
    if isinstance(obj, Ext):
        token = f"[{key.exact[0]}]" if key.cls is Class.EXACTLY and len(key.exact) == 1 and isinstance(key.exact[0], (str, int)) else "[]"
        found = attributes.external(ev, obj, token, term, frame)
        if len(found) == 1 and isinstance(found[0], Ext) and ev.library.row(found[0].path) is None:
            if isinstance(key.exact[0] if key.exact else None, str):
                stored = stored_item(ev, str(key.exact[0]), obj, frame)
                if stored:
                    return stored
            named = identity_by_name(ev, term, frame)
            if named is not None:
                return (named,)
        return found
    if isinstance(obj, Cls) and classes.is_enum(ev, obj):
        if key.cls is Class.EXACTLY:
            names = [k for k in key.exact if k in classes.members(ev, obj)]
            return merge([(Member(obj, str(n)),) for n in names]) if names else NOTHING
        return (Member(obj, None),)
    if isinstance(obj, Instance):
        getter = classes.class_attribute(ev, obj.cls, "__getitem__", (obj,), frame, term.at)
        if getter and isinstance(getter[0], Function):
            from cardlint.link import calls

            return calls.run(ev, getter[0], frame.calling(term.base, (term.key,), term.at), frame)
        declared = fields.fields(ev, obj.cls)
        if key.cls is Class.EXACTLY and key.exact and any(n == key.exact[0] for n, _ in declared):  # TypedDict
            return classes.instance_attribute(ev, obj, str(key.exact[0]), frame, term.at)
        if key.cls is Class.EXACTLY and key.exact and isinstance(key.exact[0], int) and key.exact[0] < len(declared):  # NamedTuple
            return classes.instance_attribute(ev, obj, declared[key.exact[0]][0], frame, term.at)
    if isinstance(obj, Value):
        if obj.cls is Class.EXACTLY:
            texts = [v for v in obj.exact if isinstance(v, str)]
            if key.cls is Class.EXACTLY and all(isinstance(k, int) for k in key.exact):
                return (
                    (exactly(t[k] for t in texts for k in key.exact if isinstance(k, int) and -len(t) <= k < len(t)),) if texts else NOTHING
                )
            return (bounded(max(1, len(obj.exact)), obj.why),)
        if obj.cls is not Class.UNKNOWN:
            return (obj,)
    named = identity_by_name(ev, term, frame)
    if named is not None:
        return (named,)
    why = obj.why if isinstance(obj, Value) else "an item of something that is not known"
    return (unknown(why, guess=source_guess(term, frame)),)


def _position(ev: Evaluator, obj: Sequence, key: Value) -> Alts:
    if key.cls is Class.EXACTLY and len(key.exact) == 1 and isinstance(key.exact[0], int) and not isinstance(key.exact[0], bool):
        position = key.exact[0]
        if obj.kind != "set" and not obj.rest and obj.size is None:
            return ev.force(obj.items[position]) if -len(obj.items) <= position < len(obj.items) else NOTHING
        if obj.kind == "tuple" and 0 <= position < len(obj.items):
            return ev.force(obj.items[position])
    return elements(ev, obj)


def elements(ev: Evaluator, obj: Sequence) -> Alts:
    """Join everything a sequence may hold."""
    return ev.force_all((*obj.items, *obj.rest))


def sliced(ev: Evaluator, term: Slice, frame: Frame) -> Alts:
    """Evaluate a slice: of a sequence its part, of a text the text's class. Cutting does not bound a text."""
    part = _bounds_of(ev, term, frame)
    groups: list[Alts] = []
    for obj in ev.eval(term.base, frame):
        if isinstance(obj, Sequence):
            if not obj.rest and part is not None:
                groups.append((Sequence(obj.kind, obj.items[part]),))
            else:
                groups.append((Sequence(obj.kind, (), (*obj.items, *obj.rest)),))
        elif isinstance(obj, Value) and obj.cls is Class.EXACTLY and part is not None:
            texts = [v for v in obj.exact if isinstance(v, str)]
            groups.append((exactly(t[part] for t in texts),) if texts else NOTHING)
        elif isinstance(obj, Value) and obj.cls is Class.EXACTLY:
            groups.append((unknown("a part of a text with unknown ends"),))
        elif isinstance(obj, Value):
            groups.append((transformed(obj, "sliced"),))
        elif isinstance(obj, Ext):
            groups.append((obj,))
        else:
            groups.append((unknown("a slice of something that is not known"),))
    return merge(groups) if groups else NOTHING


def _bounds_of(ev: Evaluator, term: Slice, frame: Frame) -> slice | None:
    """Return the slice a term writes, None when one of its ends is not a constant."""
    ends: list[int | None] = []
    for end in (term.start, term.stop):
        value = ev.value(end, frame) if end is not None else None
        if value is None:
            ends.append(None)
        elif value.cls is Class.EXACTLY and len(value.exact) == 1 and isinstance(value.exact[0], int):
            ends.append(value.exact[0])
        else:
            return None
    return slice(*ends)


def element(ev: Evaluator, term: Elem, frame: Frame) -> Alts:
    """Evaluate one element of an iterable: what the target of a loop can be."""
    groups = [element_of(ev, obj, term, frame) for obj in ev.eval(term.base, frame)]
    return merge(groups) if groups else NOTHING


def element_of(ev: Evaluator, obj: Obj, term: Elem, frame: Frame) -> Alts:
    """Return what iterating over one object yields."""
    from cardlint.link import attributes, classes

    if isinstance(obj, Sequence):
        return elements(ev, obj)
    if isinstance(obj, Mapping):
        keys = [k for k, _ in obj.entries if not isinstance(k, AnyKey)]
        groups: list[Alts] = [(exactly(keys),)] if keys else []
        groups.extend(ev.force(k.keys) for k, _ in obj.entries if isinstance(k, AnyKey) and k.keys is not None)
        if obj.open:
            groups.append((unknown("keys of a dictionary that is filled elsewhere"),))
        return merge(groups) if groups else NOTHING
    if isinstance(obj, Ext):
        return attributes.external(ev, obj, "[*]", term, frame)
    if isinstance(obj, Cls) and classes.is_enum(ev, obj):
        return (Member(obj, None),)
    if isinstance(obj, Value):
        if obj.cls is Class.EXACTLY:
            letters = {c for v in obj.exact if isinstance(v, str) for c in v}
            return (exactly(sorted(letters)),) if letters else NOTHING
        return (obj,)
    if isinstance(obj, Instance):
        method = classes.class_attribute(ev, obj.cls, "__iter__", (obj,), frame, term.at)
        if method and isinstance(method[0], Function):
            from cardlint.link import calls

            got = calls.run(ev, method[0], frame.calling(term.base, (), term.at), frame)
            return merge([element_of(ev, o, term, frame) for o in got if not isinstance(o, Instance)]) if got else NOTHING
    return (unknown("an element of something that is not known"),)


def entered(ev: Evaluator, term: Enter, frame: Frame) -> Alts:
    """Evaluate what `with x as name` binds."""
    from cardlint.link import attributes, classes

    groups: list[Alts] = []
    for obj in ev.eval(term.base, frame):
        if isinstance(obj, Sequence) and obj.kind == "context":
            groups.append(elements(ev, obj))
        elif isinstance(obj, Instance):
            method = classes.class_attribute(ev, obj.cls, "__enter__", (obj,), frame, term.at) or classes.class_attribute(
                ev, obj.cls, "__aenter__", (obj,), frame, term.at
            )
            if method and isinstance(method[0], Function):
                from cardlint.link import calls

                groups.append(calls.run(ev, method[0], frame.calling(term.base, (), term.at), frame))
            else:
                groups.append((obj,))
        elif isinstance(obj, Ext):
            row = ev.library.row(ev.library.canonical(ev.library.onward(obj.path) + ".__enter__()"))
            groups.append(attributes.external(ev, obj, ".__enter__()", term, frame) if row is not None else (obj,))
        elif isinstance(obj, (MetricObj, Value)):
            groups.append((obj,))
        else:
            groups.append((unknown("a context manager that is not known"),))
    return merge(groups) if groups else NOTHING


def put(ev: Evaluator, term: Put, frame: Frame) -> Alts:
    """Evaluate a container after `base[key] = value`."""
    out: list[Obj] = []
    for obj in ev.eval(term.base, frame):
        if isinstance(obj, Mapping):
            entries = _put_entries(ev, term, frame)
            certain = len(entries) == 1 and not isinstance(entries[0][0], AnyKey)
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


def _put_entries(ev: Evaluator, term: Put, frame: Frame) -> list[tuple[Scalar | AnyKey, Thunk]]:
    """Make the entries of `base[key] = value`; where a loop copies known keys, each key keeps its own value."""
    from cardlint.link.loops import loop_in, turns

    if loop_in(term.key, frame) is None:
        return keyed(ev, term.key, frame.thunk(term.value), frame)
    out: list[tuple[Scalar | AnyKey, Thunk]] = []
    for turn in turns(ev, frame, term.key):
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
    return union(ev, base, other)


def union(ev: Evaluator, base: Alts, other: Alts) -> Alts:
    """Merge two mappings, or two sets."""
    out: list[Obj] = []
    entries, open_, optional = entries_of(ev, other)
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
    """Evaluate a list or set after `append`, `add` or `extend`."""
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
    from cardlint.link.imports import container_stores

    if not any(isinstance(o, (Mapping, Sequence)) for o in alts):
        return alts
    stores = [(o, s) for path in paths for o, s in container_stores(state, path)]
    if not stores:
        return alts
    out: list[Obj] = []
    room = _room(ev, stores, state)
    for obj in alts:
        for owner, store in stores:
            frame = state.frame(owner)
            if isinstance(obj, Mapping) and store.how == "item" and store.key is not None:
                obj = Mapping((*obj.entries, (AnyKey(frame.thunk(store.key)), frame.thunk(store.value))), obj.open, obj.optional)
                obj = _specific(ev, obj, store.key, frame)
            elif isinstance(obj, Mapping) and store.how == "merge":
                key = ("merging", id(store))
                if key in ev.cache("merging"):
                    continue
                ev.cache("merging")[key] = True
                try:
                    entries, open_, optional = entries_of(ev, ev.eval(store.value, frame))
                finally:
                    del ev.cache("merging")[key]
                obj = Mapping((*obj.entries, *entries), obj.open or open_, obj.optional | optional)
            elif isinstance(obj, Sequence) and store.how in ("grow", "merge"):
                value = store.value
                thunk = frame.element(value, value.at) if store.how == "merge" else frame.thunk(value)
                obj = Sequence(obj.kind, obj.items, (*obj.rest, thunk))
        if room is not None and isinstance(obj, Sequence) and obj.kind == "set":
            obj = Sequence(obj.kind, obj.items, obj.rest, len(obj.items) + room)
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
    from cardlint.facts.terms import Const

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
        for path in ev.tree.mentioning(key):
            state = ev.modules.state(path)
            if state is None or (state.is_test and not frame.file.is_test):
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
