"""What Bottle passes and holds, each value in a label of its own."""

from __future__ import annotations

import io
import sys
from typing import Any

from webtest import TestApp

SERVICE = """\
import bottle
from bottle import Bottle, request, response, HTTPResponse
from prometheus_client import Counter, generate_latest

# metrics
app = Bottle(catchall=True)


@app.hook("before_request")
def before():
    # fields: before
    pass


@app.hook("after_request")
def after():
    # fields: after
    pass


class Plugin:
    name = "p"
    api = 2

    def apply(self, callback, route):
        def wrapper(*args, **kwargs):
            # fields: plugin
            try:
                return callback(*args, **kwargs)
            except ValueError as e:
                # fields: exc
                raise

        return wrapper


app.install(Plugin())


@app.route("/users/<name>")
def user(name):
    # fields: get
    return "x"


@app.post("/orders")
def order():
    data = request.json
    # fields: post
    return "x"


@app.route("/form", method="POST")
def form():
    # fields: form
    return "x"


@app.get("/items/<item:int>/<rest:path>")
def item(item, rest):
    # fields: item
    return "x"


@app.get("/boom/<x>")
def boom(x):
    raise ValueError("no " + x)


@app.error(404)
def lost(error):
    # fields: lost
    return "no"


@app.error(500)
def bad(error):
    # fields: bad
    return "no"


@app.get("/metrics")
def metrics():
    return generate_latest()
"""

FIELDS = {
    "before": """
        request.path
        request.fullpath
        request.url
        request.query_string
        request.script_name
        request.method
        request.remote_addr
        request.remote_route[0]
        request.urlparts.netloc
        request.urlparts.path
        request.urlparts.scheme
        request.headers.get("User-Agent")
        request.headers["User-Agent"]
        request.get_header("User-Agent")
        request.content_type
        request.content_length
        request.query.q
        request.query.get("q")
        request.query["q"]
        request.params.q
        request.GET.get("q")
        request.cookies.get("sid")
        request.get_cookie("sid")
        request.auth
        request.is_ajax
        request.is_xhr
        request.environ["PATH_INFO"]
        request["PATH_INFO"]
        request.get("PATH_INFO")
        request.environ.get("HTTP_HOST")
        request.environ.get("bottle.route")
        request.path.split("/")[1]
        request.environ.get("SERVER_PROTOCOL")
        request.environ.get("wsgi.url_scheme")
    """,
    "after": """
        response.status_code
        response.status
        response.status_line
        response.content_type
        response.charset
        response.headers.get("Content-Type")
        request.route.rule
        request.route.method
        request.route.name
        request.route.callback.__name__
        request.environ["bottle.route"].rule
        getattr(request.environ.get("bottle.route"), "rule", "none")
        request.environ["route.url_args"].get("name")
        request.url_args.get("name")
    """,
    "plugin": """
        route.rule
        route.method
        route.name
        callback.__name__
        route.callback.__name__
        kwargs.get("name", "none")
        request.path
        ",".join(sorted(kwargs))
    """,
    "exc": """
        str(e)
        type(e).__name__
    """,
    "get": """
        name
        request.url_args["name"]
        name[0]
    """,
    "post": """
        data["kind"]
        request.json["kind"]
        request.json.get("kind")
        data["n"] % 3
        request.body.read().decode()
    """,
    "form": """
        request.forms.get("name")
        request.forms.name
        request.forms["name"]
        request.POST.get("name")
        request.POST["name"]
        request.params.get("name")
        request.forms.getunicode("name")
    """,
    "item": """
        item
        rest
        item % 4
    """,
    "lost": """
        error.status_code
        error.status
        error.status_line
        error.body
        str(error)
        request.path
    """,
    "bad": """
        error.status_code
        str(error.exception)
        type(error.exception).__name__
        error.traceback
        error.body
    """,
}


def drive(app: Any, count: int) -> str:
    sys.stderr = io.StringIO()
    c = TestApp(app.app)
    for n in range(count):
        c.get(
            f"/users/u{n}?q=w{n}",
            headers={"User-Agent": f"a{n}", "Cookie": f"sid=s{n}", "Content-Type": f"text/x{n}", "Host": f"h{n}.example"},
            extra_environ={"REMOTE_ADDR": f"10.0.0.{n}"},
            status="*",
        )
        c.get(f"/items/{n}/r{n}/x", status="*")
        c.get(f"/boom/b{n}", status="*", expect_errors=True)
        c.get(f"/nope{n}/x", status="*")
        c.request("/orders", method=f"M{n}", status="*")
        c.post_json("/orders", {"kind": f"k{n}", "n": n}, status="*")
        c.post("/form", {"name": f"n{n}"}, status="*")
    return c.get("/metrics").text
