"""Advice in the variables of the code: `type(exc).__name__` where the handler says `as exc`, `scope` where the code has no `request`.

The advice of a row is written with usual names. A reader copies it, so that it has to fit the line that it is about.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from cardlint.findings import Finding, Place
from cardlint.selection.fingerprint import source_text

PATHS = frozenset({"path", "url", "raw_path", "full_path", "path_info", "rel_url", "path_qs", "base_url", "uri", "relative_uri"})
"""Last parts of an expression that reads the path of a request."""
CALLS = frozenset({"get_full_path", "build_absolute_uri", "get_full_path_info", "human_repr", "get"})
"""Methods in such an expression."""
MAPPINGS = ("scope", "environ")
"""What a request keeps its path in, and code without a request reads it from."""
EXCEPTION = "type(e)"
MOST = 500
"""Characters of an expression that is looked at."""


def with_variables(findings: Sequence[Finding], lines: Callable[[str], list[str]]) -> list[Finding]:
    """Write the advice of each finding in the variables of the line where its value comes from."""
    return [_fitted(f, lines) for f in findings]


def _fitted(finding: Finding, lines: Callable[[str], list[str]]) -> Finding:
    kind = finding.value.kind if finding.value is not None else ""
    if kind == "exception-text" and EXCEPTION in finding.help:
        name = _of_text(_parsed(source_text(finding.place, lines(finding.place.path))))
        name = name or next((n for step in finding.trace[:1] if (n := _handled(step.place, lines(step.place.path)))), "")
        return replace(finding, help=finding.help.replace(EXCEPTION, f"type({name})")) if name else finding
    if kind == "raw-path" and "request" in finding.help:
        for place in _places(finding):
            found = _request(_parsed(source_text(place, lines(place.path))))
            if found is not None:
                return replace(finding, help=_renamed(finding.help, *found))
    return finding


def _places(finding: Finding) -> Iterator[Place]:
    yield from (step.place for step in finding.trace)
    yield finding.place


def _parsed(text: str) -> ast.expr | None:
    if not text or len(text) > MOST:
        return None
    try:
        return ast.parse(f"({text})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _of_text(node: ast.expr | None) -> str:
    """Return the variable whose text an expression takes: `str(exc)`, `f"{exc}"`; '' for any other expression."""
    if isinstance(node, ast.Subscript):
        return _of_text(node.value)
    inner: ast.expr | None = None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("str", "repr") and len(node.args) == 1:
        inner = node.args[0]
    elif isinstance(node, ast.JoinedStr):
        filled = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        inner = filled[0] if len(filled) == 1 else None
    return inner.id if isinstance(inner, ast.Name) else _of_text(inner) if inner is not None else ""


def _handled(place: Place, rows: list[str]) -> str:
    """Return the name that the `except` clause at a place binds, '' where there is no such clause."""
    clause = rows[place.line - 1].partition("except")[2] if place.line <= len(rows) else ""
    name = clause.partition(" as ")[2].partition(":")[0].strip()
    return name if name.isidentifier() else ""


def _request(node: ast.expr | None) -> tuple[str, str] | None:
    """Return the usual name of what an expression reads the path from, and its name here."""
    inner, read = node, False
    while inner is not None:
        if isinstance(inner, ast.Subscript):
            last = inner.value.attr if isinstance(inner.value, ast.Attribute) else getattr(inner.value, "id", "")
            if last in MAPPINGS and isinstance(inner.value, (ast.Name, ast.Attribute)):
                return f"request.{last}", ast.unparse(inner.value)
            return None
        if isinstance(inner, ast.Call):
            if isinstance(inner.func, ast.Name) and inner.func.id in ("str", "repr") and len(inner.args) == 1:
                inner = inner.args[0]
                continue
            inner = inner.func
            continue
        if isinstance(inner, ast.Attribute) and inner.attr in PATHS | CALLS:
            inner, read = inner.value, True
            last = inner.attr if isinstance(inner, ast.Attribute) else getattr(inner, "id", "")
            if last in MAPPINGS:
                return f"request.{last}", ast.unparse(inner)
            continue
        break
    return ("request", ast.unparse(inner)) if read and isinstance(inner, (ast.Name, ast.Attribute)) else None


def _renamed(advice: str, usual: str, here: str) -> str:
    if usual not in advice or usual == here:
        return advice
    return re.sub(rf"\b{re.escape(usual)}\b(?!\s*[:=(])", lambda _: here, advice)
