"""Collections: keys, entries and elements of dictionaries and sequences, and their joins."""

from __future__ import annotations

from functools import partial

from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import NO_KEYS, Mapping, Sequence, UnknownKey
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy, MaybeAdded
from cardlint.inference.domain.objects import BOTTOM, ClassObject, EnumMember, LibraryPath, Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, exactly, perhaps, unknown
from cardlint.inference.limits import MAX_ITEMS
from cardlint.inference.primitives import class_graph, enums
from cardlint.ir.terms import AnyTerm, At, Call, Const, Item, Scalar


def dictionary(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `dict(...)`: of other dictionaries, of pairs, of keywords."""
    entries: list[tuple[object, Lazy]] = []
    open_ = False
    optional: frozenset[object] = frozenset()
    for argument in term.args:
        for obj in ev.eval(argument, frame):
            if isinstance(obj, Mapping):
                found, was_open, maybe = entries_of(ev, (obj,))
                entries.extend(found)
                open_ = open_ or was_open
                optional |= maybe
            elif isinstance(obj, Sequence):
                found, complete = pairs(ev, obj, frame, term.at)
                entries.extend(found)
                open_ = open_ or not complete
                optional |= _uncertain_pairs(obj, found)
            elif (held := _held(ev, obj, frame, term)) is not None:
                entries.append((UnknownKey(Lazy(None, None, (held,))), Lazy(None, None, (held,))))
            else:
                entries.append(any_entry("the dictionary is made from an unknown object"))
                open_ = True
    for name, value in term.kwargs:
        if name:
            entries.append((name, frame.lazy(value)))
        else:
            found, was_open, maybe = entries_of(ev, ev.eval(value, frame), value, frame)
            entries.extend(found)
            open_ = open_ or was_open
            optional |= maybe
    return (Mapping(tuple(entries), open_, optional),)  # type: ignore[arg-type]


def _held(ev: Evaluator, obj: Object, frame: Frame, term: Call) -> ValueSet | None:
    """Return the keys and values of an unbounded library object, if all values reached from it are unbounded: headers, metadata."""
    row = ev.library.row(obj.path) if isinstance(obj, LibraryPath) else None
    value = ev.scalar((obj,), frame, term.at) if isinstance(obj, ValueSet) or (row is not None and row.deep) else None
    return value if value is not None and value.bound is Bound.UNBOUNDED else None


def keyed(ev: Evaluator, key: AnyTerm, value: Lazy, frame: Frame) -> list[tuple[Scalar | UnknownKey, Lazy]]:
    """Make the entries of one key: one for every possible constant, or one under any key."""
    keys = key_of(ev, key, frame)
    if keys.bound is Bound.EXACTLY:
        return [(k, value) for k in keys.exact]
    return [(UnknownKey(frame.lazy(key)), value)]


def key_of(ev: Evaluator, term: AnyTerm, frame: Frame) -> ValueSet:
    """Return what a term can be as the key of a dictionary: its text, and what else is equal to it.

    A member of a `(str, Enum)` is found under its value, while its text is `Class.NAME`.
    """
    alts = ev.eval(term, frame)
    keys = ev.scalar(alts, frame, term.at)
    if keys.bound is not Bound.EXACTLY:
        return keys
    members = [o for o in alts if isinstance(o, EnumMember) and enums.equals_its_value(ev, o.cls)]
    values = [ev.scalar(enums.member_attribute(ev, o, "value", frame, term.at), frame, term.at) for o in members]
    if not all(v.bound is Bound.EXACTLY for v in values):
        return unknown("the value of a member")
    more = [v for value in values for v in value.exact if v not in keys.exact]
    return exactly((*keys.exact, *more)) if more else keys


def uncertain(entries: list[tuple[Scalar | UnknownKey, Lazy]]) -> frozenset[Scalar]:
    """Return the keys of one assignment that may be missing: only one of several possible keys is assigned."""
    return frozenset(k for k, _ in entries if not isinstance(k, UnknownKey)) if len(entries) > 1 else NO_KEYS


def entries_of(
    ev: Evaluator, alts: Objects, term: AnyTerm | None = None, frame: Frame | None = None
) -> tuple[list[tuple[Scalar | UnknownKey, Lazy]], bool, frozenset[Scalar]]:
    """Open mappings for `**`: their entries, whether more may be there, and the keys that may be missing.

    A client's data, or settings of the deployment, may hold any key, with such a value under it; the value needs the term of the data.
    """
    entries: list[tuple[Scalar | UnknownKey, Lazy]] = []
    open_ = False
    optional: set[Scalar] = set()
    mappings = [o for o in alts if isinstance(o, Mapping)]
    for obj in alts:
        if isinstance(obj, Mapping):
            if obj.open and not any(isinstance(k, UnknownKey) for k, _ in obj.entries):
                entries.append(any_entry("the dictionary is filled in an unknown place"))
            entries.extend(obj.entries)
            open_ = open_ or obj.open
            optional |= obj.optional
            if len(mappings) > 1:
                optional |= {k for k, _ in obj.entries if not isinstance(k, UnknownKey)}
        elif isinstance(obj, Sequence) and term is not None and frame is not None:
            found, complete = pairs(ev, obj, frame, term.at)
            entries.extend(found)
            optional |= _uncertain_pairs(obj, found)
            if not complete:
                entries.append(any_entry("the dictionary is made from unknown pairs"))
            open_ = open_ or not complete
        elif not (isinstance(obj, ValueSet) and obj.bound is Bound.EXACTLY):
            open_ = True
            if term is not None and frame is not None and (is_sent(ev, obj) or _is_setting(ev, obj)):
                entries.append((UnknownKey(value_for=partial(_sent_under, ev, obj, term, frame)), Lazy(None, None, (obj,))))
            else:
                entries.append(any_entry("the dictionary is made from an unknown object"))
    return entries, open_, frozenset(optional)


def any_entry(why: str, any_time: bool = False) -> tuple[UnknownKey, Lazy]:
    """Make the entry of something that is not known and may hold any key: it may replace what was written before it."""
    return UnknownKey(any_time=any_time), MaybeAdded(None, None, (perhaps(why),))


def _uncertain_pairs(obj: Sequence, found: list[tuple[Scalar | UnknownKey, Lazy]]) -> frozenset[Scalar]:
    """Return the keys of pairs that may be missing: the pair may be, or its key is one of several."""
    keys = [k for k, _ in found if not isinstance(k, UnknownKey)]
    return frozenset(keys) if obj.rest or len(found) > len(obj.items) else NO_KEYS


def pairs(ev: Evaluator, obj: Sequence, frame: Frame, at: At) -> tuple[list[tuple[Scalar | UnknownKey, Lazy]], bool]:
    """Open a sequence of (key, value) pairs, as in `dict(zip(...))`."""
    out: list[tuple[Scalar | UnknownKey, Lazy]] = []
    for thunk in (*obj.items, *obj.rest):
        for pair in ev.force(thunk):
            if not isinstance(pair, Sequence) or len(pair.items) != 2:
                return out, False
            key = ev.scalar(ev.force(pair.items[0]), frame, at)
            if key.bound is Bound.EXACTLY:
                out.extend((k, pair.items[1]) for k in key.exact)
            else:
                out.append((UnknownKey(Lazy(None, None, (key,))), pair.items[1]))
    return out, True


def is_sent(ev: Evaluator, obj: Object) -> bool:
    """Tell whether an object other than a dictionary holds a client's data: `request.args`, parsed JSON."""
    if isinstance(obj, ValueSet):
        return obj.bound in (Bound.UNBOUNDED, Bound.CLIENT_CHOSEN)
    row = ev.library.row(obj.path) if isinstance(obj, LibraryPath) else None
    return row is not None and row.cls in ("unbounded", "client-chosen")


def _is_setting(ev: Evaluator, obj: Object) -> bool:
    """Tell whether an object other than a dictionary holds settings: a YAML file of the deployment."""
    row = ev.library.row(obj.path) if isinstance(obj, LibraryPath) else None
    return row is not None and row.cls == "per-deployment" and row.deep


def _sent_under(ev: Evaluator, obj: Object, term: AnyTerm, frame: Frame, key: Scalar) -> Lazy:
    return Lazy(None, None, ev.item(obj, exactly((key,)), Item(term, Const(key, term.at), term.at), frame))


def as_items(ev: Evaluator, alts: Objects) -> tuple[Lazy, ...] | None:
    """Return the elements in order when the alternatives are one fully known sequence, else None."""
    if len(alts) != 1:
        return None
    obj = alts[0]
    if isinstance(obj, Sequence):
        return obj.items if not obj.rest and obj.max_size is None else None
    if isinstance(obj, Mapping):
        if obj.open or obj.optional or any(isinstance(k, UnknownKey) for k, _ in obj.entries):
            return None
        return tuple(Lazy(None, None, (exactly((k,)),)) for k in dict.fromkeys(k for k, _ in obj.entries if not isinstance(k, UnknownKey)))
    if isinstance(obj, ClassObject) and class_graph.is_enum(ev, obj):
        return tuple(Lazy(None, None, (EnumMember(obj, n),)) for n in class_graph.members(ev, obj))
    if isinstance(obj, ValueSet) and obj.bound is Bound.EXACTLY and len(obj.exact) == 1 and isinstance(obj.exact[0], str):
        return tuple(Lazy(None, None, (exactly((c,)),)) for c in obj.exact[0]) if len(obj.exact[0]) <= MAX_ITEMS else None
    if isinstance(obj, LibraryPath) and (default := ev.library.clients.default_bounds(obj.path)):
        return tuple(Lazy(None, None, (exactly((bound,)),)) for bound in default)
    return None


def is_name(key: ValueSet) -> bool:
    """Tell whether a key is a text in any case: a dictionary has keys like it, and a list has not."""
    return bool(key.exact) and all(isinstance(k, str) for k in key.exact)


def get(ev: Evaluator, base: Objects, key: ValueSet) -> Objects:
    """Look a key up in every container among the alternatives; others contribute nothing."""
    groups: list[Objects] = []
    written = frozenset(k for obj in base if isinstance(obj, Mapping) for k, _ in obj.entries if not isinstance(k, UnknownKey))
    for obj in base:
        if isinstance(obj, Mapping):
            found = lookup(ev, obj, key, written)
            if found:
                groups.append(found)
    return join_objects(groups) if groups else BOTTOM


def lookup(ev: Evaluator, obj: Mapping, key: ValueSet, written: frozenset[Scalar] = NO_KEYS) -> Objects:
    """Return the value of a dictionary under a key, NOTHING when the key cannot be there.

    `written` are keys that the same dictionary is given on other paths. An entry under a computed key counts, too, where it comes
    after the one that is written out, unless its key is a setting.
    """
    groups: list[Objects] = []
    if key.bound is Bound.EXACTLY:
        for wanted in key.exact:
            certain, loose = obj.under(wanted)
            own = [stored_under(ev, thunk, wanted) for thunk in certain]
            found = [ev.force(thunk) for computed, thunk in loose if _may_be(ev, computed, wanted, bool(certain) or wanted in written)]
            groups.extend([*own, *_under_computed(found, wanted, own)])
    else:
        groups = [ev.force(thunk) for _, thunk in obj.entries]
    if obj.open and not groups:
        groups.append((unknown("the dictionary is filled in an unknown place"),))
    return join_objects(groups) if groups else BOTTOM


def _under_computed(found: list[Objects], wanted: Scalar, own: list[Objects]) -> list[Objects]:
    """Return what the entries under computed keys may hold under a constant key, which may have values of its `own`.

    Where some of them are open sets and others are not, nothing tells which of them has this key: no open set is certain. Neither is
    one for a key that has a value already, unless that is a constant, which may be there until the value is filled in.
    """
    open_sets = [any(isinstance(o, ValueSet) and o.bound is Bound.UNBOUNDED for o in alts) for alts in found]
    has_value = any(not (isinstance(o, ValueSet) and o.bound is Bound.EXACTLY) for alts in own for o in alts)
    doubtful = has_value if own else not all(open_sets)
    if not doubtful or not any(open_sets):
        return found
    why = f"one of several computed keys may be `{wanted}`" if not own else f"a computed key may be `{wanted}`, too"
    return [
        tuple(unknown(why, o) if isinstance(o, ValueSet) and o.bound is Bound.UNBOUNDED else o for o in alts) if is_open else alts
        for alts, is_open in zip(found, open_sets, strict=True)
    ]


def _may_be(ev: Evaluator, key: UnknownKey, wanted: Scalar, is_written: bool) -> bool:
    """Tell whether a computed key may be a constant one. A key that the operator chooses differs from those that are written."""
    thunk = key.possible
    if thunk is None or thunk.term is None or thunk.frame is None:
        return True
    if isinstance(wanted, str) and not terms.fits(wanted, *terms.spelled(thunk.term, thunk.frame)):
        return False  # `f"key{number}"` begins with another text
    alts = ev.force(thunk)
    value = ev.scalar(alts, thunk.frame, thunk.term.at)
    if value.bound is Bound.EXACTLY and value.exact and all(isinstance(o, ValueSet) for o in alts):  # a member of an Enum may equal a text
        return wanted in value.exact
    return not is_written or value.bound is not Bound.PER_DEPLOYMENT


def is_undecided(ev: Evaluator, alts: Objects) -> bool:
    """Tell whether nothing at all is known of a value."""
    return all(
        obj.bound is Bound.UNKNOWN if isinstance(obj, ValueSet) else isinstance(obj, LibraryPath) and ev.library.row(obj.path) is None
        for obj in alts
    )


def stored_under(ev: Evaluator, thunk: Lazy, key: Scalar) -> Objects:
    """Return the value under a key, with the place of the store as a step."""
    alts = ev.force(thunk)
    if thunk.term is None or thunk.frame is None:
        return alts
    return ev.stepped(alts, thunk.frame, thunk.term.at, f"stored under `{key}`")


def elements(ev: Evaluator, obj: Sequence) -> Objects:
    """Join all elements that a sequence may hold."""
    return ev.force_all((*obj.items, *obj.rest))


def union(ev: Evaluator, base: Objects, other: Objects, term: AnyTerm | None = None, frame: Frame | None = None) -> Objects:
    """Merge two mappings, or two sets."""
    out: list[Object] = []
    entries, open_, optional = entries_of(ev, other, term, frame)
    for obj in base:
        if isinstance(obj, Mapping):
            out.append(Mapping((*obj.entries, *entries), obj.open or open_, obj.optional | optional))
        elif isinstance(obj, Sequence):
            rest = [Lazy(None, None, elements(ev, o)) for o in other if isinstance(o, Sequence)]
            out.append(Sequence(obj.kind, obj.items, (*obj.rest, *rest)))
        else:
            out.append(obj)
    return tuple(out)
