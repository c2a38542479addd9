"""Calls to terms: each is a definition, and one that changes a container in place redefines the container."""

from __future__ import annotations

import ast
from typing import Any

from cardlint.ir.model import Flag, Store
from cardlint.ir.terms import AnyTerm, Append, Call, Choice, Const, DelItem, Dict, Item, Op, Refine, SetItem, Star, Text, Update, Use
from cardlint.lowering.conditions import Conditions
from cardlint.lowering.names import CHANGES, call_path, dotted_path
from cardlint.lowering.scope import PURE
from cardlint.lowering.texts import format_parts

REMOVING = frozenset({"symmetric_difference_update", "difference_update", "intersection_update", "popitem", "clear"})
"""Changes after which any element may be gone."""


class Calls(Conditions):
    """Lowering of calls."""

    depth = 0
    """nesting of the term that is made"""
    effect = -1
    """the last definition after which other code may have run: that of a call, or of what is awaited"""
    waited = -1
    """the last definition after which other tasks may have run"""

    def wait(self) -> None:
        """Record that other tasks may run at this point."""
        self.effect = self.waited = len(self.defs)

    def call(self, node: ast.Call, flags: int = 0) -> AnyTerm:
        """Lower a call to a definition. Calls that change a container in place redefine the container."""
        at = self.file.at(node)
        func = node.func
        if self.dotted and self.env is not None and (known := call_path(node)) and known in self.env:
            return Use(self.env[known], at)
        if type(func) is ast.Attribute and func.attr == "format" and type(func.value) is ast.Constant and type(func.value.value) is str:
            parts = format_parts(self, func.value.value, node, at)
            if parts is not None:
                return Text(parts, at)
        self.depth += 1
        callee = self.expr(func)
        args = tuple(self.expr(a) for a in node.args)
        kwargs = tuple((k.arg or "", self.expr(k.value)) for k in node.keywords)
        self.depth -= 1
        index = self.define("", Call(callee, args, kwargs, at), at, flags)
        name = func.attr if type(func) is ast.Attribute else func.id if type(func) is ast.Name else ""
        self.file.note_call(name, self.index, index)
        if type(func) is ast.Attribute and func.attr in CHANGES:
            self._change(func, args, kwargs, at, node.args)
        elif name == "shuffle" and node.args:
            self.stores.append(Store("move", args[0], "", None, Const(None, at), at))
            self._moved(dotted_path(node.args[0]), args[0], at)
        elif name not in PURE:
            self._passed(node, index)
        if name not in PURE:
            self.effect = index
        return Use(index, at)

    def _change(
        self, func: ast.Attribute, args: tuple[AnyTerm, ...], kwargs: tuple[tuple[str, AnyTerm], ...], at: Any, nodes: list[ast.expr]
    ) -> None:
        path = dotted_path(func.value)
        how = CHANGES[func.attr]
        base = self.expr(func.value) if path is not None else None
        if base is None:
            return
        term: AnyTerm
        stored: AnyTerm
        if how == "merge":
            pairs = tuple((Const(name, at), value) if name else (None, value) for name, value in kwargs)
            stored = args[0] if args and not pairs else Dict((*((None, a) for a in args[:1]), *pairs), at)
            term = Update(base, stored, at)
        elif how == "put" and len(args) == 2:
            stored = args[1]
            term = SetItem(base, args[0], Choice((Item(base, args[0], at), args[1]), at), at)
        elif how == "grow" and args:
            stored = Star(args[0], at) if func.attr in ("extend", "extendleft", "__iadd__") else args[-1]
            term = Append(base, stored, at)
        elif how == "drop":
            stored = args[0] if args else Const(None, at)
            term = DelItem(base, stored, at)
        elif how == "move":
            self.stores.append(Store("move", base, "", None, Const(None, at), at))
            self._moved(path, base, at)
            return
        else:
            return
        if func.attr in REMOVING:
            term = Op("thinned", (term,), at)
        elif func.attr == "insert":
            term = Op("reordered", (term,), at)
        key = args[0] if how == "put" else None
        self.stores.append(Store("item" if how == "put" else how, base, "", key, stored, at))
        if self.env is not None and path in self.env:
            self.bind(path, term, at)
        if func.attr in ("add", "append") and nodes:
            self._admitted(base, nodes[0], at)

    def _moved(self, path: str | None, base: AnyTerm, at: Any) -> None:
        """Redefine a list whose elements a call has put into another order."""
        if self.env is not None and path in self.env:
            self.bind(path, Op("reordered", (base,), at), at)

    def _admitted(self, collection: AnyTerm, node: ast.expr, at: Any) -> None:
        """Record that a collection takes a value only while it is smaller than a limit, so that the value is one of few."""
        held = self.defs[collection.index].term if isinstance(collection, Use) else None
        while isinstance(held, Refine) and held.guard == "still" and isinstance(held.base, Use):
            held = self.defs[held.base.index].term
        path = dotted_path(node)
        if isinstance(held, Refine) and held.guard == "limited" and held.by is not None and path is not None:
            self.env = self.narrow(self.env, path, "cap", Op("admits", (collection, held.by), at), at)

    def _passed(self, node: ast.Call, index: int) -> None:
        """Redefine dictionaries that are arguments of a call: the callee may have stored keys in them."""
        if self.env is None:
            return
        named = [(str(i), a) for i, a in enumerate(node.args)] + [(k.arg, k.value) for k in node.keywords if k.arg]
        for position, argument in named:
            if type(argument) is not ast.Name or argument.id not in self.env:
                continue
            if argument.id in self.dotted:  # what was tested of its items may no longer hold
                prefix = argument.id + "."
                for key in [k for k in self.env if k.startswith(prefix) and k[-1] in "])"]:
                    del self.env[key]
            held = self.env[argument.id]
            if type(self.defs[held].term) in (Dict, SetItem, Update):
                at = self.file.at(argument)
                term = Op("passed", (Use(held, at), Use(index, at), Const(position, at)), at)
                self.env[argument.id] = self.define(argument.id, term, at, Flag.PHI)
