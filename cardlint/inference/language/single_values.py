"""Single values: what a process makes once. A UUID of a module, or a name that `main` asks a server for, has one value in each process.

Code runs once where it is the body of a module, or a function that is called in one place, outside of loops, by code that runs
once. The value counts as one only where it is bound there: to a name of the module, to a parameter, or to an attribute. What is
read out of it later - its elements, the results of its methods - may be many values again.
"""

from __future__ import annotations

from functools import partial

from cardlint.findings import Place
from cardlint.inference.callgraph import callbacks, callers
from cardlint.inference.codebase import stores, terms
from cardlint.inference.codebase.terms import last_name
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.objects import LibraryPath, Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, single
from cardlint.inference.limits import MAX_CALL_CHAIN, MAX_CALLBACK_FILES, ONCE_STEPS
from cardlint.inference.primitives import straight_lines
from cardlint.ir.model import Definition, Flag, FunctionIR
from cardlint.ir.terms import AnyTerm, At, Call, Choice, Import, Use
from cardlint.knowledge import conventions

COMMANDS = conventions.names(conventions.COMMAND_PACKAGES)
ENTRIES = conventions.names(conventions.ENTRY_POINTS)
COMMAND_LINE = conventions.names(conventions.COMMAND_LINE)
MADE = frozenset({"uuid", "random", "time", "server-text", "program-output", "device", "measurement"})
"""Kinds of values that a process can make or ask for at its start. Requests and exceptions come while it runs."""


def bound_once(ev: Evaluator, alts: Objects, frame: Frame, at: At, call: Call | None = None) -> Objects:
    """Mark the values that code binds at one place, where it runs at most once in a process; `call` binds parameters."""
    if not any(_is_made(ev, obj) for obj in alts) or not _is_single(ev, frame, at, call):
        return alts
    return tuple(_marked(ev, obj, frame.place(at)) for obj in alts)


def set_if_missing(ev: Evaluator, alts: Objects, name: str, frame: Frame, at: At) -> Objects:
    """Mark the values of a global name that one function sets where it has none: `if TOKEN is None: TOKEN = uuid4()`."""
    if not any(_is_made(ev, obj) for obj in alts) or len(stores.global_stores(frame.file, name)) != 1:
        return alts
    if frame.file.is_test or not straight_lines.sets_what_is_missing(frame, at[0], name):
        return alts
    return tuple(_marked(ev, obj, frame.place(at)) for obj in alts)


def of_name(ev: Evaluator, alts: Objects, frame: Frame, index: int) -> Objects:
    """Mark the values of a definition of a module, a class or a function that runs once."""
    if not any(_is_made(ev, obj) for obj in alts):
        return alts
    bindings = _bindings(frame.ir, index)
    if any(d.flags & Flag.LOOP or type(d.term) is Import for d in bindings) or not all(_is_single(ev, frame, d.at, None) for d in bindings):
        return alts
    return tuple(_marked(ev, obj, frame.place(frame.ir.defs[index].at)) for obj in alts)


def is_called_once(ev: Evaluator, frame: Frame, call: Call) -> bool:
    """Tell whether a call runs at most once in a process."""
    return _is_single(ev, frame, call.at, call)


def _is_made(ev: Evaluator, obj: Object) -> bool:
    if type(obj) is ValueSet:
        return obj.bound is Bound.UNBOUNDED and obj.kind in MADE
    if type(obj) is not LibraryPath or obj.once is not None:
        return False
    row = ev.library.row(obj.path)
    if row is None or not row.cls:
        row = ev.library.row(ev.library.canonical(ev.library.onward(obj.path)))
    return row is not None and row.cls == "unbounded" and row.kind in MADE


def _marked(ev: Evaluator, obj: Object, place: Place) -> Object:
    if not _is_made(ev, obj):
        return obj
    if isinstance(obj, ValueSet):
        return single(obj, place)
    assert isinstance(obj, LibraryPath)
    return LibraryPath(obj.path, obj.trace, obj.guess, obj.table, place)


def _bindings(ir: FunctionIR, index: int) -> list[Definition]:
    """List the definitions that may be the value of one, where branches meet."""
    found: list[Definition] = []
    seen: set[int] = set()
    waiting = [index]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        definition = ir.defs[here]
        if definition.flags & Flag.PHI and isinstance(definition.term, Choice):
            waiting.extend(option.index for option in definition.term.options if isinstance(option, Use))
        else:
            found.append(definition)
    return found


def _is_single(ev: Evaluator, frame: Frame, at: At, call: Call | None) -> bool:
    """Tell whether a place is outside of loops, in code that runs once."""
    if frame.file.is_test or (call is not None and id(call) not in _outside_loops(ev, frame.ir)):
        return False
    if straight_lines.in_loop(frame, at[0]):
        return False
    return frame.ir.kind == "module" or ev.aside(ONCE_STEPS, partial(runs_once, ev, frame, 0), False, frame, at)


@query(initial=frozenset(), key=id)
def _outside_loops(ev: Evaluator, ir: FunctionIR) -> frozenset[int]:
    """Collect the calls of a function that are written outside of loops and comprehensions, by the identity of their terms."""
    return frozenset(id(d.term) for d in ir.defs if isinstance(d.term, Call) and not d.flags & Flag.LOOP)


@query(initial=False, key=lambda frame, depth: (id(frame.ir), depth))
def runs_once(ev: Evaluator, frame: Frame, depth: int) -> bool:
    """Tell whether the body of a function runs at most once in a process."""
    ir = frame.ir
    if ir.kind == "module":
        return True
    outer = frame.file.frame(ir.parent)
    if ir.kind == "class":
        return not straight_lines.in_loop(outer, ir.at[0]) and runs_once(ev, outer, depth + 1)
    if ir.kind != "function" or depth > MAX_CALL_CHAIN or any(not _is_command(ev, term, outer) for term in ir.decorators):
        return False
    if ir.name.startswith("__") and ir.name != "__init__":
        return False  # Python calls it
    if len(ev.modules.mentioning(frame.file, ir.name, "argument")) > MAX_CALLBACK_FILES:
        return False  # it may be passed on in any of them
    if callbacks.passing(ev, frame.file, ir) or callers.callers_incomplete(ev, frame.file, ir):
        return False
    sites = [site for site in callers.callers_of(ev, frame.file, ir) if not site.frame.file.is_test]
    if not sites:
        return ir.parent == 0 and ir.owner < 0 and (_is_entry(ir) or bool(ir.decorators))
    if len(sites) > 1 or not sites[0].written or id(sites[0].call) not in _outside_loops(ev, sites[0].frame.ir):
        return False
    here = sites[0].frame
    return not straight_lines.in_loop(here, sites[0].call.at[0]) and runs_once(ev, here, depth + 1)


def _is_command(ev: Evaluator, term: AnyTerm, outer: Frame) -> bool:
    """Tell whether a decorator makes a command of the command line, or leaves a function what it is."""
    target = terms.decorator_of(term, outer)[0]
    if last_name(target, outer) in ("staticmethod", "classmethod"):
        return True
    found = ev.eval(target, outer)
    return bool(found) and all(isinstance(o, LibraryPath) and o.path.partition(".")[0] in COMMANDS for o in found)


def _is_entry(ir: FunctionIR) -> bool:
    """Tell whether a function without a call is the entry point of a process; one that is given something may answer requests."""
    return ir.name in ENTRIES and all(p.default is not None or p.name in COMMAND_LINE for p in ir.params)
