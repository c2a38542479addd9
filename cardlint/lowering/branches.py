"""Branches and loops: where the flow of a function divides, and where its paths meet again in phis."""

from __future__ import annotations

import ast

from cardlint.ir.model import Definition, Flag
from cardlint.ir.terms import (
    AnyTerm,
    Append,
    Choice,
    FreeVar,
    Iterate,
    Op,
    Use,
)
from cardlint.lowering.expressions import Expressions
from cardlint.lowering.names import assigned_names, dotted_path
from cardlint.lowering.patterns import match_case
from cardlint.lowering.scope import Env, Jumps


class Branches(Expressions):
    """Lowering of statements that decide what runs next."""

    def block(self, body: list[ast.stmt]) -> None:
        """Lower statements one after the other; see `Statements`."""
        raise NotImplementedError

    def _if(self, node: ast.If) -> None:
        fork = self.fork()
        _, yes, no = self.cond(node.test)
        if yes is None and no is not None and _mentions_type_checking(node.test):
            self._type_only_imports(node.body)
            no = self.env
        self.env = yes
        self.block(node.body)
        after = self.env
        self.env = no
        self.block(node.orelse)
        self.env = self.join(after, self.env, fork=fork)

    def _type_only_imports(self, body: list[ast.stmt]) -> None:
        """Bind imports under TYPE_CHECKING: they never run, but annotations use their names."""
        for statement in body:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                self.block([statement])

    def _loop_head(self, names: dict[str, None]) -> dict[str, int]:
        """Put a phi at the head of a loop for every name the loop changes; `_close` completes them."""
        assert self.env is not None
        heads: dict[str, int] = {}
        entry = self.env
        changed = tuple(f"{name}." for name in names)
        forgotten = {k for k in entry if "." in k and (k in names or k.startswith(changed))} if self.dotted else ()
        self.env = {k: v for k, v in entry.items() if k not in forgotten} if forgotten else dict(entry)
        for name in names:
            if "." in name and name not in entry:
                continue
            at = self.defs[entry[name]].at if name in entry else (1, 1, 1, 1)
            outside = name not in entry and "." not in name and self.is_outside(name)
            first: tuple[AnyTerm, ...] = (FreeVar(name, at),) if outside else (Use(entry[name], at),) if name in entry else ()
            heads[name] = self.define(name, Choice(first, at), at, Flag.PHI)
            self.env[name] = heads[name]
        return heads

    def _close(self, heads: dict[str, int], back: Env | None) -> None:
        if back is None:
            return
        for name, index in heads.items():
            latest = back.get(name)
            if latest is None or latest == index:
                continue
            old = self.defs[index]
            assert isinstance(old.term, Choice)
            ref = Use(latest, self.defs[latest].at)
            self.defs[index] = Definition(old.name, Choice((*old.term.options, ref), old.at), old.at, old.flags)

    def _ended(self, heads: dict[str, int]) -> None:
        """Define lists that a loop appends to anew where all its turns have been: inside of it they are not whole yet."""
        for name, index in heads.items():
            if self.env is not None and name in self.env and any(type(d.term) is Append for d in self.defs[index:]):
                at = self.defs[index].at
                self.env[name] = self.define(name, Op("ended", (Use(index, at), Use(self.env[name], at)), at), at, Flag.PHI)

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        names = assigned_names([*node.body])
        grows = _grows(node, names)
        iterable: AnyTerm | None = None if grows else self.expr(node.iter)
        before, fork = self.env, self.fork()
        heads = self._loop_head(names)
        head = self.env
        if iterable is None:  # what a turn adds comes in a later one
            iterable = self.expr(node.iter)
        if isinstance(node, ast.AsyncFor):
            self.wait()
        jumps = Jumps()
        self.jumps.append(jumps)
        flags = self.flags
        self.flags |= Flag.LOOP
        if self.env is not None:
            self.env = dict(self.env)
        at = self.file.at(node.target)
        self.unpack(node.target, Iterate(iterable, at))
        self.block(node.body)
        self.jumps.pop()
        self.flags = flags
        back = self.join(self.env, *jumps.continues, fork=fork)
        self._close(heads, back)
        # the body runs at least once where the iterable is not empty, so both ends count
        self.env = self.join(back, head if before is not None else None, fork=fork)
        if not jumps.breaks:
            self._ended(heads)
        self.block(node.orelse)
        self.env = self.join(self.env, *jumps.breaks, fork=fork)

    def _while(self, node: ast.While) -> None:
        fork = self.fork()
        heads = self._loop_head(assigned_names(node.body))
        jumps = Jumps()
        self.jumps.append(jumps)
        flags = self.flags
        self.flags |= Flag.LOOP
        _, yes, no = self.cond(node.test)
        self.env = None if yes is None else dict(yes)
        self.block(node.body)
        self.jumps.pop()
        self.flags = flags
        self._close(heads, self.join(self.env, *jumps.continues, fork=fork))
        self.env = no
        self.block(node.orelse)
        self.env = self.join(self.env, *jumps.breaks, fork=fork)

    def _break(self, _node: ast.Break) -> None:
        self._jump("breaks")

    def _continue(self, _node: ast.Continue) -> None:
        self._jump("continues")

    def _jump(self, kind: str) -> None:
        if self.env is None:
            return
        for jump in reversed(self.jumps):
            if jump.pending is not None:
                jump.pending.append(self.env)
                continue
            getattr(jump, kind).append(self.env)
            break
        self.last_env = self.env
        self.env = None

    def _match(self, node: ast.Match) -> None:
        fork = self.fork()
        subject = self.expr(node.subject)
        ends: list[Env | None] = []
        for case in node.cases:
            if self.env is None:
                break
            before = self.env
            self.env = dict(before)
            irrefutable = match_case(self, case.pattern, subject, dotted_path(node.subject)) and case.guard is None
            if case.guard is not None:
                _, self.env, _ = self.cond(case.guard)
            self.block(case.body)
            ends.append(self.env)
            self.env = None if irrefutable else before
        self.env = self.join(self.env, *ends, fork=fork)


LAZY = frozenset({"enumerate", "zip", "iter", "filter", "map", "chain"})
"""Functions that read their arguments while the loop runs."""


def _grows(node: ast.For | ast.AsyncFor, names: dict[str, None]) -> bool:
    """Tell whether the body of a loop adds to the list that the loop goes through: `for url in todo: todo.append(...)`."""
    over = node.iter
    lazy = isinstance(over, ast.Call) and (dotted_path(over.func) or "").rpartition(".")[2] in LAZY
    read = [path for n in (over.args if lazy and isinstance(over, ast.Call) else [over]) if (path := dotted_path(n)) in names]
    if not read:
        return False
    bound = assigned_names([*node.body], changed=False)
    added = {dotted_path(n.target) for part in node.body for n in ast.walk(part) if isinstance(n, ast.AugAssign)}
    return any(path not in bound or path in added for path in read)


def _mentions_type_checking(node: ast.expr) -> bool:
    return (dotted_path(node) or "").rpartition(".")[2] == "TYPE_CHECKING"
