"""Bottle: requests and routes (knowledge B and C)."""

from __future__ import annotations

from cardlint.knowledge.rows import bounded, leads
from cardlint.knowledge.schema import Framework, Library, Route
from cardlint.knowledge.web import request, response

LIBRARY = Library(
    packages=("bottle",),
    rows=(
        *request(
            "bottle.request",
            paths=(".path", ".fullpath", ".url", ".query_string", ".urlparts"),
            addresses=(".remote_addr", ".remote_route"),
            users=(".auth", ".get_cookie()", ".cookies", ".cookies[]"),
            headers=(".headers", ".headers[]", ".headers.get()", ".get_header()"),
            inputs=(
                ".query",
                ".query[]",
                ".query.get()",
                ".forms",
                ".forms[]",
                ".forms.get()",
                ".json",
                ".json[]",
                ".params",
                ".params[]",
                ".body",
            ),
            params=(".url_args", ".url_args[]"),
            routes=(".route.rule", ".route.name", ".route"),
            content_types=(".content_type",),
        ),
        *bounded(50, "template", "route template", "wsgi.environ[bottle.route].rule", "wsgi.environ[bottle.route].name"),
        *leads(("bottle.request.environ", "wsgi.environ")),
        *response("bottle.response", ".status_code", ".status", ".status_line"),
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
