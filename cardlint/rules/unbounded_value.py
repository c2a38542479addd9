"""unbounded-value: any other value without a bound in a label."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.inference.program import Program
from cardlint.rules._labels import findings
from cardlint.rules.base import Example, Rule, Thresholds


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every label that gets exception text, time, a UUID, an address, a header, input or an object's text."""
    return findings(program, thresholds, "unbounded-value")


RULE = Rule(
    name="unbounded-value",
    code="CL103",
    title="a label takes an unlimited number of values",
    severity=Severity.ERROR,
    default=True,
    what="Reports labels whose values grow with users, requests, time or input and that are neither identities nor paths: the text of an "
    "exception, a time, a UUID, an address, a header, a part of a URL that is no id, a field of a message, the text of an object, a measurement.",
    why="Every new text is a new time series. The text of an exception contains what failed, so one bad client can create thousands of them.",
    fix='Map the value to a fixed set: the class of the exception, a bin of the number, the value when it is one you know and "other" when not. '
    "Measurements belong in a Histogram, texts in a log.",
    ignore_when="the values are few by nature; say so with `# cardlint: bounded=N -- reason`.",
    evidence="Time, free text, addresses and object texts: 14 of 60 examined incidents.",
    bad=(
        Example(
            'from prometheus_client import Counter\n\nERRORS = Counter("errors_total", "Errors", ["error"])\n\n\ndef run(job):\n    try:\n        job()\n    except Exception as e:\n        ERRORS.labels(error=«str(e)»).inc()\n',
            title="the text of an exception",
        ),
        Example(
            'import time\n\nfrom prometheus_client import Gauge\n\nLAST = Gauge("last_run", "Last run", ["when"])\nLAST.labels(«str(time.time())»).set(1)\n',
            title="a point in time",
        ),
    ),
    good=(
        Example(
            'from prometheus_client import Counter\n\nERRORS = Counter("errors_total", "Errors", ["error"])\n\n\ndef run(job):\n    try:\n        job()\n    except Exception as e:\n        ERRORS.labels(error=type(e).__name__).inc()\n',
        ),
        Example(
            'from prometheus_client import Counter\n\nALLOWED = {"web", "mobile"}\nCALLS = Counter("calls_total", "Calls", ["source"])\n\n\ndef call(source):\n    CALLS.labels(source if source in ALLOWED else "other").inc()\n',
        ),
    ),
    any_client=True,
    check=check,
)
