"""Workflow commands of GitHub Actions: annotations at the changed lines, worst first.

A step shows ten annotations of each kind; the others are only lines in its log, so each message begins with its place.
"""

from __future__ import annotations

from cardlint.findings import Report, Severity
from cardlint.groups import Group, alone, by_cost, groups
from cardlint.output import Options
from cardlint.output.neutralise import Safe, command, lines, log
from cardlint.output.repository import from_top
from cardlint.output.summary import coverage, headline, worst_first
from cardlint.output.wording import advised, reached, told

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
SHOWN = 10
"""Annotations of one kind that GitHub shows for a step."""


def render(report: Report, options: Options) -> Safe:
    """Return one command a line and the summary as the last line; a notice comes first where GitHub cannot show all."""
    found = by_cost(groups(report.findings)) if options.grouped else alone(worst_first(report))
    commands = [_command(group) for group in found]
    kinds = [COMMANDS[Severity(group.lead.severity)] for group in found]
    if any(kinds.count(kind) > SHOWN for kind in COMMANDS.values()):
        seen = f"{headline(report, options.grouped)} GitHub shows the first {SHOWN} of a kind; the log has all."
        commands.insert(0, command("notice", {"title": "cardlint"}, [seen]))
    return lines([*commands, log(f"cardlint: {headline(report, options.grouped)} {coverage(report)}")])


def _command(group: Group) -> Safe:
    finding, place = group.lead, group.place
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
    message = [f"{from_top(place.path)}:{place.line}:{place.column}: {told(group)}", *filter(None, [advised(group)])]
    others = [f"{from_top(f.place.path)}:{f.place.line}" for f in group.sites if f.place != place]
    if others:
        message.append(f"{reached(group)}: {', '.join(others[:SHOWN])}{' ...' if others[SHOWN:] else ''}")
    return command(COMMANDS[Severity(finding.severity)], properties, message)
