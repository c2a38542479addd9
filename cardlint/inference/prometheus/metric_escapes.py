"""Metrics as values: label sites that are reached by another name than the metric's own, and places where a metric gets out of sight.

`setattr(holder, "hits", HITS)` and `map(HITS.labels, paths)` give labels values where no receiver shows the metric. What is claimed of
a label must count them.
"""

from __future__ import annotations

from functools import partial

from cardlint.inference.callgraph import callers
from cardlint.inference.callgraph.alias_calls import CallWalk
from cardlint.inference.callgraph.alias_nodes import CallersOf, Node, without_turns
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.metric_info import MetricInfo
from cardlint.inference.domain.value_sets import unknown
from cardlint.inference.limits import ALIAS_STEPS
from cardlint.inference.program import Metric
from cardlint.inference.prometheus.label_sites import LabelSiteCollector
from cardlint.ir.terms import AnyTerm, At, Attr, Call, Const


def collect_hidden_sites(ev: Evaluator, collector: LabelSiteCollector, state: FileState) -> None:
    """Add the label sites that no receiver has shown, for every metric of a file that is made once."""
    for info in list(ev.metrics.infos.values()):
        metric = info.described
        if info.frame.file is not state or metric is None or not metric.labelnames or info.row.family:
            continue
        frame = info.frame
        if frame.bindings is not None:
            if frame.ir.owner is None or any(name != frame.ir.params[0].name for name in frame.bindings):
                continue
            frame = state.frame(frame.ir.index)  # a method without arguments does the same for every instance
        frame = without_turns(frame)
        walk = MetricWalk(ev, info.term, frame, callers.callers_of, info)
        ev.ask(partial(walk.follow), None, frame, info.term.at, ALIAS_STEPS)
        package = ev.modules.top(state.path)  # other packages may be analysed by another process
        for where, call in walk.calls.values():
            if id(call) not in collector.resolved and ev.modules.top(where.file.path) == package:
                collector.labels_of(call, where, metric)
        if walk.lost is not None and ev.modules.top(walk.lost[0].file.path) == package:
            _add_unknown(collector, metric, *walk.lost)


def _add_unknown(collector: LabelSiteCollector, metric: Metric, frame: Frame, at: At, why: str) -> None:
    collector.unknown_labels(metric, Call(Const(metric.name, at), (), (), at), frame, (unknown(f"`{metric.name}`: {why}"),))


class MetricWalk(CallWalk):
    """Follows one metric, and notes the calls that give labels to it."""

    def __init__(self, ev: Evaluator, term: AnyTerm, frame: Frame, callers_of: CallersOf, info: MetricInfo) -> None:
        super().__init__(ev, term, frame, callers_of)
        self.labelling = frozenset(method.name for method in info.client.methods if method.role == "labels")
        self.calls: dict[int, tuple[Frame, Call]] = {}
        self.lost: tuple[Frame, At, str] | None = None
        self.open_at_limit = False
        self.for_each_instance = info.frame.bindings is not None
        self.in_method = False

    def escape(self, frame: Frame, at: At, why: str) -> None:
        """Note the first place where the metric gets out of sight.

        Receivers are followed by object where every instance makes a metric, so there only a method that is kept counts.
        """
        if self.lost is None and (self.in_method or not self.for_each_instance):
            self.lost = (frame, at, why)

    def _bound_method(self, node: Node, attr: Attr, where: object) -> None:
        """Follow a method of the metric that is not called at once: no receiver shows the metric where it is called."""
        self.in_method = True
        super()._bound_method(node, attr, where)
        self.in_method = False

    def acts(self, name: str) -> bool:
        """Tell whether a method gives labels to a metric."""
        return name in self.labelling

    def method_called(self, node: Node, name: str, call: Call) -> None:
        """Note a call that gives labels."""
        if name in self.labelling:
            self.calls[id(call)] = (node.frame, call)

    def into_container(self, node: Node, method: str, base: AnyTerm) -> None:
        """Follow the metric into a container."""
        self.into(node, base, node.depth + 1)
