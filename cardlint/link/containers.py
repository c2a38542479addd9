"""Containers: dictionaries by key, sequences by position, what iteration yields, and how they change."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cardlint.facts.terms import (
    AnyTerm,
    At,
    Attr,
    Call,
    Const,
    Dict,
    Elem,
    Enter,
    Item,
    Outer,
    Ref,
    Scalar,
    Seq,
    Slice,
    Star,
)
from cardlint.link.frames import Frame
from cardlint.link.objects import (
    NO_KEYS,
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
    Module,
    Obj,
    Regex,
    Sequence,
    Thunk,
    merge,
)
from cardlint.link.values import Cls as Class
from cardlint.link.values import Value, bounded, exactly, transformed, unknown

if TYPE_CHECKING:
    from cardlint.link.evaluator import Evaluator

MAX_UNROLL = 400
"""Turns of a comprehension over known elements that are computed one by one."""


def mapping(ev: Evaluator, term: Dict, frame: Frame) -> Alts:
    """Evaluate a dictionary display; values stay unevaluated until a key is asked for."""
    entries: list[tuple[Scalar | AnyKey, Thunk]] = []
    open_ = False
    optional = NO_KEYS
    written: frozenset[Scalar] | None = None
    for key, value in term.entries:
        if key is None:
            merged_entries, was_open, maybe = entries_of(ev, ev.eval(value, frame), value, frame)
            entries.extend(merged_entries)
            open_ = open_ or was_open
            optional |= maybe
            continue
        made = keyed(ev, key, frame.thunk(value), frame)
        if written is None:
            written = frozenset(k.value for k, _ in term.entries if isinstance(k, Const))
        if written and made and isinstance(made[0][0], AnyKey):  # nobody writes one key twice in one display
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
    return frozenset(k for k, _ in entries if not isinstance(k, AnyKey)) if len(entries) > 1 else NO_KEYS


def entries_of(
    ev: Evaluator, alts: Alts, term: AnyTerm | None = None, frame: Frame | None = None
) -> tuple[list[tuple[Scalar | AnyKey, Thunk]], bool, frozenset[Scalar]]:
    """Open mappings for `**`: their entries, whether more may be there, and the keys that may be missing.

    What somebody sent may hold any key, and then holds what was sent under it; for that, the term it comes from is needed.
    """
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
        elif isinstance(obj, Sequence) and term is not None and frame is not None:
            found, complete = pairs(ev, obj, frame, term.at)
            entries.extend(found)
            optional |= {k for k, _ in found if not isinstance(k, AnyKey)} if obj.rest else set()
            open_ = open_ or not complete
        elif not (isinstance(obj, Value) and obj.cls is Class.EXACTLY):
            open_ = True
            if term is not None and frame is not None and is_sent(ev, obj):
                entries.append((AnyKey(maker=partial(_sent_under, ev, obj, term, frame)), Thunk(None, None, (obj,))))
    return entries, open_, frozenset(optional)


def pairs(ev: Evaluator, obj: Sequence, frame: Frame, at: At) -> tuple[list[tuple[Scalar | AnyKey, Thunk]], bool]:
    """Open a sequence of (key, value) pairs, as `dict(zip(...))` gets it."""
    out: list[tuple[Scalar | AnyKey, Thunk]] = []
    for thunk in (*obj.items, *obj.rest):
        for pair in ev.force(thunk):
            if not isinstance(pair, Sequence) or len(pair.items) != 2:
                return out, False
            key = ev.scalar(ev.force(pair.items[0]), frame, at)
            if key.cls is Class.EXACTLY:
                out.extend((k, pair.items[1]) for k in key.exact)
            else:
                out.append((AnyKey(Thunk(None, None, (key,))), pair.items[1]))
    return out, True


def is_sent(ev: Evaluator, obj: Obj) -> bool:
    """Tell whether something that is no dictionary of the tree holds what somebody sent: `request.args`, parsed JSON."""
    if isinstance(obj, Value):
        return obj.cls in (Class.UNBOUNDED, Class.CLIENT_CHOSEN)
    row = ev.library.row(obj.path) if isinstance(obj, Ext) else None
    return row is not None and row.cls in ("unbounded", "client-chosen")


def _sent_under(ev: Evaluator, obj: Obj, term: AnyTerm, frame: Frame, key: Scalar) -> Thunk:
    return Thunk(None, None, item_of(ev, obj, exactly((key,)), Item(term, Const(key, term.at), term.at), frame))


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
    written = frozenset(k for obj in base if isinstance(obj, Mapping) for k, _ in obj.entries if not isinstance(k, AnyKey))
    for obj in base:
        if isinstance(obj, Mapping):
            found = lookup(ev, obj, key, written)
            if found:
                groups.append(found)
    return merge(groups) if groups else NOTHING


def lookup(ev: Evaluator, obj: Mapping, key: Value, written: frozenset[Scalar] = NO_KEYS) -> Alts:
    """Return what a dictionary holds under a key, NOTHING when the key cannot be there; `written` are keys that the same
    dictionary is given where the program takes another way.

    An entry under a computed key of which nothing is known counts only where the key is not written out: a program that
    spells a key and then overwrites it by chance is rarer than one that adds keys of its own. What is known counts, unless its
    key is a setting.
    """
    groups: list[Alts] = []
    if key.cls is Class.EXACTLY:
        for wanted in key.exact:
            certain, loose = obj.under(wanted)
            pending = [_stored(ev, thunk, wanted) for thunk in certain]
            groups.extend(pending)
            later = [ev.force(thunk) for computed, thunk in loose if not (certain or wanted in written) or not _is_setting(ev, computed)]
            groups.extend(alts for alts in later if not pending or not _undecided(ev, alts))
    else:
        groups = [ev.force(thunk) for _, thunk in obj.entries]
    if obj.open and not groups:
        groups.append((unknown("the dictionary is filled in a place that is not known"),))
    return merge(groups) if groups else NOTHING


def _is_setting(ev: Evaluator, key: AnyKey) -> bool:
    """Tell whether a computed key is one that the operator chooses: then it is another than those written out beside it."""
    thunk = key.keys
    if thunk is None or thunk.term is None or thunk.frame is None:
        return False
    return ev.scalar(ev.force(thunk), thunk.frame, thunk.term.at).cls is Class.PER_DEPLOYMENT


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
    if _is_hexadecimal(term.base, frame) and key.cls is Class.EXACTLY and all(isinstance(k, int) for k in key.exact):
        return (bounded(16, "one digit of a hash"),)
    groups = [item_of(ev, obj, key, term, frame) for obj in base]
    return merge(groups) if groups else NOTHING


def item_of(ev: Evaluator, obj: Obj, key: Value, term: Item, frame: Frame) -> Alts:
    """Return what one object holds under a key."""
    if isinstance(obj, Mapping):
        return lookup(ev, obj, key)
    if isinstance(obj, Sequence):
        return _position(ev, obj, key)
    from cardlint.link import attributes, classes, fields
    from cardlint.link.names import identity_by_name, source_guess

    if key.cls is Class.EXACTLY and len(key.exact) == 1 and isinstance(key.exact[0], str) and not isinstance(term.key, Const):
        term = Item(term.base, Const(key.exact[0], term.key.at), term.at)  # its name speaks, wherever it is written

    if isinstance(obj, Regex):
        from cardlint.link import matching

        return matching.item(ev, obj, key, term, frame)
    if isinstance(obj, Ext) and obj.path.startswith(("typing.", "typing_extensions.")):
        return (Hint(term, frame),)
    if isinstance(obj, Ext) and obj.path == "sys.modules" and isinstance(term.key, Outer) and term.key.name == "__name__":
        return (Module(frame.file),)
    if (
        isinstance(obj, Ext)
        and key.cls is not Class.EXACTLY
        and classes.is_class_path(obj.path)
        and ev.library.row(f"{obj.path}[]") is None
    ):
        return (obj,)  # a class of the library with its parameters: `Request[Any, Any]`
    if isinstance(obj, Ext):
        token = f"[{key.exact[0]}]" if key.cls is Class.EXACTLY and len(key.exact) == 1 and isinstance(key.exact[0], (str, int)) else "[]"
        found = attributes.external(ev, obj, token, term, frame)
        if len(found) == 1 and isinstance(found[0], Ext) and ev.library.row(found[0].path) is None:
            if isinstance(key.exact[0] if key.exact else None, str):
                from cardlint.link.mutations import stored_item

                stored = stored_item(ev, str(key.exact[0]), obj, frame) or ev.cache("app keys").get(key.exact[0])
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
    if isinstance(obj, Cls) and key.cls is not Class.EXACTLY:
        return (obj,)
    if isinstance(obj, Instance):
        getter = classes.class_attribute(ev, obj.cls, "__getitem__", (obj,), frame, term.at)
        if getter and isinstance(getter[0], Function):
            from cardlint.link import calls

            return calls.run(ev, getter[0], frame.calling(term.base, (term.key,), term.at), frame)
        declared = fields.fields(ev, obj.cls)
        if key.cls is Class.EXACTLY and key.exact and key.exact[0] in declared:  # TypedDict
            held = classes.instance_attribute(ev, obj, str(key.exact[0]), frame, term.at)
            return held or (unknown(f"`{key.exact[0]}` of `{obj.cls.fact.name}` is set elsewhere"),)
        if (
            key.cls is Class.EXACTLY and key.exact and isinstance(key.exact[0], int) and -len(declared) <= key.exact[0] < len(declared)
        ):  # NamedTuple
            return classes.instance_attribute(ev, obj, list(declared)[key.exact[0]], frame, term.at)
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
    if part is not None and _is_hexadecimal(term.base, frame) and (digits := len(range(1_000)[part])) <= MAX_DIGITS:
        return (bounded(16**digits, "the first digits of a hash"),)
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


MAX_DIGITS = 2
"""Digits of a hash that make buckets; more of them make names."""


def _is_hexadecimal(term: AnyTerm, frame: Frame) -> bool:
    """Tell whether a term is the hexadecimal text of a hash, as it is written."""
    while isinstance(term, Ref) and term.index < len(frame.fact.defs):
        term = frame.fact.defs[term.index].term
    return isinstance(term, Call) and isinstance(term.func, Attr) and term.func.name == "hexdigest"


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
    if isinstance(obj, Sequence):
        return elements(ev, obj)
    from cardlint.link import attributes, classes

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
            row = ev.library.own(ev.library.canonical(ev.library.onward(obj.path) + ".__enter__()"))
            groups.append(attributes.external(ev, obj, ".__enter__()", term, frame) if row is not None else (obj,))
        elif isinstance(obj, (MetricObj, Value)):
            groups.append((obj,))
        else:
            groups.append((unknown("a context manager that is not known"),))
    return merge(groups) if groups else NOTHING
