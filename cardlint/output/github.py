"""Workflow commands of GitHub Actions: annotations beside the changed lines, worst first.

A step shows ten annotations of each kind; the others are only lines in its log, so each message begins with its place.
"""

from __future__ import annotations

from cardlint.findings import Finding, Report, Severity
from cardlint.output import Options
from cardlint.output.cleaning import clean
from cardlint.output.repository import from_top
from cardlint.output.summary import coverage, headline, worst_first

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
SHOWN = 10
"""Annotations of one kind that GitHub shows for a step."""


def render(report: Report, options: Options) -> str:
    """Return one command a line and the summary as the last line; where not all can be seen, a notice says so first."""
    lines = [_command(f) for f in worst_first(report)]
    kinds = [COMMANDS[Severity(f.severity)] for f in report.findings]
    if any(kinds.count(kind) > SHOWN for kind in COMMANDS.values()):
        lines.insert(0, f"::notice title=cardlint::{_data(headline(report))} GitHub shows the first {SHOWN} of a kind; the log has all.")
    return "\n".join([*lines, f"cardlint: {headline(report)} {coverage(report)}"]) + "\n"


def _command(finding: Finding) -> str:
    place = finding.place
    properties = {
        "file": clean(from_top(place.path)),
        "line": str(place.line),
        "endLine": str(place.end_line),
        "col": str(place.column),
        "endColumn": str(place.end_column),
        "title": f"{finding.code} {finding.rule}",
    }
    if place.end_line != place.line:  # columns of a span over several lines would be refused
        del properties["col"], properties["endColumn"]
    where = clean(f"{from_top(place.path)}:{place.line}:{place.column}")
    text = f"{where}: {clean(finding.message)}" + (f"\n{clean(finding.help)}" if finding.help else "")
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{COMMANDS[Severity(finding.severity)]} {given}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
