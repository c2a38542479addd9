"""ZeroMQ, Google Cloud Pub/Sub and FastStream: messages that others send."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, LOG, below, bounded, leads, unbounded
from cardlint.knowledge.schema import Library, Route, Shape

SOCKET = "zmq.Socket"
RECEIVING = ("recv", "recv_string", "recv_json", "recv_multipart", "recv_unicode")
"""Methods that return texts and bytes; `recv_pyobj` and `recv_serialized` return objects of the program's own classes."""
MESSAGE = "google.cloud.pubsub_v1.subscriber.message.Message"
CLIENT = "google.cloud.pubsub_v1.SubscriberClient"
BROKERS = (
    *("kafka.KafkaBroker", "confluent.KafkaBroker", "rabbit.RabbitBroker", "nats.NatsBroker", "redis.RedisBroker"),
    *("kafka.KafkaRouter", "confluent.KafkaRouter", "rabbit.RabbitRouter", "nats.NatsRouter", "redis.RedisRouter"),
)

STREAMED = "faststream.message.StreamMessage"

LIBRARY = Library(
    packages=("zmq", "google", "faststream"),
    rows=(
        *leads(
            ("zmq.Context.socket()", SOCKET),
            (f"{CLIENT}.pull().received_messages[*].message", MESSAGE),
        ),
        *unbounded("payload", "content of a message", *(f"{SOCKET}.{name}()" for name in RECEIVING), advice=FIXED_SET),
        *unbounded("payload", "content of a message", *below(MESSAGE, ".data", ".attributes", ".attributes[]"), advice=FIXED_SET),
        *unbounded(
            "identity",
            "the id of one message",
            *below(MESSAGE, ".message_id", ".ack_id", ".ordering_key", ".publish_time"),
            advice=LOG,
        ),
        *unbounded("identity", "the id of one message", *below(STREAMED, ".message_id", ".correlation_id", ".reply_to"), advice=LOG),
        *unbounded("payload", "content of a message", *below(STREAMED, ".body", ".headers"), advice=FIXED_SET),
        *bounded(100, "code", "how often a message was delivered", f"{MESSAGE}.delivery_attempt"),
    ),
    shapes=(
        Shape("pubsub", (("#0", MESSAGE),), passed=f"{CLIENT}.subscribe()", places=("#1", "callback")),
        Shape("faststream", (("#1", STREAMED),), base="faststream.BaseMiddleware", method="consume_scope"),
    ),
    routes=tuple(
        Route("faststream", f"faststream.{broker}.subscriber()", validates="annotations", others="query", message=True)
        for broker in BROKERS
    ),
    aliases=(
        ("zmq.asyncio.Context", "zmq.Context"),
        ("zmq.asyncio.Socket", SOCKET),
        ("zmq.Context.instance()", "zmq.Context"),
        ("zmq.asyncio.Context.instance()", "zmq.Context"),
        *(
            (f"faststream.{broker}.{part}{name}Message", STREAMED)
            for broker, name in (("rabbit", "Rabbit"), ("kafka", "Kafka"), ("confluent", "Kafka"), ("nats", "Nats"), ("redis", "Redis"))
            for part in ("", "annotations.")
        ),
        ("google.cloud.pubsub_v1.subscriber.Client", CLIENT),
        ("google.cloud.pubsub.SubscriberClient", CLIENT),
        ("google.cloud.pubsub_v1.types.PubsubMessage", MESSAGE),
        ("google.pubsub_v1.types.PubsubMessage", MESSAGE),
        ("google.pubsub_v1.PubsubMessage", MESSAGE),
    ),
)
"""pyzmq 26, zmq.Socket; google-cloud-pubsub 2, `subscriber.message.Message`; FastStream 0.7, Subscription Basics,
`message/message.py` and Middlewares."""
