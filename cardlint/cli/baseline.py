"""`cardlint baseline`: write the current findings to a file."""

from __future__ import annotations

from typing import Any

import click

from cardlint.cli import options
from cardlint.cli.show import say
from cardlint.cli.writing import check_bounds, check_output, write_output

DEFAULT = "cardlint-baseline.json"


@click.command("baseline", context_settings={"help_option_names": ["-h", "--help"]})
@options.paths
@click.option(
    "--output", "-o", default=DEFAULT, type=click.Path(readable=False), metavar="FILE", help=f"File to write (default: {DEFAULT})."
)
@options.selection
@options.configuration
def command(paths: tuple[str, ...], output: str, **given: Any) -> int:
    """Write every finding under PATHS to a file; `cardlint check --baseline FILE` then reports only new ones."""
    _check(output)
    paths = options.listed(paths)
    config = options.load(paths, given)
    paths = paths or (".",)
    from cardlint.config import ConfigError
    from cardlint.engine import run
    from cardlint.files.writing import Bounds
    from cardlint.selection import baseline

    bounds = Bounds(paths, config.root if config.source else "")
    check_bounds(output, bounds)
    try:
        config, files = options.project(paths, config, given)
        done = run(paths, config, cache=options.cache(config, paths, given), files=files, jobs=given["jobs"])
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    if not done.project.paths():
        say(f"cardlint: no Python file under {', '.join(paths)}; nothing was written", aside=True)
        return 3
    write_output(output, baseline.write(done.report), bounds)
    count = len(done.report.findings)
    say(f"{output}: {count:,} finding{'' if count == 1 else 's'}")
    return 0


def _check(output: str) -> None:
    """Refuse to overwrite a file other than a baseline: people commit it."""
    from cardlint.project.lines import bytes_of
    from cardlint.selection import baseline

    check_output(output)
    if bytes_of(output).strip():
        try:
            baseline.read(bytes_of(output), output)
        except baseline.BaselineError:
            raise click.UsageError(f"{output} is there and no baseline; it is left alone") from None
