"""What Pyramid passes and holds, each value in a label of its own."""

from __future__ import annotations

from typing import Any

from webtest import TestApp

SERVICE = """\
from prometheus_client import Counter, generate_latest
from pyramid.config import Configurator
from pyramid.events import NewRequest, NewResponse, ContextFound, BeforeTraversal, subscriber
from pyramid.httpexceptions import HTTPFound, HTTPNotFound, HTTPBadRequest
from pyramid.response import Response
from pyramid.view import view_config, view_defaults, notfound_view_config, exception_view_config
from pyramid.tweens import EXCVIEW


# metrics
def tween_factory(handler, registry):
    def tween(request):
        # fields: before
        try:
            response = handler(request)
        except Exception as exc:
            raise
        # fields: after
        return response

    return tween


class Tween:
    def __init__(self, handler, registry):
        self.handler = handler

    def __call__(self, request):
        response = self.handler(request)
        # fields: ctween
        return response


@subscriber(NewRequest)
def new(event):
    # fields: new
    pass


@subscriber(NewResponse)
def answered(event):
    # fields: answered
    pass


@view_config(route_name="user", renderer="json")
def user(request):
    # fields: get
    return {}


@view_config(route_name="order", renderer="json")
def order(request):
    data = request.json_body
    # fields: post
    return {}


@view_config(route_name="form", renderer="json")
def form(context, request):
    # fields: form
    return {}


@view_defaults(route_name="cls", renderer="json")
class V:
    def __init__(self, request):
        self.request = request

    @view_config(request_method="GET")
    def get(self):
        # fields: view
        return {}


@view_config(route_name="boom")
def boom(request):
    raise ValueError("no " + request.matchdict["x"])


@exception_view_config(ValueError)
def bad(exc, request):
    # fields: bad
    return Response("no", status=500)


@notfound_view_config()
def lost(exc, request):
    # fields: lost
    return Response("no", status=404)


@view_config(route_name="metrics")
def metrics(request):
    return Response(generate_latest(), content_type="text/plain")


def make():
    with Configurator() as c:
        for n, p in dict(user="/users/{name}", order="/orders", form="/form", cls="/v/{pk}", boom="/boom/{x}", metrics="/metrics").items():
            c.add_route(n, p)
        c.add_tween(__name__ + ".tween_factory")
        c.add_tween(__name__ + ".Tween")
        c.scan(__name__)
        return c.make_wsgi_app()
"""

FIELDS = {
    "before": """
        request.path
        request.path_info
        request.path_qs
        request.path_url
        request.url
        request.query_string
        request.method
        request.host
        request.host_url
        request.host_port
        request.domain
        request.scheme
        request.remote_addr
        request.client_addr
        request.user_agent
        request.referer
        request.headers["User-Agent"]
        request.headers.get("User-Agent")
        request.content_type
        request.content_length
        request.charset
        request.cookies.get("sid")
        request.params.get("q")
        request.GET.get("q")
        request.GET["q"]
        request.authorization
        request.accept
        str(request.accept)
        request.application_url
        request.script_name
        request.is_xhr
        request.environ["PATH_INFO"]
        request.environ.get("HTTP_USER_AGENT")
        request.body
        request.text
        request.matched_route
        request.matchdict
        request.path.split("/")[1]
        request.http_version
        request.if_match
        request.range
        request.as_text() if False else "x"
    """,
    "after": """
        response.status_code
        response.status_int
        response.status
        response.content_type
        response.content_length
        response.headers.get("Content-Type")
        response.location
        request.matched_route.pattern if request.matched_route else "none"
        request.matched_route.name if request.matched_route else "none"
        getattr(request.matched_route, "pattern", "none")
        getattr(request.matched_route, "name", None) or "none"
        request.matchdict.get("name", "none") if request.matchdict else "none"
        ",".join(sorted(request.matchdict or {}))
        request.view_name
        request.context.__class__.__name__
        request.exception.__class__.__name__
        request.path
    """,
    "ctween": """
        response.status_code
        response.status_int
        response.status
        request.matched_route.pattern if request.matched_route else "none"
        request.matched_route.name if request.matched_route else "none"
        request.path
    """,
    "new": """
        event.request.path
        event.request.method
        event.request.remote_addr
    """,
    "answered": """
        event.response.status_code
        event.request.path
        event.response.content_type
        event.request.matched_route.name if event.request.matched_route else "none"
    """,
    "get": """
        request.matchdict["name"]
        request.matchdict.get("name")
        request.route_path("user", name=request.matchdict["name"])
        request.route_url("user", name=request.matchdict["name"])
        request.current_route_path()
        request.matched_route.name
    """,
    "post": """
        data["kind"]
        request.json_body["kind"]
        request.json_body.get("kind")
        request.json["kind"]
        data["n"] % 3
        request.body.decode()
    """,
    "form": """
        request.POST["name"]
        request.POST.get("name")
        request.params["name"]
        request.POST["file"].filename
    """,
    "view": """
        self.request.path
        self.request.matchdict["pk"]
        self.__class__.__name__
        self.request.matched_route.name
    """,
    "bad": """
        str(exc)
        exc.args[0]
        type(exc).__name__
    """,
    "lost": """
        str(exc)
        exc.status_code
        exc.detail
        exc.code
        type(exc).__name__
        request.path
    """,
}


def drive(app: Any, count: int) -> str:
    if not hasattr(app, "m"):
        app.m = app.make()
    c = TestApp(app.m)
    for n in range(count):
        c.get(
            f"/users/u{n}?q=w{n}",
            headers={
                "User-Agent": f"a{n}",
                "Cookie": f"sid=s{n}",
                "Content-Type": f"text/x{n}; charset=utf{n}",
                "Host": f"h{n}.example:{8000 + n}",
                "Authorization": f"B t{n}",
                "Referer": f"r{n}",
                "Accept": f"text/x{n}",
            },
            extra_environ={"REMOTE_ADDR": f"10.0.0.{n}"},
            status="*",
        )
        c.get(f"/v/{n}", status="*")
        c.get(f"/boom/b{n}", status="*")
        c.get(f"/nope{n}", status="*")
        c.get(f"/nope{n}/x", status="*")
        c.request("/orders", method=f"M{n}", status="*", expect_errors=True)
        c.post_json("/orders", {"kind": f"k{n}", "n": n}, status="*")
        c.post("/form", {"name": f"n{n}"}, upload_files=[("file", f"f{n}.txt", b"x")], status="*")
    return c.get("/metrics").text
