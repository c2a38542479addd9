"""Options that several commands share, and their effect on the configuration."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from cardlint.cache.facts_cache import FactsCache
    from cardlint.cache.folder import Folder
    from cardlint.config import Config

F = TypeVar("F", bound=Callable[..., Any])

LEVELS = ("error", "warning", "note")
COLORS = ("auto", "always", "never")
CONFIDENCES = ("high", "medium", "low")
MAX_LIST = 50_000_000
"""Bytes of a file that lists paths."""
MAX_JOBS = 256
"""Worker processes that `--jobs` accepts; a typing error must not overload the machine."""


def rule_names(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a rule, also after a comma."""
    from cardlint.rules import all_rules

    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{rule.name}" for rule in all_rules() if rule.name.startswith(last)]


def paths(function: F) -> F:
    """Add the PATHS argument, and the option that leaves some of them out."""
    function = click.option(
        "--exclude", multiple=True, metavar="PATTERNS", help="More files and folders to leave out: comma-separated patterns; repeatable."
    )(function)
    return click.argument("paths", nargs=-1, type=click.Path(readable=False), metavar="[PATHS]...")(function)  # that is a finding


def configuration(function: F) -> F:
    """Add the options for the configuration file."""
    for option in (
        click.option("--isolated", is_flag=True, help="Read no configuration file."),
        click.option(
            "--config",
            "config_file",
            type=click.Path(readable=False),
            metavar="FILE",
            help="Read this file: cardlint.toml or pyproject.toml.",
        ),
        click.option(
            "--jobs",
            "-j",
            type=click.IntRange(0, MAX_JOBS),
            default=0,
            metavar="N",
            help="Number of processes; 0 lets the size of the tree decide.",
        ),
        click.option(
            "--cache-dir",
            type=click.Path(readable=False),
            envvar="CARDLINT_CACHE_DIR",
            metavar="DIR",
            help="Keep the cache in a subfolder of this folder; the variable CARDLINT_CACHE_DIR does the same.",
        ),
        click.option("--no-cache", is_flag=True, help="Neither read nor write the cache."),
    ):
        function = option(function)
    return function


def selection(function: F) -> F:
    """Add the options that choose rules."""
    for option in (
        click.option(
            "--min-confidence",
            type=click.Choice(CONFIDENCES),
            help="Lowest confidence that is reported (default: medium, low with --pedantic).",
        ),
        click.option("--pedantic/--no-pedantic", default=None, help="Also report findings that are debatable or less certain."),
        click.option(
            "--ignore",
            multiple=True,
            metavar="RULES",
            shell_complete=rule_names,
            help="Rules to leave out: names or codes, comma-separated.",
        ),
        click.option(
            "--extend-select", multiple=True, metavar="RULES", shell_complete=rule_names, help="Rules to add to the selected ones."
        ),
        click.option(
            "--select", multiple=True, metavar="RULES", shell_complete=rule_names, help="Rules to run instead of the default ones."
        ),
    ):
        function = option(function)
    return function


def coloured(function: F) -> F:
    """Add the option that decides about colours."""
    return click.option(
        "--color",
        type=click.Choice(COLORS),
        default="auto",
        show_default=True,
        help="Colour the output; auto means on a terminal, unless NO_COLOR or FORCE_COLOR is set.",
    )(function)


def listed(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Replace every `@file` by the paths the file lists; a path that really begins with @ is written ./@path."""
    out: list[str] = []
    for path in paths:
        if not path.strip():
            raise click.UsageError("a path is empty; `.` is the working directory")
        if not path.startswith("@"):
            out.append(path)
            continue
        from cardlint.files.regular import read_regular

        try:
            text = read_regular(path[1:], MAX_LIST).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as problem:
            raise click.ClickException(f"{path[1:]}: cannot be read: {getattr(problem, 'strerror', None) or 'not a text file'}") from None
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        out.extend(line.strip() for line in lines if line.strip() and not line.startswith("#"))
    if paths and not out:
        raise NothingListed(f"no path is listed in {', '.join(path[1:] for path in paths)}; nothing was analysed")
    return tuple(out)


class NothingListed(click.ClickException):
    """A list of paths is empty: that is neither a clean run nor a request to analyse everything."""

    exit_code = 3


def missing(path: str) -> click.ClickException:
    """Return the error for a path that is not there; a path that resembles a command counts as a misspelt one."""
    from difflib import get_close_matches

    from cardlint.cli.app import COMMANDS

    close = [] if os.sep in path or "." in path else get_close_matches(path, COMMANDS, 1, 0.75)
    hint = f"; did you mean `cardlint {close[0]}`?" if close else ""
    return click.ClickException(f"{path}: no such file or folder{hint}")


def files(paths: tuple[str, ...], config: Config) -> list[str]:
    """List the files of a run, and say on standard error which named paths are not analysed."""
    from cardlint.files.discovery import MissingPath, listing
    from cardlint.files.excluding import excluded_by

    try:
        found = listing(paths, excluded_by(config.exclude, config.extend_exclude))
    except MissingPath as problem:
        raise missing(str(problem)) from None
    if found.notes:
        from cardlint.cli.show import say

        for note in found.notes:
            say(f"cardlint: {note}", aside=True)
    return list(found.files)


def split(values: tuple[str, ...]) -> tuple[str, ...]:
    """Split comma-separated option values."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def cache(config: Config, paths: Sequence[str], options: dict[str, Any]) -> FactsCache | None:
    """Return the cache of a run over some paths; None with `--no-cache`, and, with a message, where the folder belongs to another user."""
    if options.get("no_cache"):
        return None
    from cardlint.cache.facts_cache import FactsCache

    folder = cache_folder(config, paths, options)
    if not folder.ready() and (folder.foreign or options.get("verbose")):
        from cardlint.cli.show import say

        say(f"cardlint: {folder.problem}", aside=True)
    return FactsCache(folder)


def cache_folder(config: Config, paths: Sequence[str], options: dict[str, Any]) -> Folder:
    """Return the folder of the cache: that of `--cache-dir`, of CARDLINT_CACHE_DIR, of `cache-dir`, or the user's own."""
    from cardlint.cache.folder import cache_folder as below
    from cardlint.files.writing import checkout

    given = options.get("cache_dir")
    if given is not None and not given.strip():
        raise click.UsageError("--cache-dir needs the name of a folder")
    chosen = given or (os.path.join(config.root, config.cache_dir) if config.cache_dir else "")
    return below(chosen, checkout(paths or (".",), config.root if config.source else ""))


def load(paths: tuple[str, ...], options: dict[str, Any]) -> Config:
    """Read the configuration for the first path and apply the command line to it; raises click.ClickException."""
    from cardlint.config import ConfigError, check_version
    from cardlint.config import load as load_config

    if options.get("config_file") is not None and not options["config_file"].strip():
        raise click.UsageError("--config needs the name of a file")
    try:
        config = load_config(paths[0] if paths else ".", explicit=options.get("config_file"), isolated=bool(options.get("isolated")))
        check_version(config)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    return _overridden(config, options)


def project(paths: tuple[str, ...], config: Config, options: dict[str, Any], more: Sequence[str] = ()) -> tuple[Config, list[str]]:
    """List the files of a run, and read the configurations of the folders they are in; raises click.ClickException for a wrong one.

    `more` are files that are analysed although they are not on the disk. The command line goes before each configuration.
    """
    from msgspec.structs import replace

    from cardlint.config import ConfigError
    from cardlint.config.nested import with_nested

    found = files(paths, config)
    try:
        config, found = with_nested(config, sorted({*found, *more}) if more else found)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    if config.nested:
        config = replace(config, nested=tuple(_overridden(one, options) for one in config.nested))
    return config, found


def _overridden(config: Config, options: dict[str, Any]) -> Config:
    """Apply the command line to a configuration."""
    from msgspec.structs import replace

    changes: dict[str, Any] = {}
    for name in ("select", "extend_select", "ignore"):
        values = options.get(name) or ()
        given = split(values)
        if values and not given:
            raise click.UsageError(f"--{name.replace('_', '-')} needs the name of a rule; `cardlint rules` lists them")
        if given:
            changes[name] = given if name == "select" else (*getattr(config, name), *given)
    if options.get("exclude"):
        patterns = split(options["exclude"])
        if not patterns:
            raise click.UsageError("--exclude needs a pattern")
        changes["extend_exclude"] = (*config.extend_exclude, *patterns)
    if options.get("pedantic") is not None:
        changes["pedantic"] = options["pedantic"]
    for name in ("fail_on", "min_confidence"):
        if options.get(name):
            changes[name] = options[name]
    return replace(config, **changes) if changes else config
