"""What formats for people say about findings with one cause."""

from __future__ import annotations

from collections.abc import Sequence

from cardlint.common.numbers import spoken
from cardlint.findings import called
from cardlint.groups import Group, declared
from cardlint.output.summary import plural

MAX_NAMED = 3
"""Metrics of a finding that are named one by one."""


def told(group: Group) -> str:
    """Return the message of a group: that of its first finding, made to speak of all labels and metrics."""
    lead = group.lead
    if len(group.sites) == 1:
        return lead.message
    if lead.metric is None:
        return f"{lead.message}, {len(group.sites):,} times in this file" if lead.cause is not None else lead.message
    if lead.label is not None and lead.predicate and len({f.predicate for f in group.sites}) == 1:
        several = len(group.labels) > 1
        labels = f"labels {listed(group.labels)}" if several else f"label `{lead.label}`"
        metrics = f"{group.metrics:,} metrics" if group.metrics > 1 else called(lead.metric.name)
        return f"{labels} of {metrics} {_of_several(lead.predicate) if several else lead.predicate}"
    others = [name for name in group.labels if name != lead.label]
    also = f"; the same goes for {listed(others)}" if others else ""
    if group.metrics > 1:
        return f"{lead.message}{also or '; the same goes'} for {plural(group.metrics - 1, 'other metric')}"
    return lead.message + also


PLURALS = {"is": "are", "takes": "take", "looks": "look"}
"""First words of what messages say about one label and about several."""


def _of_several(predicate: str) -> str:
    verb, _, rest = predicate.partition(" ")
    return f"{PLURALS.get(verb, verb)} {rest}"


def advised(group: Group) -> str:
    """Return what to do about a group: the advice of its first finding, made to speak of all labels that are removed."""
    lead = group.lead
    one = f"the label `{lead.label}`"
    if len(group.labels) > 1 and lead.help.startswith(f"remove {one}"):
        return lead.help.replace(one, f"the labels {listed(group.labels)}", 1)
    return lead.help


def listed(names: Sequence[str]) -> str:
    """Return names as a text lists them: `a`, `b` and `c`."""
    quoted = [f"`{name}`" for name in names]
    return " and ".join((", ".join(quoted[:-1]), quoted[-1])) if len(quoted) > 1 else "".join(quoted)


def reached(group: Group) -> str:
    """Count what a group holds: `7 sites, 2 metrics, one edit`."""
    parts = [plural(len(group.sites), "site")]
    if group.metrics:
        parts.append(plural(group.metrics, "metric"))
    if len(group.labels) > 1:
        parts.append(plural(len(group.labels), "label"))
    if group.edits == 1:
        parts.append("one edit")
    return ", ".join(parts)


def costs(group: Group) -> str:
    """Say what a finding costs: for several metrics the sum of what each of them gets."""
    lead = group.lead
    each = {f.metric.name: f.series.per_value for f in declared(group.sites).values() if f.metric is not None and f.series is not None}
    if group.metrics > 1 and all(each.values()) and lead.value is not None and len(each) == group.metrics:
        named = sorted(each.items(), key=lambda one: -one[1])
        some = [f"{spoken(count)} in {name}" for name, count in named[:MAX_NAMED]]
        if rest := named[MAX_NAMED:]:
            some.append(f"{spoken(sum(count for _, count in rest))} in {plural(len(rest), 'more metric')}")
        both = " and ".join((", ".join(some[:-1]), some[-1]))
        return f"every new value adds at least {spoken(sum(each.values()))} series: {both}"
    return lead.cost


def fixable(group: Group) -> str:
    """Return the safety of the fixes of a group: `safe` where one of its sites has a safe one, '' where none has a fix."""
    kinds = {f.fix.safety for f in group.sites if f.fix is not None}
    return "safe" if "safe" in kinds else "unsafe" if kinds else ""


def partly(group: Group) -> str:
    """Count the sites that a fix changes where it leaves some of them: `2 of 4 can be fixed`."""
    count = _fixed(group)
    return f"{count:,} of {len(group.sites):,} can be fixed" if 0 < count < len(group.sites) else ""


def _fixed(group: Group) -> int:
    kind = fixable(group)
    return sum(f.fix is not None and f.fix.safety == kind for f in group.sites)


def more(found: Sequence[Group]) -> str:
    """Return the last line: how many findings can be fixed, and where to read more about the first one."""
    parts = []
    if safe := [group for group in found if fixable(group) == "safe"]:
        parts.append(f"{len(safe):,} can be fixed with `--fix` ([*]){_in_part(safe)}")
    if unsafe := [group for group in found if fixable(group) == "unsafe"]:
        again = "more " if parts else ""
        how = f"can be fixed with `--fix --unsafe-fixes`{_in_part(unsafe)}, which changes exported series"
        parts.append(f"{len(unsafe):,} {again}{how}")
    parts.append(f"`cardlint explain {found[0].lead.rule}` says more")
    return "; ".join(parts) + "."


def _in_part(some: Sequence[Group]) -> str:
    """Say of how many groups some sites stay, and how many of their sites do not."""
    left = [group for group in some if partly(group)]
    if not left:
        return ""
    which = " " if len(some) == 1 else f", {len(left):,} of them "
    return f"{which}at {sum(map(_fixed, left)):,} of {sum(len(group.sites) for group in left):,} places"
