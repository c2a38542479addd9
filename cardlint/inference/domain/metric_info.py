"""Constructor calls of metrics in one frame, before they are described."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardlint.inference.domain.frames import Frame
    from cardlint.inference.program import Metric
    from cardlint.ir.terms import AnyTerm, At, Call


class MetricInfo:
    """A constructor call in one frame, before it is described as a Metric."""

    __slots__ = ("arguments", "class_name", "constructor", "described", "frame", "merged", "term", "type")

    def __init__(self, frame: Frame, term: Call, kind: str, class_name: str, constructor: str, arguments: dict[str, AnyTerm]) -> None:
        self.frame = frame
        self.term = term
        self.type = kind
        self.class_name = class_name
        self.constructor = constructor
        self.arguments = arguments
        self.described: Metric | None = None
        self.merged = False
        """built without plain arguments: `Counter(*args, **kwargs)`"""


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

    def add(self, frame: Frame, term: Call, kind: str, class_name: str, constructor: str, arguments: dict[str, AnyTerm]) -> MetricInfo:
        """Return the entry of a constructor call; make it at the first call."""
        key = (term.at, id(frame), kind)
        found = self.infos.get(key)
        if found is None:
            found = self.infos[key] = MetricInfo(frame, term, kind, class_name, constructor, arguments)
        return found
