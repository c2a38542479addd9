"""Text for a terminal: the mistakes from the most expensive one on, each with its code, its cost, and what to write instead."""

from __future__ import annotations

from cardlint.findings import Report
from cardlint.output import Options
from cardlint.output.layout import Screen
from cardlint.output.neutralise import Safe
from cardlint.output.summary import coverage, headline, tests_last


def render(report: Report, options: Options) -> Safe:
    """Return the findings with their frames and the summary."""
    screen = Screen(options)
    last = _blocks(screen, report, options) if report.findings else ""
    if options.quiet:
        return Safe(screen.text())
    screen.line((headline(report, options.grouped), "bold" if last else ""))
    screen.line((coverage(report), ""))
    if last:
        screen.line((last, "bold"))
    return Safe(screen.text())


def _blocks(screen: Screen, report: Report, options: Options) -> str:
    """Print the findings, and return the line that comes last."""
    from cardlint.groups import alone, by_cost, groups
    from cardlint.output.blocks import block
    from cardlint.output.wording import more

    shown = by_cost(groups(report.findings)) if options.grouped else alone(tests_last(report))
    for group in shown:
        block(screen, group, options)
    return more(shown)
