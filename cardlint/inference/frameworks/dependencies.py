"""Dependencies of FastAPI: the framework fills in the parameters of the argument of `Depends(...)` from the request."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.objects import ClassObject, Function, Instance, LibraryPath, Objects
from cardlint.inference.frameworks import routes
from cardlint.inference.language import type_hints
from cardlint.inference.primitives import class_graph
from cardlint.ir.model import ParameterIR
from cardlint.ir.terms import Call
from cardlint.knowledge.injection import FASTAPI


def parameter(ev: Evaluator, found: ParameterIR, frame: Frame, declared: Objects) -> Objects | None:
    """Return what the framework passes to a dependency, None where the function is none."""
    ir = frame.ir
    if ir.kind != "function" or (ir.owner >= 0 and (ir.name not in FASTAPI.methods or found is ir.params[0])):
        return None
    return routes.from_request(ev, FASTAPI.parameters, "", found, frame, declared) if is_one(ev, frame) else None


def is_class(ev: Evaluator, found: ParameterIR, outer: Frame) -> bool:
    """Tell whether a parameter depends on a class, so that the framework makes an instance of the request: `Depends()`, `Depends(Page)`."""
    return any(
        getattr(call.func, "name", "") in FASTAPI.calls
        and (not call.args or any(isinstance(o, ClassObject) for o in ev.eval(call.args[0], where)))
        for call, where in type_hints.markers(ev, found, outer)
    )


@query(initial=False, key=lambda frame: id(frame.ir))
def is_one(ev: Evaluator, frame: Frame) -> bool:
    """Tell whether a function, or the class whose method it is, is an argument of `Depends`."""
    owner = class_graph.owner_of(frame.file, frame.ir)
    written = owner.ir.name if owner is not None and frame.ir.name == "__init__" else frame.ir.name
    for name in FASTAPI.calls:
        for path in ev.modules.mentioning(frame.file, name, "call"):
            mentioned = written == "__call__" or path in ev.modules.mentioning(frame.file, written)
            state = ev.modules.state(path) if mentioned else None
            if state is not None and any(
                _names(ev, state, function, index, frame, owner) for function, index in state.ir.calls_named(name)
            ):
                return True
    return False


def _names(ev: Evaluator, state: FileState, function: int, index: int, frame: Frame, owner: ClassObject | None) -> bool:
    """Tell whether one call of `Depends` is given the function or its class, or declares a parameter of that class."""
    where = state.frame(function)
    call = where.ir.defs[index].term
    assert isinstance(call, Call)
    if not any(isinstance(o, LibraryPath) and o.path.startswith(f"{FASTAPI.package}.") for o in ev.eval(call.func, where)):
        return False
    if call.args:
        return any(_is(ev, o, frame, owner) for o in ev.eval(call.args[0], where))
    if owner is None:
        return False
    return any(
        isinstance(o, Instance) and owner in class_graph.mro(ev, o.cls)
        for ir in state.ir.functions
        if ir.parent == function
        for param in ir.params
        if param.annotation is not None and any(marker is call for marker, _ in type_hints.markers(ev, param, where))
        for o in type_hints.from_annotation(ev, param.annotation, where)
    )


def _is(ev: Evaluator, obj: object, frame: Frame, owner: ClassObject | None) -> bool:
    if isinstance(obj, Function):
        return obj.ir is frame.ir
    if owner is None:
        return False
    if isinstance(obj, ClassObject):
        return frame.ir.name == "__init__" and owner in class_graph.mro(ev, obj)
    return isinstance(obj, Instance) and frame.ir.name == "__call__" and owner in class_graph.mro(ev, obj.cls)
