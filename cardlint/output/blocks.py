"""Blocks: one finding as text for a terminal, with its code, its sites, its cost, and what to write instead."""

from __future__ import annotations

from cardlint.findings import Finding, Place, Severity
from cardlint.groups import Group
from cardlint.output import Options
from cardlint.output.frames import Mark, frames
from cardlint.output.layout import ENDLESS, Screen, cells
from cardlint.output.neutralise import log
from cardlint.output.wording import MAX_NAMED, advised, costs, fixable, partly, reached, told

COLORS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}
WIDEST = 7
"""Columns of `line:column`, below the name of a file."""
MAX_SITES = 12
"""Sites of a finding that are listed; `--verbose` lists all."""


def block(screen: Screen, group: Group, options: Options) -> None:
    """Print one finding with all its sites."""
    lead = group.lead
    level = Severity(lead.severity)
    star = (" [*]", "cyan") if fixable(group) == "safe" else ("", "")
    screen.line((f"{level.name.lower()}[{lead.rule}]", COLORS[level]), (f" {lead.code} ", "dim"), (told(group), "bold"), star)
    gutter = _gutter(group)
    frames(screen, _marks(group, COLORS[level]), gutter, options)
    if len(group.sites) > 1:
        _sites(screen, group, gutter, options)
    else:
        _alone(screen, lead, gutter, options)
    named = [f"{s.place.path}:{s.place.line}" for s in lead.related if s.role == "named"]
    _note(screen, gutter, "label", f"`{lead.label}` is named in {', '.join(named)}" if named else "")
    _note(screen, gutter, "why", lead.why)
    _note(screen, gutter, "cost", costs(group))
    _note(screen, gutter, "help", advised(group))
    some = partly(group)
    _note(screen, gutter, "fix", f"{some} with `--fix{'' if fixable(group) == 'safe' else ' --unsafe-fixes'}`" if some else "")
    screen.line()


def _alone(screen: Screen, finding: Finding, gutter: int, options: Options) -> None:
    """Print what a single finding says of its flow and its metric."""
    if options.verbose:
        for step in finding.trace:
            _note(screen, gutter, f"{step.place.path}:{step.place.line}", step.message)
    declaration = next((s for s in finding.related if s.role == "declared"), None)
    if declaration is not None and declaration.place.line != finding.place.line:
        _note(screen, gutter, "declared", f"{declaration.place.path}:{declaration.place.line}")
    also = [s for s in finding.related if s.role == "also"]
    for step in also[:MAX_NAMED]:
        _note(screen, gutter, "also", f"{step.message} from {step.place.path}:{step.place.line}")
    if len(also) > MAX_NAMED:
        _note(screen, gutter, "also", f"{len(also) - MAX_NAMED} more")


def _sites(screen: Screen, group: Group, gutter: int, options: Options) -> None:
    """Print the sites of a finding, one a line; those of one file without a metric as numbers of lines."""
    shown = group.sites if options.verbose else group.sites[:MAX_SITES]
    left = len(group.sites) - len(shown)
    if all(f.metric is None for f in group.sites) and len({f.place.path for f in group.sites}) == 1:
        some = ", ".join(str(f.place.line) for f in shown)
        _note(screen, gutter, "lines", f"{some} and {left:,} more" if left else some)
        return
    _note(screen, gutter, "sites", reached(group))
    lead = " " * (gutter + 3)
    names = [
        f"{f.metric.name if f.metric is not None else ''}{{{f.label}}}" if f.label else f.metric.name if f.metric else "" for f in shown
    ]
    at = [f"{f.place.path}:{f.place.line}:{f.place.column}" for f in shown]
    column = max(map(cells, map(log, at))) + 2
    in_one_row = len(lead) + column + max(map(cells, map(log, names))) <= screen.width
    heading = ""
    for finding, place, name in zip(shown, at, names, strict=True):
        path, here = finding.place.path, place.removeprefix(f"{finding.place.path}:")
        if in_one_row:
            blanks = "  " if screen.width >= ENDLESS else " " * (column - cells(log(place)))
            screen.at((lead, ""), path, here, (f"{blanks}{name}".rstrip(), ""))
            continue
        if path != heading:  # a narrow terminal: the name of a file once, and its lines below it
            screen.at((lead, ""), path, "")
            heading = path
        row = f"{lead}  {here:<{WIDEST}} {name}"
        if cells(log(row)) <= screen.width:
            screen.line((row, ""), whole=True)
        else:
            screen.line((f"{lead}  {here}", ""), whole=True)
            screen.line((f"{lead}    {name}", ""), whole=True)
    if left:
        screen.line((f"{lead}and {left:,} more: --verbose lists them", ""), whole=True)


def _marks(group: Group, style: str) -> list[Mark]:
    """Return what is shown of the code: the place of the edit, and where the value comes from."""
    lead = group.lead
    marks = [Mark(group.place, "", "^", style, context=lead.code == "CL202")]
    origin = next((s for s in lead.related if s.role == "origin"), None)
    if origin is None and len(group.sites) == 1 and group.place != lead.place:
        marks.append(Mark(lead.place, "", "-", "cyan"))
    if origin is not None and origin.place == group.place:
        marks = [Mark(group.place, log(origin.message), "^", style)]
    elif origin is not None and (len(group.sites) == 1 or any(s.place == group.place for s in lead.trace)):
        marks.append(Mark(origin.place, log(origin.message), "-", "cyan"))
    return marks


def _gutter(group: Group) -> int:
    shown: list[Place] = [group.place, group.lead.place, *(s.place for s in group.lead.related)]
    return len(str(max(place.line for place in shown)))


def _note(screen: Screen, gutter: int, name: str, message: str) -> None:
    """Print one `= name: message` line, folded under itself."""
    if not message:
        return
    lead = f"{' ' * gutter} = {log(name)}: "
    if len(lead) > screen.width // 2:
        screen.line((lead, "bold"), (message, ""))
        return
    for index, row in enumerate(screen.wrapped(log(message), max(20, screen.width - len(lead)))):
        if index == 0:
            screen.line((lead, "bold"), (row, ""), whole=True)
        else:
            screen.line((" " * len(lead) + row, ""), whole=True)
