"""Twisted: requests, responses and failures."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, LOG, NAME, bounded, client, unbounded
from cardlint.knowledge.schema import Framework, Library, Shape
from cardlint.knowledge.web import request

PROTOCOL = "twisted.internet.protocol.Protocol"
RECEIVERS: tuple[tuple[str, str], ...] = (
    (PROTOCOL, "dataReceived"),
    ("twisted.protocols.basic.LineReceiver", "lineReceived"),
    ("twisted.protocols.basic.LineReceiver", "rawDataReceived"),
    ("twisted.protocols.basic.LineOnlyReceiver", "lineReceived"),
    *((f"twisted.protocols.basic.{name}Receiver", "stringReceived") for name in ("Netstring", "Int32String", "Int16String")),
)
"""Methods of protocols that get what a peer sent (Twisted 25.5, twisted.internet.protocol and twisted.protocols.basic)."""

LIBRARY = Library(
    packages=("twisted", "klein"),
    rows=(
        *request(
            "twisted.web.http.Request",
            paths=(".path", ".uri", ".prepath", ".postpath"),
            addresses=(".getClientAddress()", ".getClientIP()", ".client"),
            headers=(".getHeader()", ".requestHeaders.getRawHeaders()"),
            inputs=(".args", ".args[]", ".content.read()"),
            hosts=(".getRequestHostname()", ".getHost()"),
        ),
        *bounded(
            15,
            "status",
            "HTTP status",
            "twisted.web.http.Request.code",
            "twisted.web.iweb.IResponse.code",
            "twisted.web.client.Response.code",
        ),
        *bounded(
            30,
            "class-name",
            "class of the exception",
            "twisted.python.failure.Failure.type.__name__",
            "twisted.python.failure.Failure.type",
        ),
        *unbounded(
            "exception-text",
            "the text of an exception",
            "twisted.python.failure.Failure.getErrorMessage()",
            "twisted.python.failure.Failure.getTraceback()",
            "twisted.python.failure.Failure.value",
            advice=NAME,
        ),
        *client(9, "http-method", "the HTTP method of the request", "twisted.web.http.command"),
        *unbounded("raw-path", "the raw request path", "twisted.web.http.uri"),
        *unbounded("body", "what a peer sent", "twisted.received", advice=FIXED_SET),
        *unbounded("address", "the address of a peer", "twisted.peer", f"{PROTOCOL}.transport.getPeer()", advice=LOG),
    ),
    shapes=(
        *(Shape("twisted", (("#0", "twisted.received"),), base=base, method=method) for base, method in RECEIVERS),
        Shape(
            "twisted",
            (("#0", "twisted.received"), ("#1", "twisted.peer")),
            base="twisted.internet.protocol.DatagramProtocol",
            method="datagramReceived",
        ),
        Shape(
            "twisted",
            (("#0", "twisted.web.http.command"), ("#1", "twisted.web.http.uri")),
            base="twisted.web.http.Request",
            method="requestReceived",
        ),
    ),
    framework=Framework("twisted", ("twisted",), "the class name of the resource that answers"),
    aliases=(
        ("twisted.web.server.Request", "twisted.web.http.Request"),
        ("twisted.web.iweb.IRequest", "twisted.web.http.Request"),
    ),
)
