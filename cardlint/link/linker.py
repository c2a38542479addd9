"""The linker: walks the seed files and gathers metrics, sites and uses into a Program."""

from __future__ import annotations

import re
import sys
from functools import partial

from msgspec.structs import replace

from cardlint.facts.terms import Call, Class, Const, Import, Ref, Text
from cardlint.findings import Place, Step
from cardlint.link import callers, calls, metrics
from cardlint.link.describe import metric_of, named
from cardlint.link.evaluator import Evaluator
from cardlint.link.exporters import exporter_sites
from cardlint.link.frames import FileState, Frame
from cardlint.link.guess import guess
from cardlint.link.metrics import FAMILIES, TYPES, MetricInfo
from cardlint.link.objects import Cls, Ext, Function, Partial
from cardlint.link.program import LabelArg, LabelSite, Metric, Program, Use
from cardlint.link.sites import Collector
from cardlint.link.tree import LinkSettings, Tree
from cardlint.link.uses import UseCollector
from cardlint.link.values import Cls as ValueClass
from cardlint.link.values import bounded

RECURSION_LIMIT = 20_000
"""Python frames that inference may take: a flow over many files is a deep chain of evaluations."""
MAX_TEMPLATES = 6
"""Rounds in which factories of factories are followed to the calls that name the metric."""
SPEAKING = ("counter", "gauge", "histogram", "summary")
"""Words by which the name of a factory speaks of metrics; `info` and `enum` mean too many other things."""
SPOKEN = "|".join(form for word in (*SPEAKING, "metric", "collector") for form in (word, word.capitalize(), word.upper()))
"""How those words stand in the name of a callee."""
MAX_MADE = 12
"""Metrics that one site of a class stands for; a class that makes more says too little about each."""
DECLARATION_FUEL = 30000
"""Steps that finding the metrics of one declaration may take: a factory may serve hundreds."""


class Linker:
    """One link of one program."""

    def __init__(self, tree: Tree, settings: LinkSettings) -> None:
        self.tree = tree
        self.settings = settings
        self.ev = Evaluator(tree, settings)
        self.states: list[FileState] = []
        self.errors: list[tuple[str, str, Place]] = []
        self.unresolved: dict[Step, None] = {}
        self.templates: list[Metric] = []
        """metrics as the factories that make them see them, of which the program knows the metrics that are made"""

    def run(self) -> Program:
        """Link the whole tree."""
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
        try:
            return self._run()
        finally:
            sys.setrecursionlimit(limit)

    def _run(self) -> Program:
        for path in self.tree.seeds():
            facts = self.tree.facts(path)
            if facts is not None and facts.error:
                self.errors.append((path, facts.error, Place(path, *facts.error_at)))
                continue
            state = self.ev.modules.state(path)
            if state is not None:
                self.states.append(state)
        for state in self.states:
            self._declarations(state)
        self._templates()
        collector = Collector(self.ev)
        uses = UseCollector(self.ev)
        for state in self.states:
            collector.file(state)
            uses.file(state)
        collector.sites.extend(exporter_sites(self.ev, self.states))
        for duck in collector.duck.values():
            if duck.type == "unknown" and not duck.in_test:
                self.unresolved[Step(duck.place, f"`{duck.name}` is used as a metric, and where it is made was not found")] = None
        self.unresolved.update(collector.unresolved)
        declared = self._metrics()
        for metric in declared:
            if metric.labelnames is None and not metric.in_test:
                self.unresolved[Step(metric.place, f"the label names of `{metric.name}` could not be computed")] = None
        removed = {m.id for u in uses.uses if u.method in ("remove", "clear", "remove_by_labels") and not u.in_test for m in u.metrics}
        declared = [_with_claims(_removed(m) if m.id in removed else m, self.settings) for m in declared]
        by_id: dict[int, tuple[Metric, ...]] = {m.id: (m,) for m in declared}
        for template in self.templates:
            made = tuple(m for m in declared if m.built == template.built)
            if 0 < len(made) <= MAX_MADE:
                by_id.setdefault(template.id, made)
        sites = tuple(_site_with(_guessed(_claimed(s, self.settings)), by_id) for s in collector.sites)
        return Program(
            metrics=tuple(declared),
            sites=sites,
            uses=tuple(_use_with(u, by_id) for u in uses.uses),
            facts_errors=tuple(self.errors),
            unresolved=tuple(self.unresolved),
            limits=tuple(self.ev.limits),
            externals=tuple(uses.externals),
            private_reads=tuple(uses.private_reads),
            environment=tuple(uses.environment),
            multiprocess_evidence=tuple(uses.evidence),
        )

    # metrics ------------------------------------------------------------------------------------------------------

    def _declarations(self, state: FileState) -> None:
        """Evaluate every call of the file whose callee may be a metric class, in its open frame."""
        state.facts.reveal(self._constructs(state))
        for name in list(state.facts.calls):
            for function, definition in state.facts.lowered_calls(name):
                fact = state.facts.functions[function]
                term = fact.defs[definition].term
                assert isinstance(term, Call)
                if self._may_construct(state, name, term):
                    self.ev.ask(partial(self._declaration, term, state.frame(function)), None, state.frame(function), term.at)

    def _constructs(self, state: FileState) -> re.Pattern[str]:
        """Return how the text of a function looks that may construct a metric: the superset of `_may_construct`."""
        module = state.facts.functions[0]
        names = {*TYPES, *FAMILIES, *(w.rpartition(".")[2] for w in self.ev.library.wrappers)}
        for name, index in module.exits.items():
            binding = module.defs[index].term
            if (isinstance(binding, Class) and self._inherits(state, name)) or (
                isinstance(binding, Import) and (binding.name in TYPES or binding.name in FAMILIES)
            ):
                names.add(name)
        exact = "|".join(map(re.escape, sorted(names)))
        return re.compile(rf"(?:{SPOKEN})\w*\s*\(|(?<!\w)(?:{exact})(?!\w)")

    def _declaration(self, term: Call, frame: Frame) -> None:
        for obj in self.ev.eval(term.func, frame):
            if isinstance(obj, Ext) and metrics.kind_of(self.ev, obj.path)[0]:
                calls.run(self.ev, obj, term, frame)
            elif isinstance(obj, Cls):
                if metrics.subclass(self.ev, obj, term, frame) is None:
                    metrics.collector(self.ev, obj, term, frame)
            elif isinstance(obj, (Function, Partial)):
                calls.run(self.ev, obj, term, frame)

    def _may_construct(self, state: FileState, name: str, term: Call) -> bool:
        """Tell by its spelling whether a call can construct a metric: class names, aliases, wrappers, factories.

        Factories that hold the constructor are followed from it to their callers, so here only those count that
        are handed the class or whose name speaks of it.
        """
        if name in TYPES or name in FAMILIES or any(w.rpartition(".")[2] == name for w in self.ev.library.wrappers):
            return True
        fact = state.facts.functions[0]
        index = fact.exits.get(name)
        if index is not None:
            binding = fact.defs[index].term
            if isinstance(binding, Class):
                return self._inherits(state, name)
            if isinstance(binding, Import) and (binding.name in TYPES or binding.name in FAMILIES):
                return True
        if any(getattr(a, "name", "") in TYPES for a in (*term.args, *(v for _, v in term.kwargs))):
            return True
        low = name.lower()
        if any(word in low for word in SPEAKING):
            first = term.args[0] if term.args else next((v for k, v in term.kwargs if k == "name"), None)
            return isinstance(first, Text) or (isinstance(first, Const) and isinstance(first.value, str))
        return ("metric" in low or "collector" in low) and name[:1].isupper()

    def _inherits(self, state: FileState, name: str) -> bool:
        return any(c.name == name and c.bases for c in state.facts.classes)

    def _templates(self) -> None:
        """Run factories from their callers: a constructor whose name is a parameter declares one metric per call."""
        seen: set[int] = set()
        for _ in range(MAX_TEMPLATES):
            fresh = [i for i in list(self.ev.metrics.infos.values()) if id(i) not in seen]
            if not fresh:
                return
            for info in fresh:
                seen.add(id(info))
                self.ev.ask(partial(self._run_callers, info), None, info.frame, info.term.at, DECLARATION_FUEL)

    def _run_callers(self, info: MetricInfo) -> None:
        for frame in metrics.rests_on(self.ev, info, "name"):
            if frame.fact.kind != "function":
                continue
            for site in callers.of(self.ev, frame.file, frame.fact):
                if not site.written:
                    continue
                function = Function(frame.file, frame.fact, site.bound, None)
                self.ev.eval(site.call.func, site.frame)
                calls.run(self.ev, function, site.call, site.frame)
                inner = calls.bound_frame(self.ev, function, site.call, site.frame, site.partial)
                made = calls.rebuilt(self.ev, info.frame, frame, inner) if inner is not None else None
                if made is not None and _is_reached(self.ev, info, made):
                    calls.call(self.ev, info.term, made)  # also where the function does not return the metric

    def _rests(self, info: MetricInfo) -> bool:
        nothing: set[Frame] = set()
        return bool(self.ev.ask(lambda: metrics.rests_on(self.ev, info, "name"), nothing, info.frame, info.term.at))

    def _metrics(self) -> list[Metric]:
        """Describe all metrics; a template stands only where no call of its factory is known."""
        infos = list(self.ev.metrics.infos.values())
        bound = {(i.frame.file.path, i.term.at) for i in infos if i.frame.bindings is not None}
        out: dict[int, Metric] = {}
        for info in infos:
            if info.frame.bindings is None and (info.frame.file.path, info.term.at) in bound and self._rests(info):
                self.templates.append(metric_of(self.ev, info))
                continue
            metric = metric_of(self.ev, info)
            out[metric.id] = metric
        names: dict[object, set[object]] = {}
        for metric in out.values():
            if named(metric):
                names.setdefault(metric.built, set()).update(metric.name_value.exact)
        # a name that is one of several stands for the metrics of a loop, which are there one by one
        kept = [
            m for m in out.values() if named(m) or not set(m.name_value.exact) or not set(m.name_value.exact) <= names.get(m.built, set())
        ]
        return sorted(kept, key=lambda m: (m.place, m.name))


def _is_reached(ev: Evaluator, info: MetricInfo, frame: Frame) -> bool:
    """Tell whether a factory makes a metric in one of its calls: `return Gauge(...)` behind a test of its own parameters."""
    fact = info.frame.fact
    for returned, guards in zip(fact.returns, fact.guards, strict=True):
        term: object = returned
        while isinstance(term, Ref):
            term = fact.defs[term.index].term
        if term is info.term:
            return all(ev.ref(Ref(guard, info.term.at), frame) for guard in guards)
    return True


def _removed(metric: Metric) -> Metric:
    return replace(metric, removed=True)


def _with_claims(metric: Metric, settings: LinkSettings) -> Metric:
    """Note the labels whose place in the declaration is on a claimed line: without a use in sight they stand for themselves."""
    claimed = frozenset(
        label
        for label, place in metric.label_places.items()
        if any(place.path == path and first <= place.line <= last for path, first, last, _ in settings.bounded_claims)
    )
    return replace(metric, claimed=claimed) if claimed else metric


def _claimed(site: LabelSite, settings: LinkSettings) -> LabelSite:
    """Apply `# cardlint: bounded=N` claims to the arguments whose value passes a claimed line."""
    if not settings.bounded_claims:
        return site
    args = []
    for arg in site.args:
        places = [arg.place, *(step.place for step in arg.value.steps())]
        for metric in site.metrics:
            if arg.label is not None and arg.label in metric.label_places:
                places.append(metric.label_places[arg.label])
        size = next(
            (n for path, first, last, n in settings.bounded_claims if any(p.path == path and first <= p.line <= last for p in places)), None
        )
        args.append(arg if size is None else replace(arg, value=bounded(size, "claimed by a comment")))
    return replace(site, args=tuple(args))


def _guessed(site: LabelSite) -> LabelSite:
    """Take what the name of an undecided source says as a named value, and put what the label's name says beside it."""
    if all(arg.value.cls is not ValueClass.UNKNOWN for arg in site.args):
        return site
    return replace(site, args=tuple(_guessed_arg(arg) if arg.value.cls is ValueClass.UNKNOWN else arg for arg in site.args))


def _guessed_arg(arg: LabelArg) -> LabelArg:
    value = arg.value
    if value.guess is not None:
        why = f"{value.guess.why}; {value.why}" if value.guess.named else value.guess.why
        named = replace(value.guess, why=why, named=True, suspect=value.suspect, trail=value.trail)
        return replace(arg, value=named)
    return replace(arg, guess=guess(arg.label)) if arg.label is not None else arg


def _site_with(site: LabelSite, by_id: dict[int, tuple[Metric, ...]]) -> LabelSite:
    """Give a site the metrics as they are described at last: what a class makes where it stood for the class's own metric."""
    labels = {arg.label for arg in site.args if arg.label is not None}
    made = {m.id: m for metric in site.metrics for m in by_id.get(metric.id, (metric,)) if _fits(m, labels)}
    return replace(site, metrics=tuple(made.values()) or site.metrics)


def _fits(metric: Metric, labels: set[str]) -> bool:
    names = set(metric.labelnames or ())
    return metric.labelnames is None or metric.labels_open or labels <= names or names <= labels


def _use_with(use: Use, by_id: dict[int, tuple[Metric, ...]]) -> Use:
    return replace(use, metrics=tuple({m.id: m for metric in use.metrics for m in by_id.get(metric.id, (metric,))}.values()))
