"""Processes that work side by side, where the system can fork.

Half an answer is no answer: what a process sends arrives whole, or the first process works it out again. So a report never
depends on how many processes made it.
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
                begun = started(tasks[number])
                if begun is None:
                    results[number] = _freshly(tasks[number])
                    continue
                child, pipe = begun
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


def started(task: Callable[[], Struct]) -> tuple[int, int] | None:
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
