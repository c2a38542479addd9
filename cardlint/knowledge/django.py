"""Django and Django REST framework (knowledge B0-B3)."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, NAME, below, bounded, client, deployment, leads, transfer, unbounded
from cardlint.knowledge.schema import Framework, Library, Named, Route, Row, Shape
from cardlint.knowledge.web import request, response

REQUEST = "django.http.HttpRequest"
RESPONSE = "django.http.HttpResponse"
QUERIES, ROW = "django.db.models.QuerySet", "django.row"
VIEW = "django.views.View"
GENERIC = (
    "View",
    "TemplateView",
    "DetailView",
    "ListView",
    "CreateView",
    "UpdateView",
    "DeleteView",
    "FormView",
    "RedirectView",
    "ArchiveIndexView",
)
REST = (
    "views.APIView", "viewsets.ViewSet", "viewsets.GenericViewSet", "viewsets.ModelViewSet", "viewsets.ReadOnlyModelViewSet", "generics.GenericAPIView",
    "generics.ListAPIView", "generics.CreateAPIView", "generics.RetrieveAPIView", "generics.UpdateAPIView", "generics.DestroyAPIView", "generics.ListCreateAPIView",
    "generics.RetrieveUpdateAPIView", "generics.RetrieveDestroyAPIView", "generics.RetrieveUpdateDestroyAPIView",
)  # fmt: skip
ARGUMENTS = (
    ("request", REQUEST),
    ("format", "django.format_suffix"),
    ("#1", "django.path_argument"),
    ("#2", "django.path_argument"),
    ("#3", "django.path_argument"),
    ("args", VIEW + ".args"),
    ("kwargs", VIEW + ".kwargs"),
)

LIBRARY = Library(
    packages=("django", "rest_framework", "ninja", "graphene_django", "channels"),
    rows=(
        *request(
            REQUEST,
            paths=(".path", ".path_info", ".get_full_path()", ".get_full_path_info()", ".build_absolute_uri()", ".get_raw_uri()", ".META[PATH_INFO]", ".META[QUERY_STRING]", ".META.get(PATH_INFO)", ".META.get(QUERY_STRING)", ".META[REQUEST_URI]"),
            methods=(".method", ".META[REQUEST_METHOD]"),
            addresses=(".META[REMOTE_ADDR]", ".META.get(REMOTE_ADDR)", ".META.get(HTTP_X_FORWARDED_FOR)", ".META[HTTP_X_FORWARDED_FOR]"),
            users=(".user", ".user.username", ".user.email", ".user.pk", ".user.id", ".user.get_username()", ".session", ".session.session_key", ".session[]", ".COOKIES", ".COOKIES[]", ".COOKIES.get()", ".auth"),
            headers=(".headers", ".headers[]", ".headers.get()", ".META[HTTP_USER_AGENT]", ".META.get(HTTP_USER_AGENT)", ".META[HTTP_REFERER]", ".META.get(HTTP_REFERER)"),
            inputs=(".GET", ".GET[]", ".GET.get()", ".POST", ".POST[]", ".POST.get()", ".body", ".FILES", ".FILES[]", ".data", ".data[]", ".data.get()", ".query_params", ".query_params[]", ".query_params.get()"),
            ids=(".id", ".request_id", ".correlation_id"),
            params=(".resolver_match.kwargs", ".resolver_match.args", ".resolver_match.kwargs[]", ".resolver_match.kwargs.get()"),
            hosts=(".get_host()", ".get_port()", ".META[HTTP_HOST]", ".META.get(HTTP_HOST)", ".META[SERVER_NAME]"),
            schemes=(".scheme", ".is_secure()"),
            routes=(".resolver_match.route", ".resolver_match.view_name", ".resolver_match.url_name", ".resolver_match.app_name", ".resolver_match.namespace", ".resolver_match.func.__name__", ".resolver_match._func_path", ".resolver_match"),
        ),
        *client(20, "content-type", "the media type the client sent", REQUEST + ".content_type"),
        *transfer("route-url", "the URL of a route", "django.urls.reverse()", "django.urls.reverse_lazy()", "django.shortcuts.resolve_url()", "rest_framework.reverse.reverse()"),
        *leads((REQUEST + ".META", REQUEST + ".META")),
        *unbounded("header", "a header the client sent", REQUEST + ".META[]", advice=LOG),
        *deployment("config", "the port or protocol of the server", REQUEST + ".META[SERVER_PORT]", REQUEST + ".META[SERVER_PROTOCOL]", REQUEST + ".META[GATEWAY_INTERFACE]", REQUEST + ".META[SERVER_SOFTWARE]"),
        *bounded(2, "scheme", "scheme of the request", REQUEST + ".META[wsgi.url_scheme]"),
        *unbounded("identity", "a parameter from the URL", "django.path_argument", advice=LOG),
        *bounded(5, "format", "a format of the API", "django.format_suffix"),
        *response(RESPONSE, ".status_code", ".reason_phrase", texts=(".content",)),
        *leads(("django.urls.resolve()", "django.urls.ResolverMatch"), ("django.get_response()", RESPONSE)),
        *unbounded("identity", "a parameter from the URL", *below("django.urls.ResolverMatch", ".kwargs", ".args"), advice=LOG),
        *bounded(20, "code-name", "a name from the pattern of a route", "django.urls.ResolverMatch.kwargs[*]", VIEW + ".kwargs[*]"),
        *bounded(50, "code-name", "a namespace of routes", REQUEST + ".resolver_match.namespaces", REQUEST + ".resolver_match.app_names"),
        *bounded(2, "boolean", "whether the client accepts it", REQUEST + ".accepts()"),
        *bounded(50, "template", "route template", "django.urls.ResolverMatch.route", "django.urls.ResolverMatch.view_name", "django.urls.ResolverMatch.url_name", "django.urls.ResolverMatch.func.__name__"),
        *leads((VIEW + ".request", REQUEST)),
        *bounded(50, "code-name", "name of a view or action", VIEW + ".action", VIEW + ".basename"),
        *unbounded("identity", "a parameter from the URL", VIEW + ".kwargs", VIEW + ".kwargs[]", VIEW + ".kwargs.get()", VIEW + ".args", advice=LOG),
        *leads(("django.db.models.Model.objects", QUERIES), ("django.db.models.Model._default_manager", QUERIES), (QUERIES + "[*]", ROW), *((QUERIES + f".{name}()", ROW) for name in ("first", "last", "earliest", "latest", "get")), *((QUERIES + f".{name}()", QUERIES) for name in ("all", "filter", "exclude", "order_by", "distinct", "annotate", "select_related", "prefetch_related", "using", "only", "defer", "reverse", "iterator", "none", "select_for_update"))),
        Row(QUERIES + ".values_list()", returns=ROW, how="columns", why="columns of a table"),
        Row(QUERIES + ".values()", returns=ROW, how="records", why="columns of a table"),
        *unbounded("database", "a key of the database", *below(ROW, ".id", ".pk", ".uuid", "[id]", "[pk]", "[uuid]"), advice=LOG),
        *unbounded("free-text", "text of a database", *below(ROW, *(part for name in ("message", "error_message", "description", "comment", "body", "content", "text", "notes") for part in (f".{name}", f"[{name}]"))), advice=LOG),
        *unbounded("database", "a key of the database", "django.db.models.Model.pk", "django.db.models.Model.id", advice=LOG),
        *bounded(50, "code-name", "name of a model or table", "django.db.models.Model._meta.model_name", "django.db.models.Model._meta.db_table", "django.db.models.Model._meta.label", "django.db.models.Model._meta.app_label", "django.db.models.Model._meta.object_name"),
        *bounded(5, "database", "a configured database", "django.db.connection.vendor", "django.db.connection.alias", "django.db.connections[].vendor"),
        *deployment("config", "a setting of the deployment", "django.conf.settings[]"),
        *unbounded("exception-text", "the text of an exception", "rest_framework.exceptions.APIException.detail", "rest_framework.exceptions.APIException.get_full_details()", advice=NAME),
        Row("rest_framework.exceptions.APIException", "unbounded", None, "exception-text", "the text of an exception", advice=NAME),
        *bounded(15, "status", "HTTP status", "rest_framework.exceptions.APIException.status_code"),
        *bounded(20, "code-name", "the code of a class of exceptions", "rest_framework.exceptions.APIException.default_code"),
        Row("rest_framework.status", "bounded", 62, "status", "HTTP status", how="numbered", deep=True),
        *unbounded("free-text", "validation messages", "django.core.exceptions.ValidationError.messages", "django.core.exceptions.ValidationError.message", advice="the error's code"),
    ),
    shapes=(
        Shape("django", (("request", REQUEST), ("response", RESPONSE)), base="django.utils.deprecation.MiddlewareMixin", signature=("request",)),
        Shape("django", (("request", REQUEST), *((f"view_{what}", f"{REQUEST}.resolver_match.{what}") for what in ("func", "args", "kwargs"))), method="process_view", signature=("request", "view_func")),
        Shape("django", (("exc", "rest_framework.exceptions.APIException"),), signature=("exc", "context")),
        Shape("django", (("request", REQUEST), ("response", RESPONSE)), method="process_response", signature=("request", "response")),
        Shape("django", (("request", REQUEST),), method="process_request", signature=("request",)),
        Shape("django", (("request", REQUEST), ("exception", "builtins.BaseException")), method="process_exception", signature=("request", "exception")),
        Shape("django", (("request", REQUEST), ("response", RESPONSE)), method="process_template_response", signature=("request", "response")),
        *(Shape("django", ARGUMENTS, base=VIEW, method=verb, signature=("request",)) for verb in ("get", "post", "put", "patch", "delete", "dispatch", "list", "retrieve", "create", "update", "destroy", "initial", "head", "options")),
        Shape("django", ARGUMENTS, decorator="rest_framework.decorators.api_view()"),
        Shape("django", ARGUMENTS, decorator="rest_framework.decorators.action()", signature=("request",)),
    ),
    names=(Named(("django",), "get_response", "django.get_response"),),
    routes=(
        Route("django", "django.urls.path()", "#0", "<>", handler="#1", keyword="view", extra="#2"),
        Route("django", "django.urls.re_path()", "#0", "re", handler="#1", keyword="view", extra="#2"),
        Route("django", "django.conf.urls.url()", "#0", "re", handler="#1", keyword="view", extra="#2"),
    ),
    framework=Framework("django", ("django", "rest_framework"), 'request.resolver_match.route if request.resolver_match else "unmatched"'),
    aliases=(
        ("django.http.request.HttpRequest", REQUEST), ("django.core.handlers.wsgi.WSGIRequest", REQUEST), ("django.core.handlers.asgi.ASGIRequest", REQUEST), ("rest_framework.request.Request", REQUEST),
        ("django.http.response.HttpResponse", RESPONSE), ("django.http.JsonResponse", RESPONSE), ("rest_framework.response.Response", RESPONSE), ("django.http.HttpResponseBase", RESPONSE), ("django.http.response.HttpResponseBase", RESPONSE),
        ("django.http.StreamingHttpResponse", RESPONSE), ("django.urls.conf.path", "django.urls.path"), ("django.urls.conf.re_path", "django.urls.re_path"),
        *((f"django.views.generic.{name}", VIEW) for name in GENERIC),
        *((f"django.views.generic.{module}.{name}", VIEW) for module, name in (("base", "View"), ("base", "TemplateView"), ("detail", "DetailView"), ("list", "ListView"), ("edit", "FormView"), ("edit", "CreateView"), ("edit", "UpdateView"), ("edit", "DeleteView"))),
        *((f"rest_framework.{name}", VIEW) for name in REST),
    ),
)  # fmt: skip
