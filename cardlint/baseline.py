"""Baselines: the findings of today, written down, so that only new ones count from tomorrow on.

An entry says rule, metric, label and text of the line, and knows no line number: moved lines and renamed files stay
known. Equal entries are counted, so one old finding hides one new one and not all of them. The file is sorted and has one
entry a line: merges and reviews stay readable.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import NamedTuple

from cardlint.findings import Finding, Report

SCHEMA = "cardlint-baseline-v1"


class BaselineError(Exception):
    """A baseline cannot be read; the message is one line."""


class Entry(NamedTuple):
    """One known finding. The file it was in only decides which of several equal ones is called new."""

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


def compare(report: Report, entries: Sequence[Entry], judged: Callable[[str], bool] = lambda path: True) -> Comparison:
    """Split the findings of a report into new and known ones, and name the known ones that are gone.

    Equal findings are counted. Of more of them than the baseline holds, those in files that the baseline names are the
    known ones, and the last of a file the new one. `judged` tells whether the run has looked at a file of the baseline:
    entries of other files hide nothing and are not called fixed.
    """
    known: dict[tuple[str, ...], list[Entry]] = {}
    for one in entries:
        if judged(one.path):
            known.setdefault(_key(one), []).append(one)
    here = [(finding, entry(finding)) for finding in report.findings]
    hidden: set[int] = set()
    for same_file in (True, False):
        for position, (_, one) in enumerate(here):
            if position in hidden:
                continue
            candidates = known.get(_key(one)) or known.get((one.fingerprint,), [])
            match = next((e for e in candidates if e.path == one.path or not same_file), None)
            if match is not None:
                candidates.remove(match)
                hidden.add(position)
    left = {id(e) for rest in known.values() for e in rest}
    new = tuple(finding for position, (finding, _) in enumerate(here) if position not in hidden)
    return Comparison(new, len(hidden), tuple(e for e in entries if id(e) in left))


def _key(one: Entry) -> tuple[str, ...]:
    """Return what makes two findings equal; an entry that says no more than its fingerprint is equal to itself alone."""
    return (one.rule, one.metric, one.label, one.line) if one.rule else (one.fingerprint,)
