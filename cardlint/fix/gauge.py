"""The mode of a Gauge in a project with several processes: what a scrape shows of their values, chosen by what the code does."""

from __future__ import annotations

import ast

from cardlint.findings import Finding, Fix
from cardlint.fix.base import Refused, Sources
from cardlint.fix.layout import with_argument
from cardlint.fix.subjects import metric_of
from cardlint.inference.program import Metric, MetricUse, Program
from cardlint.rules._modes import SIZES, Mode, mode_of


def multiprocess_mode(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Choose how a Gauge is combined over processes by its calls: as the finding advises."""
    metric = metric_of(finding, program)
    source = sources(finding.place.path)
    call = source.expression(finding.place)
    if metric is None or not isinstance(call, ast.Call) or metric.built not in (None, finding.place):
        raise Refused("the Gauge is made in another place")
    if metric.multiprocess_mode is not None:
        return None  # the author has chosen it
    if not call.args and not call.keywords:
        return None
    if any(k.arg is None for k in call.keywords) or any(isinstance(a, ast.Starred) for a in call.args):
        raise Refused("its arguments are given as a dictionary")
    mode = _mode(metric, program, sources)
    text = f'add multiprocess_mode="{mode.name}": {mode.means}; one series instead of one for each process'
    return Fix("unsafe", text, with_argument(source, call, f'multiprocess_mode="{mode.name}"'))


def _mode(metric: Metric, program: Program, sources: Sources) -> Mode:
    """Return the mode of a metric, and what a scrape of it will show; raises Refused where the calls do not tell."""
    uses = program.uses_of.get(metric.id, ())
    done = {use.role for use in uses}
    written, counted = done & {"set"}, done & {"count", "track-inprogress"}
    if "set-function" in done:
        raise Refused("its value comes from a function, which multiprocess mode does not support")
    if written and counted:
        raise Refused("it is both set and counted, so no mode is right for all of its uses")
    if not written and not counted:
        raise Refused("no call that changes it was found, so no mode is known to be right")
    for use in uses:
        if use.role == "set" and (counts := _counts_own(use, sources)):
            raise Refused(
                f"it is set to `{counts}` in {use.place.path}:{use.place.line}, which may be the share of one process: choose between "
                '"livesum" for the sum of all and "livemostrecent" for the value set last'
            )
    mode = mode_of(metric, program)
    if not mode.name:
        raise Refused("its calls do not tell which mode is right")
    return mode


def _counts_own(use: MetricUse, sources: Sources) -> str:
    """Return what a call sets when it is the size of something that every process has for itself, '' otherwise."""
    source = sources(use.place.path)
    call = source.expression(use.place)
    for inner in ast.walk(call) if isinstance(call, ast.Call) else ():
        if isinstance(inner, ast.Call) and inner is not call:
            name = inner.func.id if isinstance(inner.func, ast.Name) else inner.func.attr if isinstance(inner.func, ast.Attribute) else ""
            if name in SIZES:
                return source.slice(source.of(inner))
    return ""
