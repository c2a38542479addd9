"""Layout: which module a file is, and to which top-level package it belongs.

Import roots are guessed from how Python packages are laid out: the folder above the topmost `__init__.py`, the
configured `src` folders, and the top of the analysed folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

ROOTS = ("src", "lib", "..")
"""Folders that hold packages but are no packages."""


class Layout:
    """The modules of a tree by the paths of its files alone. `src` are folders that are import roots."""

    def __init__(self, paths: Sequence[str], src: Sequence[str] = ()) -> None:
        self.known = frozenset(paths)
        self.paths = paths
        self.module_of: dict[str, tuple[str, bool]] = {}
        """for each file its module, and whether it is the `__init__` of a package"""
        self.roots = sorted((r.strip("/") + "/" for r in src), key=len, reverse=True)
        self.tops: dict[str, str] = {}
        """for each folder with files, the folder that its package is imported from"""
        self.packages: dict[str, str] = {}
        """for each folder with files, the dotted name of the package that they are in"""
        for path in paths:
            self._register(path)

    def _register(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        package = self.packages.get(folder)
        if package is None:
            package = self.packages[folder] = self._package(folder)
            self.tops[folder] = _above(folder, package.count(".") + 1 if package else 0)
        stem = name.removesuffix(".py")
        is_package = stem == "__init__"
        self.module_of[path] = (package if is_package else f"{package}.{stem}" if package else stem, is_package)

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """Paths by module name, in order: two projects of one tree may hold modules of one name. A package comes before a module."""
        found: dict[str, list[str]] = {}
        for path in self.paths:
            module, is_package = self.module_of[path]
            if not module:
                continue
            here = found.setdefault(module, [])
            same_name = f"{path.removesuffix('/__init__.py')}.py" if is_package else ""
            here.insert(here.index(same_name) if same_name in here else len(here), path)
        return found

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds files, also further down: without `__init__.py` it is a namespace package."""
        found: set[str] = set()
        for folder in self.tops:
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    def _package(self, folder: str) -> str:
        for root in self.roots:
            if (folder + "/").startswith(root):
                return (folder + "/")[len(root) :].strip("/").replace("/", ".")
        parts = [p for p in folder.split("/") if p and p != "."]
        start = self._topmost(parts, "/" if folder.startswith("/") else "")
        if start == len(parts):  # no package here: a namespace package or a plain folder of scripts
            inner = [p for p in parts if p not in ROOTS]
            return ".".join(inner) if len(inner) == len(parts) else ".".join(parts[parts.index("src") + 1 :] if "src" in parts else inner)
        return ".".join(parts[start:])

    def _topmost(self, parts: list[str], top: str) -> int:
        """Return the folder of the topmost package of a folder.

        A folder inside of a package needs no `__init__.py` to be imported from there, and neither do those above it.
        """
        start = reached = len(parts)
        while reached > 0:
            if top + "/".join([*parts[:reached], "__init__.py"]) in self.known:
                start = reached - 1
            elif not parts[reached - 1].isidentifier() or parts[reached - 1] in ROOTS:
                break
            reached -= 1
        return start

    def top(self, path: str) -> str:
        """Return the top-level package of a file, '' for a script."""
        module, is_package = self.module_of.get(path, ("", False))
        head, _, rest = module.partition(".")
        return head if rest or is_package else ""

    def reaching(self, path: str) -> tuple[str, ...]:
        """List the top-level packages to which a file may belong: its own, and each folder without `__init__.py` that it is in.

        Such a folder need not be named where its modules are imported: the path of imports may begin further down.
        """
        own = self.top(path)
        found = {own: None}
        folder = path.rpartition("/")[0]
        while folder:
            if top := self.namespaces.get(folder):
                found[top] = None
            folder = folder.rpartition("/")[0]
        return tuple(found)

    @cached_property
    def namespaces(self) -> dict[str, str]:
        """The folders without `__init__.py` that count as top-level packages, by their paths."""
        found: dict[str, str] = {}
        for folder, package in self.packages.items():
            place = "/".join(part for part in (self.tops[folder], package.partition(".")[0]) if part)
            if package and place and f"{place}/__init__.py" not in self.known:
                found[place] = package.partition(".")[0]
        return found


def _above(folder: str, levels: int) -> str:
    for _ in range(levels):
        folder = folder.rpartition("/")[0]
    return folder
