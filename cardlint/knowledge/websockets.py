"""websockets: connections, and the requests and messages of clients."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, client, leads, unbounded
from cardlint.knowledge.schema import Library, Named

SERVER = "websockets.asyncio.server.ServerConnection"
CLIENT = "websockets.asyncio.client.ClientConnection"
ONE = "a value from a fixed set: test the input against the values you know"

OTHER = "websocket.WebSocket"
"""The connection of websocket-client, which is a client only."""

LIBRARY = Library(
    packages=("websockets", "websocket"),
    rows=(
        *unbounded(
            "raw-path",
            "the path that the client asked for",
            *below(SERVER, ".request.path", ".path"),
            advice='the path when it is one you serve, else "other"',
        ),
        *unbounded(
            "header",
            "a header from the client",
            *below(SERVER, ".request.headers", ".request.headers[]", ".request_headers", ".request_headers[]"),
            advice=ONE,
        ),
        *unbounded("address", "the address of the client", f"{SERVER}.remote_address", advice=LOG),
        *unbounded("body", "a message from the client", *below(SERVER, "[*]", ".recv()", ".recv_streaming()[*]"), advice=ONE),
        *unbounded(
            "server-text",
            "a message the server sent",
            *below(CLIENT, "[*]", ".recv()", ".recv_streaming()[*]"),
            *below(OTHER, ".recv()", ".recv_data()[1]", ".recv_frame().data"),
            advice=ONE,
        ),
        *unbounded(
            "free-text",
            "the reason the peer gives for closing",
            *below(SERVER, ".close_reason"),
            *below(CLIENT, ".close_reason"),
            "websockets.exceptions.ConnectionClosed.reason",
            advice="the code",
        ),
        *unbounded("uuid", "the id of one connection", f"{SERVER}.id", f"{CLIENT}.id", advice=LOG),
        *bounded(
            20,
            "code",
            "the code of a closed connection",
            f"{SERVER}.close_code",
            f"{CLIENT}.close_code",
            "websockets.exceptions.ConnectionClosed.code",
        ),
        *client(5, "subprotocol", "the protocol the two agreed on", f"{SERVER}.subprotocol"),
        *leads(
            ("websockets.connect()", CLIENT),
            ("websockets.connect().__aenter__()", CLIENT),
            ("websockets.connect()[*]", CLIENT),
            ("websocket.create_connection()", OTHER),
        ),
    ),
    names=(
        *(Named(("websockets",), name, SERVER) for name in ("ws", "websocket")),
        *(Named(("websocket",), "message", f"{OTHER}.recv()", (other,)) for other in ("ws", "wsapp")),  # websocket-client, WebSocketApp
    ),
    aliases=(
        ("websockets.WebSocketServerProtocol", SERVER),
        ("websockets.server.WebSocketServerProtocol", SERVER),
        ("websockets.legacy.server.WebSocketServerProtocol", SERVER),
        ("websockets.ServerConnection", SERVER),
        ("websockets.sync.server.ServerConnection", SERVER),
        ("websockets.WebSocketClientProtocol", CLIENT),
        ("websockets.ClientConnection", CLIENT),
        ("websockets.client.connect", "websockets.connect"),
        ("websockets.asyncio.client.connect", "websockets.connect"),
        ("websockets.sync.client.connect", "websockets.connect"),
        ("websockets.ConnectionClosed", "websockets.exceptions.ConnectionClosed"),
        ("websockets.exceptions.ConnectionClosedError", "websockets.exceptions.ConnectionClosed"),
        ("websockets.exceptions.ConnectionClosedOK", "websockets.exceptions.ConnectionClosed"),
    ),
)
