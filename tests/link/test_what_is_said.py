"""What is said of values that are easily misread: each program was found in the wild, reduced to what it turns on.

A finding is (code, label, severity); `decided` are the texts that a label can take, where they are all known.
"""

from __future__ import annotations

import pytest

from tests.conftest import Lint

HEAD = "import json, os, sys, time\nfrom prometheus_client import Counter, Gauge, Histogram, Info\n"
METRIC = HEAD + "C = Counter('c_total', 'C', ['{label}'])\n"
MULTIPROCESS = (
    HEAD + "from prometheus_client import CollectorRegistry, multiprocess\nmultiprocess.MultiProcessCollector(CollectorRegistry())\n"
)
FAMILY = (
    "class Multi:\n    def __init__(self, name):\n        self.made = self.make(name)\n    def make(self, name):\n        raise NotImplementedError\n"
    "class Counts(Multi):\n    def make(self, name):\n        return Counter(name, 'd')\n"
    "class Gauges(Multi):\n    def make(self, name):\n        return Gauge(name, 'd')\n"
    "A = Counts('a_requests')\nB = Gauges('b_requests')\n"
)

PATHS = (
    METRIC.format(label="where") + "from starlette.requests import Request\nfrom starlette.routing import Match\n"
    "def find(request: Request):\n    for route in request.app.routes:\n        match, _ = route.matches(request.scope)\n"
    "        if match == Match.FULL:\n            return route.path, True\n    return request.url.path, False\n"
    "def f(request: Request):\n    where, handled = find(request)\n"
)

SAID: dict[str, tuple[str, list[tuple[str, str | None, str]]]] = {
    "the name of a command": (METRIC.format(label="command") + "def f(q):\n    C.labels(q.get()).inc()\n", []),
    "a likely name on a histogram": (
        HEAD + "H = Histogram('h', 'H', ['query'], buckets=(1, 2, 3, 4, 5))\ndef f(q):\n    H.labels(q.get()).observe(1)\n",
        [("CL103", "query", "warning")],
    ),
    "a certain name on a histogram": (
        HEAD + "H = Histogram('h', 'H', ['user_id'], buckets=(1, 2, 3, 4, 5))\ndef f(q):\n    H.labels(q.get()).observe(1)\n",
        [("CL101", "user_id", "error")],
    ),
    "the name of an identity on an Info": (HEAD + "I = Info('client', 'd')\ndef f(nickname):\n    I.info({'nickname': nickname})\n", []),
    "an open value on an Info": (
        HEAD + "I = Info('client', 'd')\ntry:\n    pass\nexcept ValueError as e:\n    I.info({'problem': str(e)})\n",
        [("CL103", "problem", "warning")],
    ),
    "the code of an exception": (
        METRIC.format(label="code") + "def f():\n    e = sys.exc_info()[1]\n    if isinstance(e.code, int):\n        C.labels(str(e.code)).inc()\n",
        [],
    ),
    "the text of the current exception": (
        METRIC.format(label="code") + "def f():\n    C.labels(str(sys.exc_info()[1])).inc()\n",
        [("CL103", "code", "error")],
    ),
    "a label under a key that is a setting": (
        HEAD + "KEY = os.environ['KEY']\nOWN = os.getenv('OWN', '')\nC = Counter('c_total', 'C', [KEY, 'client'])\n"
        "def f(text):\n    labels = {KEY: json.loads(text)['from']}\n    if OWN:\n        labels['client'] = OWN\n    C.labels(**labels).inc()\n",
        [("CL103", None, "error")],
    ),
    "a label under a key from a loop": (
        METRIC.format(label="client") + "def f(text, names):\n    labels = {}\n    for name in names:\n        labels[name] = json.loads(text)\n"
        "    if 'client' not in labels:\n        labels['client'] = 'none'\n    C.labels(**labels).inc()\n",
        [("CL101", "client", "error")],
    ),
    "a topic that was parsed": (METRIC.format(label="topic") + "def f(text):\n    C.labels(json.loads(text)['topic']).inc()\n", []),
    "a model that was parsed": (
        METRIC.format(label="model") + "def f(text):\n    C.labels(json.loads(text)['model']).inc()\n",
        [("CL103", "model", "error")],
    ),
    "keywords that may hold a mode": (
        MULTIPROCESS + "def track(kind, kwargs, name):\n    return kind(name, 'd', **kwargs)\ndef gauge(name, **kwargs):\n    return track(Gauge, kwargs, name)\n",
        [],
    ),
    "keywords that hold none": (MULTIPROCESS + "OPTIONS = {'labelnames': ['x']}\nG = Gauge('g', 'd', **OPTIONS)\n", [("CL108", None, "warning")]),
    "a method that the base class calls": (MULTIPROCESS + FAMILY, [("CL108", None, "warning")]),
    "a class of a library with parameters": (
        METRIC.format(label="where") + "from typing import Any\nfrom starlette.requests import Request\n"
        "async def f(scope, receive):\n    request = Request[Any](scope, receive)\n    C.labels(request.url.path).inc()\n",
        [("CL102", "where", "error")],
    ),
    "a class of the tree with parameters": (
        METRIC.format(label="where") + "from typing import Generic, TypeVar\nT = TypeVar('T')\n"
        "class Box(Generic[T]):\n    def __init__(self, held):\n        self.held = held\n"
        "def f():\n    C.labels(Box[str]('fixed').held).inc()\n    C.labels(Box[str](str(time.time())).held).inc()\n",
        [("CL103", "where", "error")],
    ),
    "parsed XML": (
        METRIC.format(label="sender") + "import xml.etree.ElementTree as ET\ndef f(text):\n    C.labels(ET.fromstring(text).findtext('sender')).inc()\n",
        [("CL103", "sender", "error")],
    ),
    "a function under another name": (
        METRIC.format(label="where") + "from flask import request\ndef after(where):\n    C.labels(where).inc()\n"
        "def watch(app, handler=None):\n    if handler is None:\n        handler = after\n"
        "    @app.after_request\n    def done(response):\n        handler(request.path)\n        return response\n",
        [("CL102", "where", "error")],
    ),
    "a bound method in a table of routes": (
        METRIC.format(label="name") + "from fastapi import FastAPI\nclass E:\n    def infer(self, model_name: str):\n        C.labels(model_name).inc()\n"
        "def build(app: FastAPI, e: E):\n    app.add_api_route('/models/{model_name}', e.infer)\n",
        [("CL101", "name", "error")],
    ),
    "a metric that a module keeps for itself by another name": (
        HEAD + "from flask import request\nthis = sys.modules[__name__]\ndef setup():\n    this.made = Counter('c_total', 'C', ['where'])\n"
        "def after(response):\n    this.made.labels(request.path).inc()\n    return response\n",
        [("CL102", "where", "error")],
    ),
    "a hardware address": (METRIC.format(label="eth_src") + "def f(packet):\n    C.labels(packet.eth_src).inc()\n", [("CL103", "eth_src", "warning")]),
    "what a closure sees was overwritten before": (
        METRIC.format(label="where") + "from flask import request\ndef f(run):\n    where = request.path\n    where = 'fixed'\n"
        "    def done():\n        C.labels(where).inc()\n    run(done)\n",
        [],
    ),
    "what a closure sees is overwritten later": (
        METRIC.format(label="where") + "from flask import request\ndef f(run):\n    where = 'fixed'\n"
        "    def done():\n        C.labels(where).inc()\n    where = request.path\n    run(done)\n",
        [("CL102", "where", "error")],
    ),
    "what a closure sees comes from the last turn": (
        METRIC.format(label="where") + "from flask import request\ndef f(run, items):\n    where = 'fixed'\n    for i in items:\n"
        "        run(lambda: C.labels(where).inc())\n        where = request.path\n",
        [("CL102", "where", "error")],
    ),
    "the state of a watched server": (
        METRIC.format(label="state") + "import requests\ndef f(url):\n    C.labels(requests.get(url).json()['state']).inc()\n",
        [],
    ),
    "a program of its own beside others": (
        MULTIPROCESS.replace("multiprocess.Multi", "from prometheus_client import start_http_server\nmultiprocess.Multi") + "G = Gauge('g', 'd')\nstart_http_server(1)\n",
        [("CL108", None, "warning")],
    ),
    "a path behind its flag": (PATHS + "    if not handled:\n        return\n    C.labels(where).inc()\n", []),
    "a path behind the other flag": (PATHS + "    if handled:\n        return\n    C.labels(where).inc()\n", [("CL102", "where", "error")]),
    "a path before its flag": (PATHS + "    C.labels(where).inc()\n    if not handled:\n        return\n", [("CL102", "where", "error")]),
    "a path that was given anew": (
        PATHS + "    if not handled:\n        return\n    where = request.url.path\n    C.labels(where).inc()\n",
        [("CL102", "where", "error")],
    ),
    "a route object": (
        METRIC.format(label="name") + "from fastapi.routing import APIRoute\ndef infer(model_name: str):\n    C.labels(model_name).inc()\n"
        "ROUTES = [APIRoute('/models/{model_name}', infer)]\n",
        [("CL101", "name", "error")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_what_is_said(name: str, lint: Lint) -> None:
    text, said = SAID[name]
    findings = lint({"app.py": text}).report.findings
    assert [(f.code, f.label, f.severity.name.lower()) for f in findings if f.code != "CL202"] == said


@pytest.mark.parametrize("kept", ["{}", "[]", "set()", "dict()"])
def test_what_is_kept_empty_is_filled_elsewhere(kept: str, lint: Lint) -> None:
    text = METRIC.format(label="running") + (
        f"class Stats:\n    def __init__(self):\n        self.running = {kept}\ndef f(stats: Stats):\n    C.labels(','.join(stats.running)).inc()\n"
    )
    (site,) = lint({"app.py": text}).program.sites
    assert site.args[0].value.cls.name == "UNKNOWN"


def test_modules_that_tests_share_are_tests(lint: Lint) -> None:
    app = HEAD + "C = Counter('c_total', 'C', ['where'])\ndef f(where):\n    C.labels(where).inc()\n"
    calls = "import tempfile\nfrom app import f\nf(tempfile.mkdtemp())\n"
    assert not lint({"app.py": app, "lib/app_test_lib.py": calls, "lib/testutils.py": calls}).report.findings
    assert [f.code for f in lint({"lib/latest.py": calls}).report.findings] == ["CL103"]


def test_a_function_is_followed_under_another_name_of_another_file(lint: Lint) -> None:
    handlers = HEAD + "C = Counter('c_total', 'C', ['where'])\ndef after(where):\n    C.labels(where).inc()\n"
    app = (
        "import handlers\nfrom flask import Flask, request\napp = Flask('x')\n\n\ndef watch(handler=None):\n    if handler is None:\n"
        "        handler = handlers.after  # as usual\n\n    @app.after_request\n    def done(response):\n        handler(request.path)\n        return response\n"
    )
    assert [(f.code, f.label) for f in lint({"handlers.py": handlers, "app.py": app}).report.findings] == [("CL102", "where")]


def test_what_one_module_stores_on_another_is_found(lint: Lint) -> None:
    files = {
        "state.py": "made = None\n",
        "main.py": "import state\n" + HEAD + "def setup():\n    state.made = Counter('c_total', 'C', ['where'])\n",
        "web.py": "import state\nfrom flask import request\ndef after():\n    state.made.labels(request.path).inc()\n",
    }
    (finding,) = lint(files).report.findings
    assert (finding.code, finding.label, finding.metric and finding.metric.name) == ("CL102", "where", "c_total")


def test_a_key_that_a_typed_dictionary_is_given_later_is_not_known(lint: Lint) -> None:
    text = METRIC.format(label="pod") + (
        "from typing import TypedDict\nclass Labels(TypedDict):\n    pod_name: str\ndef f(text):\n    found = Labels()\n    found['pod_name'] = text\n"
        "    pod = None\n    if 'pod_name' in found:\n        pod = found['pod_name']\n    C.labels(pod).inc()\n"
    )
    (site,) = lint({"app.py": text}).program.sites
    assert site.args[0].value.cls.name == "UNKNOWN"


def test_a_program_that_serves_itself_is_not_judged_by_another_one(lint: Lint) -> None:
    worker = MULTIPROCESS + "G = Gauge('work', 'd')\n"
    planner = HEAD + "from prometheus_client import start_http_server\nG = Gauge('plan', 'd')\nstart_http_server(9000)\n"
    findings = lint({"worker/app.py": worker, "planner/metrics/all.py": planner}).report.findings
    assert [(f.code, f.place.path) for f in findings] == [("CL108", "worker/app.py")]
    both = lint(
        {"planner/metrics/gunicorn.conf.py": "import os\nworkers = 2\nd = os.environ['PROMETHEUS_MULTIPROC_DIR']\n"}
    ).report.findings
    assert [(f.code, f.place.path) for f in both if f.code == "CL108"] == [("CL108", "planner/metrics/all.py"), ("CL108", "worker/app.py")]
