"""requests and urllib3: responses."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, client, leads, unbounded
from cardlint.knowledge.schema import Library

LIBRARY = Library(
    packages=("requests", "urllib3"),
    rows=(
        *bounded(15, "status", "HTTP status", "requests.Response.status_code", "requests.Response.ok", "urllib3.HTTPResponse.status"),
        *bounded(
            9, "http-method", "HTTP method of an outgoing request", "requests.Response.request.method", "requests.PreparedRequest.method"
        ),
        *unbounded(
            "raw-path",
            "the whole URL of an outgoing request",
            *below("requests.Response", ".url", ".request.url", ".request.path_url"),
            "requests.PreparedRequest.url",
            "requests.PreparedRequest.path_url",
            advice="the name of the call, or the URL template",
        ),
        *unbounded(
            "server-text",
            "text the server sent",
            *below("requests.Response", ".text", ".content", ".headers[]", ".json()"),
            advice=LOG,
        ),
        *client(
            20,
            "reason",
            "the reason phrase the server sent",
            "requests.Response.reason",
            "urllib3.HTTPResponse.reason",
            advice="the status code",
        ),
        *unbounded(
            "server-text",
            "text the server sent",
            *below("urllib3.HTTPResponse", ".data", ".read()", ".json()", ".headers[]"),
            *below("requests.Response", ".raw.read()", ".iter_lines()[*]", ".iter_content()[*]"),
            advice=LOG,
        ),
        *unbounded("exception-text", "the text of an exception", "requests.RequestException", advice="`type(e).__name__`"),
        *leads(
            ("requests.RequestException.response", "requests.Response"), ("requests.RequestException.request", "requests.PreparedRequest")
        ),
        *leads(
            *(
                (f"urllib3.{made}.{call}()", "urllib3.HTTPResponse")
                for made in ("PoolManager", "ProxyManager", "HTTPConnectionPool", "HTTPSConnectionPool")
                for call in ("request", "urlopen", "request_encode_url", "request_encode_body")
            ),
            ("urllib3.request()", "urllib3.HTTPResponse"),
        ),
        *leads(
            *(
                (f"requests.{owner}{verb}()", "requests.Response")
                for owner in ("", "Session.", "sessions.Session.")
                for verb in ("get", "post", "put", "patch", "delete", "head", "options", "request", "send")
            )
        ),
    ),
    aliases=(
        ("requests.models.Response", "requests.Response"),
        ("requests.session()", "requests.Session"),
        ("requests.exceptions.RequestException", "requests.RequestException"),
        ("requests.exceptions.HTTPError", "requests.RequestException"),
        ("requests.HTTPError", "requests.RequestException"),
        ("requests.ConnectionError", "requests.RequestException"),
        ("requests.Timeout", "requests.RequestException"),
        ("requests.exceptions.ConnectionError", "requests.RequestException"),
        ("requests.exceptions.Timeout", "requests.RequestException"),
    ),
)
