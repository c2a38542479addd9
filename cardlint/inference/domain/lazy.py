"""Lazy values: terms that wait in their frame until somebody asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardlint.inference.domain.frames import Frame
    from cardlint.inference.domain.objects import Objects
    from cardlint.ir.terms import AnyTerm

NO_DEPENDENCIES: frozenset[Frame] = frozenset()
"""What most results rest on; one for all of them, as every `frozenset()` is a new one."""


class Lazy:
    """A term waiting in its frame, or alternatives that are known already. Arguments are passed as these, because
    most of them are never asked for."""

    __slots__ = ("deps", "done", "frame", "term")

    def __init__(self, term: AnyTerm | None, frame: Frame | None, done: Objects | None = None) -> None:
        self.term = term
        self.frame = frame
        self.done = done
        self.deps = NO_DEPENDENCIES

    def ident(self) -> object:
        """Return what makes two thunks the same: the place in the program, or the value when it is known already.

        Frames hand out one thunk for one term, so identity is enough for those that wait.
        """
        if self.term is None and self.done is not None and len(self.done) == 1:
            return self.done[0].ident()
        return id(self)


class MaybeAdded(Lazy):
    """What code that is not known may have put into a container: nothing says that it did.

    It counts for those who read elements, and not for those who declare labels with them.
    """

    __slots__ = ()

    def ident(self) -> object:
        """Return what makes two of these the same: one is enough in a container."""
        return MaybeAdded


def distinct(thunks: tuple[Lazy, ...]) -> tuple[Lazy, ...]:
    """Drop repeated thunks: a container that grows in a loop stops growing."""
    if len(thunks) < 2:
        return thunks
    return tuple({t.ident(): t for t in thunks}.values())
