"""BlackSheep and Robyn: requests and routes."""

from __future__ import annotations

from cardlint.knowledge.schema import Library, Route, Shape
from cardlint.knowledge.web import request, response

SHEEP, ROBYN = "blacksheep.Request", "robyn.Request"
METHODS = ("get", "post", "put", "patch", "delete", "head", "options")

LIBRARY = Library(
    packages=("blacksheep", "robyn"),
    rows=(
        *request(
            SHEEP,
            paths=(".path", ".url", ".url.path", ".url.query"),
            addresses=(".client_ip", ".original_client_ip"),
            users=(".identity", ".user"),
            headers=(".headers", ".headers.get_first()", ".get_first_header()", ".cookies", ".get_cookie()"),
            inputs=(".json()", ".form()", ".text()", ".read()"),
            params=(".route_values[]", ".query"),
            hosts=(".host",),
            schemes=(".scheme",),
            content_types=(".content_type()",),
        ),
        *request(
            ROBYN,
            paths=(".url", ".url.path"),
            addresses=(".ip_addr",),
            users=(".identity",),
            headers=(".headers", ".headers.get()", ".headers[]"),
            inputs=(".body", ".json()", ".form_data"),
            params=(".path_params[]", ".query_params.get()"),
            hosts=(".url.host",),
            schemes=(".url.scheme",),
        ),
        *response("blacksheep.Response", ".status", texts=(".content",)),
        *response("robyn.Response", ".status_code", texts=(".description",)),
    ),
    shapes=(
        *(
            Shape("robyn", (("request", ROBYN), ("req", ROBYN)), decorator=f"robyn.{app}.{name}()")
            for app in ("Robyn", "SubRouter")
            for name in METHODS
        ),
        Shape("robyn", (("#0", ROBYN),), decorator="robyn.Robyn.before_request()"),
        Shape("robyn", (("request", ROBYN), ("response", "robyn.Response")), decorator="robyn.Robyn.after_request()"),
    ),
    routes=tuple(Route("blacksheep", f"{owner}.{name}()") for owner in ("blacksheep", "blacksheep.Application.router") for name in METHODS),
    aliases=(
        ("blacksheep.messages.Request", SHEEP),
        ("blacksheep.messages.Response", "blacksheep.Response"),
        ("robyn.robyn.Response", "robyn.Response"),
        ("robyn.robyn.Request", ROBYN),
    ),
)
"""BlackSheep 2.6, `messages.pyi` and Requests; Robyn 0.88, `robyn.pyi` and the Request object. `url.path` of Robyn is a text."""
