"""What Tornado passes and holds, each value in a label of its own."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port

SERVICE = """\
import json
import tornado.web
from prometheus_client import Counter, generate_latest


# metrics
class Base(tornado.web.RequestHandler):
    def prepare(self):
        # fields: prep
        pass

    def on_finish(self):
        # fields: fin
        pass

    def write_error(self, status_code, **kwargs):
        # fields: we
        self.finish("no")

    def log_exception(self, typ, value, tb):
        # fields: le
        pass


class User(Base):
    def get(self, name):
        # fields: get
        self.write("x")


class Order(Base):
    async def post(self):
        data = tornado.escape.json_decode(self.request.body)
        # fields: post
        self.write("x")


class Form(Base):
    def post(self):
        # fields: form
        self.write("x")


class Boom(Base):
    def get(self, x):
        raise ValueError("no " + x)


class M(tornado.web.RequestHandler):
    def get(self):
        self.write(generate_latest())


def log(handler):
    # fields: log
    pass


def make():
    return tornado.web.Application(
        [
            (r"/users/(?P<name>[^/]+)", User),
            tornado.web.url(r"/orders", Order, name="orders"),
            (r"/form", Form),
            (r"/boom/(.*)", Boom),
            (r"/metrics", M),
        ],
        log_function=log,
    )
"""

FIELDS = {
    "prep": """
        self.request.path
        self.request.uri
        self.request.query
        self.request.full_url()
        self.request.method
        self.request.host
        self.request.host_name
        self.request.remote_ip
        self.request.protocol
        self.request.version
        self.request.headers.get("User-Agent")
        self.request.headers["User-Agent"]
        self.request.headers.get("Content-Type", "")
        self.request.arguments.get("q")
        self.get_argument("q", "none")
        self.get_query_argument("q", "none")
        self.get_cookie("sid")
        self.current_user
        self.path_kwargs.get("name", "none")
        self.path_args[0]
        self.__class__.__name__
        type(self).__name__
        self.request.body
        len(self.request.body)
        self.request.connection.context.address
        self.request.request_time()
        self.request.cookies.get("sid")
        self.request.path.split("/")[1]
        self.get_arguments("q")
        self.application.settings.get("x", "none")
        self.request.files
        ",".join(sorted(self.path_kwargs))
    """,
    "fin": """
        self.get_status()
        str(self.get_status())[0]
        self._reason
        self._status_code
        self.request.path
    """,
    "we": """
        status_code
        str(kwargs["exc_info"][1])
        kwargs["exc_info"][0].__name__
        self._reason
    """,
    "le": """
        str(value)
        typ.__name__
        value
        type(value).__name__
    """,
    "get": """
        name
        self.path_kwargs["name"]
        self.reverse_url("orders")
    """,
    "post": """
        data["kind"]
        json.loads(self.request.body)["kind"]
        data.get("n")
        self.request.body.decode()
    """,
    "form": """
        self.get_body_argument("name")
        self.get_argument("name")
        self.request.body_arguments["name"][0]
    """,
    "log": """
        handler.request.path
        handler.request.method
        handler.get_status()
        type(handler).__name__
        handler.__class__.__name__
        handler.request.request_time()
        handler.request.remote_ip
        handler._status_code
        handler.request.uri
        handler.path_kwargs.get("name", "none")
    """,
}


def drive(app: Any, count: int) -> str:
    logging.disable(logging.CRITICAL)
    return asyncio.run(_drive(app, count))


async def _drive(app: Any, count: int) -> str:
    s, port = bind_unused_port()
    srv = HTTPServer(app.make(), xheaders=True)
    srv.add_socket(s)
    cl = AsyncHTTPClient(force_instance=True)

    async def call(p, **k):
        return (await cl.fetch(f"http://127.0.0.1:{port}{p}", raise_error=False, allow_nonstandard_methods=True, **k)).body

    for n in range(count):
        await call(
            f"/users/u{n}?q=w{n}",
            headers={
                "User-Agent": f"a{n}",
                "Host": f"h{n}.example",
                "Cookie": f"sid=s{n}",
                "X-Real-Ip": f"10.0.0.{n}",
                "Content-Type": f"text/x{n}",
            },
        )
        await call(f"/boom/b{n}")
        await call(f"/nope{n}/x")
        await call("/orders", method=f"M{n}")
        await call("/orders", method="POST", body=json.dumps({"kind": f"k{n}", "n": n}))
        await call("/form", method="POST", body=f"name=n{n}", headers={"Content-Type": "application/x-www-form-urlencoded"})
    t = (await call("/metrics")).decode()
    srv.stop()
    return t
