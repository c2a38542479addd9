"""Call sites: one call of a function, as it is written, or made by a decorator or by unknown code."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import Function, Objects, Partial
from cardlint.inference.domain.value_sets import perhaps, unknown
from cardlint.inference.heuristics.guesses import of_source
from cardlint.inference.primitives import binding
from cardlint.ir.terms import At, Call


class CallSite:
    """One call of a function, seen from the calling function's open frame."""

    __slots__ = ("at", "bound", "call", "closure", "frame", "partial")
    written = True
    """whether the call is written in the code with the arguments of its term"""

    def __init__(
        self, frame: Frame, call: Call, bound: Objects | None, partial: Partial | None = None, closure: Frame | None = None
    ) -> None:
        self.frame = frame
        self.call = call
        self.bound = bound
        self.partial = partial
        self.closure = closure
        """for a nested function: the frame of the enclosing one, as far as the call knows it"""
        self.at: At = call.at

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CallSite) and type(self) is type(other) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[object, ...]:
        bound = tuple(obj.ident() for obj in self.bound) if self.bound is not None else None
        return (self.frame, id(self.call), bound, id(self.partial), self.closure)

    def binding(self, ev: Evaluator, frame: Frame, name: str) -> Lazy | None:
        """Return the argument of this call for a parameter, None when the call has none."""
        bindings = binding.bindings(ev, frame.ir, self.call, self.frame, self.bound is not None, self.partial)
        return bindings.get(name)


class DecoratorCall(CallSite):
    """A decorated function: the argument of a call of its decorator."""

    __slots__ = ("decorated",)
    written = False

    def __init__(self, frame: Frame, call: Call, decorated: Function) -> None:
        super().__init__(frame, call, None)
        self.decorated = decorated

    def binding(self, _ev: Evaluator, frame: Frame, name: str) -> Lazy | None:
        """Return the decorated function for the decorator's first parameter."""
        params = frame.ir.params
        return Lazy(None, None, (self.decorated,)) if params and params[0].name == name else None


class UnknownCallSite(CallSite):
    """A place where a function is passed to unknown code, which may call it with anything."""

    __slots__ = ()
    written = False

    def binding(self, ev: Evaluator, frame: Frame, name: str) -> Lazy | None:
        """Return an unknown value for every parameter that was not given before, by `partial`."""
        if self.partial is not None:
            nothing = self.frame.synthetic_call(self.call.func, (), self.call.at)
            given = binding.bindings(ev, frame.ir, nothing, self.frame, self.bound is not None, self.partial).get(name)
            if given is not None and not isinstance(given, binding.MaybePassed):
                return given
        why = f"`{frame.ir.name}` is passed to unknown code, which may call it with any `{name}`"
        return Lazy(None, None, (unknown(why, guess=of_source(name)),))


class PossibleCallSite(UnknownCallSite):
    """A place where a function or class is passed to unknown code, in addition to the calls that are seen: it may be called with something else there."""

    __slots__ = ()

    def binding(self, ev: Evaluator, frame: Frame, name: str) -> Lazy | None:
        """Return a value that may be there for every parameter."""
        return Lazy(None, None, (perhaps(f"`{frame.ir.name}` reaches unknown code, which may call it with any `{name}`"),))
