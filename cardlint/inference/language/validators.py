"""Validators: functions that raise for values they do not know, and so narrow the caller's variable.

`validate(name)` bounds nothing by its result. It bounds by returning: at each of its returns, the parameter has passed the
tests before it, and so has the caller's variable.
"""

from __future__ import annotations

from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, Function, LibraryPath, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.primitives import binding, class_graph
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, Call, Param, Refine, Use


def passed(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a variable that is left by a call that got it and returned."""
    if not any(isinstance(o, LibraryPath) or (isinstance(o, ValueSet) and o.cls >= Bound.PER_DEPLOYMENT) for o in base):
        return base
    call = frame.fact.defs[term.by.index].term if isinstance(term.by, Use) else None
    if not isinstance(call, Call) or not isinstance(term.base, Use):
        return base
    helper = _helper(ev, call, frame)
    if helper is None or not any(helper.fact.guards):
        return base
    inner = binding.bound_frame(ev, helper, call, frame)
    name = _parameter(inner, term.base.index, frame) if inner is not None else None
    if inner is None or name is None:
        return base
    groups: list[Objects] = []
    for guards in helper.fact.guards:
        if not binding.reached(ev, guards, inner):
            continue
        index = next((g for g in reversed(guards) if _tests(helper.fact, g, name)), None)
        if index is None:
            return base
        groups.append(ev.ref(Use(index, helper.fact.defs[index].at), inner))
    return (join_objects(groups) if groups else BOTTOM) or base


def _helper(ev: Evaluator, call: Call, frame: Frame) -> Function | None:
    """Return the one analysed function that a call runs; None where that is not certain."""
    callees = ev.eval(call.func, frame)
    if len(callees) != 1 or not isinstance(callees[0], Function):
        return None
    found = callees[0]
    if found.fact.yields or any(terms.decorator_name(d) not in ("staticmethod", "classmethod") for d in found.fact.decorators):
        return None
    owner = class_graph.owner_of(found.file, found.fact)
    if owner is not None and any(found.fact.name in sub.fact.methods for sub in class_graph.subclasses(ev, owner)):
        return None
    return found


def _parameter(inner: Frame, index: int, frame: Frame) -> str | None:
    """Return the parameter that a call gives a definition of the caller to."""
    for name, thunk in (inner.bindings or {}).items():
        if thunk.frame is frame and isinstance(thunk.term, Use) and thunk.term.index == index:
            return name
    return None


def _tests(fact: FunctionIR, index: int, name: str) -> bool:
    """Tell whether a tested definition is the parameter itself, not something that was assigned to its name."""
    term: AnyTerm = fact.defs[index].term
    while isinstance(term, (Refine, Use)):
        term = term.base if isinstance(term, Refine) else fact.defs[term.index].term
    return isinstance(term, Param) and term.name == name
