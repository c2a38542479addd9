"""Pyramid and WebOb: requests and routes."""

from __future__ import annotations

from cardlint.knowledge.rows import client, leads, transfer
from cardlint.knowledge.schema import Framework, Library, Named, Shape
from cardlint.knowledge.web import request, response

REQUEST = "pyramid.request.Request"

LIBRARY = Library(
    packages=("pyramid", "webob"),
    rows=(
        *request(
            REQUEST,
            paths=(
                ".current_route_path()",
                ".current_route_url()",
                ".path",
                ".path_info",
                ".path_qs",
                ".url",
                ".path_url",
                ".query_string",
                ".view_name",
            ),
            addresses=(".remote_addr", ".client_addr"),
            users=(
                ".authenticated_userid",
                ".unauthenticated_userid",
                ".user",
                ".session[]",
                ".cookies",
                ".cookies[]",
                ".remote_user",
                ".identity",
            ),
            headers=(
                ".headers",
                ".headers[]",
                ".user_agent",
                ".referer",
                ".referrer",
                ".authorization",
                ".accept",
                ".charset",
                ".content_length",
                ".if_match",
                ".if_none_match",
                ".range",
            ),
            inputs=(
                ".params",
                ".params[]",
                ".GET",
                ".GET[]",
                ".POST",
                ".POST[]",
                ".json_body",
                ".json_body[]",
                ".json",
                ".json[]",
                ".body",
                ".text",
            ),
            params=(".matchdict", ".matchdict[]"),
            mounts=(".script_name",),
            hosts=(".host", ".host_url", ".host_port", ".domain", ".application_url"),
            schemes=(".scheme",),
            routes=(".matched_route.pattern", ".matched_route.name", ".matched_route"),
        ),
        *client(20, "content-type", "the media type the client sent", REQUEST + ".content_type"),
        *client(20, "http-host", "the URL of a route with the Host header the client sent", "pyramid.route_url"),
        *transfer("route-url:pyramid.route_url", "the URL of a route", REQUEST + ".route_url()"),
        *leads((REQUEST + ".environ", "wsgi.environ"), ("pyramid.handler()", "pyramid.response.Response")),
        *response(
            "pyramid.httpexceptions.HTTPException",
            ".status_code",
            ".status_int",
            ".status",
            ".code",
            ".title",
            texts=("", ".detail", ".explanation", ".comment"),
        ),
        *response("pyramid.response.Response", ".status_code", ".status_int", ".status", texts=(".body", ".text")),
        *transfer("route-url", "the URL of a route", "pyramid.request.Request.route_path()"),
        *leads(
            ("pyramid.events.NewRequest.request", REQUEST),
            ("pyramid.events.NewResponse.request", REQUEST),
            ("pyramid.events.ContextFound.request", REQUEST),
            ("pyramid.events.NewResponse.response", "pyramid.response.Response"),
        ),
    ),
    shapes=(
        Shape("pyramid", (("event", "pyramid.events.NewRequest"),), decorator="pyramid.events.subscriber()"),
        *(
            Shape(
                "pyramid",
                ((context, "pyramid.httpexceptions.HTTPException"), ("request", REQUEST)),
                decorator=f"pyramid.view.{view}_view_config()",
                signature=(context, "request"),
            )
            for context in ("exc", "context")
            for view in ("notfound", "forbidden")
        ),
        *(
            Shape("pyramid", (("request", REQUEST),), decorator=f"pyramid.view.{view}_config()", signature=("request",))
            for view in ("view", "notfound_view", "forbidden_view")
        ),
        *(
            Shape(
                "pyramid",
                ((context, "builtins.BaseException"), ("request", REQUEST)),
                decorator="pyramid.view.exception_view_config()",
                signature=(context, "request"),
            )
            for context in ("exc", "context", "error", "exception", "e")
        ),
        Shape("pyramid", (("request", REQUEST),), decorator="pyramid.view.exception_view_config()", signature=("request",)),
    ),
    names=(Named(("pyramid",), "handler", "pyramid.handler", ("registry",)),),
    framework=Framework("pyramid", ("pyramid", "webob"), 'request.matched_route.pattern if request.matched_route else "unmatched"'),
    aliases=(("webob.Request", REQUEST), ("pyramid.interfaces.IRequest", REQUEST), ("webob.Response", "pyramid.response.Response")),
)
