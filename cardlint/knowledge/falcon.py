"""Falcon: requests and routes."""

from __future__ import annotations

from cardlint.knowledge.rows import NAME, below, bounded, leads, parameters, transfer, unbounded
from cardlint.knowledge.schema import Framework, Library, Row, Shape
from cardlint.knowledge.web import request, response

VERBS = ("get", "post", "put", "patch", "delete", "head", "options")

LIBRARY = Library(
    packages=("falcon",),
    rows=(
        *request(
            "falcon.Request",
            paths=(".path", ".uri", ".url", ".relative_uri", ".forwarded_uri", ".query_string"),
            addresses=(".remote_addr", ".access_route"),
            users=(".auth", ".context.user", ".cookies", ".cookies[]", ".get_cookie_values()"),
            headers=(
                ".get_header()",
                ".headers",
                ".headers[]",
                ".user_agent",
                ".referer",
                ".accept",
                ".expect",
                ".range",
                ".if_match",
                ".if_none_match",
                ".content_length",
                ".date",
            ),
            inputs=(
                *(f".get_param_as_{kind}()" for kind in ("int", "float", "uuid", "date", "datetime", "list", "json", "media", "dict")),
                ".get_param()",
                ".params",
                ".params[]",
                ".media",
                ".media[]",
                ".get_media()",
                ".bounded_stream.read()",
            ),
            ids=(".context.request_id",),
            mounts=(".root_path",),
            hosts=(".host", ".netloc", ".port", ".prefix", ".forwarded_host", ".forwarded_prefix", ".subdomain"),
            schemes=(
                ".scheme",
                ".forwarded_scheme",
                ".get_param_as_bool()",
                ".has_param()",
                ".client_accepts_json",
                ".client_accepts_msgpack",
                ".client_accepts_xml",
            ),
            routes=(".uri_template",),
            content_types=(".content_type",),
        ),
        *leads(("falcon.Request.env", "wsgi.environ")),
        *transfer("best", "one of those offered", "falcon.Request.client_prefers()"),
        *bounded(20, "code-name", "a name from the pattern of a route", "falcon.path_params[*]"),
        *parameters(
            "a parameter from the URL", "falcon.path_argument[]", *below("falcon.path_params", "[]", ".get()", ".pop()", ".values()")
        ),
        *unbounded("exception-text", "the text of an error", "falcon.HTTPError.description", "falcon.HTTPError.args", advice=NAME),
        Row("falcon.HTTPError", "unbounded", None, "exception-text", "the text of an exception", advice=NAME),
        *bounded(15, "status", "HTTP status", "falcon.HTTPError.status", "falcon.HTTPError.status_code"),
        *response("falcon.Response", ".status", ".status_code", texts=(".text", ".data", ".media")),
    ),
    shapes=(
        Shape(
            "falcon",
            (("req", "falcon.Request"), ("resp", "falcon.Response"), ("params", "falcon.path_params")),
            signature=("req", "resp", "resource", "params"),
        ),
        Shape(
            "falcon",
            (("req", "falcon.Request"), ("resp", "falcon.Response"), ("ex", "falcon.HTTPError"), ("params", "falcon.path_params")),
            signature=("req", "resp", "ex", "params"),
        ),
        *(
            Shape(
                "falcon",
                (("req", "falcon.Request"), ("resp", "falcon.Response"), *((f"#{n}", "falcon.path_argument[]") for n in range(2, 6))),
                method=f"on_{verb}{suffix}",
                signature=("req", "resp"),
            )
            for verb in VERBS
            for suffix in ("", "_*")
        ),
        Shape("falcon", (("req", "falcon.Request"), ("resp", "falcon.Response")), signature=("req", "resp")),
    ),
    framework=Framework("falcon", ("falcon",), 'req.uri_template or "unmatched"'),
    aliases=(
        ("falcon.asgi.Request", "falcon.Request"),
        ("falcon.asgi.Response", "falcon.Response"),
        ("falcon.request.Request", "falcon.Request"),
        ("falcon.http_error.HTTPError", "falcon.HTTPError"),
    ),
)
