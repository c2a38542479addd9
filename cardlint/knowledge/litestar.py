"""Litestar: requests and routes (knowledge B and C)."""

from __future__ import annotations

from cardlint.knowledge.schema import Framework, Library, Shape
from cardlint.knowledge.web import request

LIBRARY = Library(
    packages=("litestar",),
    rows=(
        *request(
            "litestar.Request",
            paths=(".url", ".url.path", ".scope[path]", ".scope[raw_path]", ".base_url"),
            addresses=(".client", ".client.host"),
            users=(".user", ".auth", ".session", ".session[]", ".cookies", ".cookies[]", ".cookies.get()"),
            headers=(".headers", ".headers[]", ".headers.get()"),
            inputs=(".query_params", ".query_params[]", ".query_params.get()", ".json()", ".json()[]", ".form()", ".body()"),
            params=(".path_params", ".path_params[]"),
            hosts=(".url.hostname", ".url.netloc"),
            schemes=(".url.scheme",),
            routes=(".scope[path_template]", ".route_handler.name", ".scope[route_handler]", ".route_handler"),
        ),
    ),
    shapes=(Shape("litestar", (("request", "litestar.Request"),), method="handle", signature=("scope", "receive", "send", "next_app")),),
    framework=Framework("litestar", ("litestar",), 'request.scope.get("path_template", "unmatched")'),
    aliases=(
        ("litestar.connection.ASGIConnection", "litestar.Request"),
        ("litestar.connection.Request", "litestar.Request"),
        ("litestar.connection.request.Request", "litestar.Request"),
    ),
)
