"""Generic helpers around metrics: the metrics behind a type variable are found, or counted as not found."""

from __future__ import annotations

import pytest

from tests.conftest import Lint

HEAD = "import uuid\nfrom typing import TypeVar, Generic\nfrom prometheus_client import CollectorRegistry, Counter, Gauge\nfrom prometheus_client.metrics import MetricWrapperBase\n\n"
APPLY = "def apply_labels(metric: T, **labels: str) -> T:\n    return metric.labels(**labels)\n\n"
USE = "def f():\n    apply_labels(C, x=uuid.uuid4().hex).inc()\n"
VARIABLES = {
    "constraints": "T = TypeVar('T', Counter, Gauge)\n",
    "a bound": "T = TypeVar('T', bound=MetricWrapperBase)\n",
    "any type": "T = TypeVar('T')\n",
}


@pytest.mark.parametrize("name", VARIABLES)
def test_a_metric_behind_a_type_variable_is_found(name: str, lint: Lint) -> None:
    made = "def setup(registry: CollectorRegistry) -> None:\n    global C\n    C = Counter('c', 'd', ['x'], registry=registry)\n\n"
    [finding] = lint(HEAD + VARIABLES[name] + APPLY + made + USE).report.findings
    assert (finding.rule, finding.label, finding.metric and finding.metric.name) == ("unbounded-value", "x", "c")


def test_a_class_that_is_handed_to_a_factory_is_found(lint: Lint) -> None:
    code = "T = TypeVar('T', bound=MetricWrapperBase)\n\ndef build(kind: type[T], name: str, registry: CollectorRegistry) -> T:\n    return kind(name, 'd', ['x'], registry=registry)\n\nC = build(kind=Counter, name='c', registry=CollectorRegistry())\n\n"
    run = lint(HEAD + code + APPLY + USE)
    assert [m.name for m in run.program.metrics] == ["c"]
    assert [f.rule for f in run.report.findings] == ["unbounded-value"]


@pytest.mark.parametrize("name", ["constraints", "a bound"])
def test_a_metric_that_nobody_names_is_counted(name: str, lint: Lint) -> None:
    run = lint(HEAD + VARIABLES[name] + APPLY + "def f(holder):\n    apply_labels(holder.metric, x='a').inc()\n")
    assert [step.message for step in run.program.unresolved] == ["`metric` is used as a metric, and where it is made was not found"]
    assert len(run.program.sites) == 1


def test_labels_of_something_else_are_not_counted(lint: Lint) -> None:
    code = "T = TypeVar('T')\n\ndef named(plot: T, *names: str) -> T:\n    return plot.labels(*names)\n\n"
    run = lint(HEAD + code + "def f(plot):\n    named(plot, uuid.uuid4().hex)\n")
    assert (run.program.sites, run.program.unresolved, run.report.findings) == ((), (), ())


@pytest.mark.parametrize(
    "variable", ["T = TypeVar()\n", "T = TypeVar('T', bound=T)\n", "T = TypeVar('T', 'Nothing', 3)\n", "T = TypeVar(*T)\n"]
)
def test_a_broken_type_variable_is_no_accident(variable: str, lint: Lint) -> None:
    lint(HEAD + variable + APPLY + "C = Counter('c', 'd', ['x'])\n" + USE)
