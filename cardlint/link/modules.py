"""Modules: dotted names to files, and what a module's names are.

Import roots are guessed the way Python packages are laid out: the folder above the topmost `__init__.py`, the
configured `src` folders, and the tree's own top.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from cardlint.link.frames import FileState
from cardlint.link.tree import LinkSettings, Tree

MAX_FILES = 4000
"""Files one run reads on demand; beyond it look-ups answer "not known" and the hit is counted."""


class Modules:
    """The module table of a run. Files are read when a name in them is asked for, never before."""

    def __init__(self, tree: Tree, settings: LinkSettings, charge: Callable[[], None]) -> None:
        self.tree = tree
        self.charge = charge
        """called before a file is read: reading is work that questions have to pay for"""
        self.paths = tree.paths()
        self.known = frozenset(self.paths)
        self.naming: dict[str, frozenset[str]] = {}
        """files that mention the name of a top-level package"""
        self.states: dict[str, FileState | None] = {}
        self.names: dict[str, str] = {}
        self.suffixes: dict[str, list[str]] = {}
        self.module_of: dict[str, tuple[str, bool]] = {}
        self.packages: set[str] = set()
        self.read = 0
        roots = sorted((r.strip("/") + "/" for r in settings.src), key=len, reverse=True)
        folders: dict[str, str] = {}
        for path in self.paths:
            self._register(path, roots, folders)

    def _register(self, path: str, roots: list[str], folders: dict[str, str]) -> None:
        folder, _, name = path.rpartition("/")
        package = folders.get(folder)
        if package is None:
            package = folders[folder] = self._package(folder, roots)
        stem = name.removesuffix(".py")
        is_package = stem == "__init__"
        module = package if is_package else f"{package}.{stem}" if package else stem
        self.module_of[path] = (module, is_package)
        if module:
            self.names.setdefault(module, path)
        parts = module.split(".")
        for end in range(1, len(parts)):
            self.packages.add(".".join(parts[:end]))

    def _package(self, folder: str, roots: list[str]) -> str:
        for root in roots:
            if (folder + "/").startswith(root):
                return (folder + "/")[len(root) :].strip("/").replace("/", ".")
        parts = [p for p in folder.split("/") if p and p != "."]
        start = len(parts)
        top = "/" if folder.startswith("/") else ""
        while start > 0 and top + "/".join([*parts[:start], "__init__.py"]) in self.known:
            start -= 1
        if start == len(parts):  # no package here: a namespace package or a plain folder of scripts
            inner = [p for p in parts if p not in ("src", "lib", "..")]
            return ".".join(inner) if len(inner) == len(parts) else ".".join(parts[parts.index("src") + 1 :] if "src" in parts else inner)
        return ".".join(parts[start:])

    def near(self, owner: FileState, paths: Sequence[str]) -> list[str]:
        """Leave out files that can have nothing to do with a file: those of other packages that never name its package.

        Trees often hold several packages side by side; what one of them calls `run` is none of the others' business.
        """
        top = self.top(owner.path)
        if not top or len(paths) < 2:
            return list(paths)
        naming = self.naming.get(top)
        if naming is None:
            naming = self.naming[top] = frozenset(self.tree.mentioning(top))
        return [path for path in paths if path in naming or self.top(path) == top]

    def top(self, path: str) -> str:
        """Return the top-level package of a file, '' for a script."""
        module, is_package = self.module_of.get(path, ("", False))
        head, _, rest = module.partition(".")
        return head if rest or is_package else ""

    def state(self, path: str) -> FileState | None:
        """Return a file of the tree, reading it when it is asked for the first time."""
        if path in self.states:
            return self.states[path]
        state: FileState | None = None
        if path in self.known and self.read < MAX_FILES:
            self.charge()
            facts = self.tree.facts(path)
            if facts is not None and facts.functions:
                self.read += 1
                module, is_package = self.module_of[path]
                state = FileState(facts, module, is_package, self.tree.is_test(path))
        self.states[path] = state
        return state

    def find(self, module: str, importer: FileState | None = None) -> str | None:
        """Return the path of a module by its absolute name.

        A name that does not start at a root is looked up beside the importing script, then by its tail when that is
        unique: trees are often analysed from above or below their import root.
        """
        path = self.names.get(module)
        if path is not None:
            return path
        if module.partition(".")[0] in sys.stdlib_module_names:
            return None  # `http` is Python's own, also where the package has a folder of that name
        if importer is not None:
            beside = importer.package
            while beside:
                path = self.names.get(f"{beside}.{module}")
                if path is not None:
                    return path
                beside = beside.rpartition(".")[0]
        if not self.suffixes:
            for name, where in self.names.items():
                parts = name.split(".")
                for start in range(1, len(parts)):
                    self.suffixes.setdefault(".".join(parts[start:]), []).append(where)
            self.suffixes.setdefault("", [])
        hits = self.suffixes.get(module, [])
        if len(hits) == 1 and ("." in module or hits[0].count("/") <= 1):
            return hits[0]
        head, _, rest = module.partition(".")
        if rest and self._above(head):
            return self.names.get(rest)
        return None

    def _above(self, package: str) -> bool:
        """Tell whether the analysed folder itself is the package: its top level holds `__init__.py` files only below it."""
        return "__init__.py" in self.known

    def absolute(self, state: FileState, module: str) -> str:
        """Resolve leading dots against the package of the importing file."""
        if not module.startswith("."):
            return module
        level = len(module) - len(module.lstrip("."))
        base = state.package.split(".") if state.package else []
        if level > 1:
            base = base[: len(base) - (level - 1)] if level - 1 <= len(base) else []
        return ".".join([*base, *(p for p in [module.lstrip(".")] if p)])

    def is_package(self, name: str) -> bool:
        """Tell whether a dotted name is a folder of the tree that holds modules."""
        return name in self.packages
