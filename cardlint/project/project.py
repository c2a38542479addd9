"""Project: the files of one run, read once, searched in memory, parsed on demand.

It implements `Tree` for the inference. All reading of files below the analysed paths is here.
"""

from __future__ import annotations

import os
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

from msgspec import Struct

from cardlint.cache.facts_cache import FactsCache
from cardlint.config import Config
from cardlint.files.discovery import is_test
from cardlint.files.reading import KEEP_BYTES, Look, Shared, shared
from cardlint.files.search import Search
from cardlint.inference.codebase.layout import Layout
from cardlint.ir.model import ModuleIR, unreadable
from cardlint.knowledge import known_marks
from cardlint.project.lines import lines_of

if TYPE_CHECKING:
    from cardlint.common.stopping import Wanted

LARGE = 150
"""Files of a package that is large enough for its own process.

In parallel, two packages of 100 files took 0.68 of the time that they take one after the other, of 150 0.67 and of 500 0.58
(medians of five, two cores).
"""
MAX_LARGE = 12
"""Packages of that size: every file is searched for the name of each."""


class Account(Struct, frozen=True):
    """The questions of one analysis about the files of a run: the dependencies of its report."""

    asked: tuple[str, ...] = ()
    parsed: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()
    """files whose grammar is newer than this interpreter's"""
    wrong: tuple[str, ...] = ()
    """files that were asked for and are not Python"""
    answers: tuple[tuple[str, str, str, bool, tuple[str, ...]], ...] = ()
    """searched names, the form of writing, the package they belong to, whether in tests, and the files with them"""
    seconds: tuple[tuple[str, float], ...] = ()


class Project:
    """The files of one run, by the paths that findings show."""

    def __init__(
        self,
        paths: Sequence[str],
        root: str,
        seed_marks: Sequence[bytes] | None = None,
        cache: FactsCache | None = None,
        instead: Mapping[str, bytes] | None = None,
        src: Sequence[str] = (),
        jobs: int = 1,
        wanted: Wanted | None = None,
    ) -> None:
        self._cache = cache
        self.wanted = wanted
        """tells whether the run is still wanted; None after it, when its result answers questions"""
        self._src = src
        self._whole: frozenset[str] = frozenset()
        self._asked: set[str] = set()
        """files that the inference has asked for; workers may have read more"""
        self._instead = instead or {}
        """text to read in the place of a file's: the unsaved text of an editor"""
        self._paths = tuple(sorted(paths))
        self._root = root
        self._bytes: dict[str, bytes] = {}
        self._shared: Shared | None = None
        self._facts: dict[str, ModuleIR | None] = {}
        self._kept = 0
        self._tests: dict[str, bool] = {}
        self._seeds: list[str] = []
        self._outline = self._searching = 0.0
        self._accounts: list[Account] = []
        """the questions of the partitions of this project"""
        self.naming: dict[str, list[int]] = {}
        """positions of the files that name one of the large packages"""
        self.commented: list[str] = []
        """files that hold a comment for cardlint"""
        self.failures: dict[str, str] = {}
        """files the system refuses to read, with its reason"""
        self._load(known_marks() if seed_marks is None else seed_marks, jobs)
        self.search = self._new_search()

    def _new_search(self) -> Search:
        return Search(self._paths, self.data, self.layout.reaching, self.naming, self.is_test)

    def _top(self, path: str) -> str:
        return self.layout.top(path)

    @cached_property
    def layout(self) -> Layout:
        """The modules and packages of the files."""
        return Layout(self._paths, self._src)

    @cached_property
    def large(self) -> list[str]:
        """List the packages that are large enough for their own process, when there are several."""
        if len(self._paths) < 2 * LARGE:
            return []
        sizes = Counter(map(self._top, self._paths))
        found = sorted((-size, top) for top, size in sizes.items() if top and size >= LARGE)[:MAX_LARGE]
        return sorted(top for _, top in found) if len(found) > 1 else []

    def _load(self, seed_marks: Sequence[bytes], jobs: int) -> None:
        """Scan every file once, in several processes where there are several large packages."""
        large = self.large
        self._look = Look(self._paths, self._instead, seed_marks, large, self._top)
        if large:
            self._shared = shared()
            scans = self._look.side_by_side(self._shared, jobs)
        else:
            scans = [self._look.at(range(len(self._paths)), lambda position, data: self._keep(self._paths[position], data))]
        self.naming = {top: [] for top in large}
        for scan in scans:
            self._seeds.extend(self._paths[position] for position in scan.seeds)
            self.commented.extend(self._paths[position] for position in scan.commented)
            self.failures.update((self._paths[position], why) for position, why in scan.failures)
            for top, position in scan.naming:
                self.naming[top].append(position)

    def _keep(self, path: str, data: bytes) -> None:
        if self._kept + len(data) <= KEEP_BYTES:
            self._kept += len(data)
            self._bytes[path] = data

    def part(self, seeds: Sequence[str]) -> Project:
        """Return the same files with some of the seeds alone, and an empty record of questions."""
        part = copy(self)
        part._seeds = list(seeds)
        part._facts, part._asked, part._accounts = {}, set(), []
        part._bytes, part._kept = dict(self._bytes), self._kept
        part._outline = part._searching = 0.0
        part.search = part._new_search()
        return part

    def data(self, path: str) -> bytes | None:
        """Return the bytes of a file, from memory where they are kept; raises Stopped when the run is no longer wanted."""
        if self.wanted is not None and not self.wanted():
            _stop()
        found = self._bytes.get(path)
        if found is None and self._shared is not None:
            found = self._shared.get(path)
        if found is None and path not in self.failures:
            content = self._look.content(path)
            if isinstance(content, str):
                self.failures[path] = content
                return None
            self._keep(path, content)
            return content
        return found

    # the tree of the inference ------------------------------------------------------------------------------------

    def paths(self) -> Sequence[str]:
        """List every Python file of the run in sorted order."""
        return self._paths

    def seeds(self) -> Sequence[str]:
        """List the files that may declare or use metrics, and those that cannot be read."""
        return self._seeds

    def facts(self, path: str) -> ModuleIR | None:
        """Return the lowered module of a file; parse it at the first call. Raises Stopped when the run is no longer wanted."""
        if self.wanted is not None and not self.wanted():
            _stop()
        if path not in self._facts:
            self._facts[path] = self._parse(path)
        self._asked.add(path)
        return self._facts[path]

    def _parse(self, path: str) -> ModuleIR | None:
        if path in self.failures:
            return unreadable(path, self.failures[path])
        data = self.data(path)
        if data is None:
            return None
        return self._lower(path, data)

    def _lower(self, path: str, data: bytes) -> ModuleIR:
        from cardlint.lowering.reader import read

        started = time.perf_counter()
        whole = path in self._whole
        facts = self._cache.get(path, data) if self._cache is not None and not whole else None
        if facts is None:
            facts = read(path, data, whole, self._shared.part(path) if self._shared is not None else None)
            if self._cache is not None and not whole and not facts.faults()[0]:
                self._cache.put(path, data, facts)
        self._outline += time.perf_counter() - started
        return facts

    def parse_whole(self, paths: Sequence[str]) -> None:
        """Parse these files whole from now on: their outline hides an error.

        The questions before this are dropped, or the report would depend on the number of processes.
        """
        self._whole = frozenset(paths)
        self._asked = set(self.commented)
        self._accounts = []
        for path in paths:
            self._facts.pop(path, None)

    def mentioning(self, name: str, form: str = "", top: str = "", tests: bool = True) -> Sequence[str]:
        """List the files whose text holds a name, in sorted order, as `Search` finds them."""
        started = time.perf_counter()
        found = self.search.mentioning(name, form, top, tests)
        self._searching += time.perf_counter() - started
        return found

    def is_test(self, path: str) -> bool:
        """Tell whether a file belongs to the tests of the analysed project, by its path below the project root."""
        known = self._tests.get(path)
        if known is None:
            below = os.path.join(self._root, "")
            relative = path if self._root == "." else path[len(below) :] if path.startswith(below) else os.path.relpath(path, self._root)
            known = self._tests[path] = is_test(relative.replace(os.sep, "/"))
        return known

    # questions of the engine, after the inference ------------------------------------------------------------------

    def account(self) -> Account:
        """Return all questions about this project, of the whole or of its partitions."""
        facts = [(path, self._facts.get(path)) for path in sorted(self._asked)]
        sources = [f.source for f in self._facts.values() if f is not None and f.source is not None]
        own = Account(
            tuple(path for path, _ in facts),
            tuple(path for path, found in facts if found is not None),
            tuple(path for path, found in facts if found is not None and found.rewritten),
            tuple(path for path, found in facts if found is None or found.error),
            tuple((*question, found) for question, found in self.search.answers.items()),
            (("outline", self._outline), ("search", self._searching), ("bodies", sum(source.seconds for source in sources))),
        )
        return joined([own, *self._accounts])

    def add(self, account: Account) -> None:
        """Add the questions of a partition of this project."""
        self._accounts.append(account)

    def lines(self, path: str) -> list[str]:
        """Return the text of a file as lines without their ends, for code frames; unreadable files and those of no run have none."""
        position = bisect_left(self._paths, path)
        data = self.data(path) if self._paths[position : position + 1] == (path,) else None
        return [] if data is None else lines_of(data)


def _stop() -> NoReturn:
    from cardlint.common.stopping import Stopped

    raise Stopped


def joined(accounts: Sequence[Account]) -> Account:
    """Return several records of questions as one. The same question of two parts has one answer."""
    if len(accounts) == 1:
        return accounts[0]
    seconds: Counter[str] = Counter()
    for account in accounts:
        seconds.update(dict(account.seconds))

    def files(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
        return tuple(sorted({path for paths in lists for path in paths}))

    return Account(
        files(a.asked for a in accounts),
        files(a.parsed for a in accounts),
        files(a.rewritten for a in accounts),
        files(a.wrong for a in accounts),
        tuple(dict.fromkeys(answer for a in accounts for answer in a.answers)),
        tuple(seconds.items()),
    )


def marks(config: Config) -> list[bytes]:
    """Return the marks of files that may hold metrics: those of clients and exporters, and names of the user's own rows."""
    every = (config, *config.nested)
    names = [row.path for one in every for row in one.sinks] + [row.path for one in every for row in one.wrappers]
    return [*known_marks()] + [name.rstrip("()").rpartition(".")[2].encode() for name in names]
