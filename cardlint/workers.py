"""Worker processes that turn files into facts beside the main one: for trees where that takes longer than to start them.

Facts travel as msgpack, the encoding of the cache. The main process works, too: it takes its own share of every batch.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from cardlint.facts.model import FileFacts

THRESHOLD = 3_000_000
"""Bytes of files that may hold metrics, above which workers pay: they have to be started and answered. Measured on two
cores: 10.5 MB took 2.0 to 2.2 s instead of 2.9 s. Where they begin to pay was not measured; this leaves a wide margin."""
BATCH = 4
"""Files below which a batch is not worth sending."""


def wanted(jobs: int, seed_bytes: int) -> int:
    """Return how many workers to start beside the main process: `jobs` as given, 0 chooses by the machine and the tree."""
    if jobs == 1 or (jobs == 0 and seed_bytes < THRESHOLD):
        return 0
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:
        cores = os.cpu_count() or 1
    return max(0, (jobs or min(cores, 8)) - 1)


SOURCES: dict[str, Callable[[str], bytes | None]] = {}
"""What gives the bytes of a file: set before the processes are forked, so that no text has to be sent to them."""


def lower(paths: Sequence[str]) -> list[bytes]:
    """Turn files into encoded facts; runs in a worker. One answer for the whole share: each one has to pass the main
    process, which is busy with its own."""
    from msgspec.msgpack import encode

    from cardlint.facts.reader import read

    data = SOURCES["data"]
    return [encode(read(path, data(path) or b"")) for path in paths]


class Pool:
    """A few processes; when they fail in any way, the main process does all the work."""

    def __init__(self, count: int, data: Callable[[str], bytes | None]) -> None:
        self.count = count
        self.data = data
        self.pool: Any = None

    def start(self) -> None:
        """Start the processes; a system that cannot fork, or refuses to, is one without workers."""
        import gc
        import multiprocessing

        if "fork" not in multiprocessing.get_all_start_methods():
            self.count = 0
            return
        SOURCES["data"] = self.data
        try:
            self.pool = multiprocessing.get_context("fork").Pool(self.count, initializer=gc.disable)
        except (OSError, ValueError, ImportError):
            self.count = 0
        finally:
            SOURCES.clear()

    def facts(self, items: Sequence[tuple[str, bytes]], own: Callable[[str, bytes], FileFacts]) -> dict[str, FileFacts]:
        """Turn a batch of files into facts: one share in each worker, one here meanwhile."""
        from msgspec.msgpack import decode

        if len(items) < BATCH or not self.count:
            return {path: own(path, data) for path, data in items}
        if self.pool is None:
            self.start()
        ordered = sorted(items, key=lambda item: (-len(item[1]), item[0]))
        shares = [ordered[position :: self.count + 1] for position in range(self.count + 1)]
        handles = [(share, self.pool.apply_async(lower, ([path for path, _ in share],))) for share in shares[1:]] if self.pool else []
        out: dict[str, FileFacts] = {}
        for path, data in shares[0] if handles else ordered:
            out[path] = own(path, data)
        for share, handle in handles:
            try:
                answers = handle.get(120)
                out.update((path, decode(raw, type=FileFacts)) for (path, _), raw in zip(share, answers, strict=True))
            except Exception:  # noqa: BLE001 - whatever happens to a worker, its files are read here
                self.stop()
                out.update((path, own(path, data)) for path, data in share)
        return out

    def stop(self) -> None:
        """End the processes."""
        if self.pool is not None:
            self.pool.terminate()
            self.pool = None
        self.count = 0
