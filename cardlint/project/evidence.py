"""Evidence that a project runs prometheus_client in multiprocess mode, from the files around its Python code.

The variable that turns the mode on is rarely set in Python: it is set in a Dockerfile, a compose file or a systemd unit.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from cardlint.common.expressions import Expression
from cardlint.files.excluding import EXCLUDES
from cardlint.files.opening import beginning
from cardlint.findings import Place, Step
from cardlint.knowledge import clients, processes

if TYPE_CHECKING:
    from cardlint.project.project import Project

SPELLINGS = tuple(name for client in clients.CLIENTS for name in client.multiprocess_variables)
VARIABLE = Expression("|".join(SPELLINGS).encode())
ENDS_WORKER = tuple(call.name.encode() for client in clients.CLIENTS for call in client.watched if call.role == "worker-end")
SERVERS = tuple(row.name for row in processes.WORKER_SERVERS)
STARTS_WORKERS = Expression(rf"\b(?:{'|'.join(SERVERS)})\b|--workers\b|\bWEB_CONCURRENCY\b".encode())
STARTED = "workers are started by this"
MANIFESTS = frozenset(row.name for row in processes.MANIFESTS)
"""Files that declare a Python project."""
ENDINGS = (".service", ".env", ".sh", ".ini", ".conf")
MAX_DEPTH = 4
MAX_ENTRIES = 4000
MAX_BYTES = 200_000


class Evidence(Struct, frozen=True):
    """The findings of one search."""

    steps: tuple[Step, ...]
    """signs of multiprocess mode"""
    without_exit: tuple[Place, ...]
    """gunicorn configurations that do not handle dead workers"""
    ends_workers: bool
    """whether any Python file of the program does"""
    starts_workers: Step | None
    """the first sign that something starts workers"""
    projects: tuple[str, ...]
    """folders with a file that declares a Python project, such as `pyproject.toml`"""


def gather(roots: Sequence[str], project: Project, live: bool) -> Evidence:
    """Find files other than Python that turn the mode on, and what handles dead workers.

    Only where there are metrics for `live` workers does it matter what starts and ends them.
    """
    from cardlint.common.textscan import ASSIGNED_NAME

    steps = []
    listed = tuple(files(roots))
    projects = tuple(sorted({os.path.dirname(path) for path in listed if os.path.basename(path) in MANIFESTS}))
    configuring = [path for path in listed if os.path.basename(path) not in MANIFESTS]
    for path in configuring:
        found = _search(path)
        if found is not None:
            steps.append(Step(found, f"{SPELLINGS[0]} is set here"))
    places = []
    for path in project.paths():
        name = os.path.basename(path)
        if not name.startswith("gunicorn") or project.is_test(path):
            continue
        data = project.data(path) or b""
        if VARIABLE.regex.search(data):
            steps.append(Step(_place(path, data, VARIABLE.regex), f"{SPELLINGS[0]} appears in this gunicorn configuration"))
        if not any(call in data for call in ENDS_WORKER) and ASSIGNED_NAME.regex.search(data):
            places.append(_place(path, data, ASSIGNED_NAME.regex))
    if not live:
        return Evidence(tuple(steps), tuple(places), False, None, projects)
    seeds = (project.data(path) or b"" for path in project.seeds() if not project.is_test(path))
    ends_workers = any(call in data for data in seeds for call in ENDS_WORKER)
    return Evidence(tuple(steps), tuple(places), ends_workers, _starting(configuring, project), projects)


def _starting(configuring: Sequence[str], project: Project) -> Step | None:
    """Return the first sign that something starts workers: the name of a server or of a function in the code, or in what configures it."""
    for word in SERVERS:
        for path in project.mentioning(word):
            found = Expression(rf"\b{word}\b".encode()).regex
            if not project.is_test(path) and found.search(data := project.data(path) or b""):
                return Step(_place(path, data, found), STARTED)
    for start in (*processes.WORKER_STARTS, processes.WORKER_OPTION):
        for path in project.mentioning(start.name, tests=False):
            place = _started(path, str(project.data(path) or b"", "utf-8", "replace"), start)
            if place is not None:
                return Step(place, STARTED)
    for path in configuring:
        data = beginning(path, MAX_BYTES)
        if STARTS_WORKERS.regex.search(data):
            return Step(_place(path, data, STARTS_WORKERS.regex), STARTED)
    return None


def _started(path: str, text: str, start: processes.WorkerStart) -> Place | None:
    """Return the place in a file that starts processes: the file imports the module of the name, and calls it or makes a class of it.

    Names in comments and in texts say nothing: `Gauge("pool", "Active workers")`.
    """
    from cardlint.common.textscan import COMMENT_OR_STRING, IMPORTED, NAMED_OF, SEVERAL_OF

    code = COMMENT_OR_STRING.regex.sub(lambda found: "".join(c if c == "\n" else " " for c in found[0]), text)
    imports = {
        package
        for found in IMPORTED.regex.finditer(code)
        for package in _packages(found)
        if not any(m in found[0] for m in processes.OF_THREADS)
    }
    if imports.isdisjoint(start.modules):
        return None
    form = SEVERAL_OF if start is processes.WORKER_OPTION else NAMED_OF
    for found in form.of(name=(start.name,)).finditer(code):
        if form is NAMED_OF and found[1] in start.not_of:
            continue
        line = code.count("\n", 0, found.start()) + 1
        column = found.start() - (code.rfind("\n", 0, found.start()) + 1) + 1
        return Place(path, line, column, line, column + len(found[0].rstrip("(), =\t")))
    return None


def _packages(found: re.Match[str]) -> tuple[str, ...]:
    """Return the top-level packages of an import statement."""
    return (found[1],) if found[1] else tuple(name.split(".")[0].split()[0] for name in (found[2] or "").split(",") if name.split())


def files(roots: Sequence[str]) -> Iterator[str]:
    """Search the upper folders of the analysed paths for files that configure processes, or declare a project."""
    stack = [(root, 0) for root in roots if os.path.isdir(root)]
    seen = 0
    while stack:
        folder, depth = stack.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda e: e.name)
        except OSError:
            continue
        for entry in entries:
            seen += 1
            if seen > MAX_ENTRIES:
                return
            if entry.is_dir(follow_symlinks=False):
                if depth < MAX_DEPTH and entry.name not in EXCLUDES:
                    stack.append((entry.path, depth + 1))
            elif (entry.name in MANIFESTS or _configures(entry.name.lower())) and os.path.isfile(entry.path):
                yield os.path.relpath(entry.path).replace(os.sep, "/")


def _configures(name: str) -> bool:
    """Tell by its name whether a file may say how processes are started."""
    if name.endswith(ENDINGS) or name.startswith(".env") or name == "procfile" or "dockerfile" in name:
        return True
    return "compose" in name and name.endswith((".yml", ".yaml"))


def _search(path: str) -> Place | None:
    data = beginning(path, MAX_BYTES)
    return _place(path, data, VARIABLE.regex) if VARIABLE.regex.search(data) else None


def _place(path: str, data: bytes, pattern: re.Pattern[bytes]) -> Place:
    match = pattern.search(data)
    assert match is not None
    start = match.start()
    line = data.count(b"\n", 0, start) + 1
    column = len(data[data.rfind(b"\n", 0, start) + 1 : start].decode("utf-8", "replace")) + 1
    length = len(match[match.lastindex or 0])
    return Place(path, line, column, line, column + length)
