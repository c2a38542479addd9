"""Socket.IO and Channels: connections that stay open, and what clients send over them."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, LOG, bounded, leads, parameters, unbounded
from cardlint.knowledge.schema import Library, Shape

SID, DATA, REASON = "socketio.sid", "socketio.data", "socketio.reason"
SERVERS = ("socketio.Server", "socketio.AsyncServer")
CONNECTED, DISCONNECTED, SENT = (
    (("#0", SID), ("#1", "wsgi.environ")),
    (("#0", SID), ("#1", REASON)),
    (("#0", SID), ("#1", DATA)),
)
"""What a handler gets when a client connects, leaves, and sends an event (python-socketio 5, The Socket.IO Server)."""

CONSUMER = "channels.consumer.AsyncConsumer"
CONSUMERS = (
    "WebsocketConsumer",
    "AsyncWebsocketConsumer",
    "JsonWebsocketConsumer",
    "AsyncJsonWebsocketConsumer",
)
SCOPE = f"{CONSUMER}.scope"

LIBRARY = Library(
    packages=("socketio", "flask_socketio", "channels"),
    rows=(
        *unbounded("identity", "the id of one connection", SID, advice=LOG),
        *unbounded("body", "a message from the client", DATA, "channels.message", advice=FIXED_SET),
        *bounded(6, "reason", "why a connection ended", REASON),
        *leads((SCOPE, "asgi.scope")),
        *parameters("a parameter from the URL", "asgi.scope[url_route][kwargs]", "asgi.scope[url_route][args]"),
        *unbounded("identity", "the name of one connection", f"{CONSUMER}.channel_name", advice=LOG),
        *bounded(20, "code", "the code of a closed connection", "channels.code"),
    ),
    shapes=(
        *(
            Shape("socketio", params, decorator=f"{server}.event", method=method)
            for server in SERVERS
            for method, params in (("connect", CONNECTED), ("disconnect", DISCONNECTED), ("", SENT))
        ),
        *(Shape("socketio", SENT[:1], decorator=f"{server}.on()") for server in SERVERS),
        *(
            Shape("socketio", (("#0", path),), decorator="flask_socketio.SocketIO.event", method=method)
            for method, path in (("disconnect", REASON), ("", DATA))
        ),
        *(
            Shape("socketio", params, base=f"socketio.{base}", method=method)
            for base in ("Namespace", "AsyncNamespace")
            for method, params in (("on_connect", CONNECTED), ("on_disconnect", DISCONNECTED), ("on_*", SENT))
        ),
        *(
            Shape("channels", params, base=CONSUMER, method=method)
            for method, params in (
                ("receive", (("#0", "channels.message"), ("bytes_data", "channels.message"))),
                ("receive_json", (("#0", "channels.message"),)),
                ("disconnect", (("#0", "channels.code"),)),
                ("websocket_disconnect", (("#0", "asgi.message"),)),
            )
        ),
    ),
    aliases=(
        *((f"channels.generic.websocket.{name}", CONSUMER) for name in CONSUMERS),
        ("channels.consumer.SyncConsumer", CONSUMER),
        ("socketio.async_server.AsyncServer", "socketio.AsyncServer"),
        ("socketio.async_namespace.AsyncNamespace", "socketio.AsyncNamespace"),
    ),
)
"""python-socketio 5, API Reference; Flask-SocketIO 5, Getting Started; Channels 4, Consumers and Routing."""
