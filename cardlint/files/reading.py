"""Reading: every file is read and scanned once, and its bytes are kept in shared memory.

With several large packages, every file is scanned, and then each package is analysed in its own process. The processes share
the memory with the bytes, so none of them reads a file again or holds a copy.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise

from msgspec import Struct

from cardlint.files.discovery import may_hold_metrics
from cardlint.files.opening import NotReadable, read
from cardlint.files.search import holds_word

COMMENT_MARK = b"cardlint:"
MAX_FILE = 20_000_000
KEEP_BYTES = 220_000_000
"""Bytes of source text kept in memory; later files are read again when they are searched."""
MAX_READERS = 4
"""Processes that read in parallel: more of them wait for each other."""


class Scan(Struct, frozen=True):
    """The result of scanning some files, by their positions in the sorted list."""

    seeds: tuple[int, ...] = ()
    """files that may declare or use metrics, and those that cannot be read"""
    commented: tuple[int, ...] = ()
    """files that hold a comment for cardlint"""
    naming: tuple[tuple[str, int], ...] = ()
    """each large package with a file outside of it that names it"""
    failures: tuple[tuple[int, str], ...] = ()
    """files the system refuses to read, with its reason"""
    kept: tuple[tuple[int, int, int], ...] = ()
    """files with bytes in the shared memory: start and end"""


class Shared:
    """Bytes of files in memory that forked processes share. Each reading process writes into its own region."""

    def __init__(self, size: int) -> None:
        from mmap import mmap

        self.memory = mmap(-1, size)
        self.view = memoryview(self.memory)
        self.spans: dict[str, tuple[int, int]] = {}

    def get(self, path: str) -> bytes | None:
        """Return the bytes of a file, None for one that is not kept here."""
        span = self.spans.get(path)
        return None if span is None else self.memory[span[0] : span[1]]

    def part(self, path: str) -> memoryview | None:
        """Return the bytes of a file without copying them, for a caller that keeps them."""
        span = self.spans.get(path)
        return None if span is None else self.view[span[0] : span[1]]


def shared() -> Shared | None:
    """Return shared memory for all kept bytes, None where the system gives none: then files are read again."""
    try:
        return Shared(KEEP_BYTES)
    except (OSError, ValueError):
        return None


class Look:
    """The scan of the files of a run: how they are read, and which words it finds."""

    def __init__(
        self,
        paths: Sequence[str],
        instead: Mapping[str, bytes],
        seed_marks: Sequence[bytes],
        large: Sequence[str] = (),
        top_of: Callable[[str], str] = lambda _path: "",
    ) -> None:
        self.paths = paths
        self.instead = instead
        self.seed_marks = seed_marks
        self.large = [(top, top.encode("utf-8", "surrogatepass")) for top in large]
        self.top_of = top_of

    def content(self, path: str) -> bytes | str:
        """Read a file, or return the reason why it cannot be read."""
        if path in self.instead:
            return self.instead[path]
        try:
            return read(path, MAX_FILE)
        except NotReadable as problem:
            return str(problem)

    def at(self, positions: Sequence[int], keep: Callable[[int, bytes], None]) -> Scan:
        """Scan these files; pass each one's bytes to `keep`."""
        seeds: list[int] = []
        commented: list[int] = []
        naming: list[tuple[str, int]] = []
        failures: list[tuple[int, str]] = []
        for position in positions:
            path = self.paths[position]
            data = self.content(path)
            if isinstance(data, str):
                failures.append((position, data))
                seeds.append(position)
                continue
            if may_hold_metrics(data, self.seed_marks):
                seeds.append(position)
            if COMMENT_MARK in data:
                commented.append(position)
            if self.large:
                own = self.top_of(path)
                naming.extend((top, position) for top, raw in self.large if top != own and holds_word(data, raw))
            keep(position, data)
        return Scan(tuple(seeds), tuple(commented), tuple(naming), tuple(failures))

    def side_by_side(self, memory: Shared | None, jobs: int) -> list[Scan]:
        """Scan all files in several processes, keeping their bytes in shared memory."""
        from cardlint.parallel.processes import side_by_side

        readers = min(jobs or os.cpu_count() or 1, MAX_READERS)
        bounds = [len(self.paths) * number // readers for number in range(readers + 1)]
        tasks = [partial(self._region, memory, range(*files), number, readers) for number, files in enumerate(pairwise(bounds))]
        done = side_by_side(Scan, tasks, jobs)
        if memory is not None:
            memory.spans = {self.paths[i]: (start, end) for scan in done for i, start, end in scan.kept}
        return done

    def _region(self, memory: Shared | None, positions: Sequence[int], number: int, readers: int) -> Scan:
        """Scan the files of one process, which writes into one region of the memory."""
        kept: list[tuple[int, int, int]] = []
        position, limit = KEEP_BYTES * number // readers, KEEP_BYTES * (number + 1) // readers

        def keep(file: int, data: bytes) -> None:
            nonlocal position
            end = position + len(data)
            if memory is not None and end <= limit:
                memory.memory[position:end] = data
                kept.append((file, position, end))
                position = end

        scan = self.at(positions, keep)
        return Scan(scan.seeds, scan.commented, scan.naming, scan.failures, tuple(kept))
