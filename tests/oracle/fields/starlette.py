"""What Starlette passes and holds, each value in a label of its own."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

SERVICE = """\
from prometheus_client import Counter, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, Mount, WebSocketRoute
from starlette.endpoints import HTTPEndpoint
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.sessions import SessionMiddleware
# metrics


class Mid(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        response = await call_next(request)
        # fields: mw
        return response


async def user(request: Request):
    # fields: get
    return JSONResponse({})


async def order(request: Request):
    data = await request.json()
    # fields: post
    return JSONResponse({})


async def form(request: Request):
    form = await request.form()
    # fields: form
    return JSONResponse({})


class End(HTTPEndpoint):
    async def get(self, request):
        # fields: end
        return PlainTextResponse("x")


class Pure:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def wrapped(message):
            # fields: send
            await send(message)

        await self.app(scope, receive, wrapped)
        if scope["type"] == "http":
            # fields: pure
            pass


async def boom(request):
    raise ValueError("no " + request.path_params["x"])


async def failed(request, exc):
    # fields: exc
    return PlainTextResponse("no", 500)


async def metrics(request):
    return PlainTextResponse(generate_latest())


app = Starlette(
    routes=[
        Route("/users/{name}", user, name="user"),
        Route("/orders", order, methods=["POST"]),
        Route("/form", form, methods=["POST"]),
        Route("/end/{x}", End),
        Route("/boom/{x}", boom),
        Mount("/m/{tenant}", routes=[Route("/x/{y}", user, name="inner")]),
        Route("/metrics", metrics),
    ],
    middleware=[Middleware(Pure), Middleware(SessionMiddleware, secret_key="x"), Middleware(Mid)],
    exception_handlers={ValueError: failed},
)
"""

FIELDS = {
    "mw": """
        request.url.path
        str(request.url)
        request.url
        request.url.query
        request.url.scheme
        request.url.hostname
        request.url.netloc
        request.scope["path"]
        request.scope["root_path"]
        request.scope.get("root_path")
        request.scope["query_string"]
        request.scope["type"]
        request.scope["http_version"]
        request.scope.get("route").path
        request.scope["route"].path if "route" in request.scope else "unmatched"
        request.scope["route"].name if request.scope.get("route") else "none"
        getattr(request.scope.get("route"), "path", None) or "none"
        getattr(request.scope.get("endpoint"), "__name__", "none")
        request.scope["endpoint"].__name__ if "endpoint" in request.scope else "none"
        request.headers.get("user-agent")
        request.headers["user-agent"]
        request.headers.get("accept", "none").split(",")[0]
        request.headers.get("content-type", "").split(";")[0]
        request.cookies.get("sid")
        request.client.host
        request.client.port
        f"{request.client.host}:{request.client.port}"
        request.query_params.get("q")
        str(request.query_params)
        len(request.query_params)
        request.path_params.get("name", "none")
        "".join(sorted(request.path_params))
        str(sorted(request.path_params.keys()))
        response.status_code
        f"{response.status_code // 100}xx"
        str(response.status_code)[0]
        response.headers.get("content-type")
        response.headers["content-length"]
        request.method
        request.method.lower()
        request.url.path.split("/")[1]
        request.url.path.rstrip("/")
        request.url.path.count("/")
        request.url.path == "/metrics"
        request.url.path.startswith("/users")
        "/users" if request.url.path.startswith("/users") else "other"
        request.state.__class__.__name__
        type(response).__name__
        request.session.get("x", "none")
        request.base_url.path
        request.url.port
        request.url.components.path
        request.url.replace(query="").path
        bool(request.headers.get("authorization"))
        request.headers.get("authorization", "").partition(" ")[0]
        request.is_secure if hasattr(request, "is_secure") else "n"
        hash(request.url.path) % 8
        request.url.path[:4]
        request.url.path[-1]
        request.headers.getlist("user-agent")[0]
        dict(request.headers)["user-agent"]
    """,
    "get": """
        request.path_params["name"]
        request.path_params["name"].upper()
        request.url_for("user", name=request.path_params["name"])
        request.url_for("user", name="a").path
        request.app.url_path_for("user", name=request.path_params["name"])
        request.scope["route"].path
        request.scope["path_params"]["name"]
        len(request.path_params["name"])
        request.path_params["name"][0].isdigit()
        request["path"]
        request["route"].path
        request.get("route").path
    """,
    "post": """
        data["kind"]
        data.get("kind")
        data["items"][0]["id"]
        len(data["items"])
        len(data["items"]) > 3
        data["n"]
        data["n"] % 4
        data["flag"]
        bool(data["flag"])
        str(data)
        data["kind"] in ("a", "b")
        {"a": 1}.get(data["kind"], 0)
        (await request.body()).decode()
        len(await request.body())
        type(data["n"]).__name__
        "big" if data["n"] > 10 else "small"
        min(data["n"], 5)
        max(0, min(data["n"], 5))
        round(data["n"] / 10)
        data["n"] // 25
        data["kind"][:1]
        next(iter(data))
        ",".join(data)
        data.keys()
    """,
    "form": """
        form["name"]
        form.get("name")
        form["file"].filename
        form["file"].content_type
        form["file"].size
        form["file"].filename.rsplit(".", 1)[-1]
        request.headers["content-type"]
    """,
    "end": """
        request.url.path
        self.scope["path"]
        self.__class__.__name__
        request.scope["route"].path
        request.path_params["x"]
        self.scope["method"]
    """,
    "send": """
        message["type"]
        message.get("status")
        message.get("status", 0)
        message["status"] if message["type"] == "http.response.start" else 0
        len(message.get("body", b""))
    """,
    "pure": """
        scope["path"]
        scope.get("path")
        scope["raw_path"]
        scope["method"]
        scope["client"][0]
        scope["client"]
        scope["query_string"].decode()
        scope["headers"][0][0]
        dict(scope["headers"]).get(b"user-agent")
        scope["route"].path if "route" in scope else "none"
        getattr(scope.get("route"), "path", "none")
        scope.get("endpoint").__name__ if scope.get("endpoint") else "none"
        scope["scheme"]
        scope["server"][0]
        scope["server"][1]
        scope["app"].__class__.__name__
        scope.get("path_params", {}).get("name", "none")
        scope["type"]
        scope["root_path"]
    """,
    "exc": """
        str(exc)
        repr(exc)
        exc.args[0]
        type(exc).__name__
        exc.__class__.__qualname__
        exc
        request.url.path
        f"{type(exc).__name__}: {exc}"
    """,
}


def drive(app: Any, count: int) -> str:
    with TestClient(app.app, follow_redirects=False, raise_server_exceptions=False) as c:
        for n in range(count):
            h = {
                "user-agent": f"a{n}",
                "accept": f"text/x{n},b",
                "authorization": f"Bearer t{n}",
                "cookie": f"sid=s{n}",
                "content-type": f"text/x{n}; charset=utf8",
                "host": f"h{n}.example",
            }
            c.get(f"/users/u{n}?q=w{n}", headers=h)
            c.get(f"/m/t{n}/x/{n}")
            c.get(f"/end/{n}")
            c.get(f"/boom/b{n}")
            c.get(f"/nope{n}/x")
            c.request(f"M{n}", "/users/u")
            c.post(
                "/orders",
                json={"kind": f"k{n}", "items": [{"id": n}] * n + [{"id": n}], "n": n, "flag": f"f{n}", f"x{n}": 1}
                if n % 2
                else {f"y{n}": 1, "kind": f"k{n}", "items": [{"id": n}] * (n + 1), "n": n, "flag": n},
            )
            c.post("/form", data={"name": f"n{n}"}, files={"file": (f"f{n}.e{n}", b"x" * n, f"image/x{n}")})
        return c.get("/metrics").text
