"""Uses of a metric whose declaration was not found: they are counted and named, so that silence is not mistaken for an answer."""

from __future__ import annotations

import pytest

from tests.conftest import Lint
from tests.inference.markdown import program

TOPIC = "types/type-variables.md"


@pytest.mark.parametrize("heading", ["A metric that is not found", "A metric that is not found, with a bound"])
def test_a_metric_without_a_declaration_is_counted(heading: str, lint: Lint) -> None:
    run = lint(program(TOPIC, heading))
    assert [step.message for step in run.program.unresolved] == ["`metric` is used as a metric, but its declaration was not found"]
    assert len(run.program.sites) == 1


def test_labels_of_something_else_are_not_counted(lint: Lint) -> None:
    run = lint(program(TOPIC, "Labels of something else"))
    assert (run.program.sites, run.program.unresolved, run.report.findings) == ((), (), ())
