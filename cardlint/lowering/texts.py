"""Texts built from a template: `"%s" % x` and `"{}".format(x)` become a text of parts."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from cardlint.common.expressions import Expression
from cardlint.common.numbers import parse_int
from cardlint.ir.terms import AnyTerm, At, Attr, Const, Dict, Item, Op, Opaque, Seq, Star, Text

if TYPE_CHECKING:
    from cardlint.lowering.calls import Calls

MAX_ACCESSES = 20
"""Attributes and items in one placeholder, `{0.a.b[c]}`, that are followed."""
MAX_TEMPLATE = 5_000
"""Characters of a template that is split into parts."""
PERCENT = Expression(
    r"%(?:\((?P<key>[^)]*+)\))?(?P<flags>[-+ #0]*+)(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d*+))?[hlL]?(?P<kind>[a-zA-Z%])"
)
DEEPEST = 2
"""Placeholders in placeholders that Python allows: a width or a precision may be one, and no more than that."""


def percent_parts(scope: Calls, template: str, right: ast.expr, at: At) -> tuple[AnyTerm, ...]:
    """Return the parts of `template % right`. Conversions other than a plain `%s` are marked as formatted."""
    return percent_terms(template, scope.expr(right), at)


def percent_terms(template: str, operand: AnyTerm, at: At) -> tuple[AnyTerm, ...]:
    """Return the parts of `template % operand`; a width or a precision of `*` takes a value of its own."""
    if len(template) > MAX_TEMPLATE:
        return (Opaque("a long template", at),)
    positional: list[AnyTerm] = list(operand.items) if isinstance(operand, Seq) and operand.kind == "tuple" else [operand]
    if any(isinstance(value, Star) for value in positional):
        return (Opaque("a template whose values cannot be told apart", at),)
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
        given = [_next(positional, at) for size in ("width", "precision") if match[size] == "*"]
        if match["key"] is not None:
            value = keyed.get(match["key"]) or Item(operand, Const(match["key"], at), at)
        else:
            value = _next(positional, at)
        parts.append(_converted(value, match, given, at))
    if end < len(template):
        parts.append(Const(template[end:], at))
    return tuple(parts)


def _next(positional: list[AnyTerm], at: At) -> AnyTerm:
    return positional.pop(0) if positional else Opaque("a placeholder without a value", at)


def _converted(value: AnyTerm, match: re.Match[str], given: list[AnyTerm], at: At) -> AnyTerm:
    plain = not (match["flags"] or match["width"] or match["precision"] is not None)
    if match["kind"] in "ra" and plain:
        return Op("repr" if match["kind"] == "r" else "ascii", (value,), at)
    if match["kind"] == "s" and plain:
        return value
    spec: list[AnyTerm] = [Const("%" + match["flags"], at)]
    for size, before in (("width", ""), ("precision", ".")):
        if match[size] is not None:
            spec.extend([Const(before, at), given.pop(0) if match[size] == "*" else Const(match[size], at)])
    spec.append(Const(match["kind"], at))
    written = "".join(str(part.value) for part in spec if isinstance(part, Const))
    whole = all(isinstance(part, Const) for part in spec)
    return Op("format", (value, Const(written, at) if whole else Text(tuple(spec), at)), at)


def format_parts(scope: Calls, template: str, node: ast.Call, at: At) -> tuple[AnyTerm, ...] | None:
    """Return the parts of `template.format(...)`, or None when its placeholders cannot be paired with arguments."""
    if len(template) > MAX_TEMPLATE or any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords):
        return None
    return format_terms(template, [scope.expr(a) for a in node.args], {k.arg or "": scope.expr(k.value) for k in node.keywords}, at)


def format_terms(template: str, positional: list[AnyTerm], named: dict[str, AnyTerm], at: At) -> tuple[AnyTerm, ...] | None:
    """Return the parts of a template with its arguments, None when its placeholders cannot be paired with them."""
    return _Template(positional, named, at).parts(template, DEEPEST) if len(template) <= MAX_TEMPLATE else None


class _Template:
    """The arguments of one template, and how many of its placeholders had no number so far."""

    def __init__(self, positional: list[AnyTerm], named: dict[str, AnyTerm], at: At) -> None:
        self.positional = positional
        self.named = named
        self.at = at
        self.automatic = 0

    def parts(self, template: str, depth: int) -> tuple[AnyTerm, ...] | None:
        """Return the parts of a template; formats of placeholders are templates again."""
        from string import Formatter

        try:
            pieces = list(Formatter().parse(template))
        except ValueError:
            return None
        parts: list[AnyTerm] = []
        for literal, field, spec, conversion in pieces:
            if literal:
                parts.append(Const(literal, self.at))
            if field is None:
                continue
            value = self._value(field)
            if value is None or depth <= 0:
                return None
            if conversion in ("r", "a"):
                value = Op("repr" if conversion == "r" else "ascii", (value,), self.at)
            if spec:
                inner = self.parts(spec, depth - 1)
                if inner is None:
                    return None
                whole = all(isinstance(part, Const) for part in inner)
                written: AnyTerm = Const(spec, self.at) if whole and "{" not in spec else Text(inner, self.at)
                value = Op("format", (value, written), self.at)
            parts.append(value)
        return tuple(parts)

    def _value(self, field: str) -> AnyTerm | None:
        """Return the argument that a placeholder names, with its attributes and items."""
        if field.count(".") + field.count("[") > MAX_ACCESSES:
            return None
        head, *rest = re.split(r"(?=[.\[])", field, maxsplit=1)
        if head == "":
            head, self.automatic = str(self.automatic), self.automatic + 1
        value: AnyTerm | None = None
        if head.isdecimal():
            place = parse_int(head)
            value = self.positional[place] if place is not None and place < len(self.positional) else None
        else:
            value = self.named.get(head)
        if value is None:
            return None
        for name, key in ACCESS.regex.findall(rest[0]) if rest else ():
            number = parse_int(key) if key.isdecimal() else None
            value = Attr(value, name, self.at) if name else Item(value, Const(key if number is None else number, self.at), self.at)
        return value


ACCESS = Expression(r"\.(\w+)|\[([^\]]*+)\]")
"""An attribute or an item of what a placeholder names."""
