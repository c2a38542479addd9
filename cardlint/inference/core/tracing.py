"""Tracing: the evaluation of one expression, as a tree of questions.

A wrong verdict is found by reading this tree: it shows the handler, the context and the answer of each question, and whether
memory answered it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from cardlint.findings import Step
from cardlint.inference.codebase.render import render_expr
from cardlint.inference.core.evaluator import DemandEvaluator
from cardlint.inference.core.measuring import handler_name
from cardlint.inference.core.memo import NEVER, Table
from cardlint.inference.core.protocol import Evaluator, LibraryFunction, TransferArgs
from cardlint.inference.core.query import Query
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import ClassObject, Function, Instance, LibraryPath, MetricObject, Module, Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.ir.terms import AnyTerm, At, Attr, Call, Item, Iterate, Refine, Use

R = TypeVar("R")
SHOWN = 4
"""Alternatives, values and elements that a short description names."""


class Evaluation:
    """One question to the evaluator, with its answer and the questions that were asked for it."""

    __slots__ = ("computed", "context", "cost", "handler", "inner", "limits", "outcome", "tentative", "what")

    def __init__(self, what: str, context: str, handler: str, computed: bool) -> None:
        self.what = what
        self.context = context
        self.handler = handler
        self.computed = computed
        """whether it was computed by this question, as opposed to read from memory"""
        self.outcome = ""
        self.cost = 0
        """steps, with those of the questions inside"""
        self.tentative = False
        """whether the answer depends on an open query"""
        self.limits: list[str] = []
        self.inner: list[Evaluation] = []


class TracingEvaluator(DemandEvaluator):
    """An evaluator that records its questions."""

    root: Evaluation | None = None
    current: Evaluation | None = None
    level = 0
    deepest = 0

    def trace(self, term: AnyTerm, frame: Frame, depth: int) -> Evaluation:
        """Evaluate a term as one question, and return the tree of its questions, `depth` levels deep."""
        self.deepest, self.level = depth, 0
        self.root = self.current = Evaluation("", "", "", True)
        nothing: Objects = ()
        self.ask(lambda: self.eval(term, frame), nothing, frame, term.at)
        found = self.root.inner[0]
        if not found.outcome:
            found.outcome = "cut off"
        return found

    def _note(self, what: Callable[[], str], frame: Frame | None, handler: object, computed: bool, run: Callable[[], R]) -> R:
        """Answer a question, and record it where it is not too deep."""
        outer = self.current
        if outer is None or self.level >= self.deepest:
            return run()
        node = self.current = Evaluation(what(), context_of(frame) if frame is not None else "", handler_name(handler), computed)
        outer.inner.append(node)
        self.level += 1
        before, known, low = self.steps, len(self.limits), self.low
        self.low = NEVER
        try:
            result = run()
            node.outcome = described(result)
            return result
        finally:
            node.cost = before - self.steps
            node.tentative = self.low != NEVER
            node.limits = [spoken(step) for step in list(self.limits)[known:]]
            self.low = min(low, self.low)
            self.level -= 1
            self.current = outer

    def eval(self, term: AnyTerm, frame: Frame) -> Objects:
        """Evaluate a term."""
        if type(term) is Use:
            return super().eval(term, frame)  # `ref` records it
        handler = self.semantics.terms[type(term)]
        return self._note(lambda: render_expr(term, frame), frame, handler, True, lambda: DemandEvaluator.eval(self, term, frame))

    def ref(self, term: Use, frame: Frame) -> Objects:
        """Evaluate a definition."""
        what = self.semantics.definition
        return self._note(lambda: render_expr(term, frame), frame, what, False, lambda: DemandEvaluator.ref(self, term, frame))

    def force(self, lazy: Lazy) -> Objects:
        """Evaluate a lazy value."""
        if lazy.done is not None and self.current is not None:
            return self._note(lambda: "what waits", lazy.frame, lazy, False, lambda: DemandEvaluator.force(self, lazy))
        return super().force(lazy)

    def call(self, obj: Object, term: Call, frame: Frame) -> Objects:
        """Call an object."""
        handler = self.semantics.calls[type(obj)]
        return self._note(lambda: f"call of {short(obj)}", frame, handler, True, lambda: DemandEvaluator.call(self, obj, term, frame))

    def call_method(self, obj: Object, name: str, term: Call, frame: Frame) -> Objects:
        """Call a method."""
        handler = self.semantics.methods[type(obj)]
        return self._note(
            lambda: f".{name}() of {short(obj)}", frame, handler, True, lambda: DemandEvaluator.call_method(self, obj, name, term, frame)
        )

    def attribute(self, obj: Object, term: Attr, frame: Frame) -> Objects:
        """Return an attribute."""
        handler = self.semantics.attributes[type(obj)]
        return self._note(
            lambda: f".{term.name} of {short(obj)}", frame, handler, True, lambda: DemandEvaluator.attribute(self, obj, term, frame)
        )

    def item(self, obj: Object, key: ValueSet, term: Item, frame: Frame) -> Objects:
        """Return an item."""
        handler = self.semantics.items[type(obj)]
        return self._note(
            lambda: f"[{short(key)}] of {short(obj)}", frame, handler, True, lambda: DemandEvaluator.item(self, obj, key, term, frame)
        )

    def iterate(self, obj: Object, term: Iterate, frame: Frame) -> Objects:
        """Return an element."""
        handler = self.semantics.iteration[type(obj)]
        return self._note(lambda: f"each of {short(obj)}", frame, handler, True, lambda: DemandEvaluator.iterate(self, obj, term, frame))

    def refine(self, base: Objects, term: Refine, frame: Frame) -> Objects:
        """Return the part of a value that a test leaves."""
        handler = self.semantics.predicates[term.guard]
        return self._note(
            lambda: f"test `{term.guard}` of {described(base)}",
            frame,
            handler,
            True,
            lambda: DemandEvaluator.refine(self, base, term, frame),
        )

    def function(self, path: str) -> LibraryFunction | None:
        """Return the handler of a library function, which records its call."""
        found = super().function(path)
        if found is None or self.current is None:
            return found

        def recorded(ev: Evaluator, term: Call, frame: Frame) -> Objects:
            return self._note(lambda: f"library function `{path}`", frame, found, True, lambda: found(ev, term, frame))

        return recorded

    def transfer(self, how: str, args: TransferArgs) -> Objects:
        """Apply a transfer of a row."""
        handler = self.semantics.transfers.get(how.partition(":")[0])
        return self._note(lambda: f"transfer `{how}`", args.frame, handler, True, lambda: DemandEvaluator.transfer(self, how, args))

    def answer(self, query: Query[..., Any], key: object, args: tuple[Any, ...]) -> Any:
        """Answer a query."""
        return self._note(lambda: f"query {query.name}", None, query, False, lambda: DemandEvaluator.answer(self, query, key, args))

    def solve(self, query: Query[..., Any], key: object, args: tuple[Any, ...], table: Table, slot: object) -> Any:
        """Compute an answer, unless it is being computed already."""
        if self.current is not None and (query, key) not in self.running:
            self.current.computed = True
        return super().solve(query, key, args, table, slot)


def context_of(frame: Frame) -> str:
    """Say which activation of a function a frame represents."""
    name = frame.ir.qualname or frame.file.module or frame.file.path
    if frame.loop_parent is not None:
        return f"{name}, one iteration of a loop"
    if frame.call is not None:
        where = frame.caller.file.path if frame.caller is not None else frame.file.path
        return f"{name}, called at {where}:{frame.call[0]}"
    if frame.receiver is not None:
        return f"{name}, on one object"
    return f"{name}, every call"


def spoken(step: Step) -> str:
    """Say which limit was hit, and where."""
    return f"{step.message} ({step.place.path}:{step.place.line})"


def described(result: object) -> str:
    """Describe an answer in a few words."""
    if not isinstance(result, tuple):
        return short(result)
    if not result:
        return "nothing"
    more = f" and {len(result) - SHOWN:,} more" if len(result) > SHOWN else ""
    return " | ".join(short(obj) for obj in result[:SHOWN]) + more


def short(obj: Any) -> str:
    """Describe one alternative in a few words."""
    if isinstance(obj, bool):
        return str(obj)
    if isinstance(obj, ValueSet):
        if obj.bound is Bound.EXACTLY:
            return "{" + ", ".join(map(repr, obj.exact[:SHOWN])) + (", ..." if len(obj.exact) > SHOWN else "") + "}"
        return f"{obj.info().cls} ({obj.why})"
    if isinstance(obj, Function):
        return f"function {obj.ir.qualname}"
    if isinstance(obj, ClassObject):
        return f"class {obj.ir.name}"
    if isinstance(obj, Instance):
        made = f" made at {obj.site[1].file.path}:{obj.site[0].at[0]}" if obj.site is not None else ""
        return f"instance of {obj.cls.ir.name}{made}"
    if isinstance(obj, LibraryPath):
        return f"`{obj.path}`"
    if isinstance(obj, Module):
        return f"module {obj.file.module}"
    if isinstance(obj, MetricObject):
        return f"metric made at {obj.info.frame.file.path}:{obj.info.term.at[0]}"
    if isinstance(obj, Mapping):
        return f"dictionary of {len(obj.entries)} entries" + (" or more" if obj.open else "")
    if isinstance(obj, Sequence):
        return f"{obj.kind} of {len(obj.items)}" + (" or more" if obj.rest else "")
    return type(obj).__name__


def at_place(terms: list[tuple[AnyTerm, Frame]], line: int, column: int) -> tuple[AnyTerm, Frame] | None:
    """Return the expression at a place, with the frame in which it is evaluated for every call.

    It is the whole expression that begins there, as findings name it, or else the innermost one around the place.
    """
    beginning = [(term, frame) for term, frame in terms if term.at[:2] == (line, column) and _covers(term.at, line, column)]
    if beginning:
        return max(beginning, key=lambda one: (_size(one[0].at), type(one[0]) is Use))
    around = [(term, frame) for term, frame in terms if _covers(term.at, line, column)]
    return min(around, key=lambda one: (_size(one[0].at), type(one[0]) is not Use), default=None)


def _covers(at: At, line: int, column: int) -> bool:
    return at[:2] <= (line, column) < at[2:]


def _size(at: At) -> tuple[int, int]:
    return at[2] - at[0], at[3] - at[1]


def expressions(frame: Frame) -> list[tuple[AnyTerm, Frame]]:
    """List the expressions of a function, those inside of others as well."""
    ir = frame.ir
    waiting: list[Any] = [
        *(d.term for d in ir.defs),
        *ir.returns,
        *ir.yields,
        *(value for store in ir.stores for value in (store.base, store.key, store.value) if value is not None),
    ]
    out: list[tuple[AnyTerm, Frame]] = []
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting.extend(part)
        elif hasattr(part, "at") and hasattr(part, "__struct_fields__"):
            out.append((part, frame))
            waiting.extend(getattr(part, name) for name in part.__struct_fields__ if name != "at")
    return out
