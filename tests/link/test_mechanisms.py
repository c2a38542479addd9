"""One good and one bad program for each mechanism of the inference: how values are followed, and what bounds them."""

from __future__ import annotations

import pytest

from tests.conftest import Lint

HEAD = "import uuid\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['x'])\n"

BAD = {
    "a known value under a computed key": "def f(k):\n    d = {'x': 'a'}\n    d[k] = uuid.uuid4().hex\n    C.labels(**d).inc()\n",
    "one key of a table filled by name": "def f(names):\n    t = {'x': uuid.uuid4().hex, 'y': 'a'}\n    C.labels(**{n: t[n] for n in names}).inc()\n",
    "set under a computed name": "class A:\n    def __init__(self, **kw):\n        for k, v in kw.items():\n            setattr(self, k, v)\n\ndef f():\n    C.labels(A(a='x', v=uuid.uuid4().hex).v).inc()\n",
    "sections set in a loop": "class S:\n    section = 's'\n    def __init__(self):\n        self.v = uuid.uuid4().hex\n\nclass R:\n    parts = []\n    def __init__(self):\n        for p in self.parts:\n            setattr(self, p.section, p())\n\nclass A(R):\n    parts = [S]\n\ndef f():\n    C.labels(A().s.v).inc()\n",
    "keys copied in a loop": "def f():\n    d = {'a': 'x', 'v': uuid.uuid4().hex}\n    e = {}\n    for k, v in d.items():\n        e[k] = v\n    C.labels(e['v']).inc()\n",
    "context variable": "from contextvars import ContextVar\nV = ContextVar('V', default='a')\n\ndef g():\n    V.set(uuid.uuid4().hex)\n\ndef f():\n    C.labels(V.get()).inc()\n",
    "a test that narrows nothing": "def f(n):\n    v = uuid.uuid4().hex\n    if n > 5:\n        v = 'a'\n    C.labels(v).inc()\n",
    "a table of the module set by a function": "T = {'k': 'a'}\n\ndef g():\n    T['k'] = uuid.uuid4().hex\n\ndef f():\n    C.labels(T['k']).inc()\n",
    "a decorator that returns something else": "def d(w):\n    def g(v):\n        return w(v) or uuid.uuid4().hex\n    return g\n\n@d\ndef h(v):\n    return v\n\ndef f():\n    C.labels(h('')).inc()\n",
    "field default factory": "from dataclasses import dataclass, field\n\ndef new():\n    return uuid.uuid4().hex\n\n@dataclass\nclass A:\n    v: str = field(default_factory=new)\n\ndef f():\n    C.labels(A().v).inc()\n",
    "private field of attrs": "import attr\n\n@attr.s(auto_attribs=True)\nclass A:\n    _v: str\n\n    def f(self):\n        C.labels(self._v).inc()\n\nA(v=uuid.uuid4().hex).f()\n",
    "get of a typed dictionary": "from typing import TypedDict\n\nclass T(TypedDict):\n    v: str\n\ndef f():\n    t = T(v=uuid.uuid4().hex)\n    C.labels(t.get('v')).inc()\n",
    "key of an unknown event": "def f(event):\n    C.labels(event.get('session_id')).inc()\n",
    "in place": "def f():\n    C.labels(str(uuid.uuid4())).inc()\n",
    "assignment": "def f():\n    v = uuid.uuid4().hex\n    w = v\n    C.labels(x=w).inc()\n",
    "one branch of two": "def f(a):\n    v = 'fixed'\n    if a:\n        v = uuid.uuid4().hex\n    C.labels(v).inc()\n",
    "conditional expression": "def f(a):\n    C.labels('fixed' if a else uuid.uuid4().hex).inc()\n",
    "or": "def f(a):\n    C.labels((a and 'x') or uuid.uuid4().hex).inc()\n",
    "loop": "def f(items):\n    v = 'first'\n    for i in items:\n        C.labels(v).inc()\n        v = uuid.uuid4().hex\n",
    "try and except": "def f():\n    try:\n        v = 'a'\n        g()\n    except Exception as e:\n        v = str(e)\n    C.labels(v).inc()\n",
    "finally": "def f():\n    v = 'a'\n    try:\n        v = uuid.uuid4().hex\n    finally:\n        C.labels(v).inc()\n",
    "with target": "def f():\n    with open(input()) as h:\n        v = uuid.uuid4().hex\n    C.labels(v).inc()\n",
    "walrus": "def f():\n    if (v := uuid.uuid4().hex):\n        C.labels(v).inc()\n",
    "tuple unpacking": "def f():\n    a, (b, c) = 'a', ('b', uuid.uuid4().hex)\n    C.labels(c).inc()\n",
    "augmented assignment": "def f():\n    v = 'a'\n    v += uuid.uuid4().hex\n    C.labels(v).inc()\n",
    "f-string": "def f():\n    C.labels(f'job-{uuid.uuid4()}').inc()\n",
    "percent": "def f():\n    C.labels('job-%s' % uuid.uuid4()).inc()\n",
    "format": "def f():\n    C.labels('job-{}'.format(uuid.uuid4())).inc()\n",
    "join": "def f():\n    C.labels('-'.join(['job', uuid.uuid4().hex])).inc()\n",
    "kwargs of a dict": "def f():\n    labels = {'x': uuid.uuid4().hex}\n    C.labels(**labels).inc()\n",
    "dict changed later": "def f():\n    labels = {}\n    labels['x'] = uuid.uuid4().hex\n    C.labels(**labels).inc()\n",
    "dict update": "def f():\n    labels = {'x': 'a'}\n    labels.update(x=uuid.uuid4().hex)\n    C.labels(**labels).inc()\n",
    "dict union": "def f():\n    C.labels(**({'x': 'a'} | {'x': uuid.uuid4().hex})).inc()\n",
    "star args": "def f():\n    values = [uuid.uuid4().hex]\n    C.labels(*values).inc()\n",
    "stored child": "def f():\n    child = C.labels(uuid.uuid4().hex)\n    child.inc()\n",
    "returned value": "def g():\n    return uuid.uuid4().hex\n\ndef f():\n    C.labels(g()).inc()\n",
    "one of several returns": "def g(a):\n    if a:\n        return 'a'\n    return uuid.uuid4().hex\n\ndef f(a):\n    C.labels(g(a)).inc()\n",
    "parameter": "def g(v):\n    C.labels(v).inc()\n\ndef f():\n    g(uuid.uuid4().hex)\n",
    "keyword parameter": "def g(*, v='a'):\n    C.labels(v).inc()\n\ndef f():\n    g(v=uuid.uuid4().hex)\n",
    "two calls deep": "def h(v):\n    C.labels(v).inc()\n\ndef g(v):\n    h(v)\n\ndef f():\n    g(uuid.uuid4().hex)\n",
    "returned tuple": "def g():\n    return 'a', uuid.uuid4().hex\n\ndef f():\n    a, b = g()\n    C.labels(b).inc()\n",
    "returned dict": "def g():\n    return {'x': uuid.uuid4().hex}\n\ndef f():\n    C.labels(**g()).inc()\n",
    "generator": "def g():\n    yield 'a'\n    yield uuid.uuid4().hex\n\ndef f():\n    for v in g():\n        C.labels(v).inc()\n",
    "context manager": "from contextlib import contextmanager\n\n@contextmanager\ndef g():\n    yield uuid.uuid4().hex\n\ndef f():\n    with g() as v:\n        C.labels(v).inc()\n",
    "closure": "def f():\n    v = uuid.uuid4().hex\n    def g():\n        C.labels(v).inc()\n    g()\n",
    "lambda": "g = lambda v: C.labels(v).inc()\n\ndef f():\n    h = lambda: uuid.uuid4().hex\n    C.labels(h()).inc()\n",
    "partial": "from functools import partial\n\ndef g(a, v):\n    C.labels(v).inc()\n\nh = partial(g, 1)\n\ndef f():\n    h(uuid.uuid4().hex)\n",
    "comprehension": "def f():\n    [C.labels(v).inc() for v in (uuid.uuid4().hex for _ in range(3))]\n",
    "instance attribute": "class A:\n    def __init__(self):\n        self.v = uuid.uuid4().hex\n    def f(self):\n        C.labels(self.v).inc()\n",
    "constructor argument": "class A:\n    def __init__(self, v):\n        self.v = v\n    def f(self):\n        C.labels(self.v).inc()\n\nA(uuid.uuid4().hex).f()\n",
    "dataclass field": "from dataclasses import dataclass\n\n@dataclass\nclass A:\n    v: str\n\ndef f():\n    a = A(uuid.uuid4().hex)\n    C.labels(a.v).inc()\n",
    "property": "class A:\n    @property\n    def v(self):\n        return uuid.uuid4().hex\n\ndef f():\n    C.labels(A().v).inc()\n",
    "inherited method": "class B:\n    def v(self):\n        return uuid.uuid4().hex\n\nclass A(B):\n    pass\n\ndef f():\n    C.labels(A().v()).inc()\n",
    "super": "class B:\n    def v(self):\n        return uuid.uuid4().hex\n\nclass A(B):\n    def v(self):\n        return super().v()\n\ndef f():\n    C.labels(A().v()).inc()\n",
    "getattr": "class A:\n    v = None\n    def __init__(self):\n        self.v = uuid.uuid4().hex\n\ndef f():\n    C.labels(getattr(A(), 'v')).inc()\n",
    "attribute set from outside": "class A:\n    def __init__(self):\n        self.value = 'a'\n    def f(self):\n        C.labels(self.value).inc()\n\ndef g():\n    a = A()\n    a.value = uuid.uuid4().hex\n    a.f()\n",
    "table with a raw fallback": "TABLE = {'a': 'b'}\n\ndef f():\n    v = uuid.uuid4().hex\n    C.labels(TABLE.get(v, v)).inc()\n",
    "slice": "def f():\n    C.labels(uuid.uuid4().hex[:8]).inc()\n",
    "lower": "def f():\n    C.labels(uuid.uuid4().hex.lower()).inc()\n",
    "metric in a dict": "M = {'a': Counter('d', 'D', ['x'])}\n\ndef f():\n    M['a'].labels(uuid.uuid4().hex).inc()\n",
    "metric made by a factory": "def make(name):\n    return Counter(name, name, ['x'])\n\nD = make('d')\n\ndef f():\n    D.labels(uuid.uuid4().hex).inc()\n",
    "metric on self": "class A:\n    def __init__(self):\n        self.m = Counter('d', 'D', ['x'])\n    def f(self):\n        self.m.labels(uuid.uuid4().hex).inc()\n",
    "metric as a parameter": "def g(metric):\n    metric.labels(uuid.uuid4().hex).inc()\n\ng(C)\n",
    "metric family": "from prometheus_client.core import GaugeMetricFamily\n\nclass A:\n    def collect(self):\n        g = GaugeMetricFamily('g', 'G', labels=['x'])\n        g.add_metric([uuid.uuid4().hex], 1)\n        yield g\n",
    "info": "from prometheus_client import Info\n\nI = Info('i', 'I')\n\ndef f():\n    I.info({'x': uuid.uuid4().hex})\n",
    "grouping key": "from prometheus_client import CollectorRegistry, push_to_gateway\n\ndef f():\n    push_to_gateway('g', job='j', registry=CollectorRegistry(), grouping_key={'x': uuid.uuid4().hex})\n",
}

GOOD = {
    "other keys of a table filled by name": "def f(names):\n    t = {'x': 'a', 'y': uuid.uuid4().hex}\n    C.labels(**{n: t[n] for n in names if n in t}).inc()\n",
    "sections keep their own attributes": "class S:\n    section = 's'\n    def __init__(self):\n        self.v = 'a'\n\nclass T:\n    section = 't'\n    def __init__(self):\n        self.v = uuid.uuid4().hex\n\nclass A:\n    parts = [S, T]\n    def __init__(self):\n        for p in self.parts:\n            setattr(self, p.section, p())\n\ndef f():\n    C.labels(A().s.v).inc()\n",
    "copied keys keep their own values": "def f():\n    d = {'a': 'x', 'v': uuid.uuid4().hex}\n    e = {}\n    for k, v in d.items():\n        e[k] = v\n    C.labels(e['a']).inc()\n",
    "members of an enum by name": "import enum\n\nclass E(enum.Enum):\n    A = 1\n    B = 2\n\ndef f():\n    v = uuid.uuid4().hex\n    C.labels(v if v in E.__members__ else 'other').inc()\n",
    "values of an enum": "import enum\n\nclass E(enum.Enum):\n    A = 'a'\n    B = 'b'\n\ndef f():\n    v = uuid.uuid4().hex\n    C.labels(v if v in E._value2member_map_ else 'other').inc()\n",
    "arguments of a Literal": "from typing import Literal, get_args\nMode = Literal['a', 'b']\nMODES = get_args(Mode)\n\ndef f():\n    v = uuid.uuid4().hex\n    C.labels(v if v in MODES else 'other').inc()\n",
    "admission while there is room": "SEEN = set()\n\ndef f():\n    v = uuid.uuid4().hex\n    if v not in SEEN:\n        if len(SEEN) >= 50:\n            v = 'other'\n        else:\n            SEEN.add(v)\n    C.labels(v).inc()\n",
    "standard module beside a package of its name": "from http import HTTPStatus\n\ndef f():\n    C.labels(HTTPStatus.OK.value).inc()\n",
    "literal strings": "from typing import LiteralString\n\ndef f(v: LiteralString):\n    C.labels(v).inc()\n",
    "killed by an assignment": "def f():\n    v = uuid.uuid4().hex\n    v = 'a'\n    C.labels(v).inc()\n",
    "early return": "def f(a):\n    v = 'a'\n    if a:\n        v = uuid.uuid4().hex\n        return v\n    C.labels(v).inc()\n",
    "dead branch": "def f():\n    if False:\n        C.labels(uuid.uuid4().hex).inc()\n    v = uuid.uuid4().hex if False else 'a'\n    C.labels(v).inc()\n",
    "member test": "def f(v):\n    C.labels(v if v in ('a', 'b') else 'other').inc()\n\nf(uuid.uuid4().hex)\n",
    "early return on a member test": "ALLOWED = {'a', 'b'}\n\ndef f(v):\n    if v not in ALLOWED:\n        return\n    C.labels(v).inc()\n\nf(uuid.uuid4().hex)\n",
    "equality": "def f(v):\n    if v == 'a' or v == 'b':\n        C.labels(v).inc()\n\nf(uuid.uuid4().hex)\n",
    "match": "def f(v):\n    match v:\n        case 'a' | 'b':\n            w = v\n        case _:\n            w = 'other'\n    C.labels(w).inc()\n\nf(uuid.uuid4().hex)\n",
    "table with a constant fallback": "TABLE = {'a': 'b'}\n\ndef f(v):\n    C.labels(TABLE.get(v, 'other')).inc()\n\nf(uuid.uuid4().hex)\n",
    "enum": "import enum\n\nclass E(enum.Enum):\n    A = 'a'\n    B = 'b'\n\ndef f(v):\n    try:\n        e = E(v)\n    except ValueError:\n        e = E.A\n    C.labels(e.value).inc()\n\nf(uuid.uuid4().hex)\n",
    "class of an exception": "def f():\n    try:\n        g()\n    except Exception as e:\n        C.labels(type(e).__name__).inc()\n",
    "modulo": "def f():\n    C.labels(str(uuid.uuid4().int % 16)).inc()\n",
    "truth": "def f(v):\n    C.labels(str(bool(v))).inc()\n\nf(uuid.uuid4().hex)\n",
    "loop over constants": "for v in ('a', 'b'):\n    C.labels(v).inc()\n",
    "dict without the value": "def f():\n    labels = {'x': 'a', 'y': uuid.uuid4().hex}\n    C.labels(x=labels['x']).inc()\n",
    "dead return of a bound call": "def g(kind):\n    if kind == 'a':\n        return 'a'\n    return uuid.uuid4().hex\n\ndef f():\n    C.labels(g('a')).inc()\n",
    "another class of the same name": "import collections\n\nD = collections.Counter()\n\ndef f():\n    D[uuid.uuid4().hex] += 1\n",
    "labels of something else": "class Plot:\n    def labels(self, v):\n        return self\n\nPlot().labels(uuid.uuid4().hex)\n",
}


@pytest.mark.parametrize("name", BAD)
def test_an_unbounded_value_is_followed(name: str, lint: Lint) -> None:
    found = [f for f in lint(HEAD + BAD[name]).report.findings if f.code.startswith("CL1")]
    assert len(found) == 1, found
    assert found[0].value is not None
    assert found[0].value.cls == "unbounded"
    assert found[0].trace, "every value carries its trace"


@pytest.mark.parametrize("name", GOOD)
def test_a_bounded_value_is_silent(name: str, lint: Lint) -> None:
    run = lint(HEAD + GOOD[name])
    assert [f.message for f in run.report.findings if f.code.startswith("CL1")] == []


@pytest.mark.parametrize(
    "spelling",
    [
        "import prometheus_client\nC = prometheus_client.Counter('c', 'C', ['x'])\n",
        "import prometheus_client as p\nC = p.Counter('c', 'C', labelnames=('x',))\n",
        "from prometheus_client import Counter as Metric\nC = Metric('c', 'C', ['x'])\n",
        "from prometheus_client.metrics import Counter\nC = Counter('c', 'C', ['x'])\n",
        "from prometheus_client import *\nC = Counter('c', 'C', ['x'])\n",
        "try:\n    from prometheus_client import Counter\nexcept ImportError:\n    Counter = None\nC = Counter('c', 'C', ['x'])\n",
        "BASE = ['x']\nfrom prometheus_client import Counter\nC = Counter('c', 'C', [*BASE])\n",
        "BASE = ('x',)\nfrom prometheus_client import Counter\nC = Counter('c', 'C', BASE + ())\n",
    ],
)
def test_every_import_spelling(spelling: str, lint: Lint) -> None:
    [finding] = lint(spelling + "import uuid\nC.labels(uuid.uuid4().hex).inc()\n").report.findings
    assert (finding.rule, finding.label) == ("unbounded-value", "x")


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("metrics.py", "from metrics import C"),
        ("pkg/metrics.py", "from pkg.metrics import C"),
        ("pkg/metrics.py", "from pkg import metrics\nC = metrics.C"),
        ("pkg/metrics.py", "import pkg.metrics as m\nC = m.C"),
        ("pkg/metrics.py", "from pkg import C"),
    ],
)
def test_metrics_of_other_files(module: str, imported: str, lint: Lint) -> None:
    files = {
        module: "from prometheus_client import Counter\nC = Counter('c', 'C', ['x'])\n",
        "app.py": f"import uuid\n{imported}\nC.labels(uuid.uuid4().hex).inc()\n",
    }
    if module.startswith("pkg/"):
        files["pkg/__init__.py"] = "from .metrics import C\n"
    [finding] = lint(files).report.findings
    assert finding.metric is not None
    assert finding.metric.place.path == module


def test_a_value_over_six_files_is_reported_with_its_steps(lint: Lint) -> None:
    files = {
        "ids.py": "import uuid\n\n\nclass Ids:\n    def __init__(self):\n        self.current = uuid.uuid4().hex\n",
        "context.py": "from ids import Ids\n\n\ndef labels():\n    ids = Ids()\n    return {'tenant': 'a', 'run': ids.current}\n",
        "helper.py": "from context import labels\n\n\ndef pick(name):\n    return labels()[name]\n",
        "metrics.py": "from prometheus_client import Counter\n\nRUNS = Counter('runs', 'Runs', ['run'])\n",
        "decorators.py": (
            "from functools import wraps\n\nfrom metrics import RUNS\n\n\ndef counted(value):\n    def around(function):\n        @wraps(function)\n        def inner(*args):\n"
            "            RUNS.labels(run=value).inc()\n            return function(*args)\n\n        return inner\n\n    return around\n"
        ),
        "app.py": "from decorators import counted\nfrom helper import pick\n\n\n@counted(pick('run'))\ndef work():\n    return 1\n",
    }
    [finding] = lint(files).report.findings
    assert finding.place.path == "decorators.py"
    assert finding.label == "run"
    assert {step.place.path for step in finding.trace} >= {"ids.py", "context.py", "helper.py", "app.py"}


def test_computed_buckets_are_counted(lint: Lint) -> None:
    code = (
        "from prometheus_client import Histogram\nSTEPS = [1, 2, 5]\n"
        "A = Histogram('a', 'A', buckets=[0.001 * 2**n for n in range(14)])\n"
        "B = Histogram('b', 'B', buckets=tuple(s * 10**e for e in range(5) for s in STEPS))\n"
        "D = Histogram('d', 'D', buckets=sorted([*STEPS, 10, 20]) + [float('inf')])\n"
    )
    counts = [m.bounds.finite() for m in lint(code).program.metrics if m.bounds is not None]
    assert counts == [14, 15, 5]
