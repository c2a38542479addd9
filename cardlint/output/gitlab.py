"""Code Quality reports of GitLab: a list of issues that merge requests compare by fingerprint."""

from __future__ import annotations

import json

from cardlint.findings import Report, Severity
from cardlint.output import Options
from cardlint.output.cleaning import clean
from cardlint.output.repository import from_top

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def render(report: Report, options: Options) -> str:
    """Return the report as one JSON list with a final line end."""
    issues = [
        {
            "description": clean(f"{f.code} {f.rule}: {f.message}" + (f"; {f.help}" if f.help else "")),
            "check_name": f.rule,
            "fingerprint": f.fingerprint,
            "severity": SEVERITIES[Severity(f.severity)],
            "location": {"path": from_top(f.place.path), "lines": {"begin": f.place.line, "end": f.place.end_line}},
        }
        for f in report.findings
    ]
    return json.dumps(issues, indent=1) + "\n"
