"""Containers: dictionaries and sequences, with the known part of their keys and elements."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal

from cardlint.inference.domain import lazy
from cardlint.inference.domain.constant_limits import MANY_ITEMS
from cardlint.inference.domain.lazy import Lazy, MaybeAdded
from cardlint.inference.domain.value_sets import unknown
from cardlint.inference.limits import MAX_COMPARED, MAX_ENTRIES, MAX_ITEMS

if TYPE_CHECKING:
    from cardlint.ir.terms import Scalar

NO_KEYS: frozenset[Scalar] = frozenset()


class Mapping:
    """A dictionary: entries in order, a key of `ANY` for one that is not a constant.

    `open` means that there may be further, unknown keys; `optional` lists keys that may be missing.
    """

    __slots__ = ("entries", "index", "key", "open", "optional")

    def __init__(self, entries: tuple[tuple[Scalar | UnknownKey, Lazy], ...], open_: bool, optional: frozenset[Scalar] = NO_KEYS) -> None:
        if len(entries) > 1:
            latest: dict[object, tuple[Scalar | UnknownKey, Lazy]] = {}
            for entry in entries:
                ident = (_entry_key(entry[0]), entry[1].ident())
                latest.pop(ident, None)  # the same assignment again: only the last position counts
                latest[ident] = entry
            if len(latest) != len(entries):
                entries = tuple(latest.values())
        if len(entries) > MAX_ENTRIES:
            entries, open_ = entries[-MAX_ENTRIES:], True
        self.entries = entries
        self.open = open_
        self.optional = optional
        self.key: object = None
        self.index: tuple[dict[object, list[tuple[int, Lazy]]], list[tuple[int, UnknownKey, Lazy]]] | None = None

    def under(self, key: Scalar) -> tuple[list[Lazy], list[tuple[UnknownKey, Lazy]]]:
        """Return the possible values under a constant key: assignments to it that still count, and later ones under any key."""
        if self.index is None:
            by_key: dict[object, list[tuple[int, Lazy]]] = {}
            loose: list[tuple[int, UnknownKey, Lazy]] = []
            for position, (k, thunk) in enumerate(self.entries):
                if isinstance(k, UnknownKey):
                    loose.append((position, k, thunk))
                else:
                    by_key.setdefault(k, []).append((position, thunk))  # `1`, `1.0` and `True` are one key
            self.index = (by_key, loose)
        by_key, loose = self.index
        found = by_key.get(key, [])
        since = -1
        if found and key not in self.optional:
            found = found[-1:]
            since = found[0][0]
        return [t for _, t in reversed(found)], [
            (k, k.at(key, t))
            for position, k, t in reversed(loose)
            if (position > since or k.any_time) and key not in k.excluded and (k.only is None or key in k.only)
        ]

    def ident(self) -> object:
        """Return what makes two dictionaries the same alternative."""
        if self.key is None:
            entries = tuple((_entry_key(k), t.ident()) for k, t in self.entries[:MAX_COMPARED])
            self.key = _token((Mapping, self.open, entries, len(self.entries)))
        return self.key


TOKENS: dict[object, object] = {}
"""Short substitutes of long keys, for the life of one evaluator."""


def _token(key: object) -> object:
    """Return a short substitute of a long key. Long keys would be hashed anew, item by item, in every comparison."""
    return TOKENS.setdefault(key, object())


def _entry_key(key: Scalar | UnknownKey) -> object:
    if type(key) is str:
        return key
    if isinstance(key, UnknownKey):
        return (UnknownKey, key.possible.ident() if key.possible is not None else None, key.only, key.any_time)
    return (type(key), key)


class UnknownKey:
    """The key of an entry whose key is not a constant. It has a class of its own because None is a valid dictionary key."""

    __slots__ = ("any_time", "asked", "excluded", "only", "possible", "value_for")

    def __init__(
        self,
        possible: Lazy | None = None,
        value_for: Callable[[Scalar], Lazy] | None = None,
        excluded: frozenset[Scalar] = NO_KEYS,
        asked: bool = False,
        only: frozenset[Scalar] | None = None,
        any_time: bool = False,
    ) -> None:
        self.possible = possible
        self.asked = asked
        """of a dictionary with a default: any key that is asked for, and so is put there"""
        self.only = only
        """the only keys it can be, None for any"""
        self.any_time = any_time
        """whether the entry may be stored after those that follow it: nothing tells when another name is used"""
        self.excluded = excluded
        """excluded keys: those written as constants in the same display"""
        self.value_for = value_for
        """the value under one constant key: in `{k: table[k] for k in names}` each key has its own value"""

    def at(self, key: Scalar, otherwise: Lazy) -> Lazy:
        """Return the value under one constant key, as far as the key decides it."""
        return otherwise if self.value_for is None else self.value_for(key)


SequenceKind = Literal["list", "tuple", "set", "generator", "context", "swallowing context"]
"""`context` is what a `@contextmanager` yields; a `swallowing context` comes back from an exception at its `yield`."""


class Sequence:
    """A list, tuple, set or generator. `items` are the known elements in order, `rest` is the value of all further elements.

    `attributes` are those of a named tuple, and under `name()` the results of its methods.
    elements: each of them in order, once, and whether it is certainly there. Then `items` is empty and `rest` has them as well.
    `growing` is set inside of a loop that appends: `items` are those of all turns, and not all of them have been.
    `max_size` is how many different elements it ever holds; `most` is how many it has at one time, as `x[:3]` has.
    """

    __slots__ = ("attributes", "chosen", "growing", "items", "key", "kind", "max_size", "most", "rest")

    def __init__(
        self,
        kind: SequenceKind,
        items: tuple[Lazy, ...],
        rest: tuple[Lazy, ...] = (),
        max_size: int | None = None,
        attributes: dict[str, Lazy] | None = None,
        chosen: tuple[tuple[Lazy, bool], ...] | None = None,
        growing: bool = False,
        most: int | None = None,
    ) -> None:
        self.kind = kind
        self.most = most
        self.chosen = chosen
        self.growing = growing
        if len(items) > MAX_ITEMS:
            items, rest = (), (Lazy(None, None, (unknown(MANY_ITEMS),)),)
        self.items = items
        self.rest = lazy.distinct(rest)
        self.max_size = max_size
        self.attributes = attributes
        self.key: object = None

    def written(self) -> Sequence:
        """Return the sequence as the program writes it, without what code that is not known may have added."""
        if not any(type(thunk) is MaybeAdded for thunk in self.rest):
            return self
        rest = tuple(thunk for thunk in self.rest if type(thunk) is not MaybeAdded)
        return Sequence(self.kind, self.items, rest, self.max_size, self.attributes, growing=self.growing, most=self.most)

    def ident(self) -> object:
        """Return what makes two sequences the same alternative."""
        if self.key is None:
            items = tuple(t.ident() for t in self.items[:MAX_COMPARED])
            chosen = tuple((t.ident(), certain) for t, certain in self.chosen[:MAX_COMPARED]) if self.chosen is not None else None
            rest = tuple(t.ident() for t in self.rest[:MAX_COMPARED])
            self.key = _token((Sequence, self.kind, items, len(self.items), rest, chosen, self.growing, self.most))
        return self.key


def most_of(alts: Iterable[object]) -> int | None:
    """Return how many elements a collection has at most at one time, None where any number may be there."""
    sizes: list[int | None] = []
    for obj in alts:
        sequence = obj if isinstance(obj, Sequence) else Sequence("list", (), growing=True)
        known = not sequence.rest and not sequence.growing and sequence.max_size is None
        sizes.append(len(sequence.items) if known else sequence.most)
    return max((size for size in sizes if size is not None), default=None) if None not in sizes else None


def selection(kind: SequenceKind, elements: list[tuple[Lazy, bool]]) -> Sequence:
    """Build a sequence of elements of which some may be missing: a list that is filtered, what two sets share."""
    thunks = tuple(thunk for thunk, _ in elements)
    if all(certain for _, certain in elements) or len(elements) > MAX_ITEMS:
        return Sequence(kind, thunks)
    return Sequence(kind, (), thunks, chosen=tuple(elements))
