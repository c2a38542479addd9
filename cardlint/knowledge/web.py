"""Rows that every web framework has under its own names: the parts of a request."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, LOG, USER, below, bounded, client, parameters, people, unbounded
from cardlint.knowledge.schema import Row

MOUNTED = "the prefix of a mounted app, with the values of its parameters"
METHOD = 'the method when it is one you know, else "other"'

DOCUMENTS = (".json", ".json()", ".get_json()", ".json_body")
"""Accesses that give the JSON of a request as a whole."""


def alerts(document: str) -> tuple[Row, ...]:
    """Make the rows of what Alertmanager and Grafana post to a webhook: a document with `alerts` has names from the rules of the sender.

    The other labels are texts as any of a client (Alertmanager, Configuration: webhook_config; Grafana, Webhook notifier: Body).
    """
    sent = tuple(f"{document}[alerts][{index}]" for index in ("*", "0"))
    labels = (*(f"{alert}[labels]" for alert in sent), f"{document}[commonLabels]", f"{document}[groupLabels]")
    return (
        *client(2, "state", "the state of an alert", *(f"{alert}[status]" for alert in sent), advice=FIXED_SET),
        *client(50, "code-name", "the name of an alert", *(f"{of}[alertname]" for of in labels), advice=FIXED_SET),
        *client(5, "log-level", "the severity of an alert", *(f"{of}[severity]" for of in labels), advice=FIXED_SET),
        *unbounded("identity", "the fingerprint of one alert", *(f"{alert}[fingerprint]" for alert in sent), advice=LOG),
        *unbounded("free-text", "text about one alert", *(f"{alert}[annotations]" for alert in sent), advice="its `alertname`"),
        *unbounded("time", "the time of one alert", *(f"{alert}[{name}]" for alert in sent for name in ("startsAt", "endsAt")), advice=LOG),
    )


def request(
    base: str,
    *,
    paths: tuple[str, ...] = (),
    methods: tuple[str, ...] = (".method",),
    addresses: tuple[str, ...] = (),
    users: tuple[str, ...] = (),
    headers: tuple[str, ...] = (),
    inputs: tuple[str, ...] = (),
    ids: tuple[str, ...] = (),
    params: tuple[str, ...] = (),
    hosts: tuple[str, ...] = (),
    mounts: tuple[str, ...] = (),
    schemes: tuple[str, ...] = (),
    routes: tuple[str, ...] = (),
    content_types: tuple[str, ...] = (),
) -> tuple[Row, ...]:
    """Make the rows of one request class; every argument lists accesses such as `.url.path`."""
    return (
        *unbounded("raw-path", "the raw request path", *below(base, *paths)),
        *client(9, "http-method", "the HTTP method the client sent", *below(base, *methods), advice=METHOD),
        *unbounded("address", "the address of the client", *below(base, *addresses), advice=LOG),
        *people(USER, *below(base, *users)),
        *unbounded(
            "header",
            "a header from the client",
            *below(base, *headers),
            advice="a value from a fixed set: test the input against the values you know",
        ),
        *unbounded(
            "body",
            "input from the client",
            *below(base, *inputs),
            advice="a value from a fixed set: test the input against the values you know",
        ),
        *(row for access in inputs if access in DOCUMENTS for row in alerts(base + access)),
        *unbounded("identity", "the id of one request", *below(base, *ids), advice=LOG),
        *parameters("a parameter from the URL", *below(base, *params)),
        *bounded(
            20, "code-name", "a name from the pattern of a route", *below(base, *(f"{name}[*]" for name in params if name[-1] not in "])"))
        ),
        *client(20, "mount-prefix", MOUNTED, *below(base, *mounts)),
        *client(20, "http-host", "the Host header the client sent", *below(base, *hosts)),
        *bounded(4, "scheme", "scheme or protocol version", *below(base, *schemes)),
        *bounded(50, "template", "route template", *below(base, *routes)),
        *unbounded(
            "content-type",
            "the content type the client sent, with its boundary",
            *below(base, *content_types),
            advice="the media type without parameters, tested against those you know",
        ),
    )


def response(base: str, *names: str, texts: tuple[str, ...] = ()) -> tuple[Row, ...]:
    """Make the rows of a response class: its status is bounded, its texts are not."""
    return (
        *bounded(15, "status", "HTTP status", *below(base, *names)),
        *unbounded("free-text", "text of a response", *below(base, *texts), advice=LOG),
    )
