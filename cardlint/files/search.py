"""Search: which files of a run hold a name, or write it in a certain form.

Callers, subclasses and stores are found by searching all files for a name, thousands of times in one run. Rare forms are
indexed in one pass at the first question; names that are called are looked up in an index of words, which pays from a few
dozen names on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial

from cardlint.files.name_forms import AROUND, BEFORE_BYTES, NAME, ONE_PASS
from cardlint.files.written_names import LETTERS, WORD, names_in

MAX_SCANS = 4
"""Names searched by scanning before an index of words pays: building it costs about as much as this many scans."""
MAX_SCOPES = 12
"""Packages whose name is searched by scanning all files, before an index of all words pays."""
SPACED = bytes(c if c in WORD or c > 127 else 32 for c in range(256))
OFTEN = 40
"""Names asked of one file before all its names in a form are indexed: a file with thousands of functions is asked for each."""


class Search:
    """The index of the files of one run. `data` gives the bytes of a file; it is asked again rather than kept twice.

    Questions about a package are asked of its own files and of those that name it, and of tests only where tests ask.
    `tops_of` returns the packages that a file may belong to; `naming` holds the files that name a package, where the caller knows them
    already. A file is indexed at the first question that reaches it.
    """

    def __init__(
        self,
        paths: Sequence[str],
        data: Callable[[str], bytes | None],
        tops_of: Callable[[str], Iterable[str]] = lambda _path: ("",),
        naming: Mapping[str, Sequence[int]] | None = None,
        is_test: Callable[[str], bool] = lambda _path: False,
    ) -> None:
        self.paths = paths
        self.data = data
        self.tops_of = tops_of
        self.is_test = is_test
        self.naming = naming or {}
        self.answers: dict[tuple[str, str, str, bool], tuple[str, ...]] = {}
        self.scopes: dict[tuple[str, bool], frozenset[int]] = {}
        self.words = Index(self, lambda data: set(data.translate(SPACED).split()))
        self.forms = {form: Index(self, partial(names_in, form)) for form in ONE_PASS}
        self.scans = 0
        self.writing: dict[tuple[str, str], Writing] = {}

    def mentioning(self, name: str, form: str = "", top: str = "", tests: bool = True) -> tuple[str, ...]:
        """List the files that hold a name, in sorted order; `form` narrows it to a form of writing it.

        `top` is the top-level package that the name belongs to; '' asks all files. Without `tests` no tests are asked.
        """
        key = (name, form, top, tests)
        found = self.answers.get(key)
        if found is None:
            raw = name.encode("utf-8", "surrogatepass")
            scope = self._scope(top, tests)
            if form in ONE_PASS:
                found = tuple(self.paths[i] for i in self.forms[form].holding(raw, scope))
            else:
                files = [self.paths[i] for i in self._holding(raw, scope)]
                if form:
                    files = [path for path in files if self._writing(path, form).holds(raw, self.data(path) or b"")]
                found = tuple(files)
            self.answers[key] = found
        return found

    def _writing(self, path: str, form: str) -> Writing:
        found = self.writing.get((path, form))
        if found is None:
            found = self.writing[path, form] = Writing(form)
        return found

    def _scope(self, top: str, tests: bool) -> frozenset[int]:
        """Return the positions of the files that can refer to a package."""
        found = self.scopes.get((top, tests))
        if found is None:
            if not tests:
                found = frozenset(i for i in self._scope(top, True) if not self.is_test(self.paths[i]))
            elif top:
                naming = self.naming.get(top)
                if naming is None:
                    naming = self._naming(top.encode("utf-8", "surrogatepass"))
                found = frozenset(naming).union(self._own.get(top, ()))
            else:
                found = frozenset(range(len(self.paths)))
            self.scopes[top, tests] = found
        return found

    @cached_property
    def _own(self) -> dict[str, list[int]]:
        """The positions of the files of each package."""
        found: dict[str, list[int]] = {}
        for position, path in enumerate(self.paths):
            for top in self.tops_of(path):
                found.setdefault(top, []).append(position)
        return found

    def _naming(self, raw: bytes) -> Sequence[int]:
        """Find the files that name a package, among all: by scanning while few packages are asked about."""
        everything = range(len(self.paths))
        if len(self.scopes) > MAX_SCOPES and not raw.translate(None, WORD):
            return self.words.holding(raw, frozenset(everything))
        return self._scanned(raw, everything)

    def _holding(self, raw: bytes, scope: frozenset[int]) -> Sequence[int]:
        """Find the files that hold a name: by scanning while few are asked for, then by an index of words."""
        if not raw:  # the empty name is mentioned nowhere
            return []
        self.scans += 1
        if self.scans > MAX_SCANS and not raw.translate(None, WORD):
            return self.words.holding(raw, scope)
        return self._scanned(raw, sorted(scope))

    def _scanned(self, raw: bytes, positions: Iterable[int]) -> list[int]:
        """Find the files that hold a name by scanning all."""
        holding = [i for i in positions if raw in (self.data(self.paths[i]) or b"")]
        if not raw.translate(None, WORD):  # as a whole word, as the index finds it
            holding = [i for i in holding if holds_word(self.data(self.paths[i]) or b"", raw)]
        return holding


class Index:
    """The files of each name, for the files that were asked for."""

    def __init__(self, search: Search, names: Callable[[bytes], set[bytes]]) -> None:
        self.search = search
        self.names = names
        self.positions: dict[bytes, int | list[int]] = {}
        """one position is stored alone: most names are in one file only"""
        self.done: frozenset[int] = frozenset()

    def holding(self, raw: bytes, scope: frozenset[int]) -> list[int]:
        """Return the positions of the files of a scope that hold a name, in order."""
        if not scope <= self.done:
            self._read(sorted(scope - self.done))
            self.done |= scope
        found = self.positions.get(raw, ())
        return sorted(i for i in ((found,) if isinstance(found, int) else found) if i in scope)

    def _read(self, positions: Sequence[int]) -> None:
        table, names, data, paths = self.positions, self.names, self.search.data, self.search.paths
        for position in positions:
            for name in names(data(paths[position]) or b""):
                known = table.get(name)
                if known is None:
                    table[name] = position
                elif type(known) is int:
                    table[name] = [known, position]
                else:
                    known.append(position)  # type: ignore[union-attr]


class Writing:
    """The names that one file writes in one form: searched one by one, and indexed when the file is asked often."""

    __slots__ = ("asked", "form", "names")

    def __init__(self, form: str) -> None:
        self.form = form
        self.asked = 0
        self.names: frozenset[bytes] | None = None

    def holds(self, raw: bytes, data: bytes) -> bool:
        """Tell whether the file writes a name in the form."""
        if self.names is None:
            self.asked += 1
            if self.asked > OFTEN:
                self.names = all_written(self.form, data)
        if self.names is None or NAME.regex.fullmatch(raw) is None:
            return written(self.form, raw, data)
        return raw in self.names


class FileSearch:
    """The same questions asked of one file alone."""

    def __init__(self, data: bytes) -> None:
        self.bytes = data
        self.words: frozenset[bytes] | None = None
        self.forms: dict[str, set[bytes]] = {}
        self.writing: dict[str, Writing] = {}

    def holds(self, name: str, form: str) -> bool:
        """Tell whether the file is one of those that `Search.mentioning` would list."""
        raw = name.encode("utf-8", "surrogatepass")
        if form in ONE_PASS:
            if form not in self.forms:
                self.forms[form] = names_in(form, self.bytes)
            return raw in self.forms[form]
        if not raw.translate(None, WORD):
            if self.words is None:
                self.words = frozenset(self.bytes.translate(SPACED).split())
            if raw not in self.words:
                return False
        elif raw not in self.bytes:
            return False
        return not form or self.writing.setdefault(form, Writing(form)).holds(raw, self.bytes)


def holds_word(data: bytes, raw: bytes) -> bool:
    """Tell whether a name occurs as a whole word. Patterns with a look-behind are much slower."""
    at = data.find(raw)
    while at >= 0:
        end = at + len(raw)
        if (not at or data[at - 1] not in LETTERS) and (end == len(data) or data[end] not in LETTERS):
            return True
        at = data.find(raw, end)
    return False


def written(form: str, raw: bytes, data: bytes) -> bool:
    """Tell whether a file writes a name in a form: as a call, or as an argument of a call."""
    around = AROUND[form]
    behind, before = around.behind.regex, around.before.regex if around.before is not None else None
    at = data.find(raw)
    while at >= 0:
        end = at + len(raw)
        if behind.match(data, end):
            if before is not None:
                if before.search(data, max(0, at - BEFORE_BYTES), at):
                    return True
            elif not at or data[at - 1] not in LETTERS:
                return True
        at = data.find(raw, end)
    return False


def all_written(form: str, data: bytes) -> frozenset[bytes]:
    """Return the names for which `written` is true of a file."""
    return frozenset(m[1] for m in AROUND[form].any_name.regex.finditer(data) if m.start(1) - m.start() <= BEFORE_BYTES)
