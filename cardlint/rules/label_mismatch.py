"""label-mismatch: a `.labels()` call that raises, or uses a value as a label that is none."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.inference.program import Given, Metric, MetricUse, Program
from cardlint.rules._misuse import declared, finding, names
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say

Problem = tuple[str, str, str]


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every `.labels()` call that fails for each metric it can be about, or for one that certainly gets to it."""
    for use in program.uses:
        if use.role == "add-metric" and not use.in_test:
            yield from _unpaired(use)
        if use.role != "labels" or use.in_test:
            continue
        metrics = declared(use)
        if metrics is None:
            continue
        found = _certain(use, metrics)
        if found is not None:
            (message, why, advice), metric = found
            yield finding("label-mismatch", "CL301", Severity.ERROR, use.place, message, why=why, help=advice, metric=metric)


def _certain(use: MetricUse, metrics: tuple[Metric, ...]) -> tuple[Problem, Metric] | None:
    """Return the problem of a call that raises: always, on one branch, or for one of its metrics."""
    outcomes: tuple[Given | None, ...] = use.given or (None,)
    problems = {metric.id: [_problem(use, metric, outcome) for outcome in outcomes] for metric in metrics}
    if all(all(found) for found in problems.values()):
        first = problems[metrics[0].id][0]
        return (first, metrics[0]) if first is not None else None
    if use.each_given:
        for number in range(len(outcomes)):
            first = problems[metrics[0].id][number]
            if first is not None and all(found[number] for found in problems.values()):
                message, why, advice = first
                return (say.MISMATCH_ON_BRANCH(problem=message), why, advice), metrics[0]
    if use.each_metric:
        for metric in metrics:
            first = problems[metric.id][0]
            if first is not None and all(problems[metric.id]):
                message, why, advice = first
                others = names([m.name for m in metrics if m is not metric])
                return (message, say.MISMATCH_ALSO_FOR(why=why, others=others), advice), metric
    return None


def _unpaired(use: MetricUse) -> Iterator[Finding]:
    """Yield a call of `add_metric` that gives more or fewer values than each family it can be about has labels."""
    known = [m.labelnames for m in use.metrics if m.constructor == "family" and not m.labels_open and m.labels_value is None]
    wanted = [labels for labels in known if labels is not None]
    if use.positional is None or not wanted or len(wanted) != len(use.metrics) or any(len(labels) == use.positional for labels in wanted):
        return
    given, labels, metric = use.positional, wanted[0], use.metrics[0]
    if metric.type == "info" and given < len(labels):
        return  # the dictionary of its value holds the others
    lost = given - len(labels)
    why = (
        say.ADD_METRIC_MISSING(labels=names(labels[given:]))
        if given < len(labels)
        else say.ADD_METRIC_DROPPED(values=f"{_count(lost, 'value')} {'is' if lost == 1 else 'are'}")
    )
    message = say.ADD_METRIC(metric=metric.name, given=_count(given, "value"), wanted=_count(len(labels), "label"))
    if metric.type == "info" and not labels:
        advice = say.ADD_METRIC_INFO()
    else:
        advice = say.ADD_METRIC_HELP(labels=names(labels)) if labels else say.ADD_METRIC_DECLARE()
    yield finding("label-mismatch", "CL301", Severity.WARNING, use.place, message, why=why, help=advice, metric=metric)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _problem(use: MetricUse, metric: Metric, outcome: Given | None) -> Problem | None:
    wanted, name = metric.labelnames or (), metric.name
    if use.receiver == "child":
        return say.ON_CHILD(metric=name), say.ON_CHILD_WHY(), say.ON_CHILD_HELP()
    if use.receiver != "parent":
        return None
    if not wanted:
        if not use.always and (use.positional is None or use.keywords is None):
            return None  # `metric.labels(**labels) if labels else metric`
        return say.NO_LABELS(metric=name), say.NO_LABELS_WHY(), say.NO_LABELS_HELP()
    if use.first_is_dict and len(wanted) == 1:
        return say.DICT_AS_VALUE(metric=name), say.DICT_AS_VALUE_WHY(), say.DICT_HELP()
    if use.first_is_dict:
        return say.DICT_FOR_LABELS(metric=name, count=len(wanted)), say.DICT_FOR_LABELS_WHY(), say.DICT_HELP()
    return _unfit(name, wanted, outcome) if outcome is not None else None


def _unfit(name: str, wanted: tuple[str, ...], outcome: Given) -> Problem | None:
    """Return what is wrong with possible arguments."""
    if outcome.positional and outcome.certain:
        return say.BOTH_WAYS(metric=name), say.BOTH_WAYS_WHY(), say.BOTH_WAYS_HELP()
    if outcome.positional == 0 and (outcome.certain or outcome.possible):
        missing = [n for n in wanted if n not in outcome.possible] if not outcome.open else []
        extra = [n for n in outcome.certain if n not in wanted]
        if missing or extra:
            problem = say.LACKS_AND_HAS if missing and extra else say.LACKS if missing else say.HAS_EXTRA
            return (
                say.WRONG_NAMES(metric=name, problem=problem(labels=names(missing), extra=names(extra))),
                say.LABELS_ARE(labels=names(wanted)),
                say.EXACT_LABELS(),
            )
        return None
    if outcome.positional is not None and not outcome.possible and not outcome.open and outcome.positional != len(wanted):
        return (
            say.WRONG_COUNT(metric=name, given=_count(outcome.positional, "value"), wanted=_count(len(wanted), "label")),
            say.LABELS_ARE(labels=names(wanted)),
            say.ONE_VALUE_EACH(),
        )
    return None


RULE = Rule(
    name="label-mismatch",
    code="CL301",
    title="a .labels() call does not fit the declared labels",
    severity=Severity.ERROR,
    default=True,
    what="Reports `.labels()` calls with the wrong number or names of labels, with positional and keyword values at once, with a dictionary as a "
    "value, on a child, or on a metric without labels. For `add_metric`, it checks only the number of values. It reports a call only where the declaration is certain. If the call can be about several metrics, or a dictionary can hold several sets of keys, it reports the call when one of them certainly occurs and does not fit.",
    why="`.labels()` raises ValueError at run time, often on the error path that no test takes. A dictionary does not raise: its text becomes the value of the label. `add_metric` silently drops values without a label and labels without a value.",
    fix="Give every declared label once, by keyword.",
    bad=(
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind", "state"])\n«JOBS.labels("import")».inc()\n',
            title="a value is missing",
        ),
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\n«JOBS.labels(type="import")».inc()\n',
            title="another name",
        ),
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind", "state"])\n«JOBS.labels("import", state="done")».inc()\n',
            title="by position and by name",
        ),
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\n«JOBS.labels({"kind": "import"})».inc()\n',
            title="a dictionary",
        ),
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs")\n«JOBS.labels("import")».inc()\n',
            title="no labels declared",
        ),
        Example(
            'from prometheus_client import Counter\n\n\ndef counter(name):\n    return Counter(name, "Jobs", ["kind"])\n\n\nDONE = counter("done_total")\n\n\ndef done(kind, state):\n    «DONE.labels(kind, state)».inc()\n\n\ndone("import", "late")\n',
            title="a metric that a function returns",
        ),
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\n\n\ndef done(kind, tenant=None):\n    labels = {"kind": kind}\n    if tenant is not None:\n        labels["tenant"] = tenant\n'
            "    «JOBS.labels(**labels)».inc()\n\n\ndone('import')\ndone('import', 'first')\n",
            title="a key that one branch adds",
        ),
        Example(
            'from prometheus_client import Counter\n\nDONE = Counter("done_total", "Finished jobs", ["kind"])\nFAILED = Counter("failed_total", "Failed jobs", ["kind", "reason"])\n\n\n'
            "def done(kind, error):\n    metric = FAILED if error else DONE\n    «metric.labels(kind)».inc()\n\n\ndone('import', False)\ndone('import', True)\n",
            title="one of several metrics",
        ),
        Example(
            'from prometheus_client.core import GaugeMetricFamily\n\n\nclass Disks:\n    def collect(self):\n        size = GaugeMetricFamily("disk_bytes", "Size", labels=["disk", "kind", "vendor"])\n'
            '        «size.add_metric(["sda", "ssd"], 1)»\n        yield size\n',
            title="a value is missing in a collector",
        ),
    ),
    good=(
        Example(
            'from prometheus_client import Counter\n\nDONE = Counter("done_total", "Finished jobs", ["kind"])\nFAILED = Counter("failed_total", "Failed jobs", ["kind", "reason"])\n\n\n'
            'def done(kind, reason=None):\n    labels = {"kind": kind}\n    metric = DONE\n    if reason:\n        metric = FAILED\n        labels["reason"] = reason\n    metric.labels(**labels).inc()\n',
            title="the metric and its labels change together",
        ),
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind", "state"])\nJOBS.labels(state="done", kind="import").inc()\nJOBS.labels("import", "done").inc()\n'
        ),
        Example(
            'from prometheus_client.core import GaugeMetricFamily\n\n\nclass Disks:\n    def collect(self):\n        size = GaugeMetricFamily("disk_bytes", "Size", labels=["disk", "kind"])\n'
            '        size.add_metric(["sda", "ssd"], 1)\n        yield size\n'
        ),
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\nJOBS.labels(**{"kind": "import"}).inc()\n'
        ),
    ),
    check=check,
)
