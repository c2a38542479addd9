"""Code Quality reports of GitLab: a list of issues that merge requests compare by fingerprint."""

from __future__ import annotations

from cardlint.findings import Report, Severity
from cardlint.output import Options
from cardlint.output.neutralise import Safe, json_text, markdown
from cardlint.output.repository import from_top

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def render(report: Report, options: Options) -> Safe:
    """Return the report as one JSON list with a final line end."""
    issues = [
        {
            "description": markdown(f"{f.code} {f.rule}: {f.message}" + (f"; {f.help}" if f.help else "")),
            "check_name": f.rule,
            "fingerprint": f.fingerprint,
            "severity": SEVERITIES[Severity(f.severity)],
            "location": {"path": from_top(f.place.path), "lines": {"begin": f.place.line, "end": f.place.end_line}},
        }
        for f in report.findings
    ]
    return json_text(issues)
