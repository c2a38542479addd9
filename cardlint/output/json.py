"""JSON for machines: `cardlint-json-v1`, described by `schema-v1.json` in this folder."""

from __future__ import annotations

from typing import Any

from cardlint.findings import Confidence, Finding, Place, Report, Severity, Step
from cardlint.output import Options
from cardlint.output.neutralise import Safe, json_text
from cardlint.version import __version__

SCHEMA = "cardlint-json-v1"


def render(report: Report, options: Options) -> Safe:
    """Return the report as one JSON document with a final line end."""
    return json_text(document(report))


def document(report: Report) -> dict[str, Any]:
    """Return the report as plain data in the order of the schema."""
    summary = report.summary
    return {
        "schema": SCHEMA,
        "version": __version__,
        "findings": [_finding(f) for f in report.findings],
        "summary": {
            "files": summary.files,
            "parsed": summary.parsed,
            "metrics": summary.metrics,
            "label_sites": summary.label_sites,
            "decided": summary.decided,
            "unreadable": summary.unreadable,
            "duration_s": summary.duration_s,
        },
    }


def _finding(finding: Finding) -> dict[str, Any]:
    place, metric, value, series, fix = finding.place, finding.metric, finding.value, finding.series, finding.fix
    return {
        "rule": finding.rule,
        "code": finding.code,
        "severity": severity(finding.severity),
        "confidence": Confidence(finding.confidence).name.lower(),
        "message": finding.message,
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "site": {"path": finding.site.path, "line": finding.site.line, "end_line": finding.site.end_line},
        "metric": {"name": metric.name, "type": metric.type, "path": metric.place.path, "line": metric.place.line}
        if metric is not None
        else None,
        "label": finding.label,
        "value": {"class": value.cls, "size": value.size, "why": value.why} if value is not None else None,
        "trace": [_step(s) for s in finding.trace],
        "related": [_step(s) for s in finding.related],
        "series": {"per_child": series.per_child, "estimate": series.estimate} if series is not None else None,
        "fix": {"safety": fix.safety, "description": fix.description} if fix is not None else None,
        "fingerprint": finding.fingerprint,
        "group": finding.group or finding.fingerprint,
    }


def severity(level: Severity) -> str:
    """Return the name of a severity as every format writes it."""
    return Severity(level).name.lower()


def _step(step: Step) -> dict[str, Any]:
    place: Place = step.place
    return {"path": place.path, "line": place.line, "column": place.column, "message": step.message}
