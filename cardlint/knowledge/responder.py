"""Responder: requests and routes."""

from __future__ import annotations

from cardlint.knowledge.schema import Library, Route, Shape
from cardlint.knowledge.web import request, response

REQUEST = "responder.Request"

LIBRARY = Library(
    packages=("responder",),
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
    ),
    shapes=(Shape("responder", (("#0", REQUEST), ("resp", "responder.Response")), decorator="responder.API.route()"),),
    routes=(Route("responder", "responder.API.route()"),),
    aliases=(
        ("responder.models.Request", REQUEST),
        ("responder.models.Response", "responder.Response"),
        ("responder.api.API", "responder.API"),
    ),
)
"""Responder 9.2, `models.py` and `api.py`. Its scope has no template of the route."""
