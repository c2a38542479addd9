"""Baselines: the findings of today, written down, so that only new ones count from tomorrow on.

An entry is a fingerprint, which knows neither line numbers nor folders; equal findings are numbered, so one old finding
hides one new one and not all of them. The file is sorted and has one entry a line: merges and reviews stay readable.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from cardlint.findings import Finding, Report

SCHEMA = "cardlint-baseline-v1"


class BaselineError(Exception):
    """A baseline cannot be read; the message is one line."""


class Entry(NamedTuple):
    """One known finding: the fingerprint decides, the rest is for people."""

    fingerprint: str
    rule: str
    path: str
    metric: str
    label: str
    line: str


class Comparison(NamedTuple):
    """A report against a baseline: what is new, how many are known, and which known ones are gone."""

    new: tuple[Finding, ...]
    known: int
    fixed: tuple[Entry, ...]


def entry(finding: Finding) -> Entry:
    """Return the entry of a finding."""
    metric = finding.metric.name if finding.metric is not None else ""
    return Entry(finding.fingerprint, finding.rule, finding.place.path, metric, finding.label or "", finding.source_line)


def write(report: Report) -> str:
    """Return the text of a baseline that holds every finding of a report."""
    entries = sorted((entry(f) for f in report.findings), key=lambda e: (e.path, e.rule, e.line, e.fingerprint))
    lines = ",\n".join("  " + json.dumps(e._asdict(), ensure_ascii=True) for e in entries)
    return f'{{"schema": "{SCHEMA}", "findings": [\n{lines}\n]}}\n' if entries else f'{{"schema": "{SCHEMA}", "findings": []}}\n'


def read(text: str, name: str) -> list[Entry]:
    """Read a baseline; raises BaselineError for anything that is none."""
    try:
        data = json.loads(text)
    except ValueError as problem:
        raise BaselineError(f"{name}: not a baseline: {problem}") from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA or not isinstance(data.get("findings"), list):
        raise BaselineError(f"{name}: not a baseline of this version; write it anew with `cardlint baseline`")
    entries = []
    for item in data["findings"]:
        if not isinstance(item, dict) or not isinstance(item.get("fingerprint"), str):
            raise BaselineError(f"{name}: an entry has no fingerprint; write the file anew with `cardlint baseline`")
        entries.append(Entry(*(str(item.get(field, "")) for field in Entry._fields)))
    return entries


def compare(report: Report, entries: list[Entry]) -> Comparison:
    """Split the findings of a report into new and known ones, and name the known ones that are gone."""
    known = {e.fingerprint for e in entries}
    present = {f.fingerprint for f in report.findings}
    new = tuple(f for f in report.findings if f.fingerprint not in known)
    return Comparison(new, len(report.findings) - len(new), tuple(e for e in entries if e.fingerprint not in present))
