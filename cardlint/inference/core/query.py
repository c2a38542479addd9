"""Queries: questions about the program that are answered once, also where an answer depends on itself.

`@query(initial=...)` turns a function of the evaluator and some arguments into a query. Its answers are kept by the identity
of the arguments. A query that is asked for again while it is being computed answers with its initial value, or with the
answer of the last round. A result that depends on such an answer is tentative: it is not kept, and it is computed again
until nothing changes (see `memo`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.objects import Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, unknown

P = ParamSpec("P")
R = TypeVar("R")


class Query(Generic[P, R]):
    """One question about the program. Calling it answers it for one evaluator and some arguments."""

    __slots__ = ("function", "initial", "key", "name", "same", "tracks", "widen")

    def __init__(
        self,
        function: Callable[Concatenate[Evaluator, P], R],
        initial: R,
        key: Callable[..., object] | None,
        tracks: bool,
        same: Callable[[Any, Any], bool],
        widen: Callable[[Any], Any],
    ) -> None:
        self.function = function
        self.name = f"{function.__module__.rpartition('.')[2]}.{function.__name__.strip('_')}"
        self.initial = initial
        """the answer while nothing better is known"""
        self.key = key
        """the function that tells the arguments of two calls apart; None where the arguments themselves do"""
        self.tracks = tracks
        """whether the dependencies of the answer count for the caller: not for questions about the structure of the program"""
        self.same = same
        """whether two answers are the same, so that no further round is needed"""
        self.widen = widen
        """widening: makes an answer that changes with every round stable"""

    def __call__(self, ev: Evaluator, *args: P.args, **kwargs: P.kwargs) -> R:
        """Answer the question, from memory where possible."""
        answer: R = ev.answer(self, args if self.key is None else self.key(*args), args)
        return answer


def query(initial: Any, key: Callable[..., object] | None = None) -> Callable[[Callable[Concatenate[Evaluator, P], R]], Query[P, R]]:
    """Make a query about the structure of the program: callers, bases, stores. Its answers are plain collections or flags."""

    def made(function: Callable[Concatenate[Evaluator, P], R]) -> Query[P, R]:
        return Query(function, initial, key, False, equal, unchanged)

    return made


def value_query(
    initial: Objects, key: Callable[..., object] | None = None
) -> Callable[[Callable[Concatenate[Evaluator, P], Objects]], Query[P, Objects]]:
    """Make a query about the value of something. Answers that grow without end are widened to Unknown."""

    def made(function: Callable[Concatenate[Evaluator, P], Objects]) -> Query[P, Objects]:
        return Query(function, initial, key, True, same_objects, widened)

    return made


def equal(a: object, b: object) -> bool:
    """Tell whether two answers are equal."""
    return a == b


def unchanged(answer: Any) -> Any:
    """Leave an answer as it is: a collection of parts of the program cannot grow without end."""
    return answer


def same_objects(a: Objects, b: Objects) -> bool:
    """Tell whether two rounds have the same answer: the same sets of values, and objects of the same kinds."""
    if len(a) != len(b):
        return False
    for x, y in zip(a, b, strict=True):
        if type(x) is ValueSet and type(y) is ValueSet:
            if (x.bound, x.size, x.exact, x.kind) != (y.bound, y.size, y.exact, y.kind):
                return False
        elif type(x) is not type(y):
            return False
    return True


def widened(objects: Objects) -> Objects:
    """Widen a set of values that changes with every round to Unknown."""
    out: list[Object] = []
    for obj in objects:
        if type(obj) is ValueSet and obj.bound < Bound.UNKNOWN:
            obj = unknown("it changes with every iteration of a loop or recursion")
        out.append(obj)
    return tuple(out)
