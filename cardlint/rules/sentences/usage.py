"""Sentences about declarations and calls: misuse that raises, measures nothing or exports nothing."""

from __future__ import annotations

from cardlint.rules.sentences import Sentence

# summary
SUMMARY = Sentence("`{metric}` is a Summary, which exports no quantiles in Python", metric="latency_seconds")
SUMMARY_MADE = Sentence("the Summary is created here")
SUMMARY_WHY = Sentence("the Python Summary exports only _count and _sum: you can compute an average, but never a percentile")
SUMMARY_COST = Sentence("a Summary costs 3 series per label set; a Histogram with k bounds costs k + 4 (12 with 8 bounds)")
SUMMARY_HELP = Sentence(
    "use a Histogram with 5 to 12 bounds around the values you care about; if count and sum are all you need, keep the Summary and suppress this"
)

# bucket-count, bucket-bounds, default-buckets
MANY_BUCKETS = Sentence(
    "`{metric}` {has} {count} finite bounds, more than {limit}", metric="latency_seconds", has="has", count=30, limit=12
)
FEW_BUCKETS = Sentence("`{metric}` {has} {count} finite bounds, fewer than {limit}", metric="latency_seconds", has="has", count=3, limit=5)
HAS = Sentence("has")
CAN_HAVE = Sentence("can have")
BOUNDS_HERE = Sentence("the bounds are written here")
METRIC_MADE = Sentence("the metric is created here")
BUCKETS_WHY = Sentence("the list has {count} finite bounds (+Inf is not counted)", count=30)
BUCKETS_COST = Sentence("every bound adds one series per label set: {series} series per set", series=34)
BUCKETS_COST_ALL = Sentence(
    "every bound adds one series per label set: {series} series per set, {total} in all for {sets} label sets",
    series=34,
    total="306",
    sets="9",
)
BOUND_ONCE = Sentence("write each bound once")
KEEP_BOUNDS = Sentence("keep {most} of them, for example `{bounds}`", most=12, bounds="[0.1, 1, 10]")
DROP_BOUNDS = Sentence("drop `{bounds}` for an even spread of {most}", bounds="0.05, 2.5", most=12)
WRITE_BOUNDS = Sentence("write {least} finite bounds: with {count}, a percentile is little more than a guess", least=5, count=1)
ADD_BOUNDS = Sentence(
    "add bounds, for example `{bounds}`: with {count}, a percentile is little more than a guess", bounds="2.2, 10", count=3
)
BOUNDS_ONE_SHOT = Sentence(
    "the buckets of `{metric}` are a generator, which is empty after the metric is created", metric="latency_seconds"
)
BOUNDS_ONE_SHOT_WHY = Sentence(
    "the constructor uses up the generator, so the first `.labels()` call finds no buckets and raises ValueError"
)
BOUNDS_ONE_SHOT_HELP = Sentence("write a list or a tuple")
BOUNDS_NAN = Sentence("the buckets of `{metric}` contain NaN", metric="latency_seconds")
BOUNDS_NAN_WHY = Sentence("no value is less than or equal to NaN: that bucket never counts anything, and the list cannot be sorted")
BOUNDS_NAN_HELP = Sentence("remove it")
BOUNDS_NONE = Sentence("the buckets of `{metric}` contain no finite bound", metric="latency_seconds")
BOUNDS_NONE_WHY = Sentence("prometheus_client raises ValueError: it needs at least two buckets")
BOUNDS_NONE_HELP = Sentence("write 5 to 12 bounds around the values you expect")
BOUNDS_UNSORTED = Sentence("the buckets of `{metric}` are not in ascending order", metric="latency_seconds")
BOUNDS_UNSORTED_WHY = Sentence("prometheus_client raises ValueError when the metric is created")
BOUNDS_UNSORTED_HELP = Sentence("sort them")
BOUNDS_TWICE = Sentence("the buckets of `{metric}` contain the same bound twice", metric="latency_seconds")
BOUNDS_TWICE_WHY = Sentence("both buckets export the same `le`, so one series appears twice in each scrape")
BOUNDS_TWICE_HELP = Sentence("remove the repeated bound")
DEFAULT_BUCKETS = Sentence("`{metric}` uses the 14 default bounds, from 5 ms to 10 s", metric="latency_seconds")
DEFAULT_BUCKETS_WHY = Sentence(
    "the default bounds suit web requests that take milliseconds; whatever takes microseconds or minutes lands in a single bucket"
)
DEFAULT_BUCKETS_COST = Sentence("14 bounds cost 18 series per label set")
DEFAULT_BUCKETS_HELP = Sentence("write 5 to 12 bounds around the values you care about: buckets=[...]")

# multiprocess-pid
PID = Sentence(
    "Gauge `{metric}` has {mode}: in multiprocess mode it gets a `pid` label with one value per process",
    metric="active",
    mode="no multiprocess_mode",
)
PID_MODE = Sentence('multiprocess_mode="{mode}"', mode="liveall")
PID_NO_MODE = Sentence("no multiprocess_mode")
PID_WHY = Sentence("the default mode `all` exports one series for every process that ever ran, including dead ones")
PID_LIVE_WHY = Sentence("mode `liveall` exports one series for every process that is not yet marked as dead")
PID_COST = Sentence("every recycled worker leaves one more series per label set")
PID_HELP = Sentence(
    'choose how processes are combined: multiprocess_mode="livesum" for what is counted up and down, "livemostrecent" for what is set, '
    '"max" or "mostrecent" for what must outlive the process that has set it'
)
PID_HELP_MODE = Sentence(
    'write multiprocess_mode="{mode}": {means}', mode="livesum", means="`active` is counted up and down, so a scrape shows the sum"
)
PID_HELP_SIZE = Sentence(
    "`{metric}` is set to a size, which may be the share of one process: choose between "
    'multiprocess_mode="livesum" for the sum of all and "livemostrecent" for the value set last',
    metric="active",
)
MODES = {"counted": "livesum", "now": "max", "time": "mostrecent", "set": "livemostrecent"}
"""The modes that the advice names, by what the code does with a gauge."""
MODE_COUNTED = Sentence("`{metric}` is counted up and down, so a scrape shows the sum over all live processes", metric="active")
MODE_SET = Sentence(
    "`{metric}` is set ({place}), so a scrape shows the last value that a live process set; "
    'where each process sets a share of its own, write "livesum" instead',
    metric="queue_size",
    place="app.py:10",
)
MODE_NOW = Sentence(
    "`{metric}` is set to the current time, so a scrape shows the latest time that any process set; "
    'with a mode that begins with "live", it would be lost when that process ends',
    metric="last_success_seconds",
)
MODE_TIME = Sentence(
    "`{metric}` holds a time, so a scrape shows the one that was set last; "
    'with a mode that begins with "live", it would be lost when the process that has set it ends',
    metric="backup_timestamp_seconds",
)

# label-mismatch
MISMATCH_ON_BRANCH = Sentence("on one branch, {problem}", problem="`.labels()` of `jobs_total` lacks `kind`")
MISMATCH_ALSO_FOR = Sentence(
    "{why}; the same call is also made for {others}", why="it raises ValueError; declared labels: `kind`", others="`done_total`"
)
ADD_METRIC = Sentence("`add_metric()` of `{metric}` gets {given} for {wanted}", metric="disk_bytes", given="2 values", wanted="3 labels")
ADD_METRIC_MISSING = Sentence(
    "nothing raises: names and values are paired until one of them runs out, so the samples of this call lack {labels}", labels="`vendor`"
)
ADD_METRIC_DROPPED = Sentence(
    "nothing raises: names and values are paired until one of them runs out, so {values} dropped", values="1 value is"
)
ADD_METRIC_HELP = Sentence("give one value for each of {labels}", labels="`disk`, `kind`, `vendor`")
ADD_METRIC_DECLARE = Sentence("declare the labels: `labels=[...]`")
ADD_METRIC_INFO = Sentence('put names and values into the dictionary: `add_metric([], {{"version": version}})`')
ON_CHILD = Sentence("`.labels()` is called on a child of `{metric}`", metric="jobs_total")
ON_CHILD_WHY = Sentence("the second call raises ValueError, because a child already has its labels")
ON_CHILD_HELP = Sentence("give all labels in one call")
NO_LABELS = Sentence("`{metric}` has no labels, but `.labels()` is called", metric="jobs_total")
NO_LABELS_WHY = Sentence("it raises ValueError: no label names were set")
NO_LABELS_HELP = Sentence("declare the label names, or call the method on the metric itself")
DICT_AS_VALUE = Sentence("a dictionary is given as the value of the only label of `{metric}`", metric="jobs_total")
DICT_AS_VALUE_WHY = Sentence("prometheus_client uses the text of the dictionary as the label value: `{{'a': 'b'}}`")
DICT_FOR_LABELS = Sentence("`.labels()` of `{metric}` gets a dictionary instead of {count} labels", metric="jobs_total", count=2)
DICT_FOR_LABELS_WHY = Sentence("it raises ValueError: incorrect label count")
DICT_HELP = Sentence("unpack the dictionary: `.labels(**labels)`")
BOTH_WAYS = Sentence("`.labels()` of `{metric}` mixes positional and keyword values", metric="jobs_total")
BOTH_WAYS_WHY = Sentence("it raises ValueError: can't pass both")
BOTH_WAYS_HELP = Sentence("give all labels by keyword")
WRONG_NAMES = Sentence("`.labels()` of `{metric}` {problem}", metric="jobs_total", problem="lacks `kind`")
LACKS = Sentence("lacks {labels}", labels="`kind`")
LACKS_AND_HAS = Sentence("lacks {labels} and has {extra}, which the metric does not declare", labels="`kind`", extra="`type`")
HAS_EXTRA = Sentence("has {extra}, which the metric does not declare", extra="`type`")
WRONG_COUNT = Sentence("`.labels()` of `{metric}` gets {given} for {wanted}", metric="jobs_total", given="1 value", wanted="2 labels")
LABELS_ARE = Sentence("it raises ValueError; declared labels: {labels}", labels="`kind`, `state`")
EXACT_LABELS = Sentence("give exactly the declared labels")
ONE_VALUE_EACH = Sentence("give one value for each label, preferably by keyword")

# missing-labels
WITHOUT_LABELS = Sentence(
    "`.{method}()` is called on `{metric}` without label values ({labels})", method="inc", metric="jobs_total", labels="`kind`"
)
WITHOUT_LABELS_WHY = Sentence("prometheus_client raises ValueError: {type} metric is missing label values", type="counter")
WITHOUT_LABELS_HELP = Sentence("write `.labels({labels}).{method}(...)`", labels="kind=...", method="inc")

# metric-in-function
BUILT_AGAIN = Sentence("`{metric}` is registered each time {when}", metric="jobs_total", when="`work()` runs")
WHEN_MADE = Sentence("`{cls}()` is called", cls="Exporter")
WHEN_RUN = Sentence("`{function}()` runs", function="work")
WHEN_LOOP = Sentence("the loop runs")
BUILT_AGAIN_WHY = Sentence("the second time raises ValueError (DuplicateTimeseries): a registry accepts each name only once")
BUILT_AGAIN_HELP = Sentence("create it once at module level, or create a registry for each run and pass it: registry=CollectorRegistry()")

# label-declaration
ONE_STRING = Sentence(
    'the label names of `{metric}` are one string: "{text}" makes {count} labels', metric="jobs_total", text="kind", count=4
)
INFO_WITHOUT_LABELS_HELP = Sentence(
    "the keys given to `.info()` are labels already: remove {labels} from the declaration, or give them with `.labels()`",
    labels="`version`",
)
ONE_STRING_WHY = Sentence("every letter becomes a label: {letters}", letters="`k`, `i`, `n`, `d`")
AND_SO_ON = Sentence("{letters} and so on", letters="`k`, `i`, `n`, `d`")
ONE_STRING_HELP = Sentence('write a list: ["{text}"]', text="kind")
DECLARED_TWICE = Sentence("label `{label}` of `{metric}` is declared twice", label="kind", metric="jobs_total")
DECLARED_TWICE_WHY = Sentence("no call can set both by keyword; by position, the last value wins and the other is lost")
DECLARED_TWICE_HELP = Sentence("remove one of them")
RESERVED = Sentence("label `{label}` of `{metric}` is reserved for a {type}", label="le", metric="jobs_seconds", type="histogram")
RESERVED_WHY = Sentence("prometheus_client raises ValueError: the library sets this label itself")
UNDERSCORES = Sentence("label `{label}` of `{metric}` begins with two underscores", label="__kind", metric="jobs_total")
UNDERSCORES_WHY = Sentence("prometheus_client raises ValueError: such names are reserved for Prometheus itself")
OWN_NAME = Sentence("label `{label}` of Enum `{metric}` has the name of the metric", label="state", metric="state")
OWN_NAME_WHY = Sentence("prometheus_client raises ValueError: an Enum uses its own name as the label of its states")
ANOTHER_NAME = Sentence("choose another name")
LABEL_NAME = Sentence(
    "label `{label}` of `{metric}` has a name that older versions of prometheus_client refuse", label="queue-name", metric="jobs_total"
)
METRIC_NAME = Sentence("`{metric}` has a name that older versions of prometheus_client refuse", metric="jobs-total")
PLAIN_NAMES_WHY = Sentence(
    "prometheus_client raises ValueError before version 0.22 and with PROMETHEUS_LEGACY_NAME_VALIDATION; "
    "otherwise the name is written as `{plain}`, or has to be quoted in queries where Prometheus asks for UTF-8 names",
    plain="queue_name",
)
PLAIN_NAMES_HELP = Sentence("write `{plain}`", plain="queue_name")

# duplicate-metric, default-collector, discarded-child
REGISTERED_TWICE = Sentence("`{metric}` is registered a second time", metric="jobs_total")
REGISTERED_FIRST = Sentence("it is first registered here")
REGISTERED_TWICE_WHY = Sentence("prometheus_client raises DuplicateTimeseries (a ValueError) when the module is imported")
REGISTERED_TWICE_HELP = Sentence("give it another name, or import the first one")
COLLECTOR_BY_HAND = Sentence("`{collector}` registers itself, and `register()` does so again", collector="ProcessCollector")
COLLECTOR_BY_HAND_WHY = Sentence(
    "its constructor adds it to the default registry, so `register()` raises DuplicateTimeseries (a ValueError)"
)
COLLECTOR_BY_HAND_HELP = Sentence("remove the call of `register()`: `{collector}(...)` is enough", collector="ProcessCollector")
BY_HAND = Sentence("`{metric}` is registered by its constructor and again by `register()`", metric="jobs_total")
BY_HAND_WHY = Sentence("the constructor has already added it to this registry, so `register()` raises DuplicateTimeseries (a ValueError)")
BY_HAND_HELP = Sentence("remove the call of `register()`, or create the metric with `registry=None`")
COLLECTOR_AGAIN = Sentence("`{collector}` is created a second time on the default registry", collector="GCCollector")
COLLECTOR_AGAIN_WHY = Sentence("importing prometheus_client has already registered one, so the constructor raises DuplicateTimeseries")
COLLECTOR_AGAIN_HELP = Sentence(
    "use the existing object: `prometheus_client.{object}`, for example `REGISTRY.unregister({object})`", object="GC_COLLECTOR"
)
DISCARDED = Sentence("the result of `.labels()`{metric} is thrown away", metric=" of `jobs_total`")
OF_METRIC = Sentence(" of `{metric}`", metric="jobs_total")
DISCARDED_WHY = Sentence("the call only creates the series with the value 0, and nothing is counted")
DISCARDED_HELP = Sentence("add the call that was meant: `.inc()`, `.set(...)` or `.observe(...)`")

# multiprocess-registry
ON_DEFAULT_REGISTRY = Sentence("MultiProcessCollector is registered on the default registry")
ON_DEFAULT_REGISTRY_WHY = Sentence(
    "the default registry also holds this worker's own metrics, so every series is exported twice: once for the worker and once for all workers"
)
ON_DEFAULT_REGISTRY_HELP = Sentence("give it a registry of its own, created for each scrape: `registry = CollectorRegistry()`")
SHARED_REGISTRY = Sentence("the registry of MultiProcessCollector also holds {metrics}", metrics="`jobs_total`")
SHARED_REGISTRY_SEVERAL = Sentence("{count} metrics", count=3)
SHARED_REGISTRY_WHY = Sentence("a scrape contains their series twice: once for this worker and once for all workers")
SHARED_REGISTRY_HELP = Sentence("give the collector a registry of its own, created for each scrape: `registry = CollectorRegistry()`")
BUILT_IN_IT = Sentence("`{metric}` is registered in it here", metric="jobs_total")

# multiprocess-unsupported, multiprocess-dead-workers, multiprocess-env-late
NOT_EXPORTED = Sentence("{type} `{metric}` is not exported in multiprocess mode", type="Info", metric="build")
NOT_EXPORTED_WHY = Sentence("{type} keeps its value in the memory of the process, which MultiProcessCollector does not read", type="Info")
NOT_EXPORTED_HELP = Sentence(
    "use a Gauge with labels and a multiprocess_mode such as `mostrecent`: set the current label set to 1, and the earlier ones to 0"
)
NO_EFFECT = Sentence("`.{method}()` of `{metric}` has no effect in multiprocess mode", method="remove", metric="jobs_total")
FUNCTION_NOT_CALLED = Sentence("MultiProcessCollector never calls the function, so the series stays at 0")
COMES_BACK = Sentence("the files of the processes keep the series, so every scrape still exports it")
NO_EFFECT_HELP = Sentence("set the value where it changes, and choose labels that never have to be removed")
NO_CHILD_EXIT = Sentence("this gunicorn configuration does not tell prometheus_client about dead workers")
NO_CHILD_EXIT_WHY = Sentence("the last value of a dead worker keeps counting in every Gauge with a `live` mode")
NO_CHILD_EXIT_HELP = Sentence(
    "add `from prometheus_client import multiprocess` and `def child_exit(server, worker): multiprocess.mark_process_dead(worker.pid)`"
)
DEAD_WORKERS = Sentence(
    'Gauge `{metric}` counts live workers only (`multiprocess_mode="{mode}"`), but nothing tells prometheus_client about dead ones',
    metric="active",
    mode="livesum",
)
DEAD_WORKERS_WHY = Sentence("the file of a dead worker stays, and its last value counts forever")
DEAD_WORKERS_HELP = Sentence(
    "call `multiprocess.mark_process_dead(pid)` when a worker ends: in `child_exit` of gunicorn, in `worker_process_shutdown` of Celery, or in the parent of your own processes"
)
SO_DOES = Sentence("so does `{metric}`", metric="waiting")
SET_LATE = Sentence("{variable} is set after the import that reads it", variable="PROMETHEUS_MULTIPROC_DIR")
SET_LATE_WHY = Sentence("prometheus_client reads it once, on import, so setting it now has no effect")
SET_LATE_HELP = Sentence("set it before the import, ideally outside of Python: in the Dockerfile, the systemd unit or the shell")
IMPORTED_HERE = Sentence("prometheus_client is imported here")

# timer-on-async, timer-counts-errors
ABOVE_ROUTE = Sentence(
    "`{decorator}` is above the decorator that registers the function, so it measures nothing", decorator="@LATENCY.time()"
)
ABOVE_ROUTE_WHY = Sentence("the framework registers the function without it: what this decorator returns is never called")
ABOVE_ROUTE_HELP = Sentence("move it below the other decorator, next to the function")
ON_ASYNC = Sentence(
    "`{decorator}` decorates {kind} function, so it ends before the body runs", decorator="@LATENCY.time()", kind="a coroutine"
)
ON_ASYNC_WHY = Sentence("it records {what}", what="the time it takes to create the coroutine object, a few microseconds")
TIMES_CREATION = Sentence("the time it takes to create the {kind} object, a few microseconds", kind="coroutine")
COUNTS_NOTHING = Sentence("no exceptions, because they are raised later, when the {kind} runs", kind="coroutine")
TRACKS_NOTHING = Sentence("nothing, because it counts down again before the {kind} has begun", kind="coroutine")
ON_ASYNC_HELP = Sentence("use it inside the function: `with METRIC.{method}():`", method="time")
ON_ASYNC_OWN_HELP = Sentence("write a decorator for this case: {how}", how="an `async def` wrapper that awaits the function")
COROUTINE_WRAPPER = Sentence("an `async def` wrapper that awaits the function")
GENERATOR_WRAPPER = Sentence("a wrapper that iterates over the generator itself")
ASYNC_GENERATOR_WRAPPER = Sentence("an `async def` wrapper that iterates over the generator itself")
MEASURES_HERE = Sentence("it measures here")
TIMES_FAILURES = Sentence("`{metric}` times failures and successes in the same series", metric="latency_seconds")
TIMES_FAILURES_WHY = Sentence("`.time()` also observes when the block raises, so fast failures make the latency look better than it is")
TIMES_FAILURES_HELP = Sentence("observe after success, or add a label such as `outcome` with two values")

# private-value
PRIVATE = Sentence("this code reads a private attribute of a metric")
PRIVATE_WHY = Sentence(
    "`_value`, `_sum` and `_buckets` are not part of the API and may change in any release; in multiprocess mode they hold what this process counted"
)
PRIVATE_HELP = Sentence(
    'use `REGISTRY.get_sample_value("name_total", {{"label": "value"}})`; in multiprocess mode, call it on a registry with a MultiProcessCollector'
)

# unreadable-file, bad-ignore, unused-ignore
UNREADABLE = Sentence("this file cannot be read: {problem}", problem="invalid syntax")
UNREADABLE_WHY = Sentence("a file that cannot be read is not checked")
UNREADABLE_HELP = Sentence("repair the file, or exclude it in the configuration")
BAD_COMMENT = Sentence("this comment {problem}", problem="gives no reason; write `-- reason` after it")
BAD_COMMENT_WHY = Sentence("a suppression must name a rule and give a reason; `until=` is optional")
BAD_CLAIM_HELP = Sentence("write `# cardlint: bounded=50 until=YYYY-MM-DD -- reason`")
BAD_COMMENT_HELP = Sentence("write `# cardlint: ignore[rule] until=YYYY-MM-DD -- reason`")
BOUNDS_NOTHING = Sentence("this comment bounds no label: {names}", names="`bounded=50`")
BOUNDS_NOTHING_WHY = Sentence("no value that reaches a label passes through its line")
BOUNDS_NOTHING_HELP = Sentence("remove it, or move it to the line of the `.labels()` call or of the declaration")
SUPPRESSES_NOTHING = Sentence("this comment suppresses nothing: {names}", names="`summary`")
SUPPRESSES_NOTHING_WHY = Sentence("the finding that it was written for is gone, or has moved to another line")
SUPPRESSES_NOTHING_HELP = Sentence("remove it, or move it to the line of the finding")
