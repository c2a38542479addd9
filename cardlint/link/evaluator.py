"""The evaluator: terms to alternatives, on demand, each definition once per frame.

Loops and recursion make definitions depend on themselves; those are evaluated again with their own result until
nothing changes, and what keeps growing becomes Unknown. Results that rest on such an assumption are not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cardlint.facts.model import Flag
from cardlint.facts.terms import (
    AnyTerm,
    At,
    Attr,
    Call,
    Choice,
    Class,
    Comp,
    Const,
    Dict,
    Drop,
    Elem,
    Enter,
    Func,
    Grow,
    Import,
    Item,
    Merge,
    Narrow,
    Op,
    Opaque,
    Outer,
    Param,
    Put,
    Ref,
    Seq,
    Slice,
    Star,
    Text,
)
from cardlint.findings import Step
from cardlint.link import attributes, calls, containers, guards, imports, params, texts
from cardlint.link.frames import Frame
from cardlint.link.library import Library
from cardlint.link.metrics import MetricTable
from cardlint.link.modules import Modules
from cardlint.link.objects import NOTHING, Alts, Cls, Ext, Function, Obj, Thunk, merge
from cardlint.link.tree import LinkSettings, Tree
from cardlint.link.values import Value, exactly, extend, unknown

MAX_ROUNDS = 3
"""Evaluations of a definition that depends on itself before it is called growing."""
MAX_ACTIVE = 220
"""Definitions under evaluation at once: the depth of one chain of thought."""

NEVER = 1 << 30


class Active:
    """A definition being evaluated, with what is assumed of it meanwhile."""

    __slots__ = ("assumed", "level", "used")

    def __init__(self, level: int) -> None:
        self.level = level
        self.assumed: Alts = NOTHING
        self.used = False


class Evaluator:
    """Evaluates terms for one program. It holds every table that inference shares."""

    def __init__(self, tree: Tree, settings: LinkSettings) -> None:
        self.tree = tree
        self.settings = settings
        self.modules = Modules(tree, settings)
        self.library = Library(settings)
        self.metrics = MetricTable()
        self.active: dict[tuple[int, int], Active] = {}
        self.low = NEVER
        self.deps: set[Frame] = set()
        self.limits: dict[Step, None] = {}
        self.caches: dict[str, dict[Any, Any]] = {}

    def cache(self, name: str) -> dict[Any, Any]:
        """Return the named table of results that hold for the whole run."""
        return self.caches.setdefault(name, {})

    def limit(self, frame: Frame, at: At, what: str) -> None:
        """Count a bound of the inference that was hit: never silent."""
        self.limits[Step(frame.place(at), what)] = None

    # evaluation ---------------------------------------------------------------------------------------------------

    def eval(self, term: AnyTerm, frame: Frame) -> Alts:
        """Evaluate a term to the alternatives of what it can be."""
        return DISPATCH[type(term)](self, term, frame)

    def force(self, thunk: Thunk) -> Alts:
        """Evaluate a thunk."""
        if thunk.done is not None:
            return thunk.done
        assert thunk.term is not None and thunk.frame is not None
        return self.eval(thunk.term, thunk.frame)

    def force_all(self, thunks: tuple[Thunk, ...]) -> Alts:
        """Evaluate several thunks to the alternatives of all."""
        return merge([self.force(t) for t in thunks]) if thunks else NOTHING

    def ref(self, term: Ref, frame: Frame) -> Alts:
        """Evaluate a definition of the frame, from memory where possible."""
        index = term.index
        if frame.overrides is not None:
            if index in frame.overrides:
                return frame.overrides[index]
            if frame.base is not None and index < min(frame.overrides):
                return self.ref(term, frame.base)
        kept = frame.memo.get(index)
        if kept is not None:
            self.deps |= kept[1]
            return kept[0]
        return self._compute(index, frame)

    def _compute(self, index: int, frame: Frame) -> Alts:
        definition = frame.fact.defs[index]
        key = (id(frame), index)
        running = self.active.get(key)
        if running is not None:
            running.used = True
            self.low = min(self.low, running.level)
            return running.assumed
        level = len(self.active)
        if level >= MAX_ACTIVE:
            self.limit(frame, definition.at, f"more than {MAX_ACTIVE} steps of inference at once")
            return (unknown("the flow is too long to follow"),)
        running = self.active[key] = Active(level)
        outer_low, self.low = self.low, NEVER
        outer_deps, self.deps = self.deps, set()
        result = NOTHING
        try:
            for _ in range(MAX_ROUNDS):
                running.used = False
                result = self.eval(definition.term, frame)
                if not running.used or _same(result, running.assumed):
                    break
                running.assumed = result
            else:
                result = _widened(result)
        finally:
            del self.active[key]
        if definition.name and not definition.flags & Flag.PHI and type(definition.term) not in (Param, Narrow):
            result = self.stepped(result, frame, definition.at, f"assigned to `{definition.name}`")
        if self.low >= level:
            frame.memo[index] = (result, frozenset(self.deps))
            self.low = outer_low
        else:
            self.low = min(outer_low, self.low)
        outer_deps |= self.deps
        self.deps = outer_deps
        return result

    def stepped(self, alts: Alts, frame: Frame, at: At, message: str) -> Alts:
        """Append a step to the trace of the scalar among the alternatives."""
        out: list[Obj] | None = None
        for position, obj in enumerate(alts):
            stepped: Obj = obj
            if type(obj) is Value:
                stepped = obj.step(frame.place(at), message)
            elif type(obj) is Ext and obj.trail is not None:
                trail = extend(obj.trail, frame.place(at), message)
                stepped = obj if trail is obj.trail else Ext(obj.path, trail)
            if stepped is not obj:
                out = out if out is not None else list(alts)
                out[position] = stepped
        return alts if out is None else tuple(out)

    def scalar(self, alts: Alts, frame: Frame, at: At) -> Value:
        """Turn alternatives into the set of texts a label would take."""
        from cardlint.link.scalars import scalar_of

        return scalar_of(self, alts, frame, at)

    def value(self, term: AnyTerm, frame: Frame) -> Value:
        """Evaluate a term to the set of texts a label would take."""
        return self.scalar(self.eval(term, frame), frame, term.at)


def _same(a: Alts, b: Alts) -> bool:
    if len(a) != len(b):
        return False
    for x, y in zip(a, b, strict=True):
        if type(x) is Value and type(y) is Value:
            if (x.cls, x.size, x.exact, x.kind) != (y.cls, y.size, y.exact, y.kind):
                return False
        elif type(x) is not type(y):
            return False
    return True


def _widened(alts: Alts) -> Alts:
    out = []
    for obj in alts:
        if type(obj) is Value and obj.cls < 4:
            obj = unknown("it changes with every turn of a loop or recursion")
        out.append(obj)
    return tuple(out)


def _const(ev: Evaluator, term: Const, frame: Frame) -> Alts:
    return (exactly((term.value,)),)


def _choice(ev: Evaluator, term: Choice, frame: Frame) -> Alts:
    return merge([ev.eval(option, frame) for option in term.options]) if term.options else NOTHING


def _func(ev: Evaluator, term: Func, frame: Frame) -> Alts:
    return (Function(frame.file, frame.file.facts.functions[term.index], None, frame),)


def _class(ev: Evaluator, term: Class, frame: Frame) -> Alts:
    return (Cls(frame.file, frame.file.facts.classes[term.index]),)


def _opaque(ev: Evaluator, term: Opaque, frame: Frame) -> Alts:
    return (unknown(term.why),)


def _star(ev: Evaluator, term: Star, frame: Frame) -> Alts:
    return containers.element(ev, Elem(term.base, term.at), frame)


DISPATCH: dict[type, Callable[[Evaluator, Any, Frame], Alts]] = {
    Const: _const,
    Ref: Evaluator.ref,
    Outer: imports.outer,
    Import: imports.imported,
    Param: params.param,
    Attr: attributes.attribute,
    Item: containers.item,
    Slice: containers.sliced,
    Elem: containers.element,
    Enter: containers.entered,
    Star: _star,
    Call: calls.call,
    Text: texts.text,
    Op: texts.operator,
    Choice: _choice,
    Dict: containers.mapping,
    Seq: containers.sequence,
    Comp: containers.comprehension,
    Put: containers.put,
    Merge: containers.merged,
    Grow: containers.grown,
    Drop: containers.dropped,
    Narrow: guards.narrow,
    Func: _func,
    Class: _class,
    Opaque: _opaque,
}
