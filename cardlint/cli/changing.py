"""`--fix`, `--diff` and `--add-ignores`: what changes files, written atomically and only over what was read."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from cardlint.config import Config
    from cardlint.engine import Run
    from cardlint.findings import Report
    from cardlint.fix import Planned, Sources


def change(done: Run, report: Report, config: Config, paths: tuple[str, ...], given: dict[str, Any]) -> int:
    """Change the files of a run, or show how; then report what is left."""
    from cardlint.fix.source import FileSources
    from cardlint.output.cleaning import clean

    sources = FileSources(done.project.data)
    changed: dict[str, str] = {}
    refused: list[str] = []
    if given["add_ignores"]:
        changed = _ignores(report, sources, given["reason"])
    else:
        changed, refused = _fixes(done, report, sources, given)
    if given["diff"]:
        for path, text in sorted(changed.items()):
            click.echo(_diff(path, sources(path).text, text), nl=False)
        return 1 if changed else 0
    failed = 0
    for path, text in sorted(changed.items()):
        source = sources(path)
        problem = _write(path, source.mark + source.text, source.mark + text)
        if problem:
            failed += 1
            click.echo(clean(f"cardlint: error: {path}: {problem}"), err=True)
    for line in refused:
        click.echo(clean(line), err=True)
    count = len(changed) - failed
    click.echo(f"cardlint: {count} file{'' if count == 1 else 's'} changed", err=True)
    if failed:
        return 2
    from cardlint.cli.check import exit_code
    from cardlint.engine import run

    after = run(paths, config)
    from cardlint.output.concise import line as concise

    for finding in after.report.findings:
        click.echo(concise(finding))
    return 0 if given["exit_zero"] else exit_code(after.report, config)


def with_fixes(done: Run, report: Report) -> Report:
    """Tell with every finding that has one what `--fix` would do."""
    from msgspec.structs import replace

    from cardlint.fix import plan
    from cardlint.fix.source import FileSources

    planned = plan(report.findings, done.program, FileSources(done.project.data))
    fixes = {id(p.finding): p.fix for p in planned if p.fix is not None}
    return replace(report, findings=tuple(replace(f, fix=fixes[id(f)]) if id(f) in fixes else f for f in report.findings))


def _fixes(done: Run, report: Report, sources: Sources, given: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
    from cardlint.fix import Refused, apply, plan
    from cardlint.fix.source import Source

    planned = plan(report.findings, done.program, sources)
    refused = [f"{_where(p)}: not fixed: {p.refused}" for p in planned if p.refused]
    held = [p for p in planned if p.fix is not None and p.fix.safety == "unsafe" and not given["unsafe_fixes"]]
    wanted = [p for p in planned if p.fix is not None and p not in held]
    if held:
        refused.append(
            f"cardlint: {len(held)} fix{'' if len(held) == 1 else 'es'} would change exported series; --unsafe-fixes applies them"
        )
    by_file: dict[str, list[Any]] = {}
    taken: dict[str, list[Planned]] = {}
    for item in wanted:
        assert item.fix is not None
        trial = {
            path: [*by_file.get(path, []), *(e for e in item.fix.edits if e.place.path == path)]
            for path in {e.place.path for e in item.fix.edits}
        }
        try:
            texts = {path: apply(edits, sources(path)) for path, edits in trial.items()}
        except Refused as reason:
            refused.append(f"{_where(item)}: not fixed: {reason}")
            continue
        if any(Source(path, text).tree is None for path, text in texts.items()):
            refused.append(f"{_where(item)}: not fixed: the result would not parse")
            continue
        by_file.update(trial)
        for path in trial:
            taken.setdefault(path, []).append(item)
    changed = {path: apply(edits, sources(path)) for path, edits in by_file.items()}
    return {path: text for path, text in changed.items() if text != sources(path).text}, refused


def _where(item: Planned) -> str:
    place = item.finding.place
    return f"{place.path}:{place.line}:{place.column}: {item.finding.rule}"


def _ignores(report: Report, sources: Sources, reason: str) -> dict[str, str]:
    """Write `# cardlint: ignore[rules] -- reason` at the end of the logical line of every finding."""
    from cardlint.fix.ignores import with_ignores

    by_file: dict[str, list[Any]] = {}
    for finding in report.findings:
        if not finding.code.startswith("CL9") and finding.code != "CL000":
            by_file.setdefault(finding.place.path, []).append(finding)
    out = {path: with_ignores(sources(path), findings, " ".join(reason.split())) for path, findings in by_file.items()}
    return {path: text for path, text in out.items() if text != sources(path).text}


def _diff(path: str, before: str, after: str) -> str:
    from difflib import unified_diff

    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), path, path)
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def _write(path: str, before: str, after: str) -> str:
    """Replace a file in one step, when it still holds what was analysed; return what went wrong, or ''."""
    try:
        with open(path, "rb") as handle:
            if handle.read() != before.encode("utf-8", "surrogateescape"):
                return "it has changed meanwhile and is left alone"
        if not os.access(path, os.W_OK):
            return "it is read-only and is left alone"
        folder = os.path.dirname(os.path.abspath(path))
        mode = os.stat(path).st_mode
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=".cardlint-")
        try:
            with os.fdopen(descriptor, "wb") as out:
                out.write(after.encode("utf-8", "surrogateescape"))
            os.chmod(name, mode & 0o7777)
            os.replace(name, os.path.realpath(path))
        except BaseException:
            os.unlink(name)
            raise
    except OSError as problem:
        return f"cannot be written: {problem.strerror}"
    return ""
