"""cardlint: a static linter for the label cardinality of prometheus_client metrics.

It infers which values every label can take, so that a million series are found in review and not in production.
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

from cardlint.version import __version__

if TYPE_CHECKING:
    from cardlint.config import Config as Config
    from cardlint.config import ConfigError as ConfigError
    from cardlint.files.discovery import MissingPath as MissingPath
    from cardlint.findings import Finding as Finding
    from cardlint.findings import Report as Report

__all__ = ["Config", "ConfigError", "Finding", "MissingPath", "Report", "__version__", "check"]

StrPath = str | PathLike[str]


def check(paths: StrPath | Sequence[StrPath], config: Config | None = None) -> Report:
    """Analyse the Python files under one path or several and return the findings with a summary.

    It is what the command line runs: without a `config`, the configuration file of the first path holds, and findings that its
    `baseline` holds are left out. Raises `cardlint.ConfigError` for a wrong configuration and `cardlint.MissingPath` for a path
    that is not there.
    """
    from os import fspath

    from cardlint.config import check_version, load
    from cardlint.engine import run

    names = [fspath(path) for path in ([paths] if isinstance(paths, (str, PathLike)) else paths)]
    settings = config if config is not None else load(names[0] if names else ".")
    check_version(settings)
    report = run(names, settings).report
    if not settings.baseline:
        return report
    from cardlint.selection.baseline import without_known

    return without_known(report, settings, names)


def __getattr__(name: str) -> Any:
    """Load the public classes when they are asked for: `import cardlint` alone costs nothing."""
    if name in ("Config", "ConfigError"):
        from cardlint import config

        return getattr(config, name)
    if name == "MissingPath":
        from cardlint.files.discovery import MissingPath

        return MissingPath
    if name in ("Finding", "Report"):
        from cardlint import findings

        return getattr(findings, name)
    raise AttributeError(f"module `cardlint` has no attribute `{name}`")
