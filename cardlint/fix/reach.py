"""The reach of a value: which code other than labels a rewrite at its origin would change.

A path may be logged, requested and counted. A fix at its origin is right only when the value flows to labels alone;
otherwise the program would log a template, or request one from a server.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from cardlint.common.textscan import DEFINED
from cardlint.findings import Place
from cardlint.fix.base import Refused, Sources, worked_out
from cardlint.fix.source import Source
from cardlint.inference.program import Program

MAX_STEPS = 200
"""Places visited before a value counts as too widely used."""
PURE = frozenset({"str", "repr", "bytes", "tuple", "list", "dict", "set", "len", "min", "max", "format", "getattr", "isinstance"})
"""Builtin functions that keep none of their arguments; their result is followed."""
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.Module)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def only_labels(place: Place, program: Program, sources: Sources) -> None:
    """Raise Refused when the value of an expression flows to anything but labels; the message names the place."""
    source = sources(place.path)
    node = source.expression(place)
    if node is None:
        raise Refused("the value does not come from an expression of its own")
    _Walk(program, sources).follow(source, node)


class _Walk:
    """Follows a value upwards through expressions, into variables, attributes, parameters and callers."""

    def __init__(self, program: Program, sources: Sources) -> None:
        self.sources = sources
        self.calls = worked_out(sources, ("sites",), lambda: _spans_of_sites(program, sources))
        self.seen: set[tuple[str, int, int]] = set()

    def follow(self, source: Source, node: ast.AST) -> None:
        """Follow the value of one expression; raises Refused where it leaves the labels."""
        key = (source.path, *source.span(node))
        if key in self.seen:
            return
        self.seen.add(key)
        if len(self.seen) > MAX_STEPS:
            raise Refused("the value is used in too many places to be sure")
        child = node
        while not self._labelled(source, child):
            parent = source.parents.get(child)
            if parent is None:
                return
            if isinstance(parent, ast.stmt):
                self._statement(source, parent, child)
                return
            if isinstance(parent, ast.Call) and child is not parent.func:
                self._argument(source, parent, child)
                if not (isinstance(parent.func, ast.Name) and parent.func.id in PURE) and not _is_text_method(parent):
                    return
            elif isinstance(parent, ast.NamedExpr):
                self._loads(source, parent.target.id, parent)
            elif isinstance(parent, (ast.Compare, ast.Lambda, ast.comprehension, ast.Await, ast.Yield, ast.YieldFrom)) or (
                isinstance(parent, ast.IfExp) and child is parent.test
            ):
                self._refuse(source, parent, "the value")
            child = parent

    def _labelled(self, source: Source, node: ast.AST) -> bool:
        if not hasattr(node, "end_lineno"):
            return False
        start, end = source.span(node)
        starts, ends = self.calls.get(source.path, ((), ()))
        before = bisect_right(starts, start)
        return before > 0 and ends[before - 1] >= end

    def _refuse(self, source: Source, node: ast.AST, what: str) -> None:
        raise Refused(f"{what} is used for more than labels, in {source.path}:{getattr(node, 'lineno', 1)}")

    def _statement(self, source: Source, statement: ast.stmt, child: ast.AST) -> None:
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and child is statement.value:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                self._target(source, target, statement)
        elif isinstance(statement, ast.Return):
            self._callers(source, statement)
        elif not isinstance(statement, ast.Expr):
            self._refuse(source, statement, "the value")

    def _target(self, source: Source, target: ast.AST, statement: ast.stmt) -> None:
        if isinstance(target, ast.Name):
            self._loads(source, target.id, statement)
        elif isinstance(target, ast.Attribute):
            self._attributes(target.attr)
        elif isinstance(target, (ast.Tuple, ast.List, ast.Starred)):
            for inner in ast.iter_child_nodes(target):
                if not isinstance(inner, ast.expr_context):
                    self._target(source, inner, statement)
        elif isinstance(target, ast.Subscript):
            self._target(source, target.value, statement)
        else:
            self._refuse(source, statement, "the value")

    def _loads(self, source: Source, name: str, node: ast.AST) -> None:
        """Follow a variable to every place that reads it."""
        scope = next((a for a in source.ancestors(node) if isinstance(a, SCOPES)), source.tree)
        for other in self._mentioning(name, source) if isinstance(scope, ast.Module) else (source,):
            for use in other.named(name, scope if other is source else None):
                if isinstance(use, ast.Name) and isinstance(use.ctx, ast.Load):
                    self._named(other, use, f"`{name}`")

    def _attributes(self, name: str) -> None:
        for source in self._mentioning(name):
            for use in source.named(name):
                if isinstance(use, ast.Attribute) and isinstance(use.ctx, ast.Load):
                    self._named(source, use, f"`{name}`")

    def _named(self, source: Source, use: ast.AST, what: str) -> None:
        try:
            self.follow(source, use)
        except Refused as reason:
            text = str(reason)
            raise Refused(what + text.removeprefix("the value") if text.startswith("the value is used for") else text) from None

    def _callers(self, source: Source, statement: ast.stmt) -> None:
        """Follow what a function returns to every place that calls it."""
        function = next((a for a in source.ancestors(statement) if isinstance(a, FUNCTIONS)), None)
        if function is None:
            return
        is_property = any("property" in ast.unparse(d) for d in function.decorator_list)
        for other in self._mentioning(function.name, source):
            for use in other.named(function.name):
                if not isinstance(use, (ast.Name, ast.Attribute)) or not isinstance(use.ctx, ast.Load):
                    continue
                parent = other.parents.get(use)
                if isinstance(parent, ast.Call) and parent.func is use:
                    self._named(other, parent, f"what `{function.name}` returns")
                elif is_property:
                    self._named(other, use, f"`{function.name}`")
                else:
                    self._refuse(other, use, f"`{function.name}`")

    def _argument(self, source: Source, call: ast.Call, child: ast.AST) -> None:
        """Follow an argument into the called function, when there is only one function of that name."""
        name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if (isinstance(call.func, ast.Name) and name in PURE) or _is_text_method(call):
            return
        defined = DEFINED.of(name=[name])
        files = [other for other in self._mentioning(name, source) if defined.search(other.text)]  # other files need no parsing
        found = [(s, n) for s in files for n in s.named(name) if isinstance(n, FUNCTIONS)]
        if len(found) != 1:
            self._refuse(source, call, "the value")
        where, function = found[0]
        parameter = _parameter(function, call, child, isinstance(call.func, ast.Attribute))
        if parameter is None:
            self._refuse(source, call, "the value")
        for use in where.named(parameter, function) if parameter is not None else ():
            if isinstance(use, ast.Name) and isinstance(use.ctx, ast.Load):
                self._named(where, use, f"`{parameter}`")

    def _mentioning(self, name: str, here: Source | None = None) -> Iterator[Source]:
        paths = dict.fromkeys([*([here.path] if here is not None else []), *self.sources.mentioning(name)])
        return (self.sources(path) for path in paths)


def _spans_of_sites(program: Program, sources: Sources) -> dict[str, tuple[list[int], list[int]]]:
    """List by file the starts of label sites, and the largest end of all sites up to each of them."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for site in program.sites:
        source, place = sources(site.place.path), site.place
        span = source.offset(place.line, place.column), source.offset(place.end_line, place.end_column)
        spans.setdefault(place.path, []).append(span)
    return {path: ([s for s, _ in sorted(found)], list(accumulate((e for _, e in sorted(found)), max))) for path, found in spans.items()}


def _is_text_method(call: ast.Call) -> bool:
    """Tell whether a call only joins texts to one: `"/".join(parts)`, `"{}/x".format(part)`."""
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("join", "format") and isinstance(call.func.value, ast.Constant)


def _parameter(function: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call, child: ast.AST, bound: bool) -> str | None:
    """Return the name of the parameter that takes an argument of a call; None where stars make it unsure."""
    if isinstance(child, ast.keyword):
        return child.arg
    names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
    if names[:1] in (["self"], ["cls"]) and bound:
        names = names[1:]
    if any(isinstance(a, ast.Starred) for a in call.args) or child not in call.args:
        return None
    position = call.args.index(child)
    return names[position] if position < len(names) else None
