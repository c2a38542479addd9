"""The summary line: what a run covered, and what it could not decide."""

from __future__ import annotations

from collections import Counter

from cardlint.findings import Finding, Report, Severity


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
    from cardlint.groups import alone, groups

    found = groups(report.findings) if grouped else alone(report.findings)
    levels = Counter(Severity(group.lead.severity) for group in found)
    parts = [plural(levels[level], level.name.lower()) for level in sorted(levels, reverse=True)]
    sites = f" at {plural(len(report.findings), 'place')}" if len(report.findings) > len(found) else ""
    return f"{plural(len(found), 'finding')}{sites}: {', '.join(parts)}."


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
