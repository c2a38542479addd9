"""What a configuration may not ask for: a cache outside of its project, and a version that this one is not."""

from __future__ import annotations

import os

from cardlint.config.keys import MAX_PATH, is_absolute
from cardlint.config.settings import Config, ConfigError, shortened

MAX_VERSION = 200
"""Characters of a version specifier: numbers in it may have no more digits than Python converts."""
REPOSITORIES = (".git", ".hg", ".svn")
"""Folders whose files a program of the user would read as its own."""


def check_cache_dir(config: Config) -> None:
    """Raise ConfigError for a `cache-dir` that is not a folder of the project's own: the author of the file may not choose any other."""
    given = config.cache_dir
    if not given:
        return
    why = ""
    root = os.path.realpath(config.root)
    if len(given) > MAX_PATH or "\0" in given:
        raise ConfigError(f"{config.source}: `cache-dir` is no name of a folder")
    relative = os.path.normpath(given)
    try:
        target = os.path.relpath(os.path.realpath(os.path.join(root, given)), root)
    except ValueError:  # another drive
        target = os.pardir
    if is_absolute(given):
        why = "is absolute"
    elif os.pardir in (relative.split(os.sep)[0], target.split(os.sep)[0]):
        why = "leads out of the project"
    elif os.curdir in (relative, target):
        why = "is the project itself"
    elif any(part.casefold() in REPOSITORIES for part in (*relative.split(os.sep), *target.split(os.sep))):
        why = "lies in the repository's own data"
    if why:
        raise ConfigError(f"{config.source}: `cache-dir` {why}; name a folder of the project, for example `.cache`, or give --cache-dir")


def check_baseline(config: Config) -> None:
    """Raise ConfigError for a `baseline` that is no file of the project. To open another one may tell other machines that cardlint runs here."""
    given = config.baseline
    if not given:
        return
    from cardlint.config.extending import inside, project_of

    target = os.path.join(config.root, given)
    if is_absolute(given) or not inside(os.path.realpath(target), project_of(os.path.realpath(config.root))):
        raise ConfigError(f"{config.source}: `baseline` leads out of the project; give --baseline or --output for such a file")


def check_version(config: Config) -> None:
    """Raise ConfigError when the configuration asks for another version: findings would differ between users."""
    wanted = config.required_version
    if not wanted:
        return
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    from cardlint.version import __version__

    try:
        if len(wanted) > MAX_VERSION:
            raise InvalidSpecifier
        fits = SpecifierSet(wanted if wanted[:1] in "<>=!~" else f"=={wanted}").contains(__version__, prereleases=True)
    except ValueError:  # also for numbers that packaging does not accept
        raise ConfigError(
            f"{config.source}: `required-version` is no version specifier: `{shortened(wanted)}`; write for example `>=0.1`"
        ) from None
    if not fits:
        raise ConfigError(f"{config.source}: `required-version` asks for cardlint {wanted}, and this is {__version__}")
