"""Modules: dotted names to files, which are read on demand."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from cardlint.inference.codebase.tree import Tree
from cardlint.inference.domain.frames import FileState
from cardlint.inference.limits import MAX_FILES


class Modules:
    """The module table of a run. A file is read at the first question for a name in it."""

    def __init__(self, tree: Tree, charge: Callable[[], None]) -> None:
        self.tree = tree
        self.charge = charge
        """called before a file is read, because a question pays for reading"""
        self.layout = tree.layout
        self.names = self.layout.names
        self.module_of = self.layout.module_of
        self.states: dict[str, FileState | None] = {}
        self.suffixes: dict[str, list[str]] = {}
        self.read = 0

    def mentioning(self, owner: FileState, name: str, form: str = "") -> Sequence[str]:
        """List the files that hold a name, among those that can refer to its owner.

        Only files that name the package can refer to its names: `run` of another package is another function. Calls, stores
        and subclasses in tests say nothing about the program without its tests.
        """
        return self.tree.mentioning(name, form, self.top(owner.path), owner.is_test)

    def top(self, path: str) -> str:
        """Return the top-level package of a file, '' for a script."""
        return self.layout.top(path)

    def state(self, path: str) -> FileState | None:
        """Return a file of the program; read it at the first call."""
        if path in self.states:
            return self.states[path]
        state: FileState | None = None
        if path in self.layout.known and self.read < MAX_FILES:
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

        A name that does not start at a root is looked up in the folder of the importing script, then by its last parts when
        they are unique: a checkout is often analysed from above or below its import root.
        """
        path = self.names.get(module)
        if path is not None:
            return path
        if module.partition(".")[0] in sys.stdlib_module_names:
            return None  # `http` is the standard library's, also where the package has a folder of that name
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
        rest = module.partition(".")[2]
        if rest and self._is_package():
            return self.names.get(rest)
        return None

    def _is_package(self) -> bool:
        """Tell whether the analysed folder itself is the package: its top level holds `__init__.py` files only below it."""
        return "__init__.py" in self.layout.known

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
        """Tell whether a dotted name is a folder that holds modules."""
        return name in self.layout.packages
