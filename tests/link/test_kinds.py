"""Factories that are told which kind of metric to make: only what a call comes to is made."""

from __future__ import annotations

import pytest

from tests.conftest import Lint

HEAD = "from enum import Enum\nfrom prometheus_client import Counter, Gauge, Histogram, Summary\n"

FACTORIES = {
    "returned": """
def get(name, kind="timer"):
    if kind == "timer":
        return Histogram(name, "d", ["a"])
    if kind in ("gauge", "level"):
        return Gauge(name, "d", ["a"])
    return Summary(name, "d", ["a"])

get("blocks")
get("level", "level")
""",
    "kept in a table": """
class Factory:
    def __init__(self):
        self.made = {}

    def timer(self, name):
        return self._get("timer", name)

    def gauge(self, name):
        return self._get("gauge", name)

    def _get(self, kind, name):
        key = (kind, name)
        metric = self.made.get(key)
        if metric is None:
            if kind == "timer":
                metric = Histogram(name, "d", ["a"])
            elif kind == "gauge":
                metric = Gauge(name, "d", ["a"])
            else:
                metric = Summary(name, "d", ["a"])
            self.made[key] = metric
        return metric

factory = Factory()
factory.timer("blocks")
factory.gauge("level")
""",
    "by a member of an enum": """
class Kind(Enum):
    TIMER = "timer"
    GAUGE = "gauge"
    SUMMARY = "summary"

def get(name, kind: Kind = Kind.TIMER):
    if kind == Kind.TIMER:
        metric = Histogram(name, "d", ["a"])
    elif kind is Kind.GAUGE:
        metric = Gauge(name, "d", ["a"])
    else:
        metric = Summary(name, "d", ["a"])
    return metric

get("blocks")
get("level", kind=Kind.GAUGE)
""",
}


@pytest.mark.parametrize("name", FACTORIES)
def test_only_what_is_asked_for_is_made(name: str, lint: Lint) -> None:
    done = lint({"app.py": HEAD + FACTORIES[name]})
    assert [(m.name, m.type) for m in done.program.metrics] == [("blocks", "histogram"), ("level", "gauge")]
    assert done.report.findings == ()


def test_what_a_call_of_a_helper_does_not_reach_is_no_site_of_it(lint: Lint) -> None:
    code = """
A = Counter("a_total", "A", ["x"])
B = Counter("b_total", "B", ["x"])

def count(metric, kind, value):
    if kind == "raw":
        metric.labels(value).inc()
    else:
        metric.labels("other").inc()

def use(user_id):
    count(A, "raw", user_id)
    count(B, "plain", user_id)
"""
    done = lint({"app.py": HEAD + code})
    assert [f.metric.name for f in done.report.findings if f.metric] == ["a_total"]
