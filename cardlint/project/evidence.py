"""Evidence that a project runs prometheus_client in multiprocess mode, from the files around its Python code.

The variable that turns the mode on is rarely set in Python: it stands in a Dockerfile, a compose file, a unit.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cardlint.files.excluding import EXCLUDES
from cardlint.files.opening import beginning
from cardlint.findings import Place, Step

if TYPE_CHECKING:
    from cardlint.project.project import Project

ENDINGS = (".service", ".env", ".sh", ".ini", ".conf")
MAX_DEPTH = 4
MAX_ENTRIES = 4000
MAX_BYTES = 200_000


def gather(roots: Sequence[str], project: Project) -> tuple[list[Step], list[Place]]:
    """Find where the mode is turned on outside of Python, and gunicorn configurations that forget dead workers."""
    from cardlint.common.textscan import ASSIGNED_NAME, MULTIPROCESS_VARIABLE

    steps = []
    for path in files(roots):
        found = _search(path)
        if found is not None:
            steps.append(Step(found, "PROMETHEUS_MULTIPROC_DIR is set here"))
    places = []
    for path in project.paths():
        name = os.path.basename(path)
        if not name.startswith("gunicorn") or project.is_test(path):
            continue
        data = project.data(path) or b""
        if MULTIPROCESS_VARIABLE.regex.search(data):
            steps.append(
                Step(_place(path, data, MULTIPROCESS_VARIABLE.regex), "PROMETHEUS_MULTIPROC_DIR stands in this gunicorn configuration")
            )
        if b"mark_process_dead" not in data and ASSIGNED_NAME.regex.search(data):
            places.append(_place(path, data, ASSIGNED_NAME.regex))
    return steps, places


def files(roots: Sequence[str]) -> Iterator[str]:
    """Walk the upper folders of the analysed paths for files that configure processes."""
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
            elif _configures(entry.name.lower()) and os.path.isfile(entry.path):
                yield os.path.relpath(entry.path).replace(os.sep, "/")


def _configures(name: str) -> bool:
    """Tell by its name whether a file may say how processes are started."""
    if name.endswith(ENDINGS) or name.startswith(".env") or name == "procfile" or "dockerfile" in name:
        return True
    return "compose" in name and name.endswith((".yml", ".yaml"))


def _search(path: str) -> Place | None:
    from cardlint.common.textscan import MULTIPROCESS_VARIABLE

    data = beginning(path, MAX_BYTES)
    return _place(path, data, MULTIPROCESS_VARIABLE.regex) if MULTIPROCESS_VARIABLE.regex.search(data) else None


def _place(path: str, data: bytes, pattern: re.Pattern[bytes]) -> Place:
    match = pattern.search(data)
    assert match is not None
    start = match.start()
    line = data.count(b"\n", 0, start) + 1
    column = len(data[data.rfind(b"\n", 0, start) + 1 : start].decode("utf-8", "replace")) + 1
    length = len(match[match.lastindex or 0])
    return Place(path, line, column, line, column + length)
