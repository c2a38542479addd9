"""The folders of entries below the cache's own one, and the names that distinguish entries from other files."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress

from cardlint.common.expressions import Expression
from cardlint.files.regular import NotRegular
from cardlint.files.writing import FOLDER

RUNS = "runs"
"""The folder of the records of runs; those of modules have the first two digits of their entries as names."""
GROUP = Expression(r"[0-9a-f]{2}")
ENTRY = Expression(r"[0-9a-f]{38}")
RECORD = Expression(r"[0-9a-f]{32}(?:\.basis)?")
TEMPORARY = Expression(r"\.new-[0-9a-f]{16}")
OLD = 600.0
"""Seconds after which a temporary file counts as the leftover of a killed run."""


class Group:
    """An open folder of entries below the cache's own one; a link in its place is not followed."""

    def __init__(self, path: str, parent: int | None, *, runs: bool) -> None:
        self.path = path
        self.form = RECORD if runs else ENTRY
        self.descriptor = os.open(path, FOLDER, dir_fd=parent) if parent is not None else None
        if parent is None and os.path.islink(path):
            raise NotRegular

    def __enter__(self) -> Group:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)

    def name(self, name: str) -> str:
        """Return how the system names a file of the folder."""
        return name if self.descriptor is not None else os.path.join(self.path, name)

    def files(self) -> Iterator[tuple[str, os.stat_result, bool]]:
        """List what is in the folder, with its state and whether it is an entry by its name and kind."""
        for name in os.listdir(self.descriptor if self.descriptor is not None else self.path):
            with suppress(FileNotFoundError):
                status = os.stat(self.name(name), dir_fd=self.descriptor, follow_symlinks=False)
                yield name, status, bool(self.form.regex.fullmatch(name)) and stat.S_ISREG(status.st_mode)

    def unlink(self, name: str) -> None:
        """Remove a file; another run may have done so."""
        with suppress(FileNotFoundError):
            os.unlink(self.name(name), dir_fd=self.descriptor)


def is_left(name: str, status: os.stat_result) -> bool:
    """Tell whether a file is the leftover of a killed run."""
    return bool(TEMPORARY.regex.fullmatch(name)) and stat.S_ISREG(status.st_mode) and status.st_mtime < time.time() - OLD
