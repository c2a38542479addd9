"""`cardlint baseline`: write down the findings of today."""

from __future__ import annotations

from typing import Any

import click

from cardlint.cli import options

DEFAULT = "cardlint-baseline.json"


@click.command("baseline", context_settings={"help_option_names": ["-h", "--help"]})
@options.paths
@click.option("--output", "-o", default=DEFAULT, type=click.Path(), metavar="FILE", help=f"File to write (default: {DEFAULT}).")
@options.selection
@options.configuration
def command(paths: tuple[str, ...], output: str, **given: Any) -> int:
    """Write every finding under PATHS to a file; `cardlint check --baseline FILE` then reports only new ones."""
    paths = options.listed(paths)
    config = options.load(paths, given)
    from cardlint import baseline
    from cardlint.config import ConfigError
    from cardlint.engine import MissingPath, run

    try:
        done = run(paths or (".",), config, cache=options.cache(config, given))
    except MissingPath as problem:
        raise click.ClickException(f"{problem}: no such file or folder") from None
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    if not done.project.paths():
        click.echo(f"cardlint: no Python file under {', '.join(paths) or '.'}; nothing was written", err=True)
        return 3
    try:
        with open(output, "w", encoding="utf-8") as handle:
            handle.write(baseline.write(done.report))
    except OSError as problem:
        raise click.ClickException(f"{output}: cannot be written: {problem.strerror}") from None
    count = len(done.report.findings)
    click.echo(f"{output}: {count:,} finding{'' if count == 1 else 's'}")
    return 0
