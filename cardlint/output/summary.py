"""The summary line: what a run covered, and what it could not decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cardlint.findings import Finding, Report, Severity
from cardlint.groups import Group, alone, groups


def plural(count: int, noun: str) -> str:
    """Return a counted noun: `1 file`, `2,000 files`; the noun's plural takes an s."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def worst_first(report: Report) -> list[Finding]:
    """Return the findings by severity, then by cost in series, for readers that show only the first ones."""
    return sorted(report.findings, key=lambda f: (-f.severity, *_cost(f), f.place))


def tests_last(report: Report) -> list[Finding]:
    """Return the findings in their order, those about habits in tests (CL5xx) after those about production code."""
    return sorted(report.findings, key=lambda f: f.code.startswith("CL5"))


def _cost(finding: Finding) -> tuple[bool, int, int]:
    series = finding.series
    if series is None:
        return True, 0, 0
    return series.estimate is not None, -(series.estimate or 0), -series.per_child


def headline(report: Report, grouped: bool = True) -> str:
    """Return the first line of the summary: how many findings, at how many places, by severity."""
    if not report.findings:
        return "No findings."
    found = groups(report.findings) if grouped else alone(report.findings)
    levels = Counter(Severity(group.lead.severity) for group in found)
    parts = [plural(levels[level], level.name.lower()) for level in sorted(levels, reverse=True)]
    sites = f" at {plural(len(report.findings), 'place')}" if len(report.findings) > len(found) else ""
    return f"{plural(len(found), 'finding')}{sites}: {', '.join(parts)}."


def told(group: Group) -> str:
    """Return the message of a group: that of its first finding, made to speak of all labels and metrics."""
    lead = group.lead
    if len(group.sites) == 1:
        return lead.message
    if lead.metric is None:
        return f"{lead.message}, {len(group.sites):,} times in this file" if lead.cause is not None else lead.message
    start = f"label `{lead.label}` of `{lead.metric.name}` "
    if lead.label is not None and lead.message.startswith(start):
        rest = lead.message.removeprefix(start)
        verb, _, object_ = rest.partition(" ")
        several = len(group.labels) > 1
        labels = f"labels {listed(group.labels)}" if several else f"label `{lead.label}`"
        metrics = f"{group.metrics:,} metrics" if group.metrics > 1 else f"`{lead.metric.name}`"
        return f"{labels} of {metrics} {PLURALS.get(verb, verb) if several else verb} {object_}"
    if group.metrics > 1:
        return f"{lead.message}; the same for {plural(group.metrics - 1, 'other metric')}"
    return lead.message


PLURALS = {"gets": "get", "is": "are", "holds": "hold", "takes": "take"}
"""Verbs of messages after one label and after several."""


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


def fixable(group: Group) -> str:
    """Return the safety of the fix of a group, '' where one of its sites has none."""
    kinds = {f.fix.safety if f.fix is not None else "" for f in group.sites}
    return "" if "" in kinds else "unsafe" if "unsafe" in kinds else "safe"


def more(found: Sequence[Group]) -> str:
    """Return the last line: how many findings can be fixed, and where to read more about the first one."""
    kinds = Counter(fixable(group) for group in found)
    parts = []
    if kinds["safe"]:
        parts.append(f"{kinds['safe']:,} can be fixed with `--fix` ([*])")
    if kinds["unsafe"]:
        again = "more " if parts else ""
        parts.append(f"{kinds['unsafe']:,} {again}can be fixed with `--fix --unsafe-fixes`, which changes exported series")
    parts.append(f"`cardlint explain {found[0].lead.rule}` says more")
    return "; ".join(parts) + "."


def coverage(report: Report) -> str:
    """Return the second line: files, metrics, label sites, decided and undecided ones, and everything that was not analysed."""
    s = report.summary
    undecided = s.label_sites - s.decided
    by_name = f" ({s.decided_by_name:,} by name only)" if s.decided_by_name else ""
    parts = [
        f"{plural(s.files, 'file')} ({s.parsed:,} parsed)",
        plural(s.metrics, "metric"),
        f"{plural(s.label_sites, 'label site')}: {s.decided:,} decided{by_name}, {undecided:,} undecided",
    ]
    if s.unreadable:
        parts.append(f"{plural(s.unreadable, 'file')} unreadable")
    if s.rewritten:
        parts.append(f"{plural(s.rewritten, 'file')} of newer Python read with libcst")
    if s.unresolved_metrics:
        parts.append(f"{plural(s.unresolved_metrics, 'metric class')} unresolved (--verbose shows them)".replace("classs", "classes"))
    if s.limits_hit:
        parts.append(f"{plural(s.limits_hit, 'answer')} cut short (--verbose shows where)")
    if s.suppressed:
        parts.append(f"{s.suppressed:,} suppressed")
    return f"{'; '.join(parts)}; {s.duration_s:.2f} s."
