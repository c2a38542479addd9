"""timer-on-async: a timing decorator on a coroutine or generator measures nothing."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.inference.program import Program
from cardlint.knowledge.clients.schema import Role
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds

DECORATORS: dict[Role, str] = {
    "time": "the time it takes to make the {0} object, a few microseconds",
    "count-exceptions": "no exception: they are raised later, when the {0} runs",
    "track-inprogress": "nothing: it counts down again before the {0} has begun",
}


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every `.time()`, `.count_exceptions()` or `.track_inprogress()` that decorates a coroutine or generator."""
    for use in program.uses:
        if use.role not in DECORATORS or use.decorates in ("", "function") or use.in_test:
            continue
        kind = use.decorates.replace("-", " ")
        metric = use.metrics[0] if use.metrics else None
        yield finding(
            "timer-on-async", "CL306", Severity.ERROR, use.place, f"`@....{use.method}()` decorates a {kind} and measures nothing",
            why=f"it measures {DECORATORS[use.role].format(kind)}",
            help=f"use it inside the function: `with METRIC.{use.method}():`",
            metric=metric,
        )  # fmt: skip


RULE = Rule(
    name="timer-on-async",
    code="CL306",
    title="a timing decorator on a coroutine or generator measures nothing",
    severity=Severity.ERROR,
    default=True,
    what="Reports `.time()`, `.count_exceptions()` and `.track_inprogress()` as decorators of `async def` functions and generators.",
    why="The decorator calls the function, which only makes a coroutine object, and stops the clock. The histogram fills with microseconds and nobody notices.",
    fix="Use the context manager inside the function body.",
    bad=(
        Example(
            'from prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", buckets=[0.05, 0.1, 0.25, 0.5, 1])\n\n\n@«LATENCY.time()»\nasync def handle(request):\n    await request.body()\n',
        ),
    ),
    good=(
        Example(
            'from prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", buckets=[0.05, 0.1, 0.25, 0.5, 1])\n\n\nasync def handle(request):\n    with LATENCY.time():\n        await request.body()\n\n\n'
            "@LATENCY.time()\ndef plain(request):\n    return request.body\n",
        ),
    ),
    check=check,
)
