"""Decorators that change what a function returns: the wrapper runs in the place of the function."""

from __future__ import annotations

from cardlint.inference.codebase import stores, terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Function, Instance, Objects
from cardlint.inference.domain.value_sets import perhaps
from cardlint.inference.primitives import class_graph, scopes
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, Attr, Call, FreeVar, Param, Refine, Use


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
            held = _held(base)
            return bool(held) and all(_called(method, returned) in held for returned in method.returns)
        wrapper = _wrapper(Function(base.file, method, None, None))
        given = method.params[1].name if len(method.params) > 1 else ""
        return wrapper is not None and _passes_on(wrapper, given)
    return True  # it is no wrapper of results: the name is bound to something else, or a base of a library calls it


def _held(cls: ClassObject) -> frozenset[str]:
    """Return the attributes that the constructor of a class sets to its first argument, and nothing else sets."""
    index = cls.ir.methods.get("__init__")
    ir = cls.file.ir.functions[index] if index is not None else None
    if ir is None or len(ir.params) < 2:
        return frozenset()
    frame = cls.file.frame(ir.index)
    given = {s.name for s in ir.stores if s.how == "attr" and _is_parameter(s.value, ir.params[1].name, frame)}
    return frozenset(name for name in given if name not in cls.ir.methods and _is_set_once(cls, name))


def _is_set_once(cls: ClassObject, name: str) -> bool:
    """Tell whether one statement of a file sets an attribute of a class; what other classes set on their `self` is not of this one."""
    count = 0
    for index, store in stores.attribute_stores(cls.file, name):
        ir = cls.file.ir.functions[index]
        on_self = ir.owner >= 0 and bool(ir.params) and _is_parameter(store.base, ir.params[0].name, cls.file.frame(index))
        count += not (on_self and ir.owner != cls.ir.index)
    return count == 1


def _is_parameter(term: AnyTerm | None, name: str, frame: Frame) -> bool:
    found = terms.without_tests(term, frame) if term is not None else None
    return isinstance(found, Param) and found.name == name


def _called(ir: FunctionIR, term: AnyTerm) -> str:
    """Return the name of the attribute of `self` whose call gives a returned value, '' for another one."""
    while isinstance(term, (Use, Refine)):
        term = ir.defs[term.index].term if isinstance(term, Use) else term.base
    func = term.func if isinstance(term, Call) else None
    base = ir.defs[func.base.index].term if isinstance(func, Attr) and isinstance(func.base, Use) else None
    return func.name if isinstance(func, Attr) and isinstance(base, Param) and base.name == ir.params[0].name else ""


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
