"""`cardlint cache dir|clean`: where the cache is, and how to empty it."""

from __future__ import annotations

from typing import Any

import click

from cardlint.cli import options
from cardlint.cli.show import say


@click.command("cache", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("what", type=click.Choice(["dir", "clean"]))
@options.configuration
def command(what: str, **given: Any) -> int:
    """Print the folder of the cache (dir), or remove everything in it (clean)."""
    cache = options.cache(options.load((), given), {**given, "no_cache": False})
    assert cache is not None
    if what == "dir":
        say(cache.folder)
        return 0
    removed = cache.clean()
    say(f"{removed:,} cached file{'' if removed == 1 else 's'} removed from {cache.folder}")
    return 0
