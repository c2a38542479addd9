"""Terms that need no more than the evaluator: constants, choices, functions, classes."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Function, Objects
from cardlint.inference.domain.value_sets import exactly, unknown
from cardlint.inference.language import narrowing
from cardlint.ir.terms import Choice, ClassDef, Const, FunctionDef, Iterate, Opaque, Refine, Star


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
