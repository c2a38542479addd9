"""A finding names the lists that hold its label, where these are not in the constructor's call."""

from __future__ import annotations

from cardlint.config import Config
from cardlint.engine import run
from cardlint.groups import groups
from cardlint.output.wording import reached, told

BASE = """\
from flask import request
from prometheus_client import Gauge


class Measured:
    tags = ()

    @classmethod
    def update(cls, **tags):
        Gauge("m", "M", cls.tags).labels(**tags).set(1)


class Users(Measured):
    tags = ("user_id",){comment}


class Places(Measured):
    tags = ("place", "user_id")


def view():
    Users.update(user_id=request.args["user"])
    Places.update(user_id=request.args["user"], place="x")
"""


def found(code: str) -> list[list[tuple[str, int]]]:
    done = run((), Config(select=("identity-label",)), instead={"app.py": code.encode()}, files=())
    return [[(step.role, step.place.line) for step in finding.related] for finding in done.report.findings]


def test_each_list_is_named_once() -> None:
    [related] = found(BASE.format(comment=""))
    assert [line for role, line in related if role == "named"] == [18, 14]
    assert [line for role, line in related if role == "declared"] == [10]


def test_a_list_inside_of_the_call_is_not_named_again() -> None:
    code = 'from flask import request\nfrom prometheus_client import Counter\nC = Counter("c", "C", ["user_id"])\nC.labels(request.args["user"])\n'
    [related] = found(code)
    assert {role for role, _ in related} == {"declared"}


def test_a_comment_at_one_of_the_lists_silences_the_finding() -> None:
    assert found(BASE.format(comment="  # cardlint: ignore[identity-label] -- ten users")) == []


def test_a_message_of_a_queue_names_the_parts_of_its_program() -> None:
    code = """\
import json

import redis
from prometheus_client import Counter

C = Counter("c", "C", ["scraper_id", "model_id", "gpu_id", "shard_id", "batch"])


def work(store: redis.Redis):
    message = json.loads(store.blpop("jobs")[1])
    C.labels(message["scraper"], message["model"], message["gpu"], message["shard"], message["batch"]).inc()
"""
    done = run((), Config(select=("unbounded-value",)), instead={"app.py": code.encode()}, files=())
    assert [finding.label for finding in done.report.findings] == ["batch"]


def test_a_finding_is_about_the_metric_that_its_call_declares() -> None:
    names = [f"m{number}" for number in range(12)]
    methods = "".join(
        f'    def {name}(self, kind, error: Exception):\n        self._add("{name}", {{"kind": kind, "error": str(error)}})\n'
        if number % 3 == 0
        else f'    def {name}(self, kind):\n        self._add("{name}", {{"kind": kind}})\n'
        for number, name in enumerate(names)
    )
    calls = "".join(f"        metrics.{name}(kind, error)\n" for name in names[::3])
    code = f"""\
from prometheus_client import Counter


class Metrics:
    made = {{}}

{methods}
    def _add(self, name, labels):
        self.get(name, "D", labels.keys()).labels(*labels.values()).inc()

    def get(self, name, text, labels):
        if name not in self.made:
            self.made[name] = self.make(name, text, labels)
        return self.made[name]

    def make(self, name, text, labels):
        return Counter(name, text, labels)


def run(kind, work):
    metrics = Metrics()
    try:
        work()
    except Exception as error:
{calls}
"""
    done = run((), Config(select=("unbounded-value",)), instead={"app.py": code.encode()}, files=())
    assert [f.metric.name for f in done.report.findings if f.metric is not None] == names[::3]


def test_metrics_that_one_call_fills_are_named_with_their_source_and_counted() -> None:
    code = """\
from flask import request
from prometheus_client import Counter

A = Counter("a_total", "A", ["path"])
B = Counter("b_total", "B", ["other"])
C = Counter("c_total", "C", ["path"])
TABLE = {"a": A, "b": B, "c": C}


def view(which):
    path = request.path
    TABLE[which].labels(path=path).inc()
    TABLE[which].labels(path=path).inc(2)
"""
    done = run((), Config(select=("raw-path",)), instead={"app.py": code.encode()}, files=())
    first, second = done.report.findings
    for finding in (first, second):
        assert finding.metric is not None
        assert [finding.metric.name, *(metric.name for metric in finding.also)] == ["a_total", "c_total"]
    also = [step for step in first.related if step.role == "also"]
    assert [(step.message, step.place.line) for step in also] == [("`c_total` is filled with the raw request path", 11)]
    [group] = groups(done.report.findings)
    assert reached(group) == "2 sites, 2 metrics, one edit"
    assert told(group) == "label `path` of 2 metrics is filled with the raw request path"
