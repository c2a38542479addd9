"""What Falcon passes and holds, each value in a label of its own."""

from __future__ import annotations

from typing import Any

from falcon.testing import TestClient

SERVICE = """\
import falcon, falcon.asgi, falcon.media
from prometheus_client import Counter, generate_latest


# metrics
class Mid:
    def process_request(self, req, resp):
        # fields: before
        pass

    def process_resource(self, req, resp, resource, params):
        # fields: res
        pass

    def process_response(self, req, resp, resource, req_succeeded):
        # fields: after
        pass


class User:
    def on_get(self, req, resp, name):
        # fields: get
        resp.text = "x"


class Order:
    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        data = req.media
        # fields: post
        resp.media = {}

    def on_post_batch(self, req, resp, n):
        # fields: batch
        resp.media = {}


class Boom:
    def on_get(self, req, resp, x):
        raise ValueError("no " + x)


def bad(req, resp, ex, params):
    # fields: bad
    resp.status = falcon.HTTP_500


def count(req, resp, resource, params):
    # fields: hook
    pass


class Hooked:
    @falcon.before(count)
    def on_get(self, req, resp, h):
        resp.text = "x"


class M:
    def on_get(self, req, resp):
        resp.data = generate_latest()


def make():
    app = falcon.App(middleware=Mid())
    app.add_route("/users/{name}", User())
    app.add_route("/orders", Order())
    app.add_route("/batch/{n:int}", Order.__new__(Order), suffix="batch")
    app.add_route("/boom/{x}", Boom())
    app.add_route("/hooked/{h}", Hooked())
    app.add_route("/metrics", M())
    app.add_error_handler(ValueError, bad)
    return app
"""

FIELDS = {
    "before": """
        req.path
        req.uri
        req.url
        req.relative_uri
        req.query_string
        req.prefix
        req.forwarded_uri
        req.method
        req.host
        req.netloc
        req.port
        req.scheme
        req.forwarded_host
        req.forwarded_scheme
        req.subdomain
        req.root_path
        req.app
        req.remote_addr
        req.access_route[0]
        req.uri_template
        req.uri_template or "none"
        req.user_agent
        req.referer
        req.auth
        req.accept
        req.content_type
        req.content_length
        req.get_header("X-A")
        req.get_header("User-Agent", default="none")
        req.headers["USER-AGENT"]
        req.headers.get("USER-AGENT")
        req.get_param("q")
        req.params.get("q")
        req.params["q"]
        req.get_param_as_int("n")
        req.get_param_as_bool("b")
        req.get_param_as_list("q")
        req.has_param("q")
        req.cookies.get("sid")
        req.get_cookie_values("sid")
        req.client_accepts_json
        req.client_prefers(["application/json", "text/html"])
        req.expect
        req.range
        req.if_match
        req.env["PATH_INFO"]
        req.env.get("REQUEST_METHOD")
        req.path.split("/")[1]
        req.context
        len(req.params)
    """,
    "res": """
        params.get("name", "none")
        params["name"]
        type(resource).__name__
        resource.__class__.__name__
        req.uri_template
        ",".join(sorted(params))
        len(params)
        list(params.values())[0]
    """,
    "after": """
        resp.status
        resp.status_code
        str(resp.status).split(" ")[0]
        resp.status[:3]
        resp.content_type
        resp.content_length
        resp.get_header("Content-Type")
        resp.text
        resp.data
        resp.media
        resource.__class__.__name__
        type(resource).__name__
        req_succeeded
        req.uri_template or "none"
    """,
    "get": """
        name
        name.lower()
        self.__class__.__name__
        req.path
    """,
    "post": """
        data["kind"]
        data.get("kind")
        req.get_media()["kind"]
        req.media["kind"]
        req.bounded_stream.read()
        data["n"] % 3
    """,
    "batch": """
        n
    """,
    "bad": """
        str(ex)
        type(ex).__name__
        ex.args[0]
        params["x"]
        req.path
    """,
    "hook": """
        params["h"]
        type(resource).__name__
        req.path
    """,
}


def drive(app: Any, count: int) -> str:
    c = TestClient(app.make())
    for n in range(count):
        c.simulate_get(
            f"/users/u{n}?q=w{n}&n={n}&b=true",
            headers={
                "User-Agent": f"a{n}",
                "X-A": f"x{n}",
                "Referer": f"r{n}",
                "Authorization": f"B {n}",
                "Accept": f"text/x{n}",
                "Content-Type": f"text/x{n}",
                "Cookie": f"sid=s{n}",
                "Expect": f"e{n}",
                "If-Match": f'"m{n}"',
                "X-Forwarded-Host": f"f{n}.example",
            },
            host=f"h{n}.example",
            remote_addr=f"10.0.0.{n}",
            port=8000 + n,
        )
        c.simulate_get(f"/boom/b{n}")
        c.simulate_get(f"/nope{n}/x")
        c.simulate_get(f"/hooked/h{n}")
        c.simulate_put("/orders")
        c.simulate_post("/orders", json={"kind": f"k{n}", "n": n})
        c.simulate_post(f"/batch/{n}")
    return c.simulate_get("/metrics").text
