"""Changes of containers: stores, merges, appends and deletions, in the flow of a function and from other functions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from cardlint.common.textscan import ITEM_STORED
from cardlint.inference.callgraph.keyed_stores import keyed_by_callers
from cardlint.inference.codebase import terms
from cardlint.inference.codebase.stores import attribute_stores, container_stores, dotted, global_stores
from cardlint.inference.codebase.terms import last_name, loop_in
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query, value_query
from cardlint.inference.domain.containers import NO_KEYS, Mapping, Sequence, UnknownKey
from cardlint.inference.domain.frames import FileState, Frame, frame_inside
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Function, Instance, LibraryPath, MetricObject, Object, Objects
from cardlint.inference.domain.text_methods import TYPED_DICTS
from cardlint.inference.domain.value_sets import Bound, ValueSet, unknown
from cardlint.inference.language import loops, type_hints
from cardlint.inference.language.loops import one_of_several, turns
from cardlint.inference.limits import MAX_UNROLL
from cardlint.inference.primitives import collections, scopes, selections
from cardlint.inference.primitives.class_graph import external_bases, mro, owner_of, subclasses
from cardlint.inference.primitives.collections import as_items, dictionary, entries_of, keyed, uncertain
from cardlint.ir.model import Store
from cardlint.ir.terms import AnyTerm, Append, Attr, Call, Const, DelItem, Op, Scalar, SetItem, Star, Update, Use
from cardlint.knowledge import conventions
from cardlint.knowledge.changing import CONSTRUCTORS


def put(ev: Evaluator, term: SetItem, frame: Frame) -> Objects:
    """Evaluate a container after `base[key] = value`."""
    out: list[Object] = []
    for obj in _as_dictionaries(ev, ev.eval(term.base, frame)):
        if isinstance(obj, Mapping):
            entries = _put_entries(ev, term, frame)
            certain = len(entries) == 1 and not isinstance(entries[0][0], UnknownKey) and not one_of_several(ev, frame, term.key)
            optional = obj.optional - {entries[0][0]} if certain else obj.optional | uncertain(entries)
            out.append(Mapping((*obj.entries, *entries), obj.open, optional))
        elif isinstance(obj, Sequence) and not collections.is_name(ev.value(term.key, frame)):
            position = _constant_position(ev, term.key, frame)
            if position is not None and not obj.rest and -len(obj.items) <= position < len(obj.items):
                items = list(obj.items)
                items[position] = frame.lazy(term.value)
                out.append(Sequence(obj.kind, tuple(items)))
            else:
                out.append(Sequence(obj.kind, (), (*obj.items, *obj.rest, frame.lazy(term.value))))
        else:
            out.append(obj)
    return tuple(out)


def _as_dictionaries(ev: Evaluator, alts: Objects) -> Objects:
    """Treat an instance of a TypedDict as the dictionary that it is: its items can be stored."""
    if not any(isinstance(o, Instance) for o in alts):
        return alts
    out: list[Object] = []
    for obj in alts:
        if isinstance(obj, Instance) and obj.site is not None and any(path in TYPED_DICTS for path in external_bases(ev, obj.cls)):
            out.extend(dictionary(ev, *obj.site))
        else:
            out.append(obj)
    return tuple(out)


def _put_entries(ev: Evaluator, term: SetItem, frame: Frame) -> list[tuple[Scalar | UnknownKey, Lazy]]:
    """Make the entries of `base[key] = value`; where a loop copies known keys, each key keeps its own value."""
    if terms.loop_in(term.key, frame) is None:
        return keyed(ev, term.key, frame.lazy(term.value), frame)
    out: list[tuple[Scalar | UnknownKey, Lazy]] = []
    made = loops.turns(ev, frame, term.key)
    if made == [frame] and (index := terms.target_of(term.key, frame)) is not None:
        entries = keyed(ev, term.key, frame.lazy(term.value), frame)
        under = partial(loops.under_key, frame, index, term.value)  # `copy[key] = given[key]`: each key has its own value
        return [(UnknownKey(k.possible, under, k.excluded) if isinstance(k, UnknownKey) else k, thunk) for k, thunk in entries]
    for turn in made:
        if turn is frame or ev.eval(term.key, turn):  # a test may rule the assignment out in this iteration
            out.extend(keyed(ev, term.key, turn.lazy(term.value), turn))
    return out


def _constant_position(ev: Evaluator, term: AnyTerm, frame: Frame) -> int | None:
    key = ev.value(term, frame)
    only = key.exact[0] if key.bound is Bound.EXACTLY and len(key.exact) == 1 else None
    return only if isinstance(only, int) and not isinstance(only, bool) else None


def merged(ev: Evaluator, term: Update, frame: Frame) -> Objects:
    """Evaluate a mapping after `update` or `|=`; for sets the union; for numbers the operator."""
    base = ev.eval(term.base, frame)
    if base and all(isinstance(o, ValueSet) and o.bound <= Bound.BOUNDED for o in base):
        return ev.eval(Op("|", (term.base, term.other), term.at), frame)
    if not any(isinstance(o, (Mapping, Sequence)) for o in base):
        return base
    other = ev.eval(term.other, frame)
    return collections.union(ev, base, other, term.other, frame)


def grown(ev: Evaluator, term: Append, frame: Frame) -> Objects:
    """Evaluate a list or set after `append`, `add` or `extend`."""
    out: list[Object] = []
    for obj in ev.eval(term.base, frame):
        if not isinstance(obj, Sequence):
            out.append(obj)
            continue
        added = as_items(ev, ev.eval(term.item.base, frame)) if isinstance(term.item, Star) else _added(ev, term, frame)
        if added is not None and not obj.rest and len(obj.items) < MAX_UNROLL and not any(a in obj.items for a in added):
            growing = obj.growing or (len(added) > 1 and not isinstance(term.item, Star))
            out.append(Sequence(obj.kind, (*obj.items, *added), growing=growing))
        else:
            out.append(Sequence(obj.kind, obj.items, (*obj.rest, frame.lazy(term.item)), growing=obj.growing))
    return tuple(out)


@query(initial=(), key=lambda term, frame: (frame, id(term.item)))
def _added(ev: Evaluator, term: Append, frame: Frame) -> tuple[Lazy, ...]:
    """Return the elements that `append` adds: in a loop over known elements, one value for each iteration.

    A list that is made inside of the loop gets one value, which is another one in each iteration.
    """
    item = term.item
    loop = loop_in(item, frame)
    around = loop is None or (isinstance(term.base, Use) and min(loops.targets_of(loop, frame), default=-1) <= term.base.index)
    made = [frame] if around else turns(ev, frame, item)
    return tuple(turn.lazy(item) for turn in made)


def dropped(ev: Evaluator, term: DelItem, frame: Frame) -> Objects:
    """Evaluate a container after `del base[key]` or `pop`."""
    base = ev.eval(term.base, frame)
    if not any(isinstance(o, (Mapping, Sequence)) for o in base):
        return base
    key = collections.key_of(ev, term.key, frame)
    out: list[Object] = []
    for obj in base:
        if isinstance(obj, Mapping) and key.bound is Bound.EXACTLY and len(key.exact) == 1:
            out.append(
                Mapping(tuple(e for e in obj.entries if isinstance(e[0], UnknownKey) or e[0] != key.exact[0]), obj.open, obj.optional)
            )
        else:  # any of its keys, or an element
            out.extend(selections.thinned((obj,)))
    return tuple(out)


def with_changes(ev: Evaluator, alts: Objects, state: FileState, *paths: str, of: ClassObject | None = None) -> Objects:
    """Add the elements that functions store in containers later: `METRICS[name] = ...`, `SEEN.add(x)`, `self.labels.update(...)`.

    `of` is the class of `self`: what methods of a class that has nothing to do with it store under the same name is left out.
    """
    if not any(isinstance(o, (Mapping, Sequence)) for o in alts):
        return alts
    stores = [(o, s) for path in paths for o, s in container_stores(state, path) if of is None or _may_be_self(ev, state, o, path, of)]
    return changed(ev, alts, stores, state, state.frame) if stores else alts


def _may_be_self(ev: Evaluator, state: FileState, owner: int, path: str, cls: ClassObject) -> bool:
    """Tell whether a path that a function writes may begin with an instance of a class: not where it is the `self` of another one."""
    ir = state.ir.functions[owner]
    while ir.owner < 0 and ir.parent > 0:
        ir = state.ir.functions[ir.parent]
    method_of = owner_of(state, ir)
    if method_of is None or not ir.params or ir.params[0].name != path.partition(".")[0] or terms.flag(ir, "staticmethod"):
        return True
    return method_of in mro(ev, cls) or any(method_of in mro(ev, sub) for sub in subclasses(ev, cls))


def changed_inside(ev: Evaluator, alts: Objects, name: str, frame: Frame) -> Objects:
    """Add the elements that nested functions store in a container: `seen["status"] = ...` in the wrapper of `send`."""
    if frame.ir.kind != "function" or not any(isinstance(o, (Mapping, Sequence)) for o in alts):
        return alts
    if not scopes.makes_function(ev, frame.file, frame.ir):
        return alts
    functions = frame.file.ir.functions
    stores = []
    for owner, store in container_stores(frame.file, name):
        above = functions[owner].parent
        while above > frame.ir.index:
            above = functions[above].parent
        if above == frame.ir.index:
            stores.append((owner, store))
    return changed(ev, alts, stores, frame.file, partial(frame_inside, frame)) if stores else alts


def changed(ev: Evaluator, alts: Objects, stores: list[tuple[int, Store]], state: FileState, at: Callable[[int], Frame]) -> Objects:
    """Add the stores to containers, each in the frame of the function that contains it."""
    out: list[Object] = []
    limit = _size_limit(ev, stores, state)
    for obj in alts:
        for owner, store in stores:
            frame = at(owner)
            if isinstance(obj, Mapping) and store.how == "item" and store.key is not None:
                held = frame.lazy(store.value)
                key_of = UnknownKey(frame.lazy(store.key), keyed_by_callers(ev, store, frame, held))
                obj = Mapping((*obj.entries, (key_of, held)), obj.open, obj.optional)
                obj = _specific(obj, store.key)
            elif isinstance(obj, Mapping) and store.how == "merge":
                entries, open_, optional = _merged_in(ev, store, frame)
                obj = Mapping((*obj.entries, *entries), obj.open or open_, obj.optional | optional)
            elif isinstance(obj, Sequence) and store.how in ("grow", "merge"):
                value = store.value
                thunk = frame.element(value, value.at) if store.how == "merge" else frame.lazy(value)
                obj = Sequence(obj.kind, obj.items, (*obj.rest, thunk))
            elif store.how in ("drop", "move") and isinstance(obj, (Mapping, Sequence)):
                (obj,) = (selections.thinned if store.how == "drop" else selections.reordered)((obj,))
            elif isinstance(obj, Sequence) and store.how == "item" and obj.kind != "set":
                obj = Sequence(obj.kind, (), (*obj.items, *obj.rest, frame.lazy(store.value)))
        if limit is not None and isinstance(obj, Sequence) and obj.kind == "set":
            obj = Sequence(obj.kind, obj.items, obj.rest, len(obj.items) + limit)
        out.append(obj)
    return tuple(out)


@query(initial=((), False, NO_KEYS), key=lambda store, frame: (id(store), frame))
def _merged_in(ev: Evaluator, store: Store, frame: Frame) -> tuple[tuple[tuple[Scalar | UnknownKey, Lazy], ...], bool, frozenset[Scalar]]:
    """Return the entries that `update` or `|=` adds; a table may be merged into itself, or into one that it is made from."""
    entries, open_, optional = entries_of(ev, ev.eval(store.value, frame), store.value, frame)
    return tuple(entries), open_, optional


def filled_elsewhere(alts: Objects) -> Objects:
    """Treat an empty container that is stored on an object or module as open: it is assumed to be filled elsewhere."""
    out: list[Object] = []
    for obj in alts:
        if isinstance(obj, Mapping) and not obj.entries and not obj.open:
            obj = Mapping((), True)
        elif isinstance(obj, Sequence) and obj.kind in ("list", "set") and not obj.items and not obj.rest:
            obj = Sequence(obj.kind, (), (Lazy(None, None, (unknown("a collection that is filled elsewhere"),)),))
        out.append(obj)
    return tuple(out)


def _size_limit(ev: Evaluator, stores: list[tuple[int, Store]], state: FileState) -> int | None:
    """Return the maximum number of elements that stores add when each of them is guarded by a test of the length."""
    most = 0
    for owner, store in stores:
        written = terms.size_limit(store.base, state.ir.functions[owner])
        if store.how != "grow" or written is None:
            return None
        limit = ev.value(written, state.frame(owner))
        if limit.bound is not Bound.EXACTLY or len(limit.exact) != 1 or not isinstance(limit.exact[0], int):
            return None
        most = max(most, limit.exact[0] + 1)
    return most


def is_emptied(ev: Evaluator, seen: AnyTerm, frame: Frame) -> bool:
    """Tell whether a set that limits what is admitted loses values again, or is replaced: then many sets of values pass, one after another.

    Values that go together with their series are no such: the function removes children of a metric, too.
    """
    path = dotted(frame.ir.defs, seen)
    return path is not None and _loses(ev, path, frame)


@query(initial=False, key=lambda path, frame: (path, frame.file, frame.ir.owner))
def _loses(ev: Evaluator, path: str, frame: Frame) -> bool:
    file, (holder, _, name) = frame.file, path.rpartition(".")
    replaced = attribute_stores(file, name) if holder else global_stores(file, name)
    again = [owner for owner, store in replaced if dotted(file.ir.functions[owner].defs, store.base) in (holder, path)]
    lost = [owner for owner, store in container_stores(file, path) if store.how == "drop"]
    return any(
        ir.kind == "function"
        and ir.name not in CONSTRUCTORS
        and ir.owner in (-1, frame.ir.owner)
        and not _removes_series(ev, file.frame(owner))
        for owner in (*again, *lost)
        for ir in (file.ir.functions[owner],)
    )


def _removes_series(ev: Evaluator, frame: Frame) -> bool:
    return any(
        isinstance(term := definition.term, Call)
        and isinstance(term.func, Attr)
        and term.func.name == "remove"
        and any(isinstance(o, MetricObject) for o in ev.eval(term.func.base, frame))
        for definition in frame.ir.defs
    )


def _specific(obj: Mapping, key: AnyTerm) -> Mapping:
    """Give the last entry its constant keys where the key is a literal; others stay under any key."""

    if isinstance(key, Const):
        last = obj.entries[-1][1]
        return Mapping((*obj.entries[:-1], (key.value, last)), obj.open, obj.optional | {key.value})
    return obj


def stored_item(ev: Evaluator, key: str, owner: LibraryPath, frame: Frame) -> Objects:
    """Find the values that the program stores under a constant key of a library object: `app["metrics"] = ...`."""
    if not keeps_items(owner.path):
        return BOTTOM
    return _stored_under(ev, key, ev.modules.top(frame.file.path), frame.file.is_test, frame.file)


def stored_under_object(ev: Evaluator, term: AnyTerm, owner: LibraryPath, frame: Frame) -> Objects:
    """Find the values that the program stores under an object that is its own key: `app[REQUESTS] = REQUESTS`."""
    name = last_name(term, frame)
    if not name or not keeps_items(owner.path):
        return BOTTOM
    keys = ev.eval(term, frame)
    if len(keys) != 1 or not isinstance(keys[0], KEYS_BY_IDENTITY):
        return BOTTOM
    return _stored_at(ev, keys[0], name, ev.modules.top(frame.file.path), frame.file.is_test, frame.file)


KEYS_BY_IDENTITY = (MetricObject, ClassObject, Function)
"""Objects that are found again under themselves."""


@value_query(initial=BOTTOM, key=lambda key, name, top, is_test, file: (key.ident(), name, top, is_test))
def _stored_at(ev: Evaluator, key: Object, name: str, top: str, is_test: bool, file: FileState) -> Objects:
    return _item_stores(ev, name, file, lambda term, frame: any(o.ident() == key.ident() for o in ev.eval(term, frame)))


@value_query(initial=BOTTOM, key=lambda key, top, is_test, file: (key, top, is_test))
def _stored_under(ev: Evaluator, key: str, top: str, is_test: bool, file: FileState) -> Objects:
    return _item_stores(ev, key, file, lambda term, frame: _is_key(ev, term, key, frame))


def _item_stores(ev: Evaluator, name: str, file: FileState, is_key: Callable[[AnyTerm, Frame], bool]) -> Objects:
    """Join the items that are stored under a key in objects of libraries, in files that hold a name."""
    groups: list[Objects] = []
    for path in ev.modules.mentioning(file, name):
        state = ev.modules.state(path)
        if state is None:
            continue
        state.ir.reveal(ITEM_STORED.regex)
        for ir in list(state.ir.functions):
            for store in ir.stores if ir.reveal is None else ():
                frame = state.frame(ir.index)
                if (
                    store.how == "item"
                    and store.key is not None
                    and is_key(store.key, frame)
                    and any(isinstance(o, (LibraryPath, ValueSet)) for o in ev.eval(store.base, frame))
                ):
                    groups.append(ev.eval(store.value, frame))
    return join_objects(groups)


@value_query(initial=BOTTOM, key=lambda key, top, is_test, file: (key, top, is_test))
def _declared_under(ev: Evaluator, key: str, top: str, is_test: bool, file: FileState) -> Objects:
    """Return the type of the item that `AppKey("key", Type)` declares."""
    groups: list[Objects] = []
    calls = [(row.name, path) for row in conventions.KEYS_WITH_A_TYPE for path in ev.modules.mentioning(file, row.name, "call")]
    for cls, path in calls:
        state = ev.modules.state(path)
        for function, definition in state.ir.calls_named(cls) if state is not None else ():
            assert state is not None
            frame = state.frame(function)
            term = frame.ir.defs[definition].term
            if isinstance(term, Call) and len(term.args) > 1 and ev.value(term.args[0], frame).exact == (key,):
                groups.append(type_hints.from_annotation(ev, term.args[1], frame))
    return join_objects(groups)


def declared_item(ev: Evaluator, key: str, frame: Frame) -> Objects:
    """Return the type of the item stored under an application's key, as the key declares it."""
    return _declared_under(ev, key, ev.modules.top(frame.file.path), frame.file.is_test, frame.file)


def _is_key(ev: Evaluator, term: AnyTerm, key: str, frame: Frame) -> bool:
    if isinstance(term, Use):
        return False
    alts = ev.eval(term, frame)
    return len(alts) == 1 and isinstance(alts[0], ValueSet) and alts[0].exact == (key,)


def keeps_items(path: str) -> bool:
    """Tell whether an object of a library is one on which programs store their own items: applications and their state."""
    last = path.rpartition(".")[2].split("(")[0]
    return last.lower() in ITEM_HOLDERS


ITEM_HOLDERS = conventions.holders("items")
