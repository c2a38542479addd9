"""The names that one file writes in a form which is indexed in one pass."""

from __future__ import annotations

from cardlint.files.name_forms import DOTTED, LISTED, LOADED, NAME, OF_ITSELF, ONE_PASS, RENAMED, TARGETS

WORD = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
LETTERS = frozenset((*WORD, *range(128, 256)))
LETTER = frozenset(bytes((letter,)) for letter in LETTERS)
ROOM = 100
"""Bytes before and behind a name that are scanned."""
HELD = (b".__dict__", b".__setattr__")
"""What follows an object whose attributes are set by name."""
HOLDER = bytes(LETTERS) + b".[]()\"'"
"""Letters of an expression that such an object may be."""
PATCHES = (b"setattr", b"vars(", b".__dict__")
NO_OBJECTS = frozenset((b"self", b"cls", b"setattr", b"__setattr__", b"__dict__", b"vars"))
HANDED = b"*"
"""Stands for an object that a file does not name: one that it was handed."""


def names_in(form: str, data: bytes) -> set[bytes]:
    """Return the names that one file writes in a form."""
    pattern = ONE_PASS[form].regex
    if form == "base":
        return {name for heads in pattern.findall(data) for name in NAME.regex.findall(heads)}
    if form == "store":
        found = set(pattern.findall(data))
        for targets in TARGETS:
            found.update(name for text in targets.regex.findall(data) if b"." in text for name in DOTTED.regex.findall(text))
        return found
    if form == "import":
        found = {name for text in (*pattern.findall(data), *LOADED.regex.findall(data)) for name in NAME.regex.findall(text)}
        return found if b"import_module(" not in data else found | {HANDED}
    if form == "handed":
        found = {*pattern.findall(data), *LISTED.regex.findall(data)}
        found.difference_update(module for module, names in OF_ITSELF.regex.findall(data) if module in NAME.regex.findall(names))
        renamed = [(m.start(), m[1]) for m in RENAMED.regex.finditer(data) if m[1] in found]
        return found.union(name for at, _ in renamed for name in NAME.regex.findall(data[max(0, at - ROOM) : at].rpartition(b"\n")[2])[-1:])
    if form == "def":
        return set(pattern.findall(data))
    if form == "patch":
        return _patched(data) if any(word in data for word in PATCHES) else set()
    return {part for dotted in pattern.findall(data) for part in dotted.split(b".")}


def _patched(data: bytes) -> set[bytes]:
    """Return the names of the objects on which a file sets attributes by name: `setattr(conf, key, value)`, `vars(conf)[key] = value`.

    What a variable stands for counts as well, as far as one line shows it. `self` does not count.
    """
    found: set[bytes] = set()
    for argument in ONE_PASS["patch"].regex.findall(data):
        found.update(NAME.regex.findall(argument))
    for marker in HELD:
        at = data.find(marker)
        while at >= 0:
            before = data[max(0, at - ROOM) : at]
            found.update(NAME.regex.findall(before[len(before.rstrip(HOLDER)) :]))
            at = data.find(marker, at + 1)
    found -= NO_OBJECTS
    if found:
        for _ in range(2):
            found.update([other for name in sorted(found) for other in _stands_for(name, data)])
        found.add(HANDED)
    return found


def _stands_for(name: bytes, data: bytes) -> list[bytes]:
    """List the names that a file mentions where it gives a variable a value: in an assignment, a loop, an import."""
    found: list[bytes] = []
    for form in (name + b" = ", b"for " + name + b" in ", b" as " + name):
        at = data.find(form)
        while at >= 0:
            end = at + len(form)
            if form[:1] == b" ":
                piece = data[max(0, at - ROOM) : at].rpartition(b"\n")[2] if data[end : end + 1] not in LETTER else b""
                found.extend(NAME.regex.findall(piece)[-1:])
            elif not at or data[at - 1] not in LETTERS:
                found.extend(NAME.regex.findall(data[end : end + ROOM].partition(b"\n")[0]))
            at = data.find(form, end)
    return found
