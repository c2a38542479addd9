"""timer-on-async: a timing decorator on a coroutine or generator measures nothing."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity, Step
from cardlint.inference.program import Program
from cardlint.knowledge.clients.schema import Role
from cardlint.rules._misuse import finding
from cardlint.rules._wording import article
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import Sentence
from cardlint.rules.sentences import usage as say

DECORATORS: dict[Role, Sentence] = {
    "time": say.TIMES_CREATION,
    "count-exceptions": say.COUNTS_NOTHING,
    "track-inprogress": say.TRACKS_NOTHING,
}


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every timing decorator on a coroutine or generator, and every one that is above the decorator of a route."""
    for use in program.uses:
        if use.role not in (*DECORATORS, "observe") or use.in_test or not (use.above_route or use.decorates not in ("", "function")):
            continue
        name = f"@{use.through}" if use.through else f"@METRIC.{use.method}()"
        if use.decorates in ("", "function"):
            message = say.ABOVE_ROUTE(decorator=name)
            why = say.ABOVE_ROUTE_WHY()
            advice = say.ABOVE_ROUTE_HELP()
        else:
            kind = use.decorates.replace("-", " ")
            message = say.ON_ASYNC(decorator=name, kind=article(kind))
            why = say.ON_ASYNC_WHY(what=DECORATORS.get(use.role, DECORATORS["time"])(kind=kind))
            advice = say.ON_ASYNC_OWN_HELP(how=INSTEAD[use.decorates]()) if use.through else say.ON_ASYNC_HELP(method=use.method)
        related = (Step(use.measured, say.MEASURES_HERE()),) if use.measured is not None else ()
        metric = use.metrics[0] if use.metrics else None
        yield finding("timer-on-async", "CL306", Severity.ERROR, use.place, message, why=why, help=advice, metric=metric, related=related)


INSTEAD = {
    "coroutine": say.COROUTINE_WRAPPER,
    "generator": say.GENERATOR_WRAPPER,
    "async-generator": say.ASYNC_GENERATOR_WRAPPER,
}


RULE = Rule(
    name="timer-on-async",
    code="CL306",
    title="a metric decorator on a coroutine or generator ends before the body runs",
    severity=Severity.ERROR,
    default=True,
    what="Reports `.time()`, `.count_exceptions()` and `.track_inprogress()` as decorators of `async def` functions and generators, decorators of the program that do the same, "
    "and any of them above a decorator that registers the function: a route, a task.",
    why="The decorator calls the function, which only creates a coroutine object, and stops the clock. The histogram fills with microseconds, and no error shows it.",
    fix="Use the context manager inside the function body.",
    bad=(
        Example(
            'from functools import wraps\n\nfrom prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", buckets=[0.05, 0.1, 0.25, 0.5, 1])\n\n\n'
            "def timed(function):\n    @wraps(function)\n    def wrapper(*args):\n        with LATENCY.time():\n            return function(*args)\n\n    return wrapper\n\n\n"
            "@«timed»\nasync def handle(request):\n    await request.body()\n",
            title="a decorator of the program",
        ),
        Example(
            'from flask import Flask\nfrom prometheus_client import Histogram\n\napp = Flask(__name__)\nLATENCY = Histogram("latency_seconds", "Latency", buckets=[0.05, 0.1, 0.25, 0.5, 1])\n\n\n'
            '@«LATENCY.time()»\n@app.route("/jobs")\ndef jobs():\n    return ""\n',
            title="above a route",
        ),
        Example(
            'from prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", buckets=[0.05, 0.1, 0.25, 0.5, 1])\n\n\n@«LATENCY.time()»\nasync def handle(request):\n    await request.body()\n',
        ),
    ),
    good=(
        Example(
            'import asyncio\nfrom functools import wraps\n\nfrom prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", buckets=[0.05, 0.1, 0.25, 0.5, 1])\n\n\n'
            "def timed(function):\n    @wraps(function)\n    async def wrapper(*args):\n        with LATENCY.time():\n            return await function(*args)\n\n    return wrapper\n\n\n"
            "@timed\nasync def handle(request):\n    await request.body()\n",
            title="a decorator that waits",
        ),
        Example(
            'from prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", buckets=[0.05, 0.1, 0.25, 0.5, 1])\n\n\nasync def handle(request):\n    with LATENCY.time():\n        await request.body()\n\n\n'
            "@LATENCY.time()\ndef plain(request):\n    return request.body\n",
        ),
    ),
    check=check,
)
