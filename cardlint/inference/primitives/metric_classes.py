"""Metric classes: which library path is one, and of which type."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.objects import BOTTOM, LibraryPath, Objects

TYPES = {"Counter": "counter", "Gauge": "gauge", "Summary": "summary", "Histogram": "histogram", "Info": "info", "Enum": "enum"}
FAMILIES = {
    "CounterMetricFamily": "counter", "GaugeMetricFamily": "gauge", "SummaryMetricFamily": "summary", "HistogramMetricFamily": "histogram",
    "GaugeHistogramMetricFamily": "histogram", "InfoMetricFamily": "info", "StateSetMetricFamily": "enum", "UntypedMetricFamily": "untyped",
    "UnknownMetricFamily": "untyped", "Metric": "untyped",
}  # fmt: skip


def kind_of(ev: Evaluator, path: str) -> tuple[str, str]:
    """Return the metric type and how it is constructed for a library path, ('', '') when it is no metric class."""
    if path.startswith("prometheus_client."):
        last = path.rpartition(".")[2]
        if last in TYPES:
            return TYPES[last], "direct"
        if last in FAMILIES:
            return FAMILIES[last], "family"
    wrapper = ev.library.wrappers.get(path)
    if wrapper is not None:
        return wrapper.type, "wrapper"
    return "", ""


def is_metric_path(ev: Evaluator, path: str) -> bool:
    """Tell whether a library path is a metric class, or the base of all of them."""
    return kind_of(ev, path)[0] != "" or path.endswith(".MetricWrapperBase")


def annotated(ev: Evaluator, path: str) -> Objects:
    """Return the value by an annotation with a metric class: an instance that only its callers can name."""
    return (LibraryPath(path),) if is_metric_path(ev, path) else BOTTOM
