"""Tornado: request handlers."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, USER, below, bounded, client, deployment, leads, parameters, people, transfer, unbounded
from cardlint.knowledge.schema import Framework, Library, Named, Row, Shape
from cardlint.knowledge.web import request

HANDLER = "tornado.web.RequestHandler"
VERBS = ("get", "post", "put", "patch", "delete", "head", "options")

LIBRARY = Library(
    packages=("tornado",),
    rows=(
        *deployment("config", "an option of the command line", "tornado.options.options", deep=True),
        *leads((HANDLER + ".request", "tornado.httputil.HTTPServerRequest")),
        *request(
            "tornado.httputil.HTTPServerRequest",
            paths=(".path", ".uri", ".full_url()", ".query"),
            addresses=(".remote_ip", ".connection.context.address"),
            headers=(".headers", ".headers[]"),
            inputs=(".arguments", ".arguments[]", ".body", ".body_arguments", ".query_arguments", ".cookies[]"),
            hosts=(".host", ".host_name"),
            schemes=(".protocol", ".version"),
        ),
        *transfer("route-url", "the URL of a route", HANDLER + ".reverse_url()", "tornado.web.Application.reverse_url()"),
        *bounded(15, "status", "HTTP status", HANDLER + ".get_status()", HANDLER + "._status_code", HANDLER + "._reason"),
        *unbounded("payload", "a message of a client", "tornado.message", advice=FIXED_SET),
        *unbounded("body", "why a client closed the connection", HANDLER + ".close_reason", advice="its `close_code`"),
        *client(20, "code", "the code with which a client closed the connection", HANDLER + ".close_code"),
        *unbounded("measurement", "a duration", "tornado.httputil.HTTPServerRequest.request_time()"),
        *bounded(20, "code-name", "a name from the pattern of a route", HANDLER + ".path_kwargs[*]"),
        *leads(("tornado.error[exc_info]", "sys.exc_info()")),
        Row(
            "tornado.escape.json_decode()",
            "unbounded",
            None,
            "payload",
            "parsed JSON",
            how="parsed",
            advice="a value from a fixed set: test the input against the values you know",
            deep=True,
        ),
        *unbounded(
            "body",
            "input from the client",
            *(HANDLER + n for n in (".get_argument()", ".get_arguments()", ".get_body_argument()", ".get_query_argument()")),
        ),
        *people(
            USER,
            *(
                HANDLER + n
                for n in (".current_user", ".get_secure_cookie()", ".get_signed_cookie()", ".get_cookie()", ".get_current_user()")
            ),
        ),
        *parameters(
            "a parameter from the URL",
            *below(HANDLER, ".path_argument[]", ".path_args", ".path_args[]", ".path_kwargs", ".path_kwargs[]"),
        ),
    ),
    shapes=(
        Shape("tornado", (("#0", "tornado.message"),), base=HANDLER, method="on_message"),
        Shape("tornado", tuple((f"#{i}", HANDLER + ".path_argument[]") for i in range(4)), base=HANDLER, method="open"),
        Shape("tornado", (("handler", HANDLER),), method="log_request", signature=("handler",)),
        Shape("tornado", (("#1", "builtins.BaseException"),), base=HANDLER, method="log_exception"),
        Shape("tornado", (("#0", HANDLER + ".get_status()"), ("kwargs", "tornado.error")), base=HANDLER, method="write_error"),
        *(Shape("tornado", tuple((f"#{i}", HANDLER + ".path_argument[]") for i in range(4)), base=HANDLER, method=verb) for verb in VERBS),
    ),
    names=(Named(("tornado",), "handler", HANDLER),),
    framework=Framework("tornado", ("tornado",), "type(handler).__name__"),
    aliases=(("tornado.websocket.WebSocketHandler", HANDLER), ("tornado.httputil.HTTPRequest", "tornado.httputil.HTTPServerRequest")),
)
"""Tornado 6.6, `web.py`, `httputil.py`, `websocket.py` and `options.py`."""
