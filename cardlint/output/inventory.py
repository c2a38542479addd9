"""The inventory as text: a table for a terminal, and one line for each label for every other reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cardlint.common.numbers import spoken
from cardlint.output import Options
from cardlint.output.layout import ENDLESS, Screen, cells
from cardlint.output.neutralise import Safe, log
from cardlint.output.summary import plural

GAP = "  "
Row = dict[str, Any]


def render(rows: Sequence[Row], totals: Row, teams: Sequence[Row], options: Options) -> Safe:
    """Return the metrics, their sum, and the sum of each team with its budget."""
    screen = Screen(options)
    shown = [row for row in rows if not row["test"]]
    if screen.width >= ENDLESS:
        _lines(screen, shown)
    else:
        _table(screen, shown)
    screen.line((f"total: {_sums(totals)}", "bold"))
    for team in teams:
        style = "bold red" if team["over"] else ""
        against = f"; the budget is {team['budget']:,}{', which is exceeded' if team['over'] else ''}"
        screen.line((f"{team['team']}: {_sums(team)}{against}", style))
    return Safe(screen.text())


def _sums(sums: Row) -> str:
    known = sums["metrics"] - sums["unbounded"] - sums["undecided"]
    others = [f"{sums[kind]:,} {kind}" for kind in ("unbounded", "undecided") if sums[kind]]
    series = [f"{spoken(sums['series'])} series" + (f" in {known:,} of them" if others else "")] if known or not others else []
    return f"{plural(sums['metrics'], 'metric')}: {', '.join([*series, *others])}"


def _lines(screen: Screen, rows: Sequence[Row]) -> None:
    """Print one line for each label, its fields separated by tabs: every line names its metric, so that grep finds it."""
    screen.row("metric", "type", "series", "label", "values", "declared", "uses")
    for row in rows:
        head = (row["name"], row["type"], _series(row))
        for label, values in _labels(row):
            screen.row(*head, label, values, f"{row['path']}:{row['line']}", str(len(row["used"])))


def _table(screen: Screen, rows: Sequence[Row]) -> None:
    """Print each metric with its labels below; what does not fit on the line of a name comes on a line of its own, and no word is broken."""
    number = max((len(_series(row)) for row in rows), default=0)
    number = max(number, len("series"))
    kind = max((len(row["type"]) for row in rows), default=0)
    name = max((cells(log(row["name"])) for row in rows), default=0)
    name = max(min(name, screen.width - number - kind - 2 * len(GAP)), len("metric"))
    uses = max((len(f"{len(row['used']):,}") for row in rows), default=0)
    place = max((cells(log(f"{row['path']}:{row['line']}")) for row in rows), default=0)
    in_one_row = number + name + kind + max(uses, 4) + place + 4 * len(GAP) <= screen.width
    head = f"{'series':>{number}}{GAP}{'metric':<{name}}{GAP}{'type':<{kind}}"
    screen.line(((f"{head}{GAP}uses{GAP}declared" if in_one_row else head).rstrip(), "bold"), whole=True)
    for row in rows:
        title = log(row["name"])
        filled = title + " " * max(0, name - cells(title))
        start = f"{_series(row):>{number}}{GAP}"
        indent = " " * len(start) + GAP
        declared = f"{row['path']}:{row['line']}"
        count = plural(len(row["used"]), "use")
        style = "bold yellow" if _series(row) == "open" else ""
        if in_one_row:
            lead = f"{filled}{GAP}{row['type']:<{kind}}{GAP}{len(row['used']):>4,}{GAP}"
            screen.at((start, style), row["path"], str(row["line"]), before=lead)
        else:
            screen.line((start, style), (f"{filled}{GAP}{row['type']}", ""), whole=True)
            fits = len(indent) + cells(log(declared)) + len(GAP) + len(count) <= screen.width
            screen.at((indent, ""), row["path"], str(row["line"]), (f"{GAP}{count}" if fits else "", ""))
        longest = max((cells(log(label)) for label, _ in _labels(row)), default=0)
        for label, values in _labels(row):
            if label != "-":
                screen.line((f"{indent}{label}{' ' * (longest - cells(log(label)))}{GAP}{values}", "dim"), whole=True)
            elif values:
                screen.line((f"{indent}{values}", "dim"), whole=True)


def _series(row: Row) -> str:
    if row["series"] is not None:
        return spoken(row["series"])
    return "open" if any(label["class"] == "unbounded" for label in row["labels"]) else "?"


def _labels(row: Row) -> Iterator[tuple[str, str]]:
    for label in row["labels"]:
        size = f" {label['size']:,}" if label["size"] is not None else ""
        yield label["name"], f"{label['class']}{size}{', going by its name' if label['by_name'] else ''}"
    if not row["labels"]:
        yield "-", "" if row["labels_known"] else "labels are not known"
