"""A second process that parses while the first one follows values.

Facts are made of outlines, so that an error inside of a function nobody asks for would go unnoticed. Files that may hold
metrics are therefore parsed whole, beside the rest of the work where the system can fork and the tree is large enough.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence

THRESHOLD = 400_000
"""Bytes to parse above which a process pays: starting and ending one takes about 10 ms, parsing this much about 80."""


class SyntaxCheck:
    """The files of a run that do not parse as they are: asked for early, answered when the answer is needed."""

    def __init__(self, paths: Sequence[str], data: Callable[[str], bytes | None], jobs: int) -> None:
        self.paths = paths
        self.data = data
        self.pipe = -1
        self.child = 0
        if jobs != 1 and self._pays():
            self._start()
        self.beside = self.child > 0
        """whether another process does the work"""

    def _pays(self) -> bool:
        return hasattr(os, "fork") and (os.cpu_count() or 1) > 1 and sum(len(self.data(p) or b"") for p in self.paths) >= THRESHOLD

    def _start(self) -> None:
        """Fork; a system that refuses to is one on which this process does the work."""
        try:
            reading, writing = os.pipe()
        except OSError:
            return
        try:
            child = os.fork()
        except OSError:
            os.close(reading)
            os.close(writing)
            return
        if child == 0:
            code = 1
            try:
                os.close(reading)
                answer = "\0".join(["", *self._failing()]).encode("utf-8", "surrogatepass") + b"\0\0"
                with os.fdopen(writing, "wb") as out:
                    out.write(answer)
                code = 0
            finally:
                os._exit(code)
        os.close(writing)
        self.pipe, self.child = reading, child

    def _failing(self) -> list[str]:
        from cardlint.facts.reader import check

        return [path for path in self.paths if not check(self.data(path) or b"")]

    def failing(self) -> list[str]:
        """List the files that do not parse as they are; whatever happens to the other process, the answer is whole."""
        if not self.child:
            return self._failing()
        with os.fdopen(self.pipe, "rb") as answers:
            answer = answers.read()
        with contextlib.suppress(OSError):
            os.waitpid(self.child, 0)
        self.child = 0
        if not answer.endswith(b"\0\0"):
            return self._failing()
        return [path for path in answer[:-2].decode("utf-8", "surrogatepass").split("\0") if path]
