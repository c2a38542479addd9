"""Processes beside the first one, where the system can fork.

Facts are made of outlines, so that an error inside of a function nobody asks for would go unnoticed. Files that may hold
metrics are therefore parsed whole, beside the rest of the work when the tree is large enough. And lanes of a large tree are
linked side by side. Nothing that these processes say is taken on trust by halves: an answer is whole, or it is worked out again.
"""

from __future__ import annotations

import contextlib
import gc
import os
import selectors
from collections.abc import Callable, Sequence
from typing import TypeVar

from msgspec import DecodeError, Struct
from msgspec.msgpack import decode, encode

THRESHOLD = 400_000
"""Bytes to parse above which a process pays: starting and ending one takes about 10 ms, parsing this much about 80."""


T = TypeVar("T", bound=Struct)


def side_by_side(kind: type[T], tasks: Sequence[Callable[[], T]], jobs: int) -> list[T]:
    """Return the result of every task, each worked out in a process of its own, at most `jobs` at a time (0: one a core).

    Results are structs of this kind, which travel as typed data. Where only one process is wanted, where the system gives
    no more, or where a result cannot travel, this process does the work.
    """
    limit = jobs or os.cpu_count() or 1
    if limit < 2 or not hasattr(os, "fork"):
        return [_freshly(task) if number else task() for number, task in enumerate(tasks)]
    results: dict[int, T] = {}
    waiting = list(range(len(tasks)))
    running: dict[int, tuple[int, int, list[bytes]]] = {}
    """by the end of a pipe: the task, its process, and what has come so far"""
    with selectors.DefaultSelector() as selector:
        while waiting or running:
            while waiting and len(running) < limit:
                number = waiting.pop(0)
                started = _started(tasks[number])
                if started is None:
                    results[number] = _freshly(tasks[number])
                    continue
                child, pipe = started
                running[pipe] = (number, child, [])
                selector.register(pipe, selectors.EVENT_READ)
            for key, _ in selector.select() if running else ():
                number, child, parts = running[key.fd]
                part = os.read(key.fd, 1 << 20)
                if part:
                    parts.append(part)
                    continue
                selector.unregister(key.fd)
                os.close(key.fd)
                del running[key.fd]
                with contextlib.suppress(OSError):
                    os.waitpid(child, 0)
                try:
                    results[number] = decode(b"".join(parts), type=kind)
                except (DecodeError, RecursionError):  # a process that died has sent nothing, or half of it
                    results[number] = _freshly(tasks[number])
    return [results[number] for number in range(len(tasks))]


def _freshly(task: Callable[[], T]) -> T:
    """Run a task here after giving back what only those before it have needed: the collector may be off."""
    gc.collect()
    return task()


def _started(task: Callable[[], Struct]) -> tuple[int, int] | None:
    """Start a task in a process of its own and return that with the end of its pipe; None where the system refuses."""
    try:
        reading, writing = os.pipe()
    except OSError:
        return None
    try:
        child = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return None
    if child:
        os.close(writing)
        return child, reading
    try:
        os.close(reading)
        with contextlib.suppress(Exception):  # whatever it is, the first process works it out again and says it better
            answer = encode(task())
            with os.fdopen(writing, "wb") as out:
                out.write(answer)
    finally:
        os._exit(0)


class Failing(Struct, frozen=True):
    """The positions of the files that do not parse as they are."""

    positions: tuple[int, ...]


class SyntaxCheck:
    """The files of a run that do not parse as they are: asked for early, answered when the answer is needed."""

    def __init__(self, paths: Sequence[str], data: Callable[[str], bytes | None], jobs: int) -> None:
        self.paths = paths
        self.data = data
        self.started = _started(self._failing) if jobs != 1 and self._pays() else None
        self.beside = self.started is not None
        """whether another process does the work"""

    def _pays(self) -> bool:
        return hasattr(os, "fork") and (os.cpu_count() or 1) > 1 and sum(len(self.data(p) or b"") for p in self.paths) >= THRESHOLD

    def _failing(self) -> Failing:
        from cardlint.lowering.reader import check

        return Failing(tuple(i for i, path in enumerate(self.paths) if not check(self.data(path) or b"")))

    def failing(self) -> list[str]:
        """List the files that do not parse as they are; whatever happens to the other process, the answer is whole."""
        found: Failing | None = None
        if self.started is not None:
            child, pipe = self.started
            self.started = None
            with os.fdopen(pipe, "rb") as answer, contextlib.suppress(DecodeError, RecursionError):  # it may have died
                found = decode(answer.read(), type=Failing)
            with contextlib.suppress(OSError):
                os.waitpid(child, 0)
        return [self.paths[i] for i in (found or self._failing()).positions]
