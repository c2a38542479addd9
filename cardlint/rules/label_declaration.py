"""label-declaration: names of labels and metrics that raise, or are not what they look like."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.common.expressions import Expression
from cardlint.findings import Finding, Severity
from cardlint.inference.domain.value_sets import Bound
from cardlint.inference.program import Metric, Program
from cardlint.rules._misuse import finding, names
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say

RESERVED = {"histogram": "le", "summary": "quantile"}
PLAIN_LABEL, PLAIN_METRIC = Expression(r"[a-zA-Z_][a-zA-Z0-9_]*+"), Expression(r"[a-zA-Z_:][a-zA-Z0-9_:]*+")
"""Names that every version of prometheus_client accepts. Since version 0.22 any text is one, and is written with underscores for a
scraper that does not ask for UTF-8 names."""
NOT_IN_LABEL, NOT_IN_METRIC = Expression(r"[^a-zA-Z0-9_]"), Expression(r"[^a-zA-Z0-9_:]")


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
        yield from _not_plain(metric)


def _not_plain(metric: Metric) -> Iterator[Finding]:
    """Yield the names that only some versions of the client accept: they are warnings, since the program may run."""
    name, rule = metric.name, ("label-declaration", "CL304", Severity.WARNING)
    known = metric.name_value.exact if metric.name_value.bound is Bound.EXACTLY else ()
    if len(known) == 1 and known[0] == name and name and not PLAIN_METRIC.regex.fullmatch(name):
        place, plain = metric.raw.get("name") or metric.place, _plain(name, NOT_IN_METRIC)
        yield finding(
            *rule, place, say.METRIC_NAME(metric=name), why=say.PLAIN_NAMES_WHY(plain=plain), help=_instead(name, plain),
            metric=metric, site=metric.place,
        )  # fmt: skip
    wanted = () if metric.labelnames_string or metric.labels_open else metric.labelnames or ()
    for label in dict.fromkeys(wanted):
        if label and not label.startswith("__") and not PLAIN_LABEL.regex.fullmatch(label):
            place, plain = metric.label_places.get(label) or metric.labelnames_place or metric.place, _plain(label, NOT_IN_LABEL)
            yield finding(
                *rule, place, say.LABEL_NAME(label=label, metric=name), why=say.PLAIN_NAMES_WHY(plain=plain),
                help=_instead(label, plain), metric=metric, label=label, site=metric.place,
            )  # fmt: skip


def _instead(name: str, plain: str) -> str:
    """Return the advice: the name with underscores, unless the wrong character is the digit in front."""
    return say.ANOTHER_NAME() if name[0].isdigit() else say.PLAIN_NAMES_HELP(plain=plain)


def _plain(name: str, wrong: Expression[str]) -> str:
    """Return the name as the client writes it for a scraper that does not take UTF-8 names."""
    plain = wrong.regex.sub("_", name)
    return f"_{plain[1:]}" if plain[:1].isdigit() else plain


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
    title="label names are a bare string, repeated, reserved or not accepted everywhere",
    severity=Severity.ERROR,
    default=True,
    what="Reports label names given as one bare string, names that are declared twice, `le` on a Histogram, `quantile` on a Summary, an Enum's own name, names with two leading underscores, and names of labels and metrics that only newer versions of prometheus_client accept, such as `queue-name` and `5xx`.",
    why='`labelnames="ab"` silently declares two labels, `a` and `b`; a name that is declared twice loses one of its values; a name such as `queue-name` raises ValueError before prometheus_client 0.22, and later has to be quoted in queries or is written with underscores; the others raise ValueError when the module is imported.',
    fix="Write a list of different names.",
    bad=(
        Example('from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", «"kind"»)\n', title="one string"),
        Example(
            'from prometheus_client import Histogram\n\nJOBS = Histogram("jobs_seconds", "Jobs", [«"le"»], buckets=[1, 2, 3, 4, 5])\n',
            title="a reserved name",
        ),
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", [«"queue-name"»])\n',
            title="a name that has to be quoted",
        ),
    ),
    good=(
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\nDONE = Counter("done_total", "Done", ("kind", "state"))\n'
        ),
    ),
    check=check,
)
