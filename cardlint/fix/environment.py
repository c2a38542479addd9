"""Recipe for a misuse of the library: an environment variable that is set too late."""

from __future__ import annotations

import ast
from bisect import bisect_right

from cardlint.findings import Edit, Finding, Fix, Place
from cardlint.fix.base import Refused, Sources, worked_out
from cardlint.fix.source import Source
from cardlint.inference.program import Program


def late_environment(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Move the assignment of an environment variable above the import that reads it."""
    writes = worked_out(sources, ("writes",), lambda: {w.place: w for w in reversed(program.environment)})
    write = writes.get(finding.place)
    if write is None or write.after is None:
        return None
    source = sources(finding.place.path)
    body = source.tree.body if source.tree is not None else []
    starts = worked_out(sources, ("statements", source.path), lambda: [source.span(s)[0] for s in body])
    late, reader = (_statement(body, starts, source, place) for place in (write.place, write.after))
    if late is None or reader is None or isinstance(late, (ast.If, ast.Try, ast.With, ast.For, ast.While)):
        raise Refused("the assignment or the import is inside a block")
    if not isinstance(reader, (ast.Import, ast.ImportFrom)):
        raise Refused("the assignment or the import is inside a block")
    needed = {n.id for n in ast.walk(late) if isinstance(n, ast.Name)}
    before = worked_out(sources, ("bound", source.path, reader.lineno), lambda: _bound_before(body, reader.lineno))
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


def _statement(body: list[ast.stmt], starts: list[int], source: Source, place: Place) -> ast.stmt | None:
    """Return the statement of the module that contains a place; `starts` are the offsets at which the statements begin."""
    start = source.offset(place.line, place.column)
    found = bisect_right(starts, start) - 1
    return body[found] if found >= 0 and start < source.span(body[found])[1] else None


def _bound_before(body: list[ast.stmt], line: int) -> frozenset[str]:
    """List the names that the statements of a module above a line bind."""
    return frozenset(name for statement in body if statement.lineno < line for name in _bound(statement))


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
