"""aiohttp: requests, responses and routes of server and client."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, LOG, below, bounded, client, deployment, leads, unbounded
from cardlint.knowledge.schema import Framework, Library, Shape
from cardlint.knowledge.web import request, response

LIBRARY = Library(
    packages=("aiohttp",),
    rows=(
        *request(
            "aiohttp.web.Request",
            paths=(
                ".path",
                ".path_qs",
                ".raw_path",
                ".rel_url",
                ".rel_url.path",
                ".url",
                ".url.path",
                ".query_string",
                ".rel_url.raw_path",
            ),
            addresses=(".remote", ".get_extra_info()", ".transport.get_extra_info()"),
            users=("[user]", ".cookies", ".cookies[]"),
            headers=(".headers", ".headers[]", ".charset", ".content_length", ".if_modified_since"),
            inputs=(
                ".query",
                ".query[]",
                ".json()",
                ".json()[]",
                ".post()",
                ".post()[]",
                ".text()",
                ".read()",
            ),
            ids=("[request_id]",),
            params=(".match_info[]", ".match_info.values()"),
            hosts=(".host",),
            schemes=(".scheme", ".version", ".secure", ".url.scheme"),
            routes=(
                ".match_info.route.resource.canonical",
                ".match_info.route.resource.name",
                ".match_info.route.name",
                ".match_info.handler.__name__",
                ".match_info.route.handler.__name__",
                ".match_info.route.resource",
                ".match_info.handler.__qualname__",
            ),
        ),
        *client(20, "content-type", "the media type the client sent", "aiohttp.web.Request.content_type"),
        *response("aiohttp.web.Response", ".status", ".reason", texts=(".text", ".body")),
        *response("aiohttp.web.HTTPException", ".status", ".status_code", ".reason", texts=("", ".text")),
        *bounded(20, "code-name", "a name from the pattern of a route", "aiohttp.web.Request.match_info[*]"),
        *leads(("aiohttp.web.View.request", "aiohttp.web.Request")),
        *leads(("aiohttp.web.handler()", "aiohttp.web.Response")),
        *unbounded(
            "body",
            "a message from the client",
            *below("aiohttp.web.WebSocketResponse", "[*].data", ".receive_str()", ".receive_bytes()", ".receive_json()", ".receive().data"),
            advice=FIXED_SET,
        ),
        *bounded(15, "status", "HTTP status", "aiohttp.ClientResponse.status", "aiohttp.ClientResponse.ok"),
        *client(20, "reason", "the reason phrase the server sent", "aiohttp.ClientResponse.reason", advice="the status code"),
        *unbounded(
            "raw-path",
            "the whole URL of an outgoing request",
            *below("aiohttp.ClientResponse", ".url", ".real_url", ".request_info.url"),
            advice="the name of the call, or the URL template",
        ),
        *unbounded(
            "server-text",
            "text the server sent",
            *below("aiohttp.ClientResponse", ".text()", ".json()", ".read()", ".headers[]"),
            *below("aiohttp.ClientResponse.content", ".read()", ".readline()", ".readany()", "[*]"),
            advice=LOG,
        ),
        *leads(
            *(
                (f"aiohttp.{owner}{verb}()", "aiohttp.ClientResponse")
                for owner in ("", "ClientSession.")
                for verb in ("get", "post", "put", "patch", "delete", "head", "options", "request")
            )
        ),
        *response("aiohttp.ClientResponseError", ".status", texts=("", ".message")),
        *unbounded(
            "raw-path",
            "the whole URL of an outgoing request",
            "aiohttp.TraceRequestStartParams.url",
            "aiohttp.TraceRequestEndParams.url",
            "aiohttp.TraceRequestExceptionParams.url",
            advice="the name of the call, or the URL template",
        ),
        *bounded(
            2,
            "scheme",
            "scheme of an outgoing request",
            *below("aiohttp.TraceRequest", "StartParams.url.scheme", "EndParams.url.scheme", "ExceptionParams.url.scheme"),
        ),
        *deployment(
            "inventory",
            "a host that is called",
            *below("aiohttp.TraceRequest", "StartParams.url.host", "EndParams.url.host", "ExceptionParams.url.host"),
        ),
        *bounded(
            9,
            "http-method",
            "HTTP method of an outgoing request",
            "aiohttp.TraceRequestStartParams.method",
            "aiohttp.TraceRequestEndParams.method",
            "aiohttp.TraceRequestExceptionParams.method",
        ),
        *bounded(15, "status", "HTTP status", "aiohttp.TraceRequestEndParams.response.status"),
    ),
    shapes=(
        Shape("aiohttp", (("#0", "aiohttp.web.Request"), ("#1", "aiohttp.web.handler")), decorator="aiohttp.web.middleware"),
        Shape("aiohttp", (("request", "aiohttp.web.Request"), ("handler", "aiohttp.web.handler")), signature=("request", "handler")),
        Shape(
            "aiohttp",
            (("request", "aiohttp.web.Request"), ("response", "aiohttp.web.Response")),
            method="on_response_prepare",
            signature=("request", "response"),
        ),
        *(
            Shape("aiohttp", (("#0", "aiohttp.web.Request"),), decorator=f"aiohttp.web.RouteTableDef.{verb}()")
            for verb in ("get", "post", "put", "patch", "delete", "route")
        ),
        Shape("aiohttp", (("params", "aiohttp.TraceRequestEndParams"),), signature=("session", "trace_config_ctx", "params")),
    ),
    framework=Framework("aiohttp", ("aiohttp",), 'resource.canonical if (resource := request.match_info.route.resource) else "unmatched"'),
    aliases=(
        ("aiohttp.web_urldispatcher.View", "aiohttp.web.View"),
        ("aiohttp.web_request.Request", "aiohttp.web.Request"),
        ("aiohttp.web.BaseRequest", "aiohttp.web.Request"),
        ("aiohttp.web_response.Response", "aiohttp.web.Response"),
        ("aiohttp.web.StreamResponse", "aiohttp.web.Response"),
        ("aiohttp.web.json_response()", "aiohttp.web.Response"),
        ("aiohttp.web_middlewares.middleware", "aiohttp.web.middleware"),
    ),
)
