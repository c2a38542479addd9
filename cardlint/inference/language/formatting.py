"""Texts that are built: f-strings, `%`, `format` and conversions. Every width and precision is a part like any other."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from cardlint.inference.codebase.terms import last_name
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain import constant_limits, date_formats, value_sets
from cardlint.inference.domain.constant_limits import LONG_TEXT
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, computed, product, transformed, unknown
from cardlint.inference.limits import MAX_EXACT
from cardlint.ir.terms import AnyTerm, At, Call, Const, Dict, Op, Opaque, Seq, Star, Text, Use
from cardlint.knowledge.vocabulary import IN_PATHS
from cardlint.lowering.texts import format_terms, percent_terms


def text(ev: Evaluator, term: Text, frame: Frame) -> Objects:
    """Evaluate a text built from parts."""
    parts: list[ValueSet] = []
    for part in term.parts:
        alts = ev.eval(part, frame)
        if not alts:
            return BOTTOM
        parts.append(ev.scalar(alts, frame, part.at))
    result = value_sets.compose(parts)
    if result.bound in (Bound.UNBOUNDED, Bound.UNKNOWN):
        result = as_path(result, parts, term, frame)
    return (result,)


def as_path(result: ValueSet, parts: list[ValueSet], term: Text, frame: Frame) -> ValueSet:
    """Class a text that looks like a URL path with an identity in it as a raw path."""
    first = parts[0] if parts else None
    if first is None or first.bound is not Bound.EXACTLY or len(first.exact) != 1 or not isinstance(first.exact[0], str):
        return result
    head = first.exact[0]
    if not (head.startswith("/") and len(head) > 1 and head.rstrip("/") != "" and "/" in head[1:] + "/"):
        return result
    if result.bound is Bound.UNBOUNDED:
        if result.kind in IN_PATHS:
            return replace(result, kind="raw-path", why=f"a path with {result.why} in it", advice=template_of(term, frame))
        return result
    return result


def template_of(term: Text, frame: Frame) -> str:
    """Write the route template of an f-string path: `/users/{id}`."""
    out = []
    for part in term.parts:
        out.append(str(part.value) if isinstance(part, Const) else "{" + (last_name(part, frame) or "value") + "}")
    return f'the template "{"".join(out)}"'


def spelled(convert: Callable[[object], str]) -> Callable[[Evaluator, Op, Frame], Objects]:
    """Make the evaluation of `!r` or `!a`: constants are converted, other sets stay what they are."""

    def conversion(ev: Evaluator, term: Op, frame: Frame) -> Objects:
        value = ev.value(term.args[0], frame)
        return (computed(convert(v) for v in value.exact) if value.bound is Bound.EXACTLY else transformed(value, "spelled"),)

    return conversion


def formatted(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    """Evaluate a value with a format: a width that is not known makes as many texts as there are widths."""
    return (with_format(ev.value(term.args[0], frame), ev.value(term.args[1], frame)),)


def with_format(value: ValueSet, spec: ValueSet) -> ValueSet:
    """Return the texts of values in a format, or in any of several."""
    if spec.bound is not Bound.EXACTLY:
        return product([value, spec])
    specs = [v for v in spec.exact if isinstance(v, str)]
    if value.bound is not Bound.EXACTLY:
        if value.kind == "time" and (sizes := [date_formats.size_of(text) for text in specs if "%" in text]) and len(sizes) == len(specs):
            return date_formats.repeating(sizes, tuple(specs)) or value
        return transformed(product([value, spec]), "formatted")
    if any(constant_limits.is_wide(text) for text in specs):
        return unknown(LONG_TEXT)
    if len(specs) * len(value.exact) > MAX_EXACT:
        return product([value, spec])
    out = []
    for text in specs:
        for v in value.exact:
            try:
                out.append(text % v if text.startswith("%") else format(v, text))
            except (TypeError, ValueError, OverflowError):
                continue
    return computed(out)


def by_percent(ev: Evaluator, term: Op, templates: ValueSet, frame: Frame) -> Objects:
    """Evaluate `TEMPLATE % values` where the template is one of a few constants."""
    operand = term.args[1]
    while isinstance(operand, Use) and isinstance(frame.ir.defs[operand.index].term, (Seq, Dict)):
        operand = frame.ir.defs[operand.index].term
    if not isinstance(operand, (Seq, Dict)) and any(isinstance(o, (Sequence, Mapping)) for o in ev.eval(operand, frame)):
        held = [ev.value(operand, frame), templates]
        return (
            product(held) if any(v.bound is Bound.UNBOUNDED for v in held) else unknown("a template whose values cannot be told apart"),
        )
    return _filled(ev, templates, lambda text: percent_terms(text, operand, term.at), frame, ("%", id(term)), term.at)


def by_format(ev: Evaluator, templates: ValueSet, term: Call, frame: Frame) -> Objects:
    """Evaluate `template.format(...)` where the template is one of a few constants, or is not known."""
    given: list[AnyTerm] = [a for a in term.args if not isinstance(a, Star)]
    named = {name: value for name, value in term.kwargs if name}
    values = [ev.value(a.base if isinstance(a, Star) else a, frame) for a in (*term.args, *(v for _, v in term.kwargs))]
    whole = len(given) == len(term.args) and len(named) == len(term.kwargs)
    if templates.bound is Bound.EXACTLY and whole:
        return _filled(ev, templates, lambda text: format_terms(text, given, named, term.at), frame, ("format", id(term)), term.at)
    worst = product([templates, *values])
    return (worst if worst.bound is Bound.UNBOUNDED or templates.bound is not Bound.EXACTLY else unknown("a template with unknown values"),)


def _filled(
    ev: Evaluator, templates: ValueSet, fill: Callable[[str], tuple[AnyTerm, ...] | None], frame: Frame, key: tuple[str, int], at: At
) -> Objects:
    out: list[Objects] = []
    for template in templates.exact:
        if not isinstance(template, str):
            return (unknown("arithmetic on values that are not numbers"),)
        parts = fill(template)
        made = Text(parts, at) if parts is not None else Opaque("a template that cannot be filled", at)
        out.append(ev.eval(frame.written((*key, template), made), frame))
    return join_objects([alts for alts in out if alts]) if any(out) else BOTTOM
