"""Importing: from the name that an import gives to the file or folder that Python finds under it.

Python looks in the folders of `sys.path`, one after the other; in each of them a package comes before a module of the same name,
and a folder without `__init__.py` is a package only where no folder holds more than that. Which folders are on the path is
guessed for each importing file: two projects of one run each have their own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from msgspec import Struct

from cardlint.common.textscan import PARENT, PATH_CHANGED, QUOTED_PATH
from cardlint.inference.codebase.layout import ROOTS, Layout


class Found(Struct, frozen=True):
    """What an import leads to: a file, or the folders of a namespace package."""

    path: str | None
    folders: tuple[str, ...] = ()


NOTHING = Found(None)


class Importing:
    """The imports of one tree. Answers are kept by the folder that asks: all files of one folder have the same path."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.known = layout.known
        self.kept: dict[tuple[str, str], Found] = {}
        self.paths: dict[str, tuple[str, ...]] = {}
        self.suffixes: dict[str, list[str]] = {}

    def find(self, module: str, importer: str) -> Found:
        """Return what a module name means in a file, with leading dots or without."""
        folder = importer.rpartition("/")[0]
        found = self.kept.get((module, folder))
        if found is None:
            found = self.kept[module, folder] = self._relative(module, folder) if module[:1] == "." else self._absolute(module, folder)
        if found.path == importer and module[:1] != "." and self.layout.module_of[importer][0] != module:
            return self._absolute(module, folder, importer)  # `redis.py` in the folder of other scripts means the library
        return found

    def find_in(self, folders: Sequence[str], module: str) -> Found:
        """Return what a module name means in folders that a file has put on the path itself."""
        return self._walk(module.split("."), [_slashed(folder) for folder in folders])

    def below(self, folders: Sequence[str], name: str) -> Found:
        """Return the module or package under one more name in the folders of a package."""
        return self._walk([name], [folder + "/" if folder else "" for folder in folders])

    def _relative(self, module: str, folder: str) -> Found:
        name = module.lstrip(".")
        for _ in range(len(module) - len(name) - 1):
            folder = folder.rpartition("/")[0]
        if name:
            return self._walk(name.split("."), [folder + "/" if folder else ""])
        path = f"{folder}/__init__.py" if folder else "__init__.py"
        return Found(path) if path in self.known else Found(None, (folder,))

    def _absolute(self, module: str, folder: str, besides: str = "") -> Found:
        parts = module.split(".")
        if parts[0] in sys.stdlib_module_names:
            # `http` is Python's own, also where the package has a folder of that name; what lies at the root comes before it
            found = self._walk(parts, [_slashed(self.layout.tops.get(folder, "")), *self.layout.roots])
            return found if found.path is not None else NOTHING
        namespace = NOTHING
        path = self.search_path(folder)
        for root in path:
            found = self._walk(parts, [root])
            if found.path is not None and found.path != besides:
                return found
            namespace = namespace if namespace.folders else found
        together = self._walk(parts, path)
        if together.path is not None and together.path != besides:
            return together
        elsewhere = self._elsewhere(module, folder)
        if elsewhere is not None and elsewhere != besides:
            return Found(elsewhere)
        return together if together.folders else namespace if namespace.folders else NOTHING

    def search_path(self, folder: str) -> tuple[str, ...]:
        """Return the folders in which a file of this folder looks for modules, the nearest first.

        That is the folder of a script, the folder that its package lies in, the configured ones, and those above with their `src`.
        """
        known = self.paths.get(folder)
        if known is None:
            top = self.layout.tops.get(folder, "")
            own = [] if _slashed(folder) + "__init__.py" in self.known else [folder]
            found = dict.fromkeys(_slashed(place) for place in [*own, top, *(r.rstrip("/") for r in self.layout.roots)])
            for above in _upwards(folder if own else top):
                # a folder inside of a package is no place to import from
                if _slashed(above) + "__init__.py" in self.known and above != top and above:
                    continue
                for place in (above, *(_slashed(above) + root for root in ROOTS[:2])):
                    if not place or place in self.layout.folders:
                        found[_slashed(place)] = None
            known = self.paths[folder] = tuple(found)
        return known

    def _walk(self, parts: Sequence[str], roots: Sequence[str]) -> Found:
        """Follow the parts of a name from some folders, all of which are on the path."""
        path: str | None = None
        for position, part in enumerate(parts):
            path, portions = None, []
            for root in roots:
                base = root + part
                if base + "/__init__.py" in self.known:
                    path, portions = base + "/__init__.py", [base + "/"]
                    break
                if base + ".py" in self.known:
                    path, portions = base + ".py", []
                    break
                if base in self.layout.folders:
                    portions.append(base + "/")
            if not portions and (path is None or position < len(parts) - 1):
                return NOTHING
            roots = portions
        return Found(path) if path is not None else Found(None, tuple(root.rstrip("/") for root in roots))

    def _elsewhere(self, module: str, folder: str) -> str | None:
        """Look for a module that is in no folder of the known path: trees are analysed from above or below their root."""
        hits = self.layout.names.get(module, [])
        if hits:
            return max(hits, key=lambda path: (_common(path, folder), -hits.index(path)))
        package = self.layout.packages.get(folder, "")
        while package:
            near = self.layout.names.get(f"{package}.{module}")
            if near:
                return max(near, key=lambda path: (_common(path, folder), -near.index(path)))
            package = package.rpartition(".")[0]
        if not self.suffixes:
            for name, where in self.layout.names.items():
                parts = name.split(".")
                for start in range(1, len(parts)):
                    self.suffixes.setdefault(".".join(parts[start:]), []).extend(where)
            self.suffixes.setdefault("", [])
        tails = self.suffixes.get(module, [])
        if len(tails) == 1 and ("." in module or tails[0].count("/") <= 1):
            return tails[0]
        rest = module.partition(".")[2]
        if rest and "__init__.py" in self.known:  # the analysed folder itself is the package
            return self._walk(rest.split("."), [""]).path
        return None


def added(text: str, folder: str) -> tuple[str, ...]:
    """List the folders that the text of a file in a folder puts on the path: parts that are written out, below its own folder or above.

    `os.path.join(os.path.dirname(__file__), "..", "vendor")` is one; each call of `dirname` behind the first goes up by one.
    """
    found: dict[str, None] = {}
    for match in PATH_CHANGED.regex.finditer(text):
        spelled = match[1]
        ups = max(0, spelled.count("dirname(") + len(PARENT.regex.findall(spelled)) - 1)
        parts = [part for name in QUOTED_PATH.regex.findall(spelled) for part in name.split("/") if part not in ("", ".")]
        places = folder.split("/") if folder else []
        for part in [".."] * ups + parts:
            if part != "..":
                places.append(part)
            elif places:
                places.pop()
        found["/".join(places)] = None
    return tuple(found)


def _slashed(folder: str) -> str:
    return folder + "/" if folder and not folder.endswith("/") else folder


def _upwards(folder: str) -> Iterator[str]:
    """List a folder and those above it, up to the top of the tree."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def _common(path: str, folder: str) -> int:
    """Count the folders that a path shares with a folder, from the top."""
    count = 0
    for one, other in zip(path.split("/"), folder.split("/"), strict=False):
        if one != other:
            break
        count += 1
    return count
