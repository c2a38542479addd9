"""Files that do not parse as they are, found by another process when the program is large enough.

The lowering of outlines does not see an error inside a function that is never needed. So files that may hold metrics are
parsed whole, in parallel with the rest of the work.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence

from msgspec import DecodeError, Struct
from msgspec.msgpack import decode

THRESHOLD = 400_000
"""Bytes to parse above which a process pays: starting and ending one takes about 10 ms, parsing this much about 80."""


class Failing(Struct, frozen=True):
    """The positions of the files that do not parse as they are."""

    positions: tuple[int, ...]


class SyntaxCheck:
    """The files of a run that do not parse as they are: the check starts early, and its result is read when it is needed."""

    def __init__(self, paths: Sequence[str], data: Callable[[str], bytes | None], jobs: int) -> None:
        self.paths = paths
        self.data = data
        self.started = self._start() if jobs != 1 and self._pays() else None
        self.apart = self.started is not None
        """whether another process does the work"""

    def _start(self) -> tuple[int, int] | None:
        from cardlint.parallel.processes import started

        return started(self._failing)

    def _pays(self) -> bool:
        return hasattr(os, "fork") and (os.cpu_count() or 1) > 1 and sum(len(self.data(p) or b"") for p in self.paths) >= THRESHOLD

    def _failing(self) -> Failing:
        if not self.paths:
            return Failing(())
        from cardlint.lowering.reader import check

        return Failing(tuple(i for i, path in enumerate(self.paths) if not check(self.data(path) or b"")))

    def failing(self) -> list[str]:
        """List the files that do not parse as they are; if the other process fails, this one does the work."""
        found: Failing | None = None
        if self.started is not None:
            child, pipe = self.started
            self.started = None
            with os.fdopen(pipe, "rb") as answer, contextlib.suppress(DecodeError, RecursionError):  # the process may have died
                found = decode(answer.read(), type=Failing)
            with contextlib.suppress(OSError):
                os.waitpid(child, 0)
        return [self.paths[i] for i in (found or self._failing()).positions]
