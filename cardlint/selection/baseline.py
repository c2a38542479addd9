"""Baselines: recorded findings, so that only new ones count.

An entry holds rule, metric, label and text of the line, and no line number: findings stay known when lines move and files
are renamed. Equal entries are counted, so one old finding hides one new one and not all of them. The file is sorted and has
one entry a line: merges and reviews stay readable.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from msgspec import MsgspecError, Struct, ValidationError
from msgspec.json import decode

from cardlint.common.expressions import Expression
from cardlint.files.regular import read_regular
from cardlint.findings import Finding, Report

MAX_BYTES = 50_000_000
"""A larger file is no baseline that can be reviewed."""
SCHEMA = "cardlint-baseline-v1"
HALVES = Expression(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
"""Bytes of file names that are no UTF-8, as `write` escapes them: only one of the two readers restores them."""


class BaselineError(Exception):
    """A baseline cannot be read; the message is one line."""


class Entry(NamedTuple):
    """One known finding. Its file only decides which one of several equal findings is new."""

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


class _Row(Struct, forbid_unknown_fields=True):
    fingerprint: str
    rule: str = ""
    path: str = ""
    metric: str = ""
    label: str = ""
    line: str = ""


class _File(Struct, forbid_unknown_fields=True):
    schema: str
    findings: list[_Row]


class _Schema(Struct):
    schema: str


def read(text: str | bytes, name: str) -> list[Entry]:
    """Read a baseline; raises BaselineError for any other text.

    The text is decoded by its type, so that no deep, huge or unexpected value becomes an object.
    """
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    plain = HALVES.regex.sub(rb"\\ufffd", raw)
    try:
        if decode(plain, type=_Schema).schema != SCHEMA:
            raise BaselineError(f"{name}: not a baseline of this version; write it anew with `cardlint baseline`")
        decode(plain, type=_File)
        rows = json.loads(raw, object_pairs_hook=_once)["findings"]
    except ValidationError as problem:
        raise BaselineError(f"{name}: not a baseline of this version: {problem}; write it anew with `cardlint baseline`") from None
    except (ValueError, MsgspecError, RecursionError) as problem:  # before msgspec 0.20 a DecodeError is no ValueError
        why = "it is nested too deeply" if isinstance(problem, RecursionError) else str(problem)
        raise BaselineError(f"{name}: not a baseline: {why}") from None
    return [Entry(*(row.get(field, "") for field in Entry._fields)) for row in rows]


def load(path: str) -> list[Entry]:
    """Read a baseline from a file; raises BaselineError for a file that cannot be read or is no baseline."""
    try:
        raw = read_regular(path, MAX_BYTES)
        raw.decode("utf-8")
    except OSError as problem:
        raise BaselineError(f"{path}: cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise BaselineError(f"{path}: cannot be read: not a text") from None
    return read(raw, path)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; refuse one with a repeated key: programs do not agree on which one counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object in it has the same key twice")
    return found


def compare(report: Report, entries: Sequence[Entry], judged: Callable[[str], bool] = lambda _path: True) -> Comparison:
    """Split the findings of a report into new and known ones, and name the known ones that are gone.

    Equal findings are counted. If there are more than the baseline holds, those in files that the baseline names are known,
    and the last one of a file is new. `judged` tells whether the run has looked at a file of the baseline: entries of other
    files hide nothing and do not count as fixed.
    """
    known: dict[tuple[str, ...], dict[str, list[Entry]]] = {}
    for one in reversed(entries):
        if judged(one.path):
            known.setdefault(_key(one), {}).setdefault(one.path, []).append(one)
    here = [(finding, entry(finding)) for finding in report.findings]
    hidden: set[int] = set()
    for same_file in (True, False):
        for position, (_, one) in enumerate(here):
            if position in hidden:
                continue
            candidates = known.get(_key(one)) or known.get((one.fingerprint,), {})
            path = one.path if same_file else next(reversed(candidates), "")
            if path in candidates:
                candidates[path].pop()
                if not candidates[path]:
                    del candidates[path]
                hidden.add(position)
    left = {id(e) for paths in known.values() for rest in paths.values() for e in rest}
    new = tuple(finding for position, (finding, _) in enumerate(here) if position not in hidden)
    return Comparison(new, len(hidden), tuple(e for e in entries if id(e) in left))


def _key(one: Entry) -> tuple[str, ...]:
    """Return the key of equal findings; an entry with only a fingerprint is equal to itself alone."""
    return (one.rule, one.metric, one.label, one.line) if one.rule else (one.fingerprint,)
