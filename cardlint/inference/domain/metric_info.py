"""Constructor calls of metrics in one frame, before they are described."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardlint.inference.domain.frames import Frame
    from cardlint.inference.domain.objects import ClassObject
    from cardlint.inference.program import HowMade, Metric
    from cardlint.ir.terms import AnyTerm, At, Call
    from cardlint.knowledge.clients.schema import Client, MetricClass, MetricType


class MetricInfo:
    """A constructor call in one frame, before it is described as a Metric."""

    __slots__ = ("arguments", "class_name", "client", "constructor", "described", "frame", "overrides", "row", "subclass", "term", "type")

    def __init__(
        self,
        frame: Frame,
        term: Call,
        client: Client,
        row: MetricClass,
        class_name: str,
        constructor: HowMade,
        arguments: dict[str, AnyTerm],
    ) -> None:
        self.frame = frame
        self.term = term
        self.client = client
        self.row = row
        """the class of the client that is constructed, itself or through an analysed subclass"""
        self.type: MetricType = row.type
        self.class_name = class_name
        self.constructor = constructor
        self.arguments = arguments
        """by the name of the parameter in the row"""
        self.described: Metric | None = None
        self.overrides: frozenset[str] = frozenset()
        """methods that an analysed subclass defines itself: what a call of one does is its own"""
        self.subclass: ClassObject | None = None
        """that subclass"""


class MetricTable:
    """Every constructor call found so far. One call in one frame is one entry."""

    def __init__(self) -> None:
        self.infos: dict[tuple[At, int, str], MetricInfo] = {}
        self.canonical: dict[tuple[object, ...], Metric] = {}
        self.made: dict[tuple[object, ...], Metric] = {}
        """metrics of factories, by constructor, name and labels"""
        self.last = 0

    def number(self) -> int:
        """Return the next free id of a metric."""
        self.last += 1
        return self.last

    def add(
        self,
        frame: Frame,
        term: Call,
        client: Client,
        row: MetricClass,
        class_name: str,
        constructor: HowMade,
        arguments: dict[str, AnyTerm],
    ) -> MetricInfo:
        """Return the entry of a constructor call; make it at the first call."""
        key = (term.at, id(frame), row.type)
        found = self.infos.get(key)
        if found is None:
            found = self.infos[key] = MetricInfo(frame, term, client, row, class_name, constructor, arguments)
        return found
