"""Metrics in containers that factories fill: each is one metric with its own name, its own uses and its own values."""

from __future__ import annotations

import pytest

from cardlint.inventory import inventory
from tests.conftest import Lint

HEAD = "import uuid\nfrom prometheus_client import Counter\n\n"
MAKE = "METRICS = {}\n\ndef make(name):\n    return Counter(name, 'd', ['x'])\n\n"
USE = "def f():\n    METRICS['a'].labels(uuid.uuid4().hex).inc()\n    METRICS['b'].labels('ok').inc()\n"
CLASS = "class R:\n    def __init__(self):\n        self._metrics = {}\n\n"
CALLS = "r = R()\nr.get('a').labels(uuid.uuid4().hex).inc()\nr.get('b').labels('ok').inc()\nr.get('a').labels('ok').inc()\n"
COUNTS = "r = R()\nr.count('a', uuid.uuid4().hex)\nr.count('b', 'ok')\n"

PROGRAMS = {
    "stored by a function": MAKE + "def register(name):\n    METRICS[name] = make(name)\n\nregister('a')\nregister('b')\n\n" + USE,
    "stored one by one": MAKE + "METRICS['a'] = make('a')\nMETRICS['b'] = make('b')\n\n" + USE,
    "stored in a loop": MAKE + "for name in ('a', 'b'):\n    METRICS[name] = make(name)\n\n" + USE,
    "a comprehension": MAKE + "METRICS = {n: make(n) for n in ('a', 'b')}\n\n" + USE,
    "setdefault on self": CLASS
    + "    def count(self, name, value):\n        metric = self._metrics.setdefault(name, Counter(name, 'd', ['x']))\n        metric.labels(value).inc()\n\n"
    + COUNTS,
    "setdefault in place": CLASS
    + "    def count(self, name, value):\n        self._metrics.setdefault(name, Counter(name, 'd', ['x'])).labels(value).inc()\n\n"
    + COUNTS,
    "get or create": CLASS
    + "    def get(self, name):\n        if name not in self._metrics:\n            self._metrics[name] = Counter(name, 'd', ['x'])\n        return self._metrics[name]\n\n"
    + CALLS,
    "get or create in a module": "_M = {}\n\ndef get(name):\n    metric = _M.get(name)\n    if metric is None:\n        metric = _M[name] = Counter(name, 'd', ['x'])\n    return metric\n\n"
    + CALLS.replace("r = R()\n", "").replace("r.", ""),
    "created first, counted later": CLASS
    + "    def create(self, name):\n        self._metrics[name] = Counter(name, 'd', ['x'])\n\n    def count(self, name, value):\n        self._metrics[name].labels(value).inc()\n\nr = R()\nr.create('a')\nr.create('b')\n"
    + COUNTS.replace("r = R()\n", ""),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_metric_stands_for_itself(name: str, lint: Lint) -> None:
    run = lint(HEAD + PROGRAMS[name])
    assert [(f.rule, f.metric.name if f.metric else "") for f in run.report.findings] == [("unbounded-value", "a")]
    rows = {row["name"]: row for row in inventory(run.program)}
    assert sorted(rows) == ["a", "b"], "every metric is there once"
    assert [label["class"] for row in rows.values() for label in row["labels"]] == ["unbounded", "exactly"]
    assert all(row["used"] for row in rows.values())


def test_a_key_that_is_not_known_may_be_any(lint: Lint) -> None:
    code = MAKE + "def register(name):\n    METRICS[name] = make(name)\n\nregister(input())\nregister('b')\n\n"
    [site] = lint(HEAD + code + "def f():\n    METRICS['a'].labels(uuid.uuid4().hex).inc()\n").program.sites
    assert site.metrics


def test_one_name_in_two_declarations_is_still_reported(lint: Lint) -> None:
    run = lint(HEAD + "M = {}\nM['x'] = Counter('a', 'd')\nM['y'] = Counter('a', 'd')\n")
    assert [f.rule for f in run.report.findings] == ["duplicate-metric"]


def test_values_are_told_apart_by_their_key(lint: Lint) -> None:
    code = "T = {}\n\ndef put(k, v):\n    T[k] = v\n\nput('a', 'fine')\nput('b', uuid.uuid4().hex)\n\nC = Counter('c', 'd', ['x'])\n\ndef f():\n    C.labels(T['%s']).inc()\n"
    assert lint(HEAD + code % "a").report.findings == ()
    assert [f.rule for f in lint(HEAD + code % "b").report.findings] == ["unbounded-value"]
