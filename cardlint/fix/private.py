"""Reads of private attributes in tests become questions to the registry, where both give the same number.

`labels(...)` makes a series that is 0, and the registry knows no series before it is made: it answers None. So the question goes
through a helper that says 0, unless the comparison has the same result for None. Only a metric that is there once, from the
import of its module on, is asked for by its name.
"""

from __future__ import annotations

import ast
from bisect import bisect_right

from cardlint.findings import Edit, Finding, Fix, Place
from cardlint.fix.base import Refused, Sources, worked_out
from cardlint.fix.imports import after_imports, reached
from cardlint.fix.layout import call_text
from cardlint.fix.leftovers import described
from cardlint.fix.reach import FUNCTIONS, SCOPES
from cardlint.fix.source import Source
from cardlint.inference.domain.value_sets import Bound
from cardlint.inference.program import Metric, PrivateRead, Program

SAMPLES = {
    ("counter", "_value"): "_total",
    ("gauge", "_value"): "",
    ("summary", "_sum"): "_sum",
    ("summary", "_count"): "_count",
    ("histogram", "_sum"): "_sum",
}
"""The sample with the value of a private attribute, by type of metric."""
HELPER = "_sample_value"
CODE = '''def {name}(name: str, labels: dict[str, str] | None = None) -> float:
    """Return the value of a series as a scrape would show it, 0 when there is no such series yet."""
    return {registry}.get_sample_value(name, labels or {{}}) or 0.0
'''
CLEARED = ("unregister", "_names_to_collectors", "_collector_to_names")
"""Names of what takes a metric out of the registry."""


def private_value(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Query the registry for the value of a private attribute."""
    read = program.private_read_at.get(finding.place)
    if read is None:
        return None
    source = sources(finding.place.path)
    call = source.expression(finding.place)
    if not isinstance(call, ast.Call) or call.args or call.keywords or not isinstance(call.func, ast.Attribute) or call.func.attr != "get":
        raise Refused("the attribute is not just read")
    inner = call.func.value
    receiver = inner.value if isinstance(inner, ast.Attribute) else None
    metric = _the_metric(read, source, call)
    sample = _sample(metric, read.attribute)
    labels = _labels(receiver, metric, source) if metric.labelnames else ()
    _check_once(metric, program, sources)
    _check_receiver(receiver, metric, source)
    arguments = [f'"{sample}"', *([_dictionary(labels)] if labels else [])]
    registry, imported = worked_out(sources, ("registry", source.path), lambda: reached(source, "REGISTRY"))
    if _same_for_none(source, call, bool(labels)):
        text = _call(source, finding.place, f"{registry}.get_sample_value", arguments, labels)
        edits: tuple[Edit, ...] = (Edit(finding.place, text), *imported)
    else:
        helper = worked_out(sources, ("helper", source.path), lambda: _helper(source, registry))
        edits = (Edit(finding.place, _call(source, finding.place, HELPER, arguments, labels)), *imported, *helper)
    left = described(_unused_import(source, receiver, sources))
    if not labels:
        return Fix("safe", f"ask the registry, which is what a scrape would show{left}", edits)
    return Fix("unsafe", f"ask the registry: the number is the same, and the test no longer makes a series by reading it{left}", edits)


def _unused_import(source: Source, receiver: ast.expr | None, sources: Sources) -> list[str]:
    """Name the import of a metric that only private reads have used: its module has to stay imported, which makes the metric."""
    root = _root(receiver)
    statement = next((s for s in source.imports if root and any((a.asname or a.name) == root for a in s.names)), None)
    if statement is None:
        return []
    key = ("only read", source.path, root)
    if not worked_out(sources, key, lambda: _is_only_read(source, root, sources), of_plan=True):
        return []
    return [f"the import of `{root}` ({source.path}:{statement.lineno}), whose module has to stay imported"]


def _is_only_read(source: Source, root: str, sources: Sources) -> bool:
    """Tell whether every use of a variable is in a private read that is fixed."""
    places = worked_out(sources, ("read", source.path), lambda: _places_read(source, sources), of_plan=True)
    starts = [start for start, _ in places]
    for use in source.named(root):
        if isinstance(use, ast.Name):
            start, end = source.span(use)
            before = bisect_right(starts, start) - 1
            if before < 0 or places[before][1] < end:
                return False
    return True


def _places_read(source: Source, sources: Sources) -> list[tuple[int, int]]:
    """List the spans of the private reads that are fixed, in order and without those that lie in others."""
    found = [f.place for f in sources.planned if f.rule == "private-value" and f.place.path == source.path]
    out: list[tuple[int, int]] = []
    for start, end in sorted((source.offset(p.line, p.column), source.offset(p.end_line, p.end_column)) for p in found):
        if not out or end > out[-1][1]:
            out.append((start, end))
    return out


def _root(receiver: ast.expr | None) -> str:
    """Return the variable that a chain of attributes and calls begins with, '' for none."""
    inner: ast.expr | None = receiver
    while isinstance(inner, (ast.Attribute, ast.Call, ast.Subscript)):
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
    return inner.id if isinstance(inner, ast.Name) else ""


def _the_metric(read: PrivateRead, source: Source, call: ast.Call) -> Metric:
    """Return the metric that is read; raises Refused where there may be several, or where a program reads it while it works."""
    if len(read.metrics) != 1:
        raise Refused("it may be one of several metrics")
    if not read.in_test and any(isinstance(a, FUNCTIONS) for a in source.ancestors(call)):
        raise Refused(
            "outside of tests, reading a number from the registry is expensive, because it collects every metric; keep the number yourself"
        )
    return read.metrics[0]


def _sample(metric: Metric, attribute: str) -> str:
    suffix = SAMPLES.get((metric.type, attribute))
    if suffix is None:
        raise Refused(f"no single sample shows `{attribute}` of a metric of type {metric.type}")
    if metric.registry != "default":
        raise Refused("the metric is not in the default registry")
    if metric.name_value.bound is not Bound.EXACTLY or len(metric.name_value.exact) != 1 or metric.labelnames is None or metric.labels_open:
        raise Refused("the name of the metric or its labels are computed")
    base = metric.name.removesuffix("_total") if metric.type == "counter" else metric.name
    if metric.unit and not base.endswith(f"_{metric.unit}"):
        base = f"{base}_{metric.unit}"
    return base + suffix


def _check_once(metric: Metric, program: Program, sources: Sources) -> None:
    """Refuse when the name may mean another metric, or the metric may be gone: its value would not be the one that was read."""
    if metric.constructor != "direct" or metric.in_loop or metric.guarded not in ("", "try"):
        raise Refused("the metric may be made more than once")
    same = [m for m in program.metrics if m.name == metric.name and m.id != metric.id]
    if same:
        raise Refused(f"another metric has the name `{metric.name}`, too: in {same[0].place.path}:{same[0].place.line}")
    uses = program.uses_of.get(metric.id, ())
    if metric.removed or any(use.role in ("remove", "remove-by-labels", "clear") for use in uses):
        raise Refused("its series are removed or cleared somewhere, and then the registry does not know what the variable still holds")
    if any(use.role == "set-function" for use in uses):
        raise Refused("its value comes from a function, which a private read does not call")
    where = worked_out(sources, ("cleared",), lambda: _cleared(sources))
    if where:
        raise Refused(f"{where} takes metrics out of a registry, so that it may hold another one of this name, or none")


def _cleared(sources: Sources) -> str:
    """Return a file that may take metrics out of the registry, '' for none."""
    library = {path for word in ("REGISTRY", "prometheus_client") for path in sources.mentioning(word)}
    return next((path for word in CLEARED for path in sources.mentioning(word) if path in library), "")


def _check_receiver(receiver: ast.expr | None, metric: Metric, source: Source) -> None:
    """Refuse to write the name of one metric where the code may be given another one: in a helper, or through a parameter."""
    root: ast.expr | None = receiver
    while isinstance(root, (ast.Attribute, ast.Call, ast.Subscript)):
        root = root.func if isinstance(root, ast.Call) else root.value
    if not isinstance(root, ast.Name):
        raise Refused("the expression may lead to another metric")
    scopes = [a for a in source.ancestors(root) if isinstance(a, SCOPES)]
    for scope in scopes:
        if isinstance(scope, ast.Module):
            break
        if root.id in _parameters(scope):
            if metric.owner or root.id not in ("self", "cls"):
                raise Refused(f"`{root.id}` is a parameter: the code may be given another metric")
            return
        stores = [n for n in source.named(root.id, scope) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        if stores:
            _check_variable(source, stores, metric)
            return
    if metric.owner:
        raise Refused("the metric is made in a function, maybe more than once")


def _check_variable(source: Source, stores: list[ast.AST] | list[ast.Name], metric: Metric) -> None:
    """Refuse a variable that holds one metric or another, and one whose metric another function makes."""
    statement = source.parents.get(stores[0])
    value = statement.value if len(stores) == 1 and isinstance(statement, (ast.Assign, ast.AnnAssign)) else None
    if value is None:
        raise Refused(f"`{getattr(stores[0], 'id', 'the variable')}` may hold another metric")
    if metric.owner and source.of(value) != metric.place:
        raise Refused("the metric is made in a function, maybe more than once")


def _parameters(scope: ast.AST) -> set[str]:
    arguments = getattr(scope, "args", None)
    return {n.arg for n in ast.walk(arguments) if isinstance(n, ast.arg)} if isinstance(arguments, ast.arguments) else set()


def _labels(receiver: ast.expr | None, metric: Metric, source: Source) -> tuple[tuple[str, str], ...]:
    """Return the labels of a child as names and expressions that are strings."""
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
        is_text = isinstance(given[name], ast.Call) and getattr(given[name].func, "id", "") == "str"  # type: ignore[attr-defined]
        entries.append((name, text if known or is_text else f"str({text})"))
    return tuple(entries)


def _dictionary(labels: tuple[tuple[str, str], ...]) -> str:
    return "{" + ", ".join(f'"{name}": {value}' for name, value in labels) + "}"


def _call(source: Source, place: Place, function: str, arguments: list[str], labels: tuple[tuple[str, str], ...]) -> str:
    """Return the call; a dictionary that is too long for a line has an entry in each."""
    text = call_text(source, place, function, arguments)
    if not labels or max(map(len, text.splitlines())) <= 100:
        return text
    indent = text[text.rfind(source.newline) + len(source.newline) :].removesuffix(")")
    rows = "".join(f'{source.newline}{indent}        "{name}": {value},' for name, value in labels)
    return text.replace(arguments[1], "{" + rows + f"{source.newline}{indent}    }}")


def _same_for_none(source: Source, call: ast.Call, labelled: bool) -> bool:
    """Tell whether the code around a read does the same with None as with 0, or the series is always there."""
    parent = source.parents.get(call)
    if not isinstance(parent, ast.Compare) or len(parent.ops) != 1 or not isinstance(parent.ops[0], (ast.Eq, ast.NotEq)):
        return False
    other = parent.comparators[0] if parent.left is call else parent.left
    return not labelled or (isinstance(other, ast.Constant) and isinstance(other.value, (int, float)) and bool(other.value))


def _helper(source: Source, registry: str) -> tuple[Edit, ...]:
    """Return the edit that writes the helper, none when the file has it."""
    code = CODE.format(name=HELPER, registry=registry)
    for node in source.named(HELPER):
        if isinstance(node, FUNCTIONS) and source.slice(source.of(node)).replace(source.newline, "\n") == code.rstrip("\n"):
            return ()
    if source.named(HELPER):
        raise Refused(f"`{HELPER}` is something else in this file")
    return (after_imports(source, code),)
