"""Recipes: how the finding of a rule becomes edits. One function for each rule that has a fix."""

from __future__ import annotations

import ast
import re

from cardlint.findings import Edit, Finding, Fix, Place
from cardlint.fix import Refused, Sources
from cardlint.fix.labels import once, without_label
from cardlint.fix.misuse import late_environment, private_value
from cardlint.fix.source import Source
from cardlint.fix.subjects import Recipe, argument_of, metric_of
from cardlint.link.program import Metric, Program
from cardlint.link.values import Value


def raw_path(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Replace a raw fallback by a constant, an f-string or literal path by its template, a raw path by the framework's."""
    arg = argument_of(finding, program)
    if arg is None:
        return None
    places = [finding.place, *(s.place for s in finding.trace)]
    for place in places:
        source = sources(place.path)
        node = source.expression(place)
        template = _template(node) if node is not None else None
        if template is not None:
            return Fix("unsafe", f"write the template {template}", (Edit(place, template),))
    if arg.value.kind != "raw-path" or not finding.trace:
        return None
    birth = finding.trace[0].place
    source = sources(birth.path)
    node = source.expression(birth)
    if node is None or not isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        raise Refused("the place where the path is born is no expression of its own")
    if arg.value.fallback or _is_fallback(source, node):
        return Fix("unsafe", 'write the constant "unmatched" where no route matched', (Edit(birth, '"unmatched"'),))
    return _framework(arg.value, birth, node)


def _is_fallback(source: Source, node: ast.expr) -> bool:
    """Tell whether an expression is what remains when something better is missing: `x if x else node`, `x or node`."""
    for other in ast.walk(source.tree) if source.tree is not None else ():
        if isinstance(other, ast.IfExp) and other.orelse is node:
            return True
        if isinstance(other, ast.BoolOp) and isinstance(other.op, ast.Or) and other.values[-1] is node:
            return True
    return False


def _framework(value: Value, birth: Place, node: ast.expr) -> Fix | None:
    """Replace the raw path by the template expression, when it speaks of nothing but the request at hand."""
    advice = value.advice.strip("`")
    try:
        wanted = ast.parse(advice, mode="eval")
    except SyntaxError:
        return None
    root = node
    while isinstance(root, (ast.Attribute, ast.Call, ast.Subscript)):
        root = root.func if isinstance(root, ast.Call) else root.value
    bound = {n.target.id for n in ast.walk(wanted) if isinstance(n, ast.NamedExpr) and isinstance(n.target, ast.Name)}
    names = {n.id for n in ast.walk(wanted) if isinstance(n, ast.Name)} - bound - {"type", "str", "getattr"}
    if not isinstance(root, ast.Name) or not names <= {root.id} or not isinstance(wanted.body, (ast.IfExp, ast.BoolOp, ast.Attribute)):
        return None
    return Fix("unsafe", "write the route template", (Edit(birth, f"({advice})"),))


ID = re.compile(r"\d+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|(?=[0-9a-f]*\d)[0-9a-f]{12,}")


def _template(node: ast.AST | None) -> str | None:
    """Return the template of a path that is written as an f-string or as a literal with ids."""
    if (
        isinstance(node, ast.JoinedStr)
        and node.values
        and isinstance(node.values[0], ast.Constant)
        and str(node.values[0].value).startswith("/")
    ):
        out = ""
        for part in node.values:
            out += str(part.value) if isinstance(part, ast.Constant) else "{" + _name(part) + "}"
        return _quoted(out)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("/"):
        segments = node.value.split("/")
        if any(ID.fullmatch(s) for s in segments):
            return _quoted("/".join("{id}" if ID.fullmatch(s) else s for s in segments))
    return None


def _name(part: ast.AST) -> str:
    inner: ast.AST = part.value if isinstance(part, ast.FormattedValue) else part
    while isinstance(inner, (ast.Call, ast.Subscript)):
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
    return inner.attr if isinstance(inner, ast.Attribute) else inner.id if isinstance(inner, ast.Name) else "value"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def exception_text(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Replace the text of an exception by the name of its class."""
    if finding.value is None or finding.value.kind != "exception-text":
        return None
    for place in (finding.place, *(s.place for s in reversed(finding.trace))):
        node = sources(place.path).expression(place)
        name = _exception_name(node)
        if name is not None:
            return Fix("unsafe", f"write the class of the exception, `type({name}).__name__`", (Edit(place, f"type({name}).__name__"),))
    raise Refused("the exception is not named where its text is taken")


def _exception_name(node: ast.expr | None) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("str", "repr") and len(node.args) == 1:
        return _exception_name(node.args[0])
    if isinstance(node, ast.JoinedStr) and len(node.values) == 1 and isinstance(node.values[0], ast.FormattedValue):
        return _exception_name(node.values[0].value)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        return _exception_name(node.value)
    return None


def summary(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Turn a Summary into a Histogram, in its call and in the import."""
    source = sources(finding.place.path)
    call = source.expression(finding.place)
    if not isinstance(call, ast.Call) or source.tree is None:
        raise Refused("the class is not called at this place")
    if isinstance(call.func, ast.Attribute) and call.func.attr == "Summary":
        end = source.span(call.func)[1]
        return Fix(
            "unsafe",
            "make it a Histogram: k + 4 series for each label set instead of 3",
            (Edit(source.place(end - len("Summary"), end), "Histogram"),),
        )
    if not isinstance(call.func, ast.Name):
        raise Refused("the class is reached in another way than by its name")
    imported = _import_of(source.tree, call.func.id)
    if imported is None:
        raise Refused(f"`{call.func.id}` is not imported at the top of the file")
    statement, alias = imported
    if alias.asname is not None or alias.name != "Summary":
        raise Refused("the class has another name here")
    fixed = {f.place for f in _summaries(program, finding.place.path)}
    uses = [n for n in ast.walk(source.tree) if isinstance(n, ast.Name) and n.id == "Summary"]
    calls = {id(n.func) for n in ast.walk(source.tree) if isinstance(n, ast.Call) and source.of(n) in fixed}
    only = all(id(use) in calls for use in uses)
    has_histogram = any(a.name == "Histogram" and a.asname is None for a in statement.names)
    edits = [Edit(source.of(call.func), "Histogram")]
    if only and not has_histogram:
        edits.append(Edit(source.of(alias), "Histogram"))
    elif not has_histogram:
        edits.append(Edit(source.of(alias), "Histogram, Summary"))
    elif only:
        edits.append(_dropped(source, statement, alias))
    return Fix("unsafe", "make it a Histogram: k + 4 series for each label set instead of 3", tuple(edits))


def _summaries(program: Program, path: str) -> list[Metric]:
    return [m for m in program.metrics if m.type == "summary" and m.constructor == "direct" and m.place.path == path and not m.in_test]


def _import_of(tree: ast.Module, name: str) -> tuple[ast.ImportFrom, ast.alias] | None:
    for statement in ast.walk(tree):
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("prometheus_client"):
            for alias in statement.names:
                if (alias.asname or alias.name) == name:
                    return statement, alias
    return None


def _dropped(source: Source, statement: ast.ImportFrom, alias: ast.alias) -> Edit:
    """Remove one name from an import that has others."""
    position = statement.names.index(alias)
    start, end = source.span(alias)
    if position:
        start = source.span(statement.names[position - 1])[1]
    else:
        end = source.span(statement.names[1])[0]
    return Edit(source.place(start, end), "")


def identity(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Remove an identity label from the declaration and from every use."""
    fix = exception_text(finding, program, sources) if finding.value is not None and finding.value.kind == "exception-text" else None
    if fix is not None:
        return fix
    metric = metric_of(finding, program)
    if metric is None or finding.label is None:
        raise Refused("the declaration of the metric is not known")
    return without_label(metric, finding.label, program, sources)


def duplicate_label(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Remove the second of two equal label names, and the value that stands in its position."""
    metric = metric_of(finding, program)
    if metric is None or finding.label is None or (metric.labelnames or ()).count(finding.label) < 2:
        return None
    return once(metric, finding.label, program, sources)


def multiprocess_mode(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Say how a Gauge is combined over processes."""
    metric = metric_of(finding, program)
    source = sources(finding.place.path)
    call = source.expression(finding.place)
    if metric is None or not isinstance(call, ast.Call) or metric.built not in (None, finding.place):
        raise Refused("the Gauge is made in another place")
    if metric.multiprocess_mode is not None:
        return None  # somebody chose it
    last = max((source.span(n)[1] for n in (*call.args, *(k.value for k in call.keywords))), default=0)
    if not last:
        return None
    edit = Edit(source.place(last, last), ', multiprocess_mode="livesum"')
    return Fix("unsafe", 'add multiprocess_mode="livesum": one series for all live processes instead of one for each', (edit,))


def unused_ignore(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Remove a comment that suppresses nothing, or the names in it that do not."""
    comment = next((s for s in program.suppressions if s.place == finding.place), None)
    if comment is None:
        return None
    source = sources(finding.place.path)
    start, end = source.offset(finding.place.line, finding.place.column), source.offset(finding.place.end_line, finding.place.end_column)
    text = source.text[start:end]
    if comment.names and set(comment.unused) < set(comment.names):
        kept = ", ".join(n for n in comment.names if n not in comment.unused)
        return Fix(
            "safe",
            "remove the names that suppress nothing",
            (Edit(source.place(start, end), re.sub(r"\[[^\]]*\]", f"[{kept}]", text, count=1)),),
        )
    if "#" in text[1:]:
        raise Refused("the comment says more than this")
    line_start = source.starts[finding.place.line - 1]
    before = source.text[line_start:start]
    if before.strip():
        start = line_start + len(before.rstrip())
    else:
        start, end = line_start, min(len(source.text), source.starts[finding.place.line])
    return Fix("safe", "remove the comment", (Edit(source.place(start, end), ""),))


RECIPES: dict[str, Recipe] = {
    "raw-path": raw_path,
    "unbounded-value": exception_text,
    "identity-label": identity,
    "summary": summary,
    "multiprocess-pid": multiprocess_mode,
    "multiprocess-env-late": late_environment,
    "label-declaration": duplicate_label,
    "private-value": private_value,
    "unused-ignore": unused_ignore,
}
"""Rules that have a fix."""
