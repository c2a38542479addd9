"""Types, constraints and validators of fields: the values that they let through."""

from __future__ import annotations

from math import isfinite

from cardlint.findings import Confidence
from cardlint.inference.codebase.terms import is_int
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain import finite_regex
from cardlint.inference.domain.containers import Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, ClassObject, EnumMember, Instance, Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded, exactly, unknown
from cardlint.inference.heuristics.guesses import of_source
from cardlint.inference.language import calls, field_declarations, type_hints
from cardlint.ir.model import ParameterIR
from cardlint.ir.terms import AnyTerm, At, Call, Const, Use
from cardlint.knowledge.structuring import ABOVE, AT_LEAST, AT_MOST, BELOW, PATTERNS, VALIDATORS, WHOLE_NUMBERS


def is_closed(alts: Objects) -> bool:
    """Tell whether all alternatives are members of enums or bounded values: the values that a validated type lets through."""
    return bool(alts) and all(isinstance(o, EnumMember) or (isinstance(o, ValueSet) and o.bound <= Bound.BOUNDED) for o in alts)


def constrained(ev: Evaluator, found: ParameterIR, outer: Frame) -> Objects | None:
    """Return the values that the constraints of a parameter or a field let through: a range of whole numbers, a pattern of alternatives."""
    groups: list[Objects] = []
    spelled = type_hints.spelled_out(ev, found.annotation, outer)
    for call, where in type_hints.markers(ev, found, outer):
        ends: dict[str, float] = {}
        for name, term in call.kwargs:
            value = ev.value(term, where)
            if value.bound is not Bound.EXACTLY or len(value.exact) != 1:
                continue
            constant = value.exact[0]
            if name in (AT_LEAST, ABOVE, AT_MOST, BELOW) and isinstance(constant, (int, float)):
                ends[name] = constant
            elif name in PATTERNS and isinstance(constant, str):
                options = finite_regex.held(constant, "search", line_feed=name == "regex")  # `pattern` is read by another engine
                if options is not None:
                    groups.append((exactly(sorted(options)),))
        low = ends.get(AT_LEAST, ends[ABOVE] + 1 if ABOVE in ends else None)
        high = ends.get(AT_MOST, ends[BELOW] - 1 if BELOW in ends else None)
        if (
            low is not None
            and high is not None
            and isfinite(high - low)
            and (any(is_int(term) for term, _ in spelled) or getattr(call.func, "name", "") in WHOLE_NUMBERS)
        ):
            groups.append((bounded(max(1, int(high - low) + 1), "a validated whole number"),))
    return join_objects(groups) if groups else None


VALIDATING = frozenset(VALIDATORS.split())


def field(ev: Evaluator, cls: ClassObject, name: str, sent: ValueSet, frame: Frame, at: At) -> Objects:
    """Return the value of a field of an object that was made of a client's data: the values that its type lets through."""
    annotation = field_declarations.annotation_of(ev, cls, name)
    declared = type_hints.from_annotation(ev, *annotation, forward=True) if annotation is not None else BOTTOM
    if is_closed(declared):
        return declared
    checked = _constrained(ev, cls, name, sent)
    if checked is not None:
        return checked
    inner = [part for obj in declared for part in nested_fields(ev, obj, sent)]
    guess = of_source(name, "message") if sent.confidence < Confidence.HIGH and not inner else None
    if guess is not None:  # the name of the field says more than where the message comes from
        return (unknown(f"another program of the system chooses `{name}`", guess=guess),)
    return tuple(inner) or (sent.step(frame.place(at), f"field `{name}` of `{cls.ir.name}` is read here"),)


def _constrained(ev: Evaluator, cls: ClassObject, name: str, sent: ValueSet) -> Objects | None:
    """Return the values that the constraints or the validators of a field let through; None where they are not bounded."""
    owner = field_declarations.fields(ev, cls).get(name, cls)
    body = owner.file.ir.functions[owner.ir.body]
    frame = owner.file.frame(owner.ir.body)
    default = Use(body.exits[name], owner.ir.at) if name in body.exits else None
    found = constrained(ev, ParameterIR(name, "both", default, body.annotations.get(name), owner.ir.at), frame)
    if found is not None:
        return found
    for ir in owner.file.ir.functions:
        if ir.owner != owner.ir.index or len(ir.params) < 2 or not any(_validates(d, name, frame) for d in ir.decorators):
            continue
        given = {ir.params[1].name: Lazy(None, None, (sent,))}
        made = Frame(owner.file, ir, given, owner.file.frame(ir.parent), None, 1)
        let_through = calls.returned(ev, ir, made)
        if is_closed(let_through):
            return let_through
    return None


def _validates(decorator: AnyTerm, name: str, frame: Frame) -> bool:
    """Tell whether a decorator says that its method validates a field: `@field_validator("color")`."""
    term = frame.ir.defs[decorator.index].term if isinstance(decorator, Use) else decorator
    return (
        isinstance(term, Call)
        and getattr(term.func, "name", "") in VALIDATING
        and any(isinstance(a, Const) and a.value in (name, "*") for a in term.args)
    )


def nested_fields(ev: Evaluator, obj: Object, sent: ValueSet) -> Objects:
    """Return the value of a field whose type is an analysed class, or a list of such."""
    if isinstance(obj, Instance):
        return (Instance(obj.cls, None, sent),)
    if isinstance(obj, Sequence) and not obj.items:
        inner = ev.force_all(obj.rest)
        if is_closed(inner):
            return (obj,)
        parts = [part for o in inner for part in nested_fields(ev, o, sent)]
        return (Sequence(obj.kind, (), (Lazy(None, None, tuple(parts)),)),) if parts else BOTTOM
    return BOTTOM
