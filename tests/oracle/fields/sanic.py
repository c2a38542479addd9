"""What Sanic passes and holds, each value in a label of its own."""

from __future__ import annotations

import logging
from typing import Any

from sanic_testing.reusable import ReusableClient

from tests.oracle import ports

SERVICE = """\
from sanic import Sanic, Request, Blueprint, text, json
from sanic.response import HTTPResponse
from sanic.views import HTTPMethodView
from sanic.exceptions import NotFound, SanicException
from prometheus_client import Counter, generate_latest

# metrics
bp = Blueprint("b", url_prefix="/b")


@bp.get("/users/<name>")
async def user(request, name):
    # fields: get
    return text("x")


class V(HTTPMethodView):
    async def get(self, request, pk: int):
        # fields: view
        return text("x")


def make(name):
    app = Sanic(name)
    app.blueprint(bp)
    app.add_route(V.as_view(), "/v/<pk:int>")

    @app.middleware("request")
    async def before(request):
        # fields: before
        pass

    @app.middleware("response")
    async def after(request, response):
        # fields: after
        pass

    @app.exception(NotFound)
    async def lost(request, exception):
        # fields: lost
        return text("no", status=404)

    @app.exception(ValueError)
    def bad(request, exception):
        # fields: bad
        return text("no", status=500)

    @app.post("/orders")
    async def order(request: Request):
        data = request.json
        # fields: post
        return json({})

    @app.post("/form")
    async def form(request: Request):
        # fields: form
        return json({})

    @app.get("/boom/<x:str>")
    async def boom(request, x):
        raise ValueError("no " + x)

    @app.get("/metrics")
    async def metrics(request):
        return HTTPResponse(generate_latest())

    return app
"""

FIELDS = {
    "before": """
        request.path
        request.url
        request.raw_url
        request.query_string
        request.query_args
        request.method
        request.host
        request.scheme
        request.ip
        request.port
        request.remote_addr
        request.client_ip
        request.id
        request.headers.get("user-agent")
        request.headers["user-agent"]
        request.token
        request.credentials
        request.content_type
        request.cookies.get("sid")
        request.args.get("q")
        request.args
        request.get_args().get("q")
        request.match_info.get("name", "none")
        request.uri_template
        request.uri_template or "none"
        request.route.path if request.route else "none"
        request.route.name if request.route else "none"
        request.name
        request.endpoint
        request.endpoint or "none"
        request.version
        request.server_name
        request.server_port
        request.server_path
        request.forwarded
        request.accept
        request.app.name
        request.protocol.__class__.__name__
        request.body
        request.is_safe
        request.is_idempotent
        request.is_cacheable
        request.stream.__class__.__name__
        request.path.split("/")[1]
        ",".join(sorted(request.match_info))
        request.handler.__name__ if hasattr(request, "handler") else "none"
    """,
    "after": """
        response.status
        response.content_type
        response.body
        response.headers.get("content-type")
        request.uri_template or "none"
        request.route.handler.__name__ if request.route else "none"
        f"{response.status // 100}xx"
    """,
    "lost": """
        str(exception)
        exception.status_code
        type(exception).__name__
        request.path
        exception.message
    """,
    "bad": """
        str(exception)
        exception.args[0]
        type(exception).__name__
    """,
    "get": """
        name
        request.match_info["name"]
        request.app.url_for("b.user", name=name)
    """,
    "view": """
        pk
        request.path
        self.__class__.__name__
        request.match_info["pk"]
    """,
    "post": """
        data["kind"]
        request.json["kind"]
        request.json.get("kind")
        request.body.decode()
        data["n"] % 3
        request.load_json()["kind"]
    """,
    "form": """
        request.form.get("name")
        request.form["name"][0]
        request.files.get("file").name
        request.files["file"][0].name
        request.files.get("file").type
    """,
}


def drive(app: Any, count: int) -> str:
    logging.disable(logging.CRITICAL)
    if not hasattr(app, "m"):
        app.m = app.make(f"g{id(app)}")
        app.m.config.REAL_IP_HEADER = "x-real-ip"
    c = ReusableClient(app.m, port=ports.free())
    with c:
        for n in range(count):
            c.get(
                f"/b/users/u{n}?q=w{n}",
                headers={
                    "user-agent": f"a{n}",
                    "Host": f"h{n}.example:{9000 + n}",
                    "cookie": f"sid=s{n}",
                    "x-real-ip": f"10.0.0.{n}",
                    "authorization": f"Bearer t{n}",
                    "accept": f"text/x{n}",
                    "content-type": f"text/x{n}",
                },
            )
            c.get(f"/v/{n}")
            c.get(f"/boom/b{n}")
            c.get(f"/nope{n}/x")
            c.request("/orders", http_method=f"M{n}")
            c.post("/orders", json={"kind": f"k{n}", "n": n})
            c.post("/form", data={"name": f"n{n}"}, files={"file": (f"f{n}.txt", b"x", f"image/x{n}")})
        return c.get("/metrics")[1].text
