"""Workflow commands of GitHub Actions: annotations at the changed lines, worst first.

A step shows ten annotations of each kind; the others are only lines in its log, so each message begins with its place.
"""

from __future__ import annotations

from cardlint.findings import Finding, Report, Severity
from cardlint.output import Options
from cardlint.output.neutralise import Safe, command, lines, log
from cardlint.output.repository import from_top
from cardlint.output.summary import coverage, headline, worst_first

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
SHOWN = 10
"""Annotations of one kind that GitHub shows for a step."""


def render(report: Report, options: Options) -> Safe:
    """Return one command a line and the summary as the last line; a notice comes first where GitHub cannot show all."""
    commands = [_command(f) for f in worst_first(report)]
    kinds = [COMMANDS[Severity(f.severity)] for f in report.findings]
    if any(kinds.count(kind) > SHOWN for kind in COMMANDS.values()):
        seen = f"{headline(report)} GitHub shows the first {SHOWN} of a kind; the log has all."
        commands.insert(0, command("notice", {"title": "cardlint"}, [seen]))
    return lines([*commands, log(f"cardlint: {headline(report)} {coverage(report)}")])


def _command(finding: Finding) -> Safe:
    place = finding.place
    properties = {
        "file": from_top(place.path),
        "line": str(place.line),
        "endLine": str(place.end_line),
        "col": str(place.column),
        "endColumn": str(place.end_column),
        "title": f"{finding.code} {finding.rule}",
    }
    if place.end_line != place.line:  # columns of a span over several lines would be refused
        del properties["col"], properties["endColumn"]
    message = [f"{from_top(place.path)}:{place.line}:{place.column}: {finding.message}", *([finding.help] if finding.help else [])]
    return command(COMMANDS[Severity(finding.severity)], properties, message)
