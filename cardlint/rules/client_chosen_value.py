"""client-chosen-value: a set that is small in practice, although a client chooses the value."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.inference.domain.value_sets import Bound
from cardlint.inference.program import Program
from cardlint.rules._labels import value_finding
from cardlint.rules._wording import code
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import values as say


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every label with a value that the client chooses, such as the HTTP method."""
    for site in program.sites:
        for arg in site.args:
            if site.in_test or arg.value.bound is not Bound.CLIENT_CHOSEN or arg.value.named or arg.label in thresholds.bounded_labels:
                continue
            yield value_finding(
                program, site, arg, "client-chosen-value", "CL106", Severity.WARNING,
                why=say.CLIENT_CHOSEN_WHY(source=arg.value.why, size=arg.value.size or 10),
                help=say.WRITE(advice=code(arg.value.advice)) if arg.value.advice else say.CLIENT_CHOSEN_HELP(),
            )  # fmt: skip


RULE = Rule(
    name="client-chosen-value",
    code="CL106",
    title="a client picks the value of a label",
    severity=Severity.WARNING,
    default=False,
    what="Reports labels that get the HTTP method, the Host header or an RPC method that may be unknown, without comparing it with a fixed set.",
    why="A scanner that sends `FOO123 / HTTP/1.1` creates a new series for every word it tries. Most servers pass any method on to the application.",
    fix='Compare it with the methods that you serve: `method if method in METHODS else "other"`.',
    ignore_when="a proxy in front rejects everything else.",
    bad=(
        Example(
            'from flask import Flask, request\nfrom prometheus_client import Counter\n\napp = Flask(__name__)\nREQUESTS = Counter("http_requests_total", "Requests", ["method"])\n\n\n'
            "@app.before_request\ndef count():\n    REQUESTS.labels(method=«request.method»).inc()\n",
            pedantic=True,
        ),
    ),
    good=(
        Example(
            'from flask import Flask, request\nfrom prometheus_client import Counter\n\napp = Flask(__name__)\nMETHODS = ("GET", "POST")\n'
            'REQUESTS = Counter("http_requests_total", "Requests", ["method"])\n\n\n@app.before_request\ndef count():\n'
            '    REQUESTS.labels(method=request.method if request.method in METHODS else "other").inc()\n',
            pedantic=True,
        ),
    ),
    any_client=True,
    check=check,
)
