"""metric-in-function: a metric that is registered again on every call."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Confidence, Finding, Severity
from cardlint.inference.program import Metric, Program
from cardlint.knowledge.changing import CONSTRUCTORS
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say


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
            "metric-in-function", "CL303", Severity.WARNING, metric.place, say.BUILT_AGAIN(metric=metric.name, when=_when(metric)),
            why=say.BUILT_AGAIN_WHY(),
            help=say.BUILT_AGAIN_HELP(),
            metric=metric, confidence=Confidence.MEDIUM, related=(metric.again,),
        )  # fmt: skip


def _when(metric: Metric) -> str:
    """Say what runs more than once."""
    cls, _, function = metric.owner.rpartition(".")
    if function in CONSTRUCTORS:
        return say.WHEN_MADE(cls=cls.rpartition(".")[2])
    return say.WHEN_RUN(function=function) if function else say.WHEN_LOOP()


RULE = Rule(
    name="metric-in-function",
    code="CL303",
    title="a metric is registered again on every call",
    severity=Severity.WARNING,
    default=True,
    what="Reports metrics that are built in the default registry by code that runs more than once: in a loop, a request handler, a task, a callback of a "
    "scheduler, or a function or class that one of these always calls. Factories that are called once at import, objects that are made once, registries of their own, get-or-create under `try` or a membership test, caches, and `collect()` of a collector are fine.",
    why="The first request works, the second raises. If the handler swallows exceptions, the metric stops at the value of the first request, and no error shows it.",
    fix="Build the metric at module level and use it in the function.",
    ignore_when="the function is known to run once in a process.",
    bad=(
        Example(
            'from celery import shared_task\nfrom prometheus_client import Counter\n\n\n@shared_task\ndef work(job):\n    done = «Counter("jobs_total", "Jobs")»\n    done.inc()\n',
            title="a task",
        ),
        Example(
            'from apscheduler.schedulers.background import BackgroundScheduler\nfrom prometheus_client import Gauge\n\n\ndef poll():\n    «Gauge("queue_depth", "Waiting jobs")».set(1)\n\n\n'
            'scheduler = BackgroundScheduler()\nscheduler.add_job(poll, "interval", seconds=5)\n',
            title="a callback of a scheduler",
        ),
        Example(
            'import time\n\nfrom prometheus_client import Gauge\n\n\nclass Exporter:\n    def __init__(self):\n        self.depth = «Gauge("queue_depth", "Waiting jobs")»\n\n\n'
            "def main():\n    while True:\n        Exporter().depth.set(1)\n        time.sleep(5)\n",
            title="objects that an endless loop makes",
        ),
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
        Example(
            'from flask import Flask\nfrom prometheus_client import Counter\n\napp = Flask(__name__)\n\n\nclass Metrics:\n    made = None\n\n    def __init__(self):\n        self.hits = Counter("hits_total", "Hits")\n\n'
            '    @classmethod\n    def get(cls):\n        if cls.made is None:\n            cls.made = Metrics()\n        return cls.made\n\n\n@app.route("/")\ndef index():\n    Metrics.get().hits.inc()\n    return ""\n',
            title="an object that is made once",
        ),
    ),
    check=check,
)
