"""Narrowing of a report: to new findings, changed lines or one file, with notes about the rest."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli.show import say, write

if TYPE_CHECKING:
    from cardlint.config import Config
    from cardlint.findings import Report
    from cardlint.selection.baseline import Baseline, Entry


MAX_FIXED = 20
"""Fixed findings of a baseline that are listed one by one."""


class Narrowed:
    """The selected report, and lines about the findings that were left out."""

    __slots__ = ("notes", "report")

    def __init__(self, report: Report, notes: list[str]) -> None:
        self.report = report
        self.notes = notes


def from_stdin(name: str | None) -> dict[str, bytes]:
    """Read standard input as the text of a file; nothing when no file is named."""
    if name is None:
        return {}
    if not name.strip() or os.path.isdir(name):
        raise click.UsageError(f"--stdin-filename: `{name}` is not a file name; write, for example, --stdin-filename app/metrics.py")
    if sys.stdin is None:
        raise click.UsageError("--stdin-filename: standard input is closed")
    relative = os.path.relpath(name)
    shown = name if relative.startswith("..") and os.path.isabs(name) else relative
    return {shown.replace(os.sep, "/"): sys.stdin.buffer.read()}


class Narrowing:
    """Leaves out known findings of the baseline, findings on unchanged lines, and findings in other files.

    It reads the baseline once, and asks git for each report: `--fix` moves lines.
    """

    def __init__(self, config: Config, given: Mapping[str, Any], only: tuple[str, ...], paths: tuple[str, ...]) -> None:
        self._since: str | None = given["since"]
        self._only = only
        self._paths = paths
        self._baseline = _baseline(config, given["baseline_file"], bool(given["no_baseline"]))

    def __call__(self, report: Report) -> Narrowed:
        """Return the selected findings of a report, with lines about the rest."""
        from msgspec.structs import replace

        if self._only:
            report = replace(report, findings=tuple(f for f in report.findings if f.place.path in self._only))
        if self._since is not None:
            from cardlint.files.changes import ChangesError, touched

            try:
                report = replace(report, findings=touched(report.findings, self._since, self._paths))
            except ChangesError as problem:
                raise click.ClickException(str(problem)) from None
        if self._baseline is None:
            return Narrowed(report, [])
        from cardlint.selection import baseline

        compared = baseline.compare(report, self._baseline, baseline.within(self._paths))
        partly = self._since is not None or bool(self._only)
        notes = _notes(compared.known, () if partly else compared.fixed)
        if self._baseline.old and self._baseline.entries:
            notes.append("cardlint: the baseline was written by an earlier version; run `cardlint baseline` to update it")
        return Narrowed(replace(report, findings=compared.new), notes)


def _baseline(config: Config, file: str | None, without: bool) -> Baseline | None:
    """Return the baseline of a run: that of `--baseline`, or of the configuration, or none."""
    if file is None and (without or not config.baseline):
        return None
    from cardlint.selection import baseline

    if file is not None and without:
        raise click.UsageError("--baseline and --no-baseline contradict each other")
    if file is not None and not file.strip():
        raise click.UsageError("--baseline needs the name of a file")
    try:
        return baseline.load(file if file is not None else baseline.configured(config))
    except baseline.BaselineError as problem:
        raise click.ClickException(str(problem) if file is not None else baseline.unusable(config, problem)) from None


def _notes(known: int, fixed: Sequence[Entry]) -> list[str]:
    notes = [f"cardlint: {_count(known, 'finding')} of the baseline {_still(known)} there"] if known else []
    if fixed:
        are = "is" if len(fixed) == 1 else "are"
        notes.append(
            f"cardlint: {_count(len(fixed), 'finding')} of the baseline {are} fixed; `cardlint baseline --prune` removes {'it' if len(fixed) == 1 else 'them'}"
        )
        notes.extend(f"  fixed: {described(e)}" for e in fixed[:MAX_FIXED])
        if len(fixed) > MAX_FIXED:
            notes.append(f"  and {len(fixed) - MAX_FIXED:,} more")
    return notes


def described(one: Entry) -> str:
    """Return an entry of a baseline on one line, with the parts that it has."""
    parts = [one.path, one.rule, one.metric, f"label {one.label}" if one.label else "", one.line or one.value]
    return ": ".join(part for part in parts if part)


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _still(count: int) -> str:
    return "is still" if count == 1 else "are still"


def unmatched(whole: Report, files: Sequence[str], config: Config, where: Sequence[str]) -> list[str]:
    """Return warnings about settings that have no effect; loading their module would cost every other run."""
    if not whole.unmatched and not any(
        one.per_file_ignores or one.src or one.exclude or one.extend_exclude for one in (config, *config.nested)
    ):
        return []
    from cardlint.cli.unmatched import warnings

    return warnings(whole.unmatched, files, config, where)


def statistics(report: Report, aside: bool) -> None:
    """Print how many findings each rule has, the most frequent first; `aside` writes to standard error, not into a document."""
    from collections import Counter

    counts = Counter((f.code, f.rule) for f in report.findings)
    for (code, rule), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        say(f"{count:6,}  {code}  {rule}", aside=aside)


def show_files(files: Sequence[str]) -> int:
    """List the files of a run."""
    for path in files:
        say(path)
    return 0 if files else 3


def show_fixes(report: Report, after: Report | None = None) -> None:
    """List the fixes of a report on standard error: those that `--fix` has made when the report after it is given, else all.

    Findings have no identity that survives a change, so what counts is how many of one rule, label and file are gone.
    """
    from collections import Counter

    left = Counter((f.rule, f.label, f.place.path) for f in after.findings) if after is not None else Counter()
    for f in report.findings:
        key = f.rule, f.label, f.place.path
        if f.fix is None or left[key] > 0:
            left[key] -= 1
            continue
        how = "fixed" if after is not None else "--fix" if f.fix.safety == "safe" else "--fix --unsafe-fixes"
        say(f"{f.place.path}:{f.place.line}:{f.place.column}: {f.rule}: {f.fix.description} [{how}]", aside=True)


def show_settings(config: Config) -> int:
    """Print the settings after the configuration file and the command line, as a cardlint.toml with the same meaning."""
    from cardlint.cli.settings import as_toml

    say(f"# from {config.source or 'the defaults'}")
    write(as_toml(config))
    return 0
