"""Places of values: which label gets what, where the values come in lists that are not known to their ends."""

from __future__ import annotations

from msgspec.structs import replace

from cardlint.inference.domain.containers import Sequence
from cardlint.inference.domain.value_sets import Bound
from cardlint.inference.heuristics.label_names import judge
from cardlint.inference.program import LabelArg


def collapse_unknown_position(args: list[LabelArg]) -> list[LabelArg]:
    """Say of one open value, of which nobody knows the label that gets it, that a label gets it, and not that every one does.

    Where names of labels speak of open sets, it is those that get it.
    """
    unbounded = [a for a in args if a.value.cls is Bound.UNBOUNDED]
    if len(unbounded) < 2 or len({(a.value.why, a.value.steps()[:1]) for a in unbounded}) > 1:
        return args
    named = [a for a in unbounded if a.label is not None and (said := judge(a.label)) is not None and said.confidence != "contextual"]
    return [*(a for a in args if a.value.cls is not Bound.UNBOUNDED), *(named or [replace(unbounded[0], label=None)])]


def is_placed(obj: Sequence, offset: int) -> bool:
    """Tell whether it is known what stands at a place of a list: an element, or, of a list that ends before, nothing."""
    return obj.kind != "set" and obj.size is None and (offset < len(obj.items) or not obj.rest)
