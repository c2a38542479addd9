"""The linter's own findings as metrics, for the textfile collector: by rule and severity, so of low cardinality."""

from __future__ import annotations

from cardlint.findings import Report, Severity
from cardlint.output import Options
from cardlint.output.neutralise import Safe, log


def render(report: Report, options: Options) -> Safe:
    """Return the exposition text of a new registry."""
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()
    findings = Gauge("cardlint_findings", "Findings of the last run.", ["rule", "severity"], registry=registry)
    for finding in report.findings:
        findings.labels(rule=log(finding.rule), severity=Severity(finding.severity).name.lower()).inc()
    sites = Gauge("cardlint_label_sites", "Values given to labels, by whether their set could be decided.", ["decided"], registry=registry)
    summary = report.summary
    sites.labels(decided="true").set(summary.decided)
    sites.labels(decided="false").set(summary.label_sites - summary.decided)
    for name, text, value in (
        ("files", "Python files of the last run.", summary.files),
        ("metrics", "Metrics found in the last run.", summary.metrics),
        ("unreadable_files", "Files that could not be read.", summary.unreadable),
        ("suppressed_findings", "Findings that comments and settings keep back.", summary.suppressed),
        ("run_duration_seconds", "Time the last run took.", summary.duration_s),
    ):
        Gauge(f"cardlint_{name}", text, registry=registry).set(value)
    return Safe(generate_latest(registry).decode())  # the library escapes quotes, backslashes and line ends itself
