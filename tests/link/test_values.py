"""The values a label is inferred to take, where a finding alone would not tell them apart."""

from __future__ import annotations

import pytest

from cardlint.inference.domain.value_sets import Bound
from tests.conftest import Lint

HEAD = "from functools import wraps\nfrom flask import request\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['x', 'y', 'z'])\n"
MAPPED = "def mapped(names):\n    table = {'a': 'A', 'b': 'B'}\n    out = []\n    for name in names:\n        if name in table:\n            out.append(table[name])\n        else:\n            out.append(name)\n    return out\n\n"
CACHED = "def cached(func):\n    value = None\n\n    @wraps(func)\n    def wrapper(a):\n        nonlocal value\n        if value is None:\n            value = func(a)\n        return value\n\n    return wrapper\n\n"

CASES: dict[str, tuple[str, list[object]]] = {
    "a loop with two ways keeps the order": (MAPPED + "C.labels(*mapped(('a', 'k', 'b'))).inc()\n", [{"A"}, {"k"}, {"B"}]),
    "a loop that reads attributes by name": (
        "def go():\n    out = ['POST']\n    for name in ('path', 'method'):\n        out.append(getattr(request, name))\n    C.labels(*out).inc()\n",
        [{"POST"}, Bound.UNBOUNDED, Bound.CLIENT_CHOSEN],
    ),
    "a turn that appends twice": (
        "def go():\n    out = []\n    for name in ('p',):\n        out.append(name)\n        out.append(request.path)\n        out.append('q')\n    C.labels(*out).inc()\n",
        [{"p"}, Bound.UNBOUNDED, {"q"}],
    ),
    "a turn that may append nothing": (
        "def go(flag):\n    out = []\n    for name in ('p', 'q', 'r'):\n        if flag:\n            out.append(name)\n    for v in out:\n        C.labels(v, 'y', 'z').inc()\n",
        [{"p", "q", "r"}, {"y"}, {"z"}],
    ),
    "decorated functions keep their own results apart": (
        CACHED
        + "@cached\ndef one(a):\n    return 'one'\n\n@cached\ndef two(a):\n    return request.path\n\nC.labels(one(1), two(1), 'z').inc()\n",
        [{"one"}, Bound.UNBOUNDED, {"z"}],
    ),
    "an attribute that is made from itself": (
        "class S:\n    def __init__(self):\n        self.kind = 'a'\n\n    def turn(self):\n        self.kind = self.kind or 'b'\n        C.labels(self.kind, 'y', 'z').inc()\n",
        [{"a", "b"}, {"y"}, {"z"}],
    ),
    "an attribute that grows": (
        "class S:\n    def __init__(self):\n        self.kind = 'a'\n\n    def turn(self):\n        self.kind = self.kind + 'b'\n        C.labels(self.kind, 'y', 'z').inc()\n",
        [Bound.UNKNOWN, {"y"}, {"z"}],
    ),
    "a sentinel stands for no value": (
        "MISSING = object()\n\ndef go(kind=MISSING):\n    if kind is MISSING:\n        kind = 'a'\n    C.labels(kind, 'y', 'z').inc()\n\ngo()\ngo('b')\n",
        [{"a", "b"}, {"y"}, {"z"}],
    ),
    "a model as a dictionary": (
        "from pydantic import BaseModel\n\nclass L(BaseModel):\n    x: str\n    y: str\n    z: str = 'z'\n\ndef go():\n    m = L(x='x', y=request.path)\n    C.labels(**m.model_dump()).inc()\n",
        [{"x"}, Bound.UNBOUNDED, {"z"}],
    ),
    "a copy of a model": (
        "from pydantic import BaseModel\n\nclass L(BaseModel):\n    x: str\n    y: str\n    z: str = 'z'\n\ndef go():\n    m = L(x='x', y=request.path).model_copy(update={'y': 'why'})\n    C.labels(**m.dict()).inc()\n",
        [{"x"}, {"why"}, {"z"}],
    ),
    "a named tuple with one part replaced": (
        "from typing import NamedTuple\n\nclass L(NamedTuple):\n    x: str\n    y: str\n    z: str\n\ndef go():\n    C.labels(**L('x', request.path, 'z')._replace(x='ex')._asdict()).inc()\n",
        [{"ex"}, Bound.UNBOUNDED, {"z"}],
    ),
    "a variable that says what it holds": (
        "from dataclasses import dataclass\nfrom other import unknown\n\n@dataclass\nclass L:\n    x: str\n\ndef go():\n    item: L = unknown()\n    C.labels(item.x, 'y', 'z').inc()\n\ndef make():\n    return L(request.path)\n",
        [Bound.UNBOUNDED, {"y"}, {"z"}],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_values(name: str, lint: Lint) -> None:
    code, expected = CASES[name]
    run = lint(HEAD + code)
    (site,) = run.program.sites
    found = [set(arg.value.exact) if arg.value.cls is Bound.EXACTLY else arg.value.cls for arg in site.args]
    assert found == expected


def test_names_on_the_way(lint: Lint) -> None:
    """What something undecided is first called speaks for it, one word does not, and neither is hidden."""
    run = lint(
        HEAD
        + "from other import who\n\ndef go():\n    model_name = who()\n    result = who()\n    C.labels(model_name, result, 'z').inc()\n"
    )
    first, second, _ = run.program.sites[0].args
    assert (first.value.cls, first.value.named) == (Bound.PER_DEPLOYMENT, True)
    assert second.value.cls is Bound.UNKNOWN
    assert run.report.findings == ()


def test_a_module_knows_its_name(lint: Lint) -> None:
    code = 'import app\nfrom prometheus_client import Counter\n\nC = Counter("c_total", "C", ["x"])\nC.labels(app.__name__).inc()\n'
    done = lint({"app.py": "", "use.py": code})
    assert [(a.value.cls.name, a.value.exact) for s in done.program.sites for a in s.args] == [("EXACTLY", ("app",))]
