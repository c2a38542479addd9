"""A variable for an expression that is too long for a label: it is assigned once, in front of the statements that use it."""

from __future__ import annotations

import ast
from functools import cached_property

from cardlint.findings import Edit, Finding
from cardlint.fix.base import Sources, worked_out
from cardlint.fix.layout import indent_of, width
from cardlint.fix.routing import HANDLERS, called
from cardlint.fix.source import Source

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BLOCKS = ("body", "orelse", "finalbody")


def in_variable(finding: Finding, source: Source, label: ast.expr, text: str, sources: Sources) -> tuple[Edit, ...]:
    """Return the edits that assign an expression to a variable with the name of the label; none where it may stay in its place.

    Labels of one function that get the same expression share the variable, when their findings are fixed together.
    """
    scope = next((a for a in source.ancestors(label) if isinstance(a, FUNCTIONS)), None)
    name = finding.label or ""
    if scope is None or not name.isidentifier() or _is_taken(source, scope, name):
        return ()
    match = _parts(text)
    if match is not None and _is_taken(source, scope, match["name"]):
        return ()
    same = worked_out(sources, ("same",), lambda: _same(sources), of_plan=True)
    group = same.get(_key(finding, source, label, scope)) or _Group(source, [label], sources)
    row = source.lines[label.lineno - 1].rstrip()
    start, end = source.span(label)
    if match is None and len(group.labels) == 1 and len(row) - (end - start) + len(text) <= width(source):
        return ()
    first = group.first
    if first is None:
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


def _key(finding: Finding, source: Source, label: ast.expr, scope: ast.AST | None) -> tuple[object, ...]:
    """Return what labels have in common that share a variable."""
    return finding.rule, source.path, finding.label, source.slice(source.of(label)), scope


def _same(sources: Sources) -> dict[tuple[object, ...], _Group]:
    """Group the labels of the findings that are fixed together: those of one function with the same text."""
    found: dict[tuple[object, ...], dict[tuple[int, int], ast.expr]] = {}
    for other in sources.planned:
        source = sources(other.place.path)
        node = source.expression(other.place)
        if node is not None:
            scope = next((a for a in source.ancestors(node) if isinstance(a, FUNCTIONS)), None)
            found.setdefault(_key(other, source, node, scope), {})[source.span(node)] = node
    return {key: _Group(sources(str(key[1])), [nodes[span] for span in sorted(nodes)], sources) for key, nodes in found.items()}


class _Group:
    """Labels that share a variable, in order of place. There may be thousands, so what holds for all of them is found once."""

    def __init__(self, source: Source, labels: list[ast.expr], sources: Sources) -> None:
        self.source = source
        self.sources = sources
        self.labels = labels

    @cached_property
    def first(self) -> ast.stmt | None:
        """The statement that a line with the variable may precede; None where there is none."""
        found = _first_statement(self.source, self.labels)
        if found is None:
            return None
        key = ("may precede", self.source.path, self.source.span(found))
        return found if worked_out(self.sources, key, lambda: _may_precede(self.source, found)) else None


def _first_statement(source: Source, labels: list[ast.expr]) -> ast.stmt | None:
    """Return the statement of the first label when its block holds the statements of all others, too."""
    first = next((a for a in source.ancestors(labels[0]) if isinstance(a, ast.stmt)), None)
    holder = source.parents.get(first) if first is not None else None
    block = next((b for field in BLOCKS if isinstance(b := getattr(holder, field, None), list) and first in b), None)
    inside = frozenset(block or ())
    if not all(any(a in inside for a in source.ancestors(n)) for n in labels):
        return None
    return first


def _may_precede(source: Source, statement: ast.stmt) -> bool:
    """Tell whether a line may come before a statement: it begins its line, and does not have the request handled itself."""
    start = source.span(statement)[0]
    if source.text[source.starts[statement.lineno - 1] : start].strip():
        return False
    return not any(isinstance(n, ast.Call) and called(n.func) in HANDLERS for n in ast.walk(statement))


def _parts(text: str) -> dict[str, str] | None:
    """Split advice that names a part of itself: `value if (name := source) else other`."""
    value, found, rest = text.partition(" if (")
    name, walrus, rest = rest.partition(" := ")
    source, end, other = rest.rpartition(") else ")
    complete = bool(value and found and walrus and source and end and other) and name.isidentifier()
    return {"value": value, "name": name, "source": source, "other": other} if complete else None
