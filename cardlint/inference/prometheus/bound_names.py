"""Names that metrics are bound to: by the constructor, and by every call of a function that returns what a constructor made.

Methods such as `.set()` and `.time()` are everywhere. A receiver is evaluated only where its name is one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import FileState
from cardlint.inference.limits import MAX_FACTORY_NAMES, MAX_FACTORY_ROUNDS, MAX_NAMES
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, Attr, Call, Choice, Comp, Dict, FreeVar, Item, Refine, Seq, Use


class BoundNames:
    """The last names of variables, attributes and containers that hold metrics, and of functions that return one."""

    def __init__(self, ev: Evaluator, states: Sequence[FileState]) -> None:
        self.names: set[str] = set()
        self.shared: dict[str, set[str]] = {}
        """by file, the names of its module and classes that other files can import"""
        self._made_by: set[str] = set()
        self._constructed(ev)
        followed: set[str] = set()
        for _ in range(MAX_FACTORY_ROUNDS):
            fresh = sorted(self._made_by - followed)[:MAX_FACTORY_NAMES]
            if not fresh:
                break
            followed.update(fresh)
            for state in states:
                self._called(state, fresh)
                self._passed_on(state)
        self.names.discard("")

    def _constructed(self, ev: Evaluator) -> None:
        made: dict[int, tuple[str, FunctionIR, set[int]]] = {}
        for info in ev.metrics.infos.values():
            made.setdefault(id(info.frame.ir), (info.frame.file.path, info.frame.ir, set()))[2].add(id(info.term))
        for path, ir, constructors in made.values():
            self._bind(path, ir, {i for i, d in enumerate(ir.defs) if id(d.term) in constructors})

    def _called(self, state: FileState, factories: Iterable[str]) -> None:
        """Add the names that results of these functions are bound to."""
        calls: dict[int, set[int]] = {}
        for name in factories:
            for function, definition in state.ir.calls_named(name):
                calls.setdefault(function, set()).add(definition)
        for function, wanted in calls.items():
            self._bind(state.path, state.ir.functions[function], wanted)

    def _passed_on(self, state: FileState) -> None:
        """Add the functions that return a metric by its name: properties, and lookups of a container of metrics."""
        for ir in state.ir.functions:
            if ir.kind != "function" or ir.name in self._made_by or ir.reveal is not None:
                continue
            if any(_last_name(term, ir) in self.names for term in ir.returns):
                self._returned_by(ir)

    def _bind(self, path: str, ir: FunctionIR, wanted: set[int]) -> None:
        found: set[str] = set()
        for index, definition in enumerate(ir.defs):
            if definition.name and _mentions(definition.term, wanted):
                found.add(definition.name.rpartition(".")[2])
                if not isinstance(definition.term, Use):
                    wanted.add(index)
        for store in ir.stores:
            if _mentions(store.value, wanted):
                found.add(store.name or getattr(store.base, "name", ""))
        if ir.kind == "function" and any(_mentions(r, wanted) for r in ir.returns):
            self._returned_by(ir)
        self.names |= found
        if ir.kind in ("module", "class"):
            self.shared.setdefault(path, set()).update(found)

    def _returned_by(self, ir: FunctionIR) -> None:
        self._made_by.add(ir.name)
        self.names.add(ir.name)


def _last_name(term: AnyTerm, ir: FunctionIR) -> str:
    """Return the name that a returned term ends in: `_metrics` of `self._metrics[name]`."""
    for _ in range(MAX_NAMES):
        if isinstance(term, Use):
            term = ir.defs[term.index].term
        elif isinstance(term, (Item, Refine)):
            term = term.base
        elif isinstance(term, Call) and getattr(term.func, "name", "") == "get" and isinstance(term.func, Attr):
            term = term.func.base
        else:
            break
    return term.name if isinstance(term, (Attr, FreeVar)) else ""


def _mentions(term: AnyTerm, wanted: set[int]) -> bool:
    if isinstance(term, Use):
        return term.index in wanted
    if isinstance(term, Dict):
        return any(_mentions(v, wanted) for _, v in term.entries)
    if isinstance(term, Seq):
        return any(_mentions(v, wanted) for v in term.items)
    if isinstance(term, Choice):
        return any(_mentions(v, wanted) for v in term.options)
    return isinstance(term, Comp) and _mentions(term.value, wanted)
