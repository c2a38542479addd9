"""What Litestar passes and holds, each value in a label of its own."""

from __future__ import annotations

from typing import Any

from litestar.testing import TestClient

SERVICE = """\
from typing import Any
from litestar import Litestar, Request, Response, get, post, Controller, Router
from litestar.di import Provide
from litestar.exceptions import HTTPException, NotFoundException
from litestar.middleware import AbstractMiddleware, ASGIMiddleware
from litestar.types import ASGIApp, Scope, Receive, Send
from litestar.datastructures import State
from prometheus_client import Counter, generate_latest
from pydantic import BaseModel
import msgspec


# metrics
class Mid(ASGIMiddleware):
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        await next_app(scope, receive, send)
        # fields: mid


def mw_factory(app: ASGIApp) -> ASGIApp:
    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)
        # fields: factory

    return middleware


class Body(msgspec.Struct):
    kind: str
    n: int
    flag: bool


async def before(request: Request) -> None:
    # fields: before
    pass


async def after(response: Response) -> Response:
    # fields: after
    return response


@get("/users/{name:str}")
async def user(name: str, request: Request, q: str = "none", region: str = "x") -> str:
    # fields: get
    return "x"


@post("/orders")
async def order(data: Body) -> dict[str, Any]:
    # fields: post
    return {}


@post("/raw")
async def raw(request: Request[Any, Any, State]) -> str:
    data = await request.json()
    # fields: raw
    return "x"


@get("/boom/{x:str}")
async def boom(x: str) -> str:
    raise ValueError("no " + x)


@get("/metrics")
async def metrics() -> bytes:
    return generate_latest()


def bad(request: Request, exc: Exception) -> Response:
    # fields: bad
    return Response("no", status_code=500)


def http(request, exc: HTTPException):
    # fields: http
    return Response("no", status_code=exc.status_code)


app = Litestar(
    [user, order, raw, boom, metrics],
    middleware=[Mid(), mw_factory],
    before_request=before,
    after_request=after,
    exception_handlers={ValueError: bad, HTTPException: http},
)
"""

FIELDS = {
    "mid": """
        scope["path"]
        scope["raw_path"]
        scope["path_template"]
        scope.get("path_template", "none")
        scope["method"]
        scope["type"]
        scope["query_string"]
        scope["client"][0]
        scope["headers"][0][1]
        scope["route_handler"].name
        str(scope["route_handler"])
        scope["route_handler"].fn.__name__
        scope["path_params"].get("name", "none")
        scope["http_version"]
        scope["scheme"]
        Request(scope).url.path
        Request(scope).method
    """,
    "factory": """
        scope["path"]
        scope["raw_path"]
        scope["path_template"]
        scope.get("path_template", "none")
        scope["method"]
        scope["type"]
        scope["query_string"]
        scope["client"][0]
        scope["headers"][0][1]
        scope["route_handler"].name
        str(scope["route_handler"])
        scope["route_handler"].fn.__name__
        scope["path_params"].get("name", "none")
        scope["http_version"]
        scope["scheme"]
        Request(scope).url.path
        Request(scope).method
    """,
    "before": """
        request.url.path
        str(request.url)
        request.scope["path"]
        request.scope["path_template"]
        request.method
        request.headers.get("user-agent")
        request.headers["user-agent"]
        request.client.host
        request.query_params.get("q")
        request.path_params.get("name")
        request.cookies.get("sid")
        request.route_handler.name
        request.route_handler.fn.__name__
        request.route_handler.handler_name
        str(request.route_handler)
        request.content_type
        request.content_type[0]
        request.base_url
        request.url.scheme
        request.url.netloc
        request.url.query
        request.scope["route_handler"].name
        request.accept
        request.url.path.split("/")[1]
    """,
    "after": """
        response.status_code
        response.media_type
        response.content
        response.headers.get("content-type")
    """,
    "get": """
        name
        q
        region
        request.path_params["name"]
        request.query_params["q"]
    """,
    "post": """
        data.kind
        data.n
        data.flag
        data.n % 3
        str(data)
    """,
    "raw": """
        data["kind"]
        (await request.body()).decode()
        request.url.path
    """,
    "bad": """
        str(exc)
        repr(exc)
        type(exc).__name__
        request.url.path
    """,
    "http": """
        exc.status_code
        exc.detail
        str(exc)
        type(exc).__name__
        request.url.path
    """,
}


def drive(app: Any, count: int) -> str:
    with TestClient(app.app) as c:
        for n in range(count):
            c.get(
                f"/users/u{n}?q=w{n}&region=r{n}",
                headers={
                    "user-agent": f"a{n}",
                    "cookie": f"sid=s{n}",
                    "content-type": f"text/x{n}",
                    "accept": f"text/x{n}",
                    "host": f"h{n}.example",
                },
            )
            c.get(f"/boom/b{n}")
            c.get(f"/nope{n}/x")
            c.request(f"M{n}", "/orders")
            c.post("/orders", json={"kind": f"k{n}", "n": n, "flag": bool(n % 2)})
            c.post("/raw", json={"kind": f"k{n}"})
        return c.get("/metrics").text
