"""`cardlint cache dir|clean`: where the cache is, and how to empty it."""

from __future__ import annotations

from typing import Any

import click

from cardlint.cli import options
from cardlint.cli.show import say

SHOWN = 5
"""Names of other files that are listed."""


@click.command("cache", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("what", type=click.Choice(["dir", "clean"]))
@options.configuration
def command(what: str, **given: Any) -> int:
    """Print the folder of the cache (dir), or remove every entry in it (clean); other files in it stay."""
    folder = options.cache_folder(options.load((), given), (), given)
    if not folder.path:
        raise click.ClickException("the user has no home folder for a cache; name one with --cache-dir")
    if what == "dir":
        say(folder.path)
        return 0
    removed, left = folder.clean()
    if folder.problem:
        raise click.ClickException(f"{folder.problem}; nothing was removed")
    say(f"{removed:,} cached file{'' if removed == 1 else 's'} removed from {folder.path}")
    if left:
        count = len(left)
        names = ", ".join(left[:SHOWN]) + (", ..." if count > SHOWN else "")
        say(f"{count:,} other name{'' if count == 1 else 's'} in it {'was' if count == 1 else 'were'} left alone: {names}")
    return 0
