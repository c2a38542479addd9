"""Methods of texts, dictionaries, sequences and other known values."""

from __future__ import annotations

from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain import constant_limits
from cardlint.inference.domain.constant_limits import LONG_TEXT
from cardlint.inference.domain.containers import Mapping, Sequence, SequenceKind, UnknownKey
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, EnumMember, Function, Instance, Method, Object, Objects
from cardlint.inference.domain.text_methods import ABOUT_TEXTS, EXACT_METHODS, TEXT_METHODS
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded, compose, computed, exactly, join, product, transformed, unknown
from cardlint.inference.language import calls, generated_methods
from cardlint.inference.models import records
from cardlint.inference.models.datetime import strftime
from cardlint.inference.primitives import collections, enums
from cardlint.ir.terms import Call, Iterate, Star
from cardlint.knowledge.handing import TASKS
from cardlint.knowledge.vocabulary import FIRST_WORDS

TASK_METHODS = frozenset(hand.name for hand in TASKS)


def call_method(ev: Evaluator, obj: Method, term: Call, frame: Frame) -> Objects:
    """Call a method of an object that is no instance of an analysed class."""
    return ev.call_method(obj.of, obj.name, term, frame)


def of_instance(ev: Evaluator, of: Instance, name: str, term: Call, frame: Frame) -> Objects:
    """Call a generated method of an instance's class, or `get` of a TypedDict."""
    if generated_methods.is_record(ev, of, name):
        return records.method(ev, of, name, term, frame)
    return calls.item_or_default(ev, of, term, frame) if term.args else of_anything(ev, of, name, term, frame)


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
    return (unknown(f"method `{name}` of something that is not known"),)


def of_mapping(ev: Evaluator, of: Mapping, name: str, term: Call, frame: Frame) -> Objects:
    """Call a method of a dictionary."""
    if name in ("get", "pop", "setdefault", "__getitem__") and term.args:
        key = ev.value(term.args[0], frame)
        found = collections.lookup(ev, of, key)
        default = terms.argument(term, 1, "default")
        keys = {k for k, _ in of.entries if not isinstance(k, UnknownKey)}
        certain = key.cls is Bound.EXACTLY and set(key.exact) <= keys and not (set(key.exact) & of.optional)
        if certain or name == "__getitem__":
            return found
        if default is not None:
            return join_objects([found, ev.eval(default, frame)])
        return join_objects([found, (exactly((None,)),)]) if name == "get" else found
    if name in ("keys", "__iter__"):
        entries = tuple(
            Lazy(None, None, (exactly((k,)),)) for k in dict.fromkeys(k for k, _ in of.entries if not isinstance(k, UnknownKey))
        )
        rest = tuple(k.keys for k, _ in of.entries if isinstance(k, UnknownKey) and k.keys is not None)
        if of.open:
            rest = (*rest, Lazy(None, None, (unknown("keys of a dictionary that is filled elsewhere"),)))
        return (Sequence("list", entries, rest),)
    if name == "values":
        latest: dict[object, Lazy] = {}
        for k, t in of.entries:
            latest[k] = t
        rest = (Lazy(None, None, (unknown("values of a dictionary that is filled elsewhere"),)),) if of.open else ()
        return (Sequence("list", tuple(latest.values()), rest),)
    if name in ("items", "most_common"):
        pairs: dict[object, Lazy] = {}
        loose: list[Lazy] = []
        for k, t in of.entries:
            if isinstance(k, UnknownKey):
                loose.append(Lazy(None, None, (Sequence("tuple", (k.keys or t, t)),)))
            else:
                pairs[k] = Lazy(None, None, (Sequence("tuple", (Lazy(None, None, (exactly((k,)),)), t)),))
        if of.open:
            loose.append(Lazy(None, None, (unknown("items of a dictionary that is filled elsewhere"),)))
        return (Sequence("list", tuple(pairs.values()), tuple(loose)),)
    if name == "copy":
        return (of,)
    if name == "elements":  # of a `collections.Counter`
        return of_mapping(ev, of, "keys", term, frame)
    return (unknown(f"`{name}()` of a dictionary"),)


def of_sequence(ev: Evaluator, of: Sequence, name: str, term: Call, frame: Frame) -> Objects:
    """Call a method of a list, tuple, set or generator."""
    if name == "copy":
        return (of,)
    if of.attributes is not None and f"{name}()" in of.attributes:
        return ev.force(of.attributes[f"{name}()"])
    if name in ("pop", "popleft", "__next__", "get", "get_nowait"):
        return collections.elements(ev, of)
    if name == "intersection" and term.args:
        return collections.common(ev, (of,), ev.eval(term.args[0], frame), frame, term.at)
    if name in ("union", "difference") and term.args:
        other = ev.eval(term.args[0], frame)
        return collections.union(ev, (of,), other) if name == "union" else (Sequence("set", (), (*of.items, *of.rest)),)
    if name == "index" and term.args and not of.rest:
        wanted = ev.value(term.args[0], frame)
        values = [ev.scalar(ev.force(t), frame, term.at) for t in of.items]
        if wanted.cls is Bound.EXACTLY and len(wanted.exact) == 1 and all(v.cls is Bound.EXACTLY and len(v.exact) == 1 for v in values):
            places = [i for i, v in enumerate(values) if v.exact == wanted.exact]
            return (exactly((places[0],)),) if places else BOTTOM
    if name == "index":
        return (bounded(max(1, len(of.items)), "a position in a fixed list"),) if not of.rest else (unknown("a position"),)
    return (unknown(f"`{name}()` of a list"),)


def of_value(ev: Evaluator, of: ValueSet, name: str, term: Call, frame: Frame) -> Objects:
    """Call a method of a text, or of any other value that is not a container."""
    if name in ABOUT_TEXTS:
        return (ABOUT_TEXTS[name],)
    if name == "join" and term.args:
        return (_joined(ev, of, term, frame),)
    if name in EXACT_METHODS and of.cls is Bound.EXACTLY:
        return (_exact_method(ev, of, name, term, frame),)
    if name in ("split", "rsplit", "partition", "rpartition", "splitlines"):
        return _split(ev, of, name, term, frame)
    if name == "bit_length":
        return (bounded(64, "number of bits"),)
    if name == "strftime":
        return (strftime(ev, term, frame),)
    if name in ("format", "format_map"):
        parts = [of, *(ev.value(a, frame) for a in term.args if not isinstance(a, Star)), *(ev.value(v, frame) for _, v in term.kwargs)]
        return (product(parts),)
    if name in TEXT_METHODS:
        return (unknown("a text that is transformed"),) if of.cls is Bound.EXACTLY else (transformed(of, name),)
    if of.cls is Bound.UNBOUNDED:
        return (of,)
    return (calls.unknown_call(ev, of, term, frame),)


def _exact_method(ev: Evaluator, of: ValueSet, name: str, term: Call, frame: Frame) -> ValueSet:
    arguments = [ev.value(a, frame) for a in term.args]
    if any(a.cls is not Bound.EXACTLY or len(a.exact) != 1 for a in arguments):
        worst = join([of, *arguments])
        assert worst is not None
        return unknown("a text that is transformed") if worst.cls is Bound.EXACTLY else worst
    given = [a.exact[0] for a in arguments]
    out = []
    for text in of.exact:
        if isinstance(text, str):
            if constant_limits.makes_too_much(name, text, given):
                return unknown(LONG_TEXT)
            try:
                out.append(getattr(text, name)(*given))
            except (TypeError, ValueError, OverflowError):
                continue
    return computed(out)


def _split(ev: Evaluator, of: ValueSet, name: str, term: Call, frame: Frame) -> Objects:
    given = [ev.value(a, frame) for a in term.args]
    if (
        of.cls is Bound.EXACTLY
        and len(of.exact) == 1
        and isinstance(of.exact[0], str)
        and all(g.cls is Bound.EXACTLY and len(g.exact) == 1 for g in given)
    ):
        try:
            pieces = getattr(of.exact[0], name)(*(g.exact[0] for g in given))
        except (TypeError, ValueError, OverflowError):
            return (unknown("a text that cannot be split"),)
        kind: SequenceKind = "tuple" if "partition" in name else "list"
        return (Sequence(kind, tuple(Lazy(None, None, (exactly((p,)),)) for p in pieces)),)
    part = of
    if of.cls is Bound.EXACTLY:
        part = unknown("a part of a text")
    first = _first_word(of, name, given)
    return (Sequence("tuple", (Lazy(None, None, (first,)),) if first is not None else (), (Lazy(None, None, (part,)),)),)


def _first_word(of: ValueSet, name: str, given: list[ValueSet]) -> ValueSet | None:
    """Return the first word of an unbounded text, where it is one of a few although the text is not."""
    known = FIRST_WORDS.get(of.kind) if of.cls is Bound.UNBOUNDED and name in ("split", "partition") else None
    blank = not given or (given[0].cls is Bound.EXACTLY and all(v is None or (isinstance(v, str) and v.isspace()) for v in given[0].exact))
    return bounded(*known) if known is not None and blank else None


def _joined(ev: Evaluator, of: ValueSet, term: Call, frame: Frame) -> ValueSet:
    alts = ev.eval(term.args[0], frame)
    items = collections.as_items(ev, alts)
    if items is None:
        worst = join([ev.scalar(ev.iterate(o, Iterate(term.args[0], term.at), frame), frame, term.at) for o in alts])
        if worst is not None and worst.cls >= Bound.PER_DEPLOYMENT:
            return worst
        return unknown("a text joined from a number of parts that is not known")
    parts: list[ValueSet] = []
    for index, item in enumerate(items):
        if index:
            parts.append(of)
        parts.append(ev.scalar(ev.force(item), frame, term.at))
    return compose(parts)
