"""The cost of a metric: series per label set, and the product over the labels where it is known."""

from __future__ import annotations

from math import prod

from cardlint.common.numbers import capped, spoken
from cardlint.findings import SeriesInfo
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.program import LabelSite, Metric


def per_child(metric: Metric) -> int:
    """Return the series of one label set, `_created` included."""
    return metric.series_per_child()


def breakdown(metric: Metric) -> str:
    """Say what the series of one label set are."""
    if metric.type == "histogram":
        finite = metric.bounds.finite() if metric.bounds is not None else 14
        count = 14 if finite is None else finite
        return f"{count + 1} buckets, _count, _sum and _created"
    if metric.type == "summary":
        return "_count, _sum and _created"
    if metric.type == "counter":
        return "_total and _created"
    if metric.type == "enum":
        return "one for each state"
    return "one series"


def size_of(value: ValueSet | None) -> int | None:
    """Return how many values a label takes, None when that is not known."""
    if value is None or value.named or value.cls in (Bound.UNKNOWN, Bound.UNBOUNDED):
        return None
    return len({str(v) for v in value.exact}) if value.cls is Bound.EXACTLY else value.size


def estimate(metric: Metric, values: dict[tuple[int, str], ValueSet], label: str | None = None) -> SeriesInfo:
    """Estimate the series of a metric: `9 x 50 x 15 = 6,750`, or with names where a factor is open: `user x status 15`.

    With a label, the result also holds what one more value of it adds.
    """
    child = per_child(metric)
    if not metric.labelnames:
        return SeriesInfo(child, child if metric.labelnames == () else None, f"{child:,}" if metric.labelnames == () else "")
    sizes = {name: size_of(values.get((metric.id, name))) for name in metric.labelnames}
    known = [size for size in sizes.values() if size is not None]
    if len(known) == len(sizes):
        total = capped(prod(known) * child)
        return SeriesInfo(child, total, f"{' x '.join(spoken(n) for n in (*known, child))} = {spoken(total)} series")
    factors = [f"{name} {spoken(size)}" if size is not None else name for name, size in sizes.items()]
    rest = prod(max(1, size) for name, size in sizes.items() if size is not None and name != label)
    return SeriesInfo(child, None, " x ".join((*factors, f"{child:,} series")), capped(rest * child))


def others(metric: Metric, label: str | None, values: dict[tuple[int, str], ValueSet]) -> int | None:
    """Return the product of the sizes of all labels but one, None when one of them is open."""
    total = 1
    for name in metric.labelnames or ():
        if name == label:
            continue
        size = size_of(values.get((metric.id, name)))
        if size is None:
            return None
        total = capped(total * max(1, size))
    return total


def cost_of(metric: Metric | None, label: str | None, values: dict[tuple[int, str], ValueSet]) -> str:
    """Say what one more value of a label costs."""
    if metric is None or metric.type == "unknown":
        return "every new value is a new time series, kept until the process ends"
    child = per_child(metric)
    rest = others(metric, label, values)
    noun = "series" if child != 1 else "time series"
    if rest is not None and rest > 1:
        return f"every new value adds up to {spoken(rest)} x {child} = {spoken(rest * child)} {noun} ({breakdown(metric)})"
    return f"every new value adds {child} {noun} ({breakdown(metric)})" if child > 1 else "every new value adds a time series"


def site_metric(site: LabelSite) -> Metric | None:
    """Return the metric a site is about; the first of several candidates."""
    return site.metrics[0] if site.metrics else None
