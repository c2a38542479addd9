"""Context variables: `VAR.get()` returns the value of any `VAR.set(...)` in the program."""

from __future__ import annotations

from cardlint.common.textscan import SETTER_PASSED_ON
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import value_query
from cardlint.inference.domain.containers import Mapping, Sequence, UnknownKey
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, ContextVariable, Object, Objects
from cardlint.inference.domain.value_sets import unknown
from cardlint.inference.limits import MAX_SET_FILES
from cardlint.ir.terms import Attr, Call, Use


def method(ev: Evaluator, box: ContextVariable, name: str, term: Call, frame: Frame) -> Objects:
    """Call a method of a context variable."""
    if name != "get":
        return (unknown(f"`{name}()` of a context variable"),)
    groups = [held(ev, box, frame)]
    default = terms.argument(term, 0)
    if default is not None:
        groups.append(ev.eval(default, frame))
    return join_objects([g for g in groups if g]) if any(groups) else (unknown("a context variable that is never set"),)


@value_query(initial=BOTTOM, key=lambda variable, frame: id(variable.term))
def held(ev: Evaluator, variable: ContextVariable, frame: Frame) -> Objects:
    """Join the default of a variable and the arguments of every `set` in the program."""
    groups: list[Objects] = []
    for keyword, value in variable.term.kwargs:
        if keyword == "default":
            groups.append(_shared(ev.eval(value, variable.frame)))
    name = _name(variable)
    paths = ev.modules.mentioning(variable.frame.file, name) if name else ()
    if len(paths) > MAX_SET_FILES:
        ev.limit(frame, variable.term.at, f"more than {MAX_SET_FILES} files mention the context variable `{name}`", "MAX_SET_FILES")
        groups.append((unknown("a context variable that is set in too many places"),))
        paths = ()
    for path in paths:
        state = ev.modules.state(path)
        if state is None:
            continue
        if _escapes(name, state):
            groups.append((unknown(f"the context variable `{name}` is passed on and may be set there"),))
        for function, definition in state.ir.calls_named("set"):
            call = state.ir.functions[function].defs[definition].term
            if not isinstance(call, Call) or not isinstance(call.func, Attr) or not call.args:
                continue
            inner = state.frame(function)
            if any(isinstance(o, ContextVariable) and o.term is variable.term for o in ev.eval(call.func.base, inner)):
                alts = ev.eval(call.args[0], inner)
                groups.append(ev.stepped(alts, inner, call.at, f"set in the context variable `{name}`"))
    return join_objects(groups)


def _shared(alts: Objects) -> Objects:
    """Return a default that is a collection as one that may hold anything: every reader gets the same one, and may fill it."""
    more = Lazy(None, None, (unknown("a collection that all contexts share"),))
    out: list[Object] = []
    for obj in alts:
        if isinstance(obj, Sequence) and obj.kind != "tuple":
            obj = Sequence(obj.kind, (), (*obj.items, *obj.rest, more))
        elif isinstance(obj, Mapping):
            keys = frozenset(k for k, _ in obj.entries if not isinstance(k, UnknownKey))
            obj = Mapping((*obj.entries, *((k, more) for k in keys)), True, keys)
        out.append(obj)
    return tuple(out)


def _escapes(name: str, state: FileState) -> bool:
    """Tell whether a file takes the method `set` of a variable without calling it: `put = VAR.set`."""
    return bool(name) and SETTER_PASSED_ON.of(name=[name]).search(state.ir.text) is not None


def _name(box: ContextVariable) -> str:
    """Return the name a context variable is bound to."""
    for definition in box.frame.ir.defs:
        term = definition.term
        if definition.name and (term is box.term or (isinstance(term, Use) and box.frame.ir.defs[term.index].term is box.term)):
            return definition.name.rpartition(".")[2]
    return ""
