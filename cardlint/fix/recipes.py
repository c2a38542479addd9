"""Recipes: from the finding of a rule to edits. One function for each rule that has a fix."""

from __future__ import annotations

import ast

from cardlint.common.textscan import CARDLINT_FIRST, COMMENT_IN_COMMENT, RULE_LIST
from cardlint.findings import Edit, Finding, Fix, Place
from cardlint.fix.base import PLANNED, Refused, Sources, worked_out
from cardlint.fix.labels import once, without_label
from cardlint.fix.misuse import late_environment, private_value
from cardlint.fix.source import Source
from cardlint.fix.subjects import Recipe, metric_of
from cardlint.fix.values import exception_text, raw_path
from cardlint.inference.program import Program

AS_HISTOGRAM = "make it a Histogram: 18 series for each label set instead of 3, among them buckets for quantiles"
"""The default buckets are 14 bounds; with +Inf, _sum, _count and _created they make 18 series."""


def summary(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Turn a Summary into a Histogram, in its call and in the import."""
    source = sources(finding.place.path)
    call = source.expression(finding.place)
    if not isinstance(call, ast.Call) or source.tree is None:
        raise Refused("the class is not called at this place")
    fixed = _convertible(program, sources)
    if finding.place not in fixed:
        raise Refused("a Histogram cannot have a label `le`")
    annotation = _annotation(source, call)
    if isinstance(call.func, ast.Attribute) and call.func.attr == "Summary":
        return Fix("unsafe", AS_HISTOGRAM, tuple(_renamed(source, n) for n in (call.func, *annotation)))
    if not isinstance(call.func, ast.Name):
        raise Refused("the class is reached in another way than by its name")
    imported = _import_of(source, call.func.id)
    if imported is None:
        raise Refused(f"`{call.func.id}` is not imported at the top of the file")
    statement, alias = imported
    if alias.asname is not None or alias.name != "Summary":
        raise Refused("the class has another name here")
    only = _is_only_fixed(source, fixed, sources)
    has_histogram = any(a.name == "Histogram" and a.asname is None for a in statement.names)
    edits = [_renamed(source, n) for n in (call.func, *annotation)]
    if only and not has_histogram:
        edits.append(Edit(source.of(alias), "Histogram"))
    elif not has_histogram:
        edits.append(Edit(source.of(alias), "Histogram, Summary"))
    elif only:
        edits.append(_dropped(source, statement, alias))
    return Fix("unsafe", AS_HISTOGRAM, tuple(edits))


def _annotation(source: Source, call: ast.Call) -> tuple[ast.expr, ...]:
    """Return the annotation of the variable a call is assigned to, when it names the class."""
    statement = source.parents.get(call)
    noted = statement.annotation if isinstance(statement, ast.AnnAssign) else None
    return (noted,) if isinstance(noted, (ast.Name, ast.Attribute)) and ast.unparse(noted) == ast.unparse(call.func) else ()


def _renamed(source: Source, node: ast.expr) -> Edit:
    end = source.span(node)[1]
    return Edit(source.place(end - len("Summary"), end), "Histogram")


def _convertible(program: Program, sources: Sources) -> frozenset[Place]:
    """List the summaries that are fixed together: others, such as ignored ones, still need their import."""

    def compute() -> frozenset[Place]:
        wanted = {f.place: metric_of(f, program) for f in sources.planned if f.rule == "summary"}
        return frozenset(place for place, m in wanted.items() if m is not None and "le" not in (m.labelnames or ()))

    return worked_out(sources, PLANNED, compute)


def _is_only_fixed(source: Source, fixed: frozenset[Place], sources: Sources) -> bool:
    """Tell whether every use of the name `Summary` in a file is one that is fixed."""

    def compute() -> bool:
        return all(_is_fixed(source, use, fixed) for use in source.named("Summary") if isinstance(use, ast.Name))

    return worked_out(sources, ("only fixed", source.path, fixed), compute)


def _is_fixed(source: Source, use: ast.Name, fixed: frozenset[Place]) -> bool:
    parent = source.parents.get(use)
    call = parent.value if isinstance(parent, ast.AnnAssign) and parent.annotation is use else parent
    return isinstance(call, ast.Call) and source.of(call) in fixed and (call.func is use or use in _annotation(source, call))


def _import_of(source: Source, name: str) -> tuple[ast.ImportFrom, ast.alias] | None:
    for statement in source.imports:
        if (statement.module or "").partition(".")[0] == "prometheus_client":
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
    """Remove the second of two equal label names, and the value at its position."""
    metric = metric_of(finding, program)
    if metric is None or finding.label is None or (metric.labelnames or ()).count(finding.label) < 2:
        return None
    return once(metric, finding.label, program, sources)


def multiprocess_mode(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Choose how a Gauge is combined over processes by its calls: counts are added, of set values the last one is kept."""
    metric = metric_of(finding, program)
    source = sources(finding.place.path)
    call = source.expression(finding.place)
    if metric is None or not isinstance(call, ast.Call) or metric.built not in (None, finding.place):
        raise Refused("the Gauge is made in another place")
    if metric.multiprocess_mode is not None:
        return None  # the author has chosen it
    given: list[ast.AST] = [*call.args, *call.keywords]
    if not given:
        return None
    if any(isinstance(k, ast.keyword) and k.arg is None for k in given):
        raise Refused("its arguments are given as a dictionary")
    done = {use.role for use in program.uses_of.get(metric.id, ())}
    written, counted = done & {"set"}, done & {"count", "track-inprogress"}
    if written and counted:
        raise Refused("it is both set and counted, so no mode is right for all of its uses")
    mode = "livemostrecent" if written else "livesum"
    start, end = max((source.span(n) for n in given), key=lambda span: span[1])
    line = source.text[source.text.rfind("\n", 0, start) + 1 : start]
    glue = " " if line.strip() else f"{source.newline}{line}"
    what = "the value set last of all live processes" if written else "one sum over all live processes"
    text = f'add multiprocess_mode="{mode}": {what}, one series instead of one for each process'
    return Fix("unsafe", text, (Edit(source.place(end, end), f',{glue}multiprocess_mode="{mode}"'),))


def unused_ignore(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Remove a comment that suppresses nothing, or its names that suppress nothing."""
    comment = program.suppression_at.get(finding.place)
    if comment is None:
        return None
    source = sources(finding.place.path)
    start, end = source.offset(finding.place.line, finding.place.column), source.offset(finding.place.end_line, finding.place.end_column)
    text = source.text[start:end]
    if comment.unused and set(comment.unused) < set(comment.names):
        kept = ", ".join(n for n in comment.names if n not in comment.unused)
        return Fix(
            "safe",
            "remove the names that suppress nothing",
            (Edit(source.place(start, end), RULE_LIST.regex.sub(f"[{kept}]", text, count=1)),),
        )
    if not CARDLINT_FIRST.regex.match(text) or COMMENT_IN_COMMENT.regex.search(text):
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
"""The recipe of each rule with a fix."""
