"""Removing one label of one metric: from the list of label names and from every call, by keyword and by position."""

from __future__ import annotations

import ast

from cardlint.findings import Edit, Fix
from cardlint.fix import Refused, Sources
from cardlint.fix.source import Source
from cardlint.link.program import LabelSite, Metric, Program


def without_label(metric: Metric, label: str, program: Program, sources: Sources) -> Fix:
    """Build the edits that remove a label everywhere; raises Refused when one place cannot be rewritten for sure."""
    if metric.labelnames is None or metric.labels_open or label not in metric.labelnames or metric.constructor != "direct":
        raise Refused("the list of label names is not written out at the declaration")
    sites = [s for s in program.sites if any(m.id == metric.id for m in s.metrics)]
    edits = [_declaration(metric, label, sources)]
    position = metric.labelnames.index(label)
    for site in sites:
        edits.extend(_call(site, metric, label, position, sources))
    series = metric.series_per_child()
    return Fix("unsafe", f"remove the label `{label}` everywhere: {series} series for each of its values are gone", tuple(edits))


def _declaration(metric: Metric, label: str, sources: Sources) -> Edit:
    place = metric.labelnames_place
    if place is None:
        raise Refused("the list of label names is not written out at the declaration")
    source = sources(place.path)
    node = source.expression(place)
    if not isinstance(node, (ast.List, ast.Tuple)) or not all(isinstance(e, ast.Constant) for e in node.elts):
        raise Refused("the list of label names is not written out at the declaration")
    others = [str(e.value) for e in node.elts if isinstance(e, ast.Constant) and e.value != label]
    if len(others) != len(node.elts) - 1:
        raise Refused("the list of label names is not written out at the declaration")
    if not others:
        return Edit(place, "()" if isinstance(node, ast.Tuple) else "[]")
    if isinstance(node, ast.Tuple) and len(others) == 1:
        kept = next(e for e in node.elts if isinstance(e, ast.Constant) and e.value != label)
        start, end = source.span(kept)
        return Edit(place, f"({source.text[start:end]},)")
    return _element(
        source,
        [source.span(e) for e in node.elts],
        next(i for i, e in enumerate(node.elts) if isinstance(e, ast.Constant) and e.value == label),
    )


def _element(source: Source, spans: list[tuple[int, int]], index: int) -> Edit:
    """Remove one of several elements with the comma that belongs to it."""
    start, end = spans[index]
    if index + 1 < len(spans):
        end = spans[index + 1][0]
    elif index:
        start = spans[index - 1][1]
    return Edit(source.place(start, end), "")


def _call(site: LabelSite, metric: Metric, label: str, position: int, sources: Sources) -> list[Edit]:
    if site.kind != "labels" or site.lifted or len(site.metrics) != 1:
        raise Refused(f"a use in {site.place.path}:{site.place.line} goes through a helper or several metrics")
    source = sources(site.place.path)
    call = source.expression(site.place)
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        raise Refused(f"the use in {site.place.path}:{site.place.line} is not a plain call")
    if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
        raise Refused(f"the use in {site.place.path}:{site.place.line} opens a list or dictionary")
    if call.keywords and call.args:
        raise Refused(f"the use in {site.place.path}:{site.place.line} mixes positions and keywords")
    given: list[ast.AST] = [*call.args, *call.keywords]
    index = position if call.args else next((i for i, k in enumerate(call.keywords) if k.arg == label), -1)
    if not 0 <= index < len(given):
        raise Refused(f"the use in {site.place.path}:{site.place.line} does not give the label")
    if len(given) == 1:  # no label is left: the metric itself counts
        start = source.span(call.func.value)[1]
        return [Edit(source.place(start, source.span(call)[1]), "")]
    return [_element(source, [source.span(n) for n in given], index)]
