"""Regular expressions: the results of `re.compile`, `re.search` and related functions, and the parts of a match.

A pattern that is a constant says which texts pass a test. Any other pattern is an object of the library.
"""

from __future__ import annotations

import ast

from msgspec.structs import replace

from cardlint.findings import Confidence
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain import finite_regex
from cardlint.inference.domain.containers import Mapping, Sequence, UnknownKey
from cardlint.inference.domain.finite_regex import Pattern
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, LibraryPath, Method, Objects, Regex
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import CHOSEN_BY_CLIENTS, Bound, ValueSet, exactly, unknown
from cardlint.inference.language import attributes
from cardlint.ir.terms import AnyTerm, At, Attr, Call, Item, Op, Refine


def matched(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Narrow a text that a regular expression accepts to the texts it matches, where these are few."""
    texts = let_through(ev, term.by, frame) if term.by is not None else None
    if texts is None:
        return base
    if texts.bound is Bound.EXACTLY and all(isinstance(o, ValueSet) and o.bound is Bound.EXACTLY for o in base):
        kept = tuple(v for o in base if isinstance(o, ValueSet) for v in o.exact if v in texts.exact)
        return (exactly(kept),) if kept else BOTTOM
    return (texts,)


FINDING = frozenset({"search", "match", "fullmatch"})
SEARCHING = frozenset({"finditer", "findall"})
"""Functions that return several matches; `findall` returns their texts."""
OF_CLIENTS = CHOSEN_BY_CLIENTS - {"identity"}
"""Kinds of texts whose parts are as unbounded as the whole: a client chooses them.

A match in another text is usually one of a closed set, such as a version or a code, unless its pattern takes anything: `(\\S+)`.
"""
HOLDING = frozenset({"group", "groups", "groupdict", "__getitem__"})


def compiled(ev: Evaluator, path: str, term: Call, frame: Frame) -> Objects | None:
    """Evaluate `re.compile`, `re.search`, `re.match`, `re.fullmatch`, `re.findall` and `re.finditer`; None for anything else.

    Flags change the meaning of a pattern, so a pattern with flags is not known.
    """
    name = path.rpartition(".")[2]
    if name not in FINDING and name not in SEARCHING and name != "compile":
        return None
    flags = terms.argument(term, 1 if name == "compile" else 2, "flags")
    written = terms.argument(term, 0, "pattern")
    value = ev.value(written, frame) if written is not None and flags is None else None
    constant = value.exact[0] if value is not None and value.bound is Bound.EXACTLY and len(value.exact) == 1 else None
    if isinstance(written, Op) and written.op == "many" and flags is None:
        constant = _of_bytes(written.at, frame)
    return _found(ev, constant if isinstance(constant, str) else None, name, terms.argument(term, 1, "string"), term, frame)


def _of_bytes(at: At, frame: Frame) -> str | None:
    """Return a pattern for bytes as a text. A literal of bytes has no value of its own, so its place is read, where it is on one line."""
    line, column, last_line, last_column = at
    if line != last_line:
        return None
    written = frame.file.ir.text.split("\n")[line - 1][column - 1 : last_column - 1]
    try:
        value = ast.literal_eval(written)
    except (ValueError, SyntaxError):
        return None
    return value.decode("latin-1") if isinstance(value, bytes) else None


def _found(ev: Evaluator, pattern: str | None, name: str, searched: AnyTerm | None, term: Call, frame: Frame) -> Objects:
    text = frame.lazy(searched) if searched is not None else None
    if name == "compile":
        return (Regex(pattern),)
    if name == "findall":
        part = _text(ev, Regex(pattern, name, text), frame, term)
        return (Sequence("list", (), (Lazy(None, None, (part,)),)),)
    if name == "finditer":
        return (Sequence("generator", (), (Lazy(None, None, (Regex(pattern, "search", text),)),)),)
    return (Regex(pattern, name, text), exactly((None,)))


def attribute(ev: Evaluator, obj: Regex, term: Attr, frame: Frame) -> Objects:
    """Return an attribute of a pattern or a match; the rows of the library decide the others."""
    if term.name in (HOLDING if obj.method else FINDING | SEARCHING):
        return (Method(obj, term.name),)
    return attributes.external(ev, _outside(obj, term, frame), f".{term.name}", term, frame)


def method(ev: Evaluator, obj: Regex, name: str, term: Call, frame: Frame) -> Objects:
    """Call a method of a pattern or a match."""
    if not obj.method:
        return _found(ev, obj.pattern, name, terms.argument(term, 0, "string"), term, frame)
    known = _known(obj)
    if name in ("groups", "groupdict"):
        groups = known.groups if known is not None else {}
        held = [(k, Lazy(None, None, _group(ev, obj, exactly((k,)), term, frame))) for k in groups if k != 0]
        if not held:
            part = _part(ev, obj, frame, term)
            if part is not None:
                rest = Lazy(None, None, (part,))
                return (Sequence("tuple", (), (rest,)) if name == "groups" else Mapping(((UnknownKey(), rest),), False),)
            return attributes.external(ev, _outside(obj, term, frame), f".{name}()", term, frame)
        if name == "groups":
            return (Sequence("tuple", tuple(t for k, t in sorted((k, t) for k, t in held if isinstance(k, int)))),)
        entries: tuple[tuple[str | UnknownKey, Lazy], ...] = tuple((k, t) for k, t in held if isinstance(k, str))
        return (Mapping(entries, False),)
    if len(term.args) > 1:
        return (Sequence("tuple", tuple(Lazy(None, None, _group(ev, obj, ev.value(a, frame), term, frame)) for a in term.args)),)
    return _group(ev, obj, ev.value(term.args[0], frame) if term.args else exactly((0,)), term, frame)


def item(ev: Evaluator, obj: Regex, key: ValueSet, term: Item, frame: Frame) -> Objects:
    """Return `match[key]`."""
    return _group(ev, obj, key, term, frame)


def _group(ev: Evaluator, obj: Regex, key: ValueSet, term: Call | Item, frame: Frame) -> Objects:
    known = _known(obj)
    wanted = key.exact[0] if key.bound is Bound.EXACTLY and len(key.exact) == 1 else None
    group = known.groups.get(wanted) if known is not None and isinstance(wanted, (int, str)) else None
    if group is None or group.texts is None:
        part = _part(ev, obj, frame, term, wanted if isinstance(wanted, (int, str)) else None)
        if part is not None:
            return (part,)
        return attributes.external(ev, _outside(obj, term, frame), ".group()", term, frame)
    texts = exactly(sorted(group.texts))
    return (texts,) if group.always else join_objects([(texts,), (exactly((None,)),)])


def _known(obj: Regex) -> Pattern | None:
    return finite_regex.parse(obj.pattern) if obj.pattern is not None else None


def _part(ev: Evaluator, obj: Regex, frame: Frame, term: AnyTerm, group: int | str | None = None) -> ValueSet | None:
    """Return a part of a text that a client sent, or of any open text where the group takes all that is there; None for others."""
    if obj.text is None:
        return None
    text = ev.scalar(ev.force(obj.text), obj.text.frame or frame, term.at)
    if text.bound is not Bound.UNBOUNDED:
        return None
    if text.kind in OF_CLIENTS:
        return text
    takes_all = group is not None and obj.pattern is not None and finite_regex.takes_anything(obj.pattern, group)
    return replace(text, confidence=min(text.confidence, Confidence.MEDIUM)) if takes_all else None


def _text(ev: Evaluator, obj: Regex, frame: Frame, term: AnyTerm) -> ValueSet:
    """Return the result of `findall`: the texts of the pattern or of its only group, or parts of a client's text."""
    known = _known(obj)
    if known is not None:
        groups = sorted(k for k in known.groups if isinstance(k, int))
        texts = known.groups[groups[-1]].texts if len(groups) <= 2 else None
        if texts is not None:
            return exactly(sorted(texts))
    return _part(ev, obj, frame, term) or unknown("a part of a text")


def _outside(obj: Regex, term: AnyTerm, frame: Frame) -> LibraryPath:
    return LibraryPath(f"re.{obj.method or 'compile'}()", append_step(None, frame.place(term.at), ""))


def let_through(ev: Evaluator, test: AnyTerm, frame: Frame) -> ValueSet | None:
    """Return the texts that pass a test by a regular expression; None when they are not finite."""
    found: set[str] = set()
    alts = ev.eval(test, frame)
    matches = [o for o in alts if isinstance(o, Regex)]
    for obj in matches:
        texts = finite_regex.held(obj.pattern, obj.method) if obj.pattern is not None else None
        if texts is None:
            return None
        found |= texts
    return exactly(sorted(found)) if matches and all(isinstance(o, (Regex, ValueSet)) for o in alts) else None
