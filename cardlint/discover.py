"""Paths to files: which Python files a run looks at, and which of them may hold metrics.

git knows best what belongs to a project, so it is asked inside a work tree; elsewhere folders are walked with sane
excludes. A search over the raw bytes then decides what is worth parsing.
"""

from __future__ import annotations

import os
import re
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
    excluded = Excludes(exclude)
    for path in paths:
        if os.path.isfile(path):
            found.add(_shown(path))
        elif os.path.isdir(path):
            listed = _git(path)
            top = _shown(path)
            prefix = "" if top == "." else top.rstrip("/") + "/"
            for relative in listed if listed is not None else _walk(path):
                if not excluded(relative) and (listed is None or os.path.isfile(prefix + relative)):
                    found.add(prefix + relative)
        else:
            raise MissingPath(path)
    return sorted(found)


def _shown(path: str) -> str:
    relative = os.path.relpath(path)
    chosen = path if relative.startswith("..") and os.path.isabs(path) else relative
    return chosen.replace(os.sep, "/")


class Excludes:
    """The patterns of files and folders to leave out. Plain names, which most are, are looked up and not matched."""

    def __init__(self, patterns: Sequence[str]) -> None:
        cleaned = [p.rstrip("/") for p in patterns]
        self.names = frozenset(p for p in cleaned if not any(c in p for c in "*?[/"))
        self.patterns = tuple(p for p in cleaned if p not in self.names)

    def __call__(self, relative: str) -> bool:
        """Tell whether a path below the searched folder is left out: one of its parts, or the whole, matches."""
        parts = relative.split("/")
        if not self.names.isdisjoint(parts):
            return True
        return any(
            any(fnmatch(part, pattern) for part in parts) or fnmatch(relative, pattern) or fnmatch(relative, pattern + "/*")
            for pattern in self.patterns
        )


def _git(folder: str) -> list[str] | None:
    """List what git tracks or would track below a folder, relative to it; None outside a work tree."""
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
    return list(dict.fromkeys(names))


def _walk(folder: str) -> Iterable[str]:
    """Walk a folder without git, giving posix paths relative to it; links to folders are followed once, so that loops end."""
    seen: set[tuple[int, int]] = set()
    stack = [(folder, "")]
    while stack:
        current, prefix = stack.pop()
        try:
            status = os.stat(current)
            key = (status.st_dev, status.st_ino)
            if key in seen:
                continue
            seen.add(key)
            with os.scandir(current) as entries:
                for entry in entries:
                    name = entry.name
                    if name.endswith(".py"):
                        if entry.is_file():
                            yield prefix + name
                        elif entry.is_dir():
                            stack.append((entry.path, f"{prefix}{name}/"))
                    elif name not in EXCLUDES and not name.endswith(".egg-info") and entry.is_dir():
                        stack.append((entry.path, f"{prefix}{name}/"))
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
    return (
        name.startswith("test_") or name.endswith("_test.py") or name in ("conftest.py", "tests.py") or HELPS_TESTS.search(name) is not None
    )


HELPS_TESTS = re.compile(r"(?:^|_)test_?(?:lib|utils?|cases?|base|helpers?|fixtures|support)\.py$")
"""Modules that tests share: `valve_test_lib.py`, `testutils.py`."""
