"""Terms back to source text: expressions as messages show them, shortened."""

from __future__ import annotations

from cardlint.inference.domain.frames import Frame
from cardlint.inference.limits import MAX_SHOWN_TEXT
from cardlint.ir.terms import (
    AnyTerm,
    Attr,
    Call,
    Choice,
    Const,
    Dict,
    FreeVar,
    FunctionDef,
    Import,
    Item,
    Iterate,
    Op,
    Param,
    Refine,
    Seq,
    Slice,
    Star,
    Text,
    Use,
)


def render_expr(term: AnyTerm, frame: Frame) -> str:
    """Return the source of an expression, roughly as it was written, for messages only."""
    text = _spell(term, frame, 0)
    return text if len(text) <= MAX_SHOWN_TEXT else text[: MAX_SHOWN_TEXT - 3] + "..."


def _spell(term: AnyTerm, frame: Frame, depth: int) -> str:
    if depth > 8:
        return "..."
    if isinstance(term, Const):
        return repr(term.value)
    if isinstance(term, (FreeVar, Param)):
        return term.name
    if isinstance(term, Import):
        return term.name or term.module
    if isinstance(term, Use):
        if term.index >= len(frame.fact.defs):
            return "..."
        definition = frame.fact.defs[term.index]
        return definition.name or _spell(definition.term, frame, depth + 1)
    if isinstance(term, Attr):
        return f"{_spell(term.base, frame, depth + 1)}.{term.name}"
    if isinstance(term, Item):
        return f"{_spell(term.base, frame, depth + 1)}[{_spell(term.key, frame, depth + 1)}]"
    if isinstance(term, Slice):
        return f"{_spell(term.base, frame, depth + 1)}[...]"
    if isinstance(term, Call):
        inside = ", ".join(_spell(a, frame, depth + 1) for a in term.args[:3]) or ("..." if term.kwargs else "")
        return f"{_spell(term.func, frame, depth + 1)}({inside})"
    if isinstance(term, Text):
        return 'f"' + "".join(str(p.value) if isinstance(p, Const) else "{" + _spell(p, frame, depth + 1) + "}" for p in term.parts) + '"'
    if isinstance(term, Refine):
        return _spell(term.base, frame, depth + 1)
    if isinstance(term, Choice):
        return " or ".join(dict.fromkeys(_spell(o, frame, depth + 1) for o in term.options[:3]))
    if isinstance(term, Op):
        sign = f" {term.op} " if len(term.op) <= 2 else ", "
        return sign.join(_spell(a, frame, depth + 1) for a in term.args[:3])
    if isinstance(term, (Star, Iterate)):
        return f"*{_spell(term.base, frame, depth + 1)}" if isinstance(term, Star) else f"each of {_spell(term.base, frame, depth + 1)}"
    if isinstance(term, Dict):
        return "{...}"
    if isinstance(term, Seq):
        return "[" + ", ".join(_spell(i, frame, depth + 1) for i in term.items[:3]) + "]"
    if isinstance(term, FunctionDef):
        return frame.file.facts.functions[term.index].name
    return "..."
