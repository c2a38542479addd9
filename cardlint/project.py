"""Project: the files of one run, read once, searched in memory, parsed on demand.

It is what the linker sees as its `Tree`. Everything that touches the disk below the analysed paths is here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from cardlint.discover import is_test, may_hold_metrics
from cardlint.facts.model import FileFacts

KEEP_BYTES = 220_000_000
"""Source text kept in memory; what comes after it is read again when it is searched."""
COMMENT_MARK = b"cardlint:"
MAX_FILE = 20_000_000


class Project:
    """The files of one run, by the paths that findings show."""

    def __init__(self, paths: Sequence[str], root: str, extra_marks: Sequence[bytes] = ()) -> None:
        self._paths = tuple(sorted(paths))
        self._root = root
        self._bytes: dict[str, bytes] = {}
        self._facts: dict[str, FileFacts | None] = {}
        self._mentions: dict[str, tuple[str, ...]] = {}
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
        return self._facts[path]

    def _parse(self, path: str) -> FileFacts | None:
        if path in self.failures:
            return FileFacts(path, (), (), {}, (), (), self.failures[path])
        data = self.data(path)
        if data is None:
            return None
        from cardlint.facts.reader import read

        return read(path, data)

    def mentioning(self, name: str) -> Sequence[str]:
        """List the files whose text holds a name, in sorted order."""
        found = self._mentions.get(name)
        if found is None:
            raw = name.encode()
            found = tuple(path for path in self._paths if raw in (self._bytes.get(path) or self.data(path) or b""))
            self._mentions[name] = found
        return found

    def is_test(self, path: str) -> bool:
        """Tell whether a file belongs to the tests of the analysed project, by its path below the project root."""
        relative = os.path.relpath(path, self._root) if self._root != "." else path
        return is_test(relative.replace(os.sep, "/"))

    # what the engine asks afterwards ------------------------------------------------------------------------------

    def parsed(self) -> tuple[FileFacts, ...]:
        """Return the facts of all files that were parsed in this run, by path."""
        return tuple(facts for _, facts in sorted(self._facts.items()) if facts is not None)

    def lines(self, path: str) -> list[str]:
        """Return the text of a file as lines without their ends, for code frames; unreadable files have none."""
        data = self.data(path) if path in self._facts or path in self._bytes else None
        if data is None:
            return []
        from cardlint.facts.source import Unreadable, decode

        try:
            return decode(data).split("\n")
        except Unreadable:
            return data.decode("utf-8", "replace").split("\n")
