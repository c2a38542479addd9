"""Nested configuration: each file is judged by the nearest configuration above it, as the parts of a monorepo expect.

The program is still analysed as one: a shared package has its callers in every part. Rows about libraries and functions hold for
the whole program, whichever file they are in. The selection of rules, limits, ignores, label names, `pedantic` and `fail-on` are
those of the nearest file.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from msgspec.structs import replace

from cardlint.config import Config, check_version, load, own_file
from cardlint.files.excluding import Excludes


def with_nested(config: Config, files: Sequence[str]) -> tuple[Config, list[str]]:
    """Return a configuration with those of the folders below it, and the files that none of them leaves out.

    A configuration that was named on the command line, or that was not looked for, holds for all files.
    """
    if config.settled:
        return config, list(files)
    places = _Places(config)
    by_folder: dict[str, list[str]] = {}
    for path in files:
        by_folder.setdefault(os.path.dirname(path), []).append(path)
    found: dict[str, list[str]] = {}
    for folder, inside in by_folder.items():
        found.setdefault(places.of(folder), []).extend(inside)
    nested, kept = [], found.pop("", [])
    for place in sorted(found):
        own = load(place, explicit=place)
        check_version(own)
        nested.append(own)
        kept += _left(found[place], own)
    return replace(config, nested=tuple(nested), settled=True), sorted(kept)


class _Places:
    """Finds the nearest configuration file of folders; '' is the one of the run."""

    def __init__(self, config: Config) -> None:
        self._main = os.path.abspath(config.source) if config.source else ""
        self._root = os.path.abspath(config.root)
        self._known: dict[str, str] = {self._root: ""}

    def of(self, folder: str) -> str:
        return self._nearest(os.path.abspath(folder))

    def _nearest(self, folder: str) -> str:
        passed = []
        while (known := self._known.get(folder)) is None:
            own = own_file(folder)
            parent = os.path.dirname(folder)
            if own or parent == folder or (not self._below(folder) and os.path.exists(os.path.join(folder, ".git"))):
                known = self._known[folder] = own if own != self._main else ""
                break
            passed.append(folder)
            folder = parent
        self._known.update(dict.fromkeys(passed, known))
        return known

    def _below(self, folder: str) -> bool:
        return folder.startswith(self._root.rstrip(os.sep) + os.sep)


def _left(files: Sequence[str], config: Config) -> list[str]:
    """Return the files that a nested configuration does not exclude; the excludes above it hold as well."""
    excluded = Excludes((*config.exclude, *config.extend_exclude))
    return [path for path in files if not excluded(os.path.relpath(path, config.root).replace(os.sep, "/"))]


class Nearest:
    """Tells which of several configurations holds for a file."""

    def __init__(self, config: Config) -> None:
        self._main = config
        self._roots = {os.path.abspath(one.root): one for one in (config, *config.nested)} if config.nested else {}
        self._known: dict[str, Config] = {}

    def __call__(self, path: str) -> Config:
        """Return the nearest configuration of a file, that of the run where there is no nearer one."""
        if not self._roots:
            return self._main
        folder = os.path.dirname(path)
        if folder not in self._known:
            above = os.path.abspath(folder)
            while above not in self._roots and above != os.path.dirname(above):
                above = os.path.dirname(above)
            self._known[folder] = self._roots.get(above, self._main)
        return self._known[folder]
