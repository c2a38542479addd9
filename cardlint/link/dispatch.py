"""Terms that need no more than the evaluator: constants, choices, functions, classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.facts.terms import Choice, Class, Const, Elem, Func, Narrow, Opaque, Star
from cardlint.link import guards
from cardlint.link.frames import Frame
from cardlint.link.objects import NOTHING, Alts, Cls, Function, merge
from cardlint.link.values import exactly, unknown

if TYPE_CHECKING:
    from cardlint.link.protocol import Evaluator


def const(ev: Evaluator, term: Const, frame: Frame) -> Alts:
    """Evaluate a literal."""
    return (exactly((term.value,)),)


def choice(ev: Evaluator, term: Choice, frame: Frame) -> Alts:
    """Evaluate one of several terms: what any of them can be."""
    groups: list[Alts] = []
    for option in term.options:
        groups.append(ev.eval(option, frame))
        if type(option) is Narrow and option.guard == "or" and guards.is_true(ev.eval(option.base, frame)):
            break
    return merge(groups) if groups else NOTHING


def function(ev: Evaluator, term: Func, frame: Frame) -> Alts:
    """Evaluate a function or lambda of this file."""
    return (Function(frame.file, frame.file.facts.functions[term.index], None, frame),)


def class_object(ev: Evaluator, term: Class, frame: Frame) -> Alts:
    """Evaluate a class of this file."""
    return (Cls(frame.file, frame.file.facts.classes[term.index]),)


def opaque(ev: Evaluator, term: Opaque, frame: Frame) -> Alts:
    """Evaluate what the lowering does not model."""
    return (unknown(term.why),)


def star(ev: Evaluator, term: Star, frame: Frame) -> Alts:
    """Evaluate `*base` where one value is asked for: any element."""
    return ev.eval(Elem(term.base, term.at), frame)
