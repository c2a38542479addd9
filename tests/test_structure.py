"""The structure that the import contracts cannot see: no cycles of files, and a handler for every kind of object."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import cardlint
from cardlint.inference.core.query import Query
from cardlint.inference.domain.objects import Object
from cardlint.inference.wiring import SEMANTICS
from cardlint.ir.terms import AnyTerm, Guard, Use
from cardlint.knowledge import STANDARD, WHERE
from tests.knowledge.test_rows import libraries

PACKAGE = Path(cardlint.__file__).parent


def modules() -> dict[str, Path]:
    """Return every file of the package by its module name."""
    out = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        out[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return out


def imported(path: Path, known: dict[str, Path]) -> set[str]:
    """Return the modules of the package that a file imports, also inside of functions, but not for annotations alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    out: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            out |= {name.name for name in node.names if name.name in known}
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            inner = {f"{node.module}.{name.name}" for name in node.names} & known.keys()
            out |= inner or {node.module}
    return out


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the strongly connected components of more than one node, by Tarjan's algorithm."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            component = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(component) > 1:
                found.append(sorted(component))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def test_cycles_are_found() -> None:
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set()}) == [["a", "b", "c"]]


def test_no_files_import_each_other_in_a_cycle() -> None:
    known = modules()
    assert len(known) > 200
    assert cycles({name: imported(path, known) for name, path in known.items()}) == []


def test_every_kind_of_object_has_a_handler_of_every_operation() -> None:
    kinds = set(get_args(Object))
    for table in ("calls", "methods", "attributes", "items", "iteration", "texts"):
        assert kinds - getattr(SEMANTICS, table).keys() == set(), table
        assert getattr(SEMANTICS, table).keys() - kinds == set(), table


def test_every_term_but_references_has_a_handler() -> None:
    assert set(get_args(AnyTerm)) - SEMANTICS.terms.keys() == {Use}


def test_every_transfer_that_rows_name_has_a_handler() -> None:
    assert STANDARD
    assert WHERE
    handled = {"file", "file-rows", "enum", "numbered"} | SEMANTICS.transfers.keys()
    assert {row.how.partition(":")[0] for library in libraries() for row in library.rows if row.how} - handled == set()


def test_every_guard_has_a_handler() -> None:
    """A test that nothing handles would fail where it is met, in some program."""
    assert set(get_args(Guard)) == set(SEMANTICS.predicates)


def _functions_of(handler: object) -> list[object]:
    """Return the function behind a handler of a table, or those behind a table of handlers."""
    if isinstance(handler, Mapping):
        return [function for inner in handler.values() for function in _functions_of(inner)]
    if isinstance(handler, Query):
        return [handler.function]
    return [inner for part in handler for inner in _functions_of(part)] if isinstance(handler, tuple) else [handler]


def _unused(function: ast.FunctionDef) -> list[str]:
    """List the parameters that the body of a function does not name."""
    arguments = function.args
    used = {node.id for statement in function.body for node in ast.walk(statement) if isinstance(node, ast.Name)}
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return [name for name in names if name not in used and name != "self" and not name.startswith("_")]


def _called_only(trees: list[ast.Module]) -> set[str]:
    """Return the names of functions that no table and no argument holds: wherever they are named, they are called."""
    named: set[str] = set()
    held: set[str] = set()
    for tree in trees:
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            (named if id(node) in called else held).add(name)
    return named - held


def _overridden(trees: list[ast.Module]) -> set[str]:
    """Return the names of methods that several classes have."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    names = [part.name for cls in classes for part in cls.body if isinstance(part, ast.FunctionDef)]
    return {name for name in names if names.count(name) > 1}


def test_only_handlers_and_queries_of_the_inference_have_unused_parameters() -> None:
    """All functions of one table and all methods of one name have one signature, and a query has the parameters of its key."""
    paths = sorted((PACKAGE / "inference").rglob("*.py"))
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}
    called = _called_only(list(trees.values()))
    called -= _overridden(list(trees.values()))
    called -= {getattr(f, "__name__", "") for f in _functions_of(tuple(getattr(SEMANTICS, f) for f in SEMANTICS.__struct_fields__))}
    assert len(called) > 500
    found = []
    for path, tree in trees.items():
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            if function.name in called and not function.decorator_list:
                found += [f"{path.relative_to(PACKAGE)}:{function.lineno} {function.name}({name})" for name in _unused(function)]
    assert found == []
