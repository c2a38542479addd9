"""The index of a work tree: which Python files git tracks, read from the file in which git keeps them.

A tracked file belongs to the project also where a pattern ignores it. Names in an index are a stranger's text: they are only
compared with what lies below the folder, and those that could lead anywhere else are refused and told.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from functools import cached_property
from struct import error, unpack_from

from cardlint.files.opening import NotReadable, read
from cardlint.files.repository import Repository

MAX_INDEX = 400_000_000
"""Bytes of an index: about four million files."""
SECONDS = 5.0
"""An index that takes longer is given up."""
ENTRY = 40
"""Bytes of an entry before the digest of its content."""
LONG, EXTENDED = 0xFFF, 0x40
"""The length of names that are at least as long; the bit in the first of two bytes that says that two more follow."""
MAX_NAMES = 100_000_000
"""Bytes of all names together, which an index of version 4 can make of a few."""
MAX_NAME = 4096
"""Bytes of a name: no system opens a longer one."""
SUFFIX = b".py"


class Tracked:
    """The Python files in an index, by their paths from the top, and the folders that hold them."""

    def __init__(self, names: Sequence[bytes] = ()) -> None:
        joined = os.fsdecode(b"\0".join(names))
        files = joined.split("\0") if joined else []
        self.refused: tuple[str, ...] = ()
        """names that are no path below the top, and whose files are not looked at"""
        parts = "/" + joined.replace("\0", "/").lower() + "/"
        if any(sign in parts for sign in SIGNS) or (os.sep != "/" and ("\\" in parts or ":" in parts)):
            self.refused = tuple(sorted({name for name in files if _odd(name)}))
        self.files = frozenset(files).difference(self.refused)

    @cached_property
    def folders(self) -> frozenset[str]:
        """The folders that hold tracked files, at any depth."""
        folders: set[str] = set()
        for file in self.files:
            folder = file.rpartition("/")[0]
            while folder and folder not in folders:
                folders.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(folders)


SIGNS = ("//", "/./", "/../", "/.git/", "/.git.", "/.git ", "/git~1/")
"""What stands in names of which some may be odd: looking for it in all of them at once takes no time."""


def _odd(name: str) -> bool:
    """Tell whether a name has a part that is empty, leads upwards or is one of git's own."""
    if os.sep != "/" and ("\\" in name or ":" in name):
        return True
    return any(part in ("", ".", "..") or part.rstrip(". ").lower() in (".git", "git~1") for part in name.split("/"))


class Damaged(Exception):
    """An index cannot be understood."""


def tracked(repository: Repository) -> Tracked | None:
    """Return what a work tree tracks, nothing for one without an index, None when its index cannot be understood."""
    path = os.path.join(repository.folder, "index")
    if not os.path.lexists(path):
        return Tracked()
    try:
        names = _names(path, repository.folder, time.monotonic() + SECONDS)
    except (NotReadable, Damaged, error, IndexError, ValueError, OverflowError):
        return None
    return Tracked(names)


def _names(path: str, folder: str, until: float) -> list[bytes]:
    """List the names in an index that are those of Python files; a split index is one with its other part."""
    data = read(path, MAX_INDEX)
    try:
        return _read(data, 20, folder, until)
    except (Damaged, error, IndexError, ValueError):  # then its digests are those of SHA-256
        return _read(data, 32, folder, until)


def _read(data: bytes, size: int, folder: str, until: float) -> list[bytes]:
    names, position = _entries(data, size, until)
    link = _extension(data, position, size)
    digest, bits = link[:size], link[size:]
    first: list[bytes] = []
    gone: frozenset[int] = frozenset()
    if any(digest):
        first, _ = _entries(read(os.path.join(folder, f"sharedindex.{digest.hex()}"), MAX_INDEX), size, until)
        gone = _bitmap(bits, len(first)) if bits else gone
    return [name for number, name in enumerate(first) if name and number not in gone] + [name for name in names if name]


def _entries(data: bytes, size: int, until: float) -> tuple[list[bytes], int]:
    """Return the name of each entry that is a Python file, nothing for each other, and where the extensions begin."""
    signature, version, count = unpack_from(">4sII", data)
    if signature != b"DIRC" or version not in (2, 3, 4) or count > len(data) // (ENTRY + size + 2):
        raise Damaged
    if version == 4:
        return _compressed(data, size, count, until)
    names: list[bytes] = []
    append, ends = names.append, data.endswith
    position = 12
    header = ENTRY + size + 2
    for number in range(count):
        start = position + header
        length = (data[start - 2] & EXTENDED | data[start - 2] & 0xF) << 8 | data[start - 1]
        if length >= LONG:
            if length > LONG:  # flags follow
                if version < 3:
                    raise Damaged
                start += 2
                length &= LONG
            if length == LONG:
                length = data.index(0, start) - start
        end = start + length
        if data[end]:
            raise Damaged
        append(data[start:end] if ends(SUFFIX, start, end) else b"")
        position += (end - position + 8) & ~7
        if not number & 0xFFFF and time.monotonic() > until:
            raise Damaged
    if position > len(data) - size:
        raise Damaged
    return names, position


def _compressed(data: bytes, size: int, count: int, until: float) -> tuple[list[bytes], int]:
    """Read entries of version 4: a name is what it has in common with the one before, and the rest."""
    names = []
    kept = 0
    position = 12
    name = b""
    for number in range(count):
        start = position + ENTRY + size + 2
        if data[start - 2] & EXTENDED:
            start += 2
        start, dropped = _varint(data, start)
        end = data.index(0, start)
        if dropped > len(name) or len(name) - dropped + end - start > MAX_NAME:
            raise Damaged
        name = name[: len(name) - dropped] + data[start:end]
        position = end + 1
        wanted = name.endswith(SUFFIX)
        names.append(name if wanted else b"")
        kept += len(name) if wanted else 0
        if kept > MAX_NAMES or (not number & 0xFFFF and time.monotonic() > until):
            raise Damaged
    if position > len(data) - size:
        raise Damaged
    return names, position


def _varint(data: bytes, position: int) -> tuple[int, int]:
    byte = data[position]
    position += 1
    value = byte & 127
    while byte & 128:
        byte = data[position]
        position += 1
        value = ((value + 1) << 7) | (byte & 127)
        if value > 1 << 31:
            raise Damaged
    return position, value


def _extension(data: bytes, position: int, size: int) -> bytes:
    """Return what names the other part of a split index; an index with extensions nobody may pass over is not understood."""
    link = b""
    while position < len(data) - size:
        name, length = unpack_from(">4sI", data, position)
        position += 8
        if position + length > len(data) - size:
            raise Damaged
        if name == b"link":
            link = data[position : position + length]
            if len(link) < size:
                raise Damaged
        elif not 65 <= name[0] <= 90 and name != b"sdir":
            raise Damaged
        position += length
    return link


def _bitmap(data: bytes, count: int) -> frozenset[int]:
    """Return the numbers below `count` whose bits are set in a compressed bitmap: runs of equal words, then words as they are."""
    _, words = unpack_from(">II", data)
    out: set[int] = set()
    position, at = 8, 0
    end = position + 8 * words
    while position < end and at < count:
        (marker,) = unpack_from(">Q", data, position)
        position += 8
        run, literal = marker >> 1 & 0xFFFFFFFF, marker >> 33
        length = min(run * 64, count - at)
        if marker & 1:
            out.update(range(at, at + length))
        at += run * 64
        for _ in range(literal):
            (word,) = unpack_from(">Q", data, position)
            position += 8
            out.update(at + bit for bit in range(64) if word >> bit & 1)
            at += 64
    return frozenset(number for number in out if number < count)
