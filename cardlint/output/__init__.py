"""Output: findings to text, one file per format.

A format is loaded by name on demand, so the formats that a run does not use cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from cardlint.output.neutralise import Safe

if TYPE_CHECKING:
    from cardlint.findings import Report

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown", "prometheus")
"""Names of the formats, as `--format` takes them; the module of the same name holds `render`."""

Lines = Callable[[str], list[str]]
"""Gives the lines of an analysed file, for code frames."""


class RulePage:
    """The part of a rule that a format may show."""

    __slots__ = ("code", "default", "name", "page", "title", "what")

    def __init__(self, code: str, name: str, title: str, what: str, page: str, default: bool) -> None:
        self.code = code
        self.name = name
        self.title = title
        self.what = what
        self.page = page
        self.default = default


Pages = Callable[[], Sequence[RulePage]]
"""Gives the pages of all rules, for formats that carry them."""


class Options:
    """Options of a format, in addition to the report: the destination, and how much to show."""

    __slots__ = ("color", "grouped", "lines", "links", "quiet", "rules", "verbose", "width")

    def __init__(
        self,
        lines: Lines,
        *,
        color: bool = False,
        width: int = 100,
        verbose: bool = False,
        rules: Pages = tuple,
        grouped: bool = True,
        links: bool = False,
        quiet: bool = False,
    ) -> None:
        self.lines = lines
        self.rules = rules
        self.color = color
        self.width = width
        """columns; 0 for a reader that is no terminal, for which nothing is folded"""
        self.verbose = verbose
        self.grouped = grouped
        """findings with one cause are shown as one"""
        self.links = links
        """places are links to files, for terminals that show them"""
        self.quiet = quiet
        """findings alone, without a summary"""


class Renderer(Protocol):
    """The one function of a format."""

    def __call__(self, report: Report, options: Options) -> Safe:
        """Return the whole output of a run, neutralised for its destination."""
        ...


def renderer(name: str) -> Renderer:
    """Return the `render` function of a format; raises KeyError for a name that is none."""
    if name not in FORMATS:
        raise KeyError(name)
    render: Renderer = import_module(f"cardlint.output.{name}").render
    return render
