"""Inventory: every metric with its labels, their values, and its cost.

It reads the same Program as the rules, so that the table and the findings cannot disagree.
"""

from __future__ import annotations

from typing import Any

from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.program import Program
from cardlint.rules._series import estimate


def inventory(program: Program) -> list[dict[str, Any]]:
    """Return one row for each metric in order of place: name, type, unit, labels with class and size, estimate, uses."""
    values = program.values
    uses: dict[int, list[str]] = {}
    guesses: dict[tuple[int, str], ValueSet] = {}
    for site in program.sites:
        for arg in site.args:
            if arg.label is not None and arg.guess is not None:
                guesses.update({(metric.id, arg.label): arg.guess for metric in site.metrics})
        for metric in site.metrics:
            uses.setdefault(metric.id, []).append(f"{site.place.path}:{site.place.line}")
    rows = []
    for metric in program.metrics:
        info = estimate(metric, values)
        rows.append(
            {
                "name": metric.name,
                "type": metric.type,
                "unit": metric.unit,
                "path": metric.place.path,
                "line": metric.place.line,
                "labels": [_label(name, values.get((metric.id, name)), guesses.get((metric.id, name))) for name in metric.labelnames or ()],
                "labels_known": metric.labelnames is not None and not metric.labels_open,
                "series_per_child": info.per_child,
                "series": info.estimate,
                "formula": info.formula,
                "used": sorted(set(uses.get(metric.id, ()))),
                "test": metric.in_test,
            }
        )
    return rows


def _label(name: str, value: ValueSet | None, guess: ValueSet | None) -> dict[str, Any]:
    if value is None:
        return {"name": name, "class": "unknown", "size": None, "why": "no use of this label is in sight", "by_name": False}
    info = value.info()
    if value.cls is Bound.UNKNOWN and guess is not None:
        return {"name": name, "class": info.cls, "size": None, "why": f"{info.why}; {guess.why}", "by_name": False}
    return {"name": name, "class": info.cls, "size": info.size, "why": info.why, "by_name": value.named}
