"""Programs as services write them: what a maintainer would call a finding, and what would make one angry."""

from __future__ import annotations

import pytest

from tests.conftest import Lint

API = "from fastapi import FastAPI\nfrom pydantic import BaseModel\nfrom enum import Enum\nfrom prometheus_client import Counter\n\napp = FastAPI()\nC = Counter('c', 'C', ['v'])\n\nclass Kind(str, Enum):\n    A = 'a'\n    B = 'b'\n\nclass Inner(BaseModel):\n    text: str\n\nclass Req(BaseModel):\n    text: str\n    kind: Kind\n    inner: Inner\n\n"
JSON = "import json\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['v'])\nHANDLERS = {'a': print, 'b': len}\n\n"

CASES = {
    "a field of a request body": (API + "@app.post('/')\ndef f(req: Req):\n    C.labels(req.text).inc()\n", ["unbounded-value"]),
    "a validated field of a request body": (API + "@app.post('/')\ndef f(req: Req):\n    C.labels(req.kind).inc()\n", []),
    "a field inside of a field": (API + "@app.post('/')\ndef f(req: Req):\n    C.labels(req.inner.text).inc()\n", ["unbounded-value"]),
    "a body handed on": (
        API + "def g(r):\n    C.labels(r.text).inc()\n\n@app.post('/')\ndef f(req: Req):\n    g(req)\n",
        ["unbounded-value"],
    ),
    "get on a request body": (API + "@app.post('/')\ndef f(body: dict):\n    C.labels(body.get('k')).inc()\n", ["unbounded-value"]),
    "a handler was found": (
        JSON
        + "def f(m):\n    name = json.loads(m)['n']\n    fn = HANDLERS.get(name)\n    if fn is None:\n        return\n    C.labels(name).inc()\n",
        [],
    ),
    "a handler that is there": (
        JSON + "def f(m):\n    name = json.loads(m)['n']\n    if fn := HANDLERS.get(name):\n        C.labels(name).inc()\n",
        [],
    ),
    "a key that raises": (
        JSON
        + "def f(m):\n    name = json.loads(m)['n']\n    try:\n        HANDLERS[name]\n    except KeyError:\n        return\n    C.labels(name).inc()\n",
        [],
    ),
    "a handler with a default": (
        JSON + "def f(m):\n    name = json.loads(m)['n']\n    fn = HANDLERS.get(name, print)\n    if fn:\n        C.labels(name).inc()\n",
        ["unbounded-value"],
    ),
    "another name was found": (
        JSON + "def f(m, other):\n    name = json.loads(m)['n']\n    fn = HANDLERS.get(other)\n    if fn:\n        C.labels(name).inc()\n",
        ["unbounded-value"],
    ),
    "a file read at the start": (
        "from prometheus_client import Gauge\n\nG = Gauge('g', 'G', ['v'])\nG.labels(open('VERSION').read().strip()).set(1)\n",
        [],
    ),
    "a file that a client picks": (
        "from flask import request\nfrom prometheus_client import Gauge\n\nG = Gauge('g', 'G', ['v'])\n\ndef f():\n    G.labels(open(request.args['p']).read().strip()).set(1)\n",
        ["unbounded-value"],
    ),
    "a file that lies nobody knows where": (
        "from prometheus_client import Gauge\n\nG = Gauge('g', 'G', ['v'])\n\ndef f(p):\n    G.labels(open(p).read().strip()).set(1)\n",
        [],
    ),
    "an attribute of an exception that is no text": (
        "from prometheus_client import Counter\n\nC = Counter('c', 'C', ['v'])\n\ndef f():\n    try:\n        g()\n    except Exception as e:\n        C.labels(e.provider).inc()\n",
        [],
    ),
    "a parameter of a class-based view": (
        "from django.views import View\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['v'])\n\nclass V(View):\n    def get(self, request, slug):\n        C.labels(slug).inc()\n",
        ["identity-label"],
    ),
    "the format of a view of an API": (
        "from rest_framework.views import APIView\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['v'])\n\nclass V(APIView):\n    def get(self, request, format=None):\n        C.labels(format).inc()\n",
        [],
    ),
    "a path argument of Tornado": (
        "from tornado.web import RequestHandler\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['v'])\n\nclass H(RequestHandler):\n    def get(self, item):\n        C.labels(item).inc()\n",
        ["identity-label"],
    ),
    "a path parameter whose name comes first": (
        "from sanic import Sanic\nfrom prometheus_client import Counter\n\napp = Sanic('a')\nC = Counter('c', 'C', ['v'])\n\n@app.get('/x/<name:str>')\nasync def f(request, name):\n    C.labels(name).inc()\n",
        ["identity-label"],
    ),
    "any header of Django": (
        "from django.http import HttpRequest\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['v'])\n\ndef f(request: HttpRequest):\n    C.labels(request.META['HTTP_X_ANY']).inc()\n    C.labels(request.META['SERVER_PORT']).inc()\n",
        ["unbounded-value"],
    ),
    "a sample made by hand": (
        "import uuid\nfrom prometheus_client.core import Sample\n\ndef f(m):\n    m.samples.append(Sample('m', {'job': uuid.uuid4().hex}, 1))\n",
        ["unbounded-value"],
    ),
    "the value of an info family": (
        "import uuid\nfrom prometheus_client.core import InfoMetricFamily\n\nclass X:\n    def collect(self):\n        yield InfoMetricFamily('a', 'A', value={'version': uuid.uuid4().hex})\n",
        ["unbounded-value"],
    ),
    "a whole number that is kept small": (
        API + "@app.get('/')\ndef f(page: int = 1):\n    C.labels(min(max(page, 1), 10)).inc()\n",
        [],
    ),
    "a property with a setter": (
        "import uuid\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['v'])\n\nclass A:\n    def __init__(self):\n        self._v = 'a'\n\n    @property\n    def mode(self):\n        return self._v\n\n    @mode.setter\n    def mode(self, value):\n        self._v = value\n\n    def f(self):\n        C.labels(self.mode).inc()\n\nA().mode = uuid.uuid4().hex\n",
        ["unbounded-value"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_service(name: str, lint: Lint) -> None:
    code, wanted = CASES[name]
    assert [f.rule for f in lint(code).report.findings] == wanted


def test_a_computed_key_leaves_those_beside_it_alone(lint: Lint) -> None:
    code = (
        "import os\nfrom flask import request\nfrom prometheus_client import Counter\n\nGROUP = os.environ.get('GROUP', 'path')\n"
        "C = Counter('c', 'C', ['method', GROUP])\n\ndef f():\n    C.labels(**{'method': 'GET', GROUP: request.path}).inc()\n"
    )
    [finding] = lint(code).report.findings
    assert (finding.rule, finding.label) == ("raw-path", None)


def test_each_key_of_a_filtered_dictionary_keeps_its_own_value(lint: Lint) -> None:
    code = (
        "import uuid\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['a', 'b'])\n\n"
        "def f(names):\n    t = {'a': uuid.uuid4().hex, 'b': 'x'}\n    C.labels(**{n: t[n] for n in names if n in t}).inc()\n"
    )
    assert [f.label for f in lint(code).report.findings] == ["a"]


def test_a_timer_is_given_its_labels_in_the_block(lint: Lint) -> None:
    code = "from prometheus_client import Histogram\n\nH = Histogram('h', 'H', ['v'])\n\ndef f():\n    with H.time() as t:\n        t.labels('a')\n"
    assert lint(code).report.findings == ()


def test_a_constructor_called_by_many_classes_is_followed_into_its_own(lint: Lint) -> None:
    files = {
        "m.py": "from prometheus_client import Counter\n\nclass M:\n    def __init__(self, v):\n        self.v = v\n        self.c = Counter('c', 'C', ['v'])\n\n    def hit(self):\n        self.c.labels(self.v).inc()\n",
        "use.py": "import uuid\nfrom m import M\n\nclass S(M):\n    def __init__(self):\n        super().__init__(uuid.uuid4().hex)\n\ndef f():\n    S().hit()\n",
        **{f"k{i}.py": f"class K{i}(dict):\n    def __init__(self):\n        super().__init__()\n" for i in range(20)},
    }
    assert [f.rule for f in lint(files).report.findings] == ["unbounded-value"]
