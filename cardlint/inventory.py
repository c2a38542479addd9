"""Inventory: every metric with its labels, their values, and its cost, and the sums of all and of each team.

It reads the same Program as the rules, so that the table and the findings cannot disagree.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from math import prod
from typing import Any

from cardlint.common.numbers import capped
from cardlint.config import Config
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.program import Program
from cardlint.rules._series import estimate
from cardlint.selection.chosen import matches


def inventory(program: Program) -> list[dict[str, Any]]:
    """Return one row for each metric in the order of the program: name, type, unit, labels with class and size, estimate, uses."""
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


def by_series(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows by their series: unbounded ones, then undecided ones, then the others; then by name and place."""
    return sorted(rows, key=_rank)


def _rank(row: dict[str, Any]) -> tuple[Any, ...]:
    known = prod(max(1, label["size"] or 1) for label in row["labels"]) * row["series_per_child"]
    return row["series"] is not None, not is_unbounded(row), -(row["series"] or known), row["name"], row["path"], row["line"]


def is_unbounded(row: dict[str, Any]) -> bool:
    """Tell whether a label of a metric is shown to have no bound; a metric without an estimate may also be undecided."""
    return any(label["class"] == "unbounded" for label in row["labels"])


def totals(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Return the number of metrics, of unbounded and undecided ones, and the series of the others; tests do not count."""
    counted = [row for row in rows if not row["test"]]
    series = [row["series"] for row in counted if row["series"] is not None]
    unbounded = sum(1 for row in counted if row["series"] is None and is_unbounded(row))
    return {
        "metrics": len(counted),
        "unbounded": unbounded,
        "undecided": len(counted) - len(series) - unbounded,
        "series": capped(sum(series)),
    }


def of_teams(rows: Sequence[dict[str, Any]], config: Config) -> list[dict[str, Any]]:
    """Return the sums of each team of the configuration with its budget, and whether it is exceeded."""
    out = []
    by_path: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_path.setdefault(row["path"], []).append(row)
    relative = {path: _from_root(path, config.root) for path in by_path} if config.budgets else {}
    for budget in config.budgets:
        own = [path for path, name in relative.items() if any(matches(name, pattern) for pattern in budget.paths)]
        sums = totals(row for path in own for row in by_path[path])
        out.append(
            {
                "team": budget.team,
                "paths": list(budget.paths),
                **sums,
                "budget": budget.max_series,
                "over": sums["series"] > budget.max_series,
            }
        )
    return out


def _from_root(path: str, root: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def _label(name: str, value: ValueSet | None, guess: ValueSet | None) -> dict[str, Any]:
    if value is None:
        return {"name": name, "class": "unknown", "size": None, "why": "no use of this label was found", "by_name": False}
    info = value.info()
    if value.bound is Bound.UNKNOWN and guess is not None:
        return {"name": name, "class": info.cls, "size": None, "why": f"{info.why}; {guess.why}", "by_name": False}
    return {"name": name, "class": info.cls, "size": info.size, "why": info.why, "by_name": value.named}
