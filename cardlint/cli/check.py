"""`cardlint check`: the main command."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli import options
from cardlint.output import FORMATS

if TYPE_CHECKING:
    from cardlint.engine import Run


@click.command("check", context_settings={"help_option_names": ["-h", "--help"]})
@options.paths
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help=f"Output format: {', '.join(FORMATS)}; repeatable, =FILE writes to a file.",
)
@click.option("--fail-on", type=click.Choice(options.LEVELS), help="Lowest severity that makes the exit code 1 (default: warning).")
@options.selection
@options.configuration
@click.option("--verbose", "-v", is_flag=True, help="Show traces, and what could not be resolved.")
@click.option("--timings", is_flag=True, help="Show where the time went.")
def command(paths: tuple[str, ...], formats: tuple[str, ...], verbose: bool, timings: bool, **given: Any) -> int:
    """Find labels with an unbounded set of values in the Python files under PATHS."""
    targets = _targets(formats)
    config = options.load(paths, given)
    from cardlint.config import ConfigError
    from cardlint.engine import MissingPath, run

    try:
        done = run(paths or (".",), config, cache=options.cache(config, given))
    except MissingPath as problem:
        raise click.ClickException(f"{problem}: no such file or folder") from None
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    for name, file in targets:
        _write(name, file, done, verbose)
    if verbose:
        _unresolved(done)
    if timings:
        for phase, seconds in done.timings.items():
            click.echo(f"{phase:10} {seconds * 1000:9.1f} ms", err=True)
    if not done.project.paths():
        click.echo(f"cardlint: no Python file under {', '.join(paths) or '.'}; nothing was analysed", err=True)
        return 3
    from cardlint.findings import Severity

    return 1 if any(f.severity >= Severity[config.fail_on.upper()] for f in done.report.findings) else 0


def _targets(formats: tuple[str, ...]) -> list[tuple[str, str]]:
    targets = []
    for given in formats or ("text",):
        name, _, file = given.partition("=")
        if name not in FORMATS:
            from difflib import get_close_matches

            close = get_close_matches(name, FORMATS, 1)
            raise click.UsageError(
                f"unknown format `{name}`; " + (f"did you mean `{close[0]}`?" if close else f"known are {', '.join(FORMATS)}")
            )
        targets.append((name, file))
    if sum(1 for _, file in targets if not file) > 1:
        raise click.UsageError("only one format can be written to the terminal; give the others a file: --format sarif=out.sarif")
    return targets


def color_wanted(stream: Any) -> bool:
    """Tell whether to colour: NO_COLOR forbids, FORCE_COLOR demands, else only on a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return bool(stream.isatty()) and os.environ.get("TERM") != "dumb"


def _write(name: str, file: str, done: Run, verbose: bool) -> None:
    from cardlint.output import Options, renderer

    if file:
        text = renderer(name)(done.report, Options(done.project.lines, width=100, verbose=verbose))
        try:
            with open(file, "w", encoding="utf-8") as handle:
                handle.write(text)
        except OSError as problem:
            raise click.ClickException(f"{file}: cannot be written: {problem.strerror}") from None
        return
    import shutil

    width = shutil.get_terminal_size((100, 24)).columns
    text = renderer(name)(done.report, Options(done.project.lines, color=color_wanted(sys.stdout), width=width, verbose=verbose))
    data = text.encode(sys.stdout.encoding or "utf-8", "backslashreplace")
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _unresolved(done: Run) -> None:
    from cardlint.output.cleaning import clean

    for step in (*done.program.unresolved, *done.program.limits):
        click.echo(clean(f"{step.place.path}:{step.place.line}:{step.place.column}: {step.message}"), err=True)
