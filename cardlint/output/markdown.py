"""Markdown for a comment on a pull request: a table of the findings, short enough to be read."""

from __future__ import annotations

import re

from cardlint.findings import Finding, Report, Severity
from cardlint.output import Options
from cardlint.output.cleaning import clean
from cardlint.output.repository import from_top
from cardlint.output.summary import coverage, headline, plural, worst_first

MARKUP = re.compile(r"[<>&*_\[\]@#~]")
MAX_ROWS = 50
"""Findings listed; readers have a limit."""
MAX_LENGTH = 60_000
"""Characters of all rows; a comment on GitHub may have 65,536."""


def render(report: Report, options: Options) -> str:
    """Return a heading, a table of the findings from the worst on, and the summary line."""
    lines = [f"### cardlint: {headline(report)}", ""]
    rows = [_row(f) for f in worst_first(report)[:MAX_ROWS]]
    while sum(map(len, rows)) > MAX_LENGTH:
        rows.pop()
    if report.findings:
        lines += ["| severity | where | rule | what | instead |", "|---|---|---|---|---|", *rows]
        rest = len(report.findings) - len(rows)
        if rest:
            lines.append(f"\n{plural(rest, 'more finding')} {'is' if rest == 1 else 'are'} not listed.")
        lines.append("")
    lines.append(coverage(report))
    return "\n".join(lines) + "\n"


def _row(finding: Finding) -> str:
    where = f"{from_top(finding.place.path)}:{finding.place.line}"
    cells = (Severity(finding.severity).name.lower(), _code(where), f"{finding.rule} ({finding.code})", finding.message, finding.help)
    return "| " + " | ".join(cell if cell.startswith("`") and cell == cells[1] else _cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    """Escape what would end a cell, start markup or call somebody by name, outside of code spans."""
    parts = clean(text).replace("\n", " ").replace("|", "\\|").split("`")
    if len(parts) % 2 == 0:  # a backtick of the analysed code itself: no span can be trusted
        parts = ["'".join(parts)]
    for position in range(0, len(parts), 2):
        parts[position] = MARKUP.sub(lambda match: f"&#{ord(match[0])};", parts[position])
    return "`".join(parts)


def _code(text: str) -> str:
    return "`" + clean(text).replace("`", "'").replace("|", "\\|") + "`"
