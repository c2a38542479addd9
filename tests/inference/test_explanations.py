"""What is said of a value besides its class: the reason, the steps that it took, and the advice."""

from __future__ import annotations

import pytest

from cardlint.inference.core.memo import gave_up
from cardlint.inference.domain.value_sets import Bound
from tests.conftest import Lint
from tests.inference.markdown import program


def test_a_value_over_six_files_is_told_with_its_steps(lint: Lint) -> None:
    [finding] = lint(program("calls/returns.md", "A value over six files")).report.findings
    assert finding.place.path == "decorators.py"
    assert finding.label == "run"
    assert {step.place.path for step in finding.trace} >= {"ids.py", "context.py", "helper.py", "app.py"}


def test_a_function_that_is_handed_away_says_so(lint: Lint) -> None:
    """Code that is not known may call it with anything, next to the call that is known."""
    handed = lint(program("calls/handed-functions.md", "Handed to code that is not known")).program.sites[0].args[0].value
    assert handed.bound is Bound.UNKNOWN
    assert "passed to unknown code" in handed.why


def test_the_body_of_an_error_is_no_exception_text(lint: Lint) -> None:
    """The class of the exception would be no replacement for what the server answered."""
    (found,) = lint(program("models/exceptions.md", "The body of a failed request")).report.findings
    assert "text the server sent" in found.message
    assert "type(e)" not in found.help


def test_names_on_the_path_of_a_value(lint: Lint) -> None:
    """What something undecided is first called speaks for it, one word does not, and neither is hidden."""
    run = lint(program("heuristics/names.md", "Names that a value is given on its path"))
    first, second, _ = run.program.sites[0].args
    assert (first.value.bound, first.value.named) == (Bound.PER_DEPLOYMENT, True)
    assert second.value.bound is Bound.UNKNOWN
    assert run.report.findings == ()


def test_the_metric_of_another_file_is_told_at_its_declaration(lint: Lint) -> None:
    for heading, path in (("A metric of another module", "metrics.py"), ("A metric that a package passes on", "pkg/metrics.py")):
        [finding] = lint(program("prometheus/imports.md", heading)).report.findings
        assert finding.metric is not None
        assert finding.metric.place.path == path


def test_a_text_of_the_client_is_tested_and_no_id_is_removed(lint: Lint) -> None:
    """A version is no id, so its label stays."""
    found = lint(program("frameworks/names-of-parameters.md", "A text of the client")).report.findings
    assert found
    assert all("the values you serve" in f.help and "remove" not in f.help for f in found)


def test_a_secret_says_that_it_can_be_read(lint: Lint) -> None:
    """An API key in a metric is more than one series too many, by its value or by the name of its label alone."""
    found = lint(
        "from prometheus_client import Counter\n"
        'C = Counter("c_total", "C", ["k"])\n'
        'D = Counter("d_total", "D", ["api_key"])\n'
        "def count(user, given):\n"
        "    C.labels(user.api_key).inc()\n"
        "    D.labels(given[0]).inc()\n"
    ).report.findings
    assert len(found) == 2
    assert all("every reader of the metrics can read it" in f.why for f in found)
    assert all(f.rule == "identity-label" and "a secret belongs neither" in f.help for f in found)


def test_what_is_given_up_is_said_once(lint: Lint) -> None:
    """The sentence around the reason says already that the value is lost."""
    [finding] = lint(
        "from prometheus_client import Counter\n"
        'M = Counter("m_total", "M", ["message"])\n'
        "def count(message):\n"
        "    M.labels(message=message).inc()\n"
        'count("x" * 10**9)\n'
    ).report.findings
    said = [step.message for step in finding.related if step.role == "origin"]
    assert said == ["cardlint cannot follow the value any further: a constant of more than 10,000 characters"]


@pytest.mark.parametrize(
    ("steps", "said"), [(0, "no steps of inference were left"), (1, "after 1 step of"), (1_500, "after 1,500 steps of inference on a part")]
)
def test_steps_are_counted_in_words(steps: int, said: str) -> None:
    assert said in gave_up(steps, "a part of a question")
