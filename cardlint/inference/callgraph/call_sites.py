"""Call sites: one call of a function, as it is written, or made by a decorator or by unknown code."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator, Passing
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import Function, Object, Objects, Partial
from cardlint.inference.domain.value_sets import Bound, ValueSet, perhaps, unknown
from cardlint.inference.heuristics.guesses import of_source
from cardlint.inference.primitives import binding
from cardlint.ir.model import FunctionIR, ParameterIR
from cardlint.ir.terms import At, Call, Const, Param, Star, Use


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

    def __init__(self, frame: Frame, call: Call, decorated: Function, bound: Objects | None = None) -> None:
        super().__init__(frame, call, bound)
        self.decorated = decorated

    def binding(self, _ev: Evaluator, frame: Frame, name: str) -> Lazy | None:
        """Return the decorated function for the decorator's first parameter, which comes after the receiver of a method."""
        params = frame.ir.params[self.bound is not None :]
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


class FrameworkCall(CallSite):
    """The call of a wrapper by a framework, which has the wrapper in the place of the function that it decorates.

    The wrapper gets what the framework passes to the function, whose parameters say what that is. A decorator below may add or
    take away arguments, so there may be others.
    """

    __slots__ = ("direct", "passing")
    written = False

    def __init__(self, frame: Frame, passing: Passing, direct: bool, closure: Frame | None) -> None:
        """Take the open frame of the decorated function, and how the framework passes arguments.

        `direct` says that no other decorator is below, and `closure` where the wrapper was made.
        """
        at = frame.ir.at
        super().__init__(frame, frame.synthetic_call(Const(passing, at), (), at), None, closure=closure)
        self.passing = passing
        self.direct = direct

    def binding(self, ev: Evaluator, frame: Frame, name: str) -> Lazy | None:
        """Return what the wrapper's parameter gets of the arguments for the decorated function."""
        found = next((p for p in frame.ir.params if p.name == name), None)
        if found is None:
            return None
        placed = self._placed(ev)
        before = [p for p in frame.ir.params if p.kind in ("pos", "both")]
        if found.kind == "star":
            all_taken = self.passing == "names" and self.direct and not any(p.kind == "star" for p in self._taken())
            items = tuple(self._argument(p) for p in placed[len(before) :])
            only = all_taken and not before and _passes_on(frame.ir, name)
            return Lazy(None, None, (Sequence("tuple", items, () if only else (self._other(name),)),))
        if found.kind == "dstar":
            return Lazy(None, None, (self._keywords(frame.ir, placed),))
        named = next((p for p in self._taken() if p.name == name and p.kind in ("both", "key")), None)
        position = before.index(found) if found in before else len(placed)
        at_place = placed[position] if position < len(placed) else None
        given = (at_place or named) if self.passing == "positions" else (named or at_place)
        lazy = self._argument(given) if given is not None else self._other(name)
        if all(_is_unknown(o) for o in ev.force(lazy)):
            usual = ev.frameworks.by_name(ev, found, frame)
            return Lazy(None, None, usual) if usual is not None else lazy
        return lazy

    def _taken(self) -> tuple[ParameterIR, ...]:
        return tuple(self.frame.ir.params)

    def _argument(self, param: ParameterIR) -> Lazy:
        """Return the value of a parameter of the decorated function."""
        return self.frame.lazy(self.frame.written(("passed", param.name), Param(param.name, param.at)))

    def _other(self, name: str) -> Lazy:
        """Return an argument of which the decorated function says nothing."""
        why = f"`{self.frame.ir.name}` does not say what a framework passes as `{name}` to its decorator"
        return Lazy(None, None, (unknown(why, guess=of_source(name)),))

    def _placed(self, ev: Evaluator) -> list[ParameterIR]:
        """List the parameters that are passed by position: of a request handler those before the first part of the request."""
        placed = [p for p in self._taken() if p.kind in ("pos", "both")]
        if self.passing == "positions":
            return placed
        parts = (i for i, p in enumerate(placed) if any(_is_part(o) for o in ev.force(self._argument(p))))
        return placed[: next(parts, len(placed))]

    def _keywords(self, ir: FunctionIR, placed: list[ParameterIR]) -> Mapping:
        """Return the arguments by name for which the wrapper has no parameter."""
        own = {p.name for p in ir.params if p.kind in ("both", "key")}
        receiver = self.frame.ir.params[:1] if self.frame.ir.owner >= 0 else ()
        named = [p for p in self._taken() if p.kind in ("both", "key") and p not in receiver and p.name not in own]
        sure = [p for p in named if self.direct and p.default is None and p not in placed and self.passing != "positions"]
        return Mapping(tuple((p.name, self._argument(p)) for p in named), True, frozenset(p.name for p in named if p not in sure))


def _is_unknown(obj: Object) -> bool:
    return isinstance(obj, ValueSet) and obj.bound is Bound.UNKNOWN


def _is_part(obj: Object) -> bool:
    """Tell whether a value is a part of a request, which is passed by name, and not the request itself."""
    return isinstance(obj, ValueSet) and obj.bound is not Bound.UNKNOWN


def _passes_on(ir: FunctionIR, name: str) -> bool:
    """Tell whether a function calls another one with all of its own arguments: then there are no others."""
    for definition in ir.defs:
        for argument in definition.term.args if isinstance(definition.term, Call) else ():
            base = argument.base if isinstance(argument, Star) else None
            while isinstance(base, Use):
                base = ir.defs[base.index].term
            if isinstance(base, Param) and base.name == name:
                return True
    return False
