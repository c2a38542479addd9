"""Evidence of multiprocess mode: which of the several programs of a checkout it is about."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from cardlint.findings import Step
from cardlint.inference.program import ExternalCall, Metric, Program
from cardlint.rules._inventory import ALONE


class ModeEvidence:
    """Tells which evidence of multiprocess mode concerns a metric.

    A checkout may hold several programs. If the nearest folder that serves its own metrics has no sign of the mode, signs
    elsewhere belong to another program. A Dockerfile or a gunicorn configuration starts processes and counts for all
    programs, unless one of them collects the values of all processes in its own folder and another folder, neither above nor
    below that one, exposes the values of its own process. If each file with a sign is in a program that collects for itself, a file
    that exposes its own process is another program, unless some file loads both or one folder holds both. Then a metric of that program
    is not concerned, as long as no program with a sign loads it as well. A sign in one project of the checkout says nothing of another
    project next to it. A metric in a registry that the program exposes itself shows the values of its own process. A sign in a script
    concerns what the script loads or starts, and what is in its folder, above or below it: a script may expose what its neighbours write.

    The files are read once: programs with thousands of metrics ask for each of them.
    """

    def __init__(self, program: Program) -> None:
        self._projects = frozenset(program.projects)
        self._evidence = [(step, self._project(posixpath.dirname(step.place.path))) for step in program.multiprocess_evidence]
        self._programs = program.programs
        self._concerning: dict[str, Step | None] = {}
        """the first evidence that concerns each file"""
        collected = {c.registry_at for c in program.externals if c.role == "all-processes"}
        self._exposed = {c.registry_at for c in program.externals if c.role in ALONE and not c.in_test} - collected - {None}
        signs = [step.place.path for step in program.multiprocess_evidence]
        code = [path for path in signs if path.endswith(".py") and not is_server_configuration(path)]
        for_all = len(code) < len(signs)
        calls = [c for c in program.externals if not c.in_test]
        served = () if for_all else {c.place.path for c in calls if c.role == "serve"}
        exposing = {c.place.path for c in calls if exposes_one_process(c)}
        collecting = {c.place.path for c in calls if c.role == "all-processes"}
        self._together = Together(program)
        self._code = code
        complete = not for_all and all(self._collects(path, collecting) for path in code)
        self._apart = [e for e in sorted(exposing) if complete and not any(self._together(e, c) for c in code)]
        """files that expose the values of their own process, in other programs than those with a sign"""
        self._apart_folders = frozenset(_folder(e) for e in self._apart if not any(_are_nested(e, c) for c in code))
        self._is_apart: dict[str, bool] = {}
        self._alone = frozenset(served) - frozenset(signs)
        """files that serve their own metrics and have no sign: each is a program"""
        self._serving = _folders_above(served)
        self._signed = _folders_above(signs) if self._serving else frozenset()
        own = [path for path in signs if path.endswith(".py")]
        self._collecting = _folders_above(own) if for_all and any(not _are_nested(e, c) for e in exposing for c in code) else frozenset()
        self._own = frozenset(_folder(path) for path in own)

    def __call__(self, metric: Metric) -> Step | None:
        """Return the evidence for a metric, None where there is none."""
        folder = _folder(metric.place.path)
        first = self.of_file(metric.place.path)
        if metric.place.path in self._alone or metric.registry_at in self._exposed:
            return None
        if first is None or self._of_another_program(metric.place.path) or (self._collecting and not self._is_collected(metric.place.path)):
            return None
        if not self._serving:
            return first
        while folder.strip("/.") and folder not in self._serving:  # a name may begin with `/` or `../`
            folder = posixpath.dirname(folder)
        return first if not folder.strip("/.") or folder in self._signed else None

    def of_file(self, path: str) -> Step | None:
        """Return the first evidence for a file: in its project, in one that this is a part of, or in a part of it; not in a script apart."""
        if path not in self._concerning:
            own = self._project(_folder(path))
            near = (step for step, other in self._evidence if not own or not other or _is_above(own, other) or _is_above(other, own))
            self._concerning[path] = next((step for step in near if self._is_of_program(path, step.place.path)), None)
        return self._concerning[path]

    def _is_of_program(self, path: str, sign: str) -> bool:
        """Tell whether a file may be of a program with a sign: its folder tells that, or the program loads or starts it."""
        program = self._programs.get(sign)
        return program is None or path in program or _are_nested(path, sign)

    def _project(self, folder: str) -> str:
        """Return the folder of the project that a folder is in, '' for none and for the top."""
        while folder.strip("/.") and folder not in self._projects:
            folder = posixpath.dirname(folder)
        return folder if folder.strip("/.") else ""

    def _is_collected(self, path: str) -> bool:
        """Tell whether a program that collects the values of all processes loads a file, or has a folder above or below it."""
        folder = _folder(path)
        return folder in self._collecting or _is_below(folder, self._own) or self._is_loaded_with_a_sign(path)

    def _is_loaded_with_a_sign(self, path: str) -> bool:
        return any(self._together.are_loaded(path, sign) for sign in self._code)

    def _collects(self, sign: str, collecting: Iterable[str]) -> bool:
        """Tell whether the program with a sign collects the values of its processes: one that only sets the variable may start others."""
        return any(_folder(sign) == _folder(path) or self._together.are_loaded(sign, path) for path in collecting)

    def _of_another_program(self, path: str) -> bool:
        """Tell whether a file belongs to a program that exposes its own process, and to none with a sign."""
        if not self._apart:
            return False
        known = self._is_apart.get(path)
        if known is None:
            near = _is_below(_folder(path), self._apart_folders) or any(self._together.are_loaded(path, other) for other in self._apart)
            known = self._is_apart[path] = near and not self._is_loaded_with_a_sign(path)
        return known


class Together:
    """Tells whether two files belong to one program: some file loads both.

    Frameworks load modules without an import. So two files of which one is in the folder of the other, or below it, belong together
    unless each of them is loaded by a file that runs as a program.
    """

    def __init__(self, program: Program) -> None:
        self._loaded_by = program.loaded_by
        serving = {call.place.path for call in program.externals if call.role == "serve" and not call.in_test}
        self._programs = serving | program.started

    def __call__(self, one: str, other: str) -> bool:
        """Tell whether one program loads both files, as far as imports and folders tell."""
        return self.are_loaded(one, other) or (_are_nested(one, other) and not (self._runs(one) and self._runs(other)))

    def are_loaded(self, one: str, other: str) -> bool:
        """Tell whether some file is known to load both."""
        return one == other or not self._loaders(one).isdisjoint(self._loaders(other))

    def _runs(self, path: str) -> bool:
        return not self._programs.isdisjoint(self._loaders(path))

    def _loaders(self, path: str) -> frozenset[str]:
        return self._loaded_by.get(path, frozenset())


def is_server_configuration(path: str) -> bool:
    """Tell whether a Python file configures a server, which loads it besides the program."""
    return posixpath.basename(path).startswith("gunicorn")


def exposes_one_process(call: ExternalCall) -> bool:
    """Tell whether a call exposes the values of its own process: those of the default registry."""
    if call.role == "serve":
        return "registry" not in call.keywords
    return call.role == "render" and call.registry in ("", "default")


def _folder(path: str) -> str:
    return posixpath.dirname(path)


def _are_nested(path: str, another: str) -> bool:
    """Tell whether two files are in one folder, or one of them is in a folder below that of the other."""
    one, other = _folder(path), _folder(another)
    return not one or not other or _is_above(one, other) or _is_above(other, one)


def _is_above(folder: str, other: str) -> bool:
    """Tell whether a folder is another one or holds it."""
    return folder == other or other.startswith(folder + "/")


def _is_below(folder: str, others: frozenset[str]) -> bool:
    """Tell whether a folder is one of several, or is in one of them."""
    while folder.strip("/."):
        if folder in others:
            return True
        folder = posixpath.dirname(folder)
    return False


def _folders_above(paths: Iterable[str]) -> frozenset[str]:
    """Return all folders that hold some files, at any depth."""
    found: set[str] = set()
    for path in paths:
        folder = posixpath.dirname(path)
        while folder not in found:
            found.add(folder)
            folder = posixpath.dirname(folder)
    return frozenset(found)
