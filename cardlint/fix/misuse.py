"""Recipes for misuses of the library: private attributes, variables set too late."""

from __future__ import annotations

import ast

from cardlint.findings import Edit, Finding, Fix, Place
from cardlint.fix.base import Refused, Sources, worked_out
from cardlint.fix.source import Source
from cardlint.inference.domain.value_sets import Bound
from cardlint.inference.program import Metric, Program

SAMPLES = {
    ("counter", "_value"): "_total",
    ("gauge", "_value"): "",
    ("summary", "_sum"): "_sum",
    ("summary", "_count"): "_count",
    ("histogram", "_sum"): "_sum",
}
"""The sample with the value of a private attribute, by type of metric (knowledge A3)."""


def private_value(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Query the registry for the value of a private attribute."""
    read = program.private_read_at.get(finding.place)
    if read is None:
        return None
    if len(read.metrics) != 1:
        raise Refused("it may be one of several metrics")
    metric = read.metrics[0]
    sample = _sample(metric, read.attribute)
    source = sources(finding.place.path)
    call = source.expression(finding.place)
    if not isinstance(call, ast.Call) or call.args or call.keywords or not isinstance(call.func, ast.Attribute) or call.func.attr != "get":
        raise Refused("the attribute is not just read")
    inner = call.func.value
    receiver = inner.value if isinstance(inner, ast.Attribute) else None
    labels = _labels(receiver, metric, source) if metric.labelnames else ""
    registry, edits = worked_out(sources, ("registry", source.path), lambda: _registry(source))
    text = f'{registry}.get_sample_value("{sample}"{labels})'
    if not labels:
        return Fix("safe", "ask the registry, which is what a scrape would show", (Edit(finding.place, text), *edits))
    return Fix(
        "unsafe",
        "ask the registry: `.labels(...)` made a series by reading it, and a series that is not there reads as None",
        (Edit(finding.place, text), *edits),
    )


def _sample(metric: Metric, attribute: str) -> str:
    suffix = SAMPLES.get((metric.type, attribute))
    if suffix is None:
        raise Refused(f"no single sample shows `{attribute}` of a metric of type {metric.type}")
    if metric.registry != "default":
        raise Refused("the metric is not in the default registry")
    if metric.name_value.cls is not Bound.EXACTLY or len(metric.name_value.exact) != 1 or metric.labelnames is None or metric.labels_open:
        raise Refused("the name of the metric or its labels are computed")
    base = metric.name.removesuffix("_total") if metric.type == "counter" else metric.name
    if metric.unit and not base.endswith(f"_{metric.unit}"):
        base = f"{base}_{metric.unit}"
    return base + suffix


def _labels(receiver: ast.expr | None, metric: Metric, source: Source) -> str:
    """Write the labels of a child as the dictionary for the registry: names to strings."""
    names = metric.labelnames or ()
    if not isinstance(receiver, ast.Call) or not isinstance(receiver.func, ast.Attribute) or receiver.func.attr != "labels":
        raise Refused("the labels of the child are given in another place")
    if any(isinstance(a, ast.Starred) for a in receiver.args) or any(k.arg is None for k in receiver.keywords):
        raise Refused("the labels of the child are given as a list or dictionary")
    given = dict(zip(names, receiver.args, strict=False)) | {k.arg or "": k.value for k in receiver.keywords}
    if len(receiver.args) + len(receiver.keywords) != len(names) or set(given) != set(names):
        raise Refused("the labels of the child are not those of the metric")
    entries = []
    for name in names:
        start, end = source.span(given[name])
        text = source.text[start:end]
        known = isinstance(given[name], (ast.JoinedStr, ast.Constant)) and isinstance(getattr(given[name], "value", ""), str)
        entries.append(f'"{name}": {text if known else f"str({text})"}')
    return ", {" + ", ".join(entries) + "}"


def _registry(source: Source) -> tuple[str, list[Edit]]:
    """Return the expression for the default registry in a file, with the edit that imports it."""
    body = source.tree.body if source.tree is not None else []
    if any(isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load) for n in source.named("REGISTRY")):
        raise Refused("`REGISTRY` is something else in this file")
    froms = [s for s in body if isinstance(s, ast.ImportFrom) and s.module == "prometheus_client" and not s.level]
    for statement in body:
        wanted = "prometheus_client" if isinstance(statement, ast.Import) else "REGISTRY" if statement in froms else ""
        for alias in statement.names if isinstance(statement, (ast.Import, ast.ImportFrom)) else ():
            if alias.name == wanted:
                return (alias.asname or alias.name) + (".REGISTRY" if isinstance(statement, ast.Import) else ""), []
    extended = next((s for s in froms if s.names[0].name != "*"), None)
    if extended is not None:
        start = source.span(extended.names[0])[0]
        return "REGISTRY", [Edit(source.place(start, start), "REGISTRY, ")]
    first = next((s for s in body if _may_precede(s)), None)
    if first is None:
        raise Refused("there is no place for the import of the registry")
    start = source.span(first)[0]
    return "REGISTRY", [Edit(source.place(start, start), f"from prometheus_client import REGISTRY{source.newline}")]


def _may_precede(statement: ast.stmt) -> bool:
    """Tell whether an import may come before a statement: the docstring and `__future__` come first."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return False
    return not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__") and not getattr(statement, "decorator_list", ())


def late_environment(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Move the assignment of an environment variable above the import that reads it."""
    write = next((w for w in program.environment if w.place == finding.place), None)
    if write is None or write.after is None:
        return None
    source = sources(finding.place.path)
    body = source.tree.body if source.tree is not None else []
    late, reader = _statement(body, source, write.place), _statement(body, source, write.after)
    if late is None or reader is None or isinstance(late, (ast.If, ast.Try, ast.With, ast.For, ast.While)):
        raise Refused("the assignment or the import stands in a block")
    if not isinstance(reader, (ast.Import, ast.ImportFrom)):
        raise Refused("the assignment or the import stands in a block")
    needed = {n.id for n in ast.walk(late) if isinstance(n, ast.Name)}
    before = {name for statement in body if statement.lineno < reader.lineno for name in _bound(statement)}
    missing = sorted(needed - before - BUILTIN)
    if missing:
        raise Refused(f"`{missing[0]}` is not defined yet above the import")
    start, end = _whole_lines(source, late)
    target = source.starts[reader.lineno - 1]
    text = source.text[start:end]
    if source.text[target : source.span(reader)[0]].strip():
        raise Refused("the import shares its line with something else")
    moved = (Edit(source.place(target, target), text), Edit(source.place(start, end), ""))
    return Fix("unsafe", f"set {write.name} before the import that reads it: from then on it has an effect on the exported series", moved)


BUILTIN = frozenset({"str", "int", "dict", "repr"})


def _statement(body: list[ast.stmt], source: Source, place: Place) -> ast.stmt | None:
    """Return the statement of the module that contains a place."""
    start = source.offset(place.line, place.column)
    return next((s for s in body if source.span(s)[0] <= start < source.span(s)[1]), None)


def _bound(statement: ast.stmt) -> set[str]:
    """List the names that a statement of a module binds."""
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return {t.id for t in targets if isinstance(t, ast.Name)}
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}
    return set()


def _whole_lines(source: Source, statement: ast.stmt) -> tuple[int, int]:
    """Return the span of the lines of a statement; raises Refused when there is other code on them."""
    start, end = source.span(statement)
    first = source.starts[statement.lineno - 1]
    last = source.starts[min(statement.end_lineno or statement.lineno, len(source.lines))]
    rest = source.text[end:last].strip()
    if source.text[first:start].strip() or (rest and not rest.startswith("#")):
        raise Refused("the assignment shares its line with something else")
    if not source.text[first:last].endswith("\n"):
        raise Refused("the assignment is the last line and has no line end")
    return first, last
