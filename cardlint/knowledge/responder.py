"""Responder and Starlite: requests and routes."""

from __future__ import annotations

from cardlint.knowledge.schema import Library, Route, Shape
from cardlint.knowledge.web import request, response

REQUEST, STARLITE = "responder.Request", "starlite.Request"
VERBS = ("get", "post", "put", "patch", "delete", "head", "route")

LIBRARY = Library(
    packages=("responder", "starlite"),
    rows=(
        *request(
            REQUEST,
            paths=(".url", ".url.path", ".full_url"),
            addresses=(".client", ".client.host"),
            users=(".session", ".session[]", ".cookies", ".cookies[]"),
            headers=(".headers", ".headers[]"),
            inputs=(".params", ".params[]", ".media()", ".text", ".content"),
            params=(".path_params", ".path_params[]"),
            hosts=(".url.hostname", ".url.netloc"),
            schemes=(".url.scheme",),
            content_types=(".mimetype",),
        ),
        *response("responder.Response", ".status_code", texts=(".text", ".content", ".media")),
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
    shapes=(Shape("responder", (("#0", REQUEST), ("resp", "responder.Response")), decorator="responder.API.route()"),),
    routes=(
        Route("responder", "responder.API.route()"),
        *(
            Route("starlite", f"starlite.{verb}()", validates="annotations", others="query", body="data", injects="dependencies")
            for verb in VERBS
        ),
    ),
    aliases=(
        ("responder.models.Request", REQUEST),
        ("responder.models.Response", "responder.Response"),
        ("responder.api.API", "responder.API"),
        ("starlite.handlers", "starlite"),
        ("starlite.connection.Request", STARLITE),
        ("starlite.connection.ASGIConnection", STARLITE),
        ("starlite.ASGIConnection", STARLITE),
        ("starlite.response.Response", "starlite.Response"),
    ),
)
"""Responder 9.2, `models.py` and `api.py`; Starlite 1.51, `connection` and `handlers`. Their scopes have no template of the route."""
