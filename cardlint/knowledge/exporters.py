"""Exporter packages whose options decide whether raw paths become labels."""

from __future__ import annotations

from cardlint.knowledge.clients.schema import MetricType
from cardlint.knowledge.rows import bounded, leads, unbounded
from cardlint.knowledge.schema import Exporter, Library, Shape, Sink

FLASK = "the default groups requests by raw path, 404s included"
FLASK_CLASSES = (
    "PrometheusMetrics",
    "multiprocess.GunicornPrometheusMetrics",
    "multiprocess.GunicornInternalPrometheusMetrics",
    "multiprocess.UWsgiPrometheusMetrics",
    "multiprocess.MultiprocessPrometheusMetrics",
    "RESTfulPrometheusMetrics",
)
FLASK_KINDS: tuple[MetricType, ...] = ("counter", "gauge", "summary", "histogram")
"""Decorators that make a metric, with labels that are values or functions (prometheus_flask_exporter, README: Labels)."""
LIBRARY = Library(
    packages=(
        "prometheus_flask_exporter",
        "litestar",
        "starlette_exporter",
        "prometheus_fastapi_instrumentator",
        "aioprometheus",
        "django_prometheus",
        "aiohttp_prometheus_exporter",
        "starlette_prometheus",
    ),
    rows=(
        *leads(
            *((f"prometheus_flask_exporter.{made}.for_app_factory()", f"prometheus_flask_exporter.{made}") for made in FLASK_CLASSES),
            ("prometheus_fastapi_instrumentator.metrics.Info.request", "starlette.requests.Request"),
            ("prometheus_fastapi_instrumentator.metrics.Info.response", "starlette.responses.Response"),
        ),
        *bounded(50, "template", "route template", "prometheus_fastapi_instrumentator.metrics.Info.modified_handler"),
        *bounded(15, "status", "HTTP status", "prometheus_fastapi_instrumentator.metrics.Info.modified_status"),
        *bounded(9, "http-method", "HTTP method", "prometheus_fastapi_instrumentator.metrics.Info.method"),
        *unbounded("measurement", "a duration", "prometheus_fastapi_instrumentator.metrics.Info.modified_duration"),
    ),
    shapes=(
        Shape(
            "instrumentator", (("info", "prometheus_fastapi_instrumentator.metrics.Info"),), signature=("info",), method="instrumentation"
        ),
    ),
    sinks=(
        *(
            Sink(f"prometheus_flask_exporter.{made}.{kind}", mapping="labels", metric="#0", type=kind, calls=True)
            for made in FLASK_CLASSES
            for kind in FLASK_KINDS
        ),
        Sink("starlette_exporter.PrometheusMiddleware", mapping="labels", calls=True),
        Sink("litestar.plugins.prometheus.PrometheusConfig", mapping="labels", calls=True),
        Sink("litestar.contrib.prometheus.PrometheusConfig", mapping="labels", calls=True),
    ),
    exporters=(
        *(
            Exporter(
                f"prometheus_flask_exporter.{module}{made}",
                "group_by",
                True,
                ("path", "full_path", "url"),
                "path",
                FLASK,
                'group_by="url_rule" or group_by="endpoint"',
                switch="export_defaults" if made != ".export_defaults" else "",
            )
            for module in FLASK_CLASSES
            for made in ("", ".for_app_factory", ".export_defaults")
        ),
        Exporter(
            "litestar.plugins.prometheus.PrometheusConfig",
            "group_path",
            True,
            (False,),
            "path",
            "by default every matched request is labelled with its raw path",
            "group_path=True",
        ),
        Exporter(
            "litestar.contrib.prometheus.PrometheusConfig",
            "group_path",
            True,
            (False,),
            "path",
            "by default every matched request is labelled with its raw path",
            "group_path=True",
        ),
        Exporter(
            "starlette_exporter.PrometheusMiddleware",
            "filter_unhandled_paths",
            False,
            (False,),
            "path",
            "without the filter every unmatched path becomes a label value",
            "filter_unhandled_paths=True, or group_unhandled_paths=True",
            instead="group_unhandled_paths",
        ),
        Exporter(
            "starlette_exporter.PrometheusMiddleware",
            "group_paths",
            False,
            (False,),
            "path",
            "without grouping every raw path becomes a label value",
            "group_paths=True",
        ),
        Exporter(
            "prometheus_fastapi_instrumentator.Instrumentator",
            "should_group_untemplated",
            False,
            (False,),
            "handler",
            "without grouping every unmatched path becomes a label value",
            "should_group_untemplated=True",
            instead="should_ignore_untemplated",
        ),
        Exporter(
            "aioprometheus.asgi.middleware.MetricsMiddleware",
            "use_template_urls",
            False,
            (False,),
            "path",
            "raw paths become label values",
            "use_template_urls=True",
        ),
    ),
    aliases=(
        (
            "prometheus_fastapi_instrumentator.instrumentation.PrometheusFastApiInstrumentator",
            "prometheus_fastapi_instrumentator.Instrumentator",
        ),
        ("prometheus_fastapi_instrumentator.instrumentation.Info", "prometheus_fastapi_instrumentator.metrics.Info"),
        ("aioprometheus.MetricsMiddleware", "aioprometheus.asgi.middleware.MetricsMiddleware"),
    ),
)
