"""Occurrences: where each term of a body is written, the reverse of the references that terms hold.

A term says what it is made of. To find where an object goes takes the other direction: the terms, stores, returns and defaults
that a term is a part of.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TypeAlias

from msgspec import Struct

from cardlint.ir.model import FunctionIR, ParameterIR, Store
from cardlint.ir.terms import AnyTerm, Attr, ClassDef, Const, FreeVar, FunctionDef, Import, Term, Use


class Place(Enum):
    """What a term is outside of any other term: the whole right side of a definition, a value that is returned, and so on."""

    DEFINITION = auto()
    RETURN = auto()
    YIELD = auto()
    DEFAULT = auto()
    DECORATOR = auto()
    CLASS = auto()


class Inside(Struct, frozen=True, gc=False):
    """A term is one field of another term."""

    parent: AnyTerm
    role: str
    """the field of the parent: `base`, `func`, `args`, `kwargs`, `items`, `entries`, ..."""
    name: str = ""
    """for a keyword argument its name, '' for `**`; for a part of a sequence or a positional argument its position"""


class Stored(Struct, frozen=True, gc=False):
    """A term is a part of a store."""

    store: Store
    role: str
    """`base`, `key` or `value`"""


class Whole(Struct, frozen=True, gc=False):
    """A term is evaluated on its own."""

    place: Place
    number: int = -1
    """the definition, or the function whose parameter has the default"""
    parameter: ParameterIR | None = None


Occurrence: TypeAlias = Inside | Stored | Whole

PARTS = {
    kind: tuple(name for name, type_ in kind.__annotations__.items() if "AnyTerm" in type_ or "Test" in type_)
    for kind in Term.__subclasses__()
}
"""The fields of each kind of term that may hold other terms. Walking the other fields - names, places - takes most of the time."""


class Occurrences:
    """All occurrences of the terms of one body."""

    __slots__ = ("_of", "attributes", "free", "imports", "made", "uses")

    def __init__(self, ir: FunctionIR, inner: list[FunctionIR]) -> None:
        self._of: dict[int, list[Occurrence]] = {}
        self.uses: dict[int, list[Use]] = {}
        """the terms that refer to each definition"""
        self.free: dict[str, list[FreeVar]] = {}
        """the terms that read each name of an enclosing scope"""
        self.attributes: dict[str, list[Attr]] = {}
        """the terms that read each attribute"""
        self.imports: list[Import] = []
        self.made: dict[tuple[type, int], AnyTerm] = {}
        """the functions and classes that the body defines, by their index"""
        seen: set[int] = set()
        for index, definition in enumerate(ir.defs):
            self._enter(definition.term, Whole(Place.DEFINITION, index), seen)
        for place, terms in ((Place.RETURN, ir.returns), (Place.YIELD, ir.yields)):
            for term in terms:
                self._enter(term, Whole(place), seen)
        for store in ir.stores:
            for role, part in (("base", store.base), ("key", store.key), ("value", store.value)):
                if part is not None:
                    self._enter(part, Stored(store, role), seen)
        for function in inner:
            for parameter in function.params:
                if parameter.default is not None:
                    self._enter(parameter.default, Whole(Place.DEFAULT, function.index, parameter), seen)
            for term in function.decorators:
                self._enter(term, Whole(Place.DECORATOR, function.index), seen)

    def of(self, term: AnyTerm) -> list[Occurrence]:
        """List where one term is written. A term is the same only as the same object; constants are not listed."""
        return self._of.get(id(term), [])

    def _enter(self, term: AnyTerm, occurrence: Occurrence, seen: set[int]) -> None:
        stack: list[tuple[AnyTerm, Occurrence]] = [(term, occurrence)]
        occurrences = self._of
        while stack:
            current, where = stack.pop()
            kind = type(current)
            if kind is Const:
                continue
            number = id(current)
            known = occurrences.get(number)
            if known is None:
                occurrences[number] = [where]
            else:
                known.append(where)
            if number in seen:
                continue
            seen.add(number)
            if kind is Use:
                self.uses.setdefault(current.index, []).append(current)  # type: ignore[union-attr, arg-type]
            elif kind is FreeVar:
                self.free.setdefault(current.name, []).append(current)  # type: ignore[union-attr, arg-type]
            elif kind is Import:
                self.imports.append(current)  # type: ignore[arg-type]
            elif kind in (FunctionDef, ClassDef):
                self.made.setdefault((kind, current.index), current)  # type: ignore[union-attr]
            else:
                if kind is Attr:
                    self.attributes.setdefault(current.name, []).append(current)  # type: ignore[union-attr, arg-type]
                for field in PARTS[kind]:
                    _field(current, field, getattr(current, field), stack)


def _field(term: AnyTerm, field: str, value: object, out: list[tuple[AnyTerm, Occurrence]]) -> None:
    """List the direct parts of a term that one field holds, each with its occurrence."""
    if isinstance(value, Term):
        out.append((value, Inside(term, field)))  # type: ignore[arg-type]
    elif type(value) is tuple:
        for position, item in enumerate(value):
            if isinstance(item, Term):
                out.append((item, Inside(term, field, str(position))))  # type: ignore[arg-type]
            else:
                _part(term, field, str(position), item, out)


def _part(term: AnyTerm, field: str, position: str, item: object, out: list[tuple[AnyTerm, Occurrence]]) -> None:
    """List the parts of one entry of a field: a term, or a key with its value."""
    if isinstance(item, Term):
        out.append((item, Inside(term, field, position)))  # type: ignore[arg-type]
    elif type(item) is tuple and field in ("entries", "kwargs") and len(item) == 2:
        name, part = item
        if isinstance(name, Term):
            out.append((name, Inside(term, "keys")))  # type: ignore[arg-type]
        out.append((part, Inside(term, field, name if isinstance(name, str) else "**" if name is None else "")))
    elif type(item) is tuple:
        for part in item:
            _part(term, field, position, part, out)
