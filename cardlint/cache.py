"""Cache of facts: what stage 1 says of a file, kept under the hash of its content.

Entries are typed MessagePack, never pickle: a wrong, damaged or hostile entry fails to decode and is a miss. The key holds
everything facts depend on, so that nothing ever has to be invalidated.
"""

from __future__ import annotations

import os
import sys

from cardlint.facts.model import FileFacts
from cardlint.stamp import stamp
from cardlint.version import __version__

MIN_BYTES = 3000
"""Smaller files are parsed faster than they are looked up."""
MAX_ENTRIES = 30_000
"""Entries kept; the oldest ones go first."""
FORMAT = 6
"""Changes whenever the shape or meaning of facts changes without a new version."""


def default_folder() -> str:
    """Return the user's cache folder, as XDG, macOS and Windows have it."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/AppData/Local")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "cardlint")


class FactsCache:
    """Facts by content in one folder. Every failure of the disk is a miss: a cache must never stop a run."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.written = 0

    def _path(self, path: str, data: bytes) -> str:
        from cardlint.digest import blake2b

        key = f"{FORMAT} {__version__} {stamp()} {sys.version_info[:3]} {path}\0".encode("utf-8", "surrogatepass")
        name = blake2b(key + data, digest_size=20).hexdigest()
        return os.path.join(self.folder, name[:2], name[2:])

    def get(self, path: str, data: bytes) -> FileFacts | None:
        """Return the facts of a file with this content, None when they are not there or not readable."""
        if len(data) < MIN_BYTES:
            return None
        from msgspec import DecodeError, ValidationError
        from msgspec.msgpack import decode

        from cardlint.facts.record import Record, restored
        from cardlint.facts.source import Unreadable
        from cardlint.facts.source import decode as text_of

        try:
            with open(self._path(path, data), "rb") as handle:
                raw = handle.read()
            if checksum(raw[CHECKSUM:]) != raw[:CHECKSUM]:
                return None
            kept = decode(raw[CHECKSUM:], type=Record)
            return restored(kept, text_of(data), data) if kept.path == path else None
        except (OSError, DecodeError, ValidationError, RecursionError, ValueError, Unreadable):
            return None

    def put(self, path: str, data: bytes, facts: FileFacts) -> None:
        """Keep the facts of a file that was just read, atomically: other runs see the whole entry or none."""
        if len(data) < MIN_BYTES or facts.error:
            return
        import tempfile

        from msgspec.msgpack import encode

        from cardlint.facts.record import record

        target = self._path(path, data)
        folder = os.path.dirname(target)
        try:
            os.makedirs(folder, exist_ok=True)
            content = encode(record(facts))
            handle, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")
            with os.fdopen(handle, "wb") as out:
                out.write(checksum(content) + content)
            os.replace(temporary, target)
            self.written += 1
        except (OSError, RecursionError, OverflowError, UnicodeEncodeError, ValueError, TypeError):
            return

    def trim(self) -> None:
        """Remove the oldest entries when this run has added some and there are too many."""
        if not self.written:
            return
        entries: list[tuple[float, str]] = []
        try:
            for group in os.scandir(self.folder):
                if group.is_dir():
                    entries.extend((e.stat().st_mtime, e.path) for e in os.scandir(group.path))
            for _, path in sorted(entries)[: max(0, len(entries) - MAX_ENTRIES)]:
                os.unlink(path)
        except OSError:
            return

    def clean(self) -> int:
        """Remove every entry and return how many there were."""
        removed = 0
        for folder, _, files in os.walk(self.folder):
            for name in files:
                try:
                    os.unlink(os.path.join(folder, name))
                    removed += 1
                except OSError:
                    continue
        return removed


CHECKSUM = 8
"""Bytes in front of an entry by which damage is told."""


def checksum(content: bytes) -> bytes:
    """Return the bytes that stand in front of an entry. They tell accidents; what an entry says is checked besides."""
    from cardlint.digest import blake2b

    return blake2b(content, digest_size=CHECKSUM).digest()
