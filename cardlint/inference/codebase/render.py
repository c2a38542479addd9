"""Terms back to source text: expressions as messages show them, shortened."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from cardlint.inference.domain.frames import Frame
from cardlint.inference.limits import MAX_SHOWN_PARTS, MAX_SHOWN_TEXT
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

SHOWN_DEPTH = 8
"""Terms inside of each other that are written."""


def render_expr(term: AnyTerm, frame: Frame) -> str:
    """Return the source of an expression, roughly as it was written, for messages only."""
    text = _spell(term, frame, 0)
    return text if len(text) <= MAX_SHOWN_TEXT else text[: MAX_SHOWN_TEXT - 3] + "..."


def _spell(term: AnyTerm, frame: Frame, depth: int) -> str:
    write = SPELLINGS.get(type(term)) if depth <= SHOWN_DEPTH else None
    return write(term, frame, depth + 1) if write is not None else "..."


def _use(term: Use, frame: Frame, depth: int) -> str:
    if term.index >= len(frame.ir.defs):
        return "..."
    definition = frame.ir.defs[term.index]
    return definition.name or _spell(definition.term, frame, depth)


def _call(term: Call, frame: Frame, depth: int) -> str:
    inside = ", ".join(_spell(a, frame, depth) for a in term.args[:MAX_SHOWN_PARTS]) or ("..." if term.kwargs else "")
    return f"{_spell(term.func, frame, depth)}({inside})"


def _text(term: Text, frame: Frame, depth: int) -> str:
    return 'f"' + "".join(str(p.value) if isinstance(p, Const) else "{" + _spell(p, frame, depth) + "}" for p in term.parts) + '"'


def _operator(term: Op, frame: Frame, depth: int) -> str:
    sign = f" {term.op} " if len(term.op) <= 2 else ", "
    return sign.join(_spell(a, frame, depth) for a in term.args[:MAX_SHOWN_PARTS])


SPELLINGS: MappingProxyType[type, Callable[[Any, Frame, int], str]] = MappingProxyType(
    {
        Const: lambda term, _frame, _depth: repr(term.value),
        FreeVar: lambda term, _frame, _depth: term.name,
        Param: lambda term, _frame, _depth: term.name,
        Import: lambda term, _frame, _depth: term.name or term.module,
        Use: _use,
        Attr: lambda term, frame, depth: f"{_spell(term.base, frame, depth)}.{term.name}",
        Item: lambda term, frame, depth: f"{_spell(term.base, frame, depth)}[{_spell(term.key, frame, depth)}]",
        Slice: lambda term, frame, depth: f"{_spell(term.base, frame, depth)}[...]",
        Call: _call,
        Text: _text,
        Refine: lambda term, frame, depth: _spell(term.base, frame, depth),
        Choice: lambda term, frame, depth: " or ".join(dict.fromkeys(_spell(o, frame, depth) for o in term.options[:MAX_SHOWN_PARTS])),
        Op: _operator,
        Star: lambda term, frame, depth: f"*{_spell(term.base, frame, depth)}",
        Iterate: lambda term, frame, depth: f"each of {_spell(term.base, frame, depth)}",
        Dict: lambda _term, _frame, _depth: "{...}",
        Seq: lambda term, frame, depth: "[" + ", ".join(_spell(i, frame, depth) for i in term.items[:MAX_SHOWN_PARTS]) + "]",
        FunctionDef: lambda term, frame, _depth: frame.file.ir.functions[term.index].name,
    }
)
"""How each kind of term is written; the depth is that of its parts. Other terms are written as `...`."""
