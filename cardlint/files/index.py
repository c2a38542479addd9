"""The index of a work tree: the Python files that git tracks, read from git's index file.

A tracked file belongs to the project also where a pattern ignores it. Names in an index are not trusted: they are only
compared with names below the folder. Those that could lead anywhere else are refused and reported.
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
"""Bytes of an index, for about four million files."""
SECONDS = 5.0
"""Seconds after which reading an index is given up."""
ENTRY = 40
"""Bytes of an entry before the digest of its content."""
LONG, EXTENDED = 0xFFF, 0x40
"""The length field of names that are at least as long; the bit of the first byte that announces two more bytes of flags."""
MAX_NAMES = 100_000_000
"""Bytes of all names together, which an index of version 4 can compress to a few."""
MAX_NAME = 4096
"""Bytes of a name: no system opens a longer one."""
SUFFIX = b".py"


class Tracked:
    """The Python files in an index, by their paths from the top, and the folders that hold them."""

    def __init__(self, names: Sequence[bytes] = ()) -> None:
        joined = os.fsdecode(b"\0".join(names))
        files = joined.split("\0") if joined else []
        self.refused: tuple[str, ...] = ()
        """names that are no path below the top; their files are not read"""
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
"""Characters of suspicious names; one search over all names together is fast."""


def _odd(name: str) -> bool:
    """Tell whether a name has a part that is empty, leads upwards or belongs to git."""
    if os.sep != "/" and ("\\" in name or ":" in name):
        return True
    return any(part in ("", ".", "..") or part.rstrip(". ").lower() in (".git", "git~1") for part in name.split("/"))


class Damaged(Exception):
    """An index cannot be understood."""


def tracked(repository: Repository) -> Tracked | None:
    """Return the tracked files of a work tree, nothing for one without an index, None when its index cannot be understood."""
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
    """Return the name of each entry that is a Python file, nothing for the others, and the offset of the extensions."""
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
    """Read entries of version 4: a name is a prefix of the one before, and the rest."""
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
    """Return the names in the other part of a split index; an index with mandatory unknown extensions is not understood."""
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
