"""Narrowing: the value that a test leaves in the branch where it holds. A test bounds only if it really limits the set."""

from __future__ import annotations

from msgspec.structs import replace

from cardlint.inference.codebase import terms
from cardlint.inference.codebase.render import render_expr
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping, Sequence, UnknownKey
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import (
    BOTTOM,
    ClassObject,
    EnumMember,
    Function,
    Instance,
    LibraryPath,
    Method,
    MetricObject,
    Module,
    Object,
    Objects,
    Partial,
)
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded, exactly, unknown
from cardlint.inference.heuristics.guesses import FIXED_SET
from cardlint.inference.language import intervals, mutations
from cardlint.inference.primitives import class_graph, collections, enums, metric_classes, straight_lines
from cardlint.ir.terms import AnyTerm, Const, Item, Iterate, Op, Refine, Scalar, Use


def narrow(ev: Evaluator, term: Refine, frame: Frame) -> Objects:
    """Evaluate a term in a branch whose condition has tested it."""
    base = ev.eval(term.base, frame)
    return tested(ev, base, term, frame) if base else base


def tested(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a value that a test leaves, where the tested variable has this value."""
    refined = ev.refine(base, term, frame)
    if term.guard in COMPARING and (own := tuple(o for o in base if isinstance(o, Instance) and _compares(ev, o))):
        return join_objects([refined, own])
    return refined


COMPARING = frozenset({"eq", "in", "key"})
"""Tests that call the `__eq__` of an object."""


def _compares(ev: Evaluator, obj: Instance) -> bool:
    """Tell whether a class says itself what its instances are equal to: then equality says nothing of their text."""
    return any(isinstance(base, ClassObject) and class_graph.defines(base, "__eq__") for base in class_graph.mro(ev, obj.cls))


def truthy(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a value that is true."""
    return _drop_constants(base, lambda v: not v)


def falsy(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a value that is false."""
    return _falsy(base)


def can_be_called(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a value that is left by `callable(x)`."""
    return tuple(o for o in base if _can_be_called(o) is not False)


def cannot_be_called(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a value that is left by `not callable(x)`."""
    return tuple(o for o in base if _can_be_called(o) is not True)


def unchanged(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return a value that the test does not change."""
    return base


def admitted(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a value that is left by `x in SEEN or len(SEEN) < MAX`: nothing less where the set loses values again."""
    if not isinstance(term.by, Op) or mutations.is_emptied(ev, term.by.args[0], frame):
        return base
    written = term.by.args[1]
    limit = ev.value(written, frame)
    size = limit.exact[0] if limit.bound is Bound.EXACTLY and limit.exact and isinstance(limit.exact[0], int) else None
    return (
        bounded(int(size) + 1 if size is not None else 100, f"one of the values added while `{render_expr(written, frame)}` allowed it"),
    )


def let_in(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a value that is left by `not ALLOWED or x in ALLOWED`: all of it where the collection may be empty.

    The test itself says that it may be. Only where a setting, or what the program puts in, may decide it, nothing is claimed.
    """
    assert term.by is not None
    collection = ev.eval(term.by, frame)
    if mutations.is_emptied(ev, term.by, frame) or any(_is_empty(obj) for obj in collection):
        return base
    if all(isinstance(obj, ValueSet) and obj.bound is Bound.UNKNOWN for obj in collection):
        return base
    return is_in(ev, base, term, frame) if is_true(collection) else (_undecided(ev, base, term, frame),)


def _is_empty(obj: Object) -> bool:
    """Tell whether a collection is certainly empty, or None."""
    if isinstance(obj, ValueSet):
        return obj.bound is Bound.EXACTLY and not any(obj.exact)
    return (isinstance(obj, Sequence) and not obj.items and not obj.rest) or (isinstance(obj, Mapping) and not obj.entries)


def not_in(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a value that is left by `x not in ALLOWED`; of what a set rejects, its name says nothing."""
    values = _constants(ev, term.by, frame) if term.by is not None else None
    if values is None:
        return tuple(
            replace(o, guess=None) if isinstance(o, ValueSet) and o.bound is Bound.UNKNOWN and o.guess is not None else o for o in base
        )
    return _drop_constants(base, lambda v: (type(v), v) in values)


def not_equal(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a value that is left by `x != y`."""
    other = ev.eval(term.by, frame) if term.by is not None else BOTTOM
    if len(other) == 1 and isinstance(other[0], ValueSet) and other[0].bound is Bound.EXACTLY and len(other[0].exact) == 1:
        gone = other[0].exact[0]
        return _drop_constants(base, lambda v: v == gone and type(v) is type(gone))
    if len(other) == 1 and isinstance(other[0], EnumMember) and other[0].name is not None:
        gone_member = other[0]
        return tuple(o for o in base if not (isinstance(o, EnumMember) and o.cls == gone_member.cls and o.name == gone_member.name))
    if len(other) == 1 and isinstance(other[0], Instance) and _is_one_object(other[0]) and not _compares(ev, other[0]):
        return tuple(o for o in base if o != other[0])  # a mark for "not set": it equals itself alone
    if len(other) == 1 and (same := _classes(ev, base, other)) is not None:
        return tuple(o for o, is_one in same if not is_one)
    return base


def equal(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a value that is left by `x == y`."""
    return _equal(ev, base, ev.eval(term.by, frame), frame, term) if term.by is not None else base


def _is_one_object(obj: Instance) -> bool:
    """Tell whether an instance is made once: in the body of a module. A function may make many at one place."""
    return obj.site is not None and obj.site[1].ir.kind == "module" and not straight_lines.in_loop(obj.site[1], obj.site[0].at[0])


def _can_be_called(obj: Object) -> bool | None:
    """Tell whether `callable(x)` holds, None where that is not known."""
    if isinstance(obj, (Function, ClassObject, Partial, Method)):
        return True
    if isinstance(obj, (Mapping, Sequence, EnumMember, Module)) or (isinstance(obj, ValueSet) and obj.bound is not Bound.UNKNOWN):
        return False
    return None


def is_true(alts: Objects) -> bool:
    """Tell whether a value is certainly true, so that the right operand of `or` is not reached."""
    return bool(alts) and all(_is_true(obj) for obj in alts)


def _is_true(obj: Object) -> bool:
    if isinstance(obj, ValueSet):
        return obj.bound is Bound.EXACTLY and bool(obj.exact) and all(obj.exact)
    if isinstance(obj, Sequence):
        return bool(obj.items) and obj.kind not in ("generator", "set")
    if isinstance(obj, Mapping):
        return any(not isinstance(k, UnknownKey) and k not in obj.optional for k, _ in obj.entries)
    return isinstance(obj, (Function, ClassObject, Module, Partial, Method, MetricObject))


def paired(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Keep the returned tuples whose flag passes a test: `return route.path, True` for a caller's `if handled:`."""
    part = frame.ir.defs[term.base.index].term if isinstance(term.base, Use) else None
    flag = term.by
    if not isinstance(part, Item) or not isinstance(flag, Item):
        return base
    at, flag_at = (key.value if isinstance(key, Const) else None for key in (part.key, flag.key))
    returned = ev.eval(flag.base, frame)
    if not isinstance(at, int) or not isinstance(flag_at, int) or not all(isinstance(o, Sequence) and not o.rest for o in returned):
        return base
    wanted = term.guard == "paired"
    kept: list[Objects] = []
    for obj in returned:
        assert isinstance(obj, Sequence)
        if not -len(obj.items) <= min(at, flag_at) <= max(at, flag_at) < len(obj.items):
            return base
        said = ev.force(obj.items[flag_at])
        certain = bool(said) and all(isinstance(o, ValueSet) and o.bound is Bound.EXACTLY and bool(o.exact) for o in said)
        if not certain or any(bool(v) is wanted for o in said if isinstance(o, ValueSet) for v in o.exact):
            kept.append(ev.force(obj.items[at]))
    return base if len(kept) == len(returned) else join_objects(kept) if kept else BOTTOM


def _drop_constants(base: Objects, drop: object) -> Objects:
    out: list[Object] = []
    for obj in base:
        if isinstance(obj, ValueSet) and obj.bound is Bound.EXACTLY:
            kept = tuple(v for v in obj.exact if not drop(v))  # type: ignore[operator]
            if len(kept) == len(obj.exact):
                out.append(obj)
            elif kept:
                out.append(exactly(kept))
        else:
            out.append(obj)
    return tuple(out)


EMPTY = 20
"""Texts of values that are false: `0`, `0.0`, `None`, `[]`, `set()` and the like."""


def _falsy(base: Objects) -> Objects:
    out: list[Object] = []
    for obj in base:
        if isinstance(obj, ValueSet):
            if obj.bound is Bound.EXACTLY:
                kept = tuple(v for v in obj.exact if not v)
                if kept:
                    out.append(exactly(kept))
            else:
                out.append(bounded(EMPTY, "an empty value"))
        elif isinstance(obj, LibraryPath):
            out.append(bounded(EMPTY, "an empty value"))
        elif isinstance(obj, (Mapping, Sequence)):
            out.append(obj)
        elif isinstance(obj, (Instance, Function, ClassObject, Module, EnumMember)):
            continue
        else:
            out.append(obj)
    return tuple(out)


def _constants(ev: Evaluator, term: AnyTerm, frame: Frame) -> set[tuple[type, Scalar]] | None:
    """Return the constants of a collection that holds nothing else."""
    items = collections.as_items(ev, ev.eval(term, frame))
    if items is None:
        return None
    out: set[tuple[type, Scalar]] = set()
    for thunk in items:
        value = ev.scalar(ev.force(thunk), frame, term.at)
        if value.bound is not Bound.EXACTLY:
            return None
        out.update((type(v), v) for v in value.exact)
    return out


def is_in(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a value that is left by `x in ALLOWED`."""
    by = term.by
    assert by is not None
    collection = ev.eval(by, frame)
    if not collection:
        return BOTTOM
    if any(isinstance(o, ValueSet) and o.bound is Bound.EXACTLY and any(isinstance(v, str) for v in o.exact) for o in collection):
        return base  # `x in "text"` tests for a part of a text: it bounds nothing
    groups: list[Objects] = []
    for obj in collection:
        if isinstance(obj, Sequence) and obj.max_size is not None and obj.kind == "set":
            groups.append((bounded(obj.max_size, "one of a few values that were let in"),))
        elif isinstance(obj, (Sequence, Mapping, ClassObject)):
            groups.append(ev.iterate(obj, Iterate(by, term.at), frame))
        elif isinstance(obj, LibraryPath):
            groups.append(_setting(obj.path))
        elif isinstance(obj, ValueSet) and obj.bound < Bound.UNKNOWN:
            groups.append((obj,))
        else:
            groups.append((unknown("a collection that is not known"),))
    elements = join_objects(groups)
    if not elements or (all(isinstance(o, ValueSet) and o.bound is Bound.UNKNOWN for o in elements)):
        if terms.is_constant_name(by, frame) and not any(isinstance(o, (Sequence, Mapping)) for o in collection):
            return (FIXED_SET,)
        return (_undecided(ev, base, term, frame),)
    value = ev.scalar(elements, frame, term.at)
    if value.bound is Bound.EXACTLY:
        known = {(type(v), v) for v in value.exact}
        kept = tuple(v for o in base if isinstance(o, ValueSet) and o.bound is Bound.EXACTLY for v in o.exact if (type(v), v) in known)
        if all(isinstance(o, ValueSet) and o.bound is Bound.EXACTLY for o in base):
            return (exactly(kept),) if kept else BOTTOM
        if any(isinstance(o, EnumMember) for o in elements):
            return elements
        return (_as_tested(ev, base, value, term, frame),)
    if value.bound is Bound.UNBOUNDED:
        return base
    if value.bound is Bound.UNKNOWN:
        return (_undecided(ev, base, term, frame),)
    return (value,)


def is_key(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Narrow a key that was found in a dictionary to its keys: `handler = HANDLERS.get(name)`, `if handler is None: return`.

    What a cache or a database finds under a key says nothing of the key.
    """
    assert term.by is not None
    table = ev.eval(term.by, frame)
    if not table or not all(isinstance(o, Mapping) and o.entries for o in table):
        return base
    return is_in(ev, base, term, frame)


def _setting(path: str) -> Objects:
    return (ValueSet(Bound.PER_DEPLOYMENT, f"one of a configured set, `{path.rpartition('.')[2]}`", 20, kind="config"),)


def _undecided(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> ValueSet:
    """A member of a collection that is not known: neither bounded nor still known to be unbounded."""
    scalar = ev.scalar(base, frame, term.at)
    if scalar.bound < Bound.UNKNOWN and all(isinstance(o, ValueSet) for o in base):
        return scalar
    tested = unknown("it is tested against an unknown collection", guess=scalar.guess if scalar.bound is Bound.UNKNOWN else None)
    return replace(tested, kind="tested")


def _equal(ev: Evaluator, base: Objects, other: Objects, frame: Frame, term: Refine) -> Objects:
    """Return the value of two equal values: the better known of the two."""
    if not other:
        return base
    if (same := _classes(ev, base, other)) is not None:
        return tuple(o for o, is_one in same if is_one)
    if all(isinstance(o, EnumMember) and o.name is not None for o in (*other, *base)):
        return tuple(o for o in base if isinstance(o, EnumMember) and any(_is_same(ev, o, w) for w in other if isinstance(w, EnumMember)))
    if any(isinstance(o, (EnumMember, ClassObject)) for o in other):
        return other
    right = ev.scalar(other, frame, term.at)
    left = [o for o in base if isinstance(o, ValueSet)]
    if right.bound is Bound.EXACTLY:
        if len(left) == len(base) and left and left[0].bound is Bound.EXACTLY:
            kept = tuple(v for v in left[0].exact if v in right.exact)
            return (exactly(kept),) if kept else BOTTOM
        if right.exact == (None,) or any(isinstance(v, (str, int, float, bool)) for v in right.exact):
            return (_as_tested(ev, base, right, term, frame),)
    if left and right.bound < left[0].bound:
        return (right,)
    return base


def _classes(ev: Evaluator, base: Objects, other: Objects) -> list[tuple[Object, bool]] | None:
    """Return metric classes with whether each is one of some others, None where one is anything else: `if cls is Info`.

    A class of the program says nothing here: `cls` in a class method may be any of its subclasses.
    """
    ours, theirs = ([_class_of(ev, o) for o in alts] for alts in (base, other))
    return None if None in ours or None in theirs else [(o, key in theirs) for o, key in zip(base, ours, strict=True)]


def _class_of(ev: Evaluator, obj: Object) -> tuple[str, str] | None:
    made = metric_classes.constructor_of(ev, obj.path) if isinstance(obj, LibraryPath) else None
    return (made.client.package, made.row.name) if made is not None else None


def _as_tested(ev: Evaluator, base: Objects, value: ValueSet, term: Refine, frame: Frame) -> ValueSet:
    """Return the constants that a test lets through. `1`, `1.0` and `True` are equal: of a number of which no more is known, the
    text is the constant's only by its look."""
    if not any(isinstance(v, (int, float)) for v in value.exact):
        return value
    known = all((isinstance(o, ValueSet) and o.bound < Bound.UNKNOWN) or isinstance(o, (LibraryPath, EnumMember)) for o in base)
    if known or intervals.wholeness(ev, term.base, frame):
        return value
    return replace(value, named=True)


def _is_same(ev: Evaluator, a: EnumMember, b: EnumMember) -> bool:
    """Tell whether two members of an Enum are one: by name, or because both names have one value."""
    if a.cls != b.cls or a.name is None or b.name is None:
        return False
    if a.name == b.name:
        return True
    values = [v.exact for name in (a.name, b.name) for v in enums.member_value(ev, a.cls, name) if isinstance(v, ValueSet)]
    return len(values) != 2 or values[0] == values[1]
