"""Declared types: what a `Callable` returns, and which values a `Literal` lists."""

from __future__ import annotations

import pytest

from tests.conftest import Lint

HEAD = (
    "import typing\nimport uuid\nfrom collections.abc import Callable as Made\nfrom dataclasses import dataclass\nfrom enum import Enum\n"
    "from typing import Awaitable, Callable, Literal, Optional, get_args\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['x'])\nMode = Literal['a', 'b']\n\n"
    "class P(Enum):\n    A = 'a'\n    B = 'b'\n\n"
)
PICKED = "    C.labels(pick('x').value).inc()\n"

KNOWN = {
    "a parameter": "def f(pick: Callable[[str], P]):\n" + PICKED,
    "of any arguments": "def f(pick: Made[..., P]):\n" + PICKED,
    "an alias": "Pick = Callable[[str], P]\n\ndef f(pick: Pick):\n" + PICKED,
    "a field": "@dataclass\nclass D:\n    pick: Callable[[str], P]\n\ndef f(d: D):\n    C.labels(d.pick('x').value).inc()\n",
    "a field that may be missing": "class D:\n    pick: Optional[Callable[[str], P]] = None\n    def f(self):\n        if self.pick:\n            C.labels(self.pick('x').value).inc()\n",
    "an attribute": "class D:\n    def __init__(self, pick: Callable[[str], P]):\n        self.pick = pick\n    def f(self):\n        C.labels(self.pick('x').value).inc()\n",
    "a coroutine": "async def f(pick: Callable[[str], Awaitable[P]]):\n    C.labels((await pick('x')).value).inc()\n",
    "the arguments of a Literal": "for m in Mode.__args__:\n    C.labels(m).inc()\n",
    "the arguments of a Literal in place": "for m in get_args(Literal['a', 'b']):\n    C.labels(m).inc()\n",
    "a set of them": "MODES = frozenset(typing.get_args(Mode))\n\ndef f(v):\n    if v in MODES:\n        C.labels(v).inc()\n",
    "a Literal of a Literal": "for m in get_args(Literal[Mode, 'a']):\n    C.labels(m).inc()\n",
    "a test against them": "def f():\n    v = uuid.uuid4().hex\n    if v in Mode.__args__:\n        C.labels(v).inc()\n",
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_declared_type_says_what_there_is(name: str, lint: Lint) -> None:
    [site] = lint(HEAD + KNOWN[name]).program.sites
    assert site.args[0].value.exact == ("a", "b"), site.args[0].value.why


def test_the_object_a_callable_returns_keeps_its_attributes(lint: Lint) -> None:
    code = "class R:\n    def __init__(self):\n        self.kind, self.key = 'k', uuid.uuid4().hex\n\ndef f(pick: Callable[[], R]):\n    C.labels(pick().kind).inc()\n    C.labels(pick().key).inc()\n"
    first, second = (site.args[0].value.cls.name for site in lint(HEAD + code).program.sites)
    assert (first, second) == ("EXACTLY", "UNBOUNDED")


def test_the_function_that_is_given_counts_more_than_the_type(lint: Lint) -> None:
    code = "def new(s):\n    return uuid.uuid4().hex\n\ndef f(pick: Callable[[str], str]):\n    C.labels(pick('x')).inc()\n\nf(new)\n"
    assert [f.rule for f in lint(HEAD + code).report.findings] == ["unbounded-value"]


@pytest.mark.parametrize(
    "type_",
    [
        "Callable",
        "Callable[[str], str]",
        "Callable[[], None]",
        "Callable[P]",
        "Callable[[], 'Nowhere']",
        "Made[()]",
        "list[()]",
        "type[()]",
    ],
)
def test_a_type_that_says_nothing_leaves_it_unknown(type_: str, lint: Lint) -> None:
    [site] = lint(HEAD + f"def f(pick: {type_}):\n    C.labels(pick('x')).inc()\n").program.sites
    assert site.args[0].value.cls.name in ("UNKNOWN", "EXACTLY")
