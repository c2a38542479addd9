"""What is taken out: a label, the second of two equal labels, a comment that suppresses nothing."""

from __future__ import annotations

from cardlint.common.textscan import CARDLINT_FIRST, COMMENT_IN_COMMENT, RULE_LIST
from cardlint.findings import Edit, Finding, Fix
from cardlint.fix.base import Refused, Sources
from cardlint.fix.labels import once, without_label
from cardlint.fix.subjects import metric_of
from cardlint.fix.values import exception_text
from cardlint.inference.program import Program


def identity(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Remove an identity label from the declaration and from every use."""
    fix = exception_text(finding, program, sources) if finding.value is not None and finding.value.kind == "exception-text" else None
    if fix is not None:
        return fix
    metric = metric_of(finding, program)
    if metric is None or finding.label is None:
        raise Refused("the declaration of the metric is not known")
    return without_label(metric, finding.label, program, sources)


def duplicate_label(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Remove the second of two equal label names, and the value at its position."""
    metric = metric_of(finding, program)
    if metric is None or finding.label is None or (metric.labelnames or ()).count(finding.label) < 2:
        return None
    return once(metric, finding.label, program, sources)


def unused_ignore(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Remove a comment that suppresses nothing, or its names that suppress nothing."""
    comment = program.suppression_at.get(finding.place)
    if comment is None:
        return None
    source = sources(finding.place.path)
    start, end = source.offset(finding.place.line, finding.place.column), source.offset(finding.place.end_line, finding.place.end_column)
    text = source.text[start:end]
    if comment.unused and set(comment.unused) < set(comment.names):
        kept = ", ".join(n for n in comment.names if n not in comment.unused)
        return Fix(
            "safe",
            "remove the names that suppress nothing",
            (Edit(source.place(start, end), RULE_LIST.regex.sub(f"[{kept}]", text, count=1)),),
        )
    if not CARDLINT_FIRST.regex.match(text) or COMMENT_IN_COMMENT.regex.search(text):
        raise Refused("the comment says more than this")
    line_start = source.starts[finding.place.line - 1]
    before = source.text[line_start:start]
    if before.strip():
        start = line_start + len(before.rstrip())
    else:
        start, end = line_start, min(len(source.text), source.starts[finding.place.line])
    return Fix("safe", "remove the comment", (Edit(source.place(start, end), ""),))
