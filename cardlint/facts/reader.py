"""The entry of stage 1: bytes of one file to FileFacts. It never raises for bad input; the facts say what is wrong."""

from __future__ import annotations

import ast
import sys

from cardlint.facts.comments import MARK, read_comments
from cardlint.facts.model import ClassFact, FileFacts, FunctionFact, ParamFact
from cardlint.facts.scope import assigned_names, bound_names
from cardlint.facts.statements import Statements
from cardlint.facts.terms import AnyTerm, At, Const, Param

RECURSION_LIMIT = 6000
"""Python frames allowed while lowering: nested expressions of generated code are deeper than the default."""


def read(path: str, source: bytes) -> FileFacts:
    """Parse and lower one file. Syntax errors, bad encodings and NUL bytes become an `error` with its place."""
    from cardlint.facts.source import Unreadable, decode, parse

    try:
        text = decode(source)
        tree, rewritten = parse(text)
    except Unreadable as problem:
        return FileFacts(path, (), (), {}, (), (), problem.message, problem.at)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    try:
        return FileLowering(path, text, rewritten).run(tree)
    except RecursionError:
        return FileFacts(path, (), (), {}, (), (), "an expression is nested too deeply to be analysed", (1, 1, 1, 1))
    finally:
        sys.setrecursionlimit(limit)


class FileLowering:
    """Lowers one file: owns the tables of functions, classes and calls that its scopes fill."""

    def __init__(self, path: str, text: str, rewritten: str) -> None:
        self.path = path
        self.text = text
        self.rewritten = rewritten
        self.ascii = text.isascii()
        self.walrus = ":=" in text
        self.wide: dict[int, bytes] = {}
        """lines that hold characters of several bytes"""
        self.functions: list[FunctionFact | None] = []
        self.classes: list[ClassFact | None] = []
        self.calls: dict[str, list[tuple[int, int]]] = {}

    def run(self, tree: ast.Module) -> FileFacts:
        """Lower the whole module."""
        module = self._scope("module", -1, -1, "")
        self.functions.append(None)
        module.block(tree.body)
        self._finish(module, "", (), (), None, False, _docstring(tree.body), (1, 1, 1, 1), 0)
        return FileFacts(
            self.path,
            tuple(f for f in self.functions if f is not None),
            tuple(c for c in self.classes if c is not None),
            {name: tuple(places) for name, places in self.calls.items()},
            read_comments(self.text) if MARK in self.text else (),
            tuple(module.star_imports),
            rewritten=self.rewritten,
        )

    # places -------------------------------------------------------------------------------------------------------

    def at(self, node: ast.expr | ast.stmt | ast.pattern | ast.ExceptHandler | ast.arg) -> At:
        """Return the span of a node; `ast` counts bytes, we count characters from 1."""
        line, end = node.lineno, node.end_lineno or node.lineno
        column, end_column = node.col_offset, node.end_col_offset or node.col_offset
        if self.ascii:
            return (line, column + 1, end, end_column + 1)
        return (line, self._column(line, column), end, self._column(end, end_column))

    def _column(self, line: int, offset: int) -> int:
        if not self.wide:
            self.wide = {i: raw for i, raw in enumerate(self.text.encode("utf-8", "surrogatepass").split(b"\n"), 1) if not raw.isascii()}
        raw = self.wide.get(line)
        return offset + 1 if raw is None else len(raw[:offset].decode(errors="replace")) + 1

    def name_at(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> At:
        """Return the span of the header of a definition, up to its name."""
        keyword = {"FunctionDef": "def ", "AsyncFunctionDef": "async def ", "ClassDef": "class "}[type(node).__name__]
        line, column, _, _ = self.at(node)
        start = column + len(keyword)
        return (line, start, line, start + len(node.name))

    def note_call(self, name: str, function: int, definition: int) -> None:
        """Index a call by the last name of its callee."""
        if name:
            self.calls.setdefault(name, []).append((function, definition))

    # bodies -------------------------------------------------------------------------------------------------------

    def _scope(self, kind: str, parent: int, owner: int, qualname: str) -> Statements:
        scope = Statements(self, len(self.functions), kind, parent, owner)
        scope.qualname = qualname
        return scope

    def lower_function(self, outer: Statements, node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        """Lower a function definition and return its index. Decorators and defaults belong to the outer scope."""
        from cardlint.facts.model import Flag

        decorators = tuple(outer.expr(d, Flag.DECORATOR) for d in node.decorator_list)
        params = self._params(outer, node.args)
        annotation = outer.annotation(node.returns) if node.returns is not None else None
        owner = self._owner(outer)
        inner = self._scope("function", outer.index, owner, _qualified(outer, node.name))
        self.functions.append(None)
        self._bind_params(inner, params)
        inner.locals |= assigned_names(node.body, changed=False).keys() if self.walrus else bound_names(node.body)
        inner.block(node.body)
        if inner.env is not None:
            inner.returned(Const(None, self.name_at(node)))
        is_async = isinstance(node, ast.AsyncFunctionDef)
        self._finish(
            inner,
            node.name,
            params,
            decorators,
            annotation,
            is_async,
            _docstring(node.body),
            self.name_at(node),
            node.end_lineno or node.lineno,
        )
        return inner.index

    def lower_lambda(self, outer: object, node: ast.Lambda) -> int:
        """Lower a lambda as a function with a single return."""
        assert isinstance(outer, Statements)
        params = self._params(outer, node.args)
        inner = self._scope("function", outer.index, -1, _qualified(outer, "<lambda>"))
        self.functions.append(None)
        self._bind_params(inner, params)
        inner.returned(inner.expr(node.body))
        self._finish(inner, "<lambda>", params, (), None, False, "", self.at(node), node.end_lineno or node.lineno)
        return inner.index

    def lower_class(self, outer: Statements, node: ast.ClassDef) -> int:
        """Lower a class: its body is a scope of its own whose final names are the class attributes."""
        index = len(self.classes)
        self.classes.append(None)
        bases = tuple(outer.expr(b) for b in node.bases)
        keywords = tuple((k.arg or "", outer.expr(k.value)) for k in node.keywords)
        decorators = tuple(outer.expr(d) for d in node.decorator_list)
        inner = self._scope("class", outer.index, index, _qualified(outer, node.name))
        self.functions.append(None)
        inner.block(node.body)
        at = self.name_at(node)
        self._finish(inner, node.name, (), (), None, False, _docstring(node.body), at, node.end_lineno or node.lineno)
        methods = {
            f.name: f.index
            for f in self.functions
            if f is not None and f.parent == inner.index and f.kind == "function" and f.name != "<lambda>"
        }
        self.classes[index] = ClassFact(
            index, node.name, inner.qualname, outer.index, bases, keywords, decorators, methods, inner.index, at
        )
        return index

    def _owner(self, outer: Statements) -> int:
        return outer.owner if outer.kind == "class" else -1

    def _params(self, outer: Statements, args: ast.arguments) -> tuple[ParamFact, ...]:
        positional = [*args.posonlyargs, *args.args]
        defaults: list[ast.expr | None] = [None] * (len(positional) - len(args.defaults)) + list(args.defaults)
        out = [
            self._param(outer, arg, "pos" if i < len(args.posonlyargs) else "both", default)
            for i, (arg, default) in enumerate(zip(positional, defaults, strict=True))
        ]
        if args.vararg is not None:
            out.append(self._param(outer, args.vararg, "star", None))
        out.extend(self._param(outer, arg, "key", default) for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True))
        if args.kwarg is not None:
            out.append(self._param(outer, args.kwarg, "dstar", None))
        return tuple(out)

    def _param(self, outer: Statements, arg: ast.arg, kind: str, default: ast.expr | None) -> ParamFact:
        annotation: AnyTerm | None = outer.annotation(arg.annotation) if arg.annotation is not None else None
        return ParamFact(arg.arg, kind, outer.expr(default) if default is not None else None, annotation, self.at(arg))

    def _bind_params(self, inner: Statements, params: tuple[ParamFact, ...]) -> None:
        for param in params:
            inner.locals.add(param.name)
            inner.bind(param.name, Param(param.name, param.at), param.at)

    def _finish(
        self,
        scope: Statements,
        name: str,
        params: tuple[ParamFact, ...],
        decorators: tuple[AnyTerm, ...],
        annotation: AnyTerm | None,
        is_async: bool,
        doc: str,
        at: At,
        end_line: int,
    ) -> None:
        from cardlint.facts.model import Flag

        names: dict[str, list[int]] = {}
        for index, definition in enumerate(scope.defs):
            if definition.name and "." not in definition.name and not definition.flags & Flag.PHI and index not in scope.narrowed:
                names.setdefault(definition.name, []).append(index)
        exits = scope.env if scope.env is not None else scope.last_env
        self.functions[scope.index] = FunctionFact(
            index=scope.index,
            kind=scope.kind,
            name=name,
            qualname=scope.qualname,
            parent=scope.parent,
            owner=scope.owner,
            params=params,
            decorators=decorators,
            annotation=annotation,
            is_async=is_async,
            defs=tuple(scope.defs),
            names={key: tuple(value) for key, value in names.items()},
            exits={k: v for k, v in exits.items() if "." not in k} if scope.kind != "function" else {},
            returns=tuple(scope.returns),
            guards=tuple(scope.guards),
            yields=tuple(scope.yields),
            stores=tuple(scope.stores),
            annotations=scope.annotations,
            doc=doc,
            at=at,
            end_line=end_line,
        )


def _qualified(outer: Statements, name: str) -> str:
    if outer.kind == "module":
        return name
    return f"{outer.qualname}.{name}" if outer.kind == "class" else f"{outer.qualname}.<locals>.{name}"


def _docstring(body: list[ast.stmt]) -> str:
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and isinstance(body[0].value.value, str):
        return body[0].value.value[:80]
    return ""
