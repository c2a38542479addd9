"""What Django and Django REST framework passes and holds, each value in a label of its own."""

from __future__ import annotations

from typing import Any

SERVICE = """\
import django
from django.conf import settings

if not settings.configured:
    settings.configure(
        SECRET_KEY="x",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=[f"{__name__}.Mid"],
        INSTALLED_APPS=["rest_framework"],
        REST_FRAMEWORK={"UNAUTHENTICATED_USER": None, "DEFAULT_AUTHENTICATION_CLASSES": []},
    )
    django.setup()
from django.http import HttpResponse, JsonResponse, Http404
from django.urls import path, re_path, resolve
from django.views.generic import View, TemplateView
from django.utils.deprecation import MiddlewareMixin
from prometheus_client import Counter, generate_latest
from rest_framework.views import APIView
from rest_framework.response import Response
from rest_framework import viewsets, routers, generics
# metrics


class Mid:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # fields: before
        response = self.get_response(request)
        # fields: after
        return response

    def process_view(self, request, view_func, view_args, view_kwargs):
        # fields: pv
        return None

    def process_exception(self, request, exception):
        # fields: pe
        return None


def user(request, name):
    # fields: get
    return HttpResponse("x")


def order(request):
    import json

    data = json.loads(request.body)
    # fields: post
    return HttpResponse("x")


def form(request):
    # fields: form
    return HttpResponse("x")


class V(View):
    def get(self, request, *args, **kwargs):
        # fields: view
        return HttpResponse("x")


class A(APIView):
    def post(self, request, pk, format=None):
        # fields: api
        return Response({})


class S(viewsets.ViewSet):
    def retrieve(self, request, pk=None):
        # fields: vs
        return Response({})


def boom(request, x):
    raise ValueError("no " + x)


def metrics(request):
    return HttpResponse(generate_latest())


r = routers.SimpleRouter()
r.register("s", S, basename="s")
urlpatterns = [
    path("users/<str:name>", user, name="user"),
    path("orders", order),
    path("form", form),
    path("v/<int:pk>/<slug:s>", V.as_view(), name="v"),
    path("a/<pk>", A.as_view()),
    re_path(r"^boom/(\\w+)$", boom),
    path("metrics", metrics),
] + r.urls
"""

FIELDS = {
    "before": """
        request.path
        request.path_info
        request.get_full_path()
        request.build_absolute_uri()
        request.get_raw_uri() if hasattr(request, "get_raw_uri") else request.get_full_path()
        request.method
        request.scheme
        request.is_secure()
        request.get_host()
        request.get_port()
        request.META["REMOTE_ADDR"]
        request.META.get("HTTP_USER_AGENT", "none")
        request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[0]
        request.META["SERVER_NAME"]
        request.META["REQUEST_METHOD"]
        request.META.get("CONTENT_TYPE")
        request.META.get("QUERY_STRING")
        request.META.get("PATH_INFO")
        request.headers["User-Agent"]
        request.headers.get("User-Agent")
        request.COOKIES.get("sid")
        request.GET.get("q")
        request.GET["q"]
        request.GET.urlencode()
        dict(request.GET)
        request.content_type
        request.content_params
        request.encoding
        request.resolver_match
        request.user_agent if hasattr(request, "user_agent") else "none"
        resolve(request.path_info).view_name
        resolve(request.path_info).route
        resolve(request.path).func.__name__
        resolve(request.path_info).kwargs.get("name", "none")
        len(request.GET)
        request.accepts("text/html")
        request.path.strip("/").split("/")[0]
    """,
    "after": """
        response.status_code
        response.reason_phrase
        response["Content-Type"]
        response.headers.get("Content-Type")
        response.content
        len(response.content)
        response.charset
        request.resolver_match.route if request.resolver_match else "none"
        request.resolver_match.view_name if request.resolver_match else "none"
        request.resolver_match.url_name if request.resolver_match else "none"
        getattr(request.resolver_match, "view_name", None) or "none"
        getattr(request.resolver_match, "route", "none")
        request.resolver_match.app_name if request.resolver_match else "none"
        request.resolver_match.namespace if request.resolver_match else "none"
        ":".join(request.resolver_match.namespaces) if request.resolver_match else "none"
        request.resolver_match.func.__name__ if request.resolver_match else "none"
        request.resolver_match._func_path if request.resolver_match else "none"
        request.resolver_match.kwargs.get("name") if request.resolver_match else "none"
        request.resolver_match.args if request.resolver_match else "none"
        ",".join(sorted(request.resolver_match.kwargs)) if request.resolver_match else "none"
        request.resolver_match.func.__module__ if request.resolver_match else "none"
        f"{response.status_code // 100}xx"
        type(response).__name__
        response.streaming
        response.closed
    """,
    "pv": """
        view_func.__name__
        view_func.__module__
        getattr(view_func, "view_class", view_func).__name__
        view_kwargs.get("name", "none")
        view_kwargs
        len(view_kwargs)
        ",".join(sorted(view_kwargs))
        request.resolver_match.route
        view_func.__qualname__
        f"{view_func.__module__}.{view_func.__name__}"
    """,
    "pe": """
        str(exception)
        type(exception).__name__
        exception.args[0]
        exception.__class__.__name__
        repr(exception)
    """,
    "get": """
        name
        request.resolver_match.kwargs["name"]
        name.upper()
        len(name) > 3
    """,
    "post": """
        data["kind"]
        request.body
        request.body.decode()
        len(request.body)
        data.get("n")
        data["n"] > 5
    """,
    "form": """
        request.POST["name"]
        request.POST.get("name")
        request.FILES["file"].name
        request.FILES["file"].content_type
        request.FILES["file"].size
        list(request.POST)[0]
        request.POST.dict()["name"]
    """,
    "view": """
        kwargs["pk"]
        kwargs.get("s")
        self.kwargs["pk"]
        request.path
        self.__class__.__name__
        self.request.path
        self.args
        ",".join(sorted(kwargs))
        kwargs["pk"] % 3
    """,
    "api": """
        pk
        request.data["kind"]
        request.data.get("kind")
        request.query_params.get("q")
        request.user
        request.auth
        self.get_view_name()
        self.__class__.__name__
        request.method
        request.content_type
        request.path
        request.accepted_renderer.format
        format
        request.version
        self.kwargs["pk"]
    """,
    "vs": """
        pk
        self.action
        self.basename
        self.detail
        self.kwargs["pk"]
        self.__class__.__name__
        request.resolver_match.url_name
        self.request.path
        self.lookup_field if hasattr(self, "lookup_field") else "pk"
    """,
}


def drive(app: Any, count: int) -> str:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    c = Client(raise_request_exception=False)
    for n in range(count):
        h = {
            "HTTP_USER_AGENT": f"a{n}",
            "HTTP_X_FORWARDED_FOR": f"10.1.1.{n}",
            "REMOTE_ADDR": f"10.0.0.{n}",
            "HTTP_COOKIE": f"sid=s{n}",
            "HTTP_HOST": f"h{n}.example:{8000 + n}",
            "CONTENT_TYPE": f"text/x{n}; charset=utf8",
        }
        c.get(f"/users/u{n}?q=w{n}", **h)
        c.get(f"/v/{n}/s{n}")
        c.get(f"/boom/b{n}")
        c.get(f"/nope{n}/x")
        c.generic(f"M{n}", "/orders")
        c.get(f"/s/{n}/")
        c.post(f"/a/{n}?q=w{n}", {"kind": f"k{n}"}, content_type="application/json")
        c.post("/orders", {"kind": f"k{n}", "n": n}, content_type="application/json")
        c.post("/form", {f"z{n}": "1", "name": f"n{n}", "file": SimpleUploadedFile(f"f{n}.txt", b"x" * n, f"image/x{n}")})
    return c.get("/metrics").content.decode()
