"""The part of an argument that a finding is about: `message` of `data.get("id", message)`.

The other part may be fine, and a reader of a finding that underlines all of it does not know which one to change.
"""

from __future__ import annotations

import ast

from msgspec.structs import replace

from cardlint.findings import Finding, Place, Step

GIVEN = ("assigned to `", "passed as `")
"""How the steps of a trace begin that give a value a name."""
UNDECIDED, OPEN = "unknown", "unbounded"
"""Classes of values as findings show them."""


def part_of(finding: Finding, text: str, node: ast.expr | None) -> Place | None:
    """Return the place of the part of an argument that its value comes from; None where that is all of it, or more than one part.

    `text` is the argument as written and `node` the expression in it. An origin inside of the argument is underlined anyway.
    """
    parts = _parts(node)
    origin = finding.trace[0].place if finding.trace else None
    if not parts or finding.value is None or (origin is not None and _inside(origin, finding.place)):
        return None
    if finding.value.cls == UNDECIDED:
        label = (finding.label or "").lower()
        named = [part for part in parts if label and label in ast.unparse(part).lower()]
    elif finding.value.cls == OPEN and isinstance(node, ast.Call):  # of two sides, the trace tells only of one
        name = given_name(finding.trace[-1]) if finding.trace else ""
        named = [part for part in parts if isinstance(part, ast.Name) and part.id == name]
    else:
        return None
    return _place(finding.place, text, named[0]) if len(named) == 1 else None


def given_name(step: Step) -> str:
    """Return the name that a step of a trace gives the value, '' where it gives none: `message` of "passed as `message` to ..."."""
    start = next((start for start in GIVEN if step.message.startswith(start)), "")
    return step.message.removeprefix(start).partition("`")[0] if start else ""


def _parts(node: ast.expr | None) -> list[ast.expr]:
    """List the expressions of which one is the value of another expression: a default, the sides of `or`, the two of a choice."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and len(node.args) == 2:
        return [node.args[1]]
    if isinstance(node, ast.BoolOp):
        return node.values
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else []


def _inside(inner: Place, outer: Place) -> bool:
    starts, ends = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return inner.path == outer.path and starts <= (inner.line, inner.column) <= (inner.end_line, inner.end_column) <= ends


def _place(whole: Place, text: str, part: ast.expr) -> Place | None:
    """Return the place of a part in the file, None where it is on another line than its argument: comments belong to lines.

    The expression was read with a parenthesis before it, and `ast` counts bytes.
    """
    if part.lineno != 1 or part.end_lineno != 1 or part.end_col_offset is None:
        return None
    line = f"({text}".encode("utf-8", "surrogatepass")
    first, last = (len(line[:offset].decode("utf-8", "surrogatepass")) - 1 for offset in (part.col_offset, part.end_col_offset))
    return replace(whole, column=whole.column + first, end_line=whole.line, end_column=whole.column + last)
