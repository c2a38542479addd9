"""Configuration: `[tool.cardlint]` or `cardlint.toml`, found for a path and read strictly."""

from __future__ import annotations

import os

from cardlint.config.keys import KEYS as KEYS
from cardlint.config.keys import parse as parse
from cardlint.config.limits import REPOSITORIES as REPOSITORIES
from cardlint.config.limits import check_baseline, check_cache_dir
from cardlint.config.limits import check_version as check_version
from cardlint.config.settings import Budget as Budget
from cardlint.config.settings import Config as Config
from cardlint.config.settings import ConfigError as ConfigError
from cardlint.config.settings import shortened as shortened
from cardlint.files.regular import read_regular

MAX_BYTES = 1_000_000
"""A larger file is no configuration."""


def find(start: str) -> tuple[str, str] | None:
    """Find the configuration for a folder: the nearest `cardlint.toml`, or pyproject.toml that has `[tool.cardlint]`.

    Returns the path and the name of the table in it.
    """
    folder = os.path.abspath(start if os.path.isdir(start) else os.path.dirname(start) or ".")
    while True:
        own = own_file(folder)
        if own:
            read_text(own)  # an unreadable file is no reason to use another one
            return own, table_of(own)
        parent = os.path.dirname(folder)
        if parent == folder or os.path.exists(os.path.join(folder, ".git")):
            return None
        folder = parent


def own_file(folder: str) -> str:
    """Return the configuration file that a folder itself holds, '' for none: a pyproject.toml counts when it has the table."""
    own = os.path.join(folder, "cardlint.toml")
    if os.path.lexists(own):
        return own
    project = os.path.join(folder, "pyproject.toml")
    if os.path.lexists(project) and "cardlint" in (text := read_text(project)):
        from cardlint.files.toml import WrongToml, parsed

        try:
            tool = parsed(text).get("tool")
        except WrongToml:
            return project  # reading it says what is wrong
        return project if isinstance(tool, dict) and "cardlint" in tool else ""
    return ""


def table_of(path: str) -> str:
    """Return the name of the table with the settings in a configuration file, '' for the whole file."""
    return "tool.cardlint" if os.path.basename(path) == "pyproject.toml" else ""


def read_text(path: str) -> str:
    """Return the text of a configuration file; raises ConfigError when there is none to be had."""
    try:
        return read_regular(path, MAX_BYTES).decode("utf-8")
    except OSError as problem:
        raise ConfigError(f"{os.path.relpath(path)}: cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{os.path.relpath(path)}: not valid UTF-8; a TOML file has to be") from None


def load(start: str, *, explicit: str | None = None, isolated: bool = False) -> Config:
    """Read the configuration that holds for a path. `explicit` names the file, `isolated` reads none."""
    if isolated:
        return Config(settled=True)
    if explicit is not None:
        if not os.path.exists(explicit) or os.path.isdir(explicit):
            raise ConfigError(f"{explicit}: no such configuration file")
        place: tuple[str, str] | None = (explicit, table_of(explicit))
    else:
        place = find(start)
    if place is None:
        return Config()
    path, table = place
    shown = os.path.relpath(path)
    fields = parse(read_text(path), shown, table=table) or {}
    if "extend" in fields:
        fields = _extended(path, fields)
    root = os.path.relpath(os.path.dirname(os.path.abspath(path)))
    config = Config(root=root, source=shown, settled=explicit is not None, **fields)  # type: ignore[arg-type]
    check_cache_dir(config)
    check_baseline(config)
    return config


def _extended(path: str, fields: dict[str, object]) -> dict[str, object]:
    """Return the settings of a file with those that it inherits; raises ConfigError for a file that it may not name."""
    from cardlint.config.extending import WrongExtend, extended

    try:
        return extended(path, fields, lambda base: parse(read_text(base), os.path.relpath(base), table=table_of(base)))
    except WrongExtend as problem:
        raise ConfigError(str(problem)) from None
