"""Call sites: one call of a function, as it is written or as it comes of a decorator or of unknown code."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import Function, Objects, Partial
from cardlint.inference.domain.value_sets import unknown
from cardlint.inference.heuristics.guesses import of_source
from cardlint.inference.primitives import binding
from cardlint.ir.terms import At, Call


class CallSite:
    """One call of a function, seen from the calling function's open frame."""

    __slots__ = ("at", "bound", "call", "closure", "frame", "partial")
    written = True
    """whether the call stands in the code and gives what its terms say"""

    def __init__(
        self, frame: Frame, call: Call, bound: Objects | None, partial: Partial | None = None, closure: Frame | None = None
    ) -> None:
        self.frame = frame
        self.call = call
        self.bound = bound
        self.partial = partial
        self.closure = closure
        """for a function that stands inside of another one: the frame of that, as far as the call knows it"""
        self.at: At = call.at

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CallSite) and type(self) is type(other) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[object, ...]:
        bound = tuple(obj.ident() for obj in self.bound) if self.bound is not None else None
        return (self.frame, id(self.call), bound, id(self.partial), self.closure)

    def binding(self, ev: Evaluator, frame: Frame, name: str) -> Lazy | None:
        """Return the argument this call gives to a parameter, None when it leaves it out."""
        bindings = binding.bindings(ev, frame.fact, self.call, self.frame, self.bound is not None, self.partial)
        return bindings.get(name)


class DecoratorCall(CallSite):
    """A function that is decorated: it is what the decorator is called with."""

    __slots__ = ("decorated",)
    written = False

    def __init__(self, frame: Frame, call: Call, decorated: Function) -> None:
        super().__init__(frame, call, None)
        self.decorated = decorated

    def binding(self, ev: Evaluator, frame: Frame, name: str) -> Lazy | None:
        """Return the decorated function for the decorator's first parameter."""
        params = frame.fact.params
        return Lazy(None, None, (self.decorated,)) if params and params[0].name == name else None


class UnknownCallSite(CallSite):
    """A place where a function is handed to code that is not known, which may call it with anything."""

    __slots__ = ()
    written = False

    def binding(self, ev: Evaluator, frame: Frame, name: str) -> Lazy | None:
        """Return a value that is not known for every parameter."""
        why = f"`{frame.fact.name}` is handed to code that is not known, which may call it with any `{name}`"
        return Lazy(None, None, (unknown(why, guess=of_source(name)),))
