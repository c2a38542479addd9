"""Where a metric and its labels are declared: the places that findings name in addition to their own."""

from __future__ import annotations

from cardlint.findings import Step
from cardlint.inference.program import Metric
from cardlint.rules.sentences import values as say

MOST = 5
"""Places of one label name that a finding lists."""


def declared(metric: Metric | None, label: str | None = None) -> list[Step]:
    """Return the place of a metric, and those that name a label where they are not in the constructor's call.

    A label is removed in its list, which may be an attribute of a class or an argument of a factory.
    """
    if metric is None or metric.constructor == "duck":
        return []
    steps = [Step(metric.place, say.DECLARED_HERE(metric=metric.name), "declared")]
    place = metric.label_places.get(label) if label is not None else None
    if label is None or place is None:
        return steps
    for at in (place, *metric.also_named.get(label, ()))[:MOST]:
        if at.path != metric.place.path or not metric.place.line <= at.line <= metric.place.end_line:
            steps.append(Step(at, say.LABEL_NAMED_HERE(label=label), "named"))
    return steps
