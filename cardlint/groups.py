"""Groups: findings with one cause, and the place of that cause.

One raw path that reaches seven labels is one mistake: it is reported once, where the edit goes, with its seven sites.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from cardlint.findings import Finding, Place, Step, spans

REPLACED = ("raw-path", "exception-text", "object-repr", "content-type")
"""Kinds of values that are replaced where they are read. Any other value is mapped or left out before the label."""


class Group(Struct, frozen=True):
    """Findings of one rule with one cause, in order of place."""

    sites: tuple[Finding, ...]
    place: Place
    """where the edit goes"""
    edits: int = 0
    """how many edits remove the cause; 0 where that is not known"""

    @property
    def lead(self) -> Finding:
        """The finding that speaks for the group: the most severe one, of those the most expensive one."""
        return max(self.sites, key=lambda f: (f.severity, f.confidence, per_value(f)))

    @property
    def metrics(self) -> int:
        """How many metrics it concerns, those that one call fills with the same value included."""
        return len(declared(self.sites).keys() | {(metric.place, metric.name) for f in self.sites for metric in f.also})

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of its labels."""
        return tuple(dict.fromkeys(f.label for f in self.sites if f.label is not None))


def per_value(finding: Finding) -> int:
    """Return how many series one more value adds at least, 0 where that means nothing."""
    return finding.series.per_value if finding.series is not None else 0


def declared(findings: Iterable[Finding]) -> dict[tuple[Place, str], Finding]:
    """Return one finding of each metric, the most expensive one."""
    out: dict[tuple[Place, str], Finding] = {}
    for finding in findings:
        if finding.metric is not None:
            key = (finding.metric.place, finding.metric.name)
            if key not in out or per_value(out[key]) < per_value(finding):
                out[key] = finding
    return out


def with_groups(findings: Sequence[Finding]) -> list[Finding]:
    """Give every finding the name of its group: the fingerprint of the first finding of the group.

    The findings of a group have the origin of their value in common, or the label that is declared, or the list or
    constructor that their rule names.
    """
    names: dict[Hashable, str] = {}
    return [replace(f, group=names.setdefault(key, f.fingerprint)) for f, key in zip(findings, _keys(findings), strict=True)]


def groups(findings: Sequence[Finding]) -> list[Group]:
    """Return the groups of some findings in order of their first ones; the findings that were left out do not count."""
    found: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        found.setdefault(finding.group or number, []).append(finding)
    return [_group(same) for same in found.values()]


def alone(findings: Sequence[Finding]) -> list[Group]:
    """Return every finding as a group of its own, at its own place."""
    return [Group((f,), f.place, 1) for f in findings]


def by_cost(found: Iterable[Group]) -> list[Group]:
    """Return groups by severity, what leaks before what does not, then by series, then by place."""
    return sorted(found, key=_cost)


def _cost(group: Group) -> tuple[bool | int | Place, ...]:
    habit = group.lead.code.startswith(("CL2", "CL5"))
    known = [f.series for f in declared(group.sites).values() if f.series is not None]
    is_open = any(series.estimate is None for series in known)
    total = sum((series.per_value or series.per_child) if is_open else series.estimate or 0 for series in known)
    return -group.lead.severity, habit, not is_open, -total, group.place


def comments(group: Group, can_be_changed: Callable[[str], bool]) -> tuple[list[Finding], bool]:
    """Return the findings at whose places a comment is written, and whether one for the whole file takes their place.

    One comment at the cause is enough where every site passes that line.
    """
    place = group.place
    if not can_be_changed(place.path):
        return list(group.sites), False
    if all(any(span.path == place.path and span.line == place.line for span in spans(f)) for f in group.sites):
        return [replace(group.lead, place=place)], False
    if {f.place.path for f in group.sites} == {place.path} and group.lead.cause is not None:
        return [replace(group.lead, place=place)], True
    return list(group.sites), False


def _keys(findings: Sequence[Finding]) -> list[Hashable]:
    """Return the cause of each finding: what its rule says, the origin that several share, the label it declares, or the object in its call."""
    first = [_first_key(f) for f in findings]
    count: Counter[Hashable] = Counter(first)
    keys = [key if count[key] > 1 or f.cause is not None else _declaration(f) or key for f, key in zip(findings, first, strict=True)]
    count = Counter(keys)
    objects = [_object(f) if count[key] == 1 and f.cause is None else None for f, key in zip(findings, keys, strict=True)]
    of_object = Counter(objects)
    return [key if one is None or of_object[one] < 2 else one for key, one in zip(keys, objects, strict=True)]


def _first_key(finding: Finding) -> Hashable:
    if finding.cause is not None:
        return finding.rule, finding.cause
    if finding.trace:
        return finding.rule, finding.trace[0].place
    return _declaration(finding) or (finding.rule, finding.place, finding.label, finding.fingerprint)


def _declaration(finding: Finding) -> Hashable:
    if finding.metric is None or finding.label is None or finding.value is None:
        return None
    return finding.rule, finding.metric.place, finding.metric.name, finding.label


def _object(finding: Finding) -> Hashable:
    """Return the call and the object that a value is read from there, None where no object is written: `message.channel` of its `id`.

    Two labels that one call fills from one object, with the same thing to say of both, are one mistake: `labels(channel.id, channel.name)`.
    """
    path = finding.value_path
    if not finding.predicate or not path:
        return None
    of, _, attribute = path.rpartition(".")
    return finding.rule, finding.site, finding.predicate, of if of and attribute.isidentifier() else path


def _group(same: list[Finding]) -> Group:
    sites = tuple(same)
    first = sites[0]
    if first.cause is not None:
        return Group(sites, first.cause, 1 if first.metric is not None else 0)
    if len(sites) == 1:
        return Group(sites, first.place, 1)
    common = _common(sites)
    if not common and all(f.site == first.site for f in sites):
        removed = first.rule == "identity-label" and len(declared(sites)) <= 1
        return Group(sites, first.place if len({f.place.line for f in sites}) == 1 else first.site, 1 if removed else 0)
    if not common:
        place = first.metric.place if first.metric is not None else first.place
        return Group(sites, place, 1 if first.rule == "identity-label" else 0)
    replaced = first.value is not None and first.value.kind in REPLACED
    place = common[0 if replaced else -1].place
    if (place.path, place.line) == (common[0].place.path, common[0].place.line):
        place = common[0].place
    removed = first.rule == "identity-label"  # at each declaration; any other value is changed where the group is reported
    one = len(declared(sites)) <= 1 if removed else len({f.label for f in sites}) == 1
    return Group(sites, place, 1 if replaced or one else 0)


def _common(sites: Sequence[Finding]) -> list[Step]:
    """Return the steps that all values of a group take one after the other, from their origin on."""
    out: list[Step] = []
    for steps in zip(*(f.trace for f in sites), strict=False):
        if len({step.place for step in steps}) > 1:
            break
        out.append(steps[0])
    return out
