"""The driver: walks the seed files and gathers metrics, label sites and uses into a Program."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial

from cardlint.common.faults import spoken
from cardlint.common.textscan import SPEAKING_CALL, WORD
from cardlint.findings import Place, Step
from cardlint.inference.callgraph import callers
from cardlint.inference.codebase.tree import LinkSettings, Tree
from cardlint.inference.core.evaluator import DemandEvaluator
from cardlint.inference.core.measuring import MeasuringEvaluator
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.tracing import Evaluation, TracingEvaluator, at_place, expressions
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.metric_info import MetricInfo
from cardlint.inference.domain.objects import ClassObject, Function, LibraryPath, Partial
from cardlint.inference.limits import DECLARATION_STEPS, MAX_FACTORY_ROUNDS, RECURSION_LIMIT
from cardlint.inference.primitives import binding, metric_classes
from cardlint.inference.prometheus import constructors, metric_escapes, repetition
from cardlint.inference.prometheus.bound_names import BoundNames
from cardlint.inference.prometheus.describe import declare
from cardlint.inference.prometheus.environment import EnvironmentCollector
from cardlint.inference.prometheus.exporters import exporter_sites, load
from cardlint.inference.prometheus.label_sites import LabelSiteCollector
from cardlint.inference.prometheus.merge import Described, Gathered
from cardlint.inference.prometheus.uses import UseCollector
from cardlint.inference.wiring import SEMANTICS
from cardlint.ir.terms import At, Call, ClassDef, Const, Import, Text, Use


def speaking(words: Iterable[str]) -> list[str]:
    """Return the patterns of metric words in the name of a callee, one for each spelling of a word."""
    return [SPEAKING_CALL.source(word=[form]) for word in words for form in (word, word.capitalize(), word.upper())]


SHORT_NAME = 3
"""Letters of a name that is searched in other files: shorter ones are in all of them."""


class Analysis:
    """The analysis of one program."""

    def __init__(self, tree: Tree, settings: LinkSettings) -> None:
        self.tree = tree
        self.settings = settings
        self.ev = (MeasuringEvaluator if settings.measured else DemandEvaluator)(tree, settings, SEMANTICS)
        self.clients = self.ev.library.clients
        self.states: list[FileState] = []
        self.errors: list[tuple[str, str, Place]] = []
        self.inheriting: dict[str, frozenset[str]] = {}
        """by file, the classes that have a base"""
        self.unmade: set[tuple[str, At]] = set()
        """constructors in factories that no call of the factory reaches"""

    def gather(self) -> Gathered:
        """Analyse the declarations and uses of the seeds."""
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
        try:
            return self._gather()
        finally:
            sys.setrecursionlimit(limit)

    def _gather(self) -> Gathered:
        for path in self.tree.seeds():
            facts = self.tree.facts(path)
            if facts is not None and facts.error:
                self.errors.append((path, facts.error, Place(path, *facts.error_at)))
                if facts.fault[0]:
                    self._fault(path, facts.fault)
                continue
            state = self.ev.modules.state(path)
            if state is not None:
                self.states.append(state)
        self._each(self.states, self._declarations)
        self._templates()
        self._declare()
        collector = LabelSiteCollector(self.ev)
        bound = BoundNames(self.ev, self.states)
        uses = UseCollector(self.ev, bound.names)
        self._each(self.states, collector.file, uses.file)
        self._each(self._users(bound), uses.file)
        uses.decorators(self.states)
        environment = self._environment()
        self._each(self.states, partial(metric_escapes.collect_hidden_sites, self.ev, collector))
        self._each(self.states, lambda state: load(self.ev, state))
        self._each(self.states, collector.sinks)
        self._each(self.states, lambda state: collector.sites.extend(exporter_sites(self.ev, [state])))
        for path, known in self.ev.modules.states.items():
            if known is not None and known.ir.faults()[0]:
                self._fault(path, known.ir.faults())
        unresolved: dict[Step, None] = {}
        for duck in collector.duck.values():
            if duck.type == "unknown" and not duck.in_test:
                unresolved[Step(duck.place, f"`{duck.name}` is used as a metric, but its declaration was not found")] = None
        unresolved.update(collector.unresolved)
        described = self._described()
        return Gathered(
            seeds=tuple(self.tree.seeds()),
            metrics=tuple(described),
            sites=tuple(collector.sites),
            uses=tuple(uses.uses),
            errors=tuple(self.errors),
            unresolved=tuple(unresolved),
            limits=tuple(self.ev.limits),
            externals=tuple(uses.externals),
            private_reads=tuple(uses.private_reads),
            environment=tuple(environment.writes) if environment is not None else (),
            evidence=(*uses.evidence, *(environment.evidence if environment is not None else ())),
            measures=self.ev.clock.measures() if isinstance(self.ev, MeasuringEvaluator) else (),
            limits_hit=tuple(Counter(name for name in self.ev.limits.values() if name).items()),
            repeated=tuple(repetition.over_modules(self.ev, [d.metric for d in described])),
        )

    def _environment(self) -> EnvironmentCollector | None:
        """Collect what the files say of the variables of a client, where any of them names one."""
        names = sorted(self.clients.variables)
        paths = sorted({path for name in names for path in self.tree.mentioning(name)})
        if not paths:
            return None
        environment = EnvironmentCollector(self.ev)
        self._each([state for path in paths if (state := self.ev.modules.state(path)) is not None], environment.file)
        return environment

    def _users(self, bound: BoundNames) -> list[FileState]:
        """List the further files of the program that use a metric under a name that another file binds: `JOBS.inc()`.

        They pass no prefilter, for they name neither the client nor a label.
        """
        seeds = set(self.tree.seeds())
        found: dict[str, None] = {}
        for owner in self.states:
            top = self.ev.modules.top(owner.path)
            for name in sorted(bound.shared.get(owner.path, ())) if not owner.is_test else ():
                for path in self.ev.modules.mentioning(owner, name) if len(name) >= SHORT_NAME else ():
                    if path not in seeds and self.ev.modules.top(path) == top:  # other packages may be analysed by another process
                        found[path] = None
        return [state for path in sorted(found) if (state := self.ev.modules.state(path)) is not None]

    def _each(self, states: Iterable[FileState], *steps: Callable[[FileState], None]) -> None:
        """Run a step for each file; where one of them fails by a fault of cardlint, only that file is lost, and is named."""
        for state in states:
            try:
                for step in steps:
                    step(state)
            except Exception as problem:  # noqa: BLE001 - the other files still deserve a report
                self.ev.forget()
                self._fault(state.path, spoken(problem))

    def _fault(self, path: str, fault: tuple[str, str]) -> None:
        """Name a file whose analysis failed by a fault of cardlint; `--verbose` shows the place."""
        why, trace = fault
        place = Place(path, 1, 1, 1, 1)
        if all(known != path for known, _, _ in self.errors):
            self.errors.append((path, why, place))
        self.ev.limits[Step(place, trace)] = ""

    # metrics ------------------------------------------------------------------------------------------------------

    def _declarations(self, state: FileState) -> None:
        """Evaluate every call of the file whose callee may be a metric class, in its open frame."""
        if state.ir.source is not None:
            state.ir.reveal(self._constructs(state))
        for name in list(state.ir.calls):
            for function, definition in state.ir.lowered_calls(name):
                ir = state.ir.functions[function]
                term = ir.defs[definition].term
                assert isinstance(term, Call)
                if self._may_construct(state, name, term):
                    self.ev.ask(partial(self._declaration, term, state.frame(function)), None, state.frame(function), term.at)

    def _constructs(self, state: FileState) -> re.Pattern[str]:
        """Return the pattern of a function text that may construct a metric: the superset of `_may_construct`."""
        module = state.ir.functions[0]
        clients = self.clients
        names = {*clients.classes, *(w.rpartition(".")[2] for w in self.ev.library.wrappers)}
        for name, index in module.exits.items():
            binding = module.defs[index].term
            if (isinstance(binding, ClassDef) and self._inherits(state, name)) or (
                isinstance(binding, Import) and binding.name in clients.classes
            ):
                names.add(name)
        exact = [WORD.source(name=[name]) for name in sorted(names)]
        return re.compile(
            "|".join([*speaking((*clients.words, *clients.holding_words)), *exact])
        )  # every alternative begins with a letter, which is searched much faster

    def _declaration(self, term: Call, frame: Frame) -> None:
        for obj in self.ev.eval(term.func, frame):
            if isinstance(obj, LibraryPath) and metric_classes.constructed_by(self.ev, obj.path, term) is not None:
                self.ev.call(obj, term, frame)
            elif isinstance(obj, ClassObject):
                if constructors.subclass(self.ev, obj, term, frame) is None:
                    constructors.collector(self.ev, obj, term, frame)
            elif isinstance(obj, (Function, Partial)):
                self.ev.call(obj, term, frame)

    def _may_construct(self, state: FileState, name: str, term: Call) -> bool:
        """Tell by its spelling whether a call can construct a metric: class names, aliases, wrappers, factories.

        A factory that contains the constructor is found from the constructor, through its callers. So only factories count
        here that get the class as an argument or that have a name of a metric.
        """
        clients = self.clients
        if name in clients.classes or any(w.rpartition(".")[2] == name for w in self.ev.library.wrappers):
            return True
        ir = state.ir.functions[0]
        index = ir.exits.get(name)
        if index is not None:
            binding = ir.defs[index].term
            if isinstance(binding, ClassDef):
                return self._inherits(state, name)
            if isinstance(binding, Import) and binding.name in clients.classes:
                return True
        if any(getattr(a, "name", "") in clients.direct for a in (*term.args, *(v for _, v in term.kwargs))):
            return True
        low = name.lower()
        if any(word in low for word in clients.words):
            first = term.args[0] if term.args else next((v for k, v in term.kwargs if k == "name"), None)
            return isinstance(first, Text) or (isinstance(first, Const) and isinstance(first.value, str))
        return any(word in low for word in clients.holding_words) and name[:1].isupper()

    def _inherits(self, state: FileState, name: str) -> bool:
        inheriting = self.inheriting.get(state.path)
        if inheriting is None:
            inheriting = self.inheriting[state.path] = frozenset(c.name for c in state.ir.classes if c.bases)
        return name in inheriting

    def _templates(self) -> None:
        """Run factories from their callers: a constructor whose name is a parameter declares one metric per call."""
        seen: set[int] = set()
        for _ in range(MAX_FACTORY_ROUNDS):
            fresh = [i for i in list(self.ev.metrics.infos.values()) if id(i) not in seen]
            if not fresh:
                return
            for info in fresh:
                seen.add(id(info))
                self.ev.ask(partial(self._run_callers, info), None, info.frame, info.term.at, DECLARATION_STEPS)

    def _run_callers(self, info: MetricInfo) -> None:
        resting = [frame for frame in constructors.open_frames(self.ev, info) if frame.ir.kind == "function"]
        # A set of frames has no order, and the first call that names a metric is its declaration. So a call that gives the name
        # comes before one that only passes it on to the constructor.
        for frame in sorted(resting, key=lambda f: (f.ir is info.frame.ir, f.file.path, f.ir.at)):
            looked_at = made_by = 0
            for site in callers.callers_of(self.ev, frame.file, frame.ir):
                if not site.written:
                    continue
                function = Function(frame.file, frame.ir, site.bound, site.closure)
                self.ev.eval(site.call.func, site.frame)
                self.ev.call(function, site.call, site.frame)
                inner = binding.bound_frame(self.ev, function, site.call, site.frame, site.partial)
                made = binding.replay(self.ev, info.frame, frame, inner) if inner is not None else None
                looked_at += made is not None
                if made is not None and _is_reached(self.ev, info, made):
                    made_by += 1
                    self.ev.eval(info.term, made)  # also where the function does not return the metric
            if looked_at and not made_by:
                self.unmade.add((info.frame.file.path, info.term.at))

    def _rests(self, info: MetricInfo) -> bool:
        nothing: set[Frame] = set()
        return bool(self.ev.ask(lambda: constructors.open_frames(self.ev, info), nothing, info.frame, info.term.at))

    def _declare(self) -> None:
        """Describe the metrics that several call chains make with one constructor, first those of the longest chain.

        Two chains may make one metric. Its declaration is then the outermost call, in any order of the chains.
        """
        by_constructor: dict[tuple[str, At], list[MetricInfo]] = {}
        for info in self.ev.metrics.infos.values():
            if info.frame.bindings is not None:
                by_constructor.setdefault((info.frame.file.path, info.term.at), []).append(info)
        for infos in by_constructor.values():
            if len({info.frame.depth for info in infos}) > 1:
                for info in sorted(infos, key=lambda i: -i.frame.depth):
                    declare(self.ev, info)

    def _described(self) -> list[Described]:
        """Describe all metrics, each with the place of its constructor and whether it is the factory's generic record."""
        infos = list(self.ev.metrics.infos.values())
        bound = {(i.frame.file.path, i.term.at) for i in infos if i.frame.bindings is not None}
        resting = {id(i): (i.frame.file.path, i.term.at) in bound and self._rests(i) for i in infos}
        made = {
            (i.frame.file.path, i.term.at, *calls[:n])
            for i in infos
            if i.frame.bindings is not None and not resting[id(i)]
            for calls in (_calls(i.frame),)
            for n in range(len(calls) + 1)
        }
        out: dict[int, Described] = {}
        for info in infos:
            alone = info.frame.bindings is None
            template = resting[id(info)] and (alone or (info.frame.file.path, info.term.at, *_calls(info.frame)) in made)
            if alone and (info.frame.file.path, info.term.at) in self.unmade - bound:
                continue
            metric = declare(self.ev, info)
            if not template or metric.id not in out:
                out[metric.id] = Described(metric, info.frame.place(info.term.at), template)
        return list(out.values())


def _calls(frame: Frame) -> tuple[tuple[str, At], ...]:
    """List the calls that led to a frame, the last one first: what is made through other calls is another metric."""
    found: list[tuple[str, At]] = []
    current: Frame | None = frame
    while current is not None and current.bindings is not None and current.caller is not None and current.call is not None:
        found.append((current.caller.file.path, current.call))
        current = current.caller
    return tuple(found)


def explain(tree: Tree, settings: LinkSettings, path: str, line: int, column: int, depth: int) -> Evaluation | None:
    """Return the evaluation of the expression at a place by a new evaluator; None where there is no expression."""
    ev = TracingEvaluator(tree, settings, SEMANTICS)
    state = ev.modules.state(path)
    if state is None:
        return None
    state.ir.reveal(re.compile(""))
    found = at_place([pair for ir in state.ir.functions for pair in expressions(state.frame(ir.index))], line, column)
    if found is None:
        return None
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    try:
        return ev.trace(*found, depth)
    finally:
        sys.setrecursionlimit(limit)


def _is_reached(ev: Evaluator, info: MetricInfo, frame: Frame) -> bool:
    """Tell whether a factory makes a metric in one of its calls: `return Gauge(...)` after a test of its own parameters."""
    ir = info.frame.ir
    conditions = next((ir.conditions.get(index, ()) for index, d in enumerate(ir.defs) if d.term is info.term), ())
    if not binding.reached(ev, conditions, frame):
        return False
    for returned, guards in zip(ir.returns, ir.guards, strict=True):
        term: object = returned
        while isinstance(term, Use):
            term = ir.defs[term.index].term
        if term is info.term:
            return all(ev.ref(Use(guard, info.term.at), frame) for guard in guards)
    return True
