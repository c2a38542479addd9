"""Removing one label of one metric: from the list of label names and from every call, by keyword and by position."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from cardlint.findings import Edit, Fix, Place
from cardlint.fix.base import Refused, Sources, worked_out
from cardlint.fix.leftovers import described, spoken, texts_that_say, unread
from cardlint.fix.source import Source
from cardlint.inference.program import LabelSite, Metric, MetricUse, Program

SUFFIXES = ("_total", "_created", "_sum", "_count", "_bucket")
"""The suffixes that prometheus_client appends to the name of a metric for its samples."""


def without_label(metric: Metric, label: str, program: Program, sources: Sources) -> Fix:
    """Build the edits that remove a label everywhere; raises Refused when one place cannot be rewritten with certainty."""
    names = _written(metric, label)
    _check_written_once(metric, label, program)
    edits = _removed(metric, names.index(label), program, sources)
    series = metric.series_per_child()
    price = f"{series} series for each of its values are gone; queries that name it find nothing"
    left = worked_out(sources, ("left", metric.id, label), lambda: _left_behind(metric, label, edits, sources))
    return Fix("unsafe", f"remove the label `{label}` everywhere: {price}{left}", edits)


def _check_written_once(metric: Metric, label: str, program: Program) -> None:
    """Refuse for values that are set: without the label all of them go to one series, and the last one hides the others."""
    if metric.type in ("info", "enum"):
        raise Refused(f"without `{label}` every value of `{metric.name}` would replace the one before: the last writer wins")
    if metric.type != "gauge":
        return
    roles = {use.role for use in program.uses_of.get(metric.id, ())} & {"set", "set-function", "count", "track-inprogress"}
    if roles & {"set", "set-function"} or not roles:
        raise Refused(f"`{metric.name}` is set, and without `{label}` all values would go to one series: the last writer wins")


def _left_behind(metric: Metric, label: str, edits: tuple[Edit, ...], sources: Sources) -> str:
    """Name the variables that only the removed label has read, and the texts that still speak of it."""
    removed: dict[str, list[tuple[int, int]]] = {}
    for edit in edits:
        source, place = sources(edit.place.path), edit.place
        removed.setdefault(place.path, []).append(
            (source.offset(place.line, place.column), source.offset(place.end_line, place.end_column))
        )
    names = [left for path, spans in removed.items() for left in unread(sources(path), spans)]
    return described([*names, *texts_that_say(metric, spoken(label), sources(metric.place.path))])


def once(metric: Metric, label: str, program: Program, sources: Sources) -> Fix:
    """Build the edits that remove the second declaration of a label with the value at its position."""
    names = _written(metric, label)
    edits = _removed(metric, names.index(label, names.index(label) + 1), program, sources)
    return Fix("unsafe", f"declare the label `{label}` once: its second value is gone from the series", edits)


def _written(metric: Metric, label: str) -> tuple[str, ...]:
    if metric.labelnames is None or metric.labels_open or label not in metric.labelnames or metric.constructor != "direct":
        raise Refused("the list of label names is not written out at the declaration")
    return metric.labelnames


def _check_outside(metric: Metric, sources: Sources) -> None:
    """Refuse when a file outside of the analysis may use the metric: its calls would fail after the fix."""
    name = metric.target.rpartition(".")[2]
    parts = metric.place.path.removesuffix(".py").removesuffix("/__init__").split("/")
    outside = sources.elsewhere(name, parts[-1]) if name else ()
    if outside:
        raise Refused(f"{outside[0]} may use `{name}`, too, and is not among the analysed files")


def _check_strangers(metric: Metric, program: Program, sources: Sources) -> None:
    """Refuse when a call on something of the same name may be a use that the analysis did not resolve."""
    strangers = worked_out(sources, ("strangers",), lambda: _strangers(program, sources))
    place = strangers.get(metric.target.rpartition(".")[2])
    if place is not None:
        raise Refused(f"the use in {place.path}:{place.line} may be of this metric, too")


def _strangers(program: Program, sources: Sources) -> dict[str, Place]:
    """Find the uses of metrics that the analysis did not resolve, by the names they are written with."""
    found: dict[str, Place] = {}
    known = {m.id for m in program.metrics}
    for site in program.sites:
        if not any(m.id in known for m in site.metrics):
            call = sources(site.place.path).expression(site.place)
            receiver = call.func.value if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) else None
            if isinstance(receiver, (ast.Name, ast.Attribute)):
                found.setdefault(receiver.id if isinstance(receiver, ast.Name) else receiver.attr, site.place)
    return found


def _removed(metric: Metric, position: int, program: Program, sources: Sources) -> tuple[Edit, ...]:
    """Remove the label name at one position from the declaration, and its value from every use.

    Every unbounded value of a label has its own finding, and all share this one fix.
    """
    return worked_out(sources, ("removed", metric.id, position), lambda: _all_removed(metric, position, program, sources))


def _all_removed(metric: Metric, position: int, program: Program, sources: Sources) -> tuple[Edit, ...]:
    edits = [_declaration(metric, position, sources)]
    _check_outside(metric, sources)
    _check_strangers(metric, program, sources)
    for site in program.sites_of.get(metric.id, ()):
        edits.extend(_call(site, metric, position, sources))
    for use in program.uses_of.get(metric.id, ()):
        if use.role in ("remove", "remove-by-labels"):
            edits.append(_removal(use, metric, position, sources))
    if (metric.labelnames or ()).count((metric.labelnames or ())[position]) == 1:
        edits.extend(_asked(metric, (metric.labelnames or ())[position], sources))
    return tuple(edits)


def _asked(metric: Metric, label: str, sources: Sources) -> Iterator[Edit]:
    """Remove the label from the queries of tests: `get_sample_value(name, {...})` has to name every label."""
    base = metric.name.removesuffix("_total")
    asked = worked_out(sources, ("asked",), lambda: _samples_asked(sources))
    for sample in dict.fromkeys((base, *(f"{base}{suffix}" for suffix in SUFFIXES))):
        for path, call, labels in asked.get(sample, ()):
            source = sources(path)
            keys = [getattr(key, "value", None) for key in labels.keys] if isinstance(labels, ast.Dict) else []
            if not isinstance(labels, ast.Dict) or not all(isinstance(key, str) for key in keys):
                raise Refused(f"the series asked for in {path}:{call.lineno} does not write its labels out")
            if label not in keys:
                continue
            if len(keys) == 1:
                yield Edit(source.of(labels), "{}")
            else:
                spans = [(source.span(k)[0], source.span(v)[1]) for k, v in zip(labels.keys, labels.values, strict=True) if k is not None]
                yield _element(source, spans, keys.index(label))


def _samples_asked(sources: Sources) -> dict[str, list[tuple[str, ast.Call, ast.expr]]]:
    """Find the calls of `get_sample_value` with labels, by the sample they query: file, call, labels."""
    found: dict[str, list[tuple[str, ast.Call, ast.expr]]] = {}
    for path in sources.mentioning("get_sample_value"):
        source = sources(path)
        for asked in source.named("get_sample_value"):
            call = source.parents.get(asked)
            if not isinstance(asked, ast.Attribute) or not isinstance(call, ast.Call) or call.func is not asked:
                continue
            given = [*call.args, *(k.value for k in call.keywords if k.arg == "labels")]
            if len(given) > 1 and isinstance(given[0], ast.Constant) and isinstance(given[0].value, str):
                found.setdefault(given[0].value, []).append((path, call, given[1]))
    return found


def _removal(use: MetricUse, metric: Metric, position: int, sources: Sources) -> Edit:
    """Remove one value from `.remove(...)`, which takes them by position and fails on any other number of them."""
    where = f"{use.place.path}:{use.place.line}"
    source = sources(use.place.path)
    call = source.expression(use.place)
    plain = isinstance(call, ast.Call) and not call.keywords and not any(isinstance(a, ast.Starred) for a in call.args)
    if use.role != "remove" or len(use.metrics) != 1 or not isinstance(call, ast.Call) or not plain:
        raise Refused(f"the removal of series in {where} does not write the labels out")
    if len(call.args) != len(metric.labelnames or ()) or len(call.args) < 2:
        raise Refused(f"the removal of series in {where} would have no label left")
    return _element(source, [source.span(a) for a in call.args], position)


def _declaration(metric: Metric, position: int, sources: Sources) -> Edit:
    place = metric.labelnames_place
    if place is None:
        raise Refused("the list of label names is not written out at the declaration")
    source = sources(place.path)
    node = source.expression(place)
    if not isinstance(node, (ast.List, ast.Tuple)) or [getattr(e, "value", None) for e in node.elts] != list(metric.labelnames or ()):
        raise Refused("the list of label names is not written out at the declaration")
    if len(node.elts) == 1:
        return _argument(source, node, metric) or Edit(place, "()" if isinstance(node, ast.Tuple) else "[]")
    if isinstance(node, ast.Tuple) and len(node.elts) == 2:
        start, end = source.span(node.elts[1 - position])
        return Edit(place, f"({source.text[start:end]},)")
    return _element(source, [source.span(e) for e in node.elts], position)


def _argument(source: Source, node: ast.AST, metric: Metric) -> Edit | None:
    """Remove the whole argument of the constructor with its last label; None where others have their place after it, or a comment is there."""
    parent = source.parents.get(node)
    given = parent if isinstance(parent, ast.keyword) else node
    call = source.parents.get(given)
    if not isinstance(call, ast.Call) or source.of(call) not in (metric.place, metric.built):
        return None
    arguments: list[ast.AST] = sorted((*call.args, *call.keywords), key=source.span)
    index = arguments.index(given)
    if index == 0 or (given in call.args and given is not call.args[-1]):
        return None
    spans = [source.span(one) for one in arguments]
    between = [source.text[a[1] : b[0]].strip() for a, b in pairwise(spans[index - 1 : index + 2])]
    edit = _element(source, spans, index)
    return edit if not source.has_comment(edit.place) and set(between) == {","} else None


def _element(source: Source, spans: list[tuple[int, int]], index: int) -> Edit:
    """Remove one of several elements with the comma that belongs to it."""
    start, end = spans[index]
    if index + 1 < len(spans):
        end = spans[index + 1][0]
    elif index:
        start = spans[index - 1][1]
    return Edit(source.place(start, end), "")


def _call(site: LabelSite, metric: Metric, position: int, sources: Sources) -> list[Edit]:
    if site.kind != "labels" or site.lifted or site.shared or len(site.metrics) != 1:
        raise Refused(f"a use in {site.place.path}:{site.place.line} goes through a helper or several metrics")
    source = sources(site.place.path)
    call = source.expression(site.place)
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        raise Refused(f"the use in {site.place.path}:{site.place.line} is not a plain call")
    if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
        raise Refused(f"the use in {site.place.path}:{site.place.line} opens a list or dictionary")
    if call.keywords and call.args:
        raise Refused(f"the use in {site.place.path}:{site.place.line} mixes positions and keywords")
    names = metric.labelnames or ()
    label = names[position]
    if call.keywords and names.count(label) > 1:
        return []  # by keyword there is only one value
    given: list[ast.AST] = [*call.args, *call.keywords]
    index = position if call.args else next((i for i, k in enumerate(call.keywords) if k.arg == label), -1)
    if not 0 <= index < len(given):
        raise Refused(f"the use in {site.place.path}:{site.place.line} does not give the label")
    if len(given) == 1:  # no label is left: the metric itself counts
        start = source.span(call.func.value)[1]
        return [Edit(source.place(start, source.span(call)[1]), "")]
    return [_element(source, [source.span(n) for n in given], index)]
