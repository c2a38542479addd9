"""One line for each finding: for editors, grep and short reports."""

from __future__ import annotations

from cardlint.findings import Finding, Report
from cardlint.output import Options
from cardlint.output.json import severity
from cardlint.output.neutralise import Safe, lines, log


def line(finding: Finding) -> Safe:
    """Return `path:line:column: CODE rule: message`."""
    place = finding.place
    text = f"{place.path}:{place.line}:{place.column}: {severity(finding.severity)}: {finding.code} {finding.rule}: {finding.message}"
    return log(text.replace("\n", " "))


def render(report: Report, options: Options) -> Safe:
    """Return one line for each finding, in order of place; nothing for a clean run."""
    return lines(line(f) for f in report.findings)
