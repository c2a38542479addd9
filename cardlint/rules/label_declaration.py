"""label-declaration: label names that raise, or are not what they look like."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.inference.program import Metric, Program
from cardlint.rules._misuse import finding, names
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say

RESERVED = {"histogram": "le", "summary": "quantile"}


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every declaration with wrong label names."""
    for metric in program.metrics:
        if metric.in_test or metric.constructor in ("duck", "family"):
            continue
        for label, message, why, advice in _problems(metric):
            place = (metric.label_places.get(label) if label else None) or metric.labelnames_place or metric.place
            yield finding(
                "label-declaration",
                "CL304",
                Severity.ERROR,
                place,
                message,
                why=why,
                help=advice,
                metric=metric,
                label=label,
                site=metric.place,
            )


def _problems(metric: Metric) -> Iterator[tuple[str | None, str, str, str]]:
    wanted = metric.labelnames or ()
    name = metric.name
    if metric.labelnames_string:
        text = "".join(wanted)
        letters = names(wanted[:4])
        if len(wanted) > 1:
            yield (
                None,
                say.ONE_STRING(metric=name, text=text, count=len(wanted)),
                say.ONE_STRING_WHY(letters=letters if len(wanted) <= 4 else say.AND_SO_ON(letters=letters)),
                say.ONE_STRING_HELP(text=text),
            )
        return
    if metric.labels_open:
        return
    repeated = next((n for i, n in enumerate(wanted) if n in wanted[:i]), None)
    if repeated is not None:
        yield (
            repeated,
            say.DECLARED_TWICE(label=repeated, metric=name),
            say.DECLARED_TWICE_WHY(),
            say.DECLARED_TWICE_HELP(),
        )
    for label in dict.fromkeys(wanted):
        if label == RESERVED.get(metric.type):
            yield label, say.RESERVED(label=label, metric=name, type=metric.type), say.RESERVED_WHY(), say.ANOTHER_NAME()
        elif label.startswith("__"):
            yield label, say.UNDERSCORES(label=label, metric=name), say.UNDERSCORES_WHY(), say.ANOTHER_NAME()
        elif metric.type == "enum" and label == metric.name:
            yield label, say.OWN_NAME(label=label, metric=name), say.OWN_NAME_WHY(), say.ANOTHER_NAME()


RULE = Rule(
    name="label-declaration",
    code="CL304",
    title="label names are a bare string, repeated or reserved",
    severity=Severity.ERROR,
    default=True,
    what="Reports label names given as one bare string, names that are declared twice, `le` on a Histogram, `quantile` on a Summary, an Enum's own name, and names with two leading underscores.",
    why='`labelnames="ab"` silently declares two labels, `a` and `b`; a name that is declared twice loses one of its values; the others raise ValueError when the module is imported.',
    fix="Write a list of different names.",
    bad=(
        Example('from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", «"kind"»)\n', title="one string"),
        Example(
            'from prometheus_client import Histogram\n\nJOBS = Histogram("jobs_seconds", "Jobs", [«"le"»], buckets=[1, 2, 3, 4, 5])\n',
            title="a reserved name",
        ),
    ),
    good=(
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\nDONE = Counter("done_total", "Done", ("kind", "state"))\n'
        ),
    ),
    check=check,
)
