"""Timing decorators: those of the program that measure what they decorate, and what a decorator gets that is above another one.

A wrapper that is no coroutine calls an `async def` function, gets a coroutine object and stops its clock. A decorator above `@app.route`
gets a function that is registered already.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from cardlint.inference.callgraph import callers
from cardlint.inference.codebase import terms
from cardlint.inference.codebase.terms import last_name
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.objects import ClassObject, Function, LibraryPath
from cardlint.inference.limits import MAX_NAMES
from cardlint.inference.primitives import class_graph
from cardlint.inference.program import Decorated, MetricUse
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, Call, Const, FreeVar, FunctionDef, Use
from cardlint.knowledge import conventions

ROUTES = conventions.names(conventions.RUN_OFTEN)
TASKS = conventions.names(conventions.TASK_DECORATORS)
BY_HAND = conventions.names(conventions.RUN_BY_HAND)
CLOCKS = conventions.names(conventions.CLOCKS)
AWARE = conventions.names(conventions.AWARE_OF_ASYNC)
LAZY = conventions.names(conventions.CONTEXT_MANAGERS)
TIMING_PACKAGES = tuple(f"{row.name}." for row in conventions.TIMING_PACKAGES)
AROUND = ("time", "count-exceptions", "track-inprogress")


def is_above_route(ev: Evaluator, state: FileState, ir: FunctionIR, decorator: AnyTerm) -> bool:
    """Tell whether a decorator of a function gets what a decorator of routes or tasks returns."""
    below = False
    frame = state.frame(ir.parent)
    for term in ir.decorators:
        if term is decorator:
            below = True
        elif below and _registers(ev, term, frame):
            return True
    return False


def _registers(ev: Evaluator, term: AnyTerm, frame: Frame) -> bool:
    """Tell whether a decorator registers the function: `@app.get("/jobs")`, `@app.task`."""
    target, _ = terms.decorator_of(term, frame)
    call = frame.ir.defs[term.index].term if isinstance(term, Use) else term
    name = last_name(target, frame)
    if name in TASKS:
        found = ev.eval(target, frame)
        return any(isinstance(o, LibraryPath) and o.path.partition(".")[0] not in BY_HAND for o in found)
    if name not in ROUTES or not isinstance(call, Call):
        return False
    first = call.args[0] if call.args else None
    pattern = frame.ir.defs[first.index].term if isinstance(first, Use) else first
    return isinstance(pattern, Const) and isinstance(pattern.value, str) and pattern.value.startswith("/")


def uses_by(ev: Evaluator, use: MetricUse, frame: Frame) -> Iterator[MetricUse]:
    """Yield the uses by a decorator whose wrapper measures with this use, where it measures nothing."""
    if not _measures(use, frame.ir, frame):
        return
    yield from _of_wrapper(ev, use, frame)
    if _is_context_manager(frame.ir, frame):  # `with timed(name): return function(*args)`
        for site in callers.callers_of(ev, frame.file, frame.ir):
            if site.written and not site.frame.file.is_test:
                yield from _of_wrapper(ev, use, site.frame)


def _is_context_manager(ir: FunctionIR, frame: Frame) -> bool:
    outer = frame.file.frame(ir.parent) if ir.parent >= 0 else frame
    return any(last_name(terms.decorator_of(term, outer)[0], outer) in LAZY for term in ir.decorators)


def _of_wrapper(ev: Evaluator, use: MetricUse, frame: Frame) -> Iterator[MetricUse]:
    wrapper = frame.ir
    functions = frame.file.ir.functions
    outer = functions[wrapper.parent] if wrapper.parent >= 0 else wrapper
    if wrapper.kind != "function" or outer.kind != "function" or wrapper.is_async or wrapper.yields or outer.is_async:
        return
    if not _wraps(outer, wrapper) or _is_aware(outer, wrapper):
        return
    cls = class_graph.owner_of(frame.file, outer) if outer.name == "__call__" else None
    for state, decorated in callers.decorated_by(ev, frame.file, outer) if cls is None else _by_instances(ev, cls):
        if state.is_test:
            continue
        for position, term in enumerate(decorated.decorators):
            where = state.frame(decorated.parent)
            target, _ = terms.decorator_of(term, where)
            name = last_name(target, where)
            owner = {id(outer), id(functions[outer.parent])}
            if not any(
                o == cls if isinstance(o, ClassObject) else isinstance(o, Function) and id(o.ir) in owner for o in ev.eval(target, where)
            ):
                continue
            above = is_above_route(ev, state, decorated, term)
            below = [last_name(terms.decorator_of(term, where)[0], where) for term in decorated.decorators[position + 1 :]]
            kind = _kind(decorated) if above or all(name in LAZY for name in below) else "function"
            if above or kind != "function":
                yield replace(
                    use, place=state.place(term.at), measured=use.place, decorates=kind, above_route=above, through=name, owner=where.ir.qualname,
                )  # fmt: skip


def _by_instances(ev: Evaluator, cls: ClassObject) -> Iterator[tuple[FileState, FunctionIR]]:
    """List the functions that an instance of a class decorates: `@timed("x")`, where `timed` is a class with `__call__`."""
    for path in ev.modules.mentioning(cls.file, cls.ir.name, "decorator"):
        state = ev.modules.state(path)
        for ir in state.ir.functions if state is not None else ():
            assert state is not None
            frame = state.frame(ir.parent)
            made = [target for target, called in (terms.decorator_of(term, frame) for term in ir.decorators) if called]
            if any(last_name(target, frame) == cls.ir.name and cls in ev.eval(target, frame) for target in made):
                yield state, ir


def _kind(ir: FunctionIR) -> Decorated:
    if ir.is_async:
        return "async-generator" if ir.yields else "coroutine"
    return "generator" if ir.yields else "function"


def _measures(use: MetricUse, wrapper: FunctionIR, frame: Frame) -> bool:
    """Tell whether a use measures what is around it: a context, or a difference of times."""
    if use.role in AROUND:
        return use.with_block
    return use.role == "observe" and any(isinstance(d.term, Call) and last_name(d.term.func, frame) in CLOCKS for d in wrapper.defs)


def _wraps(outer: FunctionIR, wrapper: FunctionIR) -> bool:
    """Tell whether a function returns the wrapper, and the wrapper calls what the function is given, without using up its result."""
    if not any(_is(outer, term, wrapper.index) for term in outer.returns):
        return False
    given = {p.name for p in outer.params}
    calls = {
        index
        for index, d in enumerate(wrapper.defs)
        if isinstance(d.term, Call) and isinstance(d.term.func, FreeVar) and d.term.func.name in given
    }
    used_up = any(isinstance(a, Use) and a.index in calls for d in wrapper.defs if isinstance(d.term, Call) for a in d.term.args)
    return bool(calls) and not used_up


def _is(outer: FunctionIR, term: AnyTerm, index: int) -> bool:
    for _ in range(MAX_NAMES):
        if isinstance(term, Use):
            term = outer.defs[term.index].term
        elif isinstance(term, Call) and term.args:  # `wraps(f)(wrapper)`, `update_wrapper(wrapper, f)`
            term = term.args[0]
        else:
            break
    return isinstance(term, FunctionDef) and term.index == index


def _is_aware(outer: FunctionIR, wrapper: FunctionIR) -> bool:
    """Tell whether a decorator tells coroutines from results, or waits for them."""
    called = (d.term for ir in (outer, wrapper) for d in ir.defs if isinstance(d.term, Call))
    return any(getattr(call.func, "name", "") in AWARE for call in called)


def above_routes(ev: Evaluator, state: FileState) -> Iterator[MetricUse]:
    """Yield the timers of other packages that are above the decorator of a route: they know coroutines, and time nothing there."""
    for ir in state.ir.functions:
        where = state.frame(ir.parent) if len(ir.decorators) > 1 and not state.is_test else None
        for term in ir.decorators[:-1] if where is not None else ():
            assert where is not None
            target, called = terms.decorator_of(term, where)
            name = last_name(target, where)
            found = (
                [o for o in ev.eval(target, where) if isinstance(o, LibraryPath) and o.path.startswith(TIMING_PACKAGES)] if called else []
            )
            if found and is_above_route(ev, state, ir, term):
                place, owner = state.place(term.at), where.ir.qualname
                yield MetricUse(name, "time", "parent", place, (), None, None, above_route=True, through=name, owner=owner)
