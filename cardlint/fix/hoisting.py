"""A variable for an expression that is too long for a label: it is assigned once, in front of the statements that use it."""

from __future__ import annotations

import ast
import re

from cardlint.findings import Edit, Finding
from cardlint.fix.base import Sources
from cardlint.fix.layout import indent_of, width
from cardlint.fix.routing import HANDLERS, called
from cardlint.fix.source import Source

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BLOCKS = ("body", "orelse", "finalbody")
NAMED = re.compile(r"(?P<value>.+) if \((?P<name>\w+) := (?P<source>.+)\) else (?P<other>.+)")
"""The form of advice that names a part of itself."""


def in_variable(finding: Finding, source: Source, label: ast.expr, text: str, sources: Sources) -> tuple[Edit, ...]:
    """Return the edits that assign an expression to a variable with the name of the label; none where it may stay in its place.

    Labels of one function that get the same expression share the variable, when their findings are fixed together.
    """
    scope = next((a for a in source.ancestors(label) if isinstance(a, FUNCTIONS)), None)
    name = finding.label or ""
    if scope is None or not name.isidentifier() or _is_taken(source, scope, name):
        return ()
    match = NAMED.fullmatch(text)
    if match is not None and _is_taken(source, scope, match["name"]):
        return ()
    together = _together(finding, source, scope, label, sources)
    row = source.lines[label.lineno - 1].rstrip()
    start, end = source.span(label)
    if match is None and len(together) == 1 and len(row) - (end - start) + len(text) <= width(source):
        return ()
    first = _first_statement(source, together)
    if first is None or not _may_precede(source, first):
        return ()
    at = source.starts[first.lineno - 1]
    indent = indent_of(source, source.span(first)[0])
    lines = [f"{name} = {text}"]
    if match is not None:
        lines = [f"{match['name']} = {match['source']}", f"{name} = {match['value']} if {match['name']} else {match['other']}"]
    inserted = "".join(f"{indent}{line}{source.newline}" for line in lines)
    return Edit(source.place(at, at), inserted), Edit(source.of(label), name)


def _is_taken(source: Source, scope: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> bool:
    """Tell whether a name has a meaning in a function: as a variable or as a parameter of it, or of one around it."""
    if any(isinstance(n, ast.Name) for n in source.named(name, scope)):
        return True
    around = [scope, *(a for a in source.ancestors(scope) if isinstance(a, FUNCTIONS))]
    return any(n.arg == name for function in around for n in ast.walk(function.args) if isinstance(n, ast.arg))


def _together(finding: Finding, source: Source, scope: ast.AST, label: ast.expr, sources: Sources) -> list[ast.expr]:
    """List the labels of a function that are fixed together and have the same text, in order of place."""
    found = {source.span(label): label}
    for other in sources.planned:
        if other.rule == finding.rule and other.place.path == source.path and other.label == finding.label:
            node = source.expression(other.place)
            same = node is not None and source.slice(other.place) == source.slice(source.of(label))
            if node is not None and same and next((a for a in source.ancestors(node) if isinstance(a, FUNCTIONS)), None) is scope:
                found[source.span(node)] = node
    return [found[span] for span in sorted(found)]


def _first_statement(source: Source, labels: list[ast.expr]) -> ast.stmt | None:
    """Return the statement of the first label when its block holds the statements of all others, too."""
    first = next((a for a in source.ancestors(labels[0]) if isinstance(a, ast.stmt)), None)
    holder = source.parents.get(first) if first is not None else None
    block = next((b for field in BLOCKS if isinstance(b := getattr(holder, field, None), list) and first in b), None)
    if block is None or not all(any(a in block for a in source.ancestors(n)) for n in labels):
        return None
    return first


def _may_precede(source: Source, statement: ast.stmt) -> bool:
    """Tell whether a line may come before a statement: it begins its line, and does not have the request handled itself."""
    start = source.span(statement)[0]
    if source.text[source.starts[statement.lineno - 1] : start].strip():
        return False
    return not any(isinstance(n, ast.Call) and called(n.func) in HANDLERS for n in ast.walk(statement))
