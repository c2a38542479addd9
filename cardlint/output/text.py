"""Text for a terminal: code frames, why, cost, and what to write instead."""

from __future__ import annotations

from cardlint.findings import Finding, Place, Report, Severity
from cardlint.output import Options
from cardlint.output.layout import Screen, cells, sized
from cardlint.output.neutralise import Safe, lines, log
from cardlint.output.summary import coverage, headline, tests_last

COLORS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}
TAB = "    "
MAX_ALSO = 3
"""Other metrics of a finding that are named, where one call serves several."""


def render(report: Report, options: Options) -> Safe:
    """Return the findings with their frames and the summary."""
    if not report.findings:
        return lines([log(headline(report)), log(coverage(report))])
    screen = Screen(options)
    for finding in tests_last(report):
        _finding(screen, finding, options)
    screen.line((headline(report), "bold"))
    screen.line((coverage(report), ""))
    return Safe(screen.text())


def _finding(screen: Screen, finding: Finding, options: Options) -> None:
    level = Severity(finding.severity)
    mark = ("[*] ", "cyan") if finding.fix is not None else ("", "")
    title = (f"{level.name.lower()}[{finding.rule}]", COLORS[level]), (f" {finding.code} ", "dim"), mark, (finding.message, "bold")
    screen.line(*title, soft_wrap=True)
    gutter = _gutter(finding)
    _frame(screen, finding.place, "", "^", COLORS[level], gutter, options)
    born = next((s for s in finding.related if s.message.startswith("born here")), None)
    if born is not None and born.place != finding.place:
        _frame(screen, born.place, log(born.message), "-", "cyan", gutter, options)
    if options.verbose:
        for step in finding.trace:
            _note(screen, gutter, f"{step.place.path}:{step.place.line}", step.message)
    declared = next((s for s in finding.related if "is declared here" in s.message), None)
    if declared is not None and declared.place.line != finding.place.line:
        _note(screen, gutter, "declared", f"{declared.place.path}:{declared.place.line}")
    also = [s for s in finding.related if s.message.startswith("also ")]
    for step in also[:MAX_ALSO]:
        _note(screen, gutter, "also", f"{step.message.removeprefix('also ')} from {step.place.path}:{step.place.line}")
    if len(also) > MAX_ALSO:
        _note(screen, gutter, "also", f"{len(also) - MAX_ALSO} more")
    _note(screen, gutter, "why", finding.why)
    cost = finding.cost
    if finding.series is not None and finding.series.formula and " x " in finding.series.formula:
        cost = f"{cost}; the metric is {finding.series.formula}" if cost else finding.series.formula
    _note(screen, gutter, "cost", cost)
    _note(screen, gutter, "help", finding.help)
    screen.line()


def _gutter(finding: Finding) -> int:
    lines = [finding.place.line, *(s.place.line for s in finding.related)]
    return len(str(max(lines)))


def _note(screen: Screen, gutter: int, name: str, message: str) -> None:
    """Print one `= name: message` line, wrapped under itself."""
    if not message:
        return
    lead = f"{' ' * gutter} = {log(name)}: "
    if len(lead) > screen.width // 2:
        screen.line((lead, "bold"), (message, ""))
        return
    for index, row in enumerate(screen.wrapped(log(message), max(20, screen.width - len(lead)))):
        if index == 0:
            screen.line((lead, "bold"), (row, ""))
        else:
            screen.line((" " * len(lead) + row, ""), soft_wrap=True)


def _frame(screen: Screen, place: Place, note: str, mark: str, style: str, gutter: int, options: Options) -> None:
    """Print one line of code with the span underlined; a span of several lines is marked on its first."""
    screen.line((f"{' ' * gutter}--> ", "blue"), (f"{place.path}:{place.line}:{place.column}", ""))
    rows = options.lines(place.path)
    if not 0 < place.line <= len(rows):
        return
    row = rows[place.line - 1]
    end = place.end_column if place.end_line == place.line else len(row.rstrip()) + 1
    before = _shown(row[: place.column - 1])
    marked = _shown(row[place.column - 1 : max(end - 1, place.column)])
    after = _shown(row[max(end - 1, place.column) :].rstrip())
    room = screen.width - gutter - 4
    before, marked, after = _fit(before, marked, after, room)
    bar = (f"{' ' * gutter} |", "blue")
    screen.line((f"{place.line:>{gutter}} | ", "blue"), (before, ""), (marked, ""), (after, ""), crop=False)
    under = mark * max(1, cells(marked))
    pointer = " " * cells(before) + under
    if note and cells(pointer) + 1 + cells(note) <= room:
        screen.line(bar, (" " + pointer, style), (" " + note, style))
        return
    screen.line(bar, (" " + pointer, style))
    if note:
        screen.line(bar, (" " + note, style))


def _shown(text: str) -> str:
    return log(text).replace("\t", TAB)


def _fit(before: str, marked: str, after: str, room: int) -> tuple[str, str, str]:
    """Cut a long line so that the marked part stays visible; `...` replaces the cut text."""
    if cells(before) + cells(marked) + cells(after) <= room:
        return before, marked, after
    if cells(marked) > room - 10:
        marked = sized(marked, max(8, room - 13)).rstrip() + "..."
        after = ""
    left = room - cells(marked)
    if cells(before) > left - 4:
        keep = max(0, min(cells(before), left - 7))
        before = "..." + (before[-keep:] if keep else "")
        while cells(before) > max(3, left - 4):
            before = "..." + before[4:]
    left -= cells(before)
    if cells(after) > left:
        after = sized(after, max(0, left - 3)) + "..." if left > 3 else ""
    return before, marked, after
