"""Measuring: calls, answers from memory and seconds of each query and each handler.

Only a run that asks for the figures has a measuring evaluator, so that other runs pay nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from msgspec.structs import replace

from cardlint.inference.codebase.tree import LinkSettings, Tree
from cardlint.inference.core.evaluator import DemandEvaluator
from cardlint.inference.core.memo import Table
from cardlint.inference.core.query import Query
from cardlint.inference.core.semantics import Semantics
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.objects import Objects
from cardlint.inference.program import Measure
from cardlint.ir.terms import Use

K = TypeVar("K")
HANDLERS = {
    "terms": "term",
    "calls": "call",
    "methods": "method",
    "attributes": "attribute",
    "items": "item",
    "iteration": "iteration",
    "texts": "text",
    "predicates": "test",
    "transfers": "transfer",
    "functions": "function",
}
"""The tables of handlers, and the name of their entries."""


class Counter:
    """The cost of one query or handler: `seconds` without those of the questions it asked."""

    __slots__ = ("calls", "hits", "seconds")

    def __init__(self) -> None:
        self.calls = 0
        self.hits = 0
        self.seconds = 0.0


class Clock:
    """Counts calls and assigns time: each second belongs to the innermost running call."""

    def __init__(self) -> None:
        self.counters: dict[tuple[str, str], Counter] = {}
        self.inner: list[float] = []
        """for each running call the seconds that its inner calls took"""

    def counter(self, kind: str, name: str) -> Counter:
        """Return the counter of a query or a handler."""
        return self.counters.setdefault((kind, name), Counter())

    def run(self, counter: Counter, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function and assign its time to a counter."""
        started = time.perf_counter()
        self.inner.append(0.0)
        try:
            return function(*args)
        finally:
            spent = time.perf_counter() - started
            counter.seconds += spent - self.inner.pop()
            if self.inner:
                self.inner[-1] += spent

    def measures(self) -> tuple[Measure, ...]:
        """Return everything that was counted."""
        return tuple(Measure(kind, name, c.calls, c.hits, c.seconds) for (kind, name), c in self.counters.items())


def handler_name(handler: object) -> str:
    """Return the name of a handler as its module writes it: `attributes.of_instance`."""
    function = getattr(handler, "function", handler)
    module, name = getattr(function, "__module__", ""), getattr(function, "__name__", type(function).__name__)
    return f"{module.rpartition('.')[2]}.{name}"


def measured(semantics: Semantics, clock: Clock) -> Semantics:
    """Return the same handlers, each of them counted."""

    def table(kind: str, handlers: Mapping[K, Any]) -> Mapping[K, Any]:
        return MappingProxyType({key: counted(kind, handler) for key, handler in handlers.items()})

    def counted(kind: str, handler: Any) -> Any:
        counter = clock.counter(kind, handler_name(handler))

        def run(*args: Any) -> Any:
            counter.calls += 1
            return clock.run(counter, handler, *args)

        return run

    tables: dict[str, Any] = {name: table(kind, getattr(semantics, name)) for name, kind in HANDLERS.items()}
    return replace(semantics, **tables)


class MeasuringEvaluator(DemandEvaluator):
    """An evaluator that counts its calls."""

    def __init__(self, tree: Tree, settings: LinkSettings, semantics: Semantics) -> None:
        self.clock = Clock()
        super().__init__(tree, settings, measured(semantics, self.clock))

    def answer(self, query: Query[..., Any], key: object, args: tuple[Any, ...]) -> Any:
        """Answer a query, and count it."""
        counter = self.clock.counter("query", query.name)
        counter.calls += 1
        counter.hits += key in self.tables.get(query, ())
        return super().answer(query, key, args)

    def ref(self, term: Use, frame: Frame) -> Objects:
        """Evaluate a definition, and count it; one that is not computed by this call counts as known."""
        counter = self.clock.counter("query", self.semantics.definition.name)
        counter.calls += 1
        counter.hits += 1
        return super().ref(term, frame)

    def solve(self, query: Query[..., Any], key: object, args: tuple[Any, ...], table: Table, slot: object) -> Any:
        """Compute an answer, and assign its time to its query."""
        counter = self.clock.counter("query", query.name)
        if query is self.semantics.definition:
            counter.hits -= 1
        return self.clock.run(counter, super().solve, query, key, args, table, slot)
