"""Text for a person in a terminal: code frames, why, cost, and what to write instead."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from cardlint.findings import Finding, Place, Report, Severity
from cardlint.output import Options
from cardlint.output.cleaning import clean
from cardlint.output.summary import coverage, headline, tests_last

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

COLORS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}
TAB = "    "
MIN_WIDTH = 40
MAX_ALSO = 3
"""Metrics named beside the one a finding is about, where one call serves several."""


def render(report: Report, options: Options) -> str:
    """Return the findings with their frames and the summary; rich is loaded only when there is something to show."""
    if not report.findings:
        return f"{headline(report)}\n{coverage(report)}\n"
    from rich.console import Console

    out = io.StringIO()
    console = Console(
        file=out,
        force_terminal=options.color,
        no_color=not options.color,
        color_system="standard" if options.color else None,
        width=max(MIN_WIDTH, options.width),
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for finding in tests_last(report):
        _finding(console, finding, options)
    console.print(_styled((headline(report), "bold")))
    console.print(coverage(report))
    return out.getvalue()


def _styled(*parts: tuple[str, str]) -> Text:
    from rich.text import Text

    text = Text()
    for content, style in parts:
        text.append(content, style or None)
    return text


def _finding(console: Console, finding: Finding, options: Options) -> None:
    level = Severity(finding.severity)
    title = _styled(
        (f"{level.name.lower()}[{finding.rule}]", COLORS[level]), (f" {finding.code} ", "dim"), (clean(finding.message), "bold")
    )
    console.print(title, soft_wrap=True)
    gutter = _gutter(finding)
    _frame(console, finding.place, "", "^", COLORS[level], gutter, options)
    born = next((s for s in finding.related if s.message.startswith("born here")), None)
    if born is not None and born.place != finding.place:
        _frame(console, born.place, clean(born.message), "-", "cyan", gutter, options)
    if options.verbose:
        for step in finding.trace:
            _note(console, gutter, f"{step.place.path}:{step.place.line}", step.message)
    declared = next((s for s in finding.related if "is declared here" in s.message), None)
    if declared is not None and declared.place.line != finding.place.line:
        _note(console, gutter, "declared", f"{declared.place.path}:{declared.place.line}")
    also = [s for s in finding.related if s.message.startswith("also ")]
    for step in also[:MAX_ALSO]:
        _note(console, gutter, "also", f"{step.message.removeprefix('also ')} from {step.place.path}:{step.place.line}")
    if len(also) > MAX_ALSO:
        _note(console, gutter, "also", f"{len(also) - MAX_ALSO} more")
    _note(console, gutter, "why", finding.why)
    cost = finding.cost
    if finding.series is not None and finding.series.formula and " x " in finding.series.formula:
        cost = f"{cost}; the metric is {finding.series.formula}" if cost else finding.series.formula
    _note(console, gutter, "cost", cost)
    _note(console, gutter, "help", finding.help)
    console.print()


def _gutter(finding: Finding) -> int:
    lines = [finding.place.line, *(s.place.line for s in finding.related)]
    return len(str(max(lines)))


def _note(console: Console, gutter: int, name: str, message: str) -> None:
    """Print one `= name: message` line, wrapped under itself."""
    if not message:
        return
    from rich.text import Text

    lead = f"{' ' * gutter} = {clean(name)}: "
    if len(lead) > console.width // 2:
        console.print(_styled((lead, "bold"), (clean(message), "")))
        return
    wrapped = Text(clean(message)).wrap(console, max(20, console.width - len(lead)))
    for index, line in enumerate(wrapped):
        line.rstrip()
        if index == 0:
            console.print(_styled((lead, "bold"), (line.plain, "")))
        else:
            console.print(" " * len(lead) + line.plain, soft_wrap=True)


def _frame(console: Console, place: Place, note: str, mark: str, style: str, gutter: int, options: Options) -> None:
    """Print one line of code with the span underlined; a span of several lines is marked on its first."""
    console.print(_styled((f"{' ' * gutter}--> ", "blue"), (clean(f"{place.path}:{place.line}:{place.column}"), "")))
    rows = options.lines(place.path)
    if not 0 < place.line <= len(rows):
        return
    from rich.cells import cell_len

    row = rows[place.line - 1]
    end = place.end_column if place.end_line == place.line else len(row.rstrip()) + 1
    before = _shown(row[: place.column - 1])
    marked = _shown(row[place.column - 1 : max(end - 1, place.column)])
    after = _shown(row[max(end - 1, place.column) :].rstrip())
    room = console.width - gutter - 4
    before, marked, after = _fit(before, marked, after, room)
    bar = (f"{' ' * gutter} |", "blue")
    console.print(
        _styled((f"{place.line:>{gutter}} | ", "blue"), (before, ""), (marked, ""), (after, "")),
        overflow="ignore",
        no_wrap=True,
        crop=False,
    )
    under = mark * max(1, cell_len(marked))
    pointer = " " * cell_len(before) + under
    if note and cell_len(pointer) + 1 + cell_len(note) <= room:
        console.print(_styled(bar, (" " + pointer, style), (" " + note, style)))
        return
    console.print(_styled(bar, (" " + pointer, style)))
    if note:
        console.print(_styled(bar, (" " + note, style)))


def _shown(text: str) -> str:
    return clean(text).replace("\t", TAB)


def _fit(before: str, marked: str, after: str, room: int) -> tuple[str, str, str]:
    """Cut a long line so that the marked part stays in view; `...` stands for what was cut."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(before) + cell_len(marked) + cell_len(after) <= room:
        return before, marked, after
    if cell_len(marked) > room - 10:
        marked = set_cell_size(marked, max(8, room - 13)).rstrip() + "..."
        after = ""
    left = room - cell_len(marked)
    if cell_len(before) > left - 4:
        keep = max(0, min(cell_len(before), left - 7))
        before = "..." + (before[-keep:] if keep else "")
        while cell_len(before) > max(3, left - 4):
            before = "..." + before[4:]
    left -= cell_len(before)
    if cell_len(after) > left:
        after = set_cell_size(after, max(0, left - 3)) + "..." if left > 3 else ""
    return before, marked, after
