"""One line for each finding: for editors, grep and short reports."""

from __future__ import annotations

from cardlint.findings import Finding, Report, Severity, Summary
from cardlint.groups import Group, alone, groups
from cardlint.output import Options
from cardlint.output.layout import Screen
from cardlint.output.neutralise import Safe
from cardlint.output.wording import fixable, partly, reached, told

COLORS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}


def line(finding: Finding) -> Safe:
    """Return `path:line:column: severity: CODE rule: message`."""
    return Safe(render(Report((finding,), Summary()), Options(lambda _path: [], width=0, grouped=False)).rstrip("\n"))


def render(report: Report, options: Options) -> Safe:
    """Return one line for each finding, in order of place; nothing for a clean run."""
    screen = Screen(options)
    for group in sorted(groups(report.findings), key=lambda g: g.place) if options.grouped else alone(report.findings):
        _line(screen, group)
    return Safe(screen.text())


def _line(screen: Screen, group: Group) -> None:
    lead, place = group.lead, group.place
    level = Severity(lead.severity)
    several = f" ({reached(group)})" if len(group.sites) > 1 and lead.metric is not None else ""
    some = partly(group)
    star = f"{f' ({some})' if some else ''} [*]" if fixable(group) == "safe" else ""
    screen.at(
        ("", ""), place.path, f"{place.line}:{place.column}", (": ", ""), (level.name.lower(), COLORS[level]),
        (f": {lead.code} {lead.rule}: ", "dim"), (f"{told(group)}{several}{star}".replace("\n", " "), ""),
    )  # fmt: skip
