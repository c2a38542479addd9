"""Falcon: requests and routes (knowledge B and C)."""

from __future__ import annotations

from cardlint.knowledge.schema import Framework, Library, Shape
from cardlint.knowledge.web import request, response

LIBRARY = Library(
    packages=("falcon",),
    rows=(
        *request(
            "falcon.Request",
            paths=(".path", ".uri", ".url", ".relative_uri", ".query_string"),
            addresses=(".remote_addr", ".access_route"),
            users=(".auth", ".context.user", ".cookies", ".cookies[]"),
            headers=(".get_header()", ".headers", ".headers[]", ".user_agent", ".referer"),
            inputs=(
                ".get_param()",
                ".params",
                ".params[]",
                ".params.get()",
                ".media",
                ".media[]",
                ".media.get()",
                ".get_media()",
                ".bounded_stream.read()",
            ),
            ids=(".context.request_id",),
            hosts=(".host", ".netloc"),
            schemes=(".scheme",),
            routes=(".uri_template",),
            content_types=(".content_type",),
        ),
        *response("falcon.Response", ".status", ".status_code", texts=(".text", ".data", ".media")),
    ),
    shapes=(Shape("falcon", (("req", "falcon.Request"), ("resp", "falcon.Response")), signature=("req", "resp")),),
    framework=Framework("falcon", ("falcon",), 'req.uri_template or "unmatched"'),
    aliases=(
        ("falcon.asgi.Request", "falcon.Request"),
        ("falcon.asgi.Response", "falcon.Response"),
        ("falcon.request.Request", "falcon.Request"),
    ),
)
