"""Functions that are handed on instead of called, and values that reach a label through what somebody else calls."""

from __future__ import annotations

import pytest

from tests.conftest import Lint

HEAD = "import asyncio\nimport threading\nfrom concurrent.futures import ThreadPoolExecutor\nfrom functools import partial\nfrom celery import shared_task\nfrom flask import request\nfrom prometheus_client import Counter\nimport other\n\nC = Counter('c', 'C', ['v'])\npool = ThreadPoolExecutor()\n\ndef record(v):\n    C.labels(v).inc()\n\n@shared_task\ndef task(v):\n    C.labels(v).inc()\n\ndef safely(fn, *args):\n    fn(*args)\n\n"
VIEW = "def view():\n    ua = request.headers.get('User-Agent')\n    "
BAD = {
    "submit": "pool.submit(record, ua)",
    "a thread": "threading.Thread(target=record, args=(ua,)).start()",
    "a thread with keywords": "threading.Thread(target=record, kwargs={'v': ua}).start()",
    "a timer": "threading.Timer(3, record, [ua]).start()",
    "an executor of a loop": "asyncio.get_running_loop().run_in_executor(None, partial(record, v=ua))",
    "a loop": "asyncio.get_running_loop().call_later(3, record, ua)",
    "map": "list(map(record, [ua]))",
    "a task": "task.delay(ua)",
    "a task with packed arguments": "task.apply_async(kwargs={'v': ua})",
    "a function of the tree": "safely(record, ua)",
}
GOOD = {
    "submit": "pool.submit(record, 'a')",
    "a thread": "threading.Thread(target=record, args=('a',)).start()",
    "a task": "task.delay('a')",
    "a function of the tree": "safely(record, 'a')",
    "another position": "pool.submit(print, ua, record)",
}


@pytest.mark.parametrize("name", BAD)
def test_an_open_value_is_followed(name: str, lint: Lint) -> None:
    run = lint(HEAD + VIEW + BAD[name] + "\n")
    assert [f.rule for f in run.report.findings] == ["unbounded-value"]


@pytest.mark.parametrize("name", GOOD)
def test_a_constant_is_fine(name: str, lint: Lint) -> None:
    assert lint(HEAD + VIEW + GOOD[name] + "\n").report.findings == ()


def test_handed_to_nobody_knows_whom(lint: Lint) -> None:
    """Beside a call that is known, code that is not known may call it with anything: the set is not exact."""
    known = lint(HEAD + "record('a')\n").program.sites[0].args[0].value
    assert known.exact == ("a",)
    handed = lint(HEAD + "record('a')\nother.register(record)\n").program.sites[0].args[0].value
    assert handed.cls.name == "UNKNOWN"
    assert "handed to code that is not known" in handed.why


CASES = {
    "the status that a wrapper of send saw": (
        "from prometheus_client import Counter\n\nC = Counter('c', 'C', ['v'])\n\nclass M:\n    def __init__(self, app):\n        self.app = app\n\n    async def __call__(self, scope, receive, send):\n        path = 'none'\n\n        async def wrapped(message):\n            nonlocal path\n            path = scope['path']\n            await send(message)\n\n        await self.app(scope, receive, wrapped)\n        C.labels(path).inc()\n",
        ["raw-path"],
    ),
    "a name that no closure changes": (
        "from prometheus_client import Counter\n\nC = Counter('c', 'C', ['v'])\n\nclass M:\n    def __init__(self, app):\n        self.app = app\n\n    async def __call__(self, scope, receive, send):\n        path = 'none'\n\n        async def wrapped(message):\n            path = scope['path']\n            await send(message)\n\n        await self.app(scope, receive, wrapped)\n        C.labels(path).inc()\n",
        [],
    ),
    "metrics kept on the state of an application": (
        "from fastapi import FastAPI, Request\nfrom prometheus_client import Counter\n\nclass M:\n    def __init__(self):\n        self.requests = Counter('r', 'R', ['path'])\n\napp = FastAPI()\napp.state.metrics = M()\n\n@app.middleware('http')\nasync def mw(request: Request, call_next):\n    response = await call_next(request)\n    request.app.state.metrics.requests.labels(request.url.path).inc()\n    return response\n",
        ["raw-path"],
    ),
    "metrics kept under a key of an application": (
        "from aiohttp import web\nfrom prometheus_client import Counter\n\nclass M:\n    def __init__(self):\n        self.requests = Counter('r', 'R', ['path'])\n\nKEY = web.AppKey('metrics', M)\n\n@web.middleware\nasync def mw(request, handler):\n    request.app[KEY].requests.labels(request.path).inc()\n    return await handler(request)\n",
        ["raw-path"],
    ),
    "the template that a route of the application matched": (
        "from prometheus_client import Counter\nfrom starlette.routing import Match\n\nC = Counter('c', 'C', ['path'])\n\nclass M:\n    async def __call__(self, scope, receive, send):\n        for route in scope['app'].routes:\n            match, _ = route.matches(scope)\n            if match == Match.FULL:\n                C.labels(route.path).inc()\n",
        [],
    ),
    "what was put into a queue": (
        "import asyncio\nfrom flask import request\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['v'])\n\nclass W:\n    def __init__(self):\n        self.queue = asyncio.Queue()\n\n    async def submit(self):\n        await self.queue.put(request.headers['X-Key'])\n\n    async def loop(self):\n        C.labels(await self.queue.get()).inc()\n",
        ["unbounded-value"],
    ),
    "only constants were put into a queue": (
        "import queue\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['v'])\nQ = queue.Queue()\n\ndef submit():\n    Q.put('a')\n\ndef loop():\n    C.labels(Q.get()).inc()\n",
        [],
    ),
    "a metric chosen by name": (
        "from flask import request\nfrom prometheus_client import Counter\n\nDEFS = {'hits': ('Hits', ['agent']), 'misses': ('Misses', ['kind'])}\n\nclass M:\n    def __init__(self):\n        for name, (doc, labels) in DEFS.items():\n            setattr(self, name, Counter(f'cache_{name}', doc, labels))\n\n    def inc(self, name, **labels):\n        getattr(self, name).labels(**labels).inc()\n\ndef view():\n    M().inc('misses', kind=request.headers['X-Kind'])\n    M().inc('hits', agent='a')\n",
        ["unbounded-value"],
    ),
    "an item that is one of a set": (
        "import json\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['v'])\nKINDS = {'a', 'b'}\n\ndef f(raw):\n    ev = json.loads(raw)\n    if ev['kind'] not in KINDS:\n        return\n    C.labels(ev['kind']).inc()\n",
        [],
    ),
    "an item that was one of a set before it changed": (
        "import json\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['v'])\nKINDS = {'a', 'b'}\n\ndef f(raw):\n    ev = json.loads(raw)\n    if ev['kind'] not in KINDS:\n        return\n    ev = json.loads(raw)\n    C.labels(ev['kind']).inc()\n",
        ["unbounded-value"],
    ),
    "an item that is changed by every turn": (
        "import json\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['v'])\nKINDS = {'a', 'b'}\n\ndef f(raws):\n    ev = json.loads(raws[0])\n    if ev['kind'] not in KINDS:\n        return\n    for raw in raws:\n        C.labels(ev['kind']).inc()\n        ev = json.loads(raw)\n",
        ["unbounded-value"],
    ),
    "disks of a watched system": (
        "import requests\nfrom prometheus_client.core import GaugeMetricFamily\n\nclass Disks:\n    def collect(self):\n        used = GaugeMetricFamily('used', 'U', labels=['disk'])\n        for disk in requests.get('http://nas/').json():\n            used.add_metric([disk['name']], 1)\n        yield used\n",
        [],
    ),
    "users of a watched system": (
        "import requests\nfrom prometheus_client.core import GaugeMetricFamily\n\nclass Users:\n    def collect(self):\n        used = GaugeMetricFamily('used', 'U', labels=['user_name'])\n        for user in requests.get('http://nas/').json():\n            used.add_metric([user['name']], 1)\n        yield used\n",
        ["identity-label"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_cases(name: str, lint: Lint) -> None:
    code, expected = CASES[name]
    assert [f.rule for f in lint(code).report.findings] == expected


def test_a_factory_makes_what_it_is_asked_for(lint: Lint) -> None:
    code = "from prometheus_client import Counter, Gauge\n\ndef make(kind, name):\n    if kind == 'counter':\n        return Counter(name, name)\n    return Gauge(name, name)\n\nmake('counter', 'a').inc()\nmake('gauge', 'b').set(1)\n"
    assert [(m.name, m.type) for m in lint(code).program.metrics] == [("a", "counter"), ("b", "gauge")]


def test_metrics_of_a_wrapper_are_used_where_the_wrapper_is(lint: Lint) -> None:
    code = "from prometheus_client import Counter\n\nclass Metric:\n    def __init__(self, name, labelnames=()):\n        self.counter = Counter(name, name, labelnames)\n\n    def inc(self, **labels):\n        self.counter.labels(**labels).inc()\n\nsent = Metric('sent', ('status', 'owner'))\nopened = Metric('opened', ('pool',))\nsent.inc(status='ok', owner='a')\nopened.inc(pool='b')\n"
    program = lint(code).program
    used = {m.name: {a.label: a.value.exact for a in s.args if a.label in (m.labelnames or ())} for s in program.sites for m in s.metrics}
    assert used == {"sent": {"status": ("ok",), "owner": ("a",)}, "opened": {"pool": ("b",)}}


def test_an_identity_label_is_reported_once(lint: Lint) -> None:
    """At the call that sets it, not also at the declaration that a class makes from its own argument."""
    code = "from prometheus_client import Counter\n\nclass Events:\n    def __init__(self, prefix='x'):\n        self.events = Counter(f'{prefix}_events', 'e', ['user_name'])\n\n    def add(self, event):\n        self.events.labels(user_name=event.user).inc()\n\nevents = Events()\n\ndef handle(event):\n    events.add(event)\n"
    (finding,) = lint(code).report.findings
    assert (finding.rule, finding.place.line) == ("identity-label", 8)


MORE = {
    "a gauge that is set to what a server listed": (
        "import requests\nfrom prometheus_client import Gauge\n\nG = Gauge('g', 'G', ['name'])\n\ndef update():\n    for p in requests.get('http://api/').json():\n        G.labels(name=p['name']).set(1)\n",
        [],
    ),
    "a counter of what a server said": (
        "import requests\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['name'])\n\ndef update():\n    for p in requests.get('http://api/').json():\n        C.labels(name=p['name']).inc()\n",
        ["unbounded-value"],
    ),
    "queues that a broker lists": (
        "import json\nimport redis\nfrom prometheus_client.core import GaugeMetricFamily\n\nclass Queues:\n    def collect(self):\n        g = GaugeMetricFamily('length', 'L', labels=['queue'])\n        for raw in redis.Redis().smembers('bindings'):\n            g.add_metric([json.loads(raw)[-1]], 1)\n        yield g\n",
        [],
    ),
    "a path that is tested against a collection of the configuration": (
        "from prometheus_client import Counter\n\nC = Counter('c', 'C', ['path'])\n\ndef f(path, known):\n    if path in known:\n        C.labels(path=path).inc()\n",
        [],
    ),
    "a path that is not": (
        "from prometheus_client import Counter\n\nC = Counter('c', 'C', ['path'])\n\ndef f(path, known):\n    C.labels(path=path).inc()\n",
        ["raw-path"],
    ),
    "the program's own account": (
        "import boto3\nfrom prometheus_client import Gauge\n\nG = Gauge('g', 'G', ['aws_account_id'])\nG.labels(boto3.client('sts').get_caller_identity()['Account']).set(1)\n",
        [],
    ),
}


@pytest.mark.parametrize("name", MORE)
def test_exporters_and_tests(name: str, lint: Lint) -> None:
    code, expected = MORE[name]
    assert [f.rule for f in lint(code).report.findings] == expected
