"""Modules: dotted names to files, which are read on demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cardlint.inference.codebase.importing import NOTHING, Found, Importing, added
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
        self.importing = Importing(tree.layout)
        self.states: dict[str, FileState | None] = {}
        self.added: dict[str, tuple[str, ...]] = {}
        """for each file that changes the path, the folders that it puts there"""
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
                module, is_package = self.layout.module_of[path]
                state = FileState(facts, module, is_package, self.tree.is_test(path))
        self.states[path] = state
        return state

    def find(self, module: str, importer: FileState) -> Found:
        """Return the file or the folders that a module name leads to in a file, with leading dots or without."""
        if module[:1] != "." and (folders := self._added(importer)):
            found = self.importing.find_in(folders, module)
            if found.path is not None:
                return found
        return self.importing.find(module, importer.path)

    def _added(self, state: FileState) -> tuple[str, ...]:
        known = self.added.get(state.path)
        if known is None:
            text = state.ir.text
            known = self.added[state.path] = added(text, state.path.rpartition("/")[0]) if "sys.path" in text else ()
        return known

    def part(self, state: FileState, name: str) -> Found:
        """Return the module or package of this name inside of a package."""
        path = state.path
        return self.importing.below([path.rpartition("/")[0]], name) if path.rpartition("/")[2] == "__init__.py" else NOTHING

    def below(self, folders: Sequence[str], name: str) -> Found:
        """Return the module or package of this name in the folders of a namespace package."""
        return self.importing.below(folders, name)
