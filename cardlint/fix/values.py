"""Recipes for unbounded values: raw paths become templates or constants, exception texts the names of classes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from cardlint.common.expressions import Expression
from cardlint.findings import Edit, Finding, Fix, Place, Step
from cardlint.fix.base import Refused, Sources
from cardlint.fix.hoisting import in_variable
from cardlint.fix.reach import FUNCTIONS, PURE, SCOPES, only_labels
from cardlint.fix.routing import check_routed
from cardlint.fix.source import Source
from cardlint.fix.subjects import argument_of
from cardlint.inference.program import Program

ID = Expression(r"\d+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|(?=[0-9a-f]*\d)[0-9a-f]{12,}")
QUERIES = frozenset({"query_string", "query", "query_params", "args"})
"""Attributes of a request that hold the part of the URL behind the path."""
PATHS = frozenset({"path", "full_path", "raw_path", "path_info", "script_root", "root_path", "url", "uri"})
"""Names of what holds a whole path, or many segments of one."""
CUTTING = frozenset({"split", "rsplit", "partition", "rpartition"})
"""Methods that take a path apart."""
REQUESTS = frozenset({"request", "req"})
"""Common names of the current request."""


def raw_path(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Replace a raw fallback by a constant, an f-string or literal path by its template, a raw path by the framework's."""
    arg = argument_of(finding, program)
    if arg is None:
        return None
    for place in _expressions(finding, finding.trace, sources):
        template = _template(sources(place.path).expression(place))
        if template is not None:
            where = _where(finding, place, program, sources)
            return Fix("unsafe", f"write the template {template}{_price(finding, 'path')}", (Edit(where, template),))
    if arg.value.kind != "raw-path" or not finding.trace:
        return None
    origin = finding.trace[0].place
    source = sources(origin.path)
    node = source.expression(origin)
    if node is None or not isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        raise Refused("the path does not come from an expression of its own")
    if _is_cut(source, node):
        raise Refused("the label is a part of the path, and a route template is all of it")
    if any(isinstance(n, ast.Attribute) and n.attr in QUERIES for n in ast.walk(node)):
        raise Refused("the query string is not part of the path, so a route template does not cover it")
    if arg.value.fallback or _is_fallback(source, node):
        only_labels(origin, program, sources)
        text = f'write the constant "unmatched" where no route matched{_price(finding, "path")}'
        return Fix("unsafe", text, (Edit(origin, '"unmatched"'),))
    advice = _framework(arg.value.advice.strip("`"), source, node)
    if advice is None:
        return None
    check_routed(source, node, advice, sources, is_gauge=finding.metric is not None and finding.metric.type == "gauge")
    where = _where(finding, origin, program, sources)
    target = sources(where.path).expression(where)
    text = f"write the route template{_price(finding, 'path')}"
    if where == finding.place and target is not None:
        edits = in_variable(finding, sources(where.path), target, advice, sources)
        if edits:
            return Fix("unsafe", text, edits)
    alone = isinstance(sources(where.path).parents.get(target) if target else None, (ast.Call, ast.keyword, ast.Assign, ast.Return))
    return Fix("unsafe", text, (Edit(where, advice if alone else f"({advice})"),))


def _is_cut(source: Source, node: ast.expr) -> bool:
    """Tell whether a path is taken apart where it is read: `request.path.split("/")[2]`, with the method as a part of the expression or not."""
    outer: ast.AST | None = node
    while isinstance(outer, (ast.Attribute, ast.Call)):
        if isinstance(outer, ast.Attribute) and outer.attr in CUTTING:
            return True
        above = source.parents.get(outer)
        outer = above if isinstance(above, ast.Attribute) or (isinstance(above, ast.Call) and above.func is outer) else None
    return False


def exception_text(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Replace the text of an exception by the name of its class."""
    if finding.value is None or finding.value.kind != "exception-text":
        return None
    for place in _expressions(finding, finding.trace[::-1], sources):
        source = sources(place.path)
        node = source.expression(place)
        name = _exception_name(node, source)
        if name is not None and node is not None:
            where = _where(finding, place, program, sources, name)
            text = f"write the class of the exception, `type({name}).__name__`{_price(finding, 'text')}"
            parts = _texts_of(node, source, name) if where == place else []
            return Fix("unsafe", text, tuple(Edit(p, f"type({name}).__name__") for p in parts or [where]))
    raise Refused("the exception is not named where its text is taken")


def _expressions(finding: Finding, steps: Sequence[Step], sources: Sources) -> Iterator[Place]:
    """List the label and the places of its trace; a step that names a variable is replaced by the assigned value."""
    yield finding.place
    for step in steps:
        source = sources(step.place.path)
        node = source.expression(step.place)
        statement = source.parents.get(node) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else None
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and statement.value is not None:
            yield source.of(statement.value)
        else:
            yield step.place


def _price(finding: Finding, what: str) -> str:
    """Say what the fix saves, and why it is unsafe."""
    count = f"{finding.series.per_child:,}" if finding.series is not None else "the"
    return f", which saves {count} series for every {what}; queries for the old values will find nothing"


def _where(finding: Finding, origin: Place, program: Program, sources: Sources, exception: str = "") -> Place:
    """Return the place to rewrite: the origin when its value flows to labels alone, else the label when its text is the same."""
    try:
        only_labels(origin, program, sources)
    except Refused:
        source = sources(finding.place.path)
        label = source.expression(finding.place)
        node = source.expression(origin) if origin.path == finding.place.path else None
        same = isinstance(label, ast.Name) and node is not None and _is_the_value(source, label, node)
        if same and label is not None and (not exception or _handler(source, label, exception) is not None):
            return finding.place
        raise
    return origin


def _is_the_value(source: Source, label: ast.Name, node: ast.expr) -> bool:
    """Tell whether a variable is assigned once in its function, and that value is the expression."""
    scope = next((a for a in source.ancestors(label) if isinstance(a, SCOPES)), None)
    named = source.named(label.id, scope) if scope is not None else []
    stores = [n for n in named if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    if len(stores) != 1:
        return False
    statement = source.parents.get(stores[0])
    return isinstance(statement, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and statement.value is node


def _handler(source: Source, node: ast.AST, name: str) -> ast.ExceptHandler | None:
    """Return the `except ... as name` around a node, in the same function."""
    for outer in source.ancestors(node):
        if isinstance(outer, ast.ExceptHandler) and outer.name == name:
            return outer
        if isinstance(outer, FUNCTIONS):
            return None
    return None


def _exception_name(node: ast.expr | None, source: Source) -> str | None:
    """Return the name of the exception whose text an expression is; a bare name has to be bound by `except ... as`."""
    if isinstance(node, ast.Name):
        return node.id if _handler(source, node, node.id) is not None else None
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        return _exception_name(node.value, source)
    inner: ast.expr | None = None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("str", "repr") and len(node.args) == 1:
        inner = node.args[0]
    elif isinstance(node, ast.JoinedStr) and len(node.values) == 1 and isinstance(node.values[0], ast.FormattedValue):
        inner = node.values[0].value
    if isinstance(inner, ast.Name):
        return inner.id
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} - PURE if node is not None else set()
    only = names.pop() if len(names) == 1 else ""
    return only if node is not None and only and _handler(source, node, only) is not None else None


def _texts_of(node: ast.expr, source: Source, name: str) -> list[Place]:
    """List the places of an exception's text in a longer text; none when its parts or attributes are used."""
    out: list[Place] = []
    for use in ast.walk(node):
        if not isinstance(use, ast.Name) or use.id != name:
            continue
        parent = source.parents.get(use)
        whole: ast.AST = use
        if (
            isinstance(parent, ast.Call)
            and isinstance(parent.func, ast.Name)
            and parent.func.id in ("str", "repr")
            and parent.args == [use]
        ):
            whole, parent = parent, source.parents.get(parent)
        place = source.of(whole)
        if not isinstance(parent, (ast.FormattedValue, ast.BinOp)) or source.slice(place) not in (name, f"str({name})", f"repr({name})"):
            return []
        out.append(place)
    return out


def _is_fallback(source: Source, node: ast.expr) -> bool:
    """Tell whether an expression is the fallback of a choice: `x if x else node`, `x or node`."""
    parent = source.parents.get(node)
    if isinstance(parent, ast.IfExp):
        return parent.orelse is node
    return isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.Or) and parent.values[-1] is node


def _framework(advice: str, source: Source, node: ast.expr) -> str | None:
    """Return the template expression of the framework, when it reads only the current request."""
    try:
        wanted = ast.parse(advice, mode="eval")
    except SyntaxError:
        return None
    if not isinstance(wanted.body, (ast.IfExp, ast.BoolOp, ast.Attribute)):
        return None
    bound = {n.target.id for n in ast.walk(wanted) if isinstance(n, ast.NamedExpr) and isinstance(n.target, ast.Name)}
    names = {n.id for n in ast.walk(wanted) if isinstance(n, ast.Name)} - bound - {"type", "str", "getattr"}
    request = _request(node)
    if request is None or names != {"request"}:
        return None
    scope = next((a for a in source.ancestors(node) if isinstance(a, SCOPES)), None)
    taken = {name for name in bound if scope is not None and any(isinstance(n, ast.Name) for n in source.named(name, scope))}
    if taken:
        raise Refused(f"`{min(taken)}` has another meaning in this function")
    return re.sub(r"\brequest\b(?!\s*[:=(])", lambda _: request, advice)


def _request(node: ast.expr) -> str | None:
    """Return the name of the request in an expression that reads from it: `request`, `self.request`, `req`."""
    inner: ast.expr = node
    while isinstance(inner, (ast.Attribute, ast.Call, ast.Subscript)):
        if isinstance(inner, ast.Attribute) and inner.attr in REQUESTS:
            return ast.unparse(inner)
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
    return inner.id if isinstance(inner, ast.Name) and inner.id in REQUESTS else None


def _template(node: ast.AST | None) -> str | None:
    """Return the template of a path that is composed of parts, or written as a literal with ids."""
    if isinstance(node, (ast.JoinedStr, ast.BinOp)):
        if any(_may_hold_segments(part) for part in ast.walk(node)):
            return None
        text = _assembled(node)
        return _quoted(text) if text.startswith("/") and "{" in text else None
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("/"):
        segments = node.value.split("/")
        if any(ID.regex.fullmatch(s) for s in segments):
            return _quoted("/".join("{id}" if ID.regex.fullmatch(s) else s for s in segments))
    return None


def _may_hold_segments(part: ast.AST) -> bool:
    """Tell whether a part of a path may be several segments: a path itself, or the result of `join`, and not one id."""
    if isinstance(part, ast.Call):
        return isinstance(part.func, ast.Attribute)
    return isinstance(part, (ast.Attribute, ast.Name)) and (part.attr if isinstance(part, ast.Attribute) else part.id).lower() in PATHS


def _assembled(node: ast.AST) -> str:
    """Write an f-string, a sum or a `%` as text, with the names of its parts in braces."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_assembled(part) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _assembled(node.left) + _assembled(node.right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
        parts = iter(node.right.elts if isinstance(node.right, ast.Tuple) else [node.right])
        return re.sub(r"%[sdr]", lambda _: _assembled(next(parts, node.right)), str(node.left.value))
    return "{" + _name(node) + "}"


def _name(part: ast.AST) -> str:
    inner: ast.AST = part.value if isinstance(part, ast.FormattedValue) else part
    if (
        isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Name)
        and inner.func.id in ("str", "int", "repr")
        and len(inner.args) == 1
    ):
        inner = inner.args[0]
    while isinstance(inner, (ast.Call, ast.Subscript)):
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
    return inner.attr if isinstance(inner, ast.Attribute) else inner.id if isinstance(inner, ast.Name) else "value"


def _quoted(text: str) -> str:
    """Write a text as a literal in double quotes, with any content."""
    return (
        '"'
        + "".join(c if c.isprintable() and c not in '"\\' else c.encode("unicode_escape").decode() if c != '"' else '\\"' for c in text)
        + '"'
    )
