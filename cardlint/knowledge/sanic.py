"""Sanic: requests and routes."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, below, leads, parameters, transfer, unbounded
from cardlint.knowledge.schema import Framework, Library, Route, Shape
from cardlint.knowledge.web import request, response

LIBRARY = Library(
    packages=("sanic",),
    rows=(
        *request(
            "sanic.Request",
            paths=(".path", ".url", ".raw_url", ".server_path", ".query_string"),
            addresses=(".ip", ".remote_addr", ".client_ip", ".port"),
            users=(".credentials", ".token", ".cookies", ".cookies[]", ".ctx.user"),
            headers=(".headers", ".headers[]", ".accept", ".forwarded"),
            inputs=(
                ".args",
                ".args[]",
                ".form",
                ".form[]",
                ".json",
                ".json[]",
                ".load_json()",
                ".body",
                ".query_args",
                ".get_args()",
                ".get_query_args()",
                ".get_form()",
                ".files",
                ".files[]",
            ),
            ids=(".id",),
            params=(".match_info", ".match_info[]"),
            hosts=(".host", ".server_name", ".server_port"),
            schemes=(".scheme", ".version"),
            content_types=(".content_type",),
            routes=(".uri_template", ".route.path", ".name", ".endpoint", ".route.name"),
        ),
        *parameters("a parameter from the URL", "sanic.path_argument[]"),
        *leads(("sanic.Request.app", "sanic.Sanic")),
        *transfer("route-url", "the URL of a route", "sanic.Sanic.url_for()"),
        *unbounded("payload", "a message of a client", *below("sanic.Websocket", ".recv()", "[*]"), advice=FIXED_SET),
        *response("sanic.HTTPResponse", ".status", texts=(".body",)),
    ),
    shapes=(
        *(
            Shape(
                "sanic",
                (("request", "sanic.Request"), ("response", "sanic.HTTPResponse"), ("exception", "builtins.BaseException")),
                decorator=f"sanic.{owner}.signal()",
                by_keyword=True,
            )
            for owner in ("Sanic", "Blueprint")
        ),
        *(Shape("sanic", (("#0", "sanic.Request"),), decorator=f"sanic.{owner}.websocket()") for owner in ("Sanic", "Blueprint")),
        *(
            Shape("sanic", (("#0", "sanic.Request"), ("#1", "sanic.HTTPResponse")), decorator=f"sanic.{owner}.{hook}")
            for owner in ("Sanic", "Blueprint")
            for hook in ("on_request", "on_response", "on_request()", "on_response()", "middleware()", "middleware")
        ),
        *(
            Shape(
                "sanic",
                (("#0", "sanic.Request"), *((f"#{n}", "sanic.path_argument[]") for n in range(1, 5))),
                base="sanic.views.HTTPMethodView",
                method=verb,
            )
            for verb in ("get", "post", "put", "patch", "delete", "head", "options")
        ),
        *(
            Shape("sanic", (("#0", "sanic.Request"), ("#1", "builtins.BaseException")), decorator=f"sanic.{owner}.exception()")
            for owner in ("Sanic", "Blueprint")
        ),
        *(
            Shape("sanic", (("#0", "sanic.Request"),), decorator=f"sanic.{owner}.{verb}()")
            for owner in ("Sanic", "Blueprint")
            for verb in ("get", "post", "put", "patch", "delete", "route")
        ),
    ),
    routes=(
        *(
            Route("sanic", f"sanic.{owner}.{verb}()", syntax="<:>")
            for owner in ("Sanic", "Blueprint")
            for verb in ("get", "post", "put", "patch", "delete", "head", "options", "route", "websocket")
        ),
        *(Route("sanic", f"sanic.{owner}.add_route()", "#1", "<:>", handler="#0", keyword="handler") for owner in ("Sanic", "Blueprint")),
    ),
    framework=Framework("sanic", ("sanic",), 'request.uri_template or "unmatched"'),
    aliases=(
        ("sanic.request.Request", "sanic.Request"),
        ("sanic.response.HTTPResponse", "sanic.HTTPResponse"),
        ("sanic.request.types.Request", "sanic.Request"),
        ("sanic.server.websockets.impl.WebsocketImplProtocol", "sanic.Websocket"),
    ),
)
"""Sanic 25.12, `request/types.py`, `signals.py` and the signals that `app.py` and `http/http1.py` send."""
