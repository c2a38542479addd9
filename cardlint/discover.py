"""Paths to files: which Python files a run looks at, and which of them may hold metrics.

git knows best what belongs to a project, so it is asked inside a work tree; elsewhere folders are walked with sane
excludes. A search over the raw bytes then decides what is worth parsing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from fnmatch import fnmatch

EXCLUDES = (
    ".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", "env", ".env", "__pycache__", "node_modules", ".mypy_cache", ".ruff_cache", ".pytest_cache",
    "build", "dist", ".eggs", "site-packages", "__pypackages__", ".direnv",
)  # fmt: skip
MARKS = (
    b"prometheus",
    b".labels(",
    b"MetricFamily",
    b"Instrumentator",
    b"starlette_exporter",
    b"PrometheusMiddleware",
    b"PrometheusConfig",
)
MAX_BYTES = 20_000_000
"""Larger files are no source code anybody wrote."""


class MissingPath(Exception):
    """A path given by the user does not exist."""


def find_files(paths: Sequence[str], exclude: Sequence[str]) -> list[str]:
    """List the Python files under the paths, sorted, posix, relative to the working directory where possible.

    Raises MissingPath for a path that is not there: a typo must not look like a clean run.
    """
    found: set[str] = set()
    for path in paths:
        if os.path.isfile(path):
            found.add(_shown(path))
        elif os.path.isdir(path):
            listed = _git(path)
            for name in listed if listed is not None else _walk(path):
                if not _excluded(os.path.relpath(name, path), exclude) and os.path.isfile(name):
                    found.add(_shown(name))
        else:
            raise MissingPath(path)
    return sorted(found)


def _shown(path: str) -> str:
    relative = os.path.relpath(path)
    chosen = path if relative.startswith("..") and os.path.isabs(path) else relative
    return chosen.replace(os.sep, "/")


def _excluded(relative: str, exclude: Sequence[str]) -> bool:
    parts = relative.replace(os.sep, "/").split("/")
    text = "/".join(parts)
    for pattern in exclude:
        clean = pattern.rstrip("/")
        if any(fnmatch(part, clean) for part in parts) or fnmatch(text, clean) or fnmatch(text, clean + "/*"):
            return True
    return False


def _git(folder: str) -> list[str] | None:
    """List what git tracks or would track below a folder; None outside a work tree."""
    top = os.path.abspath(folder)
    while not os.path.exists(os.path.join(top, ".git")):
        parent = os.path.dirname(top)
        if parent == top:
            return None
        top = parent
    import subprocess

    command = ["git", "-C", folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.py"]
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return None
    names = [os.fsdecode(raw) for raw in done.stdout.split(b"\0") if raw]
    if not names:  # an ignored folder inside a repository: the user asked for it by name
        return None
    return [os.path.join(folder, name) for name in dict.fromkeys(names)]


def _walk(folder: str) -> Iterable[str]:
    """Walk a folder without git; links to folders are followed once, so that loops end."""
    seen: set[tuple[int, int]] = set()
    stack = [folder]
    while stack:
        current = stack.pop()
        try:
            status = os.stat(current)
            key = (status.st_dev, status.st_ino)
            if key in seen:
                continue
            seen.add(key)
            entries = list(os.scandir(current))
        except OSError:
            continue
        for entry in entries:
            try:
                if entry.is_dir():
                    if entry.name not in EXCLUDES and not entry.name.endswith(".egg-info"):
                        stack.append(entry.path)
                elif entry.name.endswith(".py") and entry.is_file():
                    yield entry.path
            except OSError:
                continue


def may_hold_metrics(source: bytes, extra: Sequence[bytes] = ()) -> bool:
    """Tell by its bytes whether a file may declare or use metrics; `extra` adds names of the user's own rows."""
    return any(mark in source for mark in MARKS) or any(name in source for name in extra)


def is_test(path: str) -> bool:
    """Tell whether a file belongs to the tests of a project, by its path relative to the project root."""
    parts = path.split("/")
    name = parts[-1]
    if any(part in ("tests", "test", "testing") for part in parts[:-1]):
        return True
    return name.startswith("test_") or name.endswith("_test.py") or name in ("conftest.py", "tests.py")
