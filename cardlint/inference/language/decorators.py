"""Decorators that change what a function returns: the wrapper runs in the place of the function."""

from __future__ import annotations

from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Function, Instance, Objects
from cardlint.inference.domain.value_sets import perhaps
from cardlint.inference.primitives import class_graph, scopes
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, Attr, Call, FreeVar, Refine, Use


def replaced(ev: Evaluator, fn: Function, term: Call, frame: Frame) -> Objects:
    """Call the wrapper that a decorator puts in the place of a function; NOTHING without such a decorator.

    The usual wrapper returns the result of the function. It is skipped and adds no step.
    """
    scope = fn.file.frame(fn.ir.parent)
    if terms.flag(fn.ir, *scopes.DISPATCHING):
        own = [ir for ir in fn.file.ir.functions if ir is fn.ir or (ir.decorators and scopes.dispatcher(fn.file, ir) is fn.ir)]
        return join_objects([ev.call(Function(fn.file, ir, fn.bound, fn.closure, bare=True), term, frame) for ir in own])
    for decorator in fn.ir.decorators:
        for obj in ev.eval(decorator, scope):
            if isinstance(obj, (ClassObject, Instance)) and not _keeps_results(ev, obj):
                bare = Function(fn.file, fn.ir, fn.bound, fn.closure, bare=True)
                made_of = obj.ir.name if isinstance(obj, ClassObject) else obj.cls.ir.name
                return join_objects([ev.call(bare, term, frame), (perhaps(f"an object of `{made_of}` calls `{fn.ir.name}`"),)])
            if not isinstance(obj, Function) or not obj.ir.params:
                continue
            wrapper = _wrapper(obj)
            if wrapper is None or _passes_on(wrapper, obj.ir.params[0].name):
                continue
            bare = Function(fn.file, fn.ir, fn.bound, fn.closure, bare=True)
            made = Frame(
                obj.file,
                obj.ir,
                {obj.ir.params[0].name: Lazy(None, None, (bare,))},
                obj.closure or obj.file.frame(obj.ir.parent),
                frame,
                frame.depth + 1,
            )
            inner = [o for r in obj.ir.returns for o in ev.eval(r, made) if isinstance(o, Function) and o.ir is wrapper]
            groups = [ev.call(Function(o.file, o.ir, None, made, bare=True), term, frame) for o in inner[:1]]
            if groups:
                return join_objects(groups)
    return BOTTOM


def _keeps_results(ev: Evaluator, decorator: ClassObject | Instance) -> bool:
    """Tell whether a class that decorates functions returns what they return.

    `@Cached` makes an object of the function, whose `__call__` runs in its place. `@Retry(3)` calls the `__call__` of an object, which
    returns a wrapper.
    """
    cls = decorator if isinstance(decorator, ClassObject) else decorator.cls
    for base in class_graph.mro(ev, cls):
        if not isinstance(base, ClassObject) or "__call__" not in base.ir.methods:
            continue
        method = base.file.ir.functions[base.ir.methods["__call__"]]
        if isinstance(decorator, ClassObject):
            return all(_is_call_of(method, returned, Attr) for returned in method.returns)
        wrapper = _wrapper(Function(base.file, method, None, None))
        given = method.params[1].name if len(method.params) > 1 else ""
        return wrapper is not None and _passes_on(wrapper, given)
    return True  # it is no wrapper of results: the name is bound to something else, or a base of a library calls it


def _is_call_of(ir: FunctionIR, term: AnyTerm, kind: type) -> bool:
    """Tell whether a returned value is the result of a call of such a term: an attribute of `self` that holds the function."""
    while isinstance(term, (Use, Refine)):
        term = ir.defs[term.index].term if isinstance(term, Use) else term.base
    return isinstance(term, Call) and isinstance(term.func, kind)


def _wrapper(decorator: Function) -> FunctionIR | None:
    """Return the function a decorator defines and returns."""
    functions = decorator.file.ir.functions if decorator.ir.defs else []
    inner = [f for f in functions if f.parent == decorator.ir.index and f.kind == "function"]
    return inner[0] if len(inner) == 1 else None


def _passes_on(wrapper: FunctionIR, name: str) -> bool:
    """Tell whether every value a wrapper returns is the result of the decorated function."""
    for returned in wrapper.returns:
        term: AnyTerm = returned
        while isinstance(term, (Use, Refine)):
            term = wrapper.defs[term.index].term if isinstance(term, Use) else term.base
        if not (isinstance(term, Call) and isinstance(term.func, FreeVar) and term.func.name == name):
            return False
    return True
