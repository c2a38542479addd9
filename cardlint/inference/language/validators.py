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
from cardlint.inference.domain.value_sets import Bound, ValueSet, adds_nothing, perhaps
from cardlint.inference.language import narrowing
from cardlint.inference.limits import HELPER_STEPS, MAX_HELPERS
from cardlint.inference.primitives import binding, class_graph
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, Attr, Call, Choice, Const, Guard, Item, Param, Refine, Use


def passed(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a variable that is left by a call that got it and returned, with a certain result where that was tested."""
    if not any(isinstance(o, LibraryPath) or (isinstance(o, ValueSet) and o.bound >= Bound.PER_DEPLOYMENT) for o in base):
        return base
    call = frame.ir.defs[term.by.index].term if isinstance(term.by, Use) else None
    if not isinstance(call, Call):
        return base
    return ev.within(HELPER_STEPS, partial(_left, ev, base, call, term, frame, 0), base, frame, term.at)


def _left(ev: Evaluator, base: Objects, call: Call, term: Refine, frame: Frame, depth: int) -> Objects:
    """Join what each return of a helper leaves of a variable, `base` where one of them leaves all of it."""
    helper, certain = _helper(ev, call, frame)
    if helper is None:
        return base
    inner = binding.bound_frame(ev, helper, call, frame)
    name = _parameter(inner, term.base, frame) if inner is not None else None
    if inner is None or name is None:
        return base
    groups: list[Objects] = []
    for returned, guards in zip(helper.ir.returns, helper.ir.guards, strict=True):
        if _is_other(returned, term.guard, helper.ir) or not binding.reached(ev, guards, inner):
            continue
        found = _looked_up(ev, base, returned, name, term, inner, depth) if term.guard != "not-found" else base
        if found is base:
            index = next((g for g in reversed(guards) if _tests(helper.ir, g, name)), None)
            tested = Use(index, helper.ir.defs[index].at) if index is not None else None
            left = ev.ref(tested, inner) if tested is not None else _through_phi(ev, guards, name, inner)
            if left is None:
                return base
            found = left
        groups.append(found)
    if not groups or certain:
        return (join_objects(groups) if groups else BOTTOM) or base
    return join_objects([*groups, (perhaps("another function may be called"),)])


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


def _helper(ev: Evaluator, call: Call, frame: Frame) -> tuple[Function | None, bool]:
    """Return the one analysed function that a call runs, None where there is no such one, and whether nothing else may be called."""
    callees = ev.eval(call.func, frame)
    seen = [o for o in callees if not (isinstance(o, ValueSet) and adds_nothing(o))]
    found = seen[0] if len(seen) == 1 else None
    if not isinstance(found, Function):
        return None, False
    if found.ir.yields or any(terms.decorator_name(d) not in ("staticmethod", "classmethod") for d in found.ir.decorators):
        return None, False
    owner = class_graph.owner_of(found.file, found.ir)
    if owner is not None and any(found.ir.name in sub.ir.methods for sub in class_graph.subclasses(ev, owner)):
        return None, False
    return found, len(seen) == len(callees)


def _parameter(inner: Frame, given: AnyTerm, frame: Frame) -> str | None:
    """Return the parameter that a call gives a term of the caller to: a variable, which may have been tested since, or a part of one."""
    passed_on = {name: t.term for name, t in (inner.bindings or {}).items() if t.frame is frame and t.term is not None}
    while isinstance(given, Use):
        found = next((name for name, t in passed_on.items() if isinstance(t, Use) and t.index == given.index), None)
        term = frame.ir.defs[given.index].term
        if found is not None or not isinstance(term, Refine):
            return found
        given = term.base
    return next((name for name, t in passed_on.items() if _is_same_part(t, given)), None)


def _is_same_part(one: AnyTerm, other: AnyTerm) -> bool:
    """Tell whether two terms are the same attributes and items of one variable: `card["provider"]`, `event.kind`."""
    while True:
        if isinstance(one, Attr) and isinstance(other, Attr) and one.name == other.name:
            one, other = one.base, other.base
        elif isinstance(one, Item) and isinstance(other, Item) and isinstance(one.key, Const) and isinstance(other.key, Const):
            if one.key.value != other.key.value:
                return False
            one, other = one.base, other.base
        else:
            return isinstance(one, Use) and isinstance(other, Use) and one.index == other.index


def _tests(ir: FunctionIR, index: int, name: str) -> bool:
    """Tell whether a definition is the parameter itself, tested or not, and not something that was assigned to its name."""
    term = _untested(ir, index)[0]
    return isinstance(term, Param) and term.name == name


def _untested(ir: FunctionIR, index: int) -> tuple[AnyTerm, list[Refine]]:
    """Return what a definition is without its tests, and the tests, the last one first."""
    term: AnyTerm = ir.defs[index].term
    tests: list[Refine] = []
    while isinstance(term, (Refine, Use)):
        if isinstance(term, Refine):
            tests.append(term)
        term = term.base if isinstance(term, Refine) else ir.defs[term.index].term
    return term, tests


def _through_phi(ev: Evaluator, guards: tuple[int, ...], name: str, inner: Frame) -> Objects | None:
    """Return the part of a parameter that is left by tests of a name that may hold something else by then.

    `if name in RENAMED: name = RENAMED[name]` and a test of `name` leave the keys of `RENAMED`, and what the test leaves of the
    parameter where it was no key. None where one path leaves all of it.
    """
    for index in reversed(guards):
        phi, tests = _untested(inner.ir, index)
        if not isinstance(phi, Choice):
            continue
        groups: list[Objects] = []
        for option in phi.options:
            left = _of_option(ev, option, tests, name, inner)
            if left is None:
                break
            groups.append(left)
        else:
            return join_objects(groups)
    return None


def _of_option(ev: Evaluator, option: AnyTerm, tests: list[Refine], name: str, inner: Frame) -> Objects | None:
    """Return the part of a parameter that is left where a phi has one of its values; None where that says nothing."""
    if not isinstance(option, Use):
        return None
    if _tests(inner.ir, option.index, name):
        left = ev.ref(option, inner)
        for test in reversed(tests):
            left = narrowing.tested(ev, left, test, inner)
        return left
    made = inner.ir.defs[option.index].term
    key = made.key if isinstance(made, Item) else None
    if isinstance(key, Use) and isinstance(inner.ir.defs[key.index].term, Refine) and _tests(inner.ir, key.index, name):
        return ev.ref(key, inner)  # the item was looked up where the parameter had passed its tests
    return None
