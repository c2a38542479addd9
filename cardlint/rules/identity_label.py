"""identity-label: a label that holds the identity of a user, session, request, trace, order or job."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.inference.program import Program
from cardlint.rules._labels import findings
from cardlint.rules.base import Example, Rule, Thresholds


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every label that holds an identity, by its value or, where the value is not decided, by its name."""
    return findings(program, thresholds, "identity-label")


RULE = Rule(
    name="identity-label",
    code="CL101",
    title="a label holds the identity of a user, session, request, trace, order or job",
    severity=Severity.ERROR,
    default=True,
    what="Reports labels whose value identifies one person, session, request, trace, order, job or object. The value decides; "
    "if it cannot be decided, the name of the label decides, but only a name that clearly means an identity.",
    why="Each user or request becomes a time series of its own. 100,000 users on a Histogram with the default buckets are 1.8 million "
    "series, and prometheus_client keeps each one until the process ends or the code removes it.",
    fix="Remove the label. The number of requests per user belongs in a log or a database; to find one request from a graph, attach its "
    "trace id as an exemplar, which makes no series.",
    ignore_when="the identities are few and declared, for example three technical accounts. Say so with `bounded-labels` or `# cardlint: bounded=3 -- reason`.",
    configuration="`identity-labels` adds names that mean an identity in your project, `bounded-labels` names that do not.",
    evidence="Prometheus documentation, practices for naming: no user ids or e-mail addresses as labels. 21 of 60 examined incidents were about identities.",
    bad=(
        Example(
            'from prometheus_client import Counter\n\nLOGINS = Counter("logins_total", "Logins", ["user_id"])\n\n\ndef login(user):\n    LOGINS.labels(«user.id»).inc()\n',
            title="one series per user",
        ),
        Example(
            'import uuid\n\nfrom prometheus_client import Histogram\n\nLATENCY = Histogram("latency_seconds", "Latency", ["session_id"])\n\n\ndef start():\n'
            "    session = uuid.uuid4().hex\n    LATENCY.labels(session_id=«session»).observe(0.1)\n",
            title="18 series per session",
        ),
    ),
    good=(
        Example(
            'from prometheus_client import Counter\n\nLOGINS = Counter("logins_total", "Logins", ["user_type"])\n\n\ndef login(user):\n    kind = "staff" if user.is_staff else "guest"\n    LOGINS.labels(kind).inc()\n'
        ),
        Example(
            'from prometheus_client import Counter\n\nLOGINS = Counter("logins_total", "Logins", ["user_id"])\n\n\ndef nightly():\n    LOGINS.labels(user_id="system").inc()\n',
            title="a constant is no identity",
        ),
    ),
    any_client=True,
    check=check,
)
