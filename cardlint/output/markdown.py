"""Markdown for a comment on a pull request: a table of the findings, short enough to be read."""

from __future__ import annotations

from cardlint.findings import Finding, Report, Severity
from cardlint.output import Options
from cardlint.output.neutralise import Safe, code, lines, markdown
from cardlint.output.repository import from_top
from cardlint.output.summary import coverage, headline, plural, worst_first

MAX_ROWS = 50
"""Findings listed; a reader reads no more."""
MAX_LENGTH = 60_000
"""Characters of all rows; a comment on GitHub may have 65,536."""


def render(report: Report, options: Options) -> Safe:
    """Return a heading, a table of the findings from the worst on, and the summary line."""
    page = [Safe(f"### cardlint: {markdown(headline(report))}"), Safe("")]
    rows = [_row(f) for f in worst_first(report)[:MAX_ROWS]]
    while sum(map(len, rows)) > MAX_LENGTH:
        rows.pop()
    if report.findings:
        page += [Safe("| severity | where | rule | what | instead |"), Safe("|---|---|---|---|---|"), *rows]
        rest = len(report.findings) - len(rows)
        if rest:
            page += [Safe(""), markdown(f"{plural(rest, 'more finding')} {'is' if rest == 1 else 'are'} not listed.")]
        page.append(Safe(""))
    page.append(markdown(coverage(report)))
    return lines(page)


def _row(finding: Finding) -> Safe:
    where = code(f"{from_top(finding.place.path)}:{finding.place.line}")
    told = (markdown(text.replace("\n", " ")) for text in (f"{finding.rule} ({finding.code})", finding.message, finding.help))
    cells = (markdown(Severity(finding.severity).name.lower()), where, *told)
    return Safe(f"| {' | '.join(cells)} |")
