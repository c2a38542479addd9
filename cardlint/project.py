"""Project: the files of one run, read once, searched in memory, parsed on demand.

It is what the linker sees as its `Tree`. Everything that touches the disk below the analysed paths is here.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence

from cardlint.cache import FactsCache
from cardlint.config import Config
from cardlint.discover import is_test, may_hold_metrics
from cardlint.facts.model import FileFacts, unreadable
from cardlint.lines import lines_of
from cardlint.search import Search

KEEP_BYTES = 220_000_000
"""Source text kept in memory; what comes after it is read again when it is searched."""
COMMENT_MARK = b"cardlint:"
MAX_FILE = 20_000_000


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
        self._whole: frozenset[str] = frozenset()
        self._asked: set[str] = set()
        """files whose facts the linker has asked for; workers may have read more"""
        self._instead = instead or {}
        """text to read in place of a file's: what an editor has not saved yet"""
        self._paths = tuple(sorted(paths))
        self._root = root
        self._bytes: dict[str, bytes] = {}
        self._facts: dict[str, FileFacts | None] = {}
        self._tests: dict[str, bool] = {}
        self._seeds: list[str] = []
        self.seconds = {"outline": 0.0, "search": 0.0}
        self.commented: list[str] = []
        """files that hold a comment for cardlint"""
        self.failures: dict[str, str] = {}
        """files the system refuses to read, with its reason"""
        self.search = Search(self._paths, self.data)
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

        started = time.perf_counter()
        whole = path in self._whole
        facts = self._cache.get(path, data) if self._cache is not None and not whole else None
        if facts is None:
            facts = read(path, data, whole)
            if self._cache is not None and not whole:
                self._cache.put(path, data, facts)
        self.seconds["outline"] += time.perf_counter() - started
        return facts

    def phases(self) -> dict[str, float]:
        """Return the seconds that parts of the link took: reading outlines of files, opening bodies, searching names."""
        sources = [facts.source for facts in self._facts.values() if facts is not None and facts.source is not None]
        return {**self.seconds, "bodies": sum(source.seconds for source in sources)}

    def parse_whole(self, paths: Sequence[str]) -> None:
        """Parse these files whole from now on: their outline is not all there is to say of them.

        What was asked for on the way to this counts no more, or the report would tell how many processes made it.
        """
        self._whole = frozenset(paths)
        self._asked = set(self.commented)
        for path in paths:
            self._facts.pop(path, None)

    def mentioning(self, name: str, form: str = "") -> Sequence[str]:
        """List the files whose text holds a name, in sorted order; `form` narrows it to a way of writing it."""
        started = time.perf_counter()
        found = self.search.mentioning(name, form)
        self.seconds["search"] += time.perf_counter() - started
        return found

    def is_test(self, path: str) -> bool:
        """Tell whether a file belongs to the tests of the analysed project, by its path below the project root."""
        known = self._tests.get(path)
        if known is None:
            relative = os.path.relpath(path, self._root) if self._root != "." else path
            known = self._tests[path] = is_test(relative.replace(os.sep, "/"))
        return known

    # what the engine asks afterwards ------------------------------------------------------------------------------

    def asked(self) -> list[str]:
        """List the files whose facts were asked for, or whose text is shown, in sorted order."""
        return sorted(self._asked)

    def parsed(self) -> tuple[FileFacts, ...]:
        """Return the facts of all files that were parsed in this run, by path."""
        return tuple(facts for path, facts in sorted(self._facts.items()) if facts is not None and path in self._asked)

    def lines(self, path: str) -> list[str]:
        """Return the text of a file as lines without their ends, for code frames; unreadable files have none."""
        data = self.data(path) if path in self._facts or path in self._bytes else None
        return [] if data is None else lines_of(data)


def marks(config: Config) -> list[bytes]:
    """Return the names of the user's own rows: files that mention them are read, too."""
    names = [sink.path for sink in config.sinks] + [wrapper.path for wrapper in config.wrappers]
    return [name.rstrip("()").rpartition(".")[2].encode() for name in names]
