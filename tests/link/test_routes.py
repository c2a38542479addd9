"""Tables of URLs: a function that stands in one gets what the client writes into the path."""

from __future__ import annotations

import pytest

from tests.conftest import Lint

VIEWS = "from django.shortcuts import render\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['x'])\n\n"
URLS = "from django.urls import path, re_path\nfrom . import views\n\nurlpatterns = "
VIEW = "def view(request, kind):\n    C.labels(kind).inc()\n"
CLASS = (
    "from django.views.generic import DetailView\n\nclass V(DetailView):\n    def get(self, request, kind):\n        C.labels(kind).inc()\n"
)
REST = "from rest_framework.decorators import api_view, action\nfrom rest_framework.viewsets import ModelViewSet\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['x'])\n\n"

OPEN = {
    "a slug": (VIEW, "[path('p/<slug:kind>/', views.view)]\n"),
    "a number": (VIEW, "[path('p/<int:kind>/', views.view, name='view')]\n"),
    "without a converter": (VIEW, "[path('p/<kind>/', view=views.view)]\n"),
    "wrapped in a decorator": (VIEW, "[path('p/<slug:kind>/', login_required(views.view))]\n"),
    "a group that takes any word": (VIEW, "[re_path(r'^p/(?P<kind>[-\\w]+)/$', views.view)]\n"),
    "one of two tables": (VIEW, "[path('p/', views.view, {'kind': 'a'}), path('q/<kind>/', views.view)]\n"),
    "the method of a class": (CLASS, "[path('p/<slug:kind>/', views.V.as_view())]\n"),
}
BOUNDED = {
    "a group of literals": (VIEW, "[re_path(r'^p/(?P<kind>a|b)/$', views.view)]\n", ("a", "b")),
    "a group of a class": (CLASS, "[re_path(r'^p/(?P<kind>a|b)/$', views.V.as_view())]\n", ("a", "b")),
    "written in the table": (VIEW, "[path('p/', views.view, {'kind': 'a'})]\n", ("a",)),
    "the default": (VIEW.replace("kind):", "kind='a'):") + "\nview(None)\n", "[path('p/', views.view)]\n", ("a",)),
}


@pytest.mark.parametrize("name", OPEN)
def test_a_part_of_the_path_is_open(name: str, lint: Lint) -> None:
    view, urls = OPEN[name]
    found = lint({"app/__init__.py": "", "app/views.py": VIEWS + view, "app/urls.py": URLS + urls}).report.findings
    assert [f.rule for f in found] == ["identity-label"]


@pytest.mark.parametrize("name", BOUNDED)
def test_what_the_table_fixes_is_bounded(name: str, lint: Lint) -> None:
    view, urls, values = BOUNDED[name]
    [site] = lint({"app/__init__.py": "", "app/views.py": VIEWS + view, "app/urls.py": URLS + urls}).program.sites
    assert site.args[0].value.exact == values


def test_a_converter_of_the_program_says_nothing(lint: Lint) -> None:
    run = lint({"app/__init__.py": "", "app/views.py": VIEWS + VIEW, "app/urls.py": URLS + "[path('p/<lang:kind>/', views.view)]\n"})
    assert run.report.findings == ()
    assert run.program.sites[0].args[0].value.cls.name == "UNKNOWN"


@pytest.mark.parametrize(
    ("code", "rules"),
    [
        ("@api_view(['GET'])\ndef f(request, pk):\n    C.labels(pk).inc()\n", ["identity-label"]),
        ("@api_view(['GET'])\ndef f(request, format=None):\n    C.labels(format).inc()\n", []),
        (
            "class V(ModelViewSet):\n    @action(detail=True)\n    def f(self, request, pk=None):\n        C.labels(pk).inc()\n",
            ["identity-label"],
        ),
        ("class V(ModelViewSet):\n    @action(detail=True)\n    def f(self, request, pk=None):\n        C.labels(self.action).inc()\n", []),
    ],
)
def test_functions_and_actions_of_an_api(code: str, rules: list[str], lint: Lint) -> None:
    assert [f.rule for f in lint(REST + code).report.findings] == rules


@pytest.mark.parametrize(
    "entry", ["path()", "path('a')", "path(*x)", "path('<>', view)", "re_path('(?P<kind>((', view)", "re_path('(?P<kind>a)\\\\', view)"]
)
def test_a_broken_table_is_no_accident(entry: str, lint: Lint) -> None:
    run = lint({"views.py": VIEWS + VIEW, "urls.py": f"from django.urls import path, re_path\nfrom views import view\n\nx = {entry}\n"})
    assert len(run.program.sites) == 1


@pytest.mark.parametrize(("rule", "cls"), [("'/p/<kind>', view_func=show", "UNBOUNDED"), ("'/p/<any(a,b):kind>', 'show', show", "EXACTLY")])
def test_rules_that_are_added_by_a_call(rule: str, cls: str, lint: Lint) -> None:
    code = f"from flask import Flask\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['x'])\napp = Flask('a')\n\ndef show(kind):\n    C.labels(kind).inc()\n\napp.add_url_rule({rule})\n"
    [site] = lint(code).program.sites
    assert site.args[0].value.cls.name == cls
