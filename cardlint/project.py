"""Project: the files of one run, read once, searched in memory, parsed on demand.

It is what the linker sees as its `Tree`. Everything that touches the disk below the analysed paths is here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cardlint.cache import FactsCache
from cardlint.discover import is_test, may_hold_metrics
from cardlint.facts.model import FileFacts, unreadable
from cardlint.lines import lines_of

if TYPE_CHECKING:
    from cardlint.workers import Pool

KEEP_BYTES = 220_000_000
"""Source text kept in memory; what comes after it is read again when it is searched."""
MAX_SCANS = 40
"""Names searched by scanning before an index pays: building it costs about as much as this many scans."""
WORD = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
SPACED = bytes(c if c in WORD or c > 127 else 32 for c in range(256))
FORMS = {
    "call": rb"%s\s*\(",
    "method": rb"\.%s\s*\(",
    "base": rb"%s\b[^():]*\)\s*:",
    "store": rb"\.%s\s*(?:[-+|]?=(?!=)|:)",
    "def": rb"def %s\b",
    "decorator": rb"@[\w.]*\b%s\b",
    "partial": rb"partial\(\s*[\w.]*\b%s\b",
}
"""Ways of writing a name that a search can be narrowed to. They may find more than they should."""
MAX_AHEAD = 15
"""Files that a search may bring that are read ahead; of more only the first few would be looked at."""
COMMENT_MARK = b"cardlint:"
MAX_FILE = 20_000_000


def _index(paths: Sequence[str], data: dict[str, bytes]) -> dict[bytes, list[int]]:
    """Map every word of the tree to the positions of the files that hold it."""
    index: dict[bytes, list[int]] = {}
    for position, path in enumerate(paths):
        for word in set(data[path].translate(SPACED).split()):
            known = index.get(word)
            if known is None:
                index[word] = [position]
            else:
                known.append(position)
    return index


def _written(pattern: re.Pattern[bytes], data: bytes, form: str) -> bool:
    """Tell whether a name is written in a form; what an object stores on itself is no store from outside."""
    if form != "store":
        return pattern.search(data) is not None
    return any(data[max(0, m.start() - 4) : m.start()] not in (b"self", b" cls", b"(cls") for m in pattern.finditer(data))


class Project:
    """The files of one run, by the paths that findings show."""

    def __init__(
        self,
        paths: Sequence[str],
        root: str,
        extra_marks: Sequence[bytes] = (),
        cache: FactsCache | None = None,
        instead: Mapping[str, bytes] | None = None,
    ) -> None:
        self._cache = cache
        self._pool: Pool | None = None
        self._asked: set[str] = set()
        """files whose facts the linker has asked for; workers may have read more"""
        self._instead = instead or {}
        """text to read in place of a file's: what an editor has not saved yet"""
        self._paths = tuple(sorted(paths))
        self._root = root
        self._bytes: dict[str, bytes] = {}
        self._facts: dict[str, FileFacts | None] = {}
        self._mentions: dict[tuple[str, str], tuple[str, ...]] = {}
        self._index: dict[bytes, list[int]] | None = None
        self._scans = 0
        self._tests: dict[str, bool] = {}
        self._seeds: list[str] = []
        self.commented: list[str] = []
        """files that hold a comment for cardlint"""
        self.failures: dict[str, str] = {}
        """files the system refuses to read, with its reason"""
        self._load(extra_marks)

    def _load(self, extra: Sequence[bytes]) -> None:
        kept = 0
        for path in self._paths:
            data = self._read(path)
            if data is None:
                self._seeds.append(path)
                continue
            if may_hold_metrics(data, extra):
                self._seeds.append(path)
            if COMMENT_MARK in data:
                self.commented.append(path)
            if kept + len(data) <= KEEP_BYTES:
                kept += len(data)
                self._bytes[path] = data

    def _read(self, path: str) -> bytes | None:
        if path in self._instead:
            return self._instead[path]
        try:
            with open(path, "rb", buffering=0) as handle:
                size = os.fstat(handle.fileno()).st_size
                if size > MAX_FILE:
                    self.failures[path] = f"it holds {size // 1_000_000} MB; files above {MAX_FILE // 1_000_000} MB are not analysed"
                    return None
                return handle.read()
        except OSError as problem:
            self.failures[path] = (problem.strerror or "the system refuses").lower()
            return None

    def data(self, path: str) -> bytes | None:
        """Return the bytes of a file, from memory where they are kept."""
        found = self._bytes.get(path)
        return found if found is not None else self._read(path)

    # the linker's view --------------------------------------------------------------------------------------------

    def paths(self) -> Sequence[str]:
        """List every Python file of the run in sorted order."""
        return self._paths

    def seeds(self) -> Sequence[str]:
        """List the files that may declare or use metrics, and those that cannot be read."""
        return self._seeds

    def facts(self, path: str) -> FileFacts | None:
        """Return the facts of a file, parsing it the first time it is asked for."""
        if path not in self._facts:
            self._facts[path] = self._parse(path)
        self._asked.add(path)
        return self._facts[path]

    def _parse(self, path: str) -> FileFacts | None:
        if path in self.failures:
            return unreadable(path, self.failures[path])
        data = self.data(path)
        if data is None:
            return None
        return self._lower(path, data)

    def _lower(self, path: str, data: bytes) -> FileFacts:
        from cardlint.facts.reader import read

        return read(path, data)

    def prefetch(self, paths: Sequence[str]) -> None:
        """Turn several files into facts at once, when there are workers and enough to do."""
        if self._pool is None:
            return
        items: list[tuple[str, bytes]] = []
        for path in paths:
            if path in self._facts or path in self.failures:
                continue
            data = self.data(path)
            found = self._cache.get(path, data) if self._cache is not None and data is not None else None
            if found is not None:
                self._facts[path] = found
            elif data is not None:
                items.append((path, data))
        if items:
            lowered = self._pool.facts(items, self._lower)
            for path, data in items:
                self._facts[path] = lowered[path]
                if self._cache is not None:
                    self._cache.put(path, data, lowered[path])

    def work_with(self, pool: Pool | None) -> None:
        """Take workers into service, or none."""
        self._pool = pool
        if pool is not None:
            self.prefetch(self._seeds)

    def mentioning(self, name: str, form: str = "") -> Sequence[str]:
        """List the files whose text holds a name, in sorted order; `form` narrows it to a way of writing it."""
        key = (name, form)
        found = self._mentions.get(key)
        if found is None:
            raw = name.encode()
            files = self._holding(raw)
            if form:
                pattern = re.compile(FORMS[form] % re.escape(raw))
                files = [path for path in files if _written(pattern, self.data(path) or b"", form)]
            found = self._mentions[key] = tuple(files)
            if self._pool is not None and form and len(found) <= MAX_AHEAD:
                self.prefetch(found)  # whoever asks where a name is called reads those files next
        return found

    def _holding(self, raw: bytes) -> list[str]:
        """Find the files that hold a name: by scanning while few names are asked for, then by an index of words."""
        self._scans += 1
        if self._index is None and self._scans > MAX_SCANS and len(self._paths) == len(self._bytes):
            self._index = _index(self._paths, self._bytes)
        if self._index is not None and not raw.translate(None, WORD):
            paths = self._paths
            return [paths[i] for i in self._index.get(raw, ())]
        return [path for path in self._paths if raw in (self.data(path) or b"")]

    def is_test(self, path: str) -> bool:
        """Tell whether a file belongs to the tests of the analysed project, by its path below the project root."""
        known = self._tests.get(path)
        if known is None:
            relative = os.path.relpath(path, self._root) if self._root != "." else path
            known = self._tests[path] = is_test(relative.replace(os.sep, "/"))
        return known

    # what the engine asks afterwards ------------------------------------------------------------------------------

    def parsed(self) -> tuple[FileFacts, ...]:
        """Return the facts of all files that were parsed in this run, by path."""
        return tuple(facts for path, facts in sorted(self._facts.items()) if facts is not None and path in self._asked)

    def lines(self, path: str) -> list[str]:
        """Return the text of a file as lines without their ends, for code frames; unreadable files have none."""
        data = self.data(path) if path in self._facts or path in self._bytes else None
        return [] if data is None else lines_of(data)
