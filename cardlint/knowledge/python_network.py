"""Python's own network modules: http.server, socketserver, socket, urllib.request."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, LOG, below, bounded, client, leads, unbounded
from cardlint.knowledge.schema import Library

LIBRARY = Library(
    packages=("socket", "socketserver", "http", "urllib"),
    rows=(
        *unbounded(
            "address",
            "the address of the peer",
            "socket.socket.getpeername()",
            "socket.accepted.getpeername()",
            "socket.socket.accept()[1]",
            "socket.socket.recvfrom()[1]",
            advice=LOG,
        ),
        *unbounded(
            "raw-path",
            "the raw request path",
            "http.server.BaseHTTPRequestHandler.path",
            "http.server.BaseHTTPRequestHandler.requestline",
            advice='the route that matched, with the constant "unmatched" for the rest',
        ),
        *client(9, "http-method", "the HTTP method the client sent", "http.server.BaseHTTPRequestHandler.command"),
        *unbounded(
            "body",
            "input from the client",
            "http.server.BaseHTTPRequestHandler.rfile",
            "http.server.BaseHTTPRequestHandler.rfile.read()",
            advice=FIXED_SET,
        ),
        *unbounded(
            "header",
            "a header from the client",
            "http.server.BaseHTTPRequestHandler.headers",
            "http.server.BaseHTTPRequestHandler.headers[]",
            advice=FIXED_SET,
        ),
        *unbounded(
            "body",
            "what a peer sent",
            *below("socket.accepted.", "recv()", "makefile()", "makefile().readline()", "makefile().read()", "makefile()[*]"),
            "socket.accepted[0]",
            "socket.socket.recvfrom()[0]",
            *below("socketserver.BaseRequestHandler.", "rfile", "rfile.readline()", "rfile.read()"),
            advice=FIXED_SET,
        ),
        *unbounded(
            "address",
            "the address of a peer",
            *below("socketserver.BaseRequestHandler.", "client_address"),
            advice=LOG,
        ),
        *unbounded("server-text", "text the server sent", "socket.socket.recv()", "http.client.HTTPResponse.read()", advice=LOG),
        *leads(
            ("socket.socket.accept()[0]", "socket.accepted"),
            ("socket.create_server()", "socket.socket"),
            ("http.client.HTTPConnection.getresponse()", "http.client.HTTPResponse"),
            ("http.client.HTTPSConnection.getresponse()", "http.client.HTTPResponse"),
            ("socket.create_connection()", "socket.socket"),
            ("socketserver.BaseRequestHandler.request", "socket.accepted"),
        ),
        *unbounded("server-text", "text the server sent", "urllib.request.urlopen()", "urllib.request.urlopen().read()", advice=LOG),
        *bounded(62, "status", "HTTP status", *below("urllib.request.urlopen()", ".status", ".code", ".getcode()")),
        *unbounded("address", "the address of the client", "http.server.BaseHTTPRequestHandler.client_address", advice=LOG),
    ),
    aliases=(
        ("socketserver.StreamRequestHandler", "socketserver.BaseRequestHandler"),
        ("socketserver.DatagramRequestHandler", "socketserver.BaseRequestHandler"),
    ),
)
