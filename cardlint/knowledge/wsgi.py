"""The environment of WSGI, which every server passes to an application and its middleware, whatever framework is inside."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, client, unbounded
from cardlint.knowledge.schema import Framework, Library, Row, Shape
from cardlint.knowledge.web import METHOD, MOUNTED


def environment(base: str) -> tuple[Row, ...]:
    """Make the rows of an environment: of WSGI itself, or of a request that holds it, whose framework knows the route."""
    return (
        *unbounded(
            "raw-path",
            "the raw request path",
            *below(
                base,
                "[PATH_INFO]",
                "[RAW_URI]",
                "[REQUEST_URI]",
                "[QUERY_STRING]",
            ),
        ),
        *client(20, "mount-prefix", MOUNTED, base + "[SCRIPT_NAME]"),
        *bounded(2, "scheme", "scheme of the request", *below(base, "[wsgi.url_scheme]")),
        *client(
            9,
            "http-method",
            "the HTTP method the client sent",
            base + "[REQUEST_METHOD]",
            advice=METHOD,
        ),
        *unbounded(
            "address",
            "the address of the client",
            *below(
                base,
                "[REMOTE_ADDR]",
                "[HTTP_X_FORWARDED_FOR]",
                "[REMOTE_PORT]",
            ),
            advice=LOG,
        ),
        *unbounded(
            "header",
            "a header from the client",
            base + "[HTTP_USER_AGENT]",
            base + "[HTTP_REFERER]",
            base + "[CONTENT_TYPE]",
        ),
        *client(
            20,
            "http-host",
            "the Host header the client sent",
            base + "[HTTP_HOST]",
            base + "[SERVER_NAME]",
        ),
    )


LIBRARY = Library(
    packages=("wsgi",),
    rows=environment("wsgi.environ"),
    shapes=(Shape("wsgi", (("environ", "wsgi.environ"),), signature=("environ", "start_response")),),
    framework=Framework(
        "wsgi", ("wsgi",), "the route template that the application matched, or leave the label out: the environment of WSGI has no route"
    ),
)
