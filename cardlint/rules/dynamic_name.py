"""dynamic-name: a metric name, or a list of label names, made from unbounded values."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Confidence, Finding, Place, Severity, Step
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.program import Program
from cardlint.rules._labels import what
from cardlint.rules._series import ref
from cardlint.rules._wording import article
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import Sentence
from cardlint.rules.sentences import values as say


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every metric whose name or label names come from an unbounded set."""
    seen: set[Place] = set()
    for metric in program.metrics:
        if metric.in_test:
            continue
        parts: tuple[tuple[str, Sentence, ValueSet | None], ...] = (
            ("name", say.NAME_MADE_FROM, metric.name_value),
            ("labelnames", say.LABEL_NAME_MADE_FROM, metric.labels_value),
        )
        for argument, sentence, value in parts:
            place = metric.raw.get(argument, metric.place)
            if value is None or value.bound is not Bound.UNBOUNDED or place in seen:
                continue
            if metric.is_collect and value.kind == "server-text":
                continue  # an exporter repeats the metric names of the system it observes
            seen.add(place)  # a factory serves many callers; the expression is one
            steps = value.steps()
            related = (Step(steps[0].place, say.COMES_FROM(source=value.why), "origin"),) if steps else ()
            yield Finding(
                rule="dynamic-name",
                code="CL104",
                severity=Severity.ERROR if value.confidence is Confidence.HIGH else Severity.WARNING,  # a name alone is no error
                confidence=value.confidence,
                message=sentence(metric=article(metric.type), source=what(value)),
                place=place,
                site=metric.built or metric.place,
                metric=ref(metric),
                value=value.info(),
                trace=steps,
                related=related,
                why=say.NAME_WHY(),
                cost=say.NAME_COST(),
                help=say.NAME_HELP(),
            )


RULE = Rule(
    name="dynamic-name",
    code="CL104",
    title="a metric name or label name is made from unbounded values",
    severity=Severity.ERROR,
    default=True,
    what="Reports metrics whose name, namespace or list of label names is computed from an unbounded value.",
    why="A metric that is registered under a new name for every request or user can never be queried, alerted on or removed, and each one costs "
    "all the series of a metric.",
    fix="Write one constant name; put what varies into a label whose values are few.",
    bad=(
        Example(
            'import uuid\n\nfrom prometheus_client import Counter\n\n\ndef count():\n    Counter(«f"job_{uuid.uuid4().hex}_total"», "Runs of a job").inc()\n',
        ),
    ),
    good=(
        Example(
            'from prometheus_client import Counter\n\nKINDS = ("import", "export")\nCOUNTERS = {kind: Counter(f"job_{kind}_total", "Runs of a job") for kind in KINDS}\n',
            title="names from a fixed list",
        ),
    ),
    any_client=True,
    check=check,
)
