"""What findings say of a metric: its series per label set, their product over the labels, and where it is declared."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from msgspec.structs import replace

from cardlint.common.numbers import capped, spoken
from cardlint.findings import Finding, MetricRef, SeriesInfo, Step
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.program import LabelSite, Metric
from cardlint.rules._wording import counted, every
from cardlint.rules.sentences import values as say

MOST = 5
"""Places of one label name that a finding lists."""


def per_child(metric: Metric) -> int:
    """Return the series of one label set, `_created` included."""
    return metric.series_per_child()


def breakdown(metric: Metric) -> str:
    """Say what the series of one label set are."""
    if metric.type == "histogram":
        finite = metric.bounds.finite() if metric.bounds is not None else 14
        count = 14 if finite is None else finite
        return say.BUCKET_SERIES(buckets=count + 1)
    if metric.type == "summary":
        return say.SUMMARY_SERIES()
    if metric.type == "counter":
        return say.COUNTER_SERIES()
    return say.ENUM_SERIES() if metric.type == "enum" else say.ONE_SERIES()


def size_of(value: ValueSet | None) -> int | None:
    """Return how many values a label takes, None when that is not known."""
    if value is None or value.named or value.bound in (Bound.UNKNOWN, Bound.UNBOUNDED):
        return None
    return len({str(v) for v in value.exact}) if value.bound is Bound.EXACTLY else value.size


def estimate(metric: Metric, values: dict[tuple[int, str], ValueSet], label: str | None = None) -> SeriesInfo:
    """Estimate the series of a metric: `9 methods x 50 routes x 2 = 900 series`, or `9 methods x 2 for every user`.

    With a label, the result also holds what one more value of it adds.
    """
    child = per_child(metric)
    if not metric.labelnames:
        return SeriesInfo(child, child if metric.labelnames == () else None, f"{child:,}" if metric.labelnames == () else "")
    sizes = {name: size_of(values.get((metric.id, name))) for name in metric.labelnames}
    known = [size for size in sizes.values() if size is not None]
    series = (f"{child:,}",) if child > 1 or not known else ()
    factors = " x ".join((*(counted(size, name) for name, size in sizes.items() if size is not None), *series))
    if len(known) == len(sizes):
        total = capped(prod(known) * child)
        return SeriesInfo(child, total, say.PRODUCT(factors=factors, total=spoken(total)))
    unbounded = every([name for name, size in sizes.items() if size is None])
    rest = prod(max(1, size) for name, size in sizes.items() if size is not None and name != label)
    return SeriesInfo(
        child, None, say.OPEN_PRODUCT(factors=factors if known else say.SERIES(count=factors), labels=unbounded), capped(rest * child)
    )


def cost_of(metric: Metric | None, label: str | None, values: dict[tuple[int, str], ValueSet]) -> str:
    """Say what one more value of a label costs."""
    if metric is None or metric.type == "unknown":
        return say.ANY_VALUE()
    child, noun = per_child(metric), say.VALUE_OF(label=label) if label is not None else say.VALUE()
    sizes = {name: size_of(values.get((metric.id, name))) for name in metric.labelnames or () if name != label}
    unbounded = every([name for name, size in sizes.items() if size is None])
    rest = say.FOR_EVERY(labels=unbounded) if unbounded else ""
    known = {name: size for name, size in sizes.items() if size is not None and size > 1}
    if not known:
        series = say.SOME_SERIES(count=f"{child:,}", parts=breakdown(metric)) if child > 1 else say.ONE_SERIES()
        return say.NEW_SERIES(label=noun, series=series, rest=rest)
    factors = " x ".join(counted(size, name) for name, size in known.items())
    total = spoken(capped(prod(known.values()) * child))
    if child == 1:
        return say.UP_TO_SINGLE_SERIES(label=noun, total=total, factors=factors, rest=rest)
    return say.UP_TO_SERIES(label=noun, total=total, factors=factors, child=f"{child:,}", parts=breakdown(metric), rest=rest)


def site_metric(site: LabelSite, label: str | None = None) -> Metric | None:
    """Return the metric a site is about: of several one that has the label, the one that the same call declares before others."""
    if len(site.metrics) < 2:
        return site.metrics[0] if site.metrics else None
    return max(site.metrics, key=lambda m: (m.labelnames is None or has_label(m, label), m.place == site.place, m.labelnames is not None))


def has_label(metric: Metric, label: str | None) -> bool:
    """Tell whether the list of labels of a metric is known, and holds a label; any one where its name is not known."""
    return bool(metric.labelnames) and (label is None or label in (metric.labelnames or ()))


def ref(metric: Metric | None) -> MetricRef | None:
    """Return the metric as findings show it."""
    return MetricRef(metric.name, metric.type, metric.place) if metric is not None else None


def also_filled(finding: Finding, site: LabelSite, metric: Metric | None, label: str | None) -> list[Finding]:
    """Return the finding for each other metric of a call that has the label, unless the call itself declares the one that is found."""
    if metric is None or metric.place == site.place:
        return []
    return [replace(finding, metric=ref(other)) for other in site.metrics if other is not metric and has_label(other, label)]


def with_others(finding: Finding, others: Sequence[Finding]) -> Finding:
    """Name in a finding the metrics of others that one call gets: each with the source of its value, and where it is declared."""
    found = {f.metric: f for f in others if f.metric is not None and f.value is not None and f.metric != finding.metric}
    sources = {metric: say.UNDECIDED() if f.value is None or f.value.cls == "unknown" else f.value.why for metric, f in found.items()}
    steps = [
        Step(f.trace[0].place if f.trace else f.place, say.ALSO_FILLED(metric=f"`{metric.name}`", source=sources[metric]), "also")
        for metric, f in [*found.items()][:MOST]
    ]
    steps.extend(Step(metric.place, say.DECLARED_HERE(metric=metric.name), "declared") for metric in [*found][:MOST])
    return replace(finding, related=(*finding.related, *steps), also=(*finding.also, *found)) if found else finding


def declared(metric: Metric | None, label: str | None = None) -> list[Step]:
    """Return the place of a metric, and those that name a label where they are not in the constructor's call.

    A label is removed in its list, which may be an attribute of a class or an argument of a factory.
    """
    if metric is None or metric.constructor == "duck":
        return []
    steps = [Step(metric.place, say.DECLARED_HERE(metric=metric.name), "declared")]
    place = metric.label_places.get(label) if label is not None else None
    if label is None or place is None:
        return steps
    for at in (place, *metric.also_named.get(label, ()))[:MOST]:
        if at.path != metric.place.path or not metric.place.line <= at.line <= metric.place.end_line:
            steps.append(Step(at, say.LABEL_NAMED_HERE(label=label), "named"))
    return steps
