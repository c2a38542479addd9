"""Advice in the variables of the code: `type(exc).__name__` where the handler says `as exc`, `scope` where the code has no `request`.

The advice of a row is written with usual names. A reader copies it, so that it has to fit the line that it is about.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from cardlint.findings import Finding, Place
from cardlint.selection.fingerprint import source_text
from cardlint.selection.narrowed import given_name, part_of

PATHS = frozenset({"path", "url", "raw_path", "full_path", "path_info", "rel_url", "path_qs", "base_url", "uri", "relative_uri"})
"""Last parts of an expression that reads the path of a request."""
CALLS = frozenset({"get_full_path", "build_absolute_uri", "get_full_path_info", "human_repr", "get"})
"""Methods in such an expression."""
MAPPINGS = ("scope", "environ")
"""What a request keeps its path in, and code without a request reads it from."""
EXCEPTION = "type(e)"
ALLOWED = "x if x in ALLOWED"
BUILT_IN = frozenset(dir(builtins))
SHORT = 40
"""Characters of an expression that advice writes twice."""
Lines = Callable[[str], list[str]]
MOST = 500
"""Characters of an expression that is looked at."""


def with_variables(findings: Sequence[Finding], lines: Lines) -> list[Finding]:
    """Write the advice of each finding in the variables of the line where its value comes from."""
    return [_fitted(f, lines) for f in findings]


def _fitted(finding: Finding, lines: Lines) -> Finding:
    kind = finding.value.kind if finding.value is not None else ""
    finding = _narrowed(finding, lines)
    if EXCEPTION in finding.help and (named := _exception(finding, lines)) is not None:
        name, place = named
        elsewhere = f" in {place.path}:{place.line}" if place.path != finding.place.path else ""
        text = finding.help.replace(f"`{EXCEPTION}.__name__`", f"`type({name}).__name__`{elsewhere}")
        return replace(finding, help=text.replace(EXCEPTION, f"type({name})"))
    if ALLOWED in finding.help and (tested := _tested(finding, lines)):
        return replace(finding, help=finding.help.replace(ALLOWED, f"{tested} if {tested} in ALLOWED"))
    if kind == "raw-path" and "request" in finding.help:
        for place in _places(finding):
            found = _request(_parsed(source_text(place, lines(place.path))))
            if found is not None:
                return replace(finding, help=_renamed(finding.help, *found))
    return finding


def _narrowed(finding: Finding, lines: Lines) -> Finding:
    """Give a finding the place of the part of its argument that it is about."""
    if finding.label is None or finding.value is None:
        return finding
    text = source_text(finding.place, lines(finding.place.path))
    part = part_of(finding, text, _parsed(text))
    return replace(finding, place=part) if part is not None else finding


def _exception(finding: Finding, lines: Lines) -> tuple[str, Place] | None:
    """Return the variable of the exception whose text the label gets, and the place where its text is taken.

    The trace is walked from the exception on: what gets it as an argument has its own name for it. A variable that holds the text
    already is no exception, so the first expression that is more than the variable is the place.
    """
    if not finding.trace:
        return None
    first = finding.trace[0].place
    name = _handled(first, lines(first.path))
    current = name or _only_name(_parsed(source_text(first, lines(first.path)).partition(":")[0]))
    steps = [*((step.place, given_name(step)) for step in finding.trace[0 if not name else 1 :]), (finding.place, "")]
    for place, given in steps:
        node = _parsed(source_text(place, lines(place.path)))
        if isinstance(node, ast.Name):
            current = given if given and node.id == current else current
        elif current in _names(node):
            return current, place
    return (name, first) if name else None


def _only_name(node: ast.expr | None) -> str:
    """Return the one variable that an expression reads, '' where it reads none or several: `exc` of `str(exc.args[0])`."""
    names = _names(node)
    return names.pop() if len(names) == 1 else ""


def _names(node: ast.expr | None) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} - BUILT_IN if node is not None else set()


def _tested(finding: Finding, lines: Lines) -> str:
    """Return the expression of the label's argument, where it is short enough to be written twice; '' for any other."""
    rows = lines(finding.place.path)
    text = source_text(finding.place, rows)
    node = _parsed(text)
    inner = node
    while isinstance(inner, (ast.Attribute, ast.Subscript)):
        inner = inner.value
    if not isinstance(inner, ast.Name) or len(text) > SHORT or "\n" in text:
        return ""
    before = rows[finding.place.line - 1][: finding.place.column - 1].rstrip()
    if before.endswith("**"):
        return f'{text}["{finding.label}"]' if finding.label is not None else ""
    declared = finding.metric is not None and finding.metric.place == finding.place
    return "" if before.endswith("*") or declared else text


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
