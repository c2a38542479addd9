"""Texts built from a template: `"%s" % x` and `"{}".format(x)` become a text of parts."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from cardlint.common.expressions import Expression
from cardlint.common.numbers import parse_int
from cardlint.ir.terms import AnyTerm, At, Attr, Const, Dict, Item, Op, Opaque, Seq

if TYPE_CHECKING:
    from cardlint.lowering.expressions import Expressions

MAX_ACCESSES = 20
"""Attributes and items in one placeholder, `{0.a.b[c]}`, that are followed."""
MAX_TEMPLATE = 5_000
"""Characters of a template that is split into parts."""
PERCENT = Expression(
    r"%(?:\((?P<key>[^)]*+)\))?(?P<flags>[-+ #0]*+)(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d+))?[hlL]?(?P<kind>[a-zA-Z%])"
)


def percent_parts(scope: Expressions, template: str, right: ast.expr, at: At) -> tuple[AnyTerm, ...]:
    """Return the parts of `template % right`. Conversions other than a plain `%s` are marked as formatted."""
    operand = scope.expr(right)
    if len(template) > MAX_TEMPLATE:
        return (Opaque("a long template", at),)
    positional: list[AnyTerm] = list(operand.items) if isinstance(operand, Seq) and operand.kind == "tuple" else [operand]
    keyed: dict[object, AnyTerm] = {}
    if isinstance(operand, Dict):
        keyed = {k.value: v for k, v in operand.entries if isinstance(k, Const)}
    parts: list[AnyTerm] = []
    end = 0
    for match in PERCENT.regex.finditer(template):
        if match.start() > end:
            parts.append(Const(template[end : match.start()], at))
        end = match.end()
        if match["kind"] == "%":
            parts.append(Const("%", at))
            continue
        if match["key"] is not None:
            value = keyed.get(match["key"]) or Item(operand, Const(match["key"], at), at)
        elif positional:
            value = positional.pop(0)
        else:
            value = Opaque("a placeholder without a value", at)
        parts.append(_converted(value, match, at))
    if end < len(template):
        parts.append(Const(template[end:], at))
    return tuple(parts)


def _converted(value: AnyTerm, match: re.Match[str], at: At) -> AnyTerm:
    if match["kind"] in "ra":
        return Op("repr", (value,), at)
    if match["kind"] == "s" and not (match["flags"] or match["width"] or match["precision"]):
        return value
    return Op("format", (value, Const("%" + match["kind"], at)), at)


def format_parts(scope: Expressions, template: str, node: ast.Call, at: At) -> tuple[AnyTerm, ...] | None:
    """Return the parts of `template.format(...)`, or None when its placeholders cannot be paired with arguments."""
    from string import Formatter

    if len(template) > MAX_TEMPLATE or any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords):
        return None
    positional = [scope.expr(a) for a in node.args]
    named = {k.arg: scope.expr(k.value) for k in node.keywords}
    parts: list[AnyTerm] = []
    automatic = 0
    try:
        pieces = list(Formatter().parse(template))
    except ValueError:
        return None
    for literal, field, spec, conversion in pieces:
        if literal:
            parts.append(Const(literal, at))
        if field is None:
            continue
        if field.count(".") + field.count("[") > MAX_ACCESSES:
            return None
        head, *rest = re.split(r"[.\[]", field, maxsplit=1)
        if head == "":
            head, automatic = str(automatic), automatic + 1
        value: AnyTerm | None = None
        if head.isdecimal():
            place = parse_int(head)
            value = positional[place] if place is not None and place < len(positional) else None
        else:
            value = named.get(head)
        if value is None:
            return None
        for name in re.findall(r"\w+", rest[0]) if rest else ():
            value = Attr(value, name, at) if f".{name}" in f".{field}" else Item(value, Const(name, at), at)
        if conversion in ("r", "a"):
            value = Op("repr", (value,), at)
        parts.append(Op("format", (value, Const(spec, at)), at) if spec else value)
    return tuple(parts)
