"""The settings of a run as a record, and the error about a configuration that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from cardlint.knowledge.schema import Row, Sink, Wrapper

MAX_SHOWN = 60
"""Characters of a key that a message repeats."""


class ConfigError(Exception):
    """The configuration is wrong. The message is one line: file, line, what is wrong and what would be right."""


def shortened(text: str) -> str:
    """Return a text of the configuration for a message, on one line."""
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "..."


class Budget(Struct, frozen=True):
    """The series that the metrics of a team may have, those declared in files that its patterns mean."""

    team: str
    paths: tuple[str, ...]
    max_series: int


class Config(Struct, frozen=True):
    """The settings of a run, after defaults, configuration file and command line. Paths in it are relative to `root`."""

    root: str = "."
    """folder of the configuration file, or the working directory; test paths and per-file patterns start here"""
    source: str = ""
    """the configuration file that was read, or '' for defaults only"""
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    pedantic: bool = False
    fail_on: str = "warning"
    require_reason: bool = True
    exclude: tuple[str, ...] = ()
    extend_exclude: tuple[str, ...] = ()
    src: tuple[str, ...] = ()
    """folders that are import roots; empty means that they are found by the layout of packages"""
    bounded_labels: tuple[str, ...] = ()
    identity_labels: tuple[str, ...] = ()
    buckets_min: int = 5
    buckets_max: int = 12
    max_series: int | None = None
    max_label_values: int | None = None
    severity: tuple[tuple[str, str], ...] = ()
    """rules, and the severity of their findings in place of the rule's own"""
    min_confidence: str = ""
    """lowest confidence that is reported; '' is medium, or low with `pedantic`"""
    budgets: tuple[Budget, ...] = ()
    sources: tuple[Row, ...] = ()
    bounders: tuple[Row, ...] = ()
    sinks: tuple[Sink, ...] = ()
    wrappers: tuple[Wrapper, ...] = ()
    baseline: str = ""
    """the file with the known findings; only others are reported"""
    cache_dir: str = ""
    required_version: str = ""
    extend: str = ""
    """the file with inherited settings; empty once they are read"""
    inherited_ignores: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    """per-file-ignores of extended files: the folder in which the pattern starts, the pattern, the rules"""
    settled: bool = False
    """configurations of the folders below are read, or not wanted"""
    nested: tuple[Config, ...] = ()
    """configurations of folders below, which hold for the files in them"""
