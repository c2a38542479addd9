"""metric-in-function: a metric that is registered again on every call."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Confidence, Finding, Severity
from cardlint.inference.program import Metric, Program
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every metric built in a function or loop that runs more than once, in the default registry."""
    seen = set()
    for metric in program.metrics:
        if (
            metric.in_test
            or metric.constructor not in ("direct", "subclass")
            or metric.registry != "default"
            or metric.is_collect
            or metric.guarded
            or metric.again is None
            or metric.place in seen
        ):
            continue
        seen.add(metric.place)
        yield finding(
            "metric-in-function", "CL303", Severity.WARNING, metric.place, f"`{metric.name}` is registered each time {_when(metric)}",
            why="the second call raises DuplicateTimeseries: a registry takes each name once",
            help="build it once at module level, or give the function a registry of its own: registry=CollectorRegistry()",
            metric=metric, confidence=Confidence.MEDIUM, related=(metric.again,),
        )  # fmt: skip


def _when(metric: Metric) -> str:
    """Say what runs more than once."""
    cls, _, function = metric.owner.rpartition(".")
    if function in ("__init__", "__new__", "__post_init__"):
        return f"a `{cls.rpartition('.')[2]}` is made"
    return f"`{function}()` runs" if function else "the loop runs"


RULE = Rule(
    name="metric-in-function",
    code="CL303",
    title="a metric is registered again on every call",
    severity=Severity.WARNING,
    default=True,
    what="Reports metrics that are built in a function which may run more than once, in the default registry. Factories that are called once at import, "
    "constructors of objects, registries of their own, get-or-create under `try` or a membership test, caches, and `collect()` of a collector are fine.",
    why="The first request works, the second raises. In a handler that swallows exceptions the metric silently stays at one.",
    fix="Build the metric at module level and use it in the function.",
    ignore_when="the function is known to run once in a process.",
    bad=(
        Example(
            'from prometheus_client import Counter\n\n\ndef handle(request):\n    requests = «Counter("requests_total", "Requests")»\n    requests.inc()\n\n\ndef serve(stream):\n    for request in stream:\n'
            "        handle(request)\n",
        ),
    ),
    good=(
        Example(
            'from prometheus_client import Counter\n\nREQUESTS = Counter("requests_total", "Requests")\n\n\ndef handle(request):\n    REQUESTS.inc()\n'
        ),
        Example(
            'from prometheus_client import CollectorRegistry, Gauge, push_to_gateway\n\n\ndef push(value):\n    registry = CollectorRegistry()\n    last = Gauge("last_run", "Last run", registry=registry)\n'
            '    last.set(value)\n    push_to_gateway("gateway:9091", job="batch", registry=registry)\n',
            title="a registry of its own",
        ),
        Example(
            'from functools import cache\n\nfrom prometheus_client import Counter\n\n\n@cache\ndef requests():\n    return Counter("requests_total", "Requests")\n',
            title="a cached factory",
        ),
        Example(
            'from prometheus_client import Counter\n\n\ndef make(name):\n    return Counter(name, "A counter")\n\n\nHITS = make("hits_total")\nMISSES = make("misses_total")\n',
            title="a factory called at import",
        ),
    ),
    check=check,
)
