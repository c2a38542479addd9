"""NATS: messages and their subjects."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Named, Shape

MESSAGE = "nats.aio.msg.Msg"

LIBRARY = Library(
    packages=("nats",),
    rows=(
        *deployment("inventory", "a subject of the message bus", f"{MESSAGE}.subject"),
        *unbounded(
            "payload", "content of a message", *below(MESSAGE, ".data", ".headers", ".header", ".headers.get()", ".sid"), advice=LOG
        ),
        *deployment("inventory", "a stream or a consumer", *below(f"{MESSAGE}.metadata", ".stream", ".consumer", ".domain")),
        *unbounded("identity", "the number of one message", *below(f"{MESSAGE}.metadata.sequence", ".stream", ".consumer"), advice=LOG),
        *unbounded("time", "the time of one message", f"{MESSAGE}.metadata.timestamp", advice=LOG),
        *unbounded("address", "the inbox of one request", f"{MESSAGE}.reply", advice=LOG),
        *leads(
            ("nats.aio.client.Client.request()", MESSAGE),
            ("nats.aio.client.Client.subscribe()", "nats.aio.subscription.Subscription"),
            ("nats.aio.subscription.Subscription.next_msg()", MESSAGE),
            ("nats.aio.subscription.Subscription.messages[*]", MESSAGE),
            ("nats.aio.client.Client.jetstream()", "nats.js.client.JetStreamContext"),
            ("nats.js.client.JetStreamContext.pull_subscribe().fetch()[*]", MESSAGE),
            ("nats.js.client.JetStreamContext.subscribe()", "nats.aio.subscription.Subscription"),
            ("nats.connect()", "nats.aio.client.Client"),
            ("nats.js.client.JetStreamContext.get_msg()", MESSAGE),
        ),
    ),
    shapes=tuple(
        Shape("nats", (("#0", MESSAGE),), passed=f"{subscriber}.subscribe()", places=("#2", "cb"))
        for subscriber in ("nats.aio.client.Client", "nats.js.client.JetStreamContext")
    ),
    names=(Named(("nats",), "msg", MESSAGE), Named(("nats",), "message", MESSAGE)),
    aliases=(("nats.NATS", "nats.aio.client.Client"),),
)
"""nats-py 2.16, `aio/msg.py`: Msg and Msg.Metadata; `aio/client.py` and `js/client.py`: subscribe. The names of a stream and
a consumer are set up."""
