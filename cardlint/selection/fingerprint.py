"""Fingerprints: the part of a finding that stays the same when code is moved, renamed or formatted.

Baselines and code scanning match findings by it. It rests on the rule, the metric, the label and the path of the value: on no
line number, no folder, and on no other text of the line, so that `.inc(2)` or a comment at its end change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from cardlint.findings import Finding, Place

NO_TEXT = frozenset({"CL000"})
"""Rules about a file as a whole: the text at their place is an accident."""


def key(rule: str, metric: str, label: str, value: str) -> tuple[str, str, str, str]:
    """Return what makes two findings equal; of a name that is an expression, as it is written."""
    if metric and not metric.isidentifier():
        from cardlint.selection.written import written

        metric = written(metric)
    return rule, metric, label, value


def with_fingerprints(findings: Sequence[Finding], lines: Callable[[str], list[str]]) -> list[Finding]:
    """Give every finding its source line, the path of its value and its fingerprint.

    Equal findings of one run are numbered in order of place: each has a fingerprint of its own.
    """
    if not findings:
        return []
    from cardlint.cache.digest import blake2b

    out: list[Finding] = []
    seen: dict[tuple[str, ...], int] = {}
    texts: dict[str, list[str]] = {}
    for finding in findings:
        path = finding.place.path
        if path not in texts:
            texts[path] = lines(path)
        rows = texts[path]
        line = rows[finding.place.line - 1] if 0 < finding.place.line <= len(rows) else ""
        value = _value(finding, rows)
        same = key(finding.code, finding.metric.name if finding.metric is not None else "", finding.label or "", value)
        seen[same] = seen.get(same, -1) + 1
        text = "\0".join((*same, str(seen[same])))
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
        out.append(replace(finding, source_line=" ".join(line.split()), value_path=value, fingerprint=digest))
    return out


def _value(finding: Finding, rows: list[str]) -> str:
    """Return the path of the value: the label's argument, or what is called; nothing where the metric itself is meant."""
    from cardlint.selection.written import written

    declared = finding.metric is not None and finding.metric.place == finding.place
    if declared or finding.code in NO_TEXT:
        return ""
    return written(source_text(finding.place, rows), call=finding.label is None)


def source_text(place: Place, rows: list[str]) -> str:
    """Return the text at a place, '' where the file has no such line."""
    inside = rows[place.line - 1 : place.end_line]
    if not inside:
        return ""
    if place.end_line == place.line:
        return inside[0][place.column - 1 : place.end_column - 1]
    return "\n".join([inside[0][place.column - 1 :], *inside[1:-1], inside[-1][: place.end_column - 1]])
