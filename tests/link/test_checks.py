"""Helpers that raise for values they do not know: whoever has called one holds one of the values it knows."""

from __future__ import annotations

import pytest

from tests.conftest import Lint

HEAD = "from flask import request, abort\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['x'])\nMODELS = {'a', 'b'}\n\n"
CHECK = "def check(name):\n    if name not in MODELS:\n        raise ValueError(name)\n\n"
METHOD = "class A:\n    def _check(self, name):\n        if name not in MODELS:\n            raise ValueError(name)\n\n    def f(self):\n        name = request.args['n']\n        self._check(name)\n        C.labels(name).inc()\n"
USE = "def f():\n    name = request.args['n']\n"
CALL = "    check(name)\n    C.labels(name).inc()\n"

GOOD = {
    "a function": CHECK + USE + CALL,
    "a keyword": CHECK + USE + "    check(name=name)\n    C.labels(name).inc()\n",
    "a method": METHOD,
    "a parameter": CHECK + "def f(name):\n" + CALL + "\nf(request.args['n'])\n",
    "a helper of a helper": CHECK + "def outer(n):\n    check(n)\n    return 3\n\n" + USE + "    outer(name)\n    C.labels(name).inc()\n",
    "an assertion": "def check(v):\n    assert v in MODELS\n\n" + USE + CALL,
    "a call that ends the request": "def check(v):\n    if v not in MODELS:\n        abort(404)\n\n" + USE + CALL,
    "another call in between": CHECK + USE + "    check(name)\n    print(name)\n    C.labels(name).inc()\n",
    "a coroutine": "async " + CHECK + "async " + USE + "    await check(name)\n    C.labels(name).inc()\n",
    "a handler that replaces it": CHECK
    + USE
    + "    try:\n        check(name)\n    except ValueError:\n        name = 'other'\n    C.labels(name).inc()\n",
    "None is let through": "def check(v):\n    if v is None:\n        return\n    if v not in MODELS:\n        raise ValueError\n\n"
    + USE
    + CALL,
    "a table, then a call": "T = {'a': 1}\n\n"
    + USE
    + "    found = T.get(name)\n    print(name)\n    if found:\n        C.labels(name).inc()\n",
}
BAD = {
    "only a warning": "def check(v):\n    if v not in MODELS:\n        print(v)\n\n" + USE + CALL,
    "another variable": CHECK + USE + "    other = request.args['o']\n    check(other)\n    C.labels(name).inc()\n",
    "another value is tested": "def check(v):\n    v = v.lower()[:1]\n    if v not in MODELS:\n        raise ValueError\n\n" + USE + CALL,
    "the error is dropped": CHECK + USE + "    try:\n        check(name)\n    except ValueError:\n        pass\n    C.labels(name).inc()\n",
    "checked too late": CHECK + USE + "    C.labels(name).inc()\n    check(name)\n",
    "a way around the test": "def check(v, strict):\n    if not strict:\n        return\n    if v not in MODELS:\n        raise ValueError\n\n"
    + USE
    + "    check(name, request.args['s'])\n    C.labels(name).inc()\n",
    "a subclass that lets all through": METHOD + "\nclass B(A):\n    def _check(self, name):\n        pass\n",
    "one of two helpers": CHECK
    + "def other(name):\n    pass\n\nchosen = check if input() else other\n\n"
    + USE
    + "    chosen(name)\n    C.labels(name).inc()\n",
    "called on one path": CHECK + USE + "    if len(name) > 3:\n        check(name)\n    C.labels(name).inc()\n",
    "assigned again": CHECK + USE + "    check(name)\n    name = request.args['o']\n    C.labels(name).inc()\n",
    "a decorated helper": "def quiet(f):\n    def g(name):\n        try:\n            f(name)\n        except ValueError:\n            pass\n    return g\n\n@quiet\n"
    + CHECK
    + USE
    + CALL,
    "a generator that nobody runs": CHECK
    + "def outer(n):\n    check(n)\n    yield n\n\n"
    + USE
    + "    outer(name)\n    C.labels(name).inc()\n",
}


@pytest.mark.parametrize("name", GOOD)
def test_a_variable_behind_its_check_is_bounded(name: str, lint: Lint) -> None:
    [site] = lint(HEAD + GOOD[name]).program.sites
    assert site.args[0].value.cls.name == "EXACTLY", site.args[0].value.why


@pytest.mark.parametrize("name", BAD)
def test_what_checks_nothing_narrows_nothing(name: str, lint: Lint) -> None:
    [site] = lint(HEAD + BAD[name]).program.sites
    assert site.args[0].value.cls.name == "UNBOUNDED", site.args[0].value.why


def test_a_registry_handed_on_stays_the_registry_of_its_function(lint: Lint) -> None:
    made = "from prometheus_client import CollectorRegistry, Gauge\n\ndef f(setup):\n    registry = CollectorRegistry()\n    setup(registry)\n    Gauge('g', 'G', registry=registry)\n"
    [metric] = lint(made).program.metrics
    assert metric.registry == "local"
