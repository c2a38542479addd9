"""What aiohttp passes and holds, each value in a label of its own."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer

SERVICE = """\
from aiohttp import web
from prometheus_client import Counter, generate_latest


# metrics
@web.middleware
async def mw(request, handler):
    # fields: before
    try:
        response = await handler(request)
    except web.HTTPException as exc:
        # fields: http
        raise
    except Exception as exc:
        # fields: exc
        raise
    # fields: after
    return response


async def user(request):
    # fields: get
    return web.Response()


async def order(request: web.Request) -> web.Response:
    data = await request.json()
    # fields: post
    return web.json_response({})


async def form(request):
    data = await request.post()
    # fields: form
    return web.Response()


class V(web.View):
    async def get(self):
        # fields: view
        return web.Response()


async def boom(request):
    raise ValueError("no " + request.match_info["x"])


async def metrics(request):
    return web.Response(body=generate_latest())


def make():
    app = web.Application(middlewares=[mw])
    app.router.add_get("/users/{name}", user, name="user")
    app.add_routes(
        [
            web.post("/orders", order),
            web.post("/form", form),
            web.view("/v/{pk}", V),
            web.get("/boom/{x}", boom),
            web.get("/metrics", metrics),
        ]
    )
    return app
"""

FIELDS = {
    "before": """
        request.path
        request.path_qs
        request.raw_path
        request.rel_url
        str(request.url)
        request.url.path
        request.url.host
        request.url.scheme
        request.rel_url.path
        request.rel_url.query.get("q")
        request.query_string
        request.query.get("q")
        request.query["q"]
        request.method
        request.scheme
        request.secure
        request.host
        request.remote
        request.version
        str(request.version)
        f"{request.version.major}.{request.version.minor}"
        request.headers.get("User-Agent")
        request.headers["User-Agent"]
        request.content_type
        request.charset
        request.content_length
        request.cookies.get("sid")
        request.match_info.get("name", "none")
        request.match_info.route.name
        request.match_info.handler.__name__
        request.match_info.route.handler.__name__
        request.match_info.route.resource.canonical
        request.match_info.route.resource.canonical if request.match_info.route.resource else "none"
        getattr(request.match_info.route.resource, "canonical", "none")
        getattr(request.match_info.route.resource, "canonical", request.path)
        request.match_info.get_info().get("formatter", "none")
        request.match_info.get_info().get("path")
        request.match_info.route.method
        handler.__name__
        request.transport.get_extra_info("peername")[1]
        request.keep_alive
        request.can_read_body
        request.if_modified_since
        request.path.split("/")[1]
        ",".join(sorted(request.match_info))
        dict(request.match_info)
        type(request.match_info.route).__name__
        request.get("user", "none")
        request.app.get("x", "none")
        request.match_info.http_exception
        type(request.match_info.http_exception).__name__
    """,
    "http": """
        exc.status
        exc.reason
        exc.text
        str(exc)
        type(exc).__name__
        exc.status_code
        exc.headers.get("Location")
    """,
    "exc": """
        str(exc)
        type(exc).__name__
        exc.args[0]
    """,
    "after": """
        response.status
        response.reason
        response.content_type
        response.content_length
        response.headers.get("Content-Type")
        response.text
        response.body
        response.prepared
        type(response).__name__
    """,
    "get": """
        request.match_info["name"]
        request.match_info.get("name")
        request.match_info["name"].lower()
        request.app.router["user"].url_for(name=request.match_info["name"])
        request.app.router["user"].canonical
    """,
    "post": """
        data["kind"]
        (await request.text())
        (await request.read())
        data.get("n")
        data["n"] % 3
    """,
    "form": """
        data["name"]
        data.get("name")
        data["file"].filename
        data["file"].content_type
        data["file"].name
    """,
    "view": """
        self.request.path
        self.request.match_info["pk"]
        type(self).__name__
        self.request.match_info.route.resource.canonical
    """,
}


def drive(app: Any, count: int) -> str:
    return asyncio.run(_drive(app, count))


async def _drive(app: Any, count: int) -> str:
    async with TestClient(TestServer(app.make())) as c:

        async def call(m, p, **k):
            async with c.request(m, p, **k) as a:
                await a.read()

        for n in range(count):
            await call(
                "GET",
                f"/users/u{n}?q=w{n}",
                headers={"User-Agent": f"a{n}", "Host": f"h{n}.example", "Cookie": f"sid=s{n}", "Content-Type": f"text/x{n}; charset=c{n}"},
            )
            await call("GET", f"/v/{n}")
            await call("GET", f"/boom/b{n}")
            await call("GET", f"/nope{n}/x")
            await call("PROPFIND", "/orders")
            await call("POST", "/orders", json={"kind": f"k{n}", "n": n})
            f = FormData()
            f.add_field("name", f"n{n}")
            f.add_field("file", b"x", filename=f"f{n}.txt", content_type=f"image/x{n}")
            await call("POST", "/form", data=f)
        async with c.get("/metrics") as a:
            return await a.text()
