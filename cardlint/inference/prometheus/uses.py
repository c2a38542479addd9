"""Uses: calls on metrics and of the library that the misuse rules look at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from cardlint.common.textscan import ENTERED_CALL, MENTIONED, METHOD_CALLED, RECEIVER
from cardlint.findings import Step
from cardlint.inference.codebase import terms
from cardlint.inference.codebase.render import render_expr
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.objects import BOTTOM, LibraryPath, MetricObject, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.language import single_values
from cardlint.inference.library.clients import Clients
from cardlint.inference.limits import MAX_CHOICE_DEPTH, MAX_NAMES, MAX_SPELLED, RECEIVER_STEPS
from cardlint.inference.primitives import straight_lines
from cardlint.inference.program import Decorated, ExternalCall, Given, Metric, MetricUse, PrivateRead, RegistryKind
from cardlint.inference.prometheus import given_labels, timing_decorators
from cardlint.inference.prometheus.describe import declared, registry_kind, registry_place
from cardlint.ir.model import Definition, Flag, FunctionIR
from cardlint.ir.terms import (
    AnyTerm,
    Attr,
    Call,
    Choice,
    EnterContext,
    FreeVar,
    Import,
    Item,
    Iterate,
    Param,
    Refine,
    Seq,
    Star,
    Use,
)
from cardlint.knowledge import conventions

Decorations = dict[tuple[int, int], tuple[Decorated, bool]]
"""What each decorator call of a file decorates, by its function and definition, and whether that is registered before."""
ENTERING = conventions.names(conventions.CONTEXT_ENTRIES)


def method_call(clients: Clients) -> re.Pattern[str]:
    """Return the pattern of a function text with a call of a method that rules read."""
    return METHOD_CALLED.of(names=clients.used)


def asked(clients: Clients) -> re.Pattern[str]:
    """Return the pattern of other names in the text of a function that matter here."""
    return MENTIONED.of(words=clients.watched, attributes=sorted(clients.private))


class UseCollector:
    """Collects uses, library calls and private reads of a program."""

    def __init__(self, ev: Evaluator, names: AbstractSet[str]) -> None:
        self.ev = ev
        self.clients = ev.library.clients
        self.names = names
        """the names that metrics are bound to"""
        self.uses: list[MetricUse] = []
        self.externals: list[ExternalCall] = []
        self.private_reads: list[PrivateRead] = []
        self.evidence: list[Step] = []
        self.entered: dict[int, frozenset[int]] = {}

    @cached_property
    def _method_call(self) -> re.Pattern[str]:
        return method_call(self.clients)

    @cached_property
    def _receivers(self) -> re.Pattern[str]:
        """The pattern of a function text in which a method may be called on a metric."""
        return RECEIVER.of(names=sorted({*self.names, *self.clients.labelling}))

    @cached_property
    def _asked(self) -> re.Pattern[str]:
        return asked(self.clients)

    def file(self, state: FileState) -> None:
        """Collect all records of one file."""
        facts = state.ir
        if facts.source is not None:
            facts.reveal(self._method_call, also=self._receivers)
            facts.reveal(METHOD_CALLED.of(names=sorted(self.clients.distinctive)))
            facts.reveal(ENTERED_CALL.of(names=self.clients.contexts))
            facts.reveal(self._asked)
        decorated = self._decorated(state)
        for name in self.clients.used:
            for function, definition in facts.lowered_calls(name):
                ir = state.ir.functions[function]
                term = ir.defs[definition].term
                if isinstance(term, Call) and isinstance(term.func, Attr):
                    self._use(term, term.func, state.frame(function), ir.defs[definition], definition, decorated)
        for name in self.clients.watched:
            for function, definition in facts.lowered_calls(name):
                found = state.ir.functions[function].defs[definition]
                if isinstance(found.term, Call):
                    self._external(found.term, state.frame(function), bool(found.flags & Flag.TRY))
        for name in self.clients.private_methods:
            for function, definition in facts.lowered_calls(name):
                term = state.ir.functions[function].defs[definition].term
                if isinstance(term, Call):
                    self._private(term, state.frame(function))

    def _use(self, term: Call, func: Attr, frame: Frame, definition: Definition, index: int, decorated: Decorations) -> None:
        if func.name not in self.clients.distinctive and not definition.flags & Flag.WITH and not self._plausible(func.base, frame):
            return
        alts = self._eval(func.base, frame)
        found = [o for o in alts if isinstance(o, MetricObject)]
        if not found or any(func.name in o.info.overrides for o in found):
            return
        method = next((m for o in found if (m := self.clients.method(o.info.client, func.name)) is not None), None)
        if method is None or not method.role:
            return
        described = tuple(declared(self.ev, found))
        positional: int | None = len(term.args)
        if any(isinstance(a, Star) for a in term.args):
            positional = None
        listed = next((given for given in method.labels if given.form == "list"), None)
        if listed is not None:
            positional = _values(terms.argument(term, listed.position, listed.keyword), frame)
        keywords: tuple[str, ...] | None = tuple(k for k, _ in term.kwargs)
        if any(k == "" for k, _ in term.kwargs):
            keywords = None
        first_is_dict = len(term.args) == 1 and not term.kwargs and any(isinstance(o, Mapping) for o in self._eval(term.args[0], frame))
        ir = frame.ir
        decorates, above_route = decorated.get((ir.index, index), ("", False))
        views = {o.view for o in found}
        given = self._outcomes(term, frame) if method.role == "labels" else ()
        self.uses.append(
            MetricUse(
                method=func.name,
                role=method.role,
                receiver="parent" if views & {"parent", "family"} and len(views) == 1 else "timer" if views == {"timer"} else "child",
                place=frame.place(term.at),
                metrics=described,
                positional=positional,
                keywords=keywords,
                first_is_dict=first_is_dict,
                bare=bool(definition.flags & Flag.BARE),
                in_loop=bool(definition.flags & Flag.LOOP),
                next_to_declaration=ir.kind in ("module", "class")
                or any(m.owner == ir.qualname and m.place.path == frame.file.path for m in described),
                decorates=decorates,
                above_route=above_route,
                with_block=bool(definition.flags & Flag.WITH),
                bound=index in self._entered(ir),
                in_test=frame.file.is_test,
                owner=ir.qualname,
                text=render_expr(term, frame),
                given=given,
                each_given=len(given) > 1 and given_labels.each_given(self.ev, term, frame),
                each_metric=len(described) > 1 and given_labels.each_metric(self.ev, func.base, frame, term.at[0]),
                always=straight_lines.in_function_body(frame, term.at[0]),
                open=any(isinstance(o, ValueSet) and o.bound is Bound.UNKNOWN for o in alts),
            )
        )

    def _outcomes(self, term: Call, frame: Frame) -> tuple[Given, ...]:
        nothing: tuple[Given, ...] = ()
        return self.ev.ask(lambda: given_labels.outcomes(self.ev, term, frame), nothing, frame, term.at, RECEIVER_STEPS)

    def decorators(self, states: Sequence[FileState]) -> None:
        """Add the uses by decorators of the program that time what they decorate, where that is no plain function."""
        for state in states:
            self.uses.extend(timing_decorators.above_routes(self.ev, state))
        frames = {(state.path, ir.qualname): state.frame(ir.index) for state in states for ir in state.ir.functions}
        for use in list(self.uses):
            frame = frames.get((use.place.path, use.owner))
            if frame is not None and not use.in_test and not use.decorates:
                self.uses.extend(timing_decorators.uses_by(self.ev, use, frame))

    def _decorated(self, state: FileState) -> Decorations:
        """Map each decorator call to the definition that it decorates."""
        out: Decorations = {}
        for ir in list(state.ir.functions):
            for term in ir.decorators:
                made = state.ir.functions[ir.parent].defs[term.index].term if isinstance(term, Use) else None
                if isinstance(term, Use) and isinstance(made, Call) and getattr(made.func, "name", "") in self.clients.used:
                    awaited: Decorated = "async-generator" if ir.yields else "coroutine"
                    called: Decorated = "generator" if ir.yields else "function"
                    out[ir.parent, term.index] = (
                        awaited if ir.is_async else called,
                        self._is_above_route(state, ir, term),
                    )
        return out

    def _is_above_route(self, state: FileState, ir: FunctionIR, term: AnyTerm) -> bool:
        return len(ir.decorators) > 1 and timing_decorators.is_above_route(self.ev, state, ir, term)

    def _entered(self, ir: FunctionIR) -> frozenset[int]:
        """Return the definitions of a function that get a name before their block ends, which can give a timer its labels.

        `with ... as timer`, `timer = ...`, `stack.enter_context(...)`.
        """
        found = self.entered.get(id(ir))
        if found is None:
            bases: list[AnyTerm] = []
            for definition in ir.defs:
                term = definition.term
                if isinstance(term, EnterContext):
                    bases.append(term.base)
                elif isinstance(term, Use) and definition.name:
                    bases.append(term)
                elif isinstance(term, Call) and getattr(term.func, "name", "") in ENTERING:
                    bases.extend(term.args[:1])
            found = self.entered[id(ir)] = frozenset(b.index for b in bases if isinstance(b, Use))
        return found

    def _eval(self, term: AnyTerm, frame: Frame) -> Objects:
        return self.ev.ask(lambda: self.ev.eval(term, frame), BOTTOM, frame, term.at, RECEIVER_STEPS)

    def _plausible(self, base: AnyTerm, frame: Frame, depth: int = 0) -> bool:
        """Tell by its spelling whether a receiver can be a metric: `.info()` and `.set()` are everywhere."""
        for _ in range(MAX_NAMES):
            if isinstance(base, Use):
                definition = frame.ir.defs[base.index]
                if definition.name.rpartition(".")[2] in self.names:
                    return True
                base = definition.term
            elif isinstance(base, Call):
                name = getattr(base.func, "name", "")
                return name in self.clients.labelling or name in self.names or name[:1].isupper()
            elif isinstance(base, (Attr, FreeVar, Param, Import)):
                return base.name in self.names
            elif isinstance(base, (Item, EnterContext, Iterate)):
                base = base.base
            elif isinstance(base, Seq):
                return depth < MAX_CHOICE_DEPTH and any(self._plausible(item, frame, depth + 1) for item in base.items[:MAX_SPELLED])
            elif isinstance(base, (Choice, Refine)):
                options = base.options if isinstance(base, Choice) else (base.base,)
                return depth < MAX_CHOICE_DEPTH and any(self._plausible(o, frame, depth + 1) for o in options[:MAX_SPELLED])
            else:
                return False
        return False

    def _external(self, term: Call, frame: Frame, tried: bool) -> None:
        for obj in self._eval(term.func, frame):
            client = self.clients.of(obj.path) if isinstance(obj, LibraryPath) else None
            if client is None or not isinstance(obj, LibraryPath):
                continue
            path = obj.path
            argument = self._registry_argument(term, client.registry_keyword)
            given: tuple[Metric, ...] = ()
            row = self.clients.watched_call(client, path)
            role = row.role if row is not None else ""
            if isinstance(term.func, Attr) and role in ("registering", "unregistering"):
                given = tuple(declared(self.ev, [o for a in term.args[:1] for o in self._eval(a, frame) if isinstance(o, MetricObject)]))
                argument = term.func.base
            registry: RegistryKind = registry_kind(self.ev, argument, frame) if argument is not None else ""
            self.externals.append(
                ExternalCall(
                    path,
                    role,
                    frame.place(term.at),
                    registry,
                    tuple(k for k, _ in term.kwargs),
                    frame.file.is_test,
                    registry_place(self.ev, argument, frame),
                    given,
                    row.existing if row is not None else "",
                    bool(term.args) and render_expr(term.args[0], frame).endswith(self.clients.own_collectors),
                    tried,
                    single_values.is_called_once(self.ev, frame, term),
                )
            )
            if role in ("all-processes", "worker-end") and not frame.file.is_test:
                last = path.rpartition(".")[2]
                self.evidence.append(Step(frame.place(term.at), f"{last} is used here"))

    def _registry_argument(self, term: Call, keyword: str) -> AnyTerm | None:
        argument: AnyTerm | None = next((v for k, v in term.kwargs if k == keyword), term.args[0] if term.args else None)
        return argument if not isinstance(argument, Star) else None

    def _private(self, term: Call, frame: Frame) -> None:
        func = term.func
        if not (isinstance(func, Attr) and isinstance(func.base, Attr) and func.base.name in self.clients.private):
            return
        found = [o for o in self._eval(func.base.base, frame) if isinstance(o, MetricObject)]
        if found:
            read = PrivateRead(frame.place(term.at), func.base.name, tuple(declared(self.ev, found)), frame.file.is_test)
            self.private_reads.append(read)


def _values(labels: AnyTerm | None, frame: Frame) -> int | None:
    """Count the label values that are written out in a list, None where the list is not a display."""
    for _ in range(MAX_NAMES):
        if isinstance(labels, Use):
            labels = frame.ir.defs[labels.index].term
    if not isinstance(labels, Seq) or any(isinstance(item, Star) for item in labels.items):
        return None
    return len(labels.items)
