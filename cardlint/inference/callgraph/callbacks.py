"""Callbacks: functions that are passed on instead of called: to executors, threads, task queues and analysed functions.

Each of them is a call site like any other. A function that is passed to unknown code may be called with anything.
"""

from __future__ import annotations

from cardlint.common.textscan import HANDED_ON
from cardlint.inference.callgraph.call_sites import CallSite, FrameworkCall, UnknownCallSite
from cardlint.inference.callgraph.escapes import Kept
from cardlint.inference.codebase import terms
from cardlint.inference.codebase.terms import last_name
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.objects import ClassObject, Function, Instance, LibraryPath, Partial
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.limits import MAX_CALLBACK_FILES
from cardlint.inference.primitives import binding
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, Attr, Call, Const, FunctionDef, Import, Iterate, Param, Star, Use
from cardlint.knowledge import RECEIVERS
from cardlint.knowledge.handing import HANDS, TASKS, Hand

CALLBACK_APIS = {hand.name: hand for hand in HANDS}
TASK_METHODS = {hand.name: hand for hand in TASKS}
Place = tuple[Frame, Call]


class Handed:
    """The calls of a function that is passed as an argument, and the places where it escapes to unknown code."""

    def __init__(self) -> None:
        self.calls: list[tuple[Frame, Call, Function, Partial | None]] = []
        self.lost: list[tuple[Frame, Call, Partial | None]] = []
        self.kept: list[Kept] = []


def handed_on(ev: Evaluator, file: FileState, ir: FunctionIR, method: bool) -> Handed:
    """Find where a function is passed as an argument, in the files that write its name as an argument or call it as a task."""
    out = Handed()
    if ir.kind != "function" or not ir.params or ir.name.startswith("__"):
        return out
    forms = ("argument",) if method else ("argument", "task")
    paths = sorted({path for form in forms for path in ev.modules.mentioning(file, ir.name, form)})
    paths = [path for path in paths if path == file.path or _may_know(ev, path, file, method)]
    if len(paths) > MAX_CALLBACK_FILES:
        return out
    for path in paths:
        state = ev.modules.state(path)
        if state is None:
            continue
        for frame, call in _calls(state, ir.name):
            _look(ev, frame, call, ir, ir.name, out)
    for state, name in _imported_as(ev, file, ir) if ir.decorators and not method else ():
        for frame, call in _calls(state, name):
            if _task(call, frame.ir) == name:
                _look(ev, frame, call, ir, name, out)
    return out


def _imported_as(ev: Evaluator, file: FileState, ir: FunctionIR) -> list[tuple[FileState, str]]:
    """List the other names under which files import a task: `from tasks import send as send_later`. Plain calls by them are found elsewhere."""
    paths = [path for path in ev.modules.mentioning(file, ir.name, "import") if _may_know(ev, path, file, False)]
    if len(paths) > MAX_CALLBACK_FILES:
        return []
    return [
        (state, definition.name)
        for path in paths
        if (state := ev.modules.state(path)) is not None
        for body in state.ir.functions
        for definition in body.defs
        if type(definition.term) is Import and definition.term.name == ir.name != definition.name
    ]


def handed_lambda(ev: Evaluator, file: FileState, ir: FunctionIR) -> Handed:
    """Find where a lambda is passed as an argument, which is where it is written: `fetch(name, factory=lambda found: Timing(found))`."""
    out = Handed()
    for frame, call in _calls(file, _of_lambda(ir.index)) if ir.params else ():
        _look(ev, frame, call, ir, _of_lambda(ir.index), out)
    return out


def _of_lambda(index: int) -> str:
    """Return the name under which a lambda is kept among the arguments of a file: no function has one like it."""
    return f"<{index}>"


def passing(ev: Evaluator, file: FileState, ir: FunctionIR) -> list[Place]:
    """List the calls that get a function as an argument, whatever they do with it: schedulers, tables of routes."""
    return [(frame, call) for frame, call, _, _ in _getting(ev, file, ir)] if ir.name != "<lambda>" else []


def receiving(ev: Evaluator, file: FileState, ir: FunctionIR) -> list[tuple[Frame, Call, str]]:
    """List the calls of receivers that get a function or a lambda itself, each with its position or keyword: `#0`, `callback`."""
    return [(frame, call, place) for frame, call, place, partial in _getting(ev, file, ir, RECEIVERS) if partial is None]


def _getting(
    ev: Evaluator, file: FileState, ir: FunctionIR, called: frozenset[str] | None = None
) -> list[tuple[Frame, Call, str, Partial | None]]:
    """List the calls, those of some names or all, that get a function or a partial of it. A lambda is passed where it is written."""
    if ir.kind != "function" or ir.name.startswith("__"):
        return []
    spoken = _of_lambda(ir.index) if ir.name == "<lambda>" else ir.name
    paths = {file.path} if spoken != ir.name else set(ev.modules.mentioning(file, ir.name, "argument"))
    if called is not None and paths:  # reading a file takes steps
        paths &= {path for name in called for path in ev.modules.mentioning(file, name, "call")}
        paths = {path for path in paths if path == file.path or _may_know(ev, path, file, ir.owner >= 0)}
    if len(paths) > MAX_CALLBACK_FILES:
        return []
    out: list[tuple[Frame, Call, str, Partial | None]] = []
    for path in sorted(paths):
        state = ev.modules.state(path)
        for frame, call in _calls(state, spoken) if state is not None else ():
            if called is not None and last_name(call.func, frame) not in called:
                continue
            given = [(f"#{i}", a) for i, a in enumerate(call.args)] + list(call.kwargs)
            for place, argument in given:
                target = _target(ev, argument, frame, ir) if _spoken(argument, frame.ir) == spoken else None
                if target is not None:
                    out.append((frame, call, place, target[1]))
                    break
    return out


def _may_know(ev: Evaluator, path: str, file: FileState, method: bool) -> bool:
    """Tell whether a file can refer to a function of another one: it names the module, or the package that exports it."""
    if method:
        return True
    names = file.module.split(".")[-2:]
    return any(path in ev.modules.mentioning(file, name) for name in names if name)


def _calls(state: FileState, name: str) -> list[Place]:
    """List the calls of a file that have an argument of this name, or call a method of it."""
    if not name.startswith("<"):
        state.ir.reveal(HANDED_ON.of(name=[name], methods=TASK_METHODS))
    done, index = state.arguments_indexed, state.arguments
    for ir in list(state.ir.functions):
        if ir.index in done or ir.reveal is not None:
            continue
        done.add(ir.index)
        for definition in ir.defs:
            term = definition.term
            if type(term) is Call:
                frame = state.frame(ir.index)
                for spoken in {_spoken(a, ir) for a in (*term.args, *(v for _, v in term.kwargs))} | {_task(term, ir)}:
                    if spoken:
                        index.setdefault(spoken, []).append((frame, term))
    return sorted(index.get(name, ()), key=lambda place: place[1].at)


def _spoken(term: AnyTerm, ir: FunctionIR) -> str:
    """Return the name of an argument; for `partial(f, ...)` the name of the function."""
    if type(term) is Use:
        definition = ir.defs[term.index]
        if definition.name:
            return definition.name.rpartition(".")[2]
        inner = definition.term
        if type(inner) is Call and inner.args and terms.last_part(inner.func, ir) == "partial":
            return _spoken(inner.args[0], ir)
        return ""
    if type(term) is FunctionDef:
        return _of_lambda(term.index)
    return terms.last_part(term, ir)


def _task(term: Call, ir: FunctionIR) -> str:
    func = term.func
    return terms.last_part(func.base, ir) if isinstance(func, Attr) and func.name in TASK_METHODS else ""


def _look(ev: Evaluator, frame: Frame, call: Call, ir: FunctionIR, name: str, out: Handed) -> None:
    """Find the effect of one call on the function that it names: it calls it, passes it on to an analysed function, or the function escapes."""
    func = call.func
    if isinstance(func, Attr) and func.name in TASK_METHODS and last_name(func.base, frame) == name:
        target = _target(ev, func.base, frame, ir)
        if target is not None:
            partial = target[1] or _itself(ev, target[0].file.frame(ir.index))
            out.calls.append((frame, _made(ev, call, TASK_METHODS[func.name], -1), target[0], partial))
            return
    given = [(i, a) for i, a in enumerate(call.args)] + [(k, v) for k, v in call.kwargs]
    for position, argument in given:
        if isinstance(argument, Star) or _spoken(argument, frame.ir) != name:
            continue
        target = _target(ev, argument, frame, ir)
        if target is None:
            continue
        hand = CALLBACK_APIS.get(last_name(func, frame))
        if hand is not None and position in (hand.function, hand.keyword):
            out.calls.append((frame, _made(ev, call, hand, hand.function if isinstance(position, int) else -1), target[0], target[1]))
            return
        callees = ev.eval(func, frame)
        functions = [o for o in callees if isinstance(o, Function)]
        called = [_inside(ev, o, call, frame, ir, out) for o in functions]
        if (functions and (target[1] is not None or not all(called))) or any(isinstance(o, (ClassObject, Instance)) for o in callees):
            out.kept.append(Kept(frame, argument, call, position if isinstance(position, str) else None, target[1] is not None))
        unknown = any(isinstance(o, LibraryPath) or (isinstance(o, ValueSet) and o.bound is Bound.UNKNOWN) for o in callees)
        if unknown and not _is_partial(func, frame):
            out.lost.append((frame, call, target[1]))
        return


@query(initial=None, key=lambda frame: id(frame.ir))
def _itself(ev: Evaluator, frame: Frame) -> Partial | None:
    """Return the argument that a task queue puts before those of a call: a bound task gets itself."""
    first, decorators = frame.ir.params[0], len(frame.ir.decorators)
    if ev.frameworks.passing(ev, frame, decorators) != "positions" or ev.frameworks.parameter(ev, first, frame, ()) is None:
        return None
    return Partial((), (frame.lazy(frame.written(("passed", first.name), Param(first.name, first.at))),), ())


def _is_partial(func: AnyTerm, frame: Frame) -> bool:
    return last_name(func, frame) in ("partial", "wraps", "update_wrapper", "isinstance", "iscoroutinefunction", "signature", "callable")


def _target(ev: Evaluator, term: AnyTerm, frame: Frame, ir: FunctionIR) -> tuple[Function, Partial | None] | None:
    """Return the function of an argument, with the arguments that a partial has already bound."""
    for obj in ev.eval(term, frame):
        if isinstance(obj, Function) and obj.ir is ir:
            return obj, None
        if isinstance(obj, Partial):
            inner = next((o for o in obj.func if isinstance(o, Function) and o.ir is ir), None)
            if inner is not None:
                return inner, obj
    return None


NO_CALL = Call(Const(None, (1, 1, 1, 1)), (), (), (1, 1, 1, 1))
"""Represents a call that cannot be written out."""


@query(initial=NO_CALL, key=lambda call, hand, at: (id(call), hand, at))
def _made(ev: Evaluator, call: Call, hand: Hand, at: int) -> Call:
    """Write out the call of a callback: `submit(f, x)` calls `f(x)`."""
    args: tuple[AnyTerm, ...] = ()
    kwargs: tuple[tuple[str, AnyTerm], ...] = ()
    if hand.how == "rest":
        args = call.args[at + 1 :]
        kwargs = tuple((k, v) for k, v in call.kwargs if k != hand.keyword)
    elif hand.how == "each":
        args = tuple(Iterate(a, a.at) for a in call.args[at + 1 :])
    else:
        named = dict(call.kwargs)
        packed = named.get("args") or (call.args[hand.first] if len(call.args) > hand.first else None)
        opened = named.get("kwargs") or (call.args[hand.first + 1] if len(call.args) > hand.first + 1 else None)
        args = (Star(packed, packed.at),) if packed is not None else ()
        kwargs = (("", opened),) if opened is not None else ()
    return Call(call.func, args, kwargs, call.at)


def _inside(ev: Evaluator, callee: Function, call: Call, frame: Frame, ir: FunctionIR, out: Handed) -> bool:
    """Follow a function into an analysed function that gets it as an argument; tell whether every parameter with it is called there."""
    inner = binding.bound_frame(ev, callee, call, frame)
    if inner is None or inner.bindings is None:
        return True
    everywhere = True
    for name, thunk in inner.bindings.items():
        target = next((o for o in ev.force(thunk) if isinstance(o, Function) and o.ir is ir), None)
        if target is None:
            continue
        called = [d.term for d in callee.ir.defs if type(d.term) is Call and _is_parameter(d.term.func, callee.ir, name)]
        out.calls.extend((inner, term, target, None) for term in called)
        everywhere = everywhere and (bool(called) or _decorates(callee.ir, callee.file))
    return everywhere


def _is_parameter(term: AnyTerm, ir: FunctionIR, name: str) -> bool:
    while type(term) is Use:
        term = ir.defs[term.index].term
    return type(term) is Param and term.name == name


def _decorates(ir: FunctionIR, file: FileState) -> bool:
    """Tell whether a function makes a wrapper of its argument: a decorator that is applied by a call."""
    return any(inner.parent == ir.index for inner in file.ir.functions)


def in_place_of(ev: Evaluator, file: FileState, decorator: FunctionIR, state: FileState, decorated: FunctionIR) -> list[CallSite]:
    """List the calls that frameworks and task queues make of the wrapper which a decorator puts in the place of a function.

    They have what the decorators above got. A decorator below has the function itself, and calls that.
    """
    frame = state.frame(decorated.parent)
    above, closure = _decoration(ev, file, decorator, decorated, frame)
    passing = ev.frameworks.passing(ev, state.frame(decorated.index), above)
    found = handed_on(ev, state, decorated, decorated.owner >= 0)
    out: list[CallSite] = [CallSite(where, call, None, partial) for where, call, _, partial in found.calls]
    if passing:
        direct = above == len(decorated.decorators) - 1
        return [*out, FrameworkCall(state.frame(decorated.index), passing, direct, closure)]
    return [*out, *(UnknownCallSite(where, call, None, partial) for where, call, partial in found.lost)]


def _decoration(ev: Evaluator, file: FileState, decorator: FunctionIR, decorated: FunctionIR, frame: Frame) -> tuple[int, Frame | None]:
    """Return how many decorators of a function are above one, and the frame of that one where a call of a factory made it."""
    factories = [decorator, *([file.ir.functions[decorator.parent]] if decorator.parent > 0 else ())]
    for position, term in enumerate(decorated.decorators):
        for obj in ev.eval(term, frame):
            if isinstance(obj, Function) and any(obj.ir is factory for factory in factories):
                made = obj.closure if obj.ir is decorator else None
                return position, file.frame(decorator.index).context(made, made) if made is not None else None
    return len(decorated.decorators), None
