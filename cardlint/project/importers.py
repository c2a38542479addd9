"""Which files of a project load a file: by an import, through other files, or by its name in a text.

Two files belong to one program where some file loads both. Nothing else tells that: each service of a checkout may import the same
module for the database, and a folder may hold the web program and its worker. A dotted name in a text is a module, or a class of one,
that a framework loads by its name. Function names are left out: a program that sends a task names it so and does not load it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cardlint.common.textscan import IMPORTED, QUOTED_MODULE
from cardlint.inference.codebase.modules import Modules
from cardlint.inference.domain.frames import FileState
from cardlint.ir.terms import Import

if TYPE_CHECKING:
    from cardlint.project.project import Project

MAX_LOADING = 100
"""Files that one run asks what they import: with more of them it is left open which programs a file belongs to.

Asking a file means to lower what it writes: 400 files took six seconds.
"""


class Importers:
    """The importers of the files of one project, asked file by file."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.modules = Modules(project, lambda: None)
        self.direct: dict[str, frozenset[str]] = {}
        self.asked: set[str] = set()

    def of(self, path: str) -> frozenset[str] | None:
        """Return a file and all files that load it, directly or through others; None where they are too many to ask."""
        found = {path}
        waiting = [path]
        while waiting:
            fresh = self._direct(waiting.pop()) - found
            if len(self.asked) > MAX_LOADING or len(found) > MAX_LOADING:
                return None
            found |= fresh
            waiting.extend(fresh)
        return frozenset(found)

    def _direct(self, path: str) -> frozenset[str]:
        """Return the files that load a file themselves. Each module of a package loads its `__init__`."""
        known = self.direct.get(path)
        if known is None:
            folder, _, base = path.rpartition("/")
            name = posixpath.basename(folder) if base == "__init__.py" else base.removesuffix(".py")
            inner = [p for p in self.project.paths() if p.startswith(f"{folder}/")] if base == "__init__.py" else []
            naming = {p for form in ("import", "module") for p in self.project.mentioning(name, form, tests=False)} if name else set()
            found = [p for p in inner if not self.project.is_test(p)]
            found.extend(p for p in sorted(naming) if p != path and path in self._loaded(p, name))
            known = self.direct[path] = frozenset(found) - {path}
        return known

    def _loaded(self, path: str, name: str) -> frozenset[str]:
        """Return what a file loads where it writes a name: by imports, and by dotted names in quotes."""
        if len(self.asked) > MAX_LOADING:
            return frozenset()
        self.asked.add(path)
        state = self.modules.state(path)
        if state is None:
            return frozenset()
        state.ir.reveal(name)
        imports = {d.term for ir in list(state.ir.functions) for d in ir.defs if isinstance(d.term, Import)}
        found = {target for term in imports for target in self._imported(term, state)}
        text = state.ir.text
        for listed in IMPORTED.regex.findall(text):  # `import app.metrics` binds `app` alone
            found.update(self.modules.find(module.split()[0], state).path for module in listed[1].split(",") if module.split())
        for dotted in QUOTED_MODULE.regex.findall(text):
            within, _, last = dotted.rpartition(".")
            names = (dotted, within) if last[:1].isupper() and "." in within else (dotted,)  # `jobs.tasks.send` is the name of a task
            found.update(self.modules.find(module, state).path for module in names)
        return frozenset(target for target in found if target is not None)

    def _imported(self, term: Import, state: FileState) -> Iterable[str | None]:
        """List the files that an import loads: the module it names, and the submodule that it takes from a package."""
        yield self.modules.find(term.module, state).path
        if term.name:
            yield self.modules.find(f"{term.module}{'' if term.module.endswith('.') else '.'}{term.name}", state).path


def loading(project: Project, paths: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return for some files the files that load them; one with too many of these is left out."""
    importers = Importers(project)
    found = {path: importers.of(path) for path in sorted(set(paths))}
    return {path: files for path, files in found.items() if files is not None}
