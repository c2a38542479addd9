"""Excludes: names and patterns of files and folders that every run leaves out, by default and by configuration."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatch

EXCLUDES = (
    ".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", "env", ".env", "__pycache__", "node_modules", ".mypy_cache", ".ruff_cache", ".pytest_cache",
    "build", "dist", ".eggs", "site-packages", "__pypackages__", ".direnv",
)  # fmt: skip


def excluded_by(chosen: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    """Return the names and patterns that a configuration leaves out: its own or the default ones, and the added ones."""
    return (*(chosen or EXCLUDES), *more)


class Excludes:
    """The patterns of files and folders to leave out. Plain names, which most are, are looked up and not matched."""

    def __init__(self, patterns: Sequence[str]) -> None:
        cleaned = [p.rstrip("/") for p in patterns]
        self.names = frozenset(p for p in cleaned if not any(c in p for c in "*?[/"))
        self.patterns = tuple(p for p in cleaned if p not in self.names)

    def entry(self, prefix: str, name: str) -> bool:
        """Tell whether an entry of a folder that is not left out is left out."""
        return name in self.names or (bool(self.patterns) and self(prefix + name))

    def __call__(self, relative: str) -> bool:
        """Tell whether a path below the searched folder is left out: one of its parts, or the whole, matches."""
        parts = relative.split("/")
        if not self.names.isdisjoint(parts):
            return True
        return any(
            any(fnmatch(part, pattern) for part in parts) or fnmatch(relative, pattern) or fnmatch(relative, pattern + "/*")
            for pattern in self.patterns
        )
