"""Checkouts: the Python files of a work tree that git tracks, or would track, found without git.

The folders are walked once. The names come from the disk and never from the index, so none leads out of the checkout.
"""

from __future__ import annotations

import os
from functools import cached_property
from stat import S_ISDIR

from cardlint.files import repository
from cardlint.files.excluding import Excludes
from cardlint.files.ignoring import Patterns, from_file
from cardlint.files.index import Tracked, tracked
from cardlint.files.repository import Repository

Levels = tuple[tuple[str, Patterns], ...]
"""Pattern files that apply to a folder, the weakest first, each with the path from the top to its folder."""


class Checkout:
    """One work tree: what it tracks and what it ignores."""

    def __init__(self, found: Repository) -> None:
        self.repository = found
        self.tracked: Tracked | None = tracked(found)
        """None when the index cannot be understood"""

    @cached_property
    def _settings(self) -> tuple[str, bool]:
        return repository.settings(self.repository)

    @cached_property
    def _outermost(self) -> Levels:
        everywhere, ignore_case = self._settings
        files = (everywhere, os.path.join(self.repository.common, "info", "exclude"))
        return tuple(("", found) for file in reversed(files) if (found := from_file(file, ignore_case)) is not None)

    def listed(self, folder: str, excluded: Excludes) -> list[str]:
        """List the Python files below a folder, relative to it; excluded folders are not entered.

        Below an ignored folder, and below another repository, only tracked files count. An entry that cannot be read is
        listed.
        """
        above = os.path.relpath(os.path.realpath(folder), self.repository.top).replace(os.sep, "/")
        base = "" if above == "." else above + "/"
        tracked = self.tracked
        assert tracked is not None
        out: list[str] = []
        stack = [("", *self._down_to(base))]
        while stack:
            prefix, levels, dead = stack.pop()
            try:
                with os.scandir(os.path.join(folder, prefix)) as scanned:
                    entries = list(scanned)
            except OSError:
                out.append(prefix.rstrip("/"))
                continue
            levels, dead = self._inside(folder, prefix, base, levels, dead, entries)
            whole = base + prefix
            ignoring = (*levels[::-1], *self._outermost)
            for entry in entries:
                name = entry.name
                if entry.is_dir(follow_symlinks=False):
                    if name == ".git" or excluded.entry(prefix, name):
                        continue
                    closed = dead or ignored(whole + name, name, True, ignoring)
                    if not closed or whole + name in tracked.folders:
                        stack.append((f"{prefix}{name}/", levels, closed))
                    continue
                source = name.endswith(".py")
                if not source and not entry.is_symlink():
                    continue
                if excluded.entry(prefix, name):
                    continue
                if whole + name not in tracked.files and (dead or ignored(whole + name, name, False, ignoring)):
                    continue
                if not entry.is_symlink() or _counts(entry.path, source):
                    out.append(prefix + name)
        return out

    def _inside(
        self, folder: str, prefix: str, base: str, levels: Levels, dead: bool, entries: list[os.DirEntry[str]]
    ) -> tuple[Levels, bool]:
        """Return the patterns that apply to a folder, and whether only tracked files count there."""
        for entry in entries:
            if entry.name == ".gitignore" and not dead and not entry.is_symlink():
                own = from_file(entry.path, self._settings[1])
                levels = levels if own is None else (*levels, (base + prefix, own))
            elif entry.name == ".git" and (prefix or base) and repository.at(os.path.join(folder, prefix)) is not None:
                dead = dead or os.path.realpath(os.path.join(folder, prefix)) != self.repository.top
        return levels, dead

    def _down_to(self, base: str) -> tuple[Levels, bool]:
        """Return the patterns that apply to a folder by those above it, and whether one of them ignores it."""
        levels: Levels = ()
        above = ""
        for name in base.split("/")[:-1]:
            levels = self._level(above, levels)
            if ignored(above + name, name, True, (*levels[::-1], *self._outermost)):
                return levels, True
            above += name + "/"
        return levels, False

    def _level(self, above: str, levels: Levels) -> Levels:
        file = os.path.join(self.repository.top, above, ".gitignore")
        own = None if os.path.islink(file) else from_file(file, self._settings[1])
        return levels if own is None else (*levels, (above, own))

    def ignores(self, path: str) -> bool:
        """Tell whether git leaves a file out: one that it does not track and that a pattern ignores; the path is from the top."""
        if self.tracked is not None and path in self.tracked.files:
            return False
        folder, _, name = path.rpartition("/")
        base = folder + "/" if folder else ""
        levels, dead = self._down_to(base)
        return dead or ignored(path, name, False, (*self._level(base, levels)[::-1], *self._outermost))


def ignored(path: str, name: str, folder: bool, ignoring: Levels) -> bool:
    """Tell whether patterns ignore an entry, by its path from the top; the first pattern file with a match decides."""
    for base, patterns in ignoring:
        said = patterns.decide(path[len(base) :], name, folder)
        if said is not None:
            return said
    return False


def _counts(link: str, source: bool) -> bool:
    """Tell whether a link is a file of the run, or one that cannot be read: git follows no link to a folder."""
    try:
        return not S_ISDIR(os.stat(link).st_mode) and source
    except FileNotFoundError:
        return source
    except OSError:
        return True
