"""Definitions: the value of a name or a call, with all changes of it elsewhere; and terms that need no more than the evaluator."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import value_query
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Function, Objects
from cardlint.inference.domain.value_sets import exactly, unknown
from cardlint.inference.heuristics import source_names
from cardlint.inference.language import mutations, names, narrowing, parameters, single_values
from cardlint.inference.primitives import binding
from cardlint.ir.model import Flag
from cardlint.ir.terms import AnyTerm, Choice, ClassDef, Const, FunctionDef, Iterate, Opaque, Param, Refine, Star, Use


@value_query(initial=BOTTOM)
def define(ev: Evaluator, index: int, frame: Frame) -> Objects:
    """Evaluate a definition of a frame once: its term, then its annotation and the assignments of other functions to its name."""
    definition = frame.ir.defs[index]
    if definition.flags & Flag.PHI and frame.bindings is not None and frame.ir.conditions and type(definition.term) is Choice:
        return join_objects([ev.eval(option, frame) for option in definition.term.options if _is_run(ev, option, frame)])
    result = ev.eval(definition.term, frame)
    if definition.name in frame.ir.annotations:
        result = parameters.declared(ev, result, frame.ir.annotations[definition.name], frame)
    if definition.name and not definition.flags & Flag.PHI and type(definition.term) not in (Param, Refine):
        result = ev.stepped(result, frame, definition.at, f"assigned to `{definition.name}`")
        elsewhere = names.rebound(ev, definition.name, frame)
        if elsewhere:
            result = join_objects([result, elsewhere])
        if frame.file.declares_outside(definition.name):
            result = single_values.set_if_missing(ev, result, definition.name, frame, definition.at)
        result = mutations.changed_inside(ev, result, definition.name, frame)
        result = source_names.named(ev, result, definition.name, frame, definition.at)
    return result


def _is_run(ev: Evaluator, option: AnyTerm, frame: Frame) -> bool:
    """Tell whether a definition can be reached in one call: it cannot where a test of a parameter rules it out."""
    conditions = frame.ir.conditions.get(option.index) if type(option) is Use else None
    return conditions is None or binding.reached(ev, conditions, frame)


# simple terms -----------------------------------------------------------------------------------------------------


def const(ev: Evaluator, term: Const, frame: Frame) -> Objects:
    """Evaluate a literal."""
    return (exactly((term.value,)),)


def choice(ev: Evaluator, term: Choice, frame: Frame) -> Objects:
    """Evaluate one of several terms: join their values."""
    groups: list[Objects] = []
    for option in term.options:
        groups.append(ev.eval(option, frame))
        if type(option) is Refine and option.guard == "or" and narrowing.is_true(ev.eval(option.base, frame)):
            break
    return join_objects(groups) if groups else BOTTOM


def function(ev: Evaluator, term: FunctionDef, frame: Frame) -> Objects:
    """Evaluate a function or lambda of this file."""
    return (Function(frame.file, frame.file.ir.functions[term.index], None, frame),)


def class_object(ev: Evaluator, term: ClassDef, frame: Frame) -> Objects:
    """Evaluate a class of this file."""
    return (ClassObject(frame.file, frame.file.ir.classes[term.index]),)


def opaque(ev: Evaluator, term: Opaque, frame: Frame) -> Objects:
    """Evaluate a term that the lowering does not model."""
    return (unknown(term.why),)


def star(ev: Evaluator, term: Star, frame: Frame) -> Objects:
    """Evaluate `*base` where one value is asked for: any element."""
    return ev.eval(Iterate(term.base, term.at), frame)
