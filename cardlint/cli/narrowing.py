"""What narrows a report to what counts now - a baseline, changed lines, one file - and what is shown beside it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from cardlint.config import Config
    from cardlint.findings import Report


class Narrowed(NamedTuple):
    """The report that counts, and lines about what was left out of it."""

    report: Report
    notes: list[str]


def from_stdin(name: str | None) -> dict[str, bytes]:
    """Read standard input as the text of a file; nothing when no file is named."""
    if not name:
        return {}
    relative = os.path.relpath(name)
    shown = name if relative.startswith("..") and os.path.isabs(name) else relative
    return {shown.replace(os.sep, "/"): sys.stdin.buffer.read()}


def narrow(report: Report, baseline_file: str | None, since: str | None, only: tuple[str, ...]) -> Narrowed:
    """Leave out what the baseline knows, what lies on unchanged lines, and what stands in other files."""
    from msgspec.structs import replace

    notes: list[str] = []
    if only:
        report = replace(report, findings=tuple(f for f in report.findings if f.place.path in only))
    if since:
        from cardlint.changes import ChangesError, changed_lines, touched

        try:
            report = replace(report, findings=touched(report.findings, changed_lines(since)))
        except ChangesError as problem:
            raise click.ClickException(str(problem)) from None
    if baseline_file:
        from cardlint import baseline

        try:
            with open(baseline_file, encoding="utf-8") as handle:
                compared = baseline.compare(report, baseline.read(handle.read(), baseline_file))
        except (OSError, UnicodeDecodeError) as problem:
            why = getattr(problem, "strerror", None) or "not a text"
            raise click.ClickException(f"{baseline_file}: cannot be read: {why}") from None
        except baseline.BaselineError as problem:
            raise click.ClickException(str(problem)) from None
        report = replace(report, findings=compared.new)
        if compared.known:
            notes.append(f"cardlint: {_count(compared.known, 'finding')} of the baseline {_still(compared.known)} there")
        if compared.fixed and not (since or only):
            notes.append(
                f"cardlint: {_count(len(compared.fixed), 'finding')} of the baseline {'is' if len(compared.fixed) == 1 else 'are'} fixed; "
                f"`cardlint baseline` writes the shorter list"
            )
            from cardlint.output.cleaning import clean

            notes.extend(clean(f"  fixed: {e.path}: {e.rule}: {e.line}") for e in compared.fixed[:20])
    return Narrowed(report, notes)


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _still(count: int) -> str:
    return "is still" if count == 1 else "are still"


def statistics(report: Report) -> None:
    """Print how many findings each rule has, the most frequent first."""
    from collections import Counter

    counts = Counter((f.code, f.rule) for f in report.findings)
    for (code, rule), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        click.echo(f"{count:6,}  {code}  {rule}")


def show_files(paths: tuple[str, ...], config: Config) -> int:
    """List the files of a run."""
    from cardlint.engine import MissingPath, find
    from cardlint.output.cleaning import clean

    try:
        files = find(paths, config)
    except MissingPath as problem:
        raise click.ClickException(f"{problem}: no such file or folder") from None
    for path in files:
        click.echo(clean(path))
    return 0 if files else 3


def show_settings(config: Config) -> int:
    """Print the settings after the configuration file and the command line, as TOML would write them."""
    import json

    import msgspec

    click.echo(f"# from {config.source or 'the defaults'}")
    for name, value in msgspec.to_builtins(config).items():
        if name not in ("source", "root") and value is not None:
            click.echo(f"{name.replace('_', '-')} = {json.dumps(value)}")
    return 0
