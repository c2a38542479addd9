"""Methods of texts, dictionaries, sequences and other known values."""

from __future__ import annotations

from itertools import product as combinations
from math import prod

from cardlint.common.numbers import capped
from cardlint.findings import Confidence
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain import constant_limits
from cardlint.inference.domain.constant_limits import LONG_TEXT
from cardlint.inference.domain.containers import Mapping, Sequence, SequenceKind, UnknownKey, most_of, selection
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, EnumMember, Function, Instance, LibraryPath, Method, Object, Objects
from cardlint.inference.domain.text_methods import ABOUT_TEXTS, BOOLEAN_METHODS, EXACT_METHODS, REWRITING, TEXT_METHODS
from cardlint.inference.domain.value_sets import (
    Bound,
    ValueSet,
    bounded,
    computed,
    derived,
    exactly,
    join,
    product,
    transformed,
    unbounded,
    unknown,
)
from cardlint.inference.heuristics import source_names
from cardlint.inference.language import calls, declared_data, field_declarations, formatting
from cardlint.inference.limits import MAX_EXACT, MAX_JOINED_PARTS
from cardlint.inference.models import records
from cardlint.inference.models.datetime import strftime
from cardlint.inference.primitives import collections, enums, selections
from cardlint.ir.terms import AnyTerm, At, Attr, Call, FreeVar, Item, Iterate, Star, Use
from cardlint.knowledge.handing import TASKS
from cardlint.knowledge.structuring import MIXED_IN
from cardlint.knowledge.vocabulary import FIRST_PARTS, FIRST_WORDS

TASK_METHODS = frozenset(hand.name for hand in TASKS)


def call_method(ev: Evaluator, obj: Method, term: Call, frame: Frame) -> Objects:
    """Call a method of an object that is no instance of an analysed class."""
    return ev.call_method(obj.of, obj.name, term, frame)


def of_instance(ev: Evaluator, of: Instance, name: str, term: Call, frame: Frame) -> Objects:
    """Call a generated method of an instance's class, or `get` of a TypedDict."""
    if field_declarations.is_record(ev, of, name):
        return records.method(ev, of, name, term, frame)
    if declared_data.is_loading(ev, of, name):
        return declared_data.loaded(ev, of, term, frame)
    if name in MIXED_IN and isinstance(term.func, Attr) and not term.args:
        return (_mixed_in(name, term.func.base, term.at, frame),)
    return calls.item_or_default(ev, of, term, frame) if term.args else of_anything(ev, of, name, term, frame)


def _mixed_in(name: str, base: AnyTerm, at: At, frame: Frame) -> Sequence:
    """Make what `keys`, `values` or `items` of a class based on `Mapping` gives, of its `__iter__` and `__getitem__`."""
    key = frame.written(("key", id(base)), Iterate(base, at))
    value = frame.written(("value", id(base)), Item(base, key, at))
    if name != "items":
        return Sequence("list", (), (frame.lazy(key if name == "keys" else value),))
    return Sequence("list", (), (Lazy(None, None, (Sequence("tuple", (frame.lazy(key), frame.lazy(value))),)),))


def of_member(ev: Evaluator, of: EnumMember, name: str, term: Call, frame: Frame) -> Objects:
    """Call a method of a member of an Enum: of its text."""
    return of_value(ev, enums.member_text(ev, of), name, term, frame)


def of_function(ev: Evaluator, of: Function, name: str, term: Call, frame: Frame) -> Objects:
    """Call a method of a function: of a task, which runs elsewhere."""
    if name == "__call__" or name in TASK_METHODS:
        return (unknown("a task that runs elsewhere"),)
    return of_anything(ev, of, name, term, frame)


def of_anything(ev: Evaluator, of: Object, name: str, term: Call, frame: Frame) -> Objects:
    """Call a method of an object without known methods."""
    return (unknown(f"method `{name}` of an unknown object"),)


def unbound(ev: Evaluator, name: str, term: Call, frame: Frame) -> Objects:
    """Call a method of texts by its class: `str.upper(name)`, also as what `map` gets."""
    if not term.args or isinstance(term.args[0], Star):
        return (unknown(f"`str.{name}` of an unknown text"),)
    key = ("unbound", id(term))
    rest = frame.synthetic_calls.get(key)  # the same call object every time: results are kept by identity
    if rest is None:
        rest = frame.synthetic_calls[key] = Call(term.func, term.args[1:], term.kwargs, term.at)
    assert isinstance(rest, Call)
    return of_value(ev, ev.value(term.args[0], frame), name, rest, frame)


def of_mapping(ev: Evaluator, of: Mapping, name: str, term: Call, frame: Frame) -> Objects:
    """Call a method of a dictionary."""
    if name in ("get", "pop", "setdefault", "__getitem__") and term.args:
        key = collections.key_of(ev, term.args[0], frame)
        found = collections.lookup(ev, of, key)
        if source_names.is_undecided(found) and isinstance(term.func, Attr):
            found = source_names.by_its_name(found, Item(term.func.base, term.args[0], term.at), frame)
        default = terms.argument(term, 1, "default")
        keys = {k for k, _ in of.entries if not isinstance(k, UnknownKey)}
        certain = key.bound is Bound.EXACTLY and set(key.exact) <= keys and not (set(key.exact) & of.optional)
        if certain or name == "__getitem__":
            return found
        if default is not None:
            return join_objects([found, ev.eval(default, frame)])
        return join_objects([found, (exactly((None,)),)]) if name == "get" else found
    if name in ("keys", "__iter__"):
        return (_keys_of(ev, of),)
    if name == "values":
        latest: dict[object, Lazy] = {}
        for k, t in of.entries:
            latest[k] = t
        rest = (Lazy(None, None, (unknown("values of a dictionary that is filled elsewhere"),)),) if of.open else ()
        return (_held_by(of, latest, rest),)
    if name in ("items", "most_common"):
        pairs: dict[object, Lazy] = {}
        loose: list[Lazy] = []
        for k, t in of.entries:
            if isinstance(k, UnknownKey) and k.asked and len(of.entries) > 1:
                continue
            if isinstance(k, UnknownKey):
                loose.append(Lazy(None, None, (Sequence("tuple", (k.possible or t, t)),)))
            else:
                pairs[k] = Lazy(None, None, (Sequence("tuple", (Lazy(None, None, (exactly((k,)),)), t)),))
        if of.open:
            loose.append(Lazy(None, None, (unknown("items of a dictionary that is filled elsewhere"),)))
        return (_held_by(of, pairs, tuple(loose)),)
    if name == "copy":
        return (of,)
    if name == "elements":  # of a `collections.Counter`
        return of_mapping(ev, of, "keys", term, frame)
    return (unknown(f"`{name}()` of a dictionary"),)


def _keys_of(ev: Evaluator, of: Mapping) -> Sequence:
    """Return the keys of a dictionary in order; those that may be missing may be missing."""
    held = selections.elements(ev, (of,))
    if held is not None:
        return selection("list", held)
    entries = tuple(Lazy(None, None, (exactly((k,)),)) for k in dict.fromkeys(k for k, _ in of.entries if not isinstance(k, UnknownKey)))
    entries, maybe = ((), entries) if of.optional else (entries, ())
    rest = tuple(k.possible for k, _ in of.entries if isinstance(k, UnknownKey) and k.possible is not None and not (k.asked and entries))
    if of.open:
        rest = (*rest, Lazy(None, None, (unknown("keys of a dictionary that is filled elsewhere"),)))
    return Sequence("list", entries, (*maybe, *rest))


def _held_by(of: Mapping, held: dict[object, Lazy], rest: tuple[Lazy, ...]) -> Sequence:
    """Return values or pairs of a dictionary in order; those of keys that may be missing may be missing."""
    if rest or any(isinstance(k, UnknownKey) for k in held):
        loose = bool(of.optional) or any(isinstance(k, UnknownKey) for k in held)
        return Sequence("list", () if loose else tuple(held.values()), (*held.values(), *rest) if loose else rest)
    return selection("list", [(thunk, k not in of.optional) for k, thunk in held.items()])


def of_sequence(ev: Evaluator, of: Sequence, name: str, term: Call, frame: Frame) -> Objects:
    """Call a method of a list, tuple, set or generator."""
    if name == "copy":
        return (of,)
    if of.attributes is not None and f"{name}()" in of.attributes:
        return ev.force(of.attributes[f"{name}()"])
    if of.attributes is not None and terms.is_lookup(term):
        return calls.item_or_default(ev, of, term, frame)
    if name in ("pop", "get") and term.args and collections.is_name(ev.value(term.args[0], frame)):
        return BOTTOM  # it is asked of a dictionary: a list and a queue have no names
    if name in ("pop", "popleft", "__next__", "get", "get_nowait"):
        return collections.elements(ev, of)
    if name in SETS and term.args:
        return _set_method(ev, of, name, term, frame)
    if name == "index" and term.args and not of.rest:
        wanted = ev.value(term.args[0], frame)
        values = [ev.scalar(ev.force(t), frame, term.at) for t in of.items]
        if wanted.bound is Bound.EXACTLY and len(wanted.exact) == 1 and all(v.bound is Bound.EXACTLY and len(v.exact) == 1 for v in values):
            places = [i for i, v in enumerate(values) if v.exact == wanted.exact]
            return (exactly((places[0],)),) if places else BOTTOM
    if name == "index":
        held = selections.elements(ev, (of,))
        return (selections.one_of(max(1, len(held))),) if held is not None else (unknown("a position"),)
    if name == "count":
        held = selections.elements(ev, (of,))
        return (selections.one_of(len(held) + 1),) if held is not None else (unknown("a number of elements"),)
    return (unknown(f"`{name}()` of a list"),)


SETS = frozenset({"intersection", "union", "difference", "symmetric_difference"})


def _set_method(ev: Evaluator, of: Sequence, name: str, term: Call, frame: Frame) -> Objects:
    """Call a method that makes a set of several ones, one after the other."""
    held: Objects = (of,)
    for argument in term.args:
        if isinstance(argument, Star):
            return (
                Sequence("set", (), (*of.items, *of.rest, Lazy(None, None, (unknown("an element of sets that cannot be told apart"),)))),
            )
        other = ev.eval(argument, frame)
        if name == "intersection":
            held = selections.common(ev, held, other, frame, term.at)
        elif name == "union":
            more = [o for o in other if not isinstance(o, Sequence)]
            held = collections.union(ev, held, other)
            if more:  # any iterable will do
                added = Lazy(None, None, join_objects([ev.iterate(o, Iterate(argument, term.at), frame) for o in more]))
                held = tuple(Sequence("set", o.items, (*o.rest, added)) if isinstance(o, Sequence) else o for o in held)
        else:
            sets = tuple(
                o if isinstance(o, (Sequence, Mapping)) else Sequence("set", (), (_element(ev, o, argument, frame),)) for o in other
            )
            held = selections.difference(ev, held, sets, frame, term.at, name != "difference")
    return held


def _element(ev: Evaluator, obj: Object, term: AnyTerm, frame: Frame) -> Lazy:
    return Lazy(None, None, ev.iterate(obj, Iterate(term, term.at), frame))


def of_value(ev: Evaluator, of: ValueSet, name: str, term: Call, frame: Frame) -> Objects:
    """Call a method of a text, or of any other value that is not a container."""
    if of.bound is Bound.EXACTLY and (name in ABOUT_TEXTS or name in EXACT_METHODS):
        found = _exact_method(ev, of, name, term, frame)
        if found is not None:
            return (found,)
    if name in BOOLEAN_METHODS:
        return (ABOUT_TEXTS[name],)
    if name in ABOUT_TEXTS:
        longest = max((len(v) for v in of.exact if isinstance(v, str)), default=None) if of.bound is Bound.EXACTLY else None
        return (bounded(longest + 3, "a number of characters") if longest is not None else ABOUT_TEXTS[name],)
    if name == "join" and term.args:
        return (_joined(ev, of, term, frame),)
    if name in ("split", "rsplit", "partition", "rpartition", "splitlines"):
        return _split(ev, of.spread(), name, term, frame)
    if name == "bit_length":
        return (bounded(64, "number of bits"),)
    if name == "strftime":
        return (strftime(ev, term, frame, of),)
    if name == "format":
        return formatting.by_format(ev, of, term, frame)
    if name == "format_map":
        given = _given(ev, of, term, frame)
        return (given if given.bound is Bound.UNBOUNDED else unknown("a template whose values cannot be told apart"),)
    if name in TEXT_METHODS or name in REWRITING:
        return (_rewritten(ev, of, name, term, frame),)
    of = of.spread()
    if of.bound is Bound.UNBOUNDED:
        return (of,)
    return (calls.unknown_call(ev, of, term, frame),)


def _given(ev: Evaluator, of: ValueSet, term: Call, frame: Frame) -> ValueSet:
    """Return the combinations of a value and the arguments of its method."""
    arguments = [a.base if isinstance(a, Star) else a for a in (*term.args, *(v for _, v in term.kwargs))]
    return product([of, *(ev.value(a, frame) for a in arguments if not _is_table(ev, a, frame))])


def _is_table(ev: Evaluator, term: AnyTerm, frame: Frame) -> bool:
    """Tell whether an argument is a table of `str.maketrans` that is written out: it rewrites each text, and makes none."""
    while isinstance(term, Use):
        term = frame.ir.defs[term.index].term
    if not isinstance(term, Call) or not isinstance(term.func, Attr) or term.func.name != "maketrans":
        alts = ev.eval(term, frame) if isinstance(term, FreeVar) else BOTTOM  # one of the module
        return bool(alts) and all(isinstance(o, LibraryPath) and o.path == "builtins.str.maketrans()" for o in alts)
    given = [ev.value(a, frame) for a in term.args]
    return all(v.bound is Bound.EXACTLY and len(v.exact) == 1 for v in given)


def _rewritten(ev: Evaluator, of: ValueSet, name: str, term: Call, frame: Frame) -> ValueSet:
    """Return what a method makes of each text with each of its arguments: not more than there are combinations."""
    whole = _given(ev, of, term, frame) if term.args or term.kwargs else of
    if whole.bound <= Bound.BOUNDED:
        return derived(whole.size or 1, "a text from the code, rewritten" if of.bound is Bound.EXACTLY else whole.why, name, whole)
    return transformed(whole, name)


def _exact_method(ev: Evaluator, of: ValueSet, name: str, term: Call, frame: Frame) -> ValueSet | None:
    """Compute a method of constants; None where an argument is none, or where there are too many of them."""
    arguments = [ev.value(a, frame) for a in term.args]
    if term.kwargs or not any(isinstance(v, str) for v in of.exact) or any(a.bound is not Bound.EXACTLY or not a.exact for a in arguments):
        return None
    if len(of.exact) * prod(len(a.exact) for a in arguments) > MAX_EXACT:
        return None
    out = []
    for text, *given in combinations(of.exact, *(a.exact for a in arguments)):
        if isinstance(text, str):
            if constant_limits.makes_too_much(name, text, given):
                return unknown(LONG_TEXT)
            try:
                out.append(getattr(text, name)(*given))
            except (TypeError, ValueError, OverflowError):
                continue
    return computed(out)


def _split(ev: Evaluator, of: ValueSet, name: str, term: Call, frame: Frame) -> Objects:
    if of.kind == "combination":
        of = unknown("one of the values that a list in a text holds")
    given = [ev.value(a, frame) for a in term.args]
    if (
        of.bound is Bound.EXACTLY
        and len(of.exact) == 1
        and isinstance(of.exact[0], str)
        and all(g.bound is Bound.EXACTLY and len(g.exact) == 1 for g in given)
    ):
        try:
            pieces = getattr(of.exact[0], name)(*(g.exact[0] for g in given))
        except (TypeError, ValueError, OverflowError):
            return (unknown("a text that cannot be split"),)
        kind: SequenceKind = "tuple" if "partition" in name else "list"
        return (Sequence(kind, tuple(Lazy(None, None, (exactly((p,)),)) for p in pieces)),)
    part = _given(ev, of, term, frame) if of.bound is not Bound.EXACTLY and given else of
    if of.bound is Bound.EXACTLY:
        part = _parts_of(of, name, given)
    first = _first_word(of, name, given)
    return (Sequence("tuple", (Lazy(None, None, (first,)),) if first is not None else (), (Lazy(None, None, (part,)),)),)


def _parts_of(of: ValueSet, name: str, given: list[ValueSet]) -> ValueSet:
    """Return every part that constants can be cut into, where it is known where they are cut."""
    if any(g.bound is not Bound.EXACTLY or len(g.exact) != 1 for g in given):
        return unknown("a part of a text")
    parts: list[str] = []
    for text in of.exact:
        try:
            parts.extend(getattr(text, name)(*(g.exact[0] for g in given)) if isinstance(text, str) else ())
        except (TypeError, ValueError, OverflowError):
            return unknown("a text that cannot be split")
    return exactly(dict.fromkeys(parts))


def _first_word(of: ValueSet, name: str, given: list[ValueSet]) -> ValueSet | None:
    """Return the first word of an unbounded text, where it is or may be one of a few although the text is not."""
    if of.kind in FIRST_PARTS and name in ("split", "partition") and given and given[0].exact == (FIRST_PARTS[of.kind],):
        return unknown("the beginning of a text, which may be one of a few")
    known = FIRST_WORDS.get(of.kind) if of.bound is Bound.UNBOUNDED and name in ("split", "partition") else None
    blank = not given or (
        given[0].bound is Bound.EXACTLY and all(v is None or (isinstance(v, str) and v.isspace()) for v in given[0].exact)
    )
    return bounded(*known) if known is not None and blank else None


def _joined(ev: Evaluator, of: ValueSet, term: Call, frame: Frame) -> ValueSet:
    alts = ev.eval(term.args[0], frame)
    found = selections.joined(ev, of, alts, frame, term.at)
    if found is not None:
        return found
    parts = join([ev.scalar(ev.iterate(o, Iterate(term.args[0], term.at), frame), frame, term.at) for o in alts])
    worst = join([of, parts]) if parts is not None else of
    most = most_of(alts)
    if most is not None and most <= MAX_JOINED_PARTS:
        return _few_joined(of, parts, most)
    listing = bool(of.exact) and all(isinstance(s, str) and s.strip() in LISTING for s in of.exact)
    if listing and worst is not None and worst.bound is Bound.UNKNOWN and any(_grows(o) for o in alts):
        value = unbounded("combination", "a list of any number of values in one text", confidence=Confidence.MEDIUM)
        return value.step(frame.place(term.at), "a list of values becomes one text here")
    if worst is not None and worst.bound >= Bound.PER_DEPLOYMENT:
        return worst
    return unknown("a text joined from an unknown number of parts")


def _few_joined(of: ValueSet, part: ValueSet | None, most: int) -> ValueSet:
    """Return the texts of up to some parts: as open as the parts are, and where these are few, every row of them."""
    worst = join([of, part]) if part is not None else of
    if worst is None or worst.bound >= Bound.PER_DEPLOYMENT:
        return worst if worst is not None else unknown("a text joined from unknown parts")
    count = (len(part.exact) if part.bound is Bound.EXACTLY else part.size) if part is not None else 1
    separators = len(of.exact) if of.bound is Bound.EXACTLY else of.size
    if count is None or separators is None:
        return unknown("a text joined from an unknown number of parts")
    return bounded(capped(separators * sum(count**length for length in range(most + 1))), f"up to {most} values in one text")


LISTING = frozenset({",", ";", "|", "+"})
"""Separators of the elements of a list. Others join the parts of one name or path."""


def _grows(obj: Object) -> bool:
    """Tell whether the program itself puts any number of elements into a list, a set or a dictionary, one by one."""
    if isinstance(obj, Mapping):
        return any(isinstance(key, UnknownKey) and value.term is not None for key, value in obj.entries)
    return isinstance(obj, Sequence) and any(thunk.term is not None for thunk in obj.rest)
