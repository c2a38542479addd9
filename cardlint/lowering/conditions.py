"""Conditions: the environments of the two branches of a test.

A test is lowered once and yields three things: its value, the environment where it holds and the one where it does
not. A guard such as `x in ALLOWED` bounds a value only in one of the two.
"""

from __future__ import annotations

import ast
from abc import abstractmethod

from cardlint.ir.terms import AnyTerm, At, Call, Choice, Const, Guard, Item, Op, Order, Refine, Use
from cardlint.lowering.names import call_path, dotted_path, subject_path, unless_empty
from cardlint.lowering.scope import MATCHING, MAX_HANDED, MAX_SEEN, SAYS_NOTHING, Env, Scope, Told

MAX_OPERANDS = 200
"""Operands of one `and` or `or` that are lowered separately; generated code may have more."""
Outcome = tuple[AnyTerm, Env | None, Env | None]

GUARDS: dict[type[ast.cmpop], tuple[Guard, Guard]] = {
    ast.In: ("in", "not-in"),
    ast.NotIn: ("not-in", "in"),
    ast.Eq: ("eq", "not-eq"),
    ast.NotEq: ("not-eq", "eq"),
    ast.Is: ("eq", "not-eq"),
    ast.IsNot: ("not-eq", "eq"),
}
ORDER: dict[type[ast.cmpop], tuple[Order, Order]] = {
    ast.Lt: ("below", "least"),
    ast.LtE: ("most", "above"),
    ast.Gt: ("above", "most"),
    ast.GtE: ("least", "below"),
}
"""What an order says of its left side: where it holds, and where it does not."""
FUNCTION_TESTS = frozenset({"isfunction", "iscoroutinefunction", "isgeneratorfunction", "isasyncgenfunction"})
"""Functions of `inspect` and `asyncio` that tell whether a value is a function; all but the first only of one kind."""
MIRRORED: dict[Order, Order] = {"below": "above", "above": "below", "most": "least", "least": "most"}


class Conditions(Scope):
    """Lowering of tests."""

    @abstractmethod
    def expr(self, node: ast.expr, flags: int = 0) -> AnyTerm:
        """Lower an expression; see `Expressions`."""

    def cond(self, node: ast.expr) -> Outcome:
        """Lower a test and return its value, the environment where it is true and the one where it is false.

        The two are different objects, and so is the environment before the test: each branch binds its own names.
        """
        term, yes, no = self._tested(node)
        if no is yes and yes is not None:
            no = dict(yes)
        return term, yes, no

    def _tested(self, node: ast.expr) -> Outcome:
        if isinstance(node, ast.BoolOp):
            return self._boolean(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            term, yes, no = self.cond(node.operand)
            return Op("not", (term,), self.file.at(node)), no, yes
        if isinstance(node, ast.Compare):
            return self._compare(node) if len(node.ops) == 1 else self._chain(node)
        if isinstance(node, ast.NamedExpr):
            term = self.expr(node)
            return self._truth(term, node.target, node)
        if isinstance(node, ast.Call):
            return self._tested_call(node)
        term = self.expr(node)
        if isinstance(node, ast.Constant):
            return (term, self.env, None) if node.value else (term, None, self.env)
        if _is_type_checking(node):
            return term, None, self.env
        return self._truth(term, node, node)

    def _truth(self, term: AnyTerm, subject: ast.expr, node: ast.expr) -> Outcome:
        path = subject_path(subject)
        at = self.file.at(node)
        yes = self.looked_up(self.narrow(self.env, path, "truthy", None, at), path, at, "found")
        no = self.looked_up(self.narrow(self.env, path, "falsy", None, at), path, at, "not-found")
        others = self._unpacked_with(path)
        for name, flag in others:
            yes = self.narrow(yes, name, "paired", flag, at)
            no = self.narrow(no, name, "unpaired", flag, at)
        named = self.env.get(path) if self.env is not None and path is not None and self.kept else None
        for index in self.plain(named):
            holds, fails = self.kept.get(index, ((), ()))
            yes, no = self._as_told(yes, holds, at), self._as_told(no, fails, at)
        return term, yes, no

    def _unpacked_with(self, path: str | None) -> list[tuple[str, AnyTerm]]:
        """List the names that were unpacked from the same call as a tested one, each with the tested item.

        After `path, handled = find(request)` and a test of `handled`, `path` is the value that was returned together with
        it.
        """
        flag = self._part_of_call(path)
        if flag is None or self.env is None:
            return []
        others = self.unpacked.get(flag.base.index, {}) if type(flag.base) is Use else ()
        parts = ((name, self._part_of_call(name)) for name in others if name != path and "." not in name)
        return [(name, flag) for name, part in parts if part is not None and part.base == flag.base and part.key != flag.key]

    def _part_of_call(self, path: str | None) -> Item | None:
        """Return the item of a call's result that was assigned to a name by unpacking, None for any other name."""
        index = self.env.get(path) if self.env is not None and path is not None else None
        term = self.defs[index].term if index is not None else None
        if type(term) is not Item or type(term.base) is not Use or type(term.key) is not Const or type(term.key.value) is not int:
            return None
        return term if type(self.defs[term.base.index].term) is Call else None

    def keep_test(self, target: ast.Name, node: ast.expr) -> None:
        """Lower `known = x in ALLOWED`: a test of the variable is that test, as long as what was tested is the same."""
        before = self.env
        changes = target.id in self.globals or self._is_rebound(target.id)  # another function may give the variable another value
        if before is None or changes or len(before) > MAX_SEEN:  # each test copies the names
            self.bind(target.id, self.expr(node), self.file.at(target))
            return
        term, yes, no = self.cond(node)
        self.env = before
        told = (self._said(before, yes), self._said(before, no))
        self.bind(target.id, term, self.file.at(target))
        if any(told):
            self.kept[before[target.id]] = told

    def _said(self, before: Env, env: Env | None) -> tuple[Told, ...]:
        found: list[Told] = []
        for path, index in (env or {}).items():
            if before.get(path) != index:
                parts = path.split(".")
                holders = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
                found.append((path, index, tuple((holder, before.get(holder)) for holder in holders)))
        return tuple(found)

    def _as_told(self, env: Env | None, told: tuple[Told, ...], at: At) -> Env | None:
        """Return a copy of `env` in which names have passed a test that was kept, if they are what they were."""
        for path, index, before in told if env is not None else ():
            assert env is not None
            holders, (_, was) = before[:-1], before[-1]
            if not all(self._unchanged(env.get(holder), since) if since is not None else holder not in env for holder, since in holders):
                continue
            if env.get(path) == was:
                again = self.define(path, Use(index, at), at)  # each change of a name is a definition
                self.narrowed[again] = self.told[again] = index
                env = {**env, path: again}
            elif was is not None and not holders and self._unchanged(env.get(path), was):
                for guard, by in self._tests_since(index, was):
                    env = self.narrow(env, path, guard, by, at)
        return env

    def _tests_since(self, index: int, was: int) -> list[tuple[Guard, AnyTerm | None]]:
        """List the tests that one definition has passed since another one; nothing where paths have met in between."""
        found: list[tuple[Guard, AnyTerm | None]] = []
        while index != was:
            term = self.defs[index].term
            if type(term) is not Refine or type(term.base) is not Use:
                return []
            found.append((term.guard, term.by))
            index = term.base.index
        return found[::-1]

    def _boolean(self, node: ast.BoolOp) -> Outcome:
        is_or = isinstance(node.op, ast.Or)
        at = self.file.at(node)
        if is_or and (capped := self._cap(node)) is not None:
            return capped
        if (held := unless_empty(node)) is not None:
            return self._let_in(node, held)
        if len(node.values) > MAX_OPERANDS:
            return Choice(tuple(self.expr(value) for value in node.values), at), self.env, self.env
        options: list[AnyTerm] = []
        done: list[Env | None] = []
        yes: Env | None = self.env
        no: Env | None = self.env
        for position, value in enumerate(node.values):
            term, yes, no = self.cond(value)
            last = position == len(node.values) - 1
            options.append(term if last else Refine(term, "or" if is_or else "falsy", None, at))
            if last:
                break
            done.append(yes if is_or else no)
            self.env = no if is_or else yes
            if self.env is not None:
                self.env = dict(self.env)  # a later operand may bind a name: `a or (b := c)`
            if self.env is None:
                break
        value_term = Choice(tuple(options), at)
        if is_or:
            return value_term, self.join(*done, yes), no
        return value_term, yes, self.join(*done, no)

    def _let_in(self, node: ast.BoolOp, held: ast.Compare) -> Outcome:
        """Lower `not ALLOWED or x in ALLOWED`, and `ALLOWED and x not in ALLOWED`: a collection that lets everything in while it is empty."""
        at = self.file.at(node)
        terms = tuple(self.expr(value) for value in node.values)
        by = self.expr(held.comparators[0])
        path = subject_path(held.left)
        let_in = self.narrow(self.env, path, "let-in", by, at)
        if isinstance(node.op, ast.Or):
            return Choice(terms, at), let_in, self.narrow(self.env, path, "not-in", by, at)
        return Choice(terms, at), self.narrow(self.env, path, "not-in", by, at), let_in

    def _cap(self, node: ast.BoolOp) -> Outcome | None:
        """Recognise `x in SEEN or len(SEEN) < MAX`: a set that admits new members only while it is small."""
        if len(node.values) != 2:
            return None
        first, second = node.values
        if not (isinstance(first, ast.Compare) and len(first.ops) == 1 and isinstance(first.ops[0], ast.In)):
            first, second = second, first
        if not (isinstance(first, ast.Compare) and len(first.ops) == 1 and isinstance(first.ops[0], ast.In)):
            return None
        if not (isinstance(second, ast.Compare) and len(second.ops) == 1):
            return None
        size, limit = second.left, second.comparators[0]
        if isinstance(second.ops[0], (ast.Gt, ast.GtE)):
            size, limit = limit, size
        elif not isinstance(second.ops[0], (ast.Lt, ast.LtE)):
            return None
        seen = dotted_path(first.comparators[0])
        if not (isinstance(size, ast.Call) and isinstance(size.func, ast.Name) and size.func.id == "len" and size.args):
            return None
        if seen is None or dotted_path(size.args[0]) != seen:
            return None
        term = self.expr(node.values[0])
        at = self.file.at(node)
        by = Op("admits", (self.expr(size.args[0]), self.expr(limit)), at)
        return term, self.narrow(self.env, subject_path(first.left), "cap", by, at), self.env

    def _compare(self, node: ast.Compare) -> Outcome:
        at = self.file.at(node)
        left = self.expr(node.left)
        right = self.expr(node.comparators[0])
        term = Op("cmp", (left, right), at)
        guard = GUARDS.get(type(node.ops[0]))
        if guard is None:
            return self._limited(node, term, left, right)
        yes, no = self.env, self.env
        subject = node.left
        if isinstance(subject, ast.NamedExpr):
            subject = subject.target
        called = call_path(subject) if isinstance(left, Use) else None
        yes = self.narrow(yes, called or subject_path(subject), guard[0], right, at, left if called else None)
        no = self.narrow(no, called or subject_path(subject), guard[1], right, at, left if called else None)
        if isinstance(right, Const) and right.value is None:
            found = subject_path(subject)
            if guard[0] == "eq":
                no = self.looked_up(no, found, at, "given")
            elif guard[0] == "not-eq":
                yes = self.looked_up(yes, found, at, "given")
        if isinstance(node.ops[0], (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)) and not isinstance(left, Const):
            other = subject_path(node.comparators[0])
            if other is not None and subject_path(subject) is None:
                yes = self.narrow(yes, other, guard[0], left, at)
                no = self.narrow(no, other, guard[1], left, at)
        elif isinstance(left, Const) and guard[0] in ("eq", "not-eq"):
            yes = self.narrow(yes, subject_path(node.comparators[0]), guard[0], left, at)
            no = self.narrow(no, subject_path(node.comparators[0]), guard[1], left, at)
        return term, yes, no

    def _limited(self, node: ast.Compare, term: AnyTerm, left: AnyTerm, right: AnyTerm) -> Outcome:
        """Recognise `len(SEEN) < MAX`: in one branch the collection is smaller than a limit."""
        size, limit, less = node.left, right, isinstance(node.ops[0], (ast.Lt, ast.LtE))
        if not (isinstance(size, ast.Call) and isinstance(size.func, ast.Name) and size.func.id == "len"):
            size, limit, less = node.comparators[0], left, not less
        guards = ORDER.get(type(node.ops[0]))
        if guards is None:
            return term, self.env, self.env
        at = self.file.at(node)
        ends = (node.left, node.comparators[0])
        yes = self._ordered(self.env, ends, (left, right), guards[0], at)
        no = self._ordered(self.env, ends, (left, right), guards[1], at)
        if isinstance(size, ast.Call) and isinstance(size.func, ast.Name) and size.func.id == "len" and len(size.args) == 1:
            path = dotted_path(size.args[0])
            yes, no = (self.narrow(yes, path, "limited", limit, at), no) if less else (yes, self.narrow(no, path, "limited", limit, at))
        return term, yes, no

    def _chain(self, node: ast.Compare) -> Outcome:
        """Lower `low <= x <= high`: where it holds, each of its comparisons holds; where it does not, the failing one is not known."""
        at = self.file.at(node)
        nodes = (node.left, *node.comparators)
        terms = tuple(self.expr(n) for n in nodes)
        yes = self.env
        for position, operator in enumerate(node.ops):
            ends = (nodes[position], nodes[position + 1])
            if type(operator) in ORDER:
                yes = self._ordered(yes, ends, (terms[position], terms[position + 1]), ORDER[type(operator)][0], at)
            elif type(operator) in GUARDS:
                yes = self.narrow(yes, subject_path(ends[0]), GUARDS[type(operator)][0], terms[position + 1], at)
        return Op("cmp", terms, at), yes, self.env

    def _ordered(
        self, env: Env | None, ends: tuple[ast.expr, ast.expr], terms: tuple[AnyTerm, AnyTerm], guard: Order, at: At
    ) -> Env | None:
        """Narrow the side of an order that is a variable, where the other side can be a constant number."""
        left, right = ends
        if _is_limit(right) and (path := self._variable(left)) is not None:
            return self.narrow(env, path, guard, terms[1], at)
        if _is_limit(left) and (path := self._variable(right)) is not None:
            return self.narrow(env, path, MIRRORED[guard], terms[0], at)
        return env

    def _variable(self, node: ast.expr) -> str | None:
        """Return the name or dotted path of a variable of this body; tests of outer names are rare."""
        if isinstance(node, ast.NamedExpr):
            node = node.target
        path = subject_path(node)
        return path if path is not None and self.env is not None and path.partition(".")[0] in self.env else None

    def _tested_call(self, node: ast.Call) -> Outcome:
        term = self.expr(node)
        at = self.file.at(node)
        if isinstance(node.func, ast.Name) and node.func.id == "isinstance" and len(node.args) == 2:
            by = self.expr(node.args[1])
            path = subject_path(node.args[0])
            yes = self.looked_up(self.narrow(self.env, path, "isinstance", by, at), path, at, "given")
            return term, yes, self.narrow(self.env, path, "not-isinstance", by, at)
        if isinstance(node.func, ast.Name) and node.func.id == "callable" and len(node.args) == 1:
            path = subject_path(node.args[0])
            return term, self.narrow(self.env, path, "callable", None, at), self.narrow(self.env, path, "not-callable", None, at)
        if isinstance(node.func, ast.Name) and node.func.id == "any" and len(node.args) == 1:
            return self._any(node.args[0], term, at)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
        if name in FUNCTION_TESTS and len(node.args) == 1:
            path = subject_path(node.args[0])
            no = self.narrow(self.env, path, "not-function", None, at) if name == "isfunction" else self.env
            return term, self.narrow(self.env, path, "function", None, at), no
        if name in MATCHING and node.args and not node.keywords:
            return term, self.narrow(self.env, subject_path(node.args[-1]), "matches", term, at), self.env
        yes, no = self.env, self.env
        for path in self._handed(node) if name not in SAYS_NOTHING else ():
            yes = self.narrow(yes, path, "found", term, at)
            no = self.narrow(no, path, "not-found", term, at)
        return term, yes, no

    def _handed(self, node: ast.Call) -> list[str]:
        """List the variables of this body, and parts of them, that are arguments of a call."""
        if dotted_path(node.func) is None or self.env is None:
            return []
        paths = [subject_path(argument) for argument in (*node.args, *(k.value for k in node.keywords))]
        return [p for p in paths[:MAX_HANDED] if p is not None and (p in self.env or self.is_part(p)) and p != self.receiver]

    def _any(self, node: ast.expr, term: AnyTerm, at: At) -> Outcome:
        """Recognise `any(x == known for known in ALLOWED)`: it is `x in ALLOWED`."""
        if not (isinstance(node, ast.GeneratorExp) and len(node.generators) == 1 and isinstance(node.elt, ast.Compare)):
            return term, self.env, self.env
        over = node.generators[0]
        sides = [node.elt.left, *node.elt.comparators]
        if len(sides) != 2 or not isinstance(node.elt.ops[0], ast.Eq) or over.ifs or not isinstance(over.target, ast.Name):
            return term, self.env, self.env
        others = [s for s in sides if not (isinstance(s, ast.Name) and s.id == over.target.id)]
        path = dotted_path(others[0]) if len(others) == 1 else None
        if path is None or path.partition(".")[0] == over.target.id:
            return term, self.env, self.env
        by = self.expr(over.iter)
        return term, self.narrow(self.env, path, "in", by, at), self.narrow(self.env, path, "not-in", by, at)


def _is_limit(node: ast.expr) -> bool:
    """Tell by its spelling whether an expression can be a constant whole number: `5`, `-1`, `MAX_PAGE`, `Limits.MAX`, `len(LEVELS) - 1`."""
    if isinstance(node, ast.BinOp):
        return _is_limit(node.left) and _is_limit(node.right)
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len" and len(node.args) == 1:
        node = node.args[0]
    if isinstance(node, ast.Constant):
        return type(node.value) is int
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name.isupper()


def _is_type_checking(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name == "TYPE_CHECKING"
