"""Whether the route of a request is known where a fix asks for it: a middleware runs before the router and after it.

In front of `call_next` or `get_response` the template is not known yet. It would be "unmatched" for every request.
"""

from __future__ import annotations

import ast

from cardlint.fix.base import Refused, Sources
from cardlint.fix.source import Source

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LATE = {'scope.get("route")': "starlette", "resolver_match": "django"}
"""Parts of advice that read what the router writes into the request, with the framework."""
HANDLERS = frozenset({"call_next", "get_response", "app", "_app", "next_call", "next_handler"})
"""Names of what a middleware calls to have the request handled."""
ROUTED = frozenset(
    {"get", "post", "put", "delete", "patch", "head", "options", "trace", "route", "api_route", "websocket", "exception_handler"}
)
"""Decorators of functions that run after the router."""
BEFORE = frozenset({"process_request", "__call__"})
"""Methods of Django's middlewares that may run before the router."""


def check_routed(source: Source, node: ast.AST, advice: str, sources: Sources, *, is_gauge: bool) -> None:
    """Refuse where the route is not known yet, or where it is not sure that it is.

    A Gauge is counted up before the request is handled and down after it, and both must name the same series.
    """
    framework = next((name for part, name in LATE.items() if part in advice), "")
    around = [a for a in source.ancestors(node) if isinstance(a, FUNCTIONS)]
    if is_gauge and around and not _both_ways(around[-1]):
        raise Refused("the Gauge is counted up and down in two functions, and both must name the same series")
    if not framework or not around:
        return
    if framework == "starlette" and not sources.mentioning("fastapi"):
        raise Refused("FastAPI writes the route into the request, and Starlette alone only from version 1.7 on")
    if is_gauge:
        raise Refused("a Gauge is counted up before the route is known, and down after it: both must name the same series")
    handled = [c for c in ast.walk(around[-1]) if isinstance(c, ast.Call) and called(c.func) in HANDLERS]
    if handled:
        first = min(source.span(c)[1] for c in handled)
        if source.span(node)[0] < first and len(around) == 1:
            call = min(handled, key=lambda c: source.span(c)[1])
            raise Refused(
                f"the route is not known before `{called(call.func)}` has run, on line {call.lineno}: count after it, with the template"
            )
        return
    if framework == "django":
        if around[0].name in BEFORE:
            raise Refused("the route may not be known here: a middleware runs before the router")
    elif not any(called(d.func) in ROUTED for function in around for d in function.decorator_list if isinstance(d, ast.Call)):
        raise Refused(
            "it is not certain that the route is known here: whether the router has run before depends on the callers of this function"
        )


def _both_ways(function: ast.AST) -> bool:
    """Tell whether a function counts up and down, or does none of both."""
    names = {called(c.func) for c in ast.walk(function) if isinstance(c, ast.Call)}
    return ("inc" in names) == ("dec" in names)


def called(function: ast.expr) -> str:
    """Return the last name of what is called, '' for none."""
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
