"""Pyramid and WebOb: requests and routes (knowledge B and C)."""

from __future__ import annotations

from cardlint.knowledge.rows import leads, transfer
from cardlint.knowledge.schema import Framework, Library, Shape
from cardlint.knowledge.web import request, response

LIBRARY = Library(
    packages=("pyramid", "webob"),
    rows=(
        *request(
            "pyramid.request.Request",
            paths=(".path", ".path_info", ".path_qs", ".url", ".path_url", ".query_string", ".view_name"),
            addresses=(".remote_addr", ".client_addr"),
            users=(".authenticated_userid", ".unauthenticated_userid", ".user", ".session[]", ".cookies", ".cookies[]", ".remote_user", ".identity"),
            headers=(".headers", ".headers[]", ".headers.get()", ".user_agent", ".referer", ".referrer"),
            inputs=(".params", ".params[]", ".params.get()", ".GET", ".GET[]", ".POST", ".POST[]", ".json_body", ".json_body[]", ".body"),
            params=(".matchdict", ".matchdict[]", ".matchdict.get()"),
            hosts=(".host", ".host_url", ".domain"),
            schemes=(".scheme",),
            routes=(".matched_route.pattern", ".matched_route.name", ".matched_route"),
        ),
        *response("pyramid.response.Response", ".status_code", ".status_int", ".status", texts=(".body", ".text")),
        *transfer("route-url", "the URL of a route", "pyramid.request.Request.route_path()"),
        *leads(("pyramid.events.NewRequest.request", "pyramid.request.Request"), ("pyramid.events.NewResponse.request", "pyramid.request.Request"), ("pyramid.events.ContextFound.request", "pyramid.request.Request"), ("pyramid.events.NewResponse.response", "pyramid.response.Response")),
    ),
    shapes=(
        Shape("pyramid", (("event", "pyramid.events.NewRequest"),), decorator="pyramid.events.subscriber()"),
        *(Shape("pyramid", (("request", "pyramid.request.Request"),), decorator=f"pyramid.view.{view}_config()", signature=("request",)) for view in ("view", "notfound_view", "forbidden_view")),
        *(Shape("pyramid", ((context, "builtins.BaseException"), ("request", "pyramid.request.Request")), decorator="pyramid.view.exception_view_config()", signature=(context, "request")) for context in ("exc", "context", "error", "exception", "e")),
        Shape("pyramid", (("request", "pyramid.request.Request"),), decorator="pyramid.view.exception_view_config()", signature=("request",)),
    ),
    framework=Framework("pyramid", ("pyramid", "webob"), 'request.matched_route.pattern if request.matched_route else "unmatched"'),
    aliases=(("webob.Request", "pyramid.request.Request"), ("pyramid.interfaces.IRequest", "pyramid.request.Request"), ("webob.Response", "pyramid.response.Response")),
)  # fmt: skip
