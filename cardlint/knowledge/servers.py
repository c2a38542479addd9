"""aiohttp, Tornado, Twisted, Sanic, Falcon, Litestar, Bottle and Pyramid (knowledge B0-B3)."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, NAME, bounded, client, leads, unbounded
from cardlint.knowledge.schema import Framework, Library, Route, Shape
from cardlint.knowledge.web import request, response

HANDLER = "tornado.web.RequestHandler"
TORNADO_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "prepare", "on_finish")

AIOHTTP = Library(
    packages=("aiohttp",),
    rows=(
        *request(
            "aiohttp.web.Request",
            paths=(".path", ".path_qs", ".raw_path", ".rel_url", ".rel_url.path", ".url", ".url.path", ".query_string", ".rel_url.raw_path"),
            addresses=(".remote", ".get_extra_info()", ".transport.get_extra_info()"),
            users=("[user]", ".cookies", ".cookies[]", ".cookies.get()"),
            headers=(".headers", ".headers[]", ".headers.get()"),
            inputs=(".query", ".query[]", ".query.get()", ".json()", ".json()[]", ".json().get()", ".post()", ".post()[]", ".post().get()", ".text()", ".read()"),
            ids=("[request_id]", ".get(request_id)"),
            params=(".match_info[]", ".match_info.get()"),
            hosts=(".host",),
            schemes=(".scheme", ".version", ".secure"),
            routes=(".match_info.route.resource.canonical", ".match_info.route.resource.name", ".match_info.route.name", ".match_info.handler.__name__", ".match_info.route.handler.__name__", ".match_info.route.resource", ".match_info.handler.__qualname__"),
        ),
        *client(20, "content-type", "the media type the client sent", "aiohttp.web.Request.content_type"),
        *response("aiohttp.web.Response", ".status", ".reason", texts=(".text", ".body")),
        *response("aiohttp.web.HTTPException", ".status", ".status_code", ".reason", texts=("", ".text")),
        *leads(("aiohttp.web.handler()", "aiohttp.web.Response")),
        *response("aiohttp.ClientResponse", ".status", texts=(".text()", ".reason", ".url", ".real_url", ".read()", ".headers[]")),
        *response("aiohttp.ClientResponseError", ".status", texts=("", ".message")),
        *unbounded("raw-path", "the whole URL of an outgoing request", "aiohttp.TraceRequestStartParams.url", "aiohttp.TraceRequestEndParams.url", "aiohttp.TraceRequestExceptionParams.url"),
        *bounded(9, "http-method", "HTTP method of an outgoing request", "aiohttp.TraceRequestStartParams.method", "aiohttp.TraceRequestEndParams.method", "aiohttp.TraceRequestExceptionParams.method"),
        *bounded(15, "status", "HTTP status", "aiohttp.TraceRequestEndParams.response.status"),
    ),
    shapes=(
        Shape("aiohttp", (("#0", "aiohttp.web.Request"), ("#1", "aiohttp.web.handler")), decorator="aiohttp.web.middleware"),
        Shape("aiohttp", (("request", "aiohttp.web.Request"), ("handler", "aiohttp.web.handler")), signature=("request", "handler")),
        Shape("aiohttp", (("request", "aiohttp.web.Request"), ("response", "aiohttp.web.Response")), method="on_response_prepare", signature=("request", "response")),
        *(Shape("aiohttp", (("#0", "aiohttp.web.Request"),), decorator=f"aiohttp.web.RouteTableDef.{verb}()") for verb in ("get", "post", "put", "patch", "delete", "route")),
        Shape("aiohttp", (("params", "aiohttp.TraceRequestEndParams"),), signature=("session", "trace_config_ctx", "params")),
    ),
    framework=Framework("aiohttp", ("aiohttp",), 'resource.canonical if (resource := request.match_info.route.resource) else "unmatched"'),
    aliases=(("aiohttp.web_request.Request", "aiohttp.web.Request"), ("aiohttp.web.BaseRequest", "aiohttp.web.Request"), ("aiohttp.web_response.Response", "aiohttp.web.Response"), ("aiohttp.web.StreamResponse", "aiohttp.web.Response"), ("aiohttp.web.json_response()", "aiohttp.web.Response"), ("aiohttp.web_middlewares.middleware", "aiohttp.web.middleware")),
)  # fmt: skip

TORNADO = Library(
    packages=("tornado",),
    rows=(
        *leads((HANDLER + ".request", "tornado.httputil.HTTPServerRequest")),
        *request(
            "tornado.httputil.HTTPServerRequest",
            paths=(".path", ".uri", ".full_url()", ".query"),
            addresses=(".remote_ip", ".connection.context.address"),
            headers=(".headers", ".headers[]", ".headers.get()"),
            inputs=(".arguments", ".arguments[]", ".body", ".body_arguments", ".query_arguments", ".cookies[]"),
            hosts=(".host", ".host_name"),
            schemes=(".protocol", ".version"),
        ),
        *bounded(15, "status", "HTTP status", HANDLER + ".get_status()"),
        *unbounded("body", "input the client sent", *(HANDLER + n for n in (".get_argument()", ".get_arguments()", ".get_body_argument()", ".get_query_argument()"))),
        *unbounded("identity", "the user of the request", *(HANDLER + n for n in (".current_user", ".get_secure_cookie()", ".get_signed_cookie()", ".get_cookie()", ".get_current_user()")), advice=LOG),
        *unbounded("identity", "a parameter from the URL", HANDLER + ".path_args", HANDLER + ".path_args[]", HANDLER + ".path_kwargs", HANDLER + ".path_kwargs[]", advice=LOG),
    ),
    shapes=(Shape("tornado", (("handler", HANDLER),), method="log_request", signature=("handler",)),),
    framework=Framework("tornado", ("tornado",), "type(handler).__name__"),
    aliases=(("tornado.httputil.HTTPRequest", "tornado.httputil.HTTPServerRequest"),),
)  # fmt: skip

TWISTED = Library(
    packages=("twisted", "klein"),
    rows=(
        *request(
            "twisted.web.http.Request",
            paths=(".path", ".uri", ".prepath", ".postpath"),
            addresses=(".getClientAddress()", ".getClientIP()", ".client"),
            headers=(".getHeader()", ".requestHeaders.getRawHeaders()"),
            inputs=(".args", ".args[]", ".content.read()"),
            hosts=(".getRequestHostname()", ".getHost()"),
        ),
        *bounded(15, "status", "HTTP status", "twisted.web.http.Request.code", "twisted.web.iweb.IResponse.code", "twisted.web.client.Response.code"),
        *bounded(30, "class-name", "class of the exception", "twisted.python.failure.Failure.type.__name__", "twisted.python.failure.Failure.type"),
        *unbounded("exception-text", "the text of an exception", "twisted.python.failure.Failure.getErrorMessage()", "twisted.python.failure.Failure.getTraceback()", "twisted.python.failure.Failure.value", advice=NAME),
        *client(9, "http-method", "the HTTP method of the request", "twisted.web.http.command"),
        *unbounded("raw-path", "the raw request path", "twisted.web.http.uri"),
    ),
    shapes=(Shape("twisted", (("#0", "twisted.web.http.command"), ("#1", "twisted.web.http.uri")), base="twisted.web.http.Request", method="requestReceived"),),
    framework=Framework("twisted", ("twisted",), "the class name of the resource that answers"),
    aliases=(("twisted.web.server.Request", "twisted.web.http.Request"), ("twisted.web.iweb.IRequest", "twisted.web.http.Request")),
)  # fmt: skip

SANIC = Library(
    packages=("sanic",),
    rows=(
        *request(
            "sanic.Request",
            paths=(".path", ".url", ".raw_url", ".query_string"),
            addresses=(".ip", ".remote_addr", ".client_ip", ".port"),
            users=(".credentials", ".token", ".cookies", ".cookies[]", ".cookies.get()", ".ctx.user"),
            headers=(".headers", ".headers[]", ".headers.get()"),
            inputs=(".args", ".args[]", ".args.get()", ".form", ".form[]", ".form.get()", ".json", ".json[]", ".json.get()", ".body"),
            ids=(".id",),
            params=(".match_info", ".match_info[]", ".match_info.get()"),
            hosts=(".host", ".server_name"),
            schemes=(".scheme", ".version"),
            routes=(".uri_template", ".route.path", ".name", ".endpoint", ".route.name"),
        ),
        *response("sanic.HTTPResponse", ".status", texts=(".body",)),
    ),
    shapes=(
        *(Shape("sanic", (("#0", "sanic.Request"), ("#1", "sanic.HTTPResponse")), decorator=f"sanic.{owner}.{hook}") for owner in ("Sanic", "Blueprint") for hook in ("on_request", "on_response", "on_request()", "on_response()", "middleware()", "middleware")),
        *(Shape("sanic", (("#0", "sanic.Request"),), decorator=f"sanic.{owner}.{verb}()") for owner in ("Sanic", "Blueprint") for verb in ("get", "post", "put", "patch", "delete", "route")),
    ),
    routes=tuple(Route("sanic", f"sanic.{owner}.{verb}()", syntax="<>") for owner in ("Sanic", "Blueprint") for verb in ("get", "post", "put", "patch", "delete", "route")),
    framework=Framework("sanic", ("sanic",), 'request.uri_template or "unmatched"'),
    aliases=(("sanic.request.Request", "sanic.Request"), ("sanic.response.HTTPResponse", "sanic.HTTPResponse"), ("sanic.request.types.Request", "sanic.Request")),
)  # fmt: skip

FALCON = Library(
    packages=("falcon",),
    rows=(
        *request(
            "falcon.Request",
            paths=(".path", ".uri", ".url", ".relative_uri", ".query_string"),
            addresses=(".remote_addr", ".access_route"),
            users=(".auth", ".context.user", ".cookies", ".cookies[]"),
            headers=(".get_header()", ".headers", ".headers[]", ".user_agent", ".referer"),
            inputs=(".get_param()", ".params", ".params[]", ".params.get()", ".media", ".media[]", ".media.get()", ".get_media()", ".bounded_stream.read()"),
            ids=(".context.request_id",),
            hosts=(".host", ".netloc"),
            schemes=(".scheme",),
            routes=(".uri_template",),
            content_types=(".content_type",),
        ),
        *response("falcon.Response", ".status", ".status_code", texts=(".text", ".data", ".media")),
    ),
    shapes=(
        Shape("falcon", (("req", "falcon.Request"), ("resp", "falcon.Response")), signature=("req", "resp")),
    ),
    framework=Framework("falcon", ("falcon",), 'req.uri_template or "unmatched"'),
    aliases=(("falcon.asgi.Request", "falcon.Request"), ("falcon.asgi.Response", "falcon.Response"), ("falcon.request.Request", "falcon.Request")),
)  # fmt: skip

LITESTAR = Library(
    packages=("litestar",),
    rows=(
        *request(
            "litestar.Request",
            paths=(".url", ".url.path", ".scope[path]", ".scope[raw_path]", ".base_url"),
            addresses=(".client", ".client.host"),
            users=(".user", ".auth", ".session", ".session[]", ".cookies", ".cookies[]", ".cookies.get()"),
            headers=(".headers", ".headers[]", ".headers.get()"),
            inputs=(".query_params", ".query_params[]", ".query_params.get()", ".json()", ".json()[]", ".form()", ".body()"),
            params=(".path_params", ".path_params[]"),
            hosts=(".url.hostname", ".url.netloc"),
            schemes=(".url.scheme",),
            routes=(".scope[path_template]", ".route_handler.name", ".scope[route_handler]", ".route_handler"),
        ),
    ),
    shapes=(Shape("litestar", (("request", "litestar.Request"),), method="handle", signature=("scope", "receive", "send", "next_app")),),
    framework=Framework("litestar", ("litestar",), 'request.scope.get("path_template", "unmatched")'),
    aliases=(("litestar.connection.ASGIConnection", "litestar.Request"), ("litestar.connection.Request", "litestar.Request"), ("litestar.connection.request.Request", "litestar.Request")),
)  # fmt: skip

BOTTLE = Library(
    packages=("bottle",),
    rows=(
        *request(
            "bottle.request",
            paths=(".path", ".fullpath", ".url", ".query_string", ".urlparts"),
            addresses=(".remote_addr", ".remote_route"),
            users=(".auth", ".get_cookie()", ".cookies", ".cookies[]"),
            headers=(".headers", ".headers[]", ".headers.get()", ".get_header()"),
            inputs=(".query", ".query[]", ".query.get()", ".forms", ".forms[]", ".forms.get()", ".json", ".json[]", ".params", ".params[]", ".body"),
            params=(".url_args", ".url_args[]"),
            routes=(".route.rule", ".route.name", ".environ[bottle.route].rule", ".route"),
            content_types=(".content_type",),
        ),
        *leads(("bottle.request.environ", "wsgi.environ")),
        *response("bottle.response", ".status_code", ".status", ".status_line"),
    ),
    routes=tuple(Route("bottle", f"{owner}{verb}()", syntax="<>") for owner in ("bottle.", "bottle.Bottle.") for verb in ("route", "get", "post", "put", "delete", "patch")),
    framework=Framework("bottle", ("bottle",), 'route.rule if (route := request.environ.get("bottle.route")) else "unmatched"'),
    aliases=(("bottle.LocalRequest", "bottle.request"), ("bottle.BaseRequest", "bottle.request"), ("bottle.Request", "bottle.request"), ("bottle.Response", "bottle.response")),
)  # fmt: skip

PYRAMID = Library(
    packages=("pyramid", "webob"),
    rows=(
        *request(
            "pyramid.request.Request",
            paths=(".path", ".path_info", ".path_qs", ".url", ".path_url", ".query_string", ".view_name"),
            addresses=(".remote_addr", ".client_addr"),
            users=(".authenticated_userid", ".unauthenticated_userid", ".user", ".session[]", ".cookies", ".cookies[]", ".remote_user", ".identity"),
            headers=(".headers", ".headers[]", ".headers.get()", ".user_agent", ".referer", ".referrer"),
            inputs=(".params", ".params[]", ".params.get()", ".GET", ".GET[]", ".POST", ".POST[]", ".json_body", ".json_body[]", ".body"),
            params=(".matchdict", ".matchdict[]", ".matchdict.get()"),
            hosts=(".host", ".host_url", ".domain"),
            schemes=(".scheme",),
            routes=(".matched_route.pattern", ".matched_route.name", ".matched_route"),
        ),
        *response("pyramid.response.Response", ".status_code", ".status_int", ".status", texts=(".body", ".text")),
        *leads(("pyramid.events.NewRequest.request", "pyramid.request.Request"), ("pyramid.events.NewResponse.request", "pyramid.request.Request"), ("pyramid.events.ContextFound.request", "pyramid.request.Request"), ("pyramid.events.NewResponse.response", "pyramid.response.Response")),
    ),
    shapes=(
        Shape("pyramid", (("event", "pyramid.events.NewRequest"),), decorator="pyramid.events.subscriber()"),
        Shape("pyramid", (("#0", "pyramid.request.Request"),), decorator="pyramid.view.view_config()", signature=("request",)),
    ),
    framework=Framework("pyramid", ("pyramid", "webob"), 'request.matched_route.pattern if request.matched_route else "unmatched"'),
    aliases=(("webob.Request", "pyramid.request.Request"), ("pyramid.interfaces.IRequest", "pyramid.request.Request"), ("webob.Response", "pyramid.response.Response")),
)  # fmt: skip
