"""Findings: the report of a rule, with its place and evidence.

Every output format is written from findings and nothing else, so that no format shows more than another.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from msgspec import Struct


class Severity(IntEnum):
    """How bad it is. `--fail-on` compares against it."""

    NOTE = 1
    WARNING = 2
    ERROR = 3


class Confidence(IntEnum):
    """How sure a finding is; LOW is only shown with `--pedantic`.

    HIGH: a known source and a complete flow. MEDIUM: identity by name, value undecided. LOW: an unknown call is in the flow.
    """

    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Place(Struct, frozen=True, order=True):
    """A span in a file. Lines and columns are 1-based, columns count characters, the end is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Step(Struct, frozen=True):
    """One step of a value between its origin and the label. A list of steps is a trace."""

    place: Place
    message: str
    role: str = ""
    """what a related place is: `origin` of the value, `declared` for the metric, `named` for its label, `also` for another metric of the call; else empty"""


class MetricRef(Struct, frozen=True):
    """The metric a finding is about, with its declaration."""

    name: str
    type: str
    place: Place


def called(metric: str) -> str:
    """Name a metric in a sentence; one whose name is computed from unknown values is described instead."""
    return "a metric whose name could not be determined" if metric == "?" else f"`{metric}`"


class ValueInfo(Struct, frozen=True):
    """The inferred values of a label. `size` is None where there is no bound; `kind` refines the class."""

    cls: str
    """`exactly`, `bounded`, `per-deployment`, `client-chosen`, `unknown`, `unbounded`"""
    size: int | None
    why: str
    kind: str = ""
    values: tuple[str, ...] = ()
    """the very values, for `exactly`"""


class SeriesInfo(Struct, frozen=True):
    """The cost of a metric: series per label set, the product where it is known, and the product as text."""

    per_child: int
    estimate: int | None
    formula: str = ""
    per_value: int = 0
    """series that one more value of the label adds, as far as the other labels are known; 0 without a label"""


class Edit(Struct, frozen=True):
    """One replacement of source text. A fix is a list of them."""

    place: Place
    replacement: str


class Fix(Struct, frozen=True):
    """A rewrite a rule can offer. `unsafe` means that exported series change."""

    safety: str
    description: str
    edits: tuple[Edit, ...] = ()


class Finding(Struct, frozen=True):
    """One report of one rule. The message says what; `why`, `cost` and `help` are its three follow-up sentences.

    A suppression comment matches on `place`, `site`, and every place in `related` and `trace`.
    """

    rule: str
    code: str
    severity: Severity
    confidence: Confidence
    message: str
    place: Place
    site: Place
    metric: MetricRef | None = None
    label: str | None = None
    value: ValueInfo | None = None
    trace: tuple[Step, ...] = ()
    related: tuple[Step, ...] = ()
    series: SeriesInfo | None = None
    why: str = ""
    cost: str = ""
    help: str = ""
    fix: Fix | None = None
    predicate: str = ""
    """the message without the label and the metric that it begins with; '' for other messages"""
    also: tuple[MetricRef, ...] = ()
    """further metrics that the same call fills with the value"""
    cause: Place | None = None
    """the list, constructor or file that several findings of the rule share, where the rule knows it; else the origin of the value counts"""
    group: str = ""
    """the fingerprint of the first finding with the same cause"""
    fingerprint: str = ""
    source_line: str = ""
    """text of the primary line, normalised"""
    value_path: str = ""
    """the path of the value as it is written at the label, in a form that formatters do not change; part of the fingerprint"""


def spans(finding: Finding) -> Iterator[Place]:
    """Yield all places of a finding: a comment on any of them applies to it."""
    yield finding.place
    yield finding.site
    for step in (*finding.related, *finding.trace):
        yield step.place
    if finding.metric is not None:
        yield finding.metric.place


class Suppression(Struct, frozen=True):
    """A `# cardlint: ignore[...]` comment and its effect.

    `unused` are its names that suppressed nothing although their rules ran; `problem` completes "this comment ...".
    """

    place: Place
    names: tuple[str, ...]
    unused: tuple[str, ...]
    problem: str


class Summary(Struct, frozen=True):
    """The coverage of a run, with the number of undecided labels."""

    files: int = 0
    parsed: int = 0
    metrics: int = 0
    label_sites: int = 0
    decided: int = 0
    decided_by_name: int = 0
    """of the decided ones, those with only the name of the value's source as evidence: `task.status_code`"""
    unreadable: int = 0
    rewritten: int = 0
    unresolved_metrics: int = 0
    limits_hit: int = 0
    suppressed: int = 0
    duration_s: float = 0.0


class Report(Struct, frozen=True):
    """The result of a run: findings in order of place, and the summary."""

    findings: tuple[Finding, ...]
    summary: Summary
    unmatched: tuple[str, ...] = ()
    """sentences about rows, labels and budgets of the configuration that no analysed file can match"""
