"""Records of whole runs: the last report is reused if no input has changed.

Only the state of every file is read: size, times, inode. Every write changes it, because the change time moves also where a
tool sets the modification time back. Where a few files have changed, only they are asked the questions of the last run
again: as long as every answer is the same, so is the report. A record is typed and sealed like every entry of the cache: a
damaged, edited or foreign one is a miss.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from msgspec import DecodeError, Struct, ValidationError
from msgspec.msgpack import decode, encode

from cardlint.cache.folder import Folder
from cardlint.cache.group import RUNS
from cardlint.cache.stamp import stamp
from cardlint.config import Config
from cardlint.findings import Report
from cardlint.version import __version__

if TYPE_CHECKING:
    from cardlint.cache.dependencies import Basis
    from cardlint.project.project import Project

FORMAT = 7
"""Changes with the shape of a record."""
FRESH = 0.05
"""Seconds that the newest file must be older than the start of a run, or the run is not recorded: a write within one
tick of the file system's clock could not be told from the state that was read."""
MAX_RECORDS = 200
"""Records kept; the oldest ones are removed first."""


class Record(Struct, frozen=True):
    """One run: the digest of everything it depends on, and its report."""

    digest: bytes
    report: Report


class Runs:
    """The record of one command line in one folder: paths, settings and working directory name it."""

    def __init__(self, folder: Folder, paths: Sequence[str], config: Config, files: Sequence[str], today: str) -> None:
        from cardlint.cache.digest import blake2b

        self.started = time.time()
        asked = repr((FORMAT, os.getcwd(), list(paths), config)).encode("utf-8", "surrogatepass")
        self.folder = folder
        self.name = blake2b(asked, digest_size=16).hexdigest()
        self.newest = 0
        self.files = files
        self.config = config
        around = [self._state(path) for path in _around(paths)]
        general = [f"{__version__} {stamp()} {sys.version_info[:3]} {today}", *around]
        self.states = [self._state(path) for path in files]
        self.general = _digest(general)
        self.digest = _digest([*general, *self.states])

    def _state(self, path: str) -> str:
        try:
            s = os.stat(path)
        except OSError as problem:
            return f"{path}\0{problem.errno}"
        if s.st_ctime_ns > self.newest:
            self.newest = s.st_ctime_ns
        return f"{path}\0{s.st_size} {s.st_mtime_ns} {s.st_ctime_ns} {s.st_ino} {s.st_mode}"

    def load(self) -> Report | None:
        """Return the last report when nothing has changed, or when the changed files answer as before."""
        record = self._read(self.name, Record)
        if record is None:
            return None
        if record.digest == self.digest:
            return record.report
        from cardlint.cache.dependencies import Basis, unchanged

        basis = self._read(self.name + BASIS, Basis)
        if basis is None or basis.digest != record.digest or basis.general != self.general:
            return None
        if not unchanged(basis, self.files, self.states, self.config):
            return None
        self._keep(record.report, basis)
        return record.report

    def save(self, report: Report, project: Project) -> None:
        """Keep a report with its dependencies."""
        from cardlint.cache.dependencies import of

        if self.folder.ready():
            self._keep(report, of(project, report, self.files))

    def _keep(self, report: Report, basis: Basis) -> None:
        """Write a record, atomically; failures are silent, because a cache must never stop a run."""
        if self.newest / 1e9 > self.started - FRESH:
            return
        from msgspec.structs import replace

        try:
            rests_on = encode(replace(basis, digest=self.digest, general=self.general, states=self.states))
            record = encode(Record(self.digest, report))
        except (RecursionError, OverflowError, UnicodeEncodeError, ValueError, TypeError):
            return
        if self.folder.write(RUNS, self.name + BASIS, rests_on) and self.folder.write(RUNS, self.name, record):
            self.folder.trim((RUNS,), MAX_RECORDS)

    def _read(self, name: str, kind: type[T]) -> T | None:
        content = self.folder.read(RUNS, name)
        try:
            return None if content is None else decode(content, type=kind)
        except (DecodeError, ValidationError, RecursionError, ValueError):
            return None


BASIS = ".basis"
"""Suffix of the file with the dependencies of a report; it is only read when a file has changed."""
T = TypeVar("T")


def _digest(lines: Sequence[str]) -> bytes:
    from cardlint.cache.digest import blake2b

    return blake2b("\0".join(lines).encode("utf-8", "surrogatepass"), digest_size=20).digest()


def _around(paths: Sequence[str]) -> list[str]:
    """List the files other than code that a run may read: those that show multiprocess mode."""
    from cardlint.project.evidence import files

    return list(files(paths))
