"""The lowering of one file: its tables of functions, classes and calls, and the bodies that are lowered later."""

from __future__ import annotations

import ast
import re
import time
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from cardlint.common.textscan import OUTER_NAMES
from cardlint.ir.model import (
    NO_FAULT,
    BodyIR,
    ClassIR,
    Flag,
    FunctionIR,
    FunctionKind,
    ModuleIR,
    ParameterIR,
    ParameterKind,
    SourceText,
)
from cardlint.ir.terms import AnyTerm, At, Const, Opaque, Param
from cardlint.lowering.names import assigned_names, bound_names
from cardlint.lowering.statements import Statements
from cardlint.lowering.tokens import MARK, read_comments
from cardlint.lowering.written import written

if TYPE_CHECKING:
    from cardlint.lowering.outline import Body

NO_CONDITIONS: dict[int, tuple[int, ...]] = {}
"""The tuple of most bodies; shared, and never changed."""
SINGLE = tuple((index,) for index in range(512))
"""The definition of most names of a function; shared, because there are very many of them."""


MAX_SECONDS = 60.0
"""Seconds for the lowering of one file. The largest one of a site-packages folder takes two seconds."""
TOO_LATE = f"its analysis took more than {MAX_SECONDS:.0f} s and was given up"
STATEMENTS_BETWEEN = 0xFF
"""A mask: the number of lowered statements between two checks of the clock."""


class Late(Exception):
    """The lowering of a file has used up its time."""


def _wide_lines(text: str) -> dict[int, bytes]:
    return {i: raw for i, raw in enumerate(text.encode("utf-8", "surrogatepass").split(b"\n"), 1) if not raw.isascii()}


PIECE = 1_024
"""Bytes of a line that are counted as one piece."""
CONTINUING = bytes(range(0x80, 0xC0))
"""Bytes of UTF-8 that begin no character."""


def _letters(raw: bytes) -> int:
    return len(raw.translate(None, CONTINUING))


def _names(lists: list[str]) -> frozenset[str]:
    """Return the names of several declarations: `nonlocal status, agent`."""
    return frozenset(part.strip() for names in lists for part in names.replace("\\", ",").split(","))


class FileLowering:
    """Lowers one file: owns the tables of functions, classes and calls that its scopes fill."""

    def __init__(self, path: str, text: str, found: list[Body], data: bytes | memoryview = b"") -> None:
        self.path = path
        self.written = SourceText(text, data)
        self.ascii = text.isascii()
        self.seconds = 0.0
        """seconds spent on lowering bodies"""
        self.until = time.perf_counter() + MAX_SECONDS
        """the end of the time of this file"""
        self.statements = 0
        self.fault = NO_FAULT
        """the message about a fault of cardlint in a body, and its place"""
        self.walrus = ":=" in text
        self.rebound = _names(OUTER_NAMES["nonlocal"].regex.findall(text)) if "nonlocal" in text else frozenset()
        """names that inner functions assign to"""
        self.shared = _names(OUTER_NAMES["global"].regex.findall(text)) if "global" in text else frozenset()
        """names of the module that functions assign to"""
        self.wide: dict[int, bytes] = {} if self.ascii else _wide_lines(text)
        """lines with characters of several bytes"""
        self.counts: dict[int, list[int]] = {}
        """the number of characters before each piece of the long lines among them"""
        self.offset = 0
        """the number of lines above the text that is being lowered"""
        self.line = 0
        """the last line that was asked for"""
        self.left = {body.line: body for body in found}
        """bodies that the outline leaves out, by the line of their header, until the header is lowered"""
        self.hidden: dict[int, Body] = {}
        """bodies that are not lowered yet, by the index of their function"""
        self.places: list[tuple[int, int]] = []
        """offsets of unlowered bodies, with their function, in order of the text"""
        self.whole: dict[int, ast.FunctionDef | ast.AsyncFunctionDef] | None = None
        """all functions of the file by line, for a body that did not parse alone"""
        self.functions: list[FunctionIR] = []
        self.classes: list[ClassIR] = []
        self.calls: dict[str, list[tuple[int, int]]] = {}

    @property
    def text(self) -> str:
        """The text of the file."""
        return str(self.written)

    def tick(self) -> None:
        """Count a statement, and raise Late when the time of the file is used up."""
        self.statements += 1
        if not self.statements & STATEMENTS_BETWEEN and time.perf_counter() > self.until:
            raise Late

    def run(self, tree: ast.Module) -> ModuleIR:
        """Lower the whole module, except for bodies that are left out."""
        module = self._scope("module", -1, -1, "")
        self._add(module, "", at=(1, 1, 1, 1))
        module.block(tree.body)
        self._finish(module)
        self.places.sort()
        text = self.text
        return ModuleIR(
            self.path,
            self.functions,
            self.classes,
            self.calls,
            read_comments(text) if MARK in text else (),
            self.written,
            self if self.places else None,
        )

    # bodies that are left out -------------------------------------------------------------------------------------

    def hide(self, ir: FunctionIR, body: Body) -> None:
        """Leave the body of a function for later."""
        self.hidden[ir.index] = body
        self.places.append((body.inner, ir.index))
        ir.reveal = self._open

    def reveal(self, wanted: str | re.Pattern[str], form: str, also: re.Pattern[str] | None) -> None:
        """Lower the unlowered bodies whose text writes a name in a form, or matches a pattern, and matches the other pattern as well.

        Names are found by plain search, because there are too many names to compile a pattern for each.
        """
        text = self.text
        start = 0
        while self.hidden:
            if isinstance(wanted, str):
                at = written(text, wanted, form, start)
            else:
                match = wanted.search(text, start)
                at = match.start() if match is not None else -1
            if at < 0:
                return
            start = at + 1
            position = bisect_right(self.places, (at, 1 << 30)) - 1
            body = self.hidden.get(self.places[position][1]) if position >= 0 else None
            if body is not None and at < body.end:
                if also is None or also.search(text, body.inner, body.end):
                    ir = self.functions[self.places[position][1]]
                    ir.fill(self._open(ir))
                start = body.end

    def _open(self, ir: FunctionIR) -> BodyIR:
        """Lower one body."""
        started = time.perf_counter()
        self.until = started + MAX_SECONDS - self.seconds
        body = self.hidden.pop(ir.index)
        inner = self._scope("function", ir.parent, ir.owner, ir.qualname, ir.index)
        from cardlint.lowering.source import deeply

        try:
            with deeply():
                node = self._parsed(body)
                if node is not None:
                    self._body(inner, node, ir.params)
        except RecursionError:
            node = None
        except Late:
            node, self.fault = None, (TOO_LATE, TOO_LATE)
        except Exception as problem:  # noqa: BLE001 - the file is named in a finding, and the run continues
            from cardlint.common.faults import spoken

            node, self.fault = None, spoken(problem)
        finally:
            self.offset = 0
        if node is None:
            inner.returns, inner.guards = [Opaque("a body that cannot be read", ir.at)], [()]
        made = self._made(inner)
        self.seconds += time.perf_counter() - started
        return made

    def _parsed(self, body: Body) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """Parse one function alone, or find it in the whole file where that fails."""
        from cardlint.lowering.source import Unreadable, parse, parse_simply

        if self.whole is None:
            above = "if 1:\n" if body.indent else ""
            tree = parse_simply(above + self.text[body.start : body.end])
            block = tree.body if tree is not None else []
            if above and len(block) == 1 and isinstance(block[0], ast.If):
                block = block[0].body
            if len(block) == 1 and isinstance(block[0], (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.offset = body.line - block[0].lineno
                return block[0]
            try:
                module, _ = parse(self.text)
            except Unreadable:
                module = ast.Module([], [])
            self.whole = {n.lineno: n for n in ast.walk(module) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))}
        return self.whole.get(body.line)

    # places -------------------------------------------------------------------------------------------------------

    def at(self, node: ast.expr | ast.stmt | ast.pattern | ast.ExceptHandler | ast.arg) -> At:
        """Return the span of a node; `ast` counts bytes, cardlint counts characters from 1."""
        line, end = node.lineno + self.offset, (node.end_lineno or node.lineno) + self.offset
        if line == self.line:  # one number for all the terms of a line: spans are the most frequent objects
            line = self.line
        else:
            self.line = line
        if end == line:
            end = line
        column, end_column = node.col_offset, node.end_col_offset or node.col_offset
        if self.ascii or (line not in self.wide and end not in self.wide):
            return (line, column + 1, end, end_column + 1)
        return (line, self._column(line, column), end, self._column(end, end_column))

    def _column(self, line: int, offset: int) -> int:
        raw = self.wide.get(line)
        if raw is None:
            return offset + 1
        start = offset // PIECE
        if not start:
            return _letters(raw[:offset]) + 1
        counts = self.counts.get(line)
        if counts is None:
            pieces = (_letters(raw[at : at + PIECE]) for at in range(0, len(raw), PIECE))
            counts = self.counts[line] = list(accumulate(pieces, initial=0))
        return counts[start] + _letters(raw[start * PIECE : offset]) + 1

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

    def _scope(self, kind: FunctionKind, parent: int, owner: int, qualname: str, index: int = -1) -> Statements:
        scope = Statements(self, index if index >= 0 else len(self.functions), kind, parent, owner)
        scope.qualname = qualname
        return scope

    def _add(
        self,
        scope: Statements,
        name: str,
        params: tuple[ParameterIR, ...] = (),
        decorators: tuple[AnyTerm, ...] = (),
        annotation: AnyTerm | None = None,
        is_async: bool = False,
        at: At = (1, 1, 1, 1),
        seen: dict[str, int] | None = None,
    ) -> FunctionIR:
        """Append the header of a scope; from here on it has its index."""
        ir = FunctionIR(
            scope.index, scope.kind, name, scope.qualname, scope.parent, scope.owner, params, decorators, annotation, is_async, at, seen
        )
        self.functions.append(ir)
        return ir

    def lower_function(self, outer: Statements, node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        """Lower a function definition and return its index. Decorators and defaults belong to the outer scope."""
        decorators = tuple(outer.expr(d, Flag.DECORATOR) for d in node.decorator_list)
        params = self._params(outer, node.args)
        annotation = outer.annotation(node.returns) if node.returns is not None else None
        inner = self._scope("function", outer.index, outer.owner if outer.kind == "class" else -1, _qualified(outer, node.name))
        body = self.left.pop(node.lineno, None) if self.left else None
        is_async = isinstance(node, ast.AsyncFunctionDef)
        ir = self._add(inner, node.name, params, decorators, annotation, is_async, self.name_at(node), outer.visible())
        if outer.kind == "class":
            outer.methods[node.name] = inner.index
        if body is not None:
            self.hide(ir, body)
        else:
            self._body(inner, node, params)
            self._finish(inner)
        return inner.index

    def _body(self, inner: Statements, node: ast.FunctionDef | ast.AsyncFunctionDef, params: tuple[ParameterIR, ...]) -> None:
        """Lower the statements of a function."""
        self._bind_params(inner, params)
        inner.locals |= assigned_names(node.body, changed=False).keys() if self.walrus else bound_names(node.body)
        inner.block(node.body)
        if inner.env is not None:
            inner.returned(Const(None, self.name_at(node)))

    def lower_lambda(self, outer: object, node: ast.Lambda) -> int:
        """Lower a lambda as a function with a single return."""
        assert isinstance(outer, Statements)
        params = self._params(outer, node.args)
        inner = self._scope("function", outer.index, -1, _qualified(outer, "<lambda>"))
        self._add(inner, "<lambda>", params, at=self.at(node), seen=outer.visible())
        self._bind_params(inner, params)
        inner.returned(inner.expr(node.body))
        self._finish(inner)
        return inner.index

    def lower_class(self, outer: Statements, node: ast.ClassDef) -> int:
        """Lower a class: its body is a scope whose final names are the class attributes."""
        bases = tuple(outer.expr(b) for b in node.bases)
        keywords = tuple((k.arg or "", outer.expr(k.value)) for k in node.keywords)
        decorators = tuple(outer.expr(d) for d in node.decorator_list)
        index = len(self.classes)
        inner = self._scope("class", outer.index, index, _qualified(outer, node.name))
        at = self.name_at(node)
        self._add(inner, node.name, at=at)
        self.classes.append(
            ClassIR(index, node.name, inner.qualname, outer.index, bases, keywords, decorators, inner.methods, inner.index, at)
        )
        inner.block(node.body)
        self._finish(inner)
        return index

    def _params(self, outer: Statements, args: ast.arguments) -> tuple[ParameterIR, ...]:
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

    def _param(self, outer: Statements, arg: ast.arg, kind: ParameterKind, default: ast.expr | None) -> ParameterIR:
        annotation: AnyTerm | None = outer.annotation(arg.annotation) if arg.annotation is not None else None
        return ParameterIR(arg.arg, kind, outer.expr(default) if default is not None else None, annotation, self.at(arg))

    def _bind_params(self, inner: Statements, params: tuple[ParameterIR, ...]) -> None:
        if inner.owner >= 0 and params:
            inner.receiver = params[0].name
        for param in params:
            inner.locals.add(param.name)
            inner.bind(param.name, Param(param.name, param.at), param.at)

    def _finish(self, scope: Statements) -> None:
        self.functions[scope.index].fill(self._made(scope))

    def _made(self, scope: Statements) -> BodyIR:
        names: dict[str, list[int]] = {}
        for index, definition in enumerate(scope.defs):
            if definition.name and "." not in definition.name and not definition.flags & Flag.PHI and index not in scope.narrowed:
                names.setdefault(definition.name, []).append(index)
        exits = scope.env if scope.env is not None else scope.last_env
        return BodyIR(
            defs=tuple(scope.defs),
            names={key: SINGLE[found[0]] if len(found) == 1 and found[0] < len(SINGLE) else tuple(found) for key, found in names.items()},
            exits={k: v for k, v in exits.items() if "." not in k} if scope.kind != "function" else {},
            returns=tuple(scope.returns),
            guards=tuple(scope.guards),
            yields=tuple(scope.yields),
            stores=tuple(scope.stores),
            annotations=scope.annotations,
            conditions=scope.conditions or NO_CONDITIONS,
            swallows=scope.swallows,
        )


def _qualified(outer: Statements, name: str) -> str:
    if outer.kind == "module":
        return name
    return f"{outer.qualname}.{name}" if outer.kind == "class" else f"{outer.qualname}.<locals>.{name}"
