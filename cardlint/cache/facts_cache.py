"""Cache of lowered files: the module of a file, kept under the hash of its content.

Entries are typed MessagePack, never pickle, and the folder returns only entries of this user's runs: a wrong, damaged or
hostile entry is a miss. The key covers everything that a module depends on, so no entry has to be invalidated.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cardlint.cache.folder import Folder
from cardlint.cache.stamp import stamp
from cardlint.version import __version__

if TYPE_CHECKING:
    from cardlint.ir.model import ModuleIR

MIN_BYTES = 3000
"""Smaller files are parsed faster than looked up."""
MAX_ENTRIES = 30_000
"""Entries kept; the oldest ones are removed first."""
FORMAT = 9
"""Changes with the shape or meaning of entries, when there is no new version."""


class FactsCache:
    """Lowered modules by content in one folder. Every failure of the disk is a miss: a cache must never stop a run."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.written = 0

    def _name(self, path: str, data: bytes) -> tuple[str, str]:
        """Return the group and the name of an entry: everything that it depends on."""
        from cardlint.cache.digest import blake2b

        key = f"{FORMAT} {__version__} {stamp()} {sys.version_info[:3]} {path}\0".encode("utf-8", "surrogatepass")
        name = blake2b(key + data, digest_size=20).hexdigest()
        return name[:2], name[2:]

    def get(self, path: str, data: bytes) -> ModuleIR | None:
        """Return the module of a file with this content, None when it is not there or not readable."""
        if len(data) < MIN_BYTES or not self.folder.ready():
            return None
        from msgspec import DecodeError, ValidationError
        from msgspec.msgpack import decode

        from cardlint.lowering.record import Record, restored
        from cardlint.lowering.source import Unreadable
        from cardlint.lowering.source import decode as text_of

        raw = self.folder.read(*self._name(path, data))
        if raw is None:
            return None
        try:
            kept = decode(raw, type=Record)
            return restored(kept, text_of(data), data) if kept.path == path else None
        except (DecodeError, ValidationError, RecursionError, ValueError, Unreadable):
            return None

    def put(self, path: str, data: bytes, facts: ModuleIR) -> None:
        """Keep the module of a file that was just read, atomically: other runs see the whole entry or none."""
        if len(data) < MIN_BYTES or facts.error or not self.folder.ready():
            return
        from msgspec.msgpack import encode

        from cardlint.lowering.record import record

        try:
            content = encode(record(facts))
        except (RecursionError, OverflowError, UnicodeEncodeError, ValueError, TypeError):
            return
        self.written += self.folder.write(*self._name(path, data), content)

    def trim(self) -> None:
        """Remove the oldest entries when this run has added some and there are too many."""
        if self.written:
            self.folder.trim(None, MAX_ENTRIES)
