"""The cost of one question is bounded in time, whatever the program looks like."""

from __future__ import annotations

import time

import pytest

from tests.conftest import Lint

HEAD = "from flask import request\nfrom prometheus_client import Counter\nC = Counter('c_total', 'C', ['a'])\n"
SECONDS = 5.0
"""Seconds of processor time that a run over one of these programs may take."""


def lines(*parts: str) -> str:
    return "\n".join((HEAD, *parts)) + "\n"


def choices() -> str:
    """60 choices, each of the two before it."""
    body = ["def f(x):", "    v0, v1 = request.path, 'a'"]
    body += [f"    v{i} = v{i - 1} if x else v{i - 2} + 'b'" for i in range(2, 62)]
    return lines(*body, "    C.labels(a=v61).inc()")


def branches() -> str:
    """Branches that each change what all others have left."""
    body = ["def f(x):", "    a, b, c = 'a', 'b', request.path"]
    for _ in range(40):
        body += ["    if x:", "        a, b = b, a + 'x'", "    elif a:", "        b, c = c, b + a", "    else:", "        c = a"]
    return lines(*body, "    C.labels(a=a).inc()", "    C.labels(a=c).inc()")


def tables() -> str:
    """Tables that are put into in nested loops over known elements."""
    words = ", ".join(f"'w{i}'" for i in range(60))
    body = ["T = {}", "U = {}", "def f():", f"    for a in ({words}):", f"        for b in ({words}):"]
    body += ["            T[a + b] = U.get(b, a)", "            U[b] = T.get(a, b)", "            T[b] = U[a + b] if a in U else a"]
    return lines(*body, "def g(k):", "    C.labels(a=T[k]).inc()", "    C.labels(a=U['w1']).inc()")


def callers() -> str:
    """400 callers of a function that 400 functions call."""
    body = ["def top(v):", "    C.labels(a=v).inc()"]
    body += [f"def mid{i}(v):\n    top(v + 'x')\n    top(v)" for i in range(400)]
    body += ["def all_of_them(v):", *(f"    mid{i}(v)" for i in range(400))]
    body += [f"def low{i}(v):\n    all_of_them(v + '{i}')" for i in range(400)]
    return lines(*body, "low1(request.path)")


def hierarchy() -> str:
    """A deep hierarchy of classes whose methods ask each other up and down."""
    body = [
        "class K0:",
        "    kind = 'k'",
        "    def name(self):",
        "        return self.kind",
        "    def other(self):",
        "        return self.name()",
    ]
    for i in range(1, 80):
        body += [f"class K{i}(K{i - 1}):", "    def __init__(self, v):", "        self.kind = v", "        self.next = K0()"]
        body += [
            "    def name(self):",
            f"        return super().name() + self.next.other() if self.{'kind' if i % 2 else 'next'} else self.other()",
        ]
    return lines(
        *body,
        "def f(k):",
        "    C.labels(a=K79(request.path).name()).inc()",
        "    C.labels(a=k.other()).inc()",
        "    C.labels(a=K40('x').other()).inc()",
    )


def wide() -> str:
    """A class with 120 subclasses in one file, of which each puts an attribute of another one in place."""
    body = ["class Base:", "    kind = None", "    def __init__(self, peer):", "        self.peer = peer", "    def report(self):"]
    body += ["        C.labels(a=self.kind or self.peer.kind).inc()"]
    for i in range(120):
        body += [f"class S{i}(Base):", f"    kind = 's{i}'", "    def swap(self):", f"        self.kind = S{(i + 1) % 120}(self).peer.kind"]
    return lines(*body, "def f():", *(f"    S{i}(S{i + 1}(None)).report()" for i in range(119)))


def handed() -> str:
    """Functions handed to functions that hand them on."""
    body = ["def run0(fn, v):", "    return fn(v)"]
    body += [f"def run{i}(fn, v):\n    return run{i - 1}(lambda w: fn(w) + run{i - 1}(fn, w), v)" for i in range(1, 30)]
    return lines(*body, "def show(v):", "    C.labels(a=v).inc()", "    return v", "run29(show, request.path)")


def merged() -> str:
    """Dictionaries merged into each other, round and round."""
    body = [f"D{i} = {{'a': 'v{i}'}}" for i in range(40)]
    body += ["def f():", *(f"    D{i}.update(D{(i * 7 + 3) % 40})\n    D{i}.update(D{(i + 1) % 40})" for i in range(40))]
    return lines(*body, "    C.labels(**D0).inc()", "    C.labels(**D39).inc()")


def attributes() -> str:
    """60 attributes of one object, each made of two others."""
    body = ["class A:", "    def __init__(self, v):", "        self.a0 = v", "        self.a1 = 'x'"]
    body += [f"        self.a{i} = self.a{(i * 3) % 60} + self.a{(i * 5 + 1) % 60}" for i in range(2, 60)]
    return lines(*body, "def f():", "    C.labels(a=A(request.path).a59).inc()", "    C.labels(a=A('y').a31).inc()")


def texts() -> str:
    """A text that doubles with every line."""
    return lines("def f(x):", "    v = 'ab'", *("    v = v + v if x else v.upper() + v" for _ in range(60)), "    C.labels(a=v).inc()")


def calls() -> str:
    """Each function calls the one before it twice, with different arguments."""
    body = ["def f0(v):", "    return v"]
    body += [f"def f{i}(v):\n    return f{i - 1}(v + '1') + f{i - 1}(v + '2')" for i in range(1, 40)]
    return lines(*body, "def g():", "    C.labels(a=f39(request.path)).inc()")


SHAPES = (choices, branches, tables, callers, hierarchy, wide, handed, merged, attributes, texts, calls)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_hostile_shape_ends_in_time(shape: object, lint: Lint) -> None:
    program = shape()  # type: ignore[operator]
    started = time.process_time()
    done = lint(program)
    spent = time.process_time() - started
    assert done.program.sites
    assert not done.program.facts_errors
    assert spent < SECONDS, f"{spent:.1f} s"
