"""The lattice of label values: which texts can a label take, and why do we think so.

Joins go down the list of classes, composed texts take the product of their parts. Every value carries the trace of
the steps it took, because a verdict without its reason is not believed.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from cardlint.facts.terms import Scalar
from cardlint.findings import Confidence, Place, Step, ValueInfo
from cardlint.link import limits
from cardlint.numbers import capped

MAX_EXACT = 64
"""Sets larger than this are counted, not listed."""
MAX_TRACE = 24
"""Steps kept of one trace: birth and the last steps."""


class Cls(IntEnum):
    """Classes of value sets, from best to worst; the join of two is the larger one."""

    EXACTLY = 0
    BOUNDED = 1
    PER_DEPLOYMENT = 2
    CLIENT_CHOSEN = 3
    UNKNOWN = 4
    UNBOUNDED = 5


NAMES = {
    Cls.EXACTLY: "exactly",
    Cls.BOUNDED: "bounded",
    Cls.PER_DEPLOYMENT: "per-deployment",
    Cls.CLIENT_CHOSEN: "client-chosen",
    Cls.UNKNOWN: "unknown",
    Cls.UNBOUNDED: "unbounded",
}


Atom: TypeAlias = tuple[object, int]
"""A named finite set and its size. Names are made of texts, numbers and tuples, which travel between processes unchanged."""


class Trail(Struct, frozen=True, gc=False):
    """A trace as a linked list, newest step first. Values share their tails, so a step costs one cell."""

    step: Step
    before: Trail | None
    length: int


def extend(before: Trail | None, place: Place, message: str) -> Trail | None:
    """Append a step to a trail; a second step at one place and steps beyond MAX_TRACE are left out."""
    if before is not None and (before.step.place == place or before.length >= MAX_TRACE):
        return before
    return Trail(Step(place, message), before, 1 if before is None else before.length + 1)


class Value(Struct, frozen=True):
    """A set of values. `size` is None for UNKNOWN and UNBOUNDED; `exact` holds Python constants for EXACTLY."""

    cls: Cls
    why: str
    size: int | None = None
    exact: tuple[Scalar, ...] = ()
    kind: str = ""
    advice: str = ""
    """what to write instead, from the row where the value was born"""
    trail: Trail | None = None
    confidence: Confidence = Confidence.HIGH
    suspect: Value | None = None
    """for UNKNOWN: what it would be if the unknown call on its way kept the value"""
    named: bool = False
    """only the name of its source speaks for the class: weak evidence, and none for a rule"""
    guess: Value | None = None
    """for UNKNOWN: the named value that the flow ends in, if the name of the source says something"""
    atoms: frozenset[Atom] = frozenset()
    """for joined and composed finite sets: what they are made of, so that joining a set with itself adds nothing"""
    fallback: bool = False
    """for UNBOUNDED: joined from a bounded and an unbounded branch; the constant fallback is the advice"""

    def step(self, place: Place, message: str) -> Value:
        """Append a step to the trace. Bounded values keep none: nobody asks how a fine value came about."""
        if self.cls < Cls.PER_DEPLOYMENT:
            return self
        trail = extend(self.trail, place, message)
        return self if trail is self.trail else replace(self, trail=trail)

    def ident(self) -> object:
        """Return what makes two of these the same alternative of a container."""
        return (self.cls, self.exact, self.why, self.kind)

    def merge_trail(self, other: Value) -> Value:
        """Take over the trace of the value this one was computed from."""
        return replace(self, trail=other.trail)

    def steps(self) -> tuple[Step, ...]:
        """Return the trace from birth to label."""
        out = []
        cell = self.trail
        while cell is not None:
            out.append(cell.step)
            cell = cell.before
        return tuple(reversed(out))

    def info(self) -> ValueInfo:
        """Return the value as findings show it."""
        texts = tuple(sorted({label_text(v) for v in self.exact})) if self.cls is Cls.EXACTLY else ()
        size = len(texts) if self.cls is Cls.EXACTLY else self.size
        return ValueInfo(NAMES[self.cls], size, self.why, self.kind, texts)


def label_text(value: Scalar) -> str:
    """Return the label text prometheus_client makes of a constant: it applies `str`."""
    return str(value)


def exactly(values: Iterable[Scalar]) -> Value:
    """Build the set of exactly these constants, or a counted set when there are more than MAX_EXACT."""
    if type(values) is tuple and len(values) == 1:  # nearly always
        return Value(Cls.EXACTLY, "constant", 1, values)
    seen: dict[tuple[type, Scalar], Scalar] = {(type(v), v): v for v in values}
    if len(seen) > MAX_EXACT:
        return Value(Cls.BOUNDED, f"{len(seen)} constants", len(seen), atoms=frozenset({(("constants", hash(tuple(seen))), len(seen))}))
    return Value(Cls.EXACTLY, "constant" if len(seen) == 1 else f"one of {len(seen)} constants", len(seen), tuple(seen.values()))


def computed(values: Iterable[Scalar]) -> Value:
    """Build the set of constants that were computed from others; Unknown, with a reason, where one has become too large to be kept."""
    constants = tuple(values)
    given_up = limits.excess(constants)
    return unknown(given_up) if given_up else exactly(constants)


def bounded(size: int, why: str) -> Value:
    """Build a finite set of about `size` values."""
    return Value(Cls.BOUNDED, why, capped(size))


def unknown(why: str, suspect: Value | None = None, guess: Value | None = None) -> Value:
    """Build the undecided value; `why` is shown by `cardlint trace`."""
    return Value(Cls.UNKNOWN, why, suspect=suspect, guess=guess)


def unbounded(kind: str, why: str, *, advice: str = "", confidence: Confidence = Confidence.HIGH) -> Value:
    """Build a set that grows with users, requests, time or input."""
    return Value(Cls.UNBOUNDED, why, kind=kind, advice=advice, confidence=confidence)


def join(values: Iterable[Value]) -> Value | None:
    """Join several sets: what a label can take when any of them may reach it. Nothing joined is None."""
    result: Value | None = None
    for value in values:
        result = value if result is None else _join2(result, value)
    return result


def join_all(values: Iterable[Value]) -> Value:
    """Join very many sets: constants are put together first, so that thousands of them count each once, and in time."""
    constants: dict[tuple[type, Scalar], Scalar] = {}
    rest: dict[int, Value] = {}
    for value in values:
        if value.cls is Cls.EXACTLY:
            constants.update(((type(v), v), v) for v in value.exact)
        else:
            rest[id(value)] = value
    exact = [exactly(tuple(constants.values()))] if constants else []
    return join((*rest.values(), *exact)) or exactly(())


def _join2(a: Value, b: Value) -> Value:
    if a is b:
        return a
    if a.cls is Cls.EXACTLY and b.cls is Cls.EXACTLY:
        return a if a.exact == b.exact else exactly((*a.exact, *b.exact))
    if a.cls is b.cls and a.cls is Cls.UNBOUNDED:
        best = a if (a.confidence, a.kind == "raw-path") >= (b.confidence, b.kind == "raw-path") else b
        return replace(best, fallback=a.fallback or b.fallback) if best.fallback != (a.fallback or b.fallback) else best
    worse, other = (a, b) if a.cls >= b.cls else (b, a)
    if worse.cls is Cls.UNBOUNDED:
        if other.cls is Cls.BOUNDED and not worse.fallback:
            return replace(worse, fallback=True)
        return worse
    if worse.cls is Cls.UNKNOWN:
        suspect = worse.suspect if worse.suspect is not None else other.suspect
        guess = _guess_of(worse, other)
        return worse if suspect is worse.suspect and guess is worse.guess else replace(worse, suspect=suspect, guess=guess)
    atoms = atoms_of(a) | atoms_of(b)
    if atoms == atoms_of(worse):
        return worse
    if len(atoms) > MAX_ATOMS:
        atoms = frozenset({(("many", hash(atoms)), sum(_sizes(atoms)))})
    joined = replace(worse, size=capped(sum(_sizes(atoms))), exact=(), atoms=atoms)
    return replace(joined, named=True, confidence=Confidence.LOW) if a.named or b.named else joined


def atoms_of(value: Value) -> frozenset[Atom]:
    """Return the named sets a finite set is made of; two sets of one name are one set."""
    if value.cls is Cls.EXACTLY:
        return frozenset({(("=", type(v).__name__, v), 1) for v in value.exact})
    return value.atoms or frozenset({((value.cls.name, value.why, value.kind), value.size or 0)})


def _sizes(atoms: frozenset[Atom]) -> Iterable[int]:
    largest: dict[object, int] = {}
    for key, size in atoms:
        largest[key] = max(size, largest.get(key, 0))
    return largest.values()


def transformed(value: Value, how: str) -> Value:
    """Return a finite set whose texts were rewritten: as many as before, but others."""
    if value.cls in (Cls.EXACTLY, Cls.UNKNOWN, Cls.UNBOUNDED):
        return value
    return replace(value, atoms=frozenset({(limits.short((how, _in_order(atoms_of(value)))), value.size or 0)}))


def _guess_of(a: Value, b: Value) -> Value | None:
    """Join what the names of sources say: a guess only where every undecided part has one."""
    first = a.guess if a.cls is Cls.UNKNOWN else a
    second = b.guess if b.cls is Cls.UNKNOWN else b
    if first is None or second is None or first is second:
        return first if first is second else None
    if first.cls is Cls.EXACTLY and not first.exact:
        return second
    if second.cls is Cls.EXACTLY and second.exact in ((), (None,)):
        return first
    return _join2(first, second)


COMPOSED = "text built from bounded parts"
MAX_ATOMS = 200
"""Named sets that a joined set remembers; beyond it they are counted together."""


def product(values: Iterable[Value]) -> Value:
    """Compose sets: every combination can occur. Classes take the worst, sizes multiply."""
    worst: Value | None = None
    size = 1
    parts = list(values)
    for value in parts:
        size = capped(size * max(1, value.size or 1))
        if worst is None or value.cls > worst.cls or (value.cls is worst.cls and value.confidence > worst.confidence):
            worst = value
    if worst is None:
        return exactly([""])
    if worst.cls is Cls.UNKNOWN:
        undecided = [v for v in parts if v.cls is Cls.UNKNOWN]
        guess = join(v.guess for v in undecided if v.guess is not None) if all(v.guess is not None for v in undecided) else None
        return worst if guess is worst.guess else replace(worst, guess=guess)
    if worst.cls is Cls.UNBOUNDED:
        return worst
    if worst.cls <= Cls.BOUNDED:
        return worst if len(parts) == 1 else replace(bounded(size, COMPOSED), atoms=_composition(parts, size))
    return worst if len(parts) == 1 else replace(worst, size=size, atoms=_composition(parts, size))


def _composition(parts: list[Value], size: int) -> frozenset[Atom]:
    return frozenset({(limits.short(("composed", *(limits.short(_in_order(atoms_of(p))) for p in parts))), size)})


def _in_order(atoms: frozenset[Atom]) -> tuple[Atom, ...]:
    return tuple(sorted(atoms, key=repr))
