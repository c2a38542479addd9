"""raw-path: a URL or raw path as the value of a label."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.inference.program import Program
from cardlint.rules._labels import findings
from cardlint.rules.base import Example, Rule, Thresholds


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every label that gets a raw path: from a request, an f-string with ids, a literal with ids, an exporter."""
    return findings(program, thresholds, "raw-path")


RULE = Rule(
    name="raw-path",
    code="CL102",
    title="a URL or raw request path is used as a label",
    severity=Severity.ERROR,
    default=True,
    what="Reports request paths and URLs that reach a label: attributes of requests, f-strings and literals with ids in them, the raw fallback "
    "that is used when no route matched, and exporters that label by raw path, by default or through an option.",
    why="Paths contain ids, and any scanner can make up new ones: one public service had 400,000 path values, 99% of all its "
    "series. The fallback for unmatched routes is the usual leak, often below a comment that claims to prevent it.",
    fix='Label with the route template, and with one constant such as "unmatched" when no route matched.',
    ignore_when="the paths come from a fixed list that cardlint does not see; it is better to test them against that list.",
    evidence="16 of 60 examined incidents; five of them had been fixed before and leaked through the last `return request.url.path`.",
    bad=(
        Example(
            'from fastapi import FastAPI, Request\nfrom prometheus_client import Counter\n\nREQUESTS = Counter("http_requests_total", "Requests", ["path"])\napp = FastAPI()\n\n\n'
            '@app.middleware("http")\nasync def count(request: Request, call_next):\n    response = await call_next(request)\n    route = request.scope.get("route")\n'
            "    path = route.path if route else request.url.path\n    REQUESTS.labels(«path»).inc()\n    return response\n",
            title="the raw fallback",
        ),
        Example(
            'from flask import Flask, request\nfrom prometheus_client import Counter\n\napp = Flask(__name__)\nREQUESTS = Counter("http_requests_total", "Requests", ["path"])\n\n\n'
            "@app.before_request\ndef count():\n    REQUESTS.labels(path=«request.path»).inc()\n",
        ),
        Example(
            'from prometheus_client import Counter\n\nREQUESTS = Counter("http_requests_total", "Requests", ["path"])\nREQUESTS.labels(«"/users/123/posts"»).inc()\n',
            title="a literal with an id",
        ),
    ),
    good=(
        Example(
            'from fastapi import FastAPI, Request\nfrom prometheus_client import Counter\n\nREQUESTS = Counter("http_requests_total", "Requests", ["path"])\napp = FastAPI()\n\n\n'
            '@app.middleware("http")\nasync def count(request: Request, call_next):\n    response = await call_next(request)\n    route = request.scope.get("route")\n'
            '    path = route.path if route else "unmatched"\n    REQUESTS.labels(path).inc()\n    return response\n',
        ),
        Example(
            'from prometheus_client import Counter\n\nREQUESTS = Counter("http_requests_total", "Requests", ["path"])\nREQUESTS.labels("/users/{id}/posts").inc()\nREQUESTS.labels("/api/v2/users").inc()\n',
        ),
    ),
    any_client=True,
    check=check,
)
