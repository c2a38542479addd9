"""The evaluator: terms to objects, on demand, each definition once per frame.

`memo` keeps answers and iterates cycles. The tables of `wiring` say which handler evaluates which kind of term.
"""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from cardlint.findings import Place
from cardlint.inference.codebase.modules import Modules
from cardlint.inference.codebase.tree import LinkSettings, Tree
from cardlint.inference.core.memo import NEVER, Memo, OutOfSteps
from cardlint.inference.core.protocol import LibraryFunction, TransferArgs
from cardlint.inference.core.semantics import Semantics
from cardlint.inference.domain.containers import TOKENS
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.metric_info import MetricTable
from cardlint.inference.domain.objects import BOTTOM, ClassObject, LibraryPath, Object, Objects
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import ValueSet, exactly, join, unknown
from cardlint.inference.library.rows import Library
from cardlint.inference.limits import COMPUTE_STEPS, MAX_REENTRY
from cardlint.ir.terms import AnyTerm, At, Attr, Call, Item, Iterate, Refine, Use

TOO_WIDE = unknown("gave up: value flow too large")


class DemandEvaluator(Memo):
    """Evaluates terms for one program."""

    __slots__ = ("semantics",)

    def __init__(self, tree: Tree, settings: LinkSettings, semantics: Semantics) -> None:
        super().__init__()
        self.semantics = semantics
        self.frameworks = semantics.frameworks
        self.tree = tree
        self.settings = settings
        self.modules = Modules(tree, self.charge)
        self.library = Library(settings)
        self.metrics = MetricTable()
        TOKENS.clear()

    def eval(self, term: AnyTerm, frame: Frame) -> Objects:
        """Evaluate a term to the alternatives of what it can be."""
        self.steps -= 1
        if self.steps < 0:
            if not self.asking:
                return self.stray_question(partial(self.eval, term, frame), (TOO_WIDE,), frame, term.at)
            raise OutOfSteps
        if type(term) is Use:
            return self.ref(term, frame)
        return self.semantics.terms[type(term)](self, term, frame)

    def force(self, lazy: Lazy) -> Objects:
        """Evaluate a lazy value. One that needs itself, as in `x = (x[0], y)` inside a loop, is Unknown."""
        if lazy.done is not None:
            self.steps -= 1
            if self.steps < 0 and self.asking:
                raise OutOfSteps
            self.rests(lazy.deps)
            return lazy.done
        assert lazy.term is not None
        assert lazy.frame is not None
        depth = self.waiting.get(lazy, 0)
        if depth >= MAX_REENTRY:
            self.low = 0  # an answer that depends on an open question is not kept
            return (unknown("it is computed from itself"),)
        self.steps -= COMPUTE_STEPS
        if self.steps < 0:
            if not self.asking:
                return self.stray_question(partial(self.force, lazy), (TOO_WIDE,), lazy.frame, lazy.term.at)
            raise OutOfSteps
        self.waiting[lazy] = depth + 1
        outer_low, self.low = self.low, NEVER
        outer_dependencies, self.dependencies = self.dependencies, set()
        try:
            result = self.eval(lazy.term, lazy.frame)
        finally:
            if depth:
                self.waiting[lazy] = depth
            else:
                del self.waiting[lazy]
        if self.low == NEVER:
            lazy.done, lazy.deps = result, self.shared_dependencies()
        self.low = min(outer_low, self.low)
        inner_dependencies, self.dependencies = self.dependencies, outer_dependencies
        if inner_dependencies:
            self.rests(frozenset(inner_dependencies))
        return result

    def force_all(self, thunks: tuple[Lazy, ...]) -> Objects:
        """Evaluate several lazy values to the alternatives of all."""
        return join_objects([self.force(t) for t in thunks]) if thunks else BOTTOM

    def ref(self, term: Use, frame: Frame) -> Objects:
        """Evaluate a definition of the frame, from memory where possible.

        The frame of one iteration computes only the definitions that depend on the element of the loop. All others are those
        of its base frame.
        """
        index = term.index
        while frame.iteration_bindings is not None:
            held = frame.iteration_bindings.get(index)
            if held is not None:
                return self.force(held)
            if frame.loop_parent is None or index in frame.recomputed:
                break
            frame = frame.loop_parent
        kept = frame.memo.get(index)
        found: Objects
        if kept is not None:
            self.rests(kept[1])
            found = kept[0]
        else:
            found = self.solve(self.semantics.definition, (frame, index), (index, frame), frame.memo, index)
        definition = frame.ir.defs[index]
        if type(definition.term) is Refine and "." in definition.name:
            return _read_again(found, frame.place(definition.term.at), frame.place(term.at))
        return found

    def stepped(self, alts: Objects, frame: Frame, at: At, message: str) -> Objects:
        """Append a step to the trace of the scalar among the alternatives."""
        out: list[Object] | None = None
        for position, obj in enumerate(alts):
            stepped: Object = obj
            if type(obj) is ValueSet:
                stepped = obj.step(frame.place(at), message)
            elif type(obj) is LibraryPath and obj.trace is not None:
                history = append_step(obj.trace, frame.place(at), message)
                stepped = obj if history is obj.trace else LibraryPath(obj.path, history, obj.guess, once=obj.once)
            if stepped is not obj:
                out = out if out is not None else list(alts)
                out[position] = stepped
        return alts if out is None else tuple(out)

    def call(self, obj: Object, term: Call, frame: Frame) -> Objects:
        """Call one object with the arguments of a call term."""
        return self.semantics.calls[type(obj)](self, obj, term, frame)

    def call_method(self, obj: Object, name: str, term: Call, frame: Frame) -> Objects:
        """Call a method of a scalar, a container, a metric or another object that is no instance of an analysed class."""
        return self.semantics.methods[type(obj)](self, obj, name, term, frame)

    def attribute(self, obj: Object, term: Attr, frame: Frame) -> Objects:
        """Return an attribute of one object."""
        return self.semantics.attributes[type(obj)](self, obj, term, frame)

    def class_attribute(
        self, cls: ClassObject, name: str, bound: Objects | None, frame: Frame, at: At, skip: ClassObject | None = None
    ) -> Objects:
        """Look a name up along the bases of a class. `skip` starts after that class, as `super()` does."""
        return self.semantics.class_attribute(self, cls, name, bound, frame, at, skip)

    def item(self, obj: Object, key: ValueSet, term: Item, frame: Frame) -> Objects:
        """Return the value of one object under a key."""
        return self.semantics.items[type(obj)](self, obj, key, term, frame)

    def iterate(self, obj: Object, term: Iterate, frame: Frame) -> Objects:
        """Return the elements of one object."""
        return self.semantics.iteration[type(obj)](self, obj, term, frame)

    def refine(self, base: Objects, term: Refine, frame: Frame) -> Objects:
        """Return the part of a value that a test leaves in the branch where it holds."""
        return self.semantics.predicates[term.guard](self, base, term, frame)

    def transfer(self, how: str, args: TransferArgs) -> Objects:
        """Apply a transfer that a row names: how a call of a library computes its result."""
        name, _, option = how.partition(":")
        handler = self.semantics.transfers.get(name)
        if handler is None:
            return (unknown(f"`{how}` of a library call"),)
        return handler(self, replace(args, option=option))

    def function(self, path: str) -> LibraryFunction | None:
        """Return the handler of a library function that is modelled in code, None where there is none."""
        return self.semantics.functions.get(path)

    def scalar(self, alts: Objects, frame: Frame, at: At) -> ValueSet:
        """Turn alternatives into the set of texts a label would take: the `str()` of each of them."""
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


def _read_again(alts: Objects, tested: Place, read: Place) -> Objects:
    """Let the traces of a part of a variable name the place that reads it, and not a test before: `if r.path != "/": path = r.path`."""
    return tuple(_moved(o, tested, read) for o in alts)


def _moved(obj: Object, tested: Place, read: Place) -> Object:
    if not isinstance(obj, (LibraryPath, ValueSet)) or obj.trace is None or obj.trace.step.place != tested:
        return obj
    trace = append_step(obj.trace.before, read, obj.trace.step.message)
    if isinstance(obj, ValueSet):
        return replace(obj, trace=trace)
    return LibraryPath(obj.path, trace, obj.guess, obj.table, obj.once)
