"""Statements: the flow of a body. Assignments kill, branches and loops join, jumps end a path, `finally` sees all paths."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from cardlint.ir.model import Flag, Store
from cardlint.ir.terms import (
    AnyTerm,
    At,
    Attr,
    Call,
    Choice,
    ClassDef,
    Const,
    DelItem,
    EnterContext,
    FunctionDef,
    Import,
    Item,
    Iterate,
    Op,
    Opaque,
    Param,
    Refine,
    Text,
    Update,
    Use,
)
from cardlint.lowering.branches import Branches
from cardlint.lowering.names import dotted_path, is_kept_test, subject_path
from cardlint.lowering.scope import Env, Jumps

NEVER_RETURNS = frozenset({"exit", "quit", "abort", "_exit"})
PLAIN = frozenset({Param, Call, Use, Attr, Item, Iterate, EnterContext, Choice, Refine, Text, Op})
"""Terms that can have one of many values, as opposed to a display, a function or a constant."""


def _is_flag(node: ast.expr) -> bool:
    """Tell whether an expression is True or False by its form: a comparison of values, or several of them."""
    if isinstance(node, ast.BoolOp):
        return all(_is_flag(value) for value in node.values)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    return isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], (ast.In, ast.NotIn, ast.Is, ast.IsNot))


class Statements(Branches):
    """Lowering of statements."""

    def block(self, body: list[ast.stmt]) -> None:
        """Lower statements in order; unreachable ones are left out.

        Code after a `with` that never ends normally is there for the exceptions that its context manager swallows.
        """
        for node in body:
            if self.env is None:
                return
            self.file.tick()
            handler = STATEMENTS.get(type(node))
            if handler is not None:
                start, since = self.env, len(self.defs)
                handler(self, node)
                if self.env is None and isinstance(node, (ast.With, ast.AsyncWith)) and node is not body[-1]:
                    self.env = self.exceptional(start, since)

    # simple statements --------------------------------------------------------------------------------------------

    def _expression(self, node: ast.Expr) -> None:
        value = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(value, ast.Call):
            self._checked(value, self.call(value, Flag.BARE))
            func = value.func
            name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
            if name in NEVER_RETURNS:
                self.leave()
        else:
            self.expr(value)
        if value is not node.value:
            self.wait()

    def _checked(self, node: ast.Call, made: AnyTerm) -> None:
        """Record that variables and parts of variables were arguments of a call, and that the call returned.

        A function that raises for values it does not know narrows them; the inference decides which function is called.
        """
        if dotted_path(node.func) is None:
            return
        for argument in (*node.args, *(k.value for k in node.keywords)):
            path = subject_path(argument)
            if path is not None and self.is_part(path):
                self.env = self.narrow(self.env, path, "checked", made, made.at)
                continue
            index = self.env.get(path) if path is not None and self.env is not None else None
            if (
                path is not None
                and self.env is not None
                and index is not None
                and type(self.defs[index].term) in PLAIN
                and path != self.receiver
            ):
                self.env[path] = self.define(path, Refine(Use(index, made.at), "checked", made, made.at), made.at)
                self.narrowed[self.env[path]] = index

    def _assign(self, node: ast.Assign) -> None:
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name) and is_kept_test(node.value):
            self.keep_test(node.targets[0], node.value)
            return
        value = self.expr(node.value)
        made = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(made, ast.Call) and isinstance(value, Use):
            self._checked(made, value)
        for target in node.targets:
            self.unpack(target, value)

    def _annassign(self, node: ast.AnnAssign) -> None:
        path = dotted_path(node.target)
        if path is not None:
            self.annotations[path] = self.annotation(node.annotation)
        if node.value is not None and isinstance(node.target, ast.Name) and is_kept_test(node.value):
            self.keep_test(node.target, node.value)
        elif node.value is not None:
            self.unpack(node.target, self.expr(node.value))

    def _augassign(self, node: ast.AugAssign) -> None:
        at = self.file.at(node)
        right = self.expr(node.value)
        load: ast.expr
        if isinstance(node.target, ast.Name):
            old = self.lookup(node.target.id, at)
        else:
            load = node.target
            old = self.expr(_as_load(load))
        sign = type(node.op)
        if sign is ast.BitOr:
            term: AnyTerm = Update(old, right, at)
            self.stores.append(Store("merge", old, "", None, right, at))
        else:
            from cardlint.lowering.expressions import OPERATORS

            term = Op(OPERATORS[sign], (old, right), at)
            if sign is ast.Add and not isinstance(right, (Const, Text)):  # of a list, it is changed in place
                self.stores.append(Store("merge", old, "", None, right, at))
        self.unpack(node.target, term)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            path = dotted_path(target.value if isinstance(target, ast.Subscript) else target)
            if path is None or self.env is None:
                continue
            if isinstance(target, ast.Subscript):
                self.stores.append(
                    Store("drop", self.expr(target.value), "", None, Const(None, self.file.at(target)), self.file.at(target))
                )
            if path not in self.env:
                continue
            at = self.file.at(target)
            if isinstance(target, ast.Subscript):
                key = Opaque("a slice", at) if isinstance(target.slice, ast.Slice) else self.expr(target.slice)
                self.bind(path, DelItem(Use(self.env[path], at), key, at), at)
            else:
                self.env = {k: v for k, v in self.env.items() if k != path}

    def _return(self, node: ast.Return) -> None:
        self._return_each(node.value if node.value is not None else node)
        self.leave()

    def _return_each(self, node: ast.expr | ast.Return) -> None:
        """Record what is returned; each side of a conditional expression is a return with the tests that hold there.

        So is each outcome of a comparison: `return name in NAMES` returns True where the name is one of them.
        """
        if isinstance(node, ast.expr) and _is_flag(node):
            at = self.file.at(node)
            before = self.env
            term, yes, no = self.cond(node)
            if yes is before and no is before:
                self.returned(term)
                return
            for outcome, branch in ((True, yes), (False, no)):
                self.env = branch
                if branch is not None:
                    self.returned(Const(outcome, at))
            return
        if not isinstance(node, ast.IfExp):
            self.returned(self.expr(node) if isinstance(node, ast.expr) else Const(None, self.file.at(node)))
            return
        _, yes, no = self.cond(node.test)
        for branch, value in ((yes, node.body), (no, node.orelse)):
            self.env = branch
            if branch is not None:
                self._return_each(value)

    def _raise(self, node: ast.Raise) -> None:
        for part in (node.exc, node.cause):
            if part is not None:
                self.expr(part)
        self.leave()

    def _assert(self, node: ast.Assert) -> None:
        _, self.env, _ = self.cond(node.test)

    def _import(self, node: ast.Import) -> None:
        at = self.file.at(node)
        for alias in node.names:
            if alias.asname:
                self.bind(alias.asname, Import(alias.name, "", at), at)
            else:
                self.bind(alias.name.split(".")[0], Import(alias.name.split(".")[0], "", at), at)

    def _import_from(self, node: ast.ImportFrom) -> None:
        at = self.file.at(node)
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.define("*", Import(module, "*", at), at)
            else:
                self.bind(alias.asname or alias.name, Import(module, alias.name, at), at)

    def _global(self, node: ast.Global | ast.Nonlocal) -> None:
        self.globals.update(node.names)

    # blocks -------------------------------------------------------------------------------------------------------

    def _try(self, node: Any) -> None:
        assert self.env is not None
        start, since, fork = self.env, len(self.defs), self.fork()
        outer = self.flags
        jumps = Jumps()
        if node.finalbody:
            jumps.pending = []
            self.jumps.append(jumps)
        if node.handlers:
            self.flags |= Flag.TRY
        self.env = dict(start)
        yields = len(self.yields)
        self.block(node.body)
        self.flags = outer
        yields, returns = len(self.yields) - yields, len(self.returns)
        failed = self.exceptional(start, since)
        self.block(node.orelse)
        ends = [self.env]
        for handler in node.handlers:
            self.env = dict(failed)
            self.flags = outer | Flag.HANDLER
            kinds = self.expr(handler.type) if handler.type is not None else None
            if handler.name and handler.type is not None:
                # the span of the header: the end of the body is not known while its last function is not lowered
                at = (*self.file.at(handler)[:2], *self.file.at(handler.type)[2:])
                self.bind(handler.name, Op("exception", (kinds,) if kinds is not None else (), at), at)
            self.block(handler.body)
            ends.append(self.env)
            self.swallows = self.swallows or (yields > 0 and (self.env is not None or len(self.returns) > returns))
        self.flags = outer
        normal = self.join(*ends, fork=fork)
        self.env = normal
        if node.finalbody:
            self.jumps.pop()
            assert jumps.pending is not None
            self.env = self.join(normal, *jumps.pending, self.exceptional(start, since), fork=fork)
            entry = dict(self.env) if self.env is not None else {}
            self.block(node.finalbody)
            if self.env is not None:
                # after `finally` only the paths that continue matter; its own assignments hold for them
                changed = {k: v for k, v in self.env.items() if entry.get(k) != v}
                self.env = None if normal is None else {**normal, **changed}

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        assert self.env is not None
        swallows = False
        contexts: list[AnyTerm] = []
        start, since, fork = dict(self.env), len(self.defs), self.fork()
        for item in node.items:
            context = self.expr(item.context_expr, Flag.WITH)
            contexts.append(context)
            if isinstance(node, ast.AsyncWith):
                self.wait()
            name = dotted_path(item.context_expr.func) if isinstance(item.context_expr, ast.Call) else None
            swallows = swallows or (name or "").rpartition(".")[2] == "suppress"
            if item.optional_vars is not None:
                self.unpack(item.optional_vars, EnterContext(context, self.file.at(item.optional_vars)))
        yields = len(self.yields)
        self.block(node.body)
        if swallows:
            self.swallows = self.swallows or len(self.yields) > yields
            self.env = self.join(self.env, self.exceptional(start, since), fork=fork)
        elif self.env is not None:
            self._join_swallowed(start, since, contexts, self.file.at(node.items[0].context_expr))

    def _join_swallowed(self, start: Env, since: int, contexts: list[AnyTerm], at: At) -> None:
        """Give each name that the body of a `with` binds anew its earlier values, too, for the contexts that swallow an exception.

        The inference decides whether one does.
        """
        assert self.env is not None
        for name, indexes in self.bound_since(since).items():
            earlier = [*([start[name]] if name in start else ()), *indexes]
            if len(earlier) > 1 and name in self.env:
                before = Use(self.phi(name, earlier), at)
                ways = [self.define(name, Refine(before, "swallowed", context, at), at, Flag.PHI) for context in contexts]
                self.env[name] = self.phi(name, [self.env[name], *ways])

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        index = self.file.lower_function(self, node)
        at = self.file.name_at(node)
        self.bind(node.name, FunctionDef(index, at), at)

    def _class(self, node: ast.ClassDef) -> None:
        index = self.file.lower_class(self, node)
        at = self.file.name_at(node)
        self.bind(node.name, ClassDef(index, at), at)

    def annotation(self, node: ast.expr) -> AnyTerm:
        """Lower an annotation; quoted ones are parsed."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                inner = ast.parse(node.value, mode="eval").body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return Opaque("an annotation that does not parse", self.file.at(node))
            for child in ast.walk(inner):
                ast.copy_location(child, node)
            node = inner
        return self.expr(node)


def _as_load(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Attribute):
        return ast.copy_location(ast.Attribute(node.value, node.attr, ast.Load()), node)
    if isinstance(node, ast.Subscript):
        return ast.copy_location(ast.Subscript(node.value, node.slice, ast.Load()), node)
    return node


STATEMENTS: dict[type, Callable[[Any, Any], None]] = {
    ast.Expr: Statements._expression,
    ast.Assign: Statements._assign,
    ast.AnnAssign: Statements._annassign,
    ast.AugAssign: Statements._augassign,
    ast.Delete: Statements._delete,
    ast.Return: Statements._return,
    ast.Raise: Statements._raise,
    ast.Assert: Statements._assert,
    ast.Import: Statements._import,
    ast.ImportFrom: Statements._import_from,
    ast.Global: Statements._global,
    ast.Nonlocal: Statements._global,
    ast.If: Statements._if,
    ast.For: Statements._for,
    ast.AsyncFor: Statements._for,
    ast.While: Statements._while,
    ast.Break: Statements._break,
    ast.Continue: Statements._continue,
    ast.Match: Statements._match,
    ast.Try: Statements._try,
    ast.TryStar: Statements._try,
    ast.With: Statements._with,
    ast.AsyncWith: Statements._with,
    ast.FunctionDef: Statements._function,
    ast.AsyncFunctionDef: Statements._function,
    ast.ClassDef: Statements._class,
}
