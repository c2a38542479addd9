"""Bottle: requests and routes."""

from __future__ import annotations

from cardlint.knowledge.rows import NAME, bounded, leads, parameters, unbounded
from cardlint.knowledge.schema import Framework, Library, Route, Row, Shape
from cardlint.knowledge.web import request, response

LIBRARY = Library(
    packages=("bottle",),
    rows=(
        *request(
            "bottle.request",
            paths=(".path", ".fullpath", ".url", ".query_string", ".urlparts"),
            addresses=(".remote_addr", ".remote_route"),
            users=(".auth", ".get_cookie()", ".cookies", ".cookies[]"),
            headers=(".headers", ".headers[]", ".get_header()"),
            inputs=(
                ".query",
                ".query[]",
                ".forms",
                ".forms[]",
                ".json",
                ".json[]",
                ".params",
                ".params[]",
                ".body",
                ".GET",
                ".POST",
            ),
            params=(".url_args", ".url_args[]"),
            mounts=(".script_name",),
            schemes=(".urlparts.scheme",),
            routes=(".route.rule", ".route.name", ".route"),
            content_types=(".content_type",),
        ),
        *bounded(50, "template", "route template", "wsgi.environ[bottle.route].rule", "wsgi.environ[bottle.route].name"),
        *parameters("a parameter from the URL", "wsgi.environ[route.url_args]"),
        *leads(
            *(
                (f"bottle.request[{key}]", f"wsgi.environ[{key}]")
                for key in ("PATH_INFO", "REQUEST_METHOD", "REMOTE_ADDR", "QUERY_STRING", "HTTP_USER_AGENT", "HTTP_HOST")
            )
        ),
        *response("bottle.HTTPError", ".status_code", ".status", ".status_line"),
        *unbounded("exception-text", "the text of an error", "bottle.HTTPError.body", "bottle.HTTPError.traceback", advice=NAME),
        Row("bottle.HTTPError", "unbounded", None, "exception-text", "the text of an error", advice=NAME),
        *leads(("bottle.HTTPError.exception", "builtins.BaseException")),
        *leads(("bottle.request.environ", "wsgi.environ")),
        *response("bottle.response", ".status_code", ".status", ".status_line"),
    ),
    shapes=(
        *(Shape("bottle", (("#0", "bottle.HTTPError"),), decorator=f"{owner}error()") for owner in ("bottle.", "bottle.Bottle.")),
        Shape("bottle", (("route", "bottle.request.route"),), method="apply", signature=("callback", "route")),
    ),
    routes=tuple(
        Route("bottle", f"{owner}{verb}()", syntax="<:>")
        for owner in ("bottle.", "bottle.Bottle.")
        for verb in ("route", "get", "post", "put", "delete", "patch")
    ),
    framework=Framework("bottle", ("bottle",), 'route.rule if (route := request.environ.get("bottle.route")) else "unmatched"'),
    aliases=(
        ("bottle.LocalRequest", "bottle.request"),
        ("bottle.BaseRequest", "bottle.request"),
        ("bottle.Request", "bottle.request"),
        ("bottle.Response", "bottle.response"),
    ),
)
