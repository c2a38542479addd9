"""httpx: requests, responses and errors."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Shape

LIBRARY = Library(
    packages=("httpx",),
    rows=(
        *bounded(15, "status", "HTTP status", "httpx.Response.status_code"),
        *bounded(4, "scheme", "HTTP version", "httpx.Response.http_version", "httpx.URL.scheme"),
        *bounded(9, "http-method", "HTTP method of an outgoing request", "httpx.Request.method", "httpx.Response.request.method"),
        *unbounded(
            "raw-path",
            "the whole URL of an outgoing request",
            "httpx.URL",
            "httpx.URL.path",
            "httpx.URL.query",
            "httpx.URL.raw_path",
            "httpx.Response.url",
            "httpx.Response.request.url",
            advice="the name of the call, or the URL template",
        ),
        *deployment("inventory", "a host the program calls", "httpx.URL.host", "httpx.URL.netloc"),
        *unbounded(
            "server-text",
            "text the server sent",
            *below("httpx.Response", ".text", ".content", ".reason_phrase", ".headers[]", ".json()", ".read()", ".aread()"),
            advice=LOG,
        ),
        *unbounded("exception-text", "the text of an exception", "httpx.HTTPError", advice="`type(e).__name__`"),
        *leads(
            ("httpx.HTTPError.response", "httpx.Response"),
            ("httpx.HTTPError.request", "httpx.Request"),
            ("httpx.Request.url", "httpx.URL"),
            *(
                (f"httpx.{owner}{verb}()", "httpx.Response")
                for owner in ("", "Client.", "AsyncClient.")
                for verb in ("get", "post", "put", "patch", "delete", "head", "options", "request", "send")
            ),
        ),
    ),
    shapes=(
        Shape("httpx", (("request", "httpx.Request"),), base="httpx.BaseTransport", method="handle_request"),
        Shape("httpx", (("request", "httpx.Request"),), base="httpx.AsyncBaseTransport", method="handle_async_request"),
    ),
    aliases=(
        ("httpx.HTTPStatusError", "httpx.HTTPError"),
        ("httpx.RequestError", "httpx.HTTPError"),
        ("httpx.TimeoutException", "httpx.HTTPError"),
        ("httpx.ConnectError", "httpx.HTTPError"),
    ),
)
