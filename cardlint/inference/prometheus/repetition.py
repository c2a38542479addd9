"""Repetition: whether the constructor of a metric runs more than once in a process, and what makes it run again.

Evidence is a loop around it, or a function that is called once for every request, message, job or turn of a loop: a handler, a task, a
callback of a scheduler, or what one of those always calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from cardlint.findings import Place, Step
from cardlint.inference.callgraph import callbacks, callers
from cardlint.inference.codebase import terms
from cardlint.inference.codebase.terms import last_name
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.metric_info import MetricInfo
from cardlint.inference.domain.objects import ClassObject, LibraryPath
from cardlint.inference.limits import MAX_CALL_CHAIN, MAX_IMPORT_DEPTH, MAX_ROOTS
from cardlint.inference.primitives import class_graph, straight_lines
from cardlint.inference.program import Guarded, Metric
from cardlint.inference.prometheus import constructors
from cardlint.ir.model import Flag
from cardlint.ir.terms import AnyTerm, Attr, Call, Const, Import, Refine, Use
from cardlint.knowledge import conventions
from cardlint.knowledge.changing import CONSTRUCTORS

RUN_ONCE = conventions.names(conventions.RUN_ONCE)
RUN_OFTEN = conventions.names(conventions.RUN_OFTEN)
RUN_OFTEN_BARE = conventions.names(conventions.RUN_OFTEN_BARE)
RUN_BY_HAND = conventions.names(conventions.RUN_BY_HAND)
CALLED_OFTEN = conventions.names(conventions.CALLED_OFTEN)
SCHEDULED = conventions.names(conventions.SCHEDULED)
RUN_ONCE_TRIGGERS = conventions.names(conventions.RUN_ONCE_TRIGGERS)
HANDLING_METHODS = conventions.names(conventions.HANDLING_METHODS)
HANDLING_BASES = conventions.names(conventions.HANDLING_BASES)
RUN_FOR_EACH = conventions.names(conventions.RUN_FOR_EACH)
RUN_AGAIN = conventions.names(conventions.RUN_AGAIN)
PLAIN_METACLASSES = conventions.names(conventions.PLAIN_METACLASSES)
PLAIN_DECORATORS = conventions.names(conventions.PLAIN_DECORATORS)


def judged(ev: Evaluator, info: MetricInfo) -> tuple[Guarded, Step | None]:
    """Say why the constructor of a metric may run more than once, '' if no reason is known, and what makes it run again."""
    frame = info.frame
    ir = frame.ir
    line = info.term.at[0]
    lines = straight_lines.lines_of(frame)
    if ir.kind == "module":
        repeats = constructors.in_loop(ev, info) and _is_one_name(ev, info)
        endless = straight_lines.endless_loop(lines, 1, line) if repeats else None
        return "", _step(frame, endless, "this loop creates it again") if endless is not None else None
    if ir.kind not in ("function", "lambda"):
        return "", None
    guarded = _guarded(ev, info)
    if guarded:
        return guarded, None
    if constructors.in_loop(ev, info) and _is_one_name(ev, info):
        return "", Step(frame.place(info.term.at), "it is created in a loop")
    again = _again(ev, frame, 0) if straight_lines.always_runs(frame, line) or not _body_of(ev, frame).tests else None
    return ("", again) if again is not None else ("called-once", None)


def _is_one_name(ev: Evaluator, info: MetricInfo) -> bool:
    """Tell whether a metric has the same name in every turn of the loop that builds it."""
    name = info.arguments.get("name")
    return name is not None and terms.loop_in(name, info.frame) is None and len(ev.value(name, info.frame).exact) == 1


class _Body(Struct, frozen=True):
    """The context of each term in one function, by the identity of the term."""

    tried: frozenset[int]
    """those in a `try`"""
    tests: bool
    """whether the function tests that something does not exist yet"""


@query(initial=_Body(frozenset(), False), key=lambda frame: id(frame.ir))
def _body_of(ev: Evaluator, frame: Frame) -> _Body:
    """Scan the body of a function, once for all of its metrics."""
    defs = frame.ir.defs
    return _Body(
        frozenset(id(d.term) for d in defs if d.flags & (Flag.TRY | Flag.HANDLER)),
        any(type(d.term) is Refine and d.term.guard in ("not-in", "falsy", "eq") for d in defs),
    )


def _guarded(ev: Evaluator, info: MetricInfo) -> Guarded:
    frame = info.frame
    ir = frame.ir
    if ir.name in ev.library.clients.collect:
        return "collect"
    if _runs_once(frame):
        return "cache"
    body = _body_of(ev, frame)
    if id(info.term) in body.tried:
        return "try"
    if body.tests and not straight_lines.always_runs(frame, info.term.at[0]):
        return "membership"
    if _is_taken_out(ev, frame.file):
        return "taken-out"
    if info.arguments.get("name") is not None and constructors.rests_on(ev, info, "name"):
        return "called-once"  # a factory: each call names another metric
    return ""


def _is_taken_out(ev: Evaluator, file: FileState) -> bool:
    """Tell whether a file takes a metric out of a registry again: anything but the collectors that the client itself registers."""
    for function, definition in (place for name in ev.library.clients.removing for place in file.ir.calls_named(name)):
        frame = file.frame(function)
        call = frame.ir.defs[definition].term
        if isinstance(call, Call) and not (call.args and last_name(call.args[0], frame).endswith(ev.library.clients.own_collectors)):
            return True
    return False


def _runs_once(frame: Frame) -> bool:
    """Tell whether a decorator keeps the result of a function."""
    outer = _outer(frame)
    return any(last_name(terms.decorator_of(term, outer)[0], outer) in RUN_ONCE for term in frame.ir.decorators)


def _is_kept(ev: Evaluator, frame: Frame) -> bool:
    """Tell whether a class decides itself how many objects it makes: by `__new__`, a metaclass, or a decorator that is not known."""
    owner = class_graph.owner_of(frame.file, frame.ir)
    if owner is None or frame.ir.name not in CONSTRUCTORS:
        return False
    for cls in class_graph.mro(ev, owner):
        if not isinstance(cls, ClassObject):
            continue
        outer = cls.file.frame(cls.ir.parent)
        named = {last_name(value, outer) for key, value in cls.ir.keywords if key == "metaclass"}
        decorated = {last_name(terms.decorator_of(term, outer)[0], outer) for term in cls.ir.decorators}
        if named - PLAIN_METACLASSES or decorated - PLAIN_DECORATORS or ("__new__" in cls.ir.methods and frame.ir.name != "__new__"):
            return True
    return False


def _outer(frame: Frame) -> Frame:
    """Return the open frame that the decorators of a function belong to."""
    return frame.file.frame(frame.ir.parent) if frame.ir.parent >= 0 else frame


@query(initial=None, key=lambda frame, depth: (id(frame.ir), depth))
def _again(ev: Evaluator, frame: Frame, depth: int) -> Step | None:
    """Return what makes a function run more than once, None if nothing is known to."""
    ir = frame.ir
    if frame.file.is_test or _runs_once(frame) or _is_kept(ev, frame):
        return None
    if ir.name not in CONSTRUCTORS:
        if _is_handler(ev, frame):
            return Step(frame.place(ir.at), f"`{ir.name}()` runs again for every request or job")
        for where, call in callbacks.passing(ev, frame.file, ir):
            itself = where.ir is ir and last_name(call.func, where) in RUN_AGAIN
            if not where.file.is_test and (itself or _calls_often(call, where)):
                return Step(where.place(call.at), f"`{ir.name}()` is called again and again from here")
    for site in callers.callers_of(ev, frame.file, ir):
        if not site.written or site.frame.file.is_test or not _is_certain(site.frame, site.call):
            continue
        found = _around(ev, site.frame, site.call)
        if found is None and depth < MAX_CALL_CHAIN and site.frame.ir is not ir and site.frame.ir.kind == "function":
            found = _again(ev, site.frame, depth + 1)
        if found is not None:
            return found
    return None


def _around(ev: Evaluator, frame: Frame, call: Call) -> Step | None:
    """Return the loop around a call, None where the first turn leaves it: a retry."""
    if not constructors.is_repeated(ev, frame.ir, call):
        return None
    lines = straight_lines.lines_of(frame)
    endless = straight_lines.endless_loop(lines, 1, call.at[0])
    if endless is not None:
        return _step(frame, endless, "this loop calls it again")
    if not straight_lines.leaves_loop(lines, call.at[0]) and len(ev.eval(call.func, frame)) == 1:  # else each turn may call another
        return Step(frame.place(call.at), "it is called in a loop")
    return None


def _is_certain(frame: Frame, call: Call) -> bool:
    """Tell whether a call is under no test that may look for what it makes."""
    return frame.ir.kind == "module" or straight_lines.always_runs(frame, call.at[0])


def _calls_often(call: Call, frame: Frame) -> bool:
    name = last_name(call.func, frame)
    if name in SCHEDULED:
        trigger = call.args[1] if len(call.args) > 1 else dict(call.kwargs).get("trigger")
        made = frame.ir.defs[trigger.index].term if isinstance(trigger, Use) else trigger
        said = made.value if isinstance(made, Const) else last_name(made.func, frame) if isinstance(made, Call) else ""
        return trigger is not None and said not in RUN_ONCE_TRIGGERS
    if name == "do":
        return isinstance(call.func, Attr) and _begins_with(call.func, frame, "every")
    return name in CALLED_OFTEN


def _begins_with(term: AnyTerm, frame: Frame, name: str) -> bool:
    """Tell whether a chain of attributes and calls begins with a call of this name: `every(5).minutes.do`."""
    for _ in range(MAX_ROOTS):
        if isinstance(term, Use):
            term = frame.ir.defs[term.index].term
        elif isinstance(term, Attr):
            term = term.base
        elif isinstance(term, Call):
            if last_name(term.func, frame) == name:
                return True
            term = term.func
        else:
            break
    return False


def _is_handler(ev: Evaluator, frame: Frame) -> bool:
    """Tell whether a function handles requests or jobs: by its decorator (`@app.get("/")`), or as a method of a handler's class."""
    ir = frame.ir
    outer = _outer(frame)
    for term in ir.decorators:
        target, called = terms.decorator_of(term, outer)
        name = last_name(target, outer)
        if name in (RUN_OFTEN if called else RUN_OFTEN_BARE):
            found = ev.eval(target, outer)
            if not any(isinstance(o, LibraryPath) and o.path.partition(".")[0] in RUN_BY_HAND for o in found):
                return True
        if name == "connect" and isinstance(target, Attr) and last_name(target.base, outer) in RUN_FOR_EACH:
            return True
    if ir.owner < 0:
        return ir.parent == 0 and tuple(p.name for p in ir.params) in conventions.HANDLER_PARAMETERS
    if ir.name not in HANDLING_METHODS:
        return False
    owner = class_graph.owner_of(frame.file, ir)
    bases = class_graph.external_bases(ev, owner) if owner is not None else []
    return any(base.rpartition(".")[2] in HANDLING_BASES for base in bases) or ir.name.startswith("on_")


def _step(frame: Frame, line: int, why: str) -> Step:
    file: FileState = frame.file
    text = file.ir.text.split("\n")[line - 1]
    start = len(text) - len(text.lstrip())
    return Step(file.place((line, start + 1, line, len(text.rstrip()) + 1)), why)


def over_modules(ev: Evaluator, metrics: Iterable[Metric]) -> Iterator[tuple[Place, Place]]:
    """Yield the metrics of one name that two modules make, where importing the second module always imports the first one.

    Both statements and all imports between them are at the left edge of their files: what is indented may not run.
    """
    by_name: dict[str, list[Metric]] = {}
    for metric in metrics:
        fixed = metric.name_value.exact == (metric.name,) and metric.registry == "default" and metric.constructor == "direct"
        if fixed and not (metric.in_test or metric.owner or metric.guarded or metric.in_loop):
            base = metric.name.removesuffix("_total") if metric.type == "counter" else metric.name
            by_name.setdefault(base, []).append(metric)
    loaded: dict[str, frozenset[str]] = {}
    known: set[tuple[Place, Place]] = set()  # of two modules that import each other one metric is the second
    for same in by_name.values():
        for later in same if len({m.place.path for m in same}) > 1 else ():
            if later.place.path not in loaded:
                loaded[later.place.path] = _always_loaded(ev, later.place.path)
            first = next((m for m in same if m.place.path in loaded[later.place.path]), None)
            if first is None or (later.place, first.place) in known:
                continue
            if all(_is_at_the_edge(ev, m.place) for m in (first, later)):
                known.add((first.place, later.place))
                yield first.place, later.place


def _is_at_the_edge(ev: Evaluator, place: Place) -> bool:
    """Tell whether the statement at a place is one of the module itself, in no branch, loop or collection."""
    state = ev.modules.state(place.path)
    lines = state.ir.text.splitlines()[place.line - 1 : place.line] if state is not None else []
    start = lines[0][: place.column - 1] if lines else " "
    return not start[:1].isspace() and ":" not in start and " if " not in lines[0] and " or " not in start and " and " not in start


def _always_loaded(ev: Evaluator, path: str) -> frozenset[str]:
    """Return the files that are imported whenever a file is: those of its imports at the left edge, and theirs."""
    found: dict[str, None] = {}
    edge = [path]
    for _ in range(MAX_IMPORT_DEPTH):
        states = [state for each in edge if (state := ev.modules.state(each)) is not None]
        named = (file for state in states for file in _imported_first(ev, state))
        edge = [file for file in dict.fromkeys(named) if file not in found and file != path]
        found.update(dict.fromkeys(edge))
    return frozenset(found)


def _imported_first(ev: Evaluator, state: FileState) -> Iterator[str]:
    for term in (d.term for d in state.ir.functions[0].defs if isinstance(d.term, Import) and d.term.at[1] == 1):
        below = f"{term.module}{'' if term.module.endswith('.') else '.'}{term.name}" if term.name not in ("", "*") else ""
        package = ev.modules.find(term.module, state).path
        if package is not None:
            yield package
        holder = ev.modules.state(package) if package is not None and below else None
        part = ev.modules.find(below, state).path if below and (holder is None or term.name not in holder.ir.functions[0].names) else None
        if part is not None:  # a module of the package, unless the package has something else of that name
            yield part
