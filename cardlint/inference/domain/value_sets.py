"""The lattice of label values: which texts can a label take, and for which reason.

Joins go down the list of classes, composed texts take the product of their parts. Every value carries its trace, because a
user does not believe a verdict without its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from itertools import product as combinations
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from cardlint.common.numbers import capped
from cardlint.findings import Confidence, Place, Step, ValueInfo
from cardlint.inference.domain import constant_limits, trace
from cardlint.inference.domain.constant_limits import LONG_TEXT
from cardlint.inference.domain.trace import Trace
from cardlint.inference.limits import MAX_ATOMS, MAX_EXACT, MAX_TEXT
from cardlint.ir.terms import Scalar
from cardlint.knowledge.schema import Kind


def compose(parts: list[ValueSet]) -> ValueSet:
    """Concatenate sets of texts: exact while all parts are exact and few, counted otherwise."""
    if all(p.bound is Bound.EXACTLY for p in parts):
        if any(not p.exact for p in parts):
            return exactly(())
        size = length = 1
        for part in parts:
            size = min(size * len(part.exact), MAX_EXACT + 1)
            length += max(len(label_text(v)) for v in part.exact)
        if length - 1 > MAX_TEXT:
            return unknown(LONG_TEXT)
        if size <= MAX_EXACT:
            return computed("".join(label_text(v) for v in combination) for combination in combinations(*(p.exact for p in parts)))
    return product(parts)


class Bound(IntEnum):
    """Classes of value sets, from best to worst; the join of two is the larger one."""

    EXACTLY = 0
    BOUNDED = 1
    PER_DEPLOYMENT = 2
    CLIENT_CHOSEN = 3
    UNKNOWN = 4
    UNBOUNDED = 5


BOUND_NAMES = {
    Bound.EXACTLY: "exactly",
    Bound.BOUNDED: "bounded",
    Bound.PER_DEPLOYMENT: "per-deployment",
    Bound.CLIENT_CHOSEN: "client-chosen",
    Bound.UNKNOWN: "unknown",
    Bound.UNBOUNDED: "unbounded",
}


Atom: TypeAlias = tuple[object, int]
"""A named finite set and its size.

Names are made of texts, numbers and tuples, which do not change when they are sent to another process.
"""


CHOSEN_BY_CLIENTS = frozenset({"raw-path", "body", "payload", "header", "user-agent", "identity"})
"""Kinds of texts that a client chooses: each part of a path that is made of one is as open, the ending of a file name as well."""


class ValueSet(Struct, frozen=True):
    """A set of values. `size` is None for UNKNOWN and UNBOUNDED; `exact` holds Python constants for EXACTLY."""

    bound: Bound
    why: str
    size: int | None = None
    exact: tuple[Scalar, ...] = ()
    kind: Kind = ""
    advice: str = ""
    """advice, from the row of the origin"""
    trace: Trace | None = None
    confidence: Confidence = Confidence.HIGH
    suspect: ValueSet | None = None
    """for UNKNOWN: the value if the unknown call returned its argument"""
    named: bool = False
    """the class comes from the name of the source alone: weak evidence, and none for a rule"""
    guess: ValueSet | None = None
    """for UNKNOWN: the guessed value at the end of the flow, if the name of the source says something"""
    atoms: frozenset[Atom] = frozenset()
    """for joined and composed finite sets: the named sets they consist of, so that joining a set with itself adds nothing"""
    counted: bool = False
    """for BOUNDED: its size is no estimate, its members were counted"""
    fallback: bool = False
    """for UNBOUNDED: joined from a bounded and an unbounded branch; the constant fallback is the advice. For UNKNOWN: what is seen is
    decided, and unknown code may add to it"""
    many: ValueSet | None = None
    """for PER_DEPLOYMENT: the values that all processes together can have, of which each process has one"""

    def spread(self) -> ValueSet:
        """Return the set that the parts of this value are in: one text may hold many."""
        return self if self.many is None else replace(self.many, trace=self.trace)

    def step(self, place: Place, message: str) -> ValueSet:
        """Append a step to the trace. Bounded values keep none, because no finding shows them."""
        if self.bound < Bound.PER_DEPLOYMENT:
            return self
        history = trace.append_step(self.trace, place, message)
        return self if history is self.trace else replace(self, trace=history)

    def ident(self) -> object:
        """Return the identity of this alternative of a container."""
        return (self.bound, self.exact, self.why, self.kind)

    def with_trace_of(self, other: ValueSet) -> ValueSet:
        """Take over the trace of the value this one was computed from."""
        return replace(self, trace=other.trace)

    def steps(self) -> tuple[Step, ...]:
        """Return the trace from origin to label."""
        out = []
        cell = self.trace
        while cell is not None:
            out.append(cell.step)
            cell = cell.before
        return tuple(reversed(out))

    def info(self) -> ValueInfo:
        """Return the value as findings show it."""
        texts = tuple(sorted({label_text(v) for v in self.exact})) if self.bound is Bound.EXACTLY else ()
        size = len(texts) if self.bound is Bound.EXACTLY else self.size
        return ValueInfo(BOUND_NAMES[self.bound], size, self.why, self.kind, texts)


def label_text(value: Scalar) -> str:
    """Return the label text that prometheus_client makes of a constant: it applies `str`."""
    return str(value)


def exactly(values: Iterable[Scalar]) -> ValueSet:
    """Build the set of exactly these constants, or a counted set when there are more than MAX_EXACT."""
    if type(values) is tuple and len(values) == 1:  # the usual case
        return ValueSet(Bound.EXACTLY, "constant", 1, values)
    seen: dict[tuple[type, Scalar], Scalar] = {(type(v), v): v for v in values}
    if len(seen) > MAX_EXACT:
        name = ("constants", hash(tuple(seen)))
        return ValueSet(Bound.BOUNDED, f"{len(seen)} constants", len(seen), atoms=frozenset({(name, len(seen))}), counted=True)
    return ValueSet(Bound.EXACTLY, "constant" if len(seen) == 1 else f"one of {len(seen)} constants", len(seen), tuple(seen.values()))


def computed(values: Iterable[Scalar]) -> ValueSet:
    """Build the set of constants that were computed from others; Unknown, with a reason, where one is too large to be kept."""
    constants = tuple(values)
    given_up = constant_limits.excess(constants)
    return unknown(given_up) if given_up else exactly(constants)


def single(value: ValueSet, at: Place, access: str = "") -> ValueSet:
    """Build the one value that a process has of an unbounded set, bound at a place; `access` is what is read out of it there."""
    atom = (("once", at.path, at.line, at.column, access), 1)
    why = f"{value.why}, one for each process"
    return replace(value, bound=Bound.PER_DEPLOYMENT, size=1, kind="process", why=why, many=value, atoms=frozenset({atom}))


def bounded(size: int, why: str) -> ValueSet:
    """Build a finite set of about `size` values."""
    return ValueSet(Bound.BOUNDED, why, capped(size))


def derived(size: int, why: str, how: object, *parts: ValueSet) -> ValueSet:
    """Build a finite set that is made of others: sets that are made otherwise are told apart, so that joining them adds up."""
    name = constant_limits.short(("derived", str(how), *(constant_limits.short(_in_order(atoms_of(p))) for p in parts)))
    return replace(bounded(size, why), atoms=frozenset({(name, capped(size))}))


def unknown(why: str, suspect: ValueSet | None = None, guess: ValueSet | None = None) -> ValueSet:
    """Build the undecided value; `why` is shown by `cardlint trace`."""
    return ValueSet(Bound.UNKNOWN, why, suspect=suspect, guess=guess)


def unbounded(kind: Kind, why: str, *, advice: str = "", confidence: Confidence = Confidence.HIGH) -> ValueSet:
    """Build a set that grows with users, requests, time or input."""
    return ValueSet(Bound.UNBOUNDED, why, kind=kind, advice=advice, confidence=confidence)


def join(values: Iterable[ValueSet]) -> ValueSet | None:
    """Join several sets: what a label can take when any of them may reach it. Nothing joined is None."""
    result: ValueSet | None = None
    for value in values:
        result = value if result is None else _join2(result, value)
    return result


def join_all(values: Iterable[ValueSet]) -> ValueSet:
    """Join very many sets. Constants are joined first, so that thousands of them take linear time."""
    constants: dict[tuple[type, Scalar], Scalar] = {}
    rest: dict[int, ValueSet] = {}
    named = False
    for value in values:
        if value.bound is Bound.EXACTLY:
            constants.update(((type(v), v), v) for v in value.exact)
            named = named or value.named
        else:
            rest[id(value)] = value
    exact = [replace(exactly(tuple(constants.values())), named=named)] if constants else []
    return join((*rest.values(), *exact)) or exactly(())


def _join2(a: ValueSet, b: ValueSet) -> ValueSet:
    if a is b:
        return a
    if a.bound is Bound.EXACTLY and b.bound is Bound.EXACTLY:
        both = a if a.exact == b.exact else exactly((*a.exact, *b.exact))
        return both if both.named or not (a.named or b.named) else replace(both, named=True)
    if a.bound is b.bound and a.bound is Bound.UNBOUNDED:
        best = min(a, b, key=_rank)
        return replace(best, fallback=a.fallback or b.fallback) if best.fallback != (a.fallback or b.fallback) else best
    worse, other = (a, b) if (-a.bound, a.kind) <= (-b.bound, b.kind) else (b, a)
    if worse.bound is Bound.UNBOUNDED:
        if other.bound is Bound.BOUNDED and not worse.fallback:
            return replace(worse, fallback=True)
        return worse
    if worse.bound is Bound.UNKNOWN:
        suspect = worse.suspect if worse.suspect is not None else other.suspect
        guess = _guess_of(worse, other)
        decided = other.bound is not Bound.UNKNOWN and not (other.bound is Bound.EXACTLY and not other.exact)
        fallback = worse.fallback or other.fallback or (decided and adds_nothing(worse))
        if suspect is worse.suspect and guess is worse.guess and fallback == worse.fallback:
            return worse
        return replace(worse, suspect=suspect, guess=guess, fallback=fallback)
    atoms = atoms_of(a) | atoms_of(b)
    if atoms == atoms_of(worse):
        return worse
    if len(atoms) > MAX_ATOMS:
        atoms = frozenset({(("many", hash(atoms)), sum(_sizes(atoms)))})
    counted = all(v.bound is Bound.EXACTLY or v.counted for v in (a, b))
    many = worse.many or other.many
    joined = replace(worse, size=capped(sum(_sizes(atoms))), exact=(), atoms=atoms, counted=counted, many=many)
    return replace(joined, named=True, confidence=Confidence.LOW) if a.named or b.named else joined


def _rank(value: ValueSet) -> tuple[int, bool, bool, str]:
    """Return the unbounded set that represents a join: the surer one. Where both are equally sure, the order does not matter."""
    return (-value.confidence, value.kind != "raw-path", not value.kind, value.kind)


def atoms_of(value: ValueSet) -> frozenset[Atom]:
    """Return the named sets that a finite set consists of; two sets of one name are one set."""
    if value.bound is Bound.EXACTLY:
        return frozenset({(("=", type(v).__name__, v), 1) for v in value.exact})
    return value.atoms or frozenset({((value.bound.name, value.why, value.kind), value.size or 0)})


def _sizes(atoms: frozenset[Atom]) -> Iterable[int]:
    largest: dict[object, int] = {}
    for key, size in atoms:
        largest[key] = max(size, largest.get(key, 0))
    return largest.values()


def transformed(value: ValueSet, how: str) -> ValueSet:
    """Return a finite set whose texts were rewritten: the number stays, the texts change."""
    if value.bound in (Bound.EXACTLY, Bound.UNKNOWN, Bound.UNBOUNDED):
        return value
    return replace(value, atoms=frozenset({(constant_limits.short((how, _in_order(atoms_of(value)))), value.size or 0)}))


def _guess_of(a: ValueSet, b: ValueSet) -> ValueSet | None:
    """Join the guesses by source name: there is a guess only where every undecided part has one."""
    if adds_nothing(a) or adds_nothing(b):
        weak, other = (a, b) if adds_nothing(a) else (b, a)
        return other.guess if other.bound is Bound.UNKNOWN else weak.guess
    first = a.guess if a.bound is Bound.UNKNOWN else a
    second = b.guess if b.bound is Bound.UNKNOWN else b
    if first is None or second is None or first is second:
        return first if first is second else None
    if first.bound is Bound.EXACTLY and not first.exact:
        return second
    if second.bound is Bound.EXACTLY and second.exact in ((), (None,)):
        return first
    return _join2(first, second)


def perhaps(why: str) -> ValueSet:
    """Build what may be there besides what is seen: undecided, and it takes nothing from what names say of the rest."""
    return unknown(why, guess=exactly(()))


def adds_nothing(value: ValueSet) -> bool:
    """Tell whether a value is what may be there besides what is seen."""
    return value.bound is Bound.UNKNOWN and value.guess is not None and value.guess.bound is Bound.EXACTLY and not value.guess.exact


def is_only_possible(value: ValueSet) -> bool:
    """Tell whether all that is seen of a value is decided, and it is undecided for what unknown code may add."""
    return value.fallback and adds_nothing(value)


def named_guess(value: ValueSet) -> ValueSet | None:
    """Return what names say of an undecided value, None where they say nothing."""
    return None if adds_nothing(value) else value.guess


COMPOSED = "text built from bounded parts"


def product(values: Iterable[ValueSet]) -> ValueSet:
    """Compose sets: every combination can occur. Classes take the worst, sizes multiply."""
    worst: ValueSet | None = None
    size = 1
    parts = list(values)
    for value in parts:
        size = capped(size * max(1, value.size or 1))
        if worst is None or value.bound > worst.bound or (value.bound is worst.bound and value.confidence > worst.confidence):
            worst = value
    if worst is None:
        return exactly([""])
    if worst.bound is Bound.UNKNOWN:
        undecided = [v for v in parts if v.bound is Bound.UNKNOWN]
        guess = join(v.guess for v in undecided if v.guess is not None) if all(v.guess is not None for v in undecided) else None
        return worst if guess is worst.guess else replace(worst, guess=guess)
    if worst.bound is Bound.UNBOUNDED:
        return worst
    if worst.bound <= Bound.BOUNDED:
        counted = all(v.bound is Bound.EXACTLY or v.counted for v in parts)
        return worst if len(parts) == 1 else replace(bounded(size, COMPOSED), atoms=_composition(parts, size), counted=counted)
    many = next((v.many for v in parts if v.many is not None), None)
    return worst if len(parts) == 1 else replace(worst, size=size, atoms=_composition(parts, size), many=many)


def _composition(parts: list[ValueSet], size: int) -> frozenset[Atom]:
    return frozenset({(constant_limits.short(("composed", *(constant_limits.short(_in_order(atoms_of(p))) for p in parts))), size)})


def _in_order(atoms: frozenset[Atom]) -> tuple[Atom, ...]:
    return tuple(sorted(atoms, key=repr))
