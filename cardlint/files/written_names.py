"""The names that one file writes in a form which is indexed in one pass."""

from __future__ import annotations

from cardlint.files.name_forms import BY_LITERAL, DOTTED, LOADED, NAME, ONE_PASS, TARGETS

WORD = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
LETTERS = frozenset((*WORD, *range(128, 256)))
LETTER = frozenset(bytes((letter,)) for letter in LETTERS)
AROUND = 100
"""Bytes before and behind a name that are scanned."""
HELD = (b".__dict__", b".__setattr__")
"""What follows an object whose attributes are set by name."""
HOLDER = bytes(LETTERS) + b".[]()\"'"
"""Letters of an expression that such an object may be."""
PATCHES = (b"setattr", b"vars(", b".__dict__")
NO_OBJECTS = frozenset((b"self", b"cls", b"setattr", b"__setattr__", b"__dict__", b"vars"))
HANDED = b"*"
"""Represents an object that a file does not name: one that it was given."""


def names_in(form: str, data: bytes) -> set[bytes]:
    """Return the names that one file writes in a form."""
    pattern = ONE_PASS[form].regex
    if form in ("base", "module"):
        return {name for heads in pattern.findall(data) for name in NAME.regex.findall(heads)}
    if form == "store":
        return _stored(pattern.findall(data), data)
    if form == "import":
        loaded = LOADED.regex.findall(data) if b"sys.modules" in data else ()
        found = set(NAME.regex.findall(b" ".join((*pattern.findall(data), *loaded))))
        if b"import_module(" in data:
            found.add(HANDED)
        return found
    if form == "deleted":
        return {name for text in pattern.findall(data) for name in NAME.regex.findall(text)} if b"del" in data else set()
    if form == "def":
        return set(pattern.findall(data))
    if form == "patch":
        return _patched(data) if any(word in data for word in PATCHES) else set()
    return {part for dotted in pattern.findall(data) for part in dotted.split(b".")}


def _stored(plainly: list[bytes], data: bytes) -> set[bytes]:
    """Return the attributes that a file stores: with an equals sign, as a target of a loop or of `with`, by a name that is a literal."""
    found = set(plainly)
    of_loops, of_with = TARGETS
    for text in of_loops.regex.findall(data):
        if b"." in text:
            found.update(DOTTED.regex.findall(text))
    for text in of_with.regex.findall(data):
        for target in text.split(b" as ")[1:]:
            if b"." in target:
                found.update(DOTTED.regex.findall(target))
    if any(word in data for word in PATCHES):
        found.update(BY_LITERAL.regex.findall(data))
    return found


def _patched(data: bytes) -> set[bytes]:
    """Return the names of the objects on which a file sets attributes by name: `setattr(conf, key, value)`, `vars(conf)[key] = value`.

    The value of a variable counts as well, as far as one line shows it. `self` does not count.
    """
    found: set[bytes] = set()
    for argument in ONE_PASS["patch"].regex.findall(data):
        found.update(NAME.regex.findall(argument))
    for marker in HELD:
        at = data.find(marker)
        while at >= 0:
            before = data[max(0, at - AROUND) : at]
            found.update(NAME.regex.findall(before[len(before.rstrip(HOLDER)) :]))
            at = data.find(marker, at + 1)
    found -= NO_OBJECTS
    if found:
        fresh = set(found)
        for _ in range(2):
            fresh = {other for name in fresh for other in _names_given(name, data)} - found
            found |= fresh
        found.add(HANDED)
    return found


def _names_given(name: bytes, data: bytes) -> list[bytes]:
    """List the names that a file mentions where it gives a variable a value: in an assignment, a loop, an import."""
    found: list[bytes] = []
    for form in (name + b" = ", b"for " + name + b" in ", b" as " + name):
        at = data.find(form)
        while at >= 0:
            end = at + len(form)
            if form[:1] == b" ":
                piece = data[max(0, at - AROUND) : at].rpartition(b"\n")[2] if data[end : end + 1] not in LETTER else b""
                found.extend(NAME.regex.findall(piece)[-1:])
            elif not at or data[at - 1] not in LETTERS:
                found.extend(NAME.regex.findall(data[end : end + AROUND].partition(b"\n")[0]))
            at = data.find(form, end)
    return found
