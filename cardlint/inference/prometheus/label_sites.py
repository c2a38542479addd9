"""Label sites: every call that gives values to labels, with the inferred values.

Where the metric itself is a parameter, the site is attributed to the callers: they name the metric, and the finding is on a
line that can be changed.
"""

from __future__ import annotations

from msgspec.structs import replace

from cardlint.findings import Place, Step
from cardlint.inference.callgraph import callers, contexts
from cardlint.inference.callgraph.call_sites import CallSite
from cardlint.inference.codebase import terms
from cardlint.inference.codebase.render import render_expr
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.objects import BOTTOM, Function, LibraryPath, MetricObject, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, unknown
from cardlint.inference.limits import MAX_CALLERS, MAX_LIFTED_CALLS, MAX_NAMING_CALLERS
from cardlint.inference.primitives import binding, collections
from cardlint.inference.program import HowMade, LabelArg, LabelSite, Metric
from cardlint.inference.prometheus import constructors, receivers, user_rows
from cardlint.inference.prometheus.describe import declared, not_declared
from cardlint.inference.prometheus.label_values import LabelValues
from cardlint.ir.terms import AnyTerm, Attr, Call, Const, Star, Use
from cardlint.knowledge.clients.schema import GivenLabels, Method, SiteKind
from cardlint.knowledge.schema import Sink


class LabelSiteCollector:
    """Collects the label sites of a program."""

    def __init__(self, ev: Evaluator) -> None:
        self.ev = ev
        self.clients = ev.library.clients
        self.values = LabelValues(ev)
        self.sites: list[LabelSite] = []
        self.duck: dict[tuple[str, str], Metric] = {}
        self.unresolved: dict[Step, None] = {}
        self.resolved: set[int] = set()
        """the calls whose metrics are found, by the identity of their terms"""

    def file(self, state: FileState) -> None:
        """Collect the sites of one file, in order of the source."""
        places: list[tuple[int, int]] = []
        for name in dict.fromkeys((*self.clients.giving, *self.clients.calls)):
            places.extend(state.ir.calls_named(name))
        for function, definition in sorted(places):
            ir = state.ir.functions[function]
            term = ir.defs[definition].term
            assert isinstance(term, Call)
            frame = state.frame(function)
            name = getattr(term.func, "name", "")
            if name in self.clients.calls and self._call(term, frame):
                continue
            if isinstance(term.func, Attr) and name in self.clients.giving:
                self._method(term, term.func, frame, definition, 0, (), None)

    def sinks(self, state: FileState) -> None:
        """Collect the calls of one file to sinks of libraries and of the user."""
        for sink, term, frame in user_rows.sink_calls(self.ev, state):
            args: list[LabelArg] = []
            for name in sink.labels:
                value = user_rows.sink_argument(self.ev, name, term, frame)
                if value is not None:
                    args.append(self.values.arg(None if name.startswith("#") else name, value, frame, self.values.eval(value, frame), None))
            mapping = user_rows.sink_argument(self.ev, sink.mapping, term, frame) if sink.mapping else None
            if mapping is not None:
                held = self.values.eval(mapping, frame)
                held = user_rows.called(self.ev, held, term, frame) if sink.calls else held
                written = {k.value: v for k, v in terms.literal_items(mapping) or () if isinstance(k, Const)}
                for arg in self.values.mapping(mapping, held, frame, None, None):
                    at = written.get(arg.label)
                    args.append(arg if at is None else replace(arg, place=frame.place(at.at), text=render_expr(at, frame)))
            named = user_rows.sink_argument(self.ev, sink.metric, term, frame) if sink.metric else None
            if args:
                self._add("sink", term, frame, [self._sink_metric(sink, named, term, frame)], args, (), None)

    def _sink_metric(self, sink: Sink, named: AnyTerm | None, term: Call, frame: Frame) -> Metric:
        value = self.ev.value(named, frame) if named is not None else None
        name = str(value.exact[0]) if value is not None and value.bound is Bound.EXACTLY and len(value.exact) == 1 else sink.path
        key = (sink.path, name)
        found = self.duck.get(key)
        if found is None:
            held = value or unknown("a sink without a name")
            found = self.duck[key] = not_declared(-1 - len(self.duck), sink.type, name, held, frame.place(term.at))
        return found

    def _method(
        self, term: Call, func: Attr, frame: Frame, definition: int, depth: int, lifted: tuple[Step, ...], at: Place | None
    ) -> bool:
        nothing: tuple[Objects, set[Frame]] = (BOTTOM, set())
        alts, deps = self.ev.ask(lambda: constructors.tracked(self.ev, func.base, frame), nothing, frame, func.at)
        found = [o for o in alts if isinstance(o, MetricObject)]
        liftable = found and depth < MAX_LIFTED_CALLS
        most = 0
        if liftable and receivers.rests_on_parameter(func.base, frame, deps):
            most = MAX_CALLERS
        elif liftable and receivers.is_named_by_caller(found, frame):
            most = MAX_NAMING_CALLERS
        if most and self._lift(term, func, frame, definition, depth, lifted, at, most):
            self.resolved.add(id(term))
            return True
        if not found:
            if func.name in self.clients.filling:
                return self._lost_family(term, func, frame, alts, lifted, at)
            return func.name in self.clients.labelling and self._unresolved(term, func, frame, definition, alts, lifted, at)
        self.resolved.add(id(term))
        if any(func.name in o.info.overrides for o in found):
            for obj in found:
                self._overridden(obj, func.name, term, frame, lifted, at if at is not None else frame.place(term.at))
            return True
        done = False
        for client in dict.fromkeys(o.info.client.package for o in found):
            method = self.clients.method(self.clients.packages[client], func.name)
            if method is not None:
                held = [o for o in found if _takes_labels(o, client, method)]
                done = self._given(method, held, term, func, frame, deps, lifted, at) or done
        return done

    def _overridden(self, obj: MetricObject, name: str, term: Call, frame: Frame, lifted: tuple[Step, ...], place: Place) -> None:
        """Collect what a subclass's own method passes on to the method of the client: `super().labels(**cleaned)`."""
        cls = obj.info.subclass
        own = self.ev.class_attribute(cls, name, (obj,), frame, term.at) if cls is not None else BOTTOM
        for function in (o for o in own if isinstance(o, Function)):
            self._passed_on(function, obj, term, frame, lifted, place, 0)

    def _passed_on(
        self, function: Function, obj: MetricObject, term: Call, frame: Frame, lifted: tuple[Step, ...], place: Place, depth: int
    ) -> None:
        """Collect the calls by which a method of a subclass passes on what it got: to that of another class, or of the client."""
        method = self.clients.method(obj.info.client, function.ir.name)
        inner = binding.bound_frame(self.ev, function, term, frame)
        for definition in function.ir.defs if inner is not None and method is not None and depth < MAX_LIFTED_CALLS else ():
            call = definition.term
            if not isinstance(call, Call) or not isinstance(call.func, Attr) or call.func.name != function.ir.name:
                continue
            assert inner is not None
            assert method is not None
            steps = (*lifted, Step(inner.place(call.at), f"`{function.ir.name}()` of `{obj.info.class_name}` passes the labels on here"))
            above = [o for o in self.ev.eval(call.func, inner) if isinstance(o, Function)]
            for other in above:
                self._passed_on(other, obj, call, inner, steps, place, depth + 1)
            if not above:
                self._given(method, [obj], call, call.func, inner, set(), steps, place)

    def labels_of(self, term: Call, frame: Frame, metric: Metric) -> None:
        """Collect a call of the method that gives labels to one metric."""
        self._labels(term, frame, [metric], (), None)

    def unknown_labels(self, metric: Metric, term: Call, frame: Frame, value: Objects) -> None:
        """Collect a place where every label of a metric may get a value that is not known."""
        args = tuple(self.values.arg(name, term.func, frame, value, None) for name in metric.labelnames or ())
        self.sites.append(LabelSite("labels", frame.place(term.at), (metric,), args, frame.file.is_test, out_of_sight=True))

    def _unresolved(
        self, term: Call, func: Attr, frame: Frame, definition: int, alts: Objects, lifted: tuple[Step, ...], at: Place | None
    ) -> bool:
        """Collect the labels of a receiver that is no known metric and is used like one."""
        if not receivers.is_used_as_metric(self.ev, frame, definition) and not receivers.is_declared(self.ev, alts):
            return False
        if not receivers.may_be_metric(self.ev, alts):
            if alts and all(isinstance(o, LibraryPath) for o in alts) and not frame.file.is_test:
                text = render_expr(func.base, frame)
                self.unresolved[Step(frame.place(func.base.at), f"`{text}` is used like a metric, but what it is was not found")] = None
            return False
        self._labels(term, frame, [self._duck_metric(func.base, frame)], lifted, at)
        return True

    def _lost_family(self, term: Call, func: Attr, frame: Frame, alts: Objects, lifted: tuple[Step, ...], at: Place | None) -> bool:
        """Collect the labels of a sample that is added to a family which is not found: `self.families[kind][key]`."""
        method = self.clients.method(self.clients.default, func.name)
        done = False
        for given in method.labels if method is not None else ():
            argument = terms.argument(term, given.position, given.keyword) if not given.types else None
            if argument is not None and receivers.may_be_family(self.ev, alts, self.values.eval(argument, frame)):
                self._argument(given, term, frame, [self._duck_metric(func.base, frame, "family")], lifted, at)
                done = True
        return done

    def _given(
        self,
        method: Method,
        held: list[MetricObject],
        term: Call,
        func: Attr,
        frame: Frame,
        deps: set[Frame],
        lifted: tuple[Step, ...],
        at: Place | None,
    ) -> bool:
        """Collect the label arguments of a client's method, for the metrics it is called on."""
        described = declared(self.ev, held)
        if not described:
            return False
        for given in method.labels:
            if given.types and not all(m.type in given.types for m in described):
                continue
            if given.form == "each":
                views = self._apart(func, method, frame, described, deps)
                for view, metrics_there in views or [(frame, described)]:
                    self._labels(term, view, metrics_there, lifted, at, bool(views))
            else:
                self._argument(given, term, frame, described, lifted, at)
        return True

    def _argument(
        self, given: GivenLabels, term: Call, frame: Frame, described: list[Metric], lifted: tuple[Step, ...], at: Place | None
    ) -> None:
        """Collect the labels of one argument of a call."""
        argument = terms.argument(term, given.position, given.keyword)
        if argument is None and given.form == "mapping" and described and given.position < len(term.args):
            argument = term.args[given.position]  # after `*values` the argument at this position is not known
        if argument is None:
            return
        if given.form == "mapping":
            self._mapping_site(given.site, term, argument, frame, described, lifted, at)
        elif given.form == "list":
            self._list(given.site, term, argument, frame, described, lifted, at)
        else:
            arg = self.values.arg(given.keyword, argument, frame, self.values.eval(argument, frame), at)
            self._add(given.site, term, frame, described, [arg], lifted, at)

    def _apart(
        self, func: Attr, method: Method, frame: Frame, described: list[Metric], deps: set[Frame]
    ) -> list[tuple[Frame, list[Metric]]]:
        """Split the metrics of a receiver by the object or closure that holds them, where there are several."""
        if len(described) < 2:
            return []
        nothing: tuple[Objects, set[Frame]] = (BOTTOM, set())

        def look(view: Frame) -> tuple[list[Metric], set[Frame]]:
            alts, rests = self.ev.ask(lambda: constructors.tracked(self.ev, func.base, view), nothing, frame, func.at)
            client = described[0].client
            return declared(self.ev, [o for o in alts if isinstance(o, MetricObject) and _takes_labels(o, client, method)]), rests

        return contexts.split_by_context(self.ev, frame, look, described, deps)

    # attribution to callers ---------------------------------------------------------------------------------------

    def _lift(
        self, term: Call, func: Attr, frame: Frame, definition: int, depth: int, lifted: tuple[Step, ...], at: Place | None, most: int
    ) -> bool:
        outermost = frame
        while outermost.bindings is not None and outermost.caller is not None:
            outermost = outermost.caller
        moves, done = receivers.labels_rest_on(self.ev, term, frame, outermost), False
        no_sites: tuple[CallSite, ...] = ()
        sites = self.ev.ask(lambda: callers.callers_of(self.ev, outermost.file, outermost.ir), no_sites, frame, term.at)
        for site in sites if len(sites) <= most else no_sites:
            if not site.written:
                continue
            function = Function(outermost.file, outermost.ir, site.bound, site.closure)
            inner = binding.bound_frame(self.ev, function, site.call, site.frame, site.partial)
            chain = binding.replay(self.ev, frame, outermost, inner) if inner is not None else None
            if chain is None:
                continue
            if not binding.reached(self.ev, frame.ir.conditions.get(definition, ()), chain):
                done = True  # this call does something else
                continue
            place = site.frame.place(site.call.at) if moves else at
            step = Step(frame.place(term.at), f"`{outermost.ir.name}()` passes the labels to the metric here")
            done = self._method(term, func, chain, definition, depth + 1, (*lifted, step), place) or done
        return done

    # metrics that are known only by their use ----------------------------------------------------------------------

    def _duck_metric(self, receiver: AnyTerm, frame: Frame, how: HowMade = "duck") -> Metric:
        text = render_expr(receiver, frame)
        key = (frame.file.path, text)
        found = self.duck.get(key)
        if found is None:
            lost = unknown("the metric is not found")
            found = self.duck[key] = not_declared(
                -1 - len(self.duck), "unknown", text, lost, frame.place(receiver.at), frame.file.is_test, how
            )
        return found

    # arguments ----------------------------------------------------------------------------------------------------

    def _add(
        self,
        kind: SiteKind,
        term: Call,
        frame: Frame,
        described: list[Metric],
        args: list[LabelArg],
        lifted: tuple[Step, ...],
        at: Place | None,
        shared: bool = False,
    ) -> None:
        place = at if at is not None else frame.place(term.at)
        self.sites.append(LabelSite(kind, place, tuple(described), tuple(args), frame.file.is_test, lifted, shared=shared))

    def _labels(
        self, term: Call, frame: Frame, described: list[Metric], lifted: tuple[Step, ...], at: Place | None, shared: bool = False
    ) -> None:
        names: tuple[str, ...] | None = receivers.common_label_names(described)
        given = {name for name, _ in term.kwargs}
        left = names if names is None else tuple(n for n in names if n not in given)
        args: list[LabelArg] = []
        position: int | None = 0
        for index, argument in enumerate(term.args):
            behind = len(term.args) - index - 1
            if isinstance(argument, Star):
                if any(isinstance(a, Star) for a in term.args[index + 1 :]):
                    behind = 0
                found = self.values.starred(argument, frame, names, position, behind, at)
                args.extend(found)
                certain = collections.as_items(self.ev, self.values.eval(argument.base, frame)) is not None
                if position is not None and certain:
                    position += len(found)
                else:  # counted from the end: as many names are left as arguments
                    position = len(names) - behind if names is not None and behind and behind <= len(names) else None
                continue
            alts = self.values.eval(argument, frame)
            if isinstance(argument, Use) and any(isinstance(o, Mapping) for o in alts) and not any(isinstance(o, ValueSet) for o in alts):
                args.extend(self.values.mapping(argument, alts, frame, names, at))
                continue
            label = names[position] if names is not None and position is not None and position < len(names) else None
            args.append(self.values.arg(label, argument, frame, alts, at))
            position = position + 1 if position is not None else None
        for name, value in term.kwargs:
            alts = self.values.eval(value, frame)
            if name:
                args.append(self.values.arg(name, value, frame, alts, at))
            else:
                varying = any(m.lists_vary for m in described)
                args.extend(self.values.mapping(value, alts, frame, left, at, any(m.labels_open for m in described), varying))
        if args:
            self._add("labels", term, frame, described, args, lifted, at, shared)

    def _list(
        self,
        kind: SiteKind,
        term: Call,
        argument: AnyTerm,
        frame: Frame,
        described: list[Metric],
        lifted: tuple[Step, ...],
        at: Place | None,
    ) -> None:
        """Collect the labels of a list of values, which are in the order of the names."""
        names = receivers.common_label_names(described)
        args: list[LabelArg] = []
        items = collections.as_items(self.ev, self.values.eval(argument, frame))
        if items is not None:
            for position, thunk in enumerate(items):
                label = names[position] if names is not None and position < len(names) else None
                alts = self.values.forced(thunk, frame, argument)
                if thunk.term is not None and thunk.frame is frame and terms.stands_in(thunk.term, term):
                    args.append(self.values.arg(label, thunk.term, frame, alts, at))
                elif thunk.term is not None and thunk.frame is frame:  # of a list that is written elsewhere
                    args.append(replace(self.values.arg(label, argument, frame, alts, at), text=render_expr(thunk.term, frame)))
                else:
                    args.append(self.values.arg(label, argument, frame, alts, at))
        else:
            args.extend(self.values.by_position(argument, self.values.eval(argument, frame), names or (), frame, at))
        if args:
            self._add(kind, term, frame, described, args, lifted, at)

    def _mapping_site(
        self,
        kind: SiteKind,
        term: Call,
        argument: AnyTerm,
        frame: Frame,
        described: list[Metric],
        lifted: tuple[Step, ...],
        at: Place | None,
    ) -> None:
        args = self.values.mapping(argument, self.values.eval(argument, frame), frame, None, at)
        inner = terms.literal_items(argument)
        if inner is not None:
            args = [
                self.values.arg(k.value, v, frame, self.values.eval(v, frame), at)
                for k, v in inner
                if isinstance(k, Const) and isinstance(k.value, str)
            ]
        if args:
            self._add(kind, term, frame, described, args, lifted, at)

    def _call(self, term: Call, frame: Frame) -> bool:
        """Collect the label arguments of a function or class of a client: a sample that is constructed directly, a push to a gateway."""
        call = next(
            (c for o in self.values.eval(term.func, frame) if isinstance(o, LibraryPath) and (c := self.clients.call(o.path))), None
        )
        made = self.values.eval(term, frame) if call is not None else BOTTOM  # a family that is given its value when it is made
        described = declared(self.ev, [o for o in made if isinstance(o, MetricObject)])
        for given in call.labels if call is not None else ():
            self._argument(given, term, frame, described, (), None)
        return call is not None


def _takes_labels(obj: MetricObject, client: str, method: Method) -> bool:
    """Tell whether a method has label arguments on this part of a client's metric."""
    types, info = method.types, obj.info
    return info.client.package == client and (not method.on or obj.view in method.on) and (not types or info.type in types)
