"""Label positions: which label gets which value, where the values come in lists that are not completely known."""

from __future__ import annotations

from msgspec.structs import replace

from cardlint.inference.domain.containers import Sequence
from cardlint.inference.domain.value_sets import Bound
from cardlint.inference.heuristics.label_names import judge
from cardlint.inference.program import LabelArg


def collapse_unknown_position(args: list[LabelArg]) -> list[LabelArg]:
    """Attribute one unbounded value at an unknown position to one label, and not to every label.

    If the names of some labels mean unbounded sets, it is attributed to those.
    """
    unbounded = [a for a in args if a.value.bound is Bound.UNBOUNDED]
    if len(unbounded) < 2 or len({(a.value.why, a.value.steps()[:1]) for a in unbounded}) > 1:
        return args
    named = [a for a in unbounded if a.label is not None and (said := judge(a.label)) is not None and said.confidence != "contextual"]
    return [*(a for a in args if a.value.bound is not Bound.UNBOUNDED), *(named or [replace(unbounded[0], label=None)])]


def is_placed(obj: Sequence, offset: int) -> bool:
    """Tell whether the element at a position of a list is known, also when the list ends before it."""
    return obj.kind != "set" and obj.max_size is None and (offset < len(obj.items) or not obj.rest)
