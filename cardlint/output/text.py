"""Text for a terminal: code frames, why, cost, and what to write instead."""

from __future__ import annotations

import io

from cardlint.findings import Finding, Place, Report, Severity
from cardlint.output import Options
from cardlint.output.neutralise import Safe, lines, log
from cardlint.output.summary import coverage, headline, tests_last

COLORS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}
TAB = "    "
MIN_WIDTH = 40
MAX_ALSO = 3
"""Other metrics of a finding that are named, where one call serves several."""


class Screen:
    """The only writer to the terminal: it neutralises every text, and adds colours afterwards."""

    def __init__(self, options: Options) -> None:
        from rich.console import Console

        self._out = io.StringIO()
        self.console = Console(
            file=self._out,
            force_terminal=options.color,
            no_color=not options.color,
            color_system="standard" if options.color else None,
            width=max(MIN_WIDTH, options.width),
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )
        self.width = self.console.width

    def line(self, *parts: tuple[str, str], soft_wrap: bool = False, crop: bool = True) -> None:
        """Print parts with their styles as one line; without `crop` it is never folded."""
        from rich.text import Text

        text = Text()
        whole = log("".join(content for content, _ in parts))
        if whole == "".join(log(content) for content, _ in parts):
            for content, style in parts:
                text.append(log(content), style or None)
        else:  # a command may begin in one part and end in the next
            text.append(whole)
        if not crop:
            self.console.print(text, overflow="ignore", no_wrap=True, crop=False)
            return
        for row in [text] if soft_wrap else text.wrap(self.console, self.width):
            harmless = log(row.plain)  # a fold may put the middle of a line at the start of one
            self.console.print(row if harmless == row.plain else Text(harmless), soft_wrap=True)

    def text(self) -> Safe:
        """Return everything that was printed."""
        return Safe(self._out.getvalue())


def render(report: Report, options: Options) -> Safe:
    """Return the findings with their frames and the summary; rich is imported only when there is a finding."""
    if not report.findings:
        return lines([log(headline(report)), log(coverage(report))])
    screen = Screen(options)
    for finding in tests_last(report):
        _finding(screen, finding, options)
    screen.line((headline(report), "bold"))
    screen.line((coverage(report), ""))
    return screen.text()


def _finding(screen: Screen, finding: Finding, options: Options) -> None:
    level = Severity(finding.severity)
    title = (f"{level.name.lower()}[{finding.rule}]", COLORS[level]), (f" {finding.code} ", "dim"), (finding.message, "bold")
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
    from rich.text import Text

    lead = f"{' ' * gutter} = {log(name)}: "
    if len(lead) > screen.width // 2:
        screen.line((lead, "bold"), (message, ""))
        return
    wrapped = Text(log(message)).wrap(screen.console, max(20, screen.width - len(lead)))
    for index, line in enumerate(wrapped):
        line.rstrip()
        if index == 0:
            screen.line((lead, "bold"), (line.plain, ""))
        else:
            screen.line((" " * len(lead) + line.plain, ""), soft_wrap=True)


def _frame(screen: Screen, place: Place, note: str, mark: str, style: str, gutter: int, options: Options) -> None:
    """Print one line of code with the span underlined; a span of several lines is marked on its first."""
    screen.line((f"{' ' * gutter}--> ", "blue"), (f"{place.path}:{place.line}:{place.column}", ""))
    rows = options.lines(place.path)
    if not 0 < place.line <= len(rows):
        return
    from rich.cells import cell_len

    row = rows[place.line - 1]
    end = place.end_column if place.end_line == place.line else len(row.rstrip()) + 1
    before = _shown(row[: place.column - 1])
    marked = _shown(row[place.column - 1 : max(end - 1, place.column)])
    after = _shown(row[max(end - 1, place.column) :].rstrip())
    room = screen.width - gutter - 4
    before, marked, after = _fit(before, marked, after, room)
    bar = (f"{' ' * gutter} |", "blue")
    screen.line((f"{place.line:>{gutter}} | ", "blue"), (before, ""), (marked, ""), (after, ""), crop=False)
    under = mark * max(1, cell_len(marked))
    pointer = " " * cell_len(before) + under
    if note and cell_len(pointer) + 1 + cell_len(note) <= room:
        screen.line(bar, (" " + pointer, style), (" " + note, style))
        return
    screen.line(bar, (" " + pointer, style))
    if note:
        screen.line(bar, (" " + note, style))


def _shown(text: str) -> str:
    return log(text).replace("\t", TAB)


def _fit(before: str, marked: str, after: str, room: int) -> tuple[str, str, str]:
    """Cut a long line so that the marked part stays visible; `...` replaces the cut text."""
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
