"""Records of whole runs: when nothing has changed, the report of the last run is the report of this one.

Nothing is read but the state of every file - size, times, inode - which a change cannot leave as it was: the change
time moves with every write, also where a tool sets the modification time back. A record is typed and checked like
every entry of the cache: a damaged or foreign one is a miss.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence

from msgspec import DecodeError, Struct, ValidationError
from msgspec.msgpack import decode, encode

from cardlint.config import Config
from cardlint.findings import Report
from cardlint.stamp import stamp
from cardlint.version import __version__

FORMAT = 1
"""Changes with the shape of a record."""
FRESH = 0.05
"""Seconds that the newest file must be older than the start of a run, or the run is not recorded: a write within one
tick of the file system's clock could not be told from the state that was read."""
MAX_RECORDS = 200
"""Records kept; the oldest go first."""


class Record(Struct, frozen=True):
    """One run: the digest of what it depends on, and what came out."""

    digest: bytes
    report: Report


class Runs:
    """The record of one command line in one folder: paths, settings and working directory name it."""

    def __init__(self, folder: str, paths: Sequence[str], config: Config, files: Sequence[str], today: str) -> None:
        from hashlib import blake2b

        self.started = time.time()
        asked = encode((FORMAT, os.getcwd(), list(paths), config))
        self.folder = os.path.join(folder, "runs")
        self.file = os.path.join(self.folder, blake2b(asked, digest_size=16).hexdigest())
        self.newest = 0
        state = [f"{__version__} {stamp()} {sys.version_info[:3]} {today}"]
        state.extend(self._state(path) for path in files)
        state.extend(self._state(path) for path in _around(paths))
        self.digest = blake2b("\0".join(state).encode("utf-8", "surrogatepass"), digest_size=20).digest()

    def _state(self, path: str) -> str:
        try:
            s = os.stat(path)
        except OSError as problem:
            return f"{path}\0{problem.errno}"
        if s.st_ctime_ns > self.newest:
            self.newest = s.st_ctime_ns
        return f"{path}\0{s.st_size} {s.st_mtime_ns} {s.st_ctime_ns} {s.st_ino} {s.st_mode}"

    def load(self) -> Report | None:
        """Return the report of the last run when everything is as it was then."""
        try:
            with open(self.file, "rb") as handle:
                record = decode(handle.read(), type=Record)
        except (OSError, DecodeError, ValidationError, RecursionError, ValueError):
            return None
        return record.report if record.digest == self.digest else None

    def save(self, report: Report) -> None:
        """Keep a report, atomically; failures are silent, because a cache must never stop a run."""
        if self.newest / 1e9 > self.started - FRESH:
            return
        import tempfile

        try:
            os.makedirs(self.folder, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=".new-")
            with os.fdopen(handle, "wb") as out:
                out.write(encode(Record(self.digest, report)))
            os.replace(temporary, self.file)
            entries = sorted((e.stat().st_mtime, e.path) for e in os.scandir(self.folder))
            for _, path in entries[: max(0, len(entries) - MAX_RECORDS)]:
                os.unlink(path)
        except (OSError, RecursionError, OverflowError, UnicodeEncodeError, ValueError, TypeError):
            return


def _around(paths: Sequence[str]) -> list[str]:
    """List the files beside the code that a run may look at: those that tell about multiprocess mode."""
    from cardlint.evidence import files

    return list(files(paths))
