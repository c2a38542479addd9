"""Litestar: requests and routes."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, bounded, unbounded
from cardlint.knowledge.schema import Framework, Library, Route, Shape
from cardlint.knowledge.web import request, response

SCOPE, MESSAGE = "litestar.Request.scope", "litestar.types.Message"
VERBS = ("get", "post", "put", "patch", "delete", "head", "route", "websocket")

LIBRARY = Library(
    packages=("litestar",),
    rows=(
        *request(
            "litestar.Request",
            paths=(".url", ".url.path", ".scope[path]", ".scope[raw_path]", ".scope[query_string]", ".base_url"),
            methods=(".method", ".scope[method]"),
            addresses=(".client", ".client.host", ".scope[client]"),
            users=(".user", ".auth", ".session", ".session[]", ".cookies", ".cookies[]"),
            headers=(".headers", ".headers[]", ".scope[headers]", ".accept"),
            inputs=(".query_params", ".query_params[]", ".json()", ".json()[]", ".form()", ".body()"),
            params=(".path_params", ".path_params[]", ".scope[path_params]"),
            hosts=(".url.hostname", ".url.netloc"),
            schemes=(".url.scheme", ".scope[type]", ".scope[http_version]", ".scope[scheme]"),
            content_types=(".content_type",),
            routes=(".scope[path_template]", ".route_handler.name", ".scope[route_handler]", ".route_handler"),
        ),
        *unbounded(
            "payload",
            "a message of a client",
            *(
                f"litestar.Request.{name}()"
                for name in ("receive_text", "receive_bytes", "receive_json", "receive_data", "receive_msgpack")
            ),
            *(f"litestar.Request.{name}()[*]" for name in ("iter_data", "iter_json", "iter_msgpack")),
            advice=FIXED_SET,
        ),
        *response("litestar.Response", ".status_code", texts=(".content",)),
        *response("litestar.exceptions.HTTPException", ".status_code", texts=("", ".detail")),
        *bounded(15, "status", "HTTP status", MESSAGE + "[status]"),
        *bounded(4, "message-type", "type of an ASGI message", MESSAGE + "[type]"),
        *unbounded("body", "the body of a message", MESSAGE + "[body]"),
        *unbounded(
            "body",
            "a request parameter",
            "litestar.params.Parameter()",
            "litestar.params.Body()",
            advice="a value from a fixed set: declare it as an Enum or Literal",
        ),
    ),
    shapes=(
        Shape("litestar", (("scope", SCOPE),), method="handle", signature=("scope", "receive", "send", "next_app")),
        Shape("litestar", (("scope", SCOPE),), signature=("scope", "receive", "send")),
    ),
    routes=tuple(
        Route("litestar", f"litestar.{verb}()", validates="annotations", others="query", body="data", injects="dependencies")
        for verb in VERBS
    ),
    framework=Framework("litestar", ("litestar",), 'request.scope.get("path_template", "unmatched")'),
    aliases=(
        ("litestar.handlers", "litestar"),
        ("litestar.types.Scope", SCOPE),
        ("litestar.types.HTTPScope", SCOPE),
        ("litestar.response.Response", "litestar.Response"),
        ("litestar.exceptions.http_exceptions.HTTPException", "litestar.exceptions.HTTPException"),
        ("litestar.connection.ASGIConnection", "litestar.Request"),
        ("litestar.connection.Request", "litestar.Request"),
        ("litestar.WebSocket", "litestar.Request"),
        ("litestar.connection.WebSocket", "litestar.Request"),
        ("litestar.connection.websocket.WebSocket", "litestar.Request"),
        ("litestar.connection.request.Request", "litestar.Request"),
    ),
)
"""Litestar 2.25, `connection` and `handlers`."""
