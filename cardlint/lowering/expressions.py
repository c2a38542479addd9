"""Expressions to terms. Every call becomes a definition, so that terms stay shallow and are evaluated once."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from cardlint.ir.model import Flag, Store
from cardlint.ir.terms import (
    AnyTerm,
    At,
    Attr,
    Choice,
    ClassDef,
    Comp,
    Const,
    Dict,
    FreeVar,
    FunctionDef,
    Import,
    Item,
    Iterate,
    Op,
    Opaque,
    Refine,
    Seq,
    SetItem,
    Slice,
    Star,
    Test,
    Text,
    Use,
)
from cardlint.lowering.calls import Calls
from cardlint.lowering.names import dotted_path, subject_path
from cardlint.lowering.scope import Env
from cardlint.lowering.texts import percent_parts

MAX_DEPTH = 40
"""Nesting of one term; a deeper expression continues in its own definition."""
MAX_ITEMS = 2000
"""Items of one literal that are kept; longer ones are only counted."""
RUNNING = frozenset({ast.Call, ast.Lambda, ast.NamedExpr, ast.Yield, ast.YieldFrom})
"""The nodes that are lowered in longer literals too."""
MAX_TEXT = 300
"""Characters of one literal that are kept; a longer one is no label."""

OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitAnd: "&", ast.BitXor: "^", ast.MatMult: "@",
    ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "~",
}  # fmt: skip

FIXED = (Import, FunctionDef, ClassDef, Seq, Dict, Comp)
"""What an attribute is assigned that is no text or number: nothing is claimed of it."""


class Expressions(Calls):
    """Lowering of expressions."""

    def expr(self, node: ast.expr, flags: int = 0) -> AnyTerm:
        """Lower one expression to a term; `flags` describe the syntactic position of a call."""
        if type(node) is ast.Call:
            return self.call(node, flags)
        if type(node) is ast.Name:
            if node.id in self.globals and self.env is not None and node.id in self.env:
                return self._still(node.id, self.env, self.file.at(node))
            return self.lookup(node.id, self.file.at(node))
        if type(node) is ast.Constant:
            return self.constant(node)
        if type(node) is ast.Attribute:
            return self.attribute(node)
        self.depth += 1
        try:
            handler = HANDLERS.get(type(node))
            if handler is None:
                return Opaque(f"a {type(node).__name__} expression", self.file.at(node))
            term = handler(self, node)
        finally:
            self.depth -= 1
        if self.depth and self.depth % MAX_DEPTH == 0:
            at = self.file.at(node)
            return Use(self.define("", term, at), at)
        return term

    def constant(self, node: ast.Constant) -> AnyTerm:
        """Lower a literal. Ellipsis, complex numbers and very long texts are no label values."""
        value = node.value
        at = self.file.at(node)
        if value is ... or isinstance(value, complex):
            return Opaque("a literal that cannot be a label value", at)
        if isinstance(value, bytes) or (isinstance(value, str) and len(value) > MAX_TEXT):
            return Op("many", (Const(1, at),), at)
        if type(value) is int and not -(2**63) <= value < 2**63:
            return Op("many", (Const(1, at),), at)
        return Const(value, at)

    def attribute(self, node: ast.Attribute) -> AnyTerm:
        """Lower `base.name`; the value of an attribute that is assigned in this function is the assigned value."""
        if self.dotted and self.env is not None and (path := dotted_path(node)) and path in self.env:
            return self._still(path, self.env, self.file.at(node))
        return Attr(self.expr(node.value), node.attr, self.file.at(node))

    def _still(self, path: str, env: Env, at: At) -> AnyTerm:
        """Return what a name of the module or an attribute was assigned or tested to be.

        Where other code may have run since, inference asks whether it still is.
        """
        index = self.told.get(env[path], env[path])
        if index < self.effect and type(self.defs[index].term) not in FIXED:
            earlier = self.defs[index].term
            if type(earlier) is Refine and earlier.guard == "still" and type(earlier.base) is Use:
                index = earlier.base.index  # asked again from the beginning, so that many reads are no long chain
            end = len(self.defs)
            span = (Const(index, at), Const(end, at), Const(index < self.waited, at))
            since = Op("since", (self._dotted_term(env, path, at) if "." in path else FreeVar(path, at), *span), at)
            env[path] = self.define(path, Refine(Use(index, at), "still", since, at), at)
            self.narrowed[end] = index
            tested = self.deciding.get(path, set())
            if index in tested:
                tested.add(end)
        return Use(env[path], at)

    # compound expressions ---------------------------------------------------------------------------------------

    def _ifexp(self, node: ast.IfExp) -> AnyTerm:
        env = self.env
        _, yes, no = self.cond(node.test)
        self.env = yes
        options = [self.expr(node.body)] if yes is not None else []
        self.env = no
        if no is not None:
            options.append(self.expr(node.orelse))
        self.env = env
        return options[0] if len(options) == 1 else Choice(tuple(options), self.file.at(node))

    def _boolop(self, node: ast.BoolOp) -> AnyTerm:
        env = self.env
        term, yes, no = self.cond(node)
        walrus = any(type(n) is ast.NamedExpr for n in ast.walk(node))
        self.env = self.join(yes, no) if walrus else env
        return term

    def _comparison(self, node: ast.Compare) -> AnyTerm:
        operands = (self.expr(node.left), *(self.expr(c) for c in node.comparators))
        return Op("cmp", operands, self.file.at(node))

    def _binop(self, node: ast.BinOp) -> AnyTerm:
        at = self.file.at(node)
        sign = OPERATORS[type(node.op)]
        if sign == "%" and isinstance(node.left, (ast.Constant, ast.JoinedStr)):
            template = node.left.value if isinstance(node.left, ast.Constant) else None
            if isinstance(template, str):
                return Text(percent_parts(self, template, node.right, at), at)
        if sign == "+":
            operands: list[ast.expr] = []
            current: ast.expr = node
            while isinstance(current, ast.BinOp) and isinstance(current.op, ast.Add):
                operands.append(current.right)
                current = current.left
            operands.append(current)
            return Op("+", tuple(self.expr(o) for o in reversed(operands)), at)
        return Op(sign, (self.expr(node.left), self.expr(node.right)), at)

    def _unary(self, node: ast.UnaryOp) -> AnyTerm:
        at = self.file.at(node)
        operand = self.expr(node.operand)
        if isinstance(node.op, ast.Not):
            return Op("not", (operand,), at)
        if isinstance(node.op, ast.USub) and isinstance(operand, Const) and type(operand.value) in (int, float):
            return Const(-operand.value, at)  # type: ignore[operator]
        return Op(OPERATORS[type(node.op)], (operand,), at)

    def _joined(self, node: ast.JoinedStr) -> AnyTerm:
        return Text(tuple(self.expr(v) for v in node.values), self.file.at(node))

    def _formatted(self, node: ast.FormattedValue) -> AnyTerm:
        at = self.file.at(node)
        term = self.expr(node.value)
        if node.conversion in (ord("r"), ord("a")):
            term = Op("repr" if node.conversion == ord("r") else "ascii", (term,), at)
        spec = node.format_spec
        if isinstance(spec, ast.JoinedStr):
            written = "".join(str(v.value) for v in spec.values if isinstance(v, ast.Constant))
            whole = all(isinstance(v, ast.Constant) for v in spec.values)
            term = Op("format", (term, Const(written, at) if whole else self._joined(spec)), at)
        return term

    def _subscript(self, node: ast.Subscript) -> AnyTerm:
        at = self.file.at(node)
        base = self.expr(node.value)
        if isinstance(node.slice, ast.Slice):
            lower = self.expr(node.slice.lower) if node.slice.lower else None
            upper = self.expr(node.slice.upper) if node.slice.upper else None
            step = self.expr(node.slice.step) if node.slice.step else None
            return Slice(base, lower, upper, at, step)
        if self.dotted and self.env is not None and (known := subject_path(node)) and known in self.env:
            return Use(self.env[known], at)
        key = self.expr(node.slice)
        path = subject_path(node.slice)
        if path is not None and _is_table(node.value):  # a missing key raises: after this the key is one of the table's
            self.env = self.narrow(self.env, path, "key", base, at)
        return Item(base, key, at)

    def _dict(self, node: ast.Dict) -> AnyTerm:
        at = self.file.at(node)
        if len(node.keys) > MAX_ITEMS:
            self._many((*node.keys, *node.values))
            return Op("many", (Const(len(node.keys), at),), at)
        return Dict(tuple((self.expr(k) if k else None, self.expr(v)) for k, v in zip(node.keys, node.values, strict=True)), at)

    def _seq(self, node: ast.List | ast.Tuple | ast.Set) -> AnyTerm:
        at = self.file.at(node)
        if len(node.elts) > MAX_ITEMS:
            self._many(node.elts)
            return Op("many", (Const(len(node.elts), at),), at)
        return Seq(SEQ_KINDS[type(node)], tuple(self.expr(e) for e in node.elts), at)

    def _many(self, items: Iterable[ast.expr | None]) -> None:
        """Lower the calls and functions in a literal that is too long to be kept."""
        for item in items:
            if item is not None and type(item) is not ast.Constant and any(type(part) in RUNNING for part in ast.walk(item)):
                self.expr(item)

    def _starred(self, node: ast.Starred) -> AnyTerm:
        return Star(self.expr(node.value), self.file.at(node))

    def _await(self, node: ast.Await) -> AnyTerm:
        term = self.expr(node.value, Flag.AWAIT)
        self.wait()
        return term

    def _yield(self, node: ast.Yield) -> AnyTerm:
        if node.value is not None:
            self.yields.append(self.expr(node.value))
        else:
            self.yields.append(Const(None, self.file.at(node)))
        self.wait()
        return Opaque("what a generator is sent", self.file.at(node))

    def _yield_from(self, node: ast.YieldFrom) -> AnyTerm:
        at = self.file.at(node)
        self.yields.append(Iterate(self.expr(node.value), at))
        self.wait()
        return Opaque("the result of `yield from`", at)

    def _named(self, node: ast.NamedExpr) -> AnyTerm:
        self.bind(node.target.id, self.expr(node.value), self.file.at(node.target))
        if self.env is not None and node.target.id in self.env:
            self.walruses[node.target.id] = self.env[node.target.id]
        return self.lookup(node.target.id, self.file.at(node.target))

    def _lambda(self, node: ast.Lambda) -> AnyTerm:
        return FunctionDef(self.file.lower_lambda(self, node), self.file.at(node))

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> AnyTerm:
        at = self.file.at(node)
        env, flags, walruses = self.env, self.flags, self.walruses
        self.env = None if env is None else dict(env)
        self.flags |= Flag.LOOP
        self.walruses = {}
        loops: list[tuple[int, AnyTerm]] = []
        tests: list[Test] = []
        for generator in node.generators:
            iterable = self.expr(generator.iter)
            where = self.file.at(generator.target)
            name = generator.target.id if isinstance(generator.target, ast.Name) else ""
            index = self.define(name, Iterate(iterable, where), where)
            loops.append((index, iterable))
            if self.env is not None:
                if name:
                    self.env[name] = index
                else:
                    self.unpack(generator.target, Use(index, where))
            for test in generator.ifs:
                before = self.env or {}
                term, self.env, otherwise = self.cond(test)
                tests.append((term, self._told(before, self.env, where), self._told(before, otherwise, where)))
        key = self.expr(node.key) if isinstance(node, ast.DictComp) else None
        value = self.expr(node.value if isinstance(node, ast.DictComp) else node.elt)
        self.env, self.flags = self._with_walruses(env), flags
        self.walruses = {**walruses, **self.walruses}
        return Comp(COMP_KINDS[type(node)], key, value, tuple(loops), tuple(tests), at)

    def _with_walruses(self, env: Env | None) -> Env | None:
        """Return the environment after a comprehension: a walrus inside of it binds a name of the function, if any element is there."""
        if env is None or not self.walruses:
            return env
        after = {name: self.phi(name, [env[name], index]) if name in env else index for name, index in self.walruses.items()}
        return {**env, **after}

    def _told(self, before: Env, env: Env | None, at: At) -> tuple[AnyTerm, ...]:
        """Return what one side of a test says: definitions that hold nothing where that side cannot be."""
        if env is None:
            return (Seq("tuple", (), at),)
        return tuple(Use(index, at) for name, index in env.items() if before.get(name) != index)

    def unpack(self, target: ast.expr, value: AnyTerm) -> None:
        """Bind an assignment target: a name, attribute, item, or a tuple of them."""
        at = self.file.at(target)
        if isinstance(target, ast.Name):
            self.bind(target.id, value, at)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack_sequence(target, value)
        elif isinstance(target, ast.Attribute):
            base = self.expr(target.value)
            self.stores.append(Store("attr", base, target.attr, None, value, at))
            path = dotted_path(target)
            if path is None or path.partition(".")[0] != self.receiver:
                self.effect = len(self.defs)  # through another name, it may be an object that is known here
            if path is not None:
                self.bind(path, value, at)
        elif isinstance(target, ast.Subscript):
            base = self.expr(target.value)
            key = Opaque("a slice", at) if isinstance(target.slice, ast.Slice) else self.expr(target.slice)
            self.stores.append(Store("item", base, "", key, value, at))
            path = dotted_path(target.value)
            if path is not None and self.env is not None and path in self.env:
                self.bind(path, SetItem(base, key, value, at), at)
        elif isinstance(target, ast.Starred):
            self.unpack(target.value, Slice(value, None, None, at))

    def _unpack_sequence(self, target: ast.Tuple | ast.List, value: AnyTerm) -> None:
        starred = False
        for position, element in enumerate(target.elts):
            at = self.file.at(element)
            if isinstance(element, ast.Starred):
                starred = True
                self.unpack(element.value, Slice(value, Const(position, at), None, at))
                continue
            index = position - len(target.elts) if starred else position
            known = isinstance(value, Seq) and not starred and index < len(value.items)
            if known and isinstance(value, Seq) and not any(isinstance(item, Star) for item in value.items[: index + 1]):
                self.unpack(element, value.items[index])
            else:
                self.unpack(element, Item(value, Const(index, at), at))


def _is_table(node: ast.expr) -> bool:
    """Tell by its name whether a container is a table of the module: `HANDLERS[name]`, `settings.ROUTES[name]`."""
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return len(name) > 1 and name.isupper()


SEQ_KINDS: dict[type, Any] = {ast.List: "list", ast.Tuple: "tuple", ast.Set: "set"}
COMP_KINDS: dict[type, Any] = {
    ast.ListComp: "list", ast.SetComp: "set", ast.DictComp: "dict", ast.GeneratorExp: "generator",
}  # fmt: skip

HANDLERS: dict[type, Callable[[Any, Any], AnyTerm]] = {
    ast.IfExp: Expressions._ifexp,
    ast.BoolOp: Expressions._boolop,
    ast.Compare: Expressions._comparison,
    ast.BinOp: Expressions._binop,
    ast.UnaryOp: Expressions._unary,
    ast.JoinedStr: Expressions._joined,
    ast.FormattedValue: Expressions._formatted,
    ast.Subscript: Expressions._subscript,
    ast.Dict: Expressions._dict,
    ast.List: Expressions._seq,
    ast.Tuple: Expressions._seq,
    ast.Set: Expressions._seq,
    ast.Starred: Expressions._starred,
    ast.Await: Expressions._await,
    ast.Yield: Expressions._yield,
    ast.YieldFrom: Expressions._yield_from,
    ast.NamedExpr: Expressions._named,
    ast.Lambda: Expressions._lambda,
    ast.ListComp: Expressions._comprehension,
    ast.SetComp: Expressions._comprehension,
    ast.GeneratorExp: Expressions._comprehension,
    ast.DictComp: Expressions._comprehension,
}
