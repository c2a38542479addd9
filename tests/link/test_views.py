"""One function, several metrics: what each object or closure is given stays with the metric it was made with."""

from __future__ import annotations

import pytest

from tests.conftest import Lint

HEAD = """\
from functools import wraps
from flask import Flask, request
from prometheus_client import Counter, Histogram

app = Flask("x")
A = Counter("a_total", "A", ["kind"])
B = Counter("b_total", "B", ["kind"])
"""

TIMED = """
class Timed:
    def __init__(self, metric, value):
        self.metric = metric
        self.value = value

    def __enter__(self):
        self.metric.labels(self.value).inc()

    def __exit__(self, *a):
        pass
"""

PROGRAMS = {
    "a context manager": TIMED
    + """
@app.route("/x")
def x():
    with Timed(A, "x"), Timed(B, request.path):
        return ""
""",
    "a context manager that a helper makes": TIMED
    + """
def timed(metric, value):
    return Timed(metric, value)

@app.route("/x")
def x():
    with timed(A, "x"), timed(B, request.path):
        return ""
""",
    "a context manager that a method makes": TIMED
    + """
class Service:
    def __init__(self, metric):
        self.metric = metric

    def run(self, value):
        with Timed(self.metric, value):
            return ""

good = Service(A)
bad = Service(B)

@app.route("/x")
def x():
    good.run("x")
    bad.run(request.path)
""",
    "a recorder": """
class Recorder:
    def __init__(self, metric):
        self._metric = metric

    def record(self, value):
        self._metric.labels(value).inc()

good = Recorder(A)
bad = Recorder(B)

@app.route("/x")
def x():
    good.record("ok")
    bad.record(request.path)
""",
    "recorders of an object": """
class Recorder:
    def __init__(self, metric):
        self._metric = metric

    def record(self, **labels):
        self._metric.labels(**labels).inc()

class Metrics:
    def __init__(self):
        self.good = Recorder(A)
        self.bad = Recorder(B)

metrics = Metrics()

@app.route("/x")
def x():
    metrics.good.record(kind="ok")
    metrics.bad.record(kind=request.path)
""",
    "a method that hands the metric on": """
class Recorder:
    def __init__(self, metric):
        self._metric = metric

    def record(self, value):
        self._count(self._metric, value)

    def _count(self, metric, value):
        metric.labels(value).inc()

good = Recorder(A)
bad = Recorder(B)

@app.route("/x")
def x():
    good.record("ok")
    bad.record(request.path)
""",
    "a decorator": """
def counted(metric, how):
    def decorate(f):
        @wraps(f)
        def wrapper(*args, **kwargs):
            metric.labels(how(request)).inc()
            return f(*args, **kwargs)
        return wrapper
    return decorate

@app.route("/x")
@counted(A, lambda r: r.method)
def x():
    return ""

@app.route("/y")
@counted(B, lambda r: r.path)
def y():
    return ""
""",
    "functions that a factory returns": """
def recorder(metric):
    def record(value):
        metric.labels(value).inc()
    return record

good = recorder(A)
bad = recorder(B)

@app.route("/x")
def x():
    good("ok")
    bad(request.path)
""",
    "functions kept in attributes": """
def recorder(metric):
    def record(value):
        metric.labels(value).inc()
    return record

class Metrics:
    def __init__(self):
        self.good = recorder(A)
        self.bad = recorder(B)

metrics = Metrics()

@app.route("/x")
def x():
    metrics.good("ok")
    metrics.bad(request.path)
""",
    "a subclass that says which": """
class Base:
    def __init__(self, metric):
        self.metric = metric

    def record(self, value):
        self.metric.labels(value).inc()

class Good(Base):
    pass

class Bad(Base):
    pass

good, bad = Good(A), Bad(B)

@app.route("/x")
def x():
    good.record("ok")
    bad.record(request.path)
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_metric_is_given_its_own_values(name: str, lint: Lint) -> None:
    done = lint({"app.py": HEAD + PROGRAMS[name]})
    assert [(f.rule, f.metric.name) for f in done.report.findings if f.metric] == [("raw-path", "b_total")]
    assert done.report.summary.decided == done.report.summary.label_sites


def test_one_call_for_several_metrics_is_one_finding(lint: Lint) -> None:
    uses = '@app.route("/x")\ndef x():\n    with Timed(A, request.url), Timed(B, request.path):\n        return ""\n'
    done = lint({"app.py": HEAD + TIMED + uses})
    (finding,) = done.report.findings
    assert finding.metric
    assert finding.metric.name == "a_total"
    assert [s.message for s in finding.related if s.message.startswith("also")] == ["also `b_total` gets the raw request path"]
    assert done.report.summary.label_sites == 1


def test_what_is_not_told_apart_keeps_all_values(lint: Lint) -> None:
    """The metric of an object may be replaced later: then either of them may be given any of the values."""
    code = """
class Recorder:
    def __init__(self, metric):
        self._metric = metric

    def use(self, metric):
        self._metric = metric

    def record(self, value):
        self._metric.labels(value).inc()

good = Recorder(A)
bad = Recorder(A)

@app.route("/x")
def x():
    good.record("ok")
    bad.use(B)
    bad.record(request.path)
"""
    done = lint({"app.py": HEAD + code})
    assert [f.rule for f in done.report.findings] == ["raw-path"]
    (site,) = done.program.sites
    assert [m.name for m in site.metrics] == ["a_total", "b_total"]


def test_a_shared_call_is_not_rewritten_for_one_metric(lint: Lint) -> None:
    from cardlint.cli.changing import with_fixes

    code = (
        HEAD.replace('"kind"', '"user_id", "kind"')
        + """
def recorder(metric):
    def record(user_id, kind):
        metric.labels(user_id, kind).inc()
    return record

good = recorder(A)
bad = recorder(B)

def x(user):
    good("anybody", "x")
    bad(user.id, "x")
"""
    )
    done = lint({"app.py": code})
    (finding,) = with_fixes(done, done.report).findings
    assert finding.metric
    assert finding.metric.name == "b_total"
    assert finding.fix is None
