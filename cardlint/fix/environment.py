"""Recipe for a misuse of the library: an environment variable that is set too late."""

from __future__ import annotations

import ast

from cardlint.findings import Edit, Finding, Fix, Place
from cardlint.fix.base import Refused, Sources
from cardlint.fix.source import Source
from cardlint.inference.program import Program


def late_environment(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Move the assignment of an environment variable above the import that reads it."""
    write = next((w for w in program.environment if w.place == finding.place), None)
    if write is None or write.after is None:
        return None
    source = sources(finding.place.path)
    body = source.tree.body if source.tree is not None else []
    late, reader = _statement(body, source, write.place), _statement(body, source, write.after)
    if late is None or reader is None or isinstance(late, (ast.If, ast.Try, ast.With, ast.For, ast.While)):
        raise Refused("the assignment or the import is inside a block")
    if not isinstance(reader, (ast.Import, ast.ImportFrom)):
        raise Refused("the assignment or the import is inside a block")
    needed = {n.id for n in ast.walk(late) if isinstance(n, ast.Name)}
    before = {name for statement in body if statement.lineno < reader.lineno for name in _bound(statement)}
    missing = sorted(needed - before - BUILTIN)
    if missing:
        raise Refused(f"`{missing[0]}` is not defined yet above the import")
    start, end = _whole_lines(source, late)
    target = source.starts[reader.lineno - 1]
    text = source.text[start:end]
    if source.text[target : source.span(reader)[0]].strip():
        raise Refused("the import shares its line with something else")
    moved = (Edit(source.place(target, target), text), Edit(source.place(start, end), ""))
    return Fix("unsafe", f"set {write.name} before the import that reads it: from then on it has an effect on the exported series", moved)


BUILTIN = frozenset({"str", "int", "dict", "repr"})


def _statement(body: list[ast.stmt], source: Source, place: Place) -> ast.stmt | None:
    """Return the statement of the module that contains a place."""
    start = source.offset(place.line, place.column)
    return next((s for s in body if source.span(s)[0] <= start < source.span(s)[1]), None)


def _bound(statement: ast.stmt) -> set[str]:
    """List the names that a statement of a module binds."""
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return {t.id for t in targets if isinstance(t, ast.Name)}
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}
    return set()


def _whole_lines(source: Source, statement: ast.stmt) -> tuple[int, int]:
    """Return the span of the lines of a statement; raises Refused when there is other code on them."""
    start, end = source.span(statement)
    first = source.starts[statement.lineno - 1]
    last = source.starts[min(statement.end_lineno or statement.lineno, len(source.lines))]
    rest = source.text[end:last].strip()
    if source.text[first:start].strip() or (rest and not rest.startswith("#")):
        raise Refused("the assignment shares its line with something else")
    if not source.text[first:last].endswith("\n"):
        raise Refused("the assignment is the last line and has no line end")
    return first, last
