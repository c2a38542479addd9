"""Paths to files: the Python files of a run, and those of them that may hold metrics.

In a work tree of git, the files that git tracks or does not ignore; elsewhere folders are walked with default excludes. A
search over the raw bytes then selects the files to parse.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from stat import S_ISDIR, S_ISREG

from msgspec import Struct

from cardlint.common.expressions import Expression
from cardlint.files.excluding import EXCLUDES, Excludes
from cardlint.files.opening import without_waiting

ENDINGS = (".py", ".pyw", ".pyi")
MAX_NAMED = 5
"""Names that a note lists."""


class MissingPath(Exception):
    """A path given by the user does not exist."""


class Listing(Struct, frozen=True):
    """The files of a run, and notes about paths that are left out.

    A path that may be a Python file or a folder of some, and cannot be read, is one of the files: reading it fails, with the
    reason.
    """

    files: tuple[str, ...]
    notes: tuple[str, ...] = ()
    """one line for each path that was left out although the user named it"""


def find_files(paths: Sequence[str], exclude: Sequence[str]) -> list[str]:
    """List the Python files under the paths, sorted, posix, relative to the working directory where possible.

    Raises MissingPath for a path that is not there: a typo must not look like a clean run.
    """
    return list(listing(paths, exclude).files)


def listing(paths: Sequence[str], exclude: Sequence[str]) -> Listing:
    """List the Python files under the paths as `find_files` does, and report the paths that were left out."""
    found: set[str] = set()
    notes: dict[str, None] = {}
    excluded = Excludes(exclude)
    for path in paths:
        try:
            mode = os.stat(path).st_mode
        except (FileNotFoundError, NotADirectoryError):
            if not os.path.islink(path):
                raise MissingPath(path) from None
            found.add(_shown(path))
            continue
        except OSError:
            found.add(_shown(path))
            continue
        except ValueError:
            raise MissingPath(path) from None
        if not S_ISDIR(mode):
            why = _no_python(path)
            if why:
                notes[f"{_shown(path)}: not analysed, for {why}"] = None
            else:
                found.add(_shown(path))
            continue
        top = _shown(path)
        prefix = "" if top == "." else top.rstrip("/") + "/"
        listed, refused = _tracked_or_new(path, excluded)
        if refused:
            named = ", ".join(f"`{name}`" for name in refused[:MAX_NAMED]) + (", ..." if len(refused) > MAX_NAMED else "")
            notes[f"{top}: the index of its repository names {named}, which is no path below its top; left out"] = None
        for relative in listed if listed is not None else _walk(path):
            if listed is not None or not excluded(relative):
                found.add(prefix + relative if relative else top)
    return Listing(tuple(sorted(found)), tuple(notes))


def _no_python(path: str) -> str:
    """Return why a file that the user names is not analysed, '' for Python source: by its suffix, or by its first line."""
    if path.lower().endswith(ENDINGS):
        return ""
    from cardlint.common.textscan import SHEBANG

    try:
        with open(path, "rb", buffering=0, opener=without_waiting) as handle:
            if not S_ISREG(os.fstat(handle.fileno()).st_mode):
                return "it is no regular file"
            return "" if SHEBANG.regex.match(handle.read(200) or b"") else "it is no Python source"
    except OSError:
        return ""  # reading it says why


def _shown(path: str) -> str:
    relative = os.path.relpath(path)
    chosen = path if relative.startswith("..") and os.path.isabs(path) else relative
    return chosen.replace(os.sep, "/")


def _tracked_or_new(folder: str, excluded: Excludes) -> tuple[list[str] | None, tuple[str, ...]]:
    """List the files that git tracks or would track below a folder, relative to it, and the names of its index that are not below.

    The result is None for a folder outside of every work tree, and for one that git ignores but the user names.
    """
    from cardlint.files import repository

    found = repository.containing(folder)
    if found is None:
        return None, ()
    from cardlint.files.checkout import Checkout

    checkout = Checkout(found)
    if checkout.tracked is None:
        return None, ()
    return checkout.listed(folder, excluded) or None, checkout.tracked.refused


def _walk(folder: str) -> Iterable[str]:
    """Walk a folder without git, giving posix paths relative to it; links to folders are followed once, so that loops end.

    An entry that cannot be read is given too: a folder without permission, a link that leads to itself.
    """
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
            with os.scandir(current) as scanned:
                entries = list(scanned)
        except OSError:
            yield prefix.rstrip("/")
            continue
        for entry in entries:
            name = entry.name
            source = name.endswith(".py")
            if not source and (name in EXCLUDES or name.endswith(".egg-info")):
                continue
            try:
                inside = entry.is_dir()
            except OSError:  # a link that loops, or leads to a folder without permission
                yield prefix + name
                continue
            if inside:
                stack.append((entry.path, f"{prefix}{name}/"))
            elif source:
                yield prefix + name


def may_hold_metrics(source: bytes, marks: Iterable[bytes]) -> bool:
    """Tell by its bytes whether a file may declare or use metrics: it holds one of the marks."""
    return any(mark in source for mark in marks)


def is_test(path: str) -> bool:
    """Tell whether a file belongs to the tests of a project, by its path relative to the project root."""
    parts = path.split("/")
    name = parts[-1]
    if any(part in ("tests", "test", "testing") for part in parts[:-1]):
        return True
    return (
        name.startswith("test_")
        or name.endswith("_test.py")
        or name in ("conftest.py", "tests.py")
        or ("test" in name and HELPS_TESTS.regex.search(name) is not None)
    )


HELPS_TESTS = Expression(r"(?:^|_)test_?(?:lib|utils?|cases?|base|helpers?|fixtures|support)\.py$")
"""Modules of helpers that tests share: `valve_test_lib.py`, `testutils.py`."""
