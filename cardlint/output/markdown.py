"""Markdown for a comment on a pull request: a table of the findings, short enough to be read."""

from __future__ import annotations

from cardlint.findings import Report, Severity
from cardlint.groups import Group, alone, by_cost, groups
from cardlint.output import Options
from cardlint.output.neutralise import Safe, code, lines, markdown
from cardlint.output.repository import from_top
from cardlint.output.summary import coverage, headline, plural, worst_first
from cardlint.output.wording import advised, reached, told

MAX_ROWS = 50
"""Findings listed; a reader reads no more."""
MAX_LENGTH = 60_000
"""Characters of all rows; a comment on GitHub may have 65,536."""


def render(report: Report, options: Options) -> Safe:
    """Return a heading, a table of the findings from the worst on, and the summary line."""
    page = [Safe(f"### cardlint: {markdown(headline(report, options.grouped))}"), Safe("")]
    found = by_cost(groups(report.findings)) if options.grouped else alone(worst_first(report))
    rows = [_row(group) for group in found[:MAX_ROWS]]
    while sum(map(len, rows)) > MAX_LENGTH:
        rows.pop()
    if report.findings:
        page += [Safe("| severity | where | rule | what | instead |"), Safe("|---|---|---|---|---|"), *rows]
        rest = len(found) - len(rows)
        if rest:
            page += [Safe(""), markdown(f"{plural(rest, 'more finding')} {'is' if rest == 1 else 'are'} not listed.")]
        page.append(Safe(""))
    page.append(markdown(coverage(report)))
    return lines(page)


def _row(group: Group) -> Safe:
    finding = group.lead
    where = code(f"{from_top(group.place.path)}:{group.place.line}")
    message = told(group) + (f" ({reached(group)})" if len(group.sites) > 1 else "")
    said = (markdown(text.replace("\n", " ")) for text in (f"{finding.rule} ({finding.code})", message, advised(group)))
    cells = (markdown(Severity(finding.severity).name.lower()), where, *said)
    return Safe(f"| {' | '.join(cells)} |")
