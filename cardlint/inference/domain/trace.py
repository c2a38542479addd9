"""Traces: the steps of a value from its origin to the label, as a linked list that values share."""

from __future__ import annotations

from msgspec import Struct

from cardlint.findings import Place, Step
from cardlint.inference.limits import MAX_TRACE


class Trace(Struct, frozen=True, gc=False):
    """A trace as a linked list, newest step first. Values share their tails, so a step costs one cell."""

    step: Step
    before: Trace | None
    length: int


def append_step(before: Trace | None, place: Place, message: str) -> Trace | None:
    """Append a step to a trace; a second step at one place and steps beyond MAX_TRACE are left out."""
    if before is not None and (before.step.place == place or before.length >= MAX_TRACE):
        return before
    return Trace(Step(place, message), before, 1 if before is None else before.length + 1)
