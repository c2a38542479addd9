"""Baselines: recorded findings, so that only new ones count.

An entry holds rule, metric, label and the path of the value, and neither a line number nor the text of the line: findings stay
known when lines move, files are renamed and code is formatted. Equal entries are counted, so one old finding hides one new one
and not all of them. Paths are relative to the folder of the baseline, so that it means the same from every working directory.
The file is sorted and has one entry a line: merges and reviews stay readable.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import MsgspecError, Struct, ValidationError
from msgspec.json import decode

from cardlint.common.expressions import Expression
from cardlint.files.regular import read_regular
from cardlint.findings import Finding, Report
from cardlint.selection.fingerprint import key

if TYPE_CHECKING:
    from cardlint.config import Config

MAX_BYTES = 50_000_000
"""A larger file is no baseline that can be reviewed."""
SCHEMA = "cardlint-baseline-v2"
OLD = "cardlint-baseline-v1"
"""The form with the text of the line in place of the value, and paths relative to the working directory. It is read, not written."""
HALVES = Expression(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
"""Bytes of file names that are no UTF-8, as `write` escapes them: only one of the two readers restores them."""


class BaselineError(Exception):
    """A baseline cannot be read; the message is one line."""


class Entry(NamedTuple):
    """One known finding. Its file only decides which one of several equal findings is new."""

    fingerprint: str
    rule: str
    path: str
    """relative to the folder of the baseline"""
    metric: str
    label: str
    value: str
    line: str = ""
    """text of the line, in an entry of the old form"""


class Baseline(NamedTuple):
    """A baseline that was read: its entries, the folder that their paths are relative to, and whether it has the old form."""

    entries: tuple[Entry, ...]
    folder: str = "."
    old: bool = False


class Comparison(NamedTuple):
    """A report against a baseline: what is new, what is known with its entries, and which entries are gone or were not looked at."""

    new: tuple[Finding, ...]
    matched: tuple[tuple[Entry, Finding], ...]
    fixed: tuple[Entry, ...]
    elsewhere: tuple[Entry, ...] = ()

    @property
    def known(self) -> int:
        """Count the findings that the baseline holds."""
        return len(self.matched)


def entry(finding: Finding, folder: str = ".", known: dict[str, str] | None = None) -> Entry:
    """Return the entry of a finding in a baseline of a folder; `known` keeps relative paths, because many findings share a file."""
    metric = finding.metric.name if finding.metric is not None else ""
    path = known.get(finding.place.path) if known is not None else None
    if path is None:
        path = _relative(finding.place.path, folder)
        if known is not None:
            known[finding.place.path] = path
    return Entry(finding.fingerprint, finding.rule, path, metric, finding.label or "", finding.value_path)


def _relative(path: str, folder: str) -> str:
    """Return a path relative to a folder, with slashes; the whole path where the system has no relative one."""
    try:
        return os.path.relpath(path, folder or ".").replace(os.sep, "/")
    except ValueError:  # another drive
        return os.path.abspath(path).replace(os.sep, "/")


def write(entries: Iterable[Entry]) -> str:
    """Return the text of a baseline that holds some entries."""
    ordered = sorted(entries, key=lambda e: (e.path, e.rule, e.metric, e.label, e.value, e.line, e.fingerprint))
    lines = ",\n".join("  " + json.dumps(_row(e), ensure_ascii=True) for e in ordered)
    return f'{{"schema": "{SCHEMA}", "findings": [\n{lines}\n]}}\n' if ordered else f'{{"schema": "{SCHEMA}", "findings": []}}\n'


def _row(one: Entry) -> dict[str, str]:
    row: dict[str, str] = one._asdict()
    if not one.line:
        del row["line"]
    return row


class _Row(Struct, forbid_unknown_fields=True):
    fingerprint: str
    rule: str = ""
    path: str = ""
    metric: str = ""
    label: str = ""
    value: str = ""
    line: str = ""


class _File(Struct, forbid_unknown_fields=True):
    schema: str
    findings: list[_Row]


class _Schema(Struct):
    schema: str


def read(text: str | bytes, name: str) -> list[Entry]:
    """Read the entries of a baseline as they are written; raises BaselineError for any other text.

    The text is decoded by its type, so that no deep, huge or unexpected value becomes an object.
    """
    return _parsed(text, name)[0]


def _parsed(text: str | bytes, name: str) -> tuple[list[Entry], bool]:
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    plain = HALVES.regex.sub(rb"\\ufffd", raw)
    try:
        schema = decode(plain, type=_Schema).schema
        if schema not in (SCHEMA, OLD):
            raise BaselineError(f"{name}: this version of cardlint cannot read the baseline; delete it and run `cardlint baseline`")
        decode(plain, type=_File)
        rows = json.loads(raw, object_pairs_hook=_once)["findings"]
    except ValidationError as problem:
        raise BaselineError(
            f"{name}: this version of cardlint cannot read the baseline: {problem}; delete it and run `cardlint baseline`"
        ) from None
    except (ValueError, MsgspecError, RecursionError) as problem:  # before msgspec 0.20 a DecodeError is no ValueError
        why = "it is nested too deeply" if isinstance(problem, RecursionError) else str(problem)
        raise BaselineError(f"{name}: not a baseline: {why}") from None
    return [Entry(*(row.get(field, "") for field in Entry._fields)) for row in rows], schema == OLD


def load(path: str) -> Baseline:
    """Read a baseline from a file; raises BaselineError for a file that cannot be read or is no baseline."""
    try:
        raw = read_regular(path, MAX_BYTES)
        raw.decode("utf-8")
    except OSError as problem:
        raise BaselineError(f"{path}: cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise BaselineError(f"{path}: cannot be read: not a text file") from None
    return of(raw, path)


def of(raw: str | bytes, path: str) -> Baseline:
    """Return a baseline from the content of a file."""
    entries, old = _parsed(raw, path)
    folder = os.path.dirname(os.path.abspath(path))
    if old:
        entries = [e._replace(path=_relative(e.path, folder)) if e.path else e for e in entries]
    return Baseline(tuple(entries), folder, old)


def empty(path: str) -> Baseline:
    """Return the baseline of a file that is not there yet."""
    return Baseline((), os.path.dirname(os.path.abspath(path)))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; refuse one with a repeated key: programs do not agree on which one counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object in it has the same key twice")
    return found


Key = tuple[str, ...]


def compare(report: Report, baseline: Baseline, judged: Callable[[str], bool] = lambda _path: True) -> Comparison:
    """Split the findings of a report into new and known ones, and name the known ones that are gone.

    Equal findings are counted. If there are more than the baseline holds, those in files that the baseline names are known,
    and the last one of a file is new. `judged` tells whether the run has looked at a file: entries of other files hide nothing
    and do not count as fixed.
    """
    known: dict[Key, dict[str, list[Entry]]] = {}
    elsewhere: list[Entry] = []
    looked_at: dict[str, bool] = {}
    for one in reversed(baseline.entries):
        if one.path not in looked_at:
            looked_at[one.path] = judged(os.path.normpath(os.path.join(baseline.folder, one.path)))
        if looked_at[one.path]:
            known.setdefault(_key(one), {}).setdefault(one.path, []).append(one)
        else:
            elsewhere.append(one)
    paths: dict[str, str] = {}
    here = [(finding, entry(finding, baseline.folder, paths)) for finding in report.findings]
    keys = [_keys(finding, one) for finding, one in here]
    matched: dict[int, Entry] = {}
    for same_file in (True, False):
        for position, (_, one) in enumerate(here):
            if position in matched:
                continue
            candidates = next((found for key in keys[position] if (found := known.get(key))), {})
            path = one.path if same_file else next(reversed(candidates), "")
            if path in candidates:
                matched[position] = candidates[path].pop()
                if not candidates[path]:
                    del candidates[path]
    left = {id(e) for paths in known.values() for rest in paths.values() for e in rest}
    return Comparison(
        tuple(finding for position, (finding, _) in enumerate(here) if position not in matched),
        tuple((matched[position], here[position][0]) for position in sorted(matched)),
        tuple(e for e in baseline.entries if id(e) in left),
        tuple(reversed(elsewhere)),
    )


def _key(one: Entry) -> Key:
    """Return the key of equal findings; an entry with only a fingerprint is equal to itself alone."""
    if not one.rule:
        return (one.fingerprint,)
    return (one.rule, one.metric, one.label, "", one.line) if one.line else key(one.rule, one.metric, one.label, one.value)


def _keys(finding: Finding, one: Entry) -> tuple[Key, ...]:
    """List the keys of entries that hold a finding: in this form, in the old one, and by nothing but the fingerprint."""
    return _key(one), (one.rule, one.metric, one.label, "", finding.source_line), (one.fingerprint,)


def within(paths: Sequence[str]) -> Callable[[str], bool]:
    """Return the function that tells whether a run over some paths has looked at a file: it is below one of them, or gone."""
    tops = [os.path.abspath(path) for path in paths]

    def judged(path: str) -> bool:
        return not os.path.exists(path) or any(path == top or path.startswith(top.rstrip(os.sep) + os.sep) for top in tops)

    return judged


def configured(config: Config) -> str:
    """Return the file that the `baseline` of the configuration names, '' for none."""
    return os.path.normpath(os.path.join(config.root, config.baseline)) if config.baseline else ""


def without_known(report: Report, config: Config, paths: Sequence[str]) -> Report:
    """Leave out the findings that the configured baseline holds: tests and editors see what the command line reports.

    Raises ConfigError when the file cannot be read or is no baseline.
    """
    file = configured(config)
    if not file:
        return report
    from msgspec.structs import replace

    from cardlint.config import ConfigError

    try:
        known = load(file)
    except BaselineError as problem:
        raise ConfigError(unusable(config, problem)) from None
    return replace(report, findings=compare(report, known, within(paths)).new)


def unusable(config: Config, problem: BaselineError) -> str:
    """Return the message about a baseline that the configuration names and that cannot be used."""
    return f"{config.source or 'configuration'}: `baseline`: {problem}; `cardlint baseline` writes it"
