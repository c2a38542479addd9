"""Validators: functions that raise for values they do not know, or say whether they do, and so narrow the caller's variable.

`validate(name)` bounds nothing by its result. It bounds by returning: at each of its returns, the parameter has passed the
tests before it, and so has the caller's variable. After a test of the result, as in `if registry.knows(name)` or `if (found :=
registry.find(name)) is None: return`, only the returns count that can give such a result.
"""

from __future__ import annotations

from functools import partial

from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, Function, LibraryPath, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.language import narrowing
from cardlint.inference.limits import HELPER_STEPS, MAX_HELPERS
from cardlint.inference.primitives import binding, class_graph
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, Attr, Call, Const, Guard, Param, Refine, Use


def passed(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a variable that is left by a call that got it and returned, with a certain result where that was tested."""
    if not any(isinstance(o, LibraryPath) or (isinstance(o, ValueSet) and o.bound >= Bound.PER_DEPLOYMENT) for o in base):
        return base
    call = frame.ir.defs[term.by.index].term if isinstance(term.by, Use) else None
    if not isinstance(call, Call) or not isinstance(term.base, Use):
        return base
    return ev.within(HELPER_STEPS, partial(_left, ev, base, call, term, frame, 0), base, frame, term.at)


def _left(ev: Evaluator, base: Objects, call: Call, term: Refine, frame: Frame, depth: int) -> Objects:
    """Join what each return of a helper leaves of a variable, `base` where one of them leaves all of it."""
    helper = _helper(ev, call, frame)
    if helper is None:
        return base
    inner = binding.bound_frame(ev, helper, call, frame)
    name = _parameter(inner, term.base.index, frame) if inner is not None and isinstance(term.base, Use) else None
    if inner is None or name is None:
        return base
    groups: list[Objects] = []
    for returned, guards in zip(helper.ir.returns, helper.ir.guards, strict=True):
        if _is_other(returned, term.guard, helper.ir) or not binding.reached(ev, guards, inner):
            continue
        found = _looked_up(ev, base, returned, name, term, inner, depth) if term.guard != "not-found" else base
        if found is base:
            index = next((g for g in reversed(guards) if _tests(helper.ir, g, name)), None)
            if index is None:
                return base
            found = ev.ref(Use(index, helper.ir.defs[index].at), inner)
        groups.append(found)
    return (join_objects(groups) if groups else BOTTOM) or base


def _is_other(returned: AnyTerm, guard: Guard, ir: FunctionIR) -> bool:
    """Tell whether a constant result is not the one that was tested for."""
    if isinstance(returned, Use):
        returned = ir.defs[returned.index].term
    if not isinstance(returned, Const) or guard == "checked":
        return False
    return returned.value is None if guard == "given" else bool(returned.value) is (guard == "not-found")


def _looked_up(ev: Evaluator, base: Objects, returned: AnyTerm, name: str, term: Refine, inner: Frame, depth: int) -> Objects:
    """Return the part of a variable that is left where a helper found something by it: `return self.table.get(name)`."""
    call = inner.ir.defs[returned.index].term if isinstance(returned, Use) else None
    if not isinstance(call, Call):
        return base
    given = next((a for a in (*call.args, *(v for _, v in call.kwargs)) if isinstance(a, Use) and _tests(inner.ir, a.index, name)), None)
    if given is None:
        return base
    if term.guard != "checked" and isinstance(call.func, Attr) and call.func.name == "get" and len(call.args) == 1 and not call.kwargs:
        return narrowing.is_key(ev, base, Refine(given, "key", call.func.base, term.at), inner)
    return _left(ev, base, call, Refine(given, term.guard, returned, term.at), inner, depth + 1) if depth < MAX_HELPERS else base


def _helper(ev: Evaluator, call: Call, frame: Frame) -> Function | None:
    """Return the one analysed function that a call runs; None where that is not certain."""
    callees = ev.eval(call.func, frame)
    if len(callees) != 1 or not isinstance(callees[0], Function):
        return None
    found = callees[0]
    if found.ir.yields or any(terms.decorator_name(d) not in ("staticmethod", "classmethod") for d in found.ir.decorators):
        return None
    owner = class_graph.owner_of(found.file, found.ir)
    if owner is not None and any(found.ir.name in sub.ir.methods for sub in class_graph.subclasses(ev, owner)):
        return None
    return found


def _parameter(inner: Frame, index: int, frame: Frame) -> str | None:
    """Return the parameter that a call gives a definition of the caller to, which may have been tested since."""
    given = {t.term.index: name for name, t in (inner.bindings or {}).items() if t.frame is frame and isinstance(t.term, Use)}
    while index not in given:
        term = frame.ir.defs[index].term
        if not isinstance(term, Refine) or not isinstance(term.base, Use):
            return None
        index = term.base.index
    return given[index]


def _tests(ir: FunctionIR, index: int, name: str) -> bool:
    """Tell whether a definition is the parameter itself, tested or not, and not something that was assigned to its name."""
    term: AnyTerm = ir.defs[index].term
    while isinstance(term, (Refine, Use)):
        term = term.base if isinstance(term, Refine) else ir.defs[term.index].term
    return isinstance(term, Param) and term.name == name
