"""Markdown for a comment on a pull request: a table of the findings, short enough to be read."""

from __future__ import annotations

from cardlint.findings import Finding, Report, Severity
from cardlint.output import Options
from cardlint.output.cleaning import clean
from cardlint.output.repository import from_top
from cardlint.output.summary import coverage, headline

MAX_ROWS = 50
"""Findings listed; comments have a limit, and readers have one, too."""


def render(report: Report, options: Options) -> str:
    """Return a heading, a table of the findings from the worst on, and the summary line."""
    lines = [f"### cardlint: {headline(report)}", ""]
    worst = sorted(report.findings, key=lambda f: (-f.severity, f.place))
    if worst:
        lines += ["| severity | where | rule | what | instead |", "|---|---|---|---|---|"]
        lines += [_row(f) for f in worst[:MAX_ROWS]]
        if len(worst) > MAX_ROWS:
            lines.append(f"\n{len(worst) - MAX_ROWS:,} more findings are not listed.")
        lines.append("")
    lines.append(coverage(report))
    return "\n".join(lines) + "\n"


def _row(finding: Finding) -> str:
    where = f"{from_top(finding.place.path)}:{finding.place.line}"
    cells = (Severity(finding.severity).name.lower(), _code(where), f"{finding.rule} ({finding.code})", finding.message, finding.help)
    return "| " + " | ".join(cell if cell.startswith("`") and cell == cells[1] else _cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    """Escape what would end a cell or start markup, outside of code spans."""
    parts = clean(text).replace("\n", " ").replace("|", "\\|").split("`")
    for position in range(0, len(parts), 2):
        parts[position] = parts[position].replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")
    return "`".join(parts)


def _code(text: str) -> str:
    return "`" + clean(text).replace("`", "'").replace("|", "\\|") + "`"
