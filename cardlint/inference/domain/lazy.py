"""Lazy values: terms with their frame, evaluated on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardlint.inference.domain.frames import Frame
    from cardlint.inference.domain.objects import Objects
    from cardlint.ir.terms import AnyTerm

NO_DEPENDENCIES: frozenset[Frame] = frozenset()
"""The dependencies of most results; shared, because every `frozenset()` is a new object."""


class Lazy:
    """A term with its frame, or alternatives that are known already.

    Arguments are lazy values, because most of them are never evaluated.
    """

    __slots__ = ("deps", "done", "frame", "term")

    def __init__(self, term: AnyTerm | None, frame: Frame | None, done: Objects | None = None) -> None:
        self.term = term
        self.frame = frame
        self.done = done
        self.deps = NO_DEPENDENCIES

    def ident(self) -> object:
        """Return the identity of a lazy value: the place in the program, or the value when it is known already.

        A frame has one lazy value for each term, so identity is enough for those that are not evaluated.
        """
        if self.term is None and self.done is not None and len(self.done) == 1:
            return self.done[0].ident()
        return id(self)


class MaybeAdded(Lazy):
    """What code that is not known may have put into a container: nothing says that it did.

    It counts where elements are read, and not where labels are declared with them.
    """

    __slots__ = ()

    def ident(self) -> object:
        """Return what makes two of these the same: one is enough in a container."""
        return MaybeAdded


def distinct(thunks: tuple[Lazy, ...]) -> tuple[Lazy, ...]:
    """Drop repeated lazy values, so that a container that grows in a loop stops growing."""
    if len(thunks) < 2:
        return thunks
    return tuple({t.ident(): t for t in thunks}.values())
