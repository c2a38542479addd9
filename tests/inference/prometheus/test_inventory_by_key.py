"""The inventory of metrics that a factory keeps in a container: each is one row with its own labels and uses."""

from __future__ import annotations

import pytest

from cardlint.inventory import inventory
from tests.conftest import Lint
from tests.inference import markdown

CASES = {case.heading: case for case in markdown.read(markdown.FOLDER / "prometheus" / "metrics-by-key.md")}


@pytest.mark.parametrize("heading", CASES)
def test_each_metric_has_a_row_of_its_own(heading: str, lint: Lint) -> None:
    (block,) = CASES[heading].blocks
    run = lint(block.texts())
    assert [(f.rule, f.metric.name if f.metric else "") for f in run.report.findings] == [("unbounded-value", "a")]
    rows = {row["name"]: row for row in inventory(run.program)}
    assert sorted(rows) == ["a", "b"], "every metric is there once"
    assert [label["class"] for row in rows.values() for label in row["labels"]] == ["unbounded", "exactly"]
    assert all(row["used"] for row in rows.values())
