"""prometheus_client 0.26, compared with all versions from 0.1.1 (read in the package, and executed)."""

from __future__ import annotations

from cardlint.knowledge.clients.schema import Client, GivenLabels, LabelCall, Method, MetricClass, View

COMMON = ("name", "documentation", "labelnames", "namespace", "subsystem", "unit", "registry", "_labelvalues")
"""Parameters of every constructor."""
LABELS = (("labels", "labelnames"),)
"""Families call their label names `labels`."""
OF_BUCKETS = (*LABELS, ("buckets", "samples"))
"""The buckets of a family are samples, not bounds."""
VALUED = ("name", "documentation", "value", "labelnames")
JOB = GivenLabels("value", "job", 1, "job")
GROUPED = GivenLabels("mapping", "grouping-key", 3, "grouping_key")
PARENT: tuple[View, ...] = ("parent", "timer")

CLIENT = Client(
    package="prometheus_client",
    classes=(
        MetricClass("Counter", "counter", COMMON),
        MetricClass("Gauge", "gauge", (*COMMON, "multiprocess_mode")),
        MetricClass("Summary", "summary", COMMON),
        MetricClass("Histogram", "histogram", (*COMMON, "buckets")),
        MetricClass("Info", "info", COMMON),
        MetricClass("Enum", "enum", (*COMMON, "states")),
        # families, of metrics_core
        MetricClass("CounterMetricFamily", "counter", (*VALUED, "created", "unit", "exemplar"), LABELS, family=True),
        MetricClass("GaugeMetricFamily", "gauge", (*VALUED, "unit"), LABELS, family=True),
        MetricClass(
            "SummaryMetricFamily",
            "summary",
            ("name", "documentation", "count_value", "sum_value", "labelnames", "unit"),
            LABELS,
            family=True,
        ),
        MetricClass(
            "HistogramMetricFamily",
            "histogram",
            ("name", "documentation", "samples", "sum_value", "labelnames", "unit"),
            OF_BUCKETS,
            family=True,
        ),
        MetricClass(
            "GaugeHistogramMetricFamily",
            "histogram",
            ("name", "documentation", "samples", "gsum_value", "labelnames", "unit"),
            OF_BUCKETS,
            family=True,
        ),
        MetricClass("InfoMetricFamily", "info", VALUED, LABELS, family=True),
        MetricClass("StateSetMetricFamily", "enum", VALUED, LABELS, family=True),
        MetricClass("UntypedMetricFamily", "untyped", (*VALUED, "unit"), LABELS, family=True),
        MetricClass("UnknownMetricFamily", "untyped", (*VALUED, "unit"), LABELS, family=True),
        MetricClass("Metric", "untyped", ("name", "documentation", "typ", "unit"), LABELS, family=True, free_labels=True),
    ),
    methods=(
        Method("labels", "labels", (GivenLabels("each", "labels"),), on=PARENT, gives="child"),
        Method("inc", "count", telling=True),
        Method("dec", "count", telling=True),
        Method("set", "set", telling=True),
        Method("observe", "observe", telling=True),
        Method("time", "time", gives="timer", telling=True),
        Method("info", "describe", (GivenLabels("mapping", "info", 0, "val"),), types=("info",), telling=True),
        Method("state", "describe", telling=True),
        Method("set_to_current_time", "set", telling=True),
        Method("count_exceptions", "count-exceptions", gives="timer", telling=True),
        Method("track_inprogress", "track-inprogress", gives="timer", telling=True),
        Method("set_function", "set-function", telling=True),
        Method("remove", "remove", telling=True),
        Method("remove_by_labels", "remove-by-labels"),
        Method("clear", "clear"),
        Method("reset", "reset"),
        Method(
            "add_metric",
            "add-metric",
            (GivenLabels("mapping", "info", 1, "value", types=("info",)), GivenLabels("list", "add_metric", 0, "labels")),
            on=("family",),
        ),
        Method("add_sample", "", (GivenLabels("mapping", "add_sample", 1, "labels"),), on=("family",)),
        Method("collect", "", gives="samples"),
    ),
    calls=(
        LabelCall("push_to_gateway", (JOB, GROUPED)),
        LabelCall("pushadd_to_gateway", (JOB, GROUPED)),
        LabelCall("delete_from_gateway", (JOB, GivenLabels("mapping", "grouping-key", 2, "grouping_key"))),
        LabelCall("Sample", (GivenLabels("mapping", "add_sample", 1, "labels"),)),
        LabelCall("InfoMetricFamily", (GivenLabels("mapping", "info", 2, "value"),)),
    ),
    marks=(
        b"prometheus",
        b".labels(",
        b"MetricFamily",
    ),
    words=("counter", "gauge", "histogram", "summary"),  # `info` and `enum` mean too many other things
    holding_words=("metric", "collector"),
    hints=("prometheus",),
    star_modules=(
        "prometheus_client",
        "prometheus_client.core",
        "prometheus_client.metrics",
    ),
    star_names=(
        "Counter",
        "Gauge",
        "Summary",
        "Histogram",
        "Info",
        "Enum",
        "CollectorRegistry",
        "REGISTRY",
        "CounterMetricFamily",
        "GaugeMetricFamily",
        "SummaryMetricFamily",
        "HistogramMetricFamily",
        "InfoMetricFamily",
        "StateSetMetricFamily",
        "GaugeHistogramMetricFamily",
        "UnknownMetricFamily",
        "UntypedMetricFamily",
        "push_to_gateway",
        "pushadd_to_gateway",
        "delete_from_gateway",
        "ProcessCollector",
        "PlatformCollector",
        "GCCollector",
        "generate_latest",
        "start_http_server",
        "make_wsgi_app",
        "make_asgi_app",
        "multiprocess",
    ),
    bases=("MetricWrapperBase",),
    collectors=("Collector",),
    collect="collect",
    registries=("CollectorRegistry",),
    default_registries=("REGISTRY",),
    registry_keyword="registry",
    default_buckets=("DEFAULT_BUCKETS",),
    default_bounds=(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, float("inf")),
    series=(
        ("counter", 2),
        ("summary", 3),
        ("histogram", 4),
    ),
    constants=(("prometheus_client.utils.INF", float("inf")),),
    watched=(
        "GCCollector",
        "PlatformCollector",
        "ProcessCollector",
        "MultiProcessCollector",
        "CollectorRegistry",
        "unregister",
        "register",
        "mark_process_dead",
        "disable_created_metrics",
        "enable_created_metrics",
        "start_http_server",
        "start_wsgi_server",
        "generate_latest",
    ),
    private=("_buckets", "_count", "_metrics", "_sum", "_value"),
    private_methods=("get", "set"),  # of prometheus_client.values
    variables=(
        "PROMETHEUS_DISABLE_CREATED_SERIES",
        "PROMETHEUS_LEGACY_NAME_VALIDATION",
        "PROMETHEUS_MULTIPROC_DIR",
        "prometheus_multiproc_dir",
    ),
    multiprocess_variables=("PROMETHEUS_MULTIPROC_DIR", "prometheus_multiproc_dir"),
    multiprocess_calls=("MultiProcessCollector",),
    worker_ends=("mark_process_dead",),
    registering=("register", "unregister"),
    removing="unregister",
    importing=(  # read in the packages, and executed
        "prometheus_flask_exporter",
        "prometheus_fastapi_instrumentator",
        "starlette_exporter",
        "starlette_prometheus",
        "django_prometheus",
        "prometheus_async",
    ),
    misuse=True,
)
