"""The evaluator: terms to alternatives, on demand, each definition once per frame.

Loops and recursion make definitions depend on themselves; those are evaluated again with their own result until
nothing changes, and what keeps growing becomes Unknown. Results that rest on such an assumption are not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from cardlint.facts.terms import AnyTerm, At, Attr, Call, Elem, Item, Narrow, Ref
from cardlint.findings import Step
from cardlint.inference.codebase.modules import Modules
from cardlint.inference.codebase.tree import LinkSettings, Tree
from cardlint.inference.core.protocol import ANY, Evaluator, Key, LibraryFunction, Semantics, TransferArgs
from cardlint.inference.domain.containers import TOKENS
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import NO_DEPENDENCIES, Lazy
from cardlint.inference.domain.metric_info import MetricTable
from cardlint.inference.domain.objects import BOTTOM, ClassObject, LibraryPath, Object, Objects
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import ValueSet, exactly, join, unknown
from cardlint.inference.library.rows import Library

MAX_ROUNDS = 4
"""Rounds over definitions that depend on each other before what still changes is called growing."""
MAX_ACTIVE = 220
"""Definitions under evaluation at once: the depth of one chain of thought."""
MAX_REENTRY = 2
"""Times a waiting term may be asked for while it is being evaluated."""

NEVER = 1 << 30
MAX_DEPS = 24
"""Open frames a result may rest on by name; beyond it, it rests on ANY."""
NONE = NO_DEPENDENCIES


FUEL = 12000
"""Definitions one question may evaluate: what the values of one label are, what one receiver is."""
RESERVE = 40_000
"""Definitions that the few questions of a run that need more than their own may evaluate beyond it, all together."""
MORE = 8_000
"""Definitions that one question may take from the reserve."""


NEAR = 2
"""Parts of a question, one within the other, that may take all the steps such a part is worth."""
FAR = 0.3
"""Share of them that parts further away may take. Of those that came to an end there, nearly all took less, and half of the time
went into those that did not."""
FILE_FUEL = 30
"""Steps that reading a file counts for."""
TOO_WIDE = unknown("the flow is too wide to follow")
T = TypeVar("T")


class OutOfFuel(Exception):
    """A question needs more steps than it may take; whoever asked answers Unknown and counts it."""


CUT: dict[type[BaseException], str] = {
    RecursionError: "expressions nested too deeply",
    MemoryError: "more memory than there is for one question",
}
"""Why a question was cut off, other than by its steps."""


class Active:
    """A definition being evaluated. The lowest one of a cycle runs the rounds for all definitions in it."""

    __slots__ = ("alive", "assumed", "kept", "level", "round", "used")

    def __init__(self, level: int, assumed: Objects) -> None:
        self.level = level
        self.assumed = assumed
        self.used = False
        self.alive = True
        self.round = 0
        self.kept: list[Key] = []


class DemandEvaluator(Evaluator):
    """Evaluates terms for one program. It holds every table that inference shares."""

    def __init__(self, tree: Tree, settings: LinkSettings, semantics: Semantics) -> None:
        self.semantics = semantics
        self.frameworks = semantics.frameworks
        self.tree = tree
        self.settings = settings
        self.modules = Modules(tree, self.charge)
        self.library = Library(settings)
        self.metrics = MetricTable()
        self.active: dict[Key, Active] = {}
        self.levels: list[Active] = []
        self.low = NEVER
        """level of the lowest running definition whose assumption was used since this was last reset"""
        self.guesses: dict[Key, Objects] = {}
        self.changed: set[Key] = set()
        self.provisional: dict[Key, tuple[Objects, frozenset[Frame], Active, int, dict[Any, tuple[Objects, frozenset[Frame]]], object]] = {}
        self.busy: dict[object, int] = {}
        self.nesting = 0
        self.fuel = NEVER
        self.reserve = RESERVE
        self.asking = False
        self.parts = 0
        """parts of a question under way, one within the other"""
        self.deps: set[Frame] = set()
        self.dep_sets: dict[frozenset[Frame], frozenset[Frame]] = {}
        self.limits: dict[Step, None] = {}
        self.caches: dict[str, dict[Any, Any]] = {}
        TOKENS.clear()

    def cache(self, name: str) -> dict[Any, Any]:
        """Return the named table of results that hold for the whole run."""
        return self.caches.setdefault(name, {})

    def limit(self, frame: Frame, at: At, what: str) -> None:
        """Count a bound of the inference that was hit: never silent."""
        self.limits[Step(frame.place(at), what)] = None

    def ask(self, question: Callable[[], T], default: T, frame: Frame, at: At, fuel: int = FUEL) -> T:
        """Answer a question within a number of steps, or with `default`; what is found on the way is kept.

        Without it a receiver that can be anything drags in the whole program.
        """
        if self.asking:
            return question()
        self.asking = True
        more = min(MORE, self.reserve) if fuel >= FUEL else 0
        self.fuel = fuel + more
        self.parts = 0 if fuel >= FUEL else NEAR  # what is asked in passing is worth less from the start
        try:
            return question()
        except (OutOfFuel, RecursionError, MemoryError) as cut:
            self.forget()
            steps = f"more than {fuel + more} steps of inference for one question"
            self.limit(frame, at, CUT.get(type(cut), steps))
            return default
        finally:
            self.reserve -= more - min(more, max(self.fuel, 0))
            self.asking, self.fuel = False, NEVER
            self.parts = 0

    def within(self, fuel: int, question: Callable[[], T], default: T, frame: Frame, at: At) -> T:
        """Answer a part of a question within a share of its steps, or with `default`, and go on.

        What many questions ask - the attribute of a class, the parameter of a helper - is then answered once, even
        when the answer is that it is too wide, instead of using up the steps of every one of them.
        """
        before = self.fuel
        if self.parts >= NEAR:
            fuel = int(fuel * FAR)
        if before <= fuel:
            return question()
        depth, low, deps = len(self.levels), self.low, self.deps
        self.fuel = fuel
        self.parts += 1
        try:
            return question()
        except OutOfFuel:
            while len(self.active) > depth:
                self.active.popitem()[1].alive = False
            del self.levels[depth:]
            self.low, self.deps = low, deps
            self.limit(frame, at, f"more than {fuel} steps of inference for a part of a question")
            return default
        finally:
            self.parts -= 1
            self.fuel = before - (fuel - max(self.fuel, 0))

    def aside(self, fuel: int, question: Callable[[], T], default: T, frame: Frame, at: At) -> T:
        """Answer what is only asked in passing, without taking anything from the question that is being answered."""
        before, self.fuel = self.fuel, NEVER
        try:
            return self.within(fuel, question, default, frame, at)
        finally:
            self.fuel = before

    def charge(self) -> None:
        """Take the price of reading one more file from the question that needs it."""
        self.fuel -= FILE_FUEL
        if self.fuel < 0:
            raise OutOfFuel

    def forget(self) -> None:
        """Drop the state of evaluations that were cut off in the middle: what comes next begins anew."""
        self.active.clear()
        self.levels.clear()
        self.provisional.clear()
        self.guesses.clear()
        self.changed = set()
        self.deps = set()
        self.busy.clear()
        self.low = NEVER
        self.nesting = 0

    @contextmanager
    def pending(self, table: dict[Any, Any], key: object) -> Iterator[None]:
        """Guard an entry of a table that is a placeholder until its computation ends: cut off, it is dropped."""
        try:
            yield
        except BaseException:
            table.pop(key, None)
            raise

    # evaluation ---------------------------------------------------------------------------------------------------

    def eval(self, term: AnyTerm, frame: Frame) -> Objects:
        """Evaluate a term to the alternatives of what it can be."""
        if type(term) is Ref:
            return self.ref(term, frame)
        return self.semantics.terms[type(term)](self, term, frame)

    def force(self, thunk: Lazy) -> Objects:
        """Evaluate a thunk; one that needs itself, as in `x = (x[0], y)` inside a loop, is Unknown."""
        if thunk.done is not None:
            self.rests(thunk.deps)
            return thunk.done
        assert thunk.term is not None
        assert thunk.frame is not None
        depth = self.busy.get(thunk, 0)
        if depth >= MAX_REENTRY:
            self.low = 0  # an answer that rests on an open question is not kept
            return (unknown("it is computed from itself"),)
        self.fuel -= 1
        if self.fuel < 0:
            raise OutOfFuel
        self.busy[thunk] = depth + 1
        outer_low, self.low = self.low, NEVER
        outer_deps, self.deps = self.deps, set()
        try:
            result = self.eval(thunk.term, thunk.frame)
        finally:
            if depth:
                self.busy[thunk] = depth
            else:
                del self.busy[thunk]
        if self.low == NEVER:
            thunk.done, thunk.deps = result, self._shared()
        self.low = min(outer_low, self.low)
        inner_deps, self.deps = self.deps, outer_deps
        if inner_deps:
            self.rests(frozenset(inner_deps))
        return result

    def force_all(self, thunks: tuple[Lazy, ...]) -> Objects:
        """Evaluate several thunks to the alternatives of all."""
        return join_objects([self.force(t) for t in thunks]) if thunks else BOTTOM

    def ref(self, term: Ref, frame: Frame) -> Objects:
        """Evaluate a definition of the frame, from memory where possible."""
        index = term.index
        if frame.overrides is not None:
            held = frame.overrides.get(index)
            if held is not None:
                return self.force(held)
            if frame.base is not None and index not in frame.fresh:
                return self.ref(term, frame.base)
        kept = frame.memo.get(index)
        if kept is not None:
            self.rests(kept[1])
            return kept[0]
        return self._compute(index, frame)

    def _compute(self, index: int, frame: Frame) -> Objects:
        at = frame.fact.defs[index].at
        return self.cell((frame, index), partial(self.semantics.definition, self, index, frame), frame.memo, index, frame, at)

    def cell(
        self,
        key: Key,
        compute: Callable[[], Objects],
        memo: dict[Any, tuple[Objects, frozenset[Frame]]],
        slot: object,
        frame: Frame,
        at: At,
        start: Objects = BOTTOM,
    ) -> Objects:
        """Compute what may depend on itself - a definition, an attribute of a class - and keep it in `memo` under `slot`.

        Asked for again while it is computed, it answers with what the last round found, `start` in the first one; the rounds
        end when that holds.
        """
        running = self.active.get(key)
        if running is not None:
            running.used = True
            self.low = min(self.low, running.level)
            return running.assumed
        kept = self.provisional.get(key)
        if kept is not None and kept[2].alive and kept[3] == kept[2].round:
            self.rests(kept[1])
            self.low = min(self.low, kept[2].level)
            kept[2].used = True
            return kept[0]
        self.fuel -= 1
        if self.fuel < 0:
            raise OutOfFuel
        level = len(self.levels)
        if level >= MAX_ACTIVE:
            self.limit(frame, at, f"more than {MAX_ACTIVE} steps of inference at once")
            return (unknown("the flow is too long to follow"),)
        running = self.active[key] = Active(level, self.guesses.get(key, start))
        self.levels.append(running)
        outer_low, outer_deps = self.low, self.deps
        self.deps = set()
        try:
            result = self._rounds(compute, running, key)
        finally:
            del self.active[key]
            self.levels.pop()
            running.alive = False
        found = self._shared()
        if self.low >= level:
            memo[slot] = (result, found)
            self.low = outer_low
        else:
            head = self.levels[self.low]
            self.provisional[key] = (result, found, head, head.round, memo, slot)
            head.kept.append(key)
            self.low = min(outer_low, self.low)
        self.deps = outer_deps
        self.rests(found)
        return result

    def _shared(self) -> frozenset[Frame]:
        """Return what is rested on now as a set that equal results share."""
        if not self.deps:
            return NONE
        found = frozenset(self.deps)
        return self.dep_sets.setdefault(found, found)

    def rests(self, found: frozenset[Frame]) -> None:
        """Note that what is being evaluated rests on the parameters of these open frames; many of them are ANY."""
        if not found or ANY in self.deps:
            return
        self.deps |= found
        if len(self.deps) > MAX_DEPS or ANY in found:
            self.deps = {ANY}

    def _rounds(self, compute: Callable[[], Objects], running: Active, key: Key) -> Objects:
        """Evaluate a definition; when it heads a cycle, again until no definition of the cycle changes."""
        changed_before = self.changed
        while True:
            self.low = NEVER
            self.changed = set()
            running.used = False
            result = compute()
            if running.used and not _same(result, running.assumed):
                self.changed.add(key)
                self.guesses[key] = result
            inner = self.low < running.level
            if inner or not running.used or not self.changed or running.round > MAX_ROUNDS:
                break
            running.round += 1
            if running.round == MAX_ROUNDS:
                for growing in self.changed:
                    self.guesses[growing] = _widened(self.guesses[growing])
            running.assumed = self.guesses.get(key, result)
        if self.low >= running.level:  # the cycle is complete: what was found on the way is final
            if running.used:
                self._promote(running)
            self.low = NEVER
            self.changed = changed_before
        else:
            self.changed |= changed_before
        return result

    def _promote(self, head: Active) -> None:
        """Keep what the last round found out about the definitions of a cycle."""
        for key in head.kept:
            entry = self.provisional.get(key)
            if entry is None or entry[2] is not head:
                continue
            alts, deps, _, round_, memo, slot = self.provisional.pop(key)
            if round_ == head.round:
                memo[slot] = (alts, deps)

    def stepped(self, alts: Objects, frame: Frame, at: At, message: str) -> Objects:
        """Append a step to the trace of the scalar among the alternatives."""
        out: list[Object] | None = None
        for position, obj in enumerate(alts):
            stepped: Object = obj
            if type(obj) is ValueSet:
                stepped = obj.step(frame.place(at), message)
            elif type(obj) is LibraryPath and obj.trail is not None:
                trail = append_step(obj.trail, frame.place(at), message)
                stepped = obj if trail is obj.trail else LibraryPath(obj.path, trail, obj.guess)
            if stepped is not obj:
                out = out if out is not None else list(alts)
                out[position] = stepped
        return alts if out is None else tuple(out)

    def call(self, obj: Object, term: Call, frame: Frame) -> Objects:
        """Call one object with the arguments of a call term."""
        return self.semantics.calls[type(obj)](self, obj, term, frame)

    def call_method(self, obj: Object, name: str, term: Call, frame: Frame) -> Objects:
        """Call a method of a scalar, a container, a metric or another object that is no instance of the tree."""
        return self.semantics.methods[type(obj)](self, obj, name, term, frame)

    def attribute(self, obj: Object, term: Attr, frame: Frame) -> Objects:
        """Return an attribute of one object."""
        return self.semantics.attributes[type(obj)](self, obj, term, frame)

    def class_attribute(
        self, cls: ClassObject, name: str, bound: Objects | None, frame: Frame, at: At, skip: ClassObject | None = None
    ) -> Objects:
        """Look a name up along the bases of a class. `skip` starts behind that class, as `super()` does."""
        return self.semantics.class_attribute(self, cls, name, bound, frame, at, skip)

    def item(self, obj: Object, key: ValueSet, term: Item, frame: Frame) -> Objects:
        """Return what one object holds under a key."""
        return self.semantics.items[type(obj)](self, obj, key, term, frame)

    def iterate(self, obj: Object, term: Elem, frame: Frame) -> Objects:
        """Return what iterating over one object yields."""
        return self.semantics.iteration[type(obj)](self, obj, term, frame)

    def refine(self, base: Objects, term: Narrow, frame: Frame) -> Objects:
        """Return what a test leaves of a value in the branch where it holds."""
        return self.semantics.predicates[term.guard](self, base, term, frame)

    def transfer(self, how: str, args: TransferArgs) -> Objects:
        """Carry out a transfer that a row names: how a call of a library computes its result."""
        name, _, option = how.partition(":")
        handler = self.semantics.transfers.get(name)
        if handler is None:
            return (unknown(f"`{how}` of a library call"),)
        return handler(self, args._replace(option=option))

    def function(self, path: str) -> LibraryFunction | None:
        """Return the handler of a library function that is modelled in code, None where it is a row's or nobody's."""
        return self.semantics.functions.get(path)

    def scalar(self, alts: Objects, frame: Frame, at: At) -> ValueSet:
        """Turn alternatives into the set of texts a label would take: what `str()` makes of each of them."""
        if len(alts) == 1 and type(alts[0]) is ValueSet:
            return alts[0]
        if not alts:
            return exactly(())
        texts = self.semantics.texts
        joined = join([texts[type(obj)](self, obj, frame, at) for obj in alts])
        assert joined is not None
        return joined

    def value(self, term: AnyTerm, frame: Frame) -> ValueSet:
        """Evaluate a term to the set of texts a label would take."""
        return self.scalar(self.eval(term, frame), frame, term.at)


def _same(a: Objects, b: Objects) -> bool:
    if len(a) != len(b):
        return False
    for x, y in zip(a, b, strict=True):
        if type(x) is ValueSet and type(y) is ValueSet:
            if (x.cls, x.size, x.exact, x.kind) != (y.cls, y.size, y.exact, y.kind):
                return False
        elif type(x) is not type(y):
            return False
    return True


def _widened(alts: Objects) -> Objects:
    out = []
    for obj in alts:
        if type(obj) is ValueSet and obj.cls < 4:
            obj = unknown("it changes with every turn of a loop or recursion")
        out.append(obj)
    return tuple(out)
