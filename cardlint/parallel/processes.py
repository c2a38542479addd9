"""Parallel processes, where the system can fork.

A result that does not decode completely is computed again by the first process. So a report does not depend on the number of
processes.
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
    """Return the result of every task, each computed in its own process, at most `jobs` at a time (0: one for each core).

    Results are structs of this kind, sent as typed data. This process does the work where only one process is wanted, where
    the system refuses another one, or where a result cannot be sent.
    """
    limit = jobs or os.cpu_count() or 1
    if limit < 2 or not hasattr(os, "fork"):
        return [_freshly(task) if number else task() for number, task in enumerate(tasks)]
    results: dict[int, T] = {}
    waiting = list(range(len(tasks)))
    running: dict[int, tuple[int, int, list[bytes]]] = {}
    """by the end of a pipe: the task, its process, and the received parts"""
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
                except (DecodeError, RecursionError):  # a process that died has sent nothing, or a part
                    results[number] = _freshly(tasks[number])
    return [results[number] for number in range(len(tasks))]


def _freshly(task: Callable[[], T]) -> T:
    """Collect garbage, then run the task in this process: the collector may be off."""
    gc.collect()
    return task()


def started(task: Callable[[], Struct]) -> tuple[int, int] | None:
    """Start a task in its own process and return the process with the end of its pipe; None where the system refuses."""
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
        with contextlib.suppress(Exception):  # the first process computes the task again and reports the error
            answer = encode(task())
            with os.fdopen(writing, "wb") as out:
                out.write(answer)
    finally:
        os._exit(0)
