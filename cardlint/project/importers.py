"""Which files of a project load a file: by an import, through other files, or by its name in a text.

Two files belong to one program where some file loads both. Nothing else tells that: each service of a checkout may import the same
module for the database, and a folder may hold the web program and its worker. A dotted name in a text is a module, or a class of one,
that a framework loads by its name. Function names are left out: a program that sends a task names it so and does not load it.

A script says the opposite as well: what its program neither loads nor starts is not in it. That needs all that the script loads, and each
module or file that a text of it names, such as `gunicorn app.main:app`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from cardlint.common.textscan import COMMENT_OR_STRING, IMPORTED, QUOTED_MODULE, WORD
from cardlint.files.opening import beginning
from cardlint.inference.codebase.modules import Modules
from cardlint.inference.domain.frames import FileState
from cardlint.ir.terms import Import
from cardlint.knowledge import conventions, processes

if TYPE_CHECKING:
    from cardlint.project.project import Project

MAX_LOADING = 100
"""Files that one run asks what they import: with more of them it is left open which programs a file belongs to.

Asking a file means to lower what it writes: 400 files took six seconds.
"""

COMMANDS = conventions.names(processes.COMMANDS)
LOADS_BY_NAME = conventions.names(processes.LOADS_BY_NAME)
SERVERS = conventions.names(processes.WORKER_SERVERS)
ALL_ARGUMENTS = ("$@", "$*", "${@", "${*")
BEFORE_COMMANDS = ("exec", "eval", "nohup", "sudo", "env", "python", "-m")
"""Words of a shell script that a program follows."""
SHELL_MARKS = str.maketrans(dict.fromkeys("'\"=;&|()`", " "))
MAX_BYTES = 200_000


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
        return self._imports(state, name) if state is not None else frozenset()

    def _imports(self, state: FileState, name: str) -> frozenset[str]:
        """Return what the module of a file and its functions with a word load."""
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

    def program_of(self, path: str, run: Collection[str]) -> frozenset[str] | None:
        """Return all files that the programs with a file load or start; None where that is left open.

        It is left open where nothing runs the first file of one as a program: a server or a framework loads it, with other files.
        """
        loaders = self.of(path)
        if loaders is None:
            return None
        first = [p for p in loaders if not self._direct(p)]
        if not first or any(p not in run and posixpath.basename(p) != "__main__.py" and not self._is_command(p) for p in first):
            return None
        return self._all_loaded(loaders)

    def _all_loaded(self, first: Collection[str]) -> frozenset[str] | None:
        """Return some files with all that they load or start; None where that is left open."""
        found = set(first)
        waiting = sorted(first)
        while waiting:
            loaded = self._program_part(waiting.pop())
            if loaded is None or len(found | loaded) > MAX_LOADING:
                return None
            waiting.extend(loaded - found)
            found |= loaded
        return frozenset(found)

    def _is_command(self, path: str) -> bool:
        """Tell whether a file that nothing loads starts another program: it is run for that."""
        state = self.modules.state(path)
        return state is not None and _holds(state.ir.text, COMMANDS)

    def _program_part(self, path: str) -> frozenset[str] | None:
        """Return what a file loads or starts, with each `__init__` above it; None where it may be anything."""
        state = self.modules.state(path)
        if state is None:
            return frozenset()
        started = self._named(path, _words(state.ir.text))
        if _holds(state.ir.text, LOADS_BY_NAME) or (not started and _holds(state.ir.text, COMMANDS)):
            return None
        known = set(self.project.paths())
        folders = [path.rpartition("/")[0]]
        while folders[-1]:
            folders.append(folders[-1].rpartition("/")[0])
        above = {f"{folder}/__init__.py".lstrip("/") for folder in folders} & known
        return self._imports(state, "import") | started | above

    def started_by(self, path: str) -> frozenset[str] | None:
        """Return all files of the programs that a shell script names; None where it may start others: those of its arguments."""
        text = str(beginning(path, MAX_BYTES), "utf-8", "replace")
        words = []
        for line in text.translate(SHELL_MARKS).splitlines():
            before = "exec"
            for word in line.split():
                if word.startswith(ALL_ARGUMENTS) or (word[0] == "$" != word and before.startswith(BEFORE_COMMANDS)):
                    return None
                words.append(before := word)
        served = self._named(path, (word for word in words if ":" in word))
        found = set(self._named(path, words))
        if not found or (not served and _holds(text, SERVERS)):
            return None
        return self._all_loaded(found)

    def _named(self, path: str, words: Iterable[str]) -> frozenset[str]:
        """Return the files that words of a file name: `app.main:app`, `-m app`, `/srv/app/main.py`."""
        found: set[str | None] = set()
        before = ""
        for word in words:
            module, colon, _ = word.partition(":")
            if before == "-m":
                found.update(self.modules.importing.find(name, path).path for name in (word, f"{word}.__main__"))
            elif word.endswith(".py"):
                found |= self._ending(word)
            elif (colon or "." in word) and module.replace(".", "").isidentifier() and module[0] != ".":
                found.add(self.modules.importing.find(module, path).path)
            before = word
        return frozenset(path for path in found if path is not None and not self.project.is_test(path))

    def _ending(self, name: str) -> frozenset[str]:
        """Return the files that a path may lead to: it may begin where the program is installed."""
        end = name.lstrip("./")
        while end:
            found = frozenset(p for p in self.project.paths() if p == end or p.endswith(f"/{end}"))
            if found:
                return found
            end = end.partition("/")[2]
        return frozenset()


def _words(text: str) -> Iterator[str]:
    """Yield the words of the strings of a file, in order."""
    for found in COMMENT_OR_STRING.regex.finditer(text):
        if not found[0].startswith("#"):
            yield from found[0].strip("\"'").split()


def _holds(text: str, words: Iterable[str]) -> bool:
    return any(word in text and WORD.of(name=(word,)).search(text) is not None for word in words)


def programs(project: Project, signs: Iterable[str], run: Collection[str]) -> dict[str, frozenset[str]]:
    """Return for some files all files of the programs that they are in. A file is left out where its programs are left open."""
    importers = Importers(project)
    python = set(project.paths())
    scripts = (path for path in sorted(set(signs)) if path in python or path.endswith(".sh"))
    found = {path: importers.program_of(path, run) if path in python else importers.started_by(path) for path in scripts}
    return {path: files for path, files in found.items() if files is not None}


def loading(project: Project, paths: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return for some files the files that load them; one with too many of these is left out."""
    importers = Importers(project)
    found = {path: importers.of(path) for path in sorted(set(paths))}
    return {path: files for path, files in found.items() if files is not None}
