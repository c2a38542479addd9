"""Starlette, FastAPI and pure ASGI."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, NAME, below, bounded, client, deployment, leads, parameters, transfer, unbounded
from cardlint.knowledge.schema import Framework, Library, Route, Row, Shape
from cardlint.knowledge.web import METHOD, MOUNTED, request, response

REQUEST = "starlette.requests.Request"
TEMPLATE = 'route.path if (route := request.scope.get("route")) else "unmatched"'
VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "trace", "api_route", "websocket")
KEYS = (
    "path",
    "raw_path",
    "query_string",
    "method",
    "client",
    "headers",
    "type",
    "scheme",
    "http_version",
    "root_path",
    "route",
    "endpoint",
    "path_params",
    "user",
)
"""What is asked of a connection as of its scope: `request["path"]`."""
INVALID = "fastapi.exceptions.RequestValidationError"
ENDPOINT = "starlette.endpoints.HTTPEndpoint"
CLIENTS = (f"{REQUEST}.user", f"{REQUEST}.auth", "asgi.scope[user]", "asgi.scope[auth]")
APPS = ("fastapi.FastAPI", "fastapi.APIRouter", "fastapi.routing.APIRouter")

LIBRARY = Library(
    packages=("starlette", "fastapi", "asgi", "asgiref", "uvicorn", "mcp"),
    rows=(
        *request(
            REQUEST,
            paths=(
                ".url",
                ".url.path",
                ".url.query",
                ".url.path.__str__()",
                ".scope[path]",
                ".scope[raw_path]",
                ".scope[query_string]",
                ".base_url",
                ".url.components",
            ),
            methods=(".method", ".scope[method]"),
            addresses=(".client", ".client.host", ".client.port", ".scope[client]", ".scope[client][]"),
            users=(
                ".user",
                ".auth",
                ".session",
                ".session[]",
                ".user.display_name",
                ".user.identity",
                ".cookies",
                ".cookies[]",
            ),
            headers=(".headers", ".headers[]", ".headers.items()", ".headers.values()", ".scope[headers]"),
            inputs=(
                ".query_params",
                ".query_params[]",
                ".json()",
                ".json()[]",
                ".form()",
                ".form()[]",
                ".body()",
                ".receive_text()",
                ".receive_bytes()",
                ".receive_json()",
                ".iter_text()[*]",
                ".iter_bytes()[*]",
                ".iter_json()[*]",
                ".receive()[text]",
                ".receive()[bytes]",
                ".stream()",
            ),
            ids=(".state.request_id", ".state.correlation_id", ".state.trace_id"),
            params=(".path_params", ".path_params[]", ".scope[path_params]", ".scope[path_params][]"),
            mounts=(".scope[root_path]", ".base_url.path"),
            hosts=(".url.hostname", ".url.netloc", ".url.port", ".base_url.hostname"),
            schemes=(".url.scheme", ".scope[http_version]", ".scope[type]", ".scope[scheme]"),
            routes=(
                ".scope[route].path",
                ".scope[route].path_format",
                ".scope[route].name",
                ".scope[endpoint].__name__",
                ".scope[endpoint].__qualname__",
            ),
        ),
        *leads(
            (REQUEST + ".scope", "asgi.scope"),
            (REQUEST + ".url.replace()", REQUEST + ".url"),
            (REQUEST + ".url.include_query_params()", REQUEST + ".url"),
            (REQUEST + ".url.remove_query_params()", REQUEST + ".url"),
        ),
        *unbounded(
            "raw-path",
            "the raw request path",
            *below("asgi.scope", "[path]", "[raw_path]", "[query_string]"),
        ),
        *client(20, "mount-prefix", MOUNTED, "asgi.scope[root_path]"),
        *deployment("config", "the address of the server", "asgi.scope[server]", "asgi.scope[server][]"),
        *leads(*((f"{REQUEST}[{key}]", f"asgi.scope[{key}]") for key in KEYS)),
        *leads((f"{ENDPOINT}.scope", "asgi.scope")),
        *client(9, "http-method", "the HTTP method the client sent", "asgi.scope[method]", advice=METHOD),
        *unbounded("address", "the address of the client", "asgi.scope[client]", "asgi.scope[client][]", advice=LOG),
        *unbounded("header", "a header from the client", "asgi.scope[headers]", advice="one of a fixed set"),
        *parameters("a parameter from the URL", "asgi.scope[path_params]", "asgi.scope[path_params][]"),
        *bounded(
            4,
            "scheme",
            "scheme or protocol version",
            "asgi.scope[type]",
            "asgi.scope[http_version]",
            "asgi.scope[scheme]",
        ),
        *bounded(
            50,
            "template",
            "route template",
            *below(
                "asgi.scope",
                "[route]",
                "[route].path",
                "[route].path_format",
                "[route].name",
                "[route].endpoint.__name__",
                "[endpoint].__name__",
                "[endpoint].__qualname__",
            ),
        ),
        *unbounded("identity", "the session of the client", "asgi.scope[session]", "asgi.scope[session][]", "asgi.scope[user]", advice=LOG),
        *bounded(
            20,
            "operation",
            "a scope that the program declares",
            *(f"{user}.scopes{part}" for user in CLIENTS for part in ("", "[*]", "[]")),
        ),
        *bounded(15, "status", "HTTP status", "asgi.message[status]"),
        *bounded(4, "message-type", "type of an ASGI message", "asgi.message[type]"),
        *unbounded("body", "the body of a message", "asgi.message[body]"),
        Row("starlette.status", "bounded", 62, "status", "HTTP status", how="numbered", deep=True),
        *response("starlette.responses.Response", ".status_code"),
        *response("starlette.exceptions.HTTPException", ".status_code", texts=("", ".detail")),
        *unbounded("exception-text", "the text of an exception", INVALID, INVALID + ".errors()", INVALID + ".body", advice=NAME),
        *bounded(
            100,
            "code-name",
            "the type of a validation error",
            *below(INVALID, ".errors()[*][type]", ".errors()[0][type]"),
        ),
        *leads(("asgi.call_next()", "starlette.responses.Response")),
        *leads(
            ("asgi.scope[app]", "starlette.applications.Starlette"),
            ("asgi.scope[router]", "starlette.applications.Starlette"),
            (REQUEST + ".app", "starlette.applications.Starlette"),
            ("starlette.applications.Starlette.router", "starlette.applications.Starlette"),
            ("starlette.applications.Starlette.routes[*]", "starlette.routing.Route"),
        ),
        *bounded(
            50,
            "template",
            "route template",
            "fastapi.routing.APIRoute.path",
            "fastapi.routing.APIRoute.name",
            "fastapi.routing.APIRoute.path_format",
            "starlette.routing.Route.path",
            "starlette.routing.Route.name",
            "starlette.routing.Mount.path",
            "starlette.routing.Route.path_format",
        ),
        *unbounded(
            "identity",
            "credentials from the client",
            *(
                f"fastapi.security.{scheme}.__call__()"
                for scheme in (
                    "OAuth2",
                    "OAuth2PasswordBearer",
                    "OAuth2AuthorizationCodeBearer",
                    "OpenIdConnect",
                    "APIKeyHeader",
                    "APIKeyQuery",
                    "APIKeyCookie",
                )
            ),
            *below(
                "fastapi.security.",
                "HTTPAuthorizationCredentials.credentials",
                "HTTPBasicCredentials.username",
                "HTTPBasicCredentials.password",
                "OAuth2PasswordRequestForm.username",
                "OAuth2PasswordRequestForm.password",
                "OAuth2PasswordRequestForm.client_secret",
            ),
            advice="nothing: credentials belong neither in a metric nor in a log line",
        ),
        *client(3, "scheme", "the authorization scheme the client named", "fastapi.security.HTTPAuthorizationCredentials.scheme"),
        *leads(
            *(
                (f"fastapi.security.{scheme}.__call__()", "fastapi.security.HTTPAuthorizationCredentials")
                for scheme in ("HTTPBearer", "HTTPDigest", "HTTPBase")
            ),
            ("fastapi.security.HTTPBasic.__call__()", "fastapi.security.HTTPBasicCredentials"),
        ),
        *transfer("route-url:starlette.route_url", "the URL of a route", REQUEST + ".url_for()"),
        *transfer(
            "route-url",
            "the URL of a route",
            "starlette.applications.Starlette.url_path_for()",
            "fastapi.FastAPI.url_path_for()",
            "fastapi.APIRouter.url_path_for()",
        ),
        *client(
            20,
            "http-host",
            "the URL of a route with the Host header the client sent",
            "starlette.route_url",
            "starlette.route_url.netloc",
            "starlette.route_url.hostname",
        ),
        *bounded(50, "template", "the URL of a route", "starlette.route_url.path"),
        *transfer(
            "result:0", "the result of the function", "starlette.concurrency.run_in_threadpool()", "fastapi.concurrency.run_in_threadpool()"
        ),
        *transfer("arg:0", "the function, as the other side calls it", "asgiref.sync.sync_to_async()", "asgiref.sync.async_to_sync()"),
        *transfer("dependency", "what the dependency gives", "fastapi.Depends()", "fastapi.Security()"),
        *parameters("a path parameter of the URL", "fastapi.Path()"),
        *unbounded(
            "body",
            "a request parameter",
            "fastapi.Query()",
            "fastapi.Header()",
            "fastapi.Body()",
            "fastapi.Form()",
            "fastapi.Cookie()",
            "fastapi.File()",
            advice="a value from a fixed set: declare it as an Enum or Literal",
        ),
        *unbounded("body", "a file name from a client", "starlette.datastructures.UploadFile.filename", advice=LOG),
        *unbounded(
            "body",
            "a file that a client uploads",
            *below("starlette.datastructures.UploadFile", ".content_type", ".size", ".headers", ".read()"),
            advice=LOG,
        ),
    ),
    shapes=(
        Shape(
            "starlette", (("#0", REQUEST), ("#1", "asgi.call_next")), base="starlette.middleware.base.BaseHTTPMiddleware", method="dispatch"
        ),
        Shape("starlette", (("#0", REQUEST), ("#1", "asgi.call_next")), decorator="fastapi.FastAPI.middleware()"),
        Shape("starlette", (("#0", REQUEST), ("#1", "asgi.call_next")), decorator="starlette.applications.Starlette.middleware()"),
        Shape("starlette", (("request", REQUEST), ("call_next", "asgi.call_next")), signature=("request", "call_next")),
        Shape("starlette", (("scope", "asgi.scope"),), signature=("scope", "receive", "send")),
        Shape("starlette", (("request", REQUEST), ("exc", "builtins.BaseException")), signature=("request", "exc")),
        Shape("starlette", (("#0", REQUEST), ("#1", "builtins.BaseException")), decorator="fastapi.FastAPI.exception_handler()"),
        Shape("starlette", (("#0", REQUEST),), base=ENDPOINT, signature=("request",)),
    ),
    routes=(
        *(
            Route("fastapi", f"{owner}.{verb}()", validates="annotations", others="query", whole=owner == APPS[0])
            for owner in APPS
            for verb in VERBS
        ),
        *(
            Route("fastapi", path, validates="annotations", others="query", handler="#1", keyword="endpoint")
            for path in (*(f"{owner}.add_api_route()" for owner in APPS), "fastapi.routing.APIRoute()")
        ),
    ),
    framework=Framework("starlette", ("starlette", "fastapi", "asgi"), TEMPLATE),
    aliases=(
        ("fastapi.status", "starlette.status"),
        ("fastapi.params.Depends", "fastapi.Depends"),
        ("fastapi.param_functions.Depends", "fastapi.Depends"),
        ("fastapi.params.Security", "fastapi.Security"),
        *((f"fastapi.security.{module}", "fastapi.security") for module in ("api_key", "http", "oauth2", "open_id_connect_url")),
        ("fastapi.security.OAuth2PasswordRequestFormStrict", "fastapi.security.OAuth2PasswordRequestForm"),
        ("fastapi.Request", REQUEST),
        ("fastapi.requests.Request", REQUEST),
        ("starlette.requests.HTTPConnection", REQUEST),
        ("fastapi.WebSocket", REQUEST),
        ("fastapi.requests.HTTPConnection", REQUEST),
        ("starlette.websockets.WebSocket", REQUEST),
        ("fastapi.websockets.WebSocket", REQUEST),
        ("starlette.types.Scope", "asgi.scope"),
        ("starlette.types.Message", "asgi.message"),
        ("asgiref.typing.Scope", "asgi.scope"),
        ("asgiref.typing.HTTPScope", "asgi.scope"),
        ("fastapi.Response", "starlette.responses.Response"),
        ("fastapi.responses.Response", "starlette.responses.Response"),
        ("starlette.responses.JSONResponse", "starlette.responses.Response"),
        ("fastapi.responses.JSONResponse", "starlette.responses.Response"),
        ("starlette.responses.StreamingResponse", "starlette.responses.Response"),
        ("fastapi.HTTPException", "starlette.exceptions.HTTPException"),
        ("fastapi.exceptions.HTTPException", "starlette.exceptions.HTTPException"),
        ("fastapi.UploadFile", "starlette.datastructures.UploadFile"),
        ("fastapi.middleware.base.BaseHTTPMiddleware", "starlette.middleware.base.BaseHTTPMiddleware"),
        ("starlette.middleware.base.RequestResponseEndpoint", "asgi.call_next"),
    ),
)
