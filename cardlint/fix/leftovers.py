"""What a fix leaves behind: variables that nothing reads any more, and texts that still speak of what is gone.

A fix changes what it must. A reviewer decides about the rest, and is told where it is.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import itemgetter

from cardlint.fix.source import Source
from cardlint.inference.program import Metric

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
MAX_NAMED = 5
"""Things that are named one by one."""
ENDINGS = ("_id", "_ids", "_name", "_uuid", "_key")
"""Endings of a label that texts about it leave out."""


def described(left: Iterable[str]) -> str:
    """Return the end of a description that names what is left behind, '' for nothing."""
    found = list(dict.fromkeys(left))
    if not found:
        return ""
    more = [f"{len(found) - MAX_NAMED} more"] if len(found) > MAX_NAMED else []
    return f"; left behind: {', '.join([*found[:MAX_NAMED], *more])}"


def texts_that_say(metric: Metric, pattern: str, source: Source) -> list[str]:
    """List the help text and the name of a metric when they hold some words."""
    words = re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])", re.I)
    out = []
    place = metric.raw.get("documentation")
    if place is not None and place.path == source.path and (said := words.search(source.slice(place))):
        out.append(f"the help text with `{said[0]}` ({place.path}:{place.line})")
    if said := words.search(metric.name):
        out.append(f"the name `{metric.name}` with `{said[0]}`")
    return out


def spoken(label: str) -> str:
    """Return the pattern of the forms in which a text names a label: by its whole name, or as `per user` for `user_id`."""
    short = next((label.removesuffix(e) for e in ENDINGS if label.endswith(e) and len(label) > len(e) + 2), label)
    words = "|".join(re.escape(w) for w in dict.fromkeys((label, short, label.replace("_", " "), short.replace("_", " "))))
    return rf"{re.escape(label)}s?|(?:per|by|each|every)[ _](?:{words})s?"


def unread(source: Source, removed: Sequence[tuple[int, int]]) -> list[str]:
    """List the parameters and variables of a file that only removed text has read."""
    spans = sorted(removed)
    out: list[str] = []
    asked: set[tuple[str, ast.AST | None]] = set()
    for node in source.read_in(spans):
        scope = next((a for a in source.ancestors(node) if isinstance(a, FUNCTIONS)), None)
        if (node.id, scope) in asked:
            continue
        asked.add((node.id, scope))
        if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)) and (found := _left(source, node.id, scope, spans)):
            out.append(found)
    return out


def _is_in(source: Source, node: ast.AST, spans: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a node is inside of one of several spans, which are sorted and do not overlap."""
    start, end = source.span(node)
    before = bisect_right(spans, start, key=itemgetter(0)) - 1
    return before >= 0 and end <= spans[before][1]


def _left(source: Source, name: str, scope: ast.FunctionDef | ast.AsyncFunctionDef, spans: Sequence[tuple[int, int]]) -> str:
    """Describe a variable that nothing but removed text reads, '' when other code reads it or another scope has made it."""
    if name in ("self", "cls"):
        return ""
    named = source.named(name, scope)
    if any(isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and not _is_in(source, n, spans) for n in named):
        return ""
    if any(n.arg == name for n in ast.walk(scope.args) if isinstance(n, ast.arg)):
        return f"the parameter `{name}` of `{scope.name}` ({source.path}:{scope.lineno})"
    stored = next((n for n in named if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)), None)
    return f"the variable `{name}` ({source.path}:{stored.lineno})" if stored is not None else ""
