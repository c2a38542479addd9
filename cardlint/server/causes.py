"""Where an editor shows findings with one cause: at the cause, and once in each other file that has a site.

A reader of one file must see that it is concerned, and must not be told the same in seven lines of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from cardlint.findings import Finding, Place, Step, called
from cardlint.groups import Group, groups
from cardlint.output.summary import plural

MAX_SITES = 20
"""Other sites that are named at a diagnostic; editors list them one below the other."""
MAX_STEPS = 20
"""Steps of the value that follow them."""


def places(group: Group) -> list[Place]:
    """Return where a group is shown: its cause, then the first site of every other file."""
    first = {group.place.path: group.place}
    for finding in group.sites:
        first.setdefault(finding.place.path, finding.place)
    return list(first.values())


def in_file(found: Iterable[Group], path: str) -> list[tuple[Group, Place]]:
    """Return the groups that are shown in a file, each with its place there."""
    return [(group, place) for group in found for place in places(group) if place.path == path]


def of_file(findings: Sequence[Finding], path: str) -> list[Finding]:
    """List the findings of a file: those with a site in it, and those whose cause is in it."""
    chosen = {id(f) for g in groups(findings) for f in g.sites if path in (g.place.path, f.place.path)}
    return [f for f in findings if id(f) in chosen]


def related(group: Group, place: Place) -> list[Step]:
    """Return the places that belong to a group which is shown at `place`: its cause, its sites, and the steps of its value.

    No place comes twice, and of the steps in one line only the first: an editor shows a line for each.
    """
    own = next((f for f in group.sites if f.place == place), group.lead)
    out: list[Step] = []
    seen = {place}
    for step in (Step(group.place, _cause(group)), *islice(_sites(group, place), MAX_SITES)):
        if step.place not in seen:
            seen.add(step.place)
            out.append(step)
    lines = {(p.path, p.line) for p in seen}
    way: list[Step] = []
    for step in (*own.trace, *own.related):
        line = step.place.path, step.place.line
        if line not in lines:
            lines.add(line)
            way.append(step)
    return [*out, *way[:MAX_STEPS]]


def _cause(group: Group) -> str:
    return "the cause" if len(group.sites) == 1 else f"the cause of {plural(len(group.sites), 'finding')}"


def _sites(group: Group, place: Place) -> Iterator[Step]:
    for finding in group.sites:
        if finding.place != place:
            yield Step(finding.place, _site(finding))


def _site(finding: Finding) -> str:
    """Name what a site gives a value to: the frame of the editor shows the rest."""
    if finding.metric is None:
        return finding.message
    return f"label `{finding.label}` of {called(finding.metric.name)}" if finding.label else called(finding.metric.name)
