"""What Flask passes and holds, each value in a label of its own."""

from __future__ import annotations

from typing import Any

SERVICE = """\
from flask import Flask, request, g, session, jsonify, Response, current_app, abort, make_response
from flask.views import MethodView, View
from prometheus_client import Counter, generate_latest
from werkzeug.exceptions import HTTPException, NotFound

# metrics
app = Flask(__name__)
app.secret_key = "x"


@app.before_request
def before():
    g.user = request.headers.get("X-User")
    # fields: before


@app.after_request
def after(response):
    # fields: after
    return response


@app.teardown_request
def down(exc):
    # fields: down
    pass


@app.errorhandler(404)
def lost(e):
    # fields: lost
    return "no", 404


@app.errorhandler(ValueError)
def bad(e):
    # fields: bad
    return "no", 500


@app.route("/users/<name>", methods=["GET"])
def user(name):
    # fields: get
    return "x"


@app.route("/items/<int:item>/<any(a,b):kind>/<path:rest>")
def item(item, kind, rest):
    # fields: item
    return "x"


@app.post("/orders")
def order():
    data = request.get_json()
    # fields: post
    return "x"


@app.post("/form")
def form():
    # fields: form
    return "x"


class V(MethodView):
    def get(self, pk):
        # fields: view
        return "x"


app.add_url_rule("/v/<pk>", view_func=V.as_view("v"))


@app.route("/boom/<x>")
def boom(x):
    raise ValueError("no " + x)


@app.get("/metrics")
def metrics():
    return Response(generate_latest())
"""

FIELDS = {
    "before": """
        request.path
        request.full_path
        request.url
        request.base_url
        request.root_url
        request.url_root
        request.script_root
        request.query_string
        request.query_string.decode()
        request.url_rule
        request.url_rule.rule if request.url_rule else "none"
        str(request.url_rule)
        request.endpoint
        request.endpoint or "none"
        request.endpoint or request.path
        request.blueprint
        request.method
        request.remote_addr
        request.host
        request.scheme
        request.is_secure
        request.headers.get("User-Agent")
        request.headers["User-Agent"]
        request.user_agent.string
        request.user_agent
        str(request.user_agent)
        request.mimetype
        request.content_type
        request.content_length
        request.authorization
        request.authorization.type if request.authorization else "none"
        request.cookies.get("sid")
        request.args.get("q")
        request.args.get("n", 0, type=int)
        request.args.to_dict().get("q")
        len(request.args)
        request.args.getlist("q")[0]
        request.values.get("q")
        request.view_args
        (request.view_args or {}).get("name", "none")
        ",".join(sorted(request.view_args or {}))
        g.user
        g.get("user")
        request.access_route[0]
        request.environ["PATH_INFO"]
        request.environ.get("REQUEST_METHOD")
        request.environ.get("HTTP_USER_AGENT")
        request.environ["SERVER_NAME"]
        request.environ["SERVER_PROTOCOL"]
        request.environ.get("wsgi.url_scheme")
        request.accept_mimetypes.best
        request.accept_languages.best_match(["de", "en"])
        request.referrer
        request.origin
        request.is_json
        request.max_content_length
        request.routing_exception
        type(request.routing_exception).__name__
        request.path.split("/")[1]
        request.date
        request.range
        request.url_rule.endpoint if request.url_rule else "none"
        sorted(request.url_rule.methods)[0] if request.url_rule else "none"
        request.trace_id if hasattr(request, "trace_id") else "none"
        session.get("user")
        current_app.name
        current_app.import_name
        request.headers.get("X-Forwarded-For", request.remote_addr)
        request.headers.get("X-Kind", type=str)
        request.if_none_match
    """,
    "after": """
        response.status_code
        response.status
        response.mimetype
        response.content_type
        response.content_length
        response.headers.get("Content-Type")
        response.headers.get("Location", "none")
        response.is_json
        str(response.status_code)[0] + "xx"
        response.get_data(as_text=True)
        response.status.split(" ")[0]
    """,
    "down": """
        str(exc)
        type(exc).__name__
        exc
    """,
    "lost": """
        e.code
        e.name
        e.description
        str(e)
        request.path
        type(e).__name__
    """,
    "bad": """
        str(e)
        e.args[0]
        type(e).__name__
        e
        repr(e)
    """,
    "get": """
        name
        name.lower()
        request.view_args["name"]
        name in ("a", "b")
    """,
    "item": """
        item
        kind
        rest
        rest.split("/")[0]
        item % 4
        item > 3
    """,
    "post": """
        data["kind"]
        data.get("kind")
        request.json["kind"]
        request.json.get("kind")
        request.get_json()["kind"]
        request.get_json(silent=True).get("kind", "none")
        request.get_json(force=True)["kind"]
        request.get_data(as_text=True)
        request.data
        data["items"][0]["id"]
        len(data["items"])
        isinstance(data["kind"], str)
        {"k1": "a"}.get(data["kind"], "other")
        data["n"] % 3
        int(data["n"]) % 3
    """,
    "form": """
        request.form["name"]
        request.form.get("name")
        request.form.to_dict()["name"]
        request.values["name"]
        request.files["file"].filename
        request.files["file"].mimetype
        request.files["file"].content_type
        request.files["file"].name
        request.files.get("file").filename
        len(request.files)
        list(request.form)[0]
        ",".join(request.files)
    """,
    "view": """
        pk
        self.__class__.__name__
        request.view_args["pk"]
    """,
}


def drive(app: Any, count: int) -> str:
    c = app.app.test_client()
    for n in range(count):
        h = {
            "User-Agent": f"a{n}",
            "X-User": f"u{n}",
            "Accept": f"text/x{n}",
            "Authorization": f"Bearer t{n}",
            "Cookie": f"sid=s{n}",
            "Content-Type": f"text/x{n}; charset=utf8",
            "Host": f"h{n}.example",
            "Referer": f"http://r/{n}",
            "Origin": f"http://o{n}",
            "X-Forwarded-For": f"10.1.1.{n}",
            "X-Kind": f"k{n}",
            "Range": f"bytes={n}-{n + 9}",
            "If-None-Match": f"e{n}",
            "Accept-Language": f"l{n}",
        }
        c.get(f"/users/u{n}?q=w{n}&n={n}", headers=h, environ_base={"REMOTE_ADDR": f"10.0.0.{n}"})
        c.get(f"/items/{n}/{'ab'[n % 2]}/r{n}/x")
        c.get(f"/v/p{n}")
        c.get(f"/boom/b{n}")
        c.get(f"/nope{n}/x")
        c.open("/users/u", method=f"M{n}")
        c.post("/orders", json={"kind": f"k{n}", "items": [{"id": n}] * (n + 1), "n": n})
        from io import BytesIO

        c.post("/form", data={"name": f"n{n}", f"z{n % 3}": "1", "file": (BytesIO(b"x"), f"f{n}.txt", f"image/x{n}")})
    return c.get("/metrics").text
