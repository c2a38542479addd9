"""Search: which files of a run hold a name, or write it in a certain way.

Callers, subclasses and stores are found by searching the text of a tree for a name, thousands of times in one run. Ways of
writing that are rare are indexed in one pass when they are first asked for; names that are called are looked up in an
index of words, which pays from a few dozen names on.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

MAX_SCANS = 4
"""Names searched by scanning before an index of words pays: building it costs about as much as this many scans."""
WORD = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
SPACED = bytes(c if c in WORD or c > 127 else 32 for c in range(256))
CALLS = {
    "call": rb"%s\s*\(",
    "method": rb"\.%s\s*\(",
    "argument": rb"%s\s*[,)]",
    "task": rb"%s\s*\.\s*(?:delay|apply_async|s|si|send|send_with_options|kiq|defer)\s*\(",
}
"""Ways of calling a name, or of handing it to who calls it. They are looked for in the files that hold the name."""
BEFORE_ARGUMENT = re.compile(rb"[(,=]\s*(?:[\w.\x80-\xff]*\.)?$")
"""What stands before an argument. Patterns that begin with the name itself are found much faster."""
ONE_PASS = {
    "base": re.compile(rb"class\s+[\w\x80-\xff]+\s*\(([^():]*(?:\([^()]*\)[^():]*)*)\)\s*:"),
    "decorator": re.compile(rb"@([\w.\x80-\xff]+)"),
    "partial": re.compile(rb"partial\(\s*([\w.\x80-\xff]+)"),
    "store": re.compile(rb"\.(?<!\bself\.)(?<!\bcls\.)([\w\x80-\xff]+)[ \t]*(?::[^=\n]+)?[-+|]?=(?!=)"),
    "def": re.compile(rb"def[ \t]+([\w\x80-\xff]+)"),
}
"""Ways of writing that are indexed in one pass. They may find more than they should. What an object stores on itself is no
store from outside."""
NAME = re.compile(rb"[\w\x80-\xff]+")


class Search:
    """The index of the files of one run. `data` gives the bytes of a file; it is asked again rather than kept twice."""

    def __init__(self, paths: Sequence[str], data: Callable[[str], bytes | None]) -> None:
        self.paths = paths
        self.data = data
        self.answers: dict[tuple[str, str], tuple[str, ...]] = {}
        self.words: dict[bytes, list[int]] | None = None
        self.forms: dict[str, dict[bytes, list[int]]] = {}
        self.scans = 0

    def mentioning(self, name: str, form: str = "") -> tuple[str, ...]:
        """List the files that hold a name, in sorted order; `form` narrows it to a way of writing it."""
        key = (name, form)
        found = self.answers.get(key)
        if found is None:
            raw = name.encode("utf-8", "surrogatepass")
            if form in ONE_PASS:
                found = tuple(self.paths[i] for i in self._form(form).get(raw, ()))
            else:
                files = self._holding(raw)
                if form:
                    pattern = re.compile(CALLS[form] % re.escape(raw))
                    files = [path for path in files if written(form, pattern, self.data(path) or b"")]
                found = tuple(files)
            self.answers[key] = found
        return found

    def _holding(self, raw: bytes) -> list[str]:
        """Find the files that hold a name: by scanning while few are asked for, then by an index of words."""
        if not raw:  # what has no name is not mentioned
            return []
        self.scans += 1
        if self.words is None and self.scans > MAX_SCANS:
            self.words = self._index()
        plain = not raw.translate(None, WORD)
        if self.words is not None and plain:
            return [self.paths[i] for i in self.words.get(raw, ())]
        holding = [path for path in self.paths if raw in (self.data(path) or b"")]
        if plain:  # as a whole word, which is what the index would say
            whole = re.compile(rb"(?<![\w\x80-\xff])%s(?![\w\x80-\xff])" % raw)
            holding = [path for path in holding if whole.search(self.data(path) or b"")]
        return holding

    def _index(self) -> dict[bytes, list[int]]:
        """Map every word of the tree to the positions of the files that hold it."""
        index: defaultdict[bytes, list[int]] = defaultdict(list)
        for position, path in enumerate(self.paths):
            for word in set((self.data(path) or b"").translate(SPACED).split()):
                index[word].append(position)
        return index

    def _form(self, form: str) -> dict[bytes, list[int]]:
        """Map every name that is written in a form to the positions of the files where it is."""
        found = self.forms.get(form)
        if found is None:
            found = self.forms[form] = {}
            pattern = ONE_PASS[form]
            for position, path in enumerate(self.paths):
                data = self.data(path)
                if data:
                    for name in names_in(form, pattern, data):
                        found.setdefault(name, []).append(position)
        return found


class FileSearch:
    """The same questions asked of one file alone."""

    def __init__(self, data: bytes) -> None:
        self.bytes = data
        self.words: frozenset[bytes] | None = None
        self.forms: dict[str, set[bytes]] = {}

    def holds(self, name: str, form: str) -> bool:
        """Tell whether the file is one of those that `Search.mentioning` would list."""
        raw = name.encode("utf-8", "surrogatepass")
        if form in ONE_PASS:
            if form not in self.forms:
                self.forms[form] = names_in(form, ONE_PASS[form], self.bytes)
            return raw in self.forms[form]
        if not raw.translate(None, WORD):
            if self.words is None:
                self.words = frozenset(self.bytes.translate(SPACED).split())
            if raw not in self.words:
                return False
        elif raw not in self.bytes:
            return False
        return not form or written(form, re.compile(CALLS[form] % re.escape(raw)), self.bytes)


def written(form: str, pattern: re.Pattern[bytes], data: bytes) -> bool:
    """Tell whether a file writes what a pattern finds in the form that is asked for."""
    if form != "argument":
        return pattern.search(data) is not None
    return any(BEFORE_ARGUMENT.search(data, max(0, m.start() - 100), m.start()) for m in pattern.finditer(data))


def names_in(form: str, pattern: re.Pattern[bytes], data: bytes) -> set[bytes]:
    """Return the names that one file writes in a form."""
    if form == "base":
        return {name for heads in pattern.findall(data) for name in NAME.findall(heads)}
    if form in ("store", "def"):
        return set(pattern.findall(data))
    return {part for dotted in pattern.findall(data) for part in dotted.split(b".")}
