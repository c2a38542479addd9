"""Imports that a fix adds: where isort puts them, and never twice."""

from __future__ import annotations

import ast
import sys

from cardlint.findings import Edit
from cardlint.fix.base import Refused
from cardlint.fix.source import Source

LIBRARY = "prometheus_client"


def reached(source: Source, name: str) -> tuple[str, tuple[Edit, ...]]:
    """Return the expression for a name of prometheus_client in a file, with the edits that import it where that is needed."""
    for statement in _statements(source):
        for alias in statement.names:
            if isinstance(statement, ast.Import):
                if alias.name == LIBRARY:
                    return f"{alias.asname or alias.name}.{name}", ()
            elif _is_library(statement) and alias.name == name:
                return alias.asname or alias.name, ()
    if any(isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load) for n in source.named(name)) or _is_imported(source, name):
        raise Refused(f"`{name}` is something else in this file")
    return name, added(source, name)


def _is_imported(source: Source, name: str) -> bool:
    """Tell whether any import of a file binds a name: a second one would hide it, or say the same twice."""
    return any(
        (alias.asname or alias.name) == name
        for node in source.all
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    )


def _statements(source: Source) -> list[ast.Import | ast.ImportFrom]:
    return [s for s in (source.tree.body if source.tree is not None else []) if isinstance(s, (ast.Import, ast.ImportFrom))]


def _is_library(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == LIBRARY and not statement.level


def added(source: Source, name: str) -> tuple[Edit, ...]:
    """Return the edits that import a name of prometheus_client at the top of a file."""
    froms = [s for s in _statements(source) if isinstance(s, ast.ImportFrom) and _is_library(s) and s.names[0].name != "*"]
    if len(froms) == 1 and not _is_one_a_line(source):
        return (inserted(source, froms[0], name),)
    if froms:
        return (_as_line(source, froms, name),)
    return (_new_statement(source, name),)


def _is_one_a_line(source: Source) -> bool:
    """Tell whether a file imports each name with a statement of its own: the style `force_single_line`."""
    modules = [s.module for s in _statements(source) if isinstance(s, ast.ImportFrom) and not s.level]
    return len(modules) > len(set(modules)) and all(len(s.names) == 1 for s in _statements(source) if isinstance(s, ast.ImportFrom))


def order(name: str) -> tuple[int, str]:
    """Return the place of a name among others of one import: constants, classes, functions."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name


def inserted(source: Source, statement: ast.ImportFrom, name: str) -> Edit:
    """Return the edit that puts a name into an import of others, at its place in their order, else at the end."""
    names = statement.names
    ordered = [n.name for n in names] == sorted((n.name for n in names), key=order)
    position = next((i for i, n in enumerate(names) if order(n.name) > order(name)), len(names)) if ordered else len(names)
    start = source.span(names[min(position, len(names) - 1)])[0]
    row = source.text[source.text.rfind("\n", 0, start) + 1 : start]
    glue = f",{source.newline}{row}" if not row.strip() else ", "
    if position < len(names):
        return Edit(source.place(start, start), f"{name}{glue}")
    end = source.span(names[-1])[1]
    return Edit(source.place(end, end), f"{glue}{name}")


def _as_line(source: Source, froms: list[ast.ImportFrom], name: str) -> Edit:
    """Return the edit that adds a statement between those that import one name each."""
    line = f"from {LIBRARY} import {name}"
    after = next((s for s in froms if order(s.names[0].name) > order(name)), None)
    return _above(source, after, line) if after is not None else _below(source, froms[-1], line)


def _above(source: Source, statement: ast.stmt, line: str) -> Edit:
    at = source.starts[statement.lineno - 1]
    return Edit(source.place(at, at), f"{line}{source.newline}")


def _below(source: Source, statement: ast.stmt, line: str) -> Edit:
    """Add a line below a statement; its line end stays where it is, so that other text can be added below as well."""
    row = source.lines[_last_line(statement) - 1]
    at = source.starts[_last_line(statement) - 1] + len(row.rstrip("\r\n"))
    return Edit(source.place(at, at), f"{source.newline}{line}")


def _last_line(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno


def leading(source: Source) -> list[ast.stmt]:
    """List the statements at the top of a file that import: with them, blocks of imports and the docstring."""
    out: list[ast.stmt] = []
    for statement in source.tree.body if source.tree is not None else []:
        if isinstance(statement, (ast.Import, ast.ImportFrom)) or _is_block_of_imports(statement):
            out.append(statement)
        elif not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
            break
    return out


def _is_block_of_imports(statement: ast.stmt) -> bool:
    inner = statement.body if isinstance(statement, (ast.If, ast.Try)) else []
    return bool(inner) and all(isinstance(s, (ast.Import, ast.ImportFrom)) for s in inner)


def _new_statement(source: Source, name: str) -> Edit:
    """Return the edit that adds the first import of the library: into the section of installed packages, or a new one."""
    line = f"from {LIBRARY} import {name}"
    plain = [s for s in leading(source) if isinstance(s, (ast.Import, ast.ImportFrom))]
    if not plain:
        return _before_code(source, line)
    if any(source.text[source.starts[s.lineno - 1] : source.span(s)[0]].strip() for s in plain):
        raise Refused("there is no place for the import of the registry")
    groups: dict[int, list[ast.stmt]] = {}
    for statement in plain:
        groups.setdefault(_section(source, statement), []).append(statement)
    installed = groups.get(2)
    if installed:
        follows = next((s for s in installed if _follows(s)), None)
        return _above(source, follows, line) if follows is not None else _below(source, installed[-1], line)
    before = [s for section in (0, 1) for s in groups.get(section, ())]
    if before:
        return _below(source, max(before, key=_last_line), f"{source.newline}{line}")
    return _above(source, plain[0], f"{line}{source.newline}")


def _follows(statement: ast.stmt) -> bool:
    """Tell whether an import of the library comes before a statement: `import x` is first, then the modules by name."""
    return isinstance(statement, ast.ImportFrom) and (statement.module or "").casefold() > LIBRARY


def _section(source: Source, statement: ast.Import | ast.ImportFrom) -> int:
    """Return the section of an import: `__future__`, the standard library, installed packages, the project's own."""
    if isinstance(statement, ast.ImportFrom) and statement.level:
        return 3
    module = (statement.module if isinstance(statement, ast.ImportFrom) else statement.names[0].name) or ""
    top = module.partition(".")[0]
    if top == "__future__":
        return 0
    if top in sys.stdlib_module_names:
        return 1
    return 3 if source.is_own(top) else 2


def _before_code(source: Source, line: str) -> Edit:
    """Return the edit that adds the only import of a file, after its docstring."""
    body = source.tree.body if source.tree is not None else []
    first = next((s for s in body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))), None)
    if first is None or getattr(first, "decorator_list", None):
        raise Refused("there is no place for the import of the registry")
    start = source.span(first)[0]
    return Edit(source.place(start, start), f"{line}{source.newline * 2}")


def after_imports(source: Source, code: str) -> Edit:
    """Return the edit that adds a function below the imports, with two empty lines around it."""
    top = leading(source)
    if not top:
        raise Refused("there are no imports below which a helper can be written")
    at = source.starts[min(_last_line(top[-1]), len(source.lines))]
    rest = source.text[at:]
    blank = len(rest) - len(rest.lstrip("\r\n"))
    missing = max(0, 2 - rest[:blank].count("\n"))
    newline = source.newline
    text = newline * 2 + code.replace("\n", newline) + (newline * missing if rest.strip() else "")
    return Edit(source.place(at, at), text)
