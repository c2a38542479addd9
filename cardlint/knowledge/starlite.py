"""Starlite, which Litestar was called before: requests and routes."""

from __future__ import annotations

from cardlint.knowledge.schema import Library, Route
from cardlint.knowledge.web import request, response

STARLITE = "starlite.Request"
VERBS = ("get", "post", "put", "patch", "delete", "head", "route")

LIBRARY = Library(
    packages=("starlite",),
    rows=(
        *request(
            STARLITE,
            paths=(".url", ".url.path", ".scope[path]", ".scope[raw_path]", ".scope[query_string]"),
            methods=(".method", ".scope[method]"),
            addresses=(".client", ".client.host", ".scope[client]"),
            users=(".user", ".auth", ".session", ".session[]", ".cookies", ".cookies[]"),
            headers=(".headers", ".headers[]", ".scope[headers]"),
            inputs=(".query_params", ".query_params[]", ".json()", ".json()[]", ".form()", ".body()"),
            params=(".path_params", ".path_params[]", ".scope[path_params]"),
            hosts=(".url.hostname", ".url.netloc"),
            schemes=(".url.scheme", ".scope[type]", ".scope[http_version]", ".scope[scheme]"),
            content_types=(".content_type",),
        ),
        *response("starlite.Response", ".status_code", texts=(".content",)),
    ),
    routes=tuple(
        Route("starlite", f"starlite.{verb}()", validates="annotations", others="query", body="data", injects="dependencies")
        for verb in VERBS
    ),
    aliases=(
        ("starlite.handlers", "starlite"),
        ("starlite.connection.Request", STARLITE),
        ("starlite.connection.ASGIConnection", STARLITE),
        ("starlite.ASGIConnection", STARLITE),
        ("starlite.response.Response", "starlite.Response"),
    ),
)
"""Starlite 1.51, `connection` and `handlers`. Its scope has no template of the route."""
