"""Which function evaluates which kind of term."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cardlint.facts.terms import (
    Attr,
    Call,
    Choice,
    Class,
    Comp,
    Const,
    Dict,
    Drop,
    Elem,
    Enter,
    Func,
    Grow,
    Import,
    Item,
    Merge,
    Narrow,
    Op,
    Opaque,
    Outer,
    Param,
    Put,
    Seq,
    Slice,
    Star,
    Text,
)
from cardlint.link import attributes, calls, containers, guards, imports, loops, mutations, params, texts
from cardlint.link.frames import Frame
from cardlint.link.objects import NOTHING, Alts, Cls, Function, merge
from cardlint.link.values import exactly, unknown

if TYPE_CHECKING:
    from cardlint.link.evaluator import Evaluator


def _const(ev: Evaluator, term: Const, frame: Frame) -> Alts:
    return (exactly((term.value,)),)


def _choice(ev: Evaluator, term: Choice, frame: Frame) -> Alts:
    groups: list[Alts] = []
    for option in term.options:
        groups.append(ev.eval(option, frame))
        if type(option) is Narrow and option.guard == "or" and guards.is_true(ev.eval(option.base, frame)):
            break
    return merge(groups) if groups else NOTHING


def _func(ev: Evaluator, term: Func, frame: Frame) -> Alts:
    return (Function(frame.file, frame.file.facts.functions[term.index], None, frame),)


def _class(ev: Evaluator, term: Class, frame: Frame) -> Alts:
    return (Cls(frame.file, frame.file.facts.classes[term.index]),)


def _opaque(ev: Evaluator, term: Opaque, frame: Frame) -> Alts:
    return (unknown(term.why),)


def _star(ev: Evaluator, term: Star, frame: Frame) -> Alts:
    return containers.element(ev, Elem(term.base, term.at), frame)


DISPATCH: dict[type, Callable[[Evaluator, Any, Frame], Alts]] = {
    Const: _const,
    Outer: imports.outer,
    Import: imports.imported,
    Param: params.param,
    Attr: attributes.attribute,
    Item: containers.item,
    Slice: containers.sliced,
    Elem: containers.element,
    Enter: containers.entered,
    Star: _star,
    Call: calls.call,
    Text: texts.text,
    Op: texts.operator,
    Choice: _choice,
    Dict: containers.mapping,
    Seq: containers.sequence,
    Comp: loops.comprehension,
    Put: mutations.put,
    Merge: mutations.merged,
    Grow: mutations.grown,
    Drop: mutations.dropped,
    Narrow: guards.narrow,
    Func: _func,
    Class: _class,
    Opaque: _opaque,
}
"""The evaluation of every kind of term but references, which the evaluator keeps the results of."""
