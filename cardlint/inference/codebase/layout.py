"""Layout: which module a file is, and to which top-level package it belongs.

Import roots are guessed the way Python packages are laid out: the folder above the topmost `__init__.py`, the
configured `src` folders, and the top of the analysed folder.
"""

from __future__ import annotations

from collections.abc import Sequence

ROOTS = ("src", "lib", "..")
"""Folders that hold packages but are no packages."""


class Layout:
    """The modules of a tree by the paths of its files alone. `src` are folders that are import roots."""

    def __init__(self, paths: Sequence[str], src: Sequence[str] = ()) -> None:
        self.known = frozenset(paths)
        self.names: dict[str, str] = {}
        """paths by module name"""
        self.module_of: dict[str, tuple[str, bool]] = {}
        """for each file its module, and whether it is the `__init__` of a package"""
        self.packages: set[str] = set()
        """dotted names of the folders that hold modules"""
        self.roots = sorted((r.strip("/") + "/" for r in src), key=len, reverse=True)
        folders: dict[str, str] = {}
        for path in paths:
            self._register(path, folders)

    def _register(self, path: str, folders: dict[str, str]) -> None:
        folder, _, name = path.rpartition("/")
        package = folders.get(folder)
        if package is None:
            package = folders[folder] = self._package(folder)
        stem = name.removesuffix(".py")
        is_package = stem == "__init__"
        module = package if is_package else f"{package}.{stem}" if package else stem
        self.module_of[path] = (module, is_package)
        if module:
            self.names.setdefault(module, path)
        parts = module.split(".")
        for end in range(1, len(parts)):
            self.packages.add(".".join(parts[:end]))

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
