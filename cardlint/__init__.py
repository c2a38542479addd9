"""cardlint: a static linter for the label cardinality of prometheus_client metrics.

It infers which values every label can take, so that a million series are found in review and not in production.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cardlint.version import __version__

if TYPE_CHECKING:
    from cardlint.config import Config as Config
    from cardlint.findings import Finding as Finding
    from cardlint.findings import Report as Report

__all__ = ["Config", "Finding", "Report", "__version__", "check"]


def check(paths: Sequence[str], config: Config | None = None) -> Report:
    """Analyse the Python files under the paths and return the findings with a summary.

    It is what the command line runs: without a `config`, the configuration file of the first path holds. Raises
    `cardlint.config.ConfigError` for a wrong configuration and `cardlint.engine.MissingPath` for a path that is not there.
    """
    from cardlint.config import load
    from cardlint.engine import run

    return run(list(paths), config if config is not None else load(paths[0] if paths else ".")).report


def __getattr__(name: str) -> Any:
    """Load the public classes when they are asked for: `import cardlint` alone costs nothing."""
    if name == "Config":
        from cardlint.config import Config

        return Config
    if name in ("Finding", "Report"):
        from cardlint import findings

        return getattr(findings, name)
    raise AttributeError(f"module `cardlint` has no attribute `{name}`")
