"""Reading of regular files: a file that a checkout names is opened without waiting and read up to a limit.

A named pipe, a device or an endless file in the place of a configuration would otherwise block a run.
"""

from __future__ import annotations

import errno
import os
from stat import S_ISDIR, S_ISREG

FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
"""With these flags a pipe is opened at once, and a terminal does not become that of the process."""
CHUNK = 1 << 20


class NotRegular(OSError):
    """A name is not that of a regular file; nothing is read from it, so that nothing waits."""

    def __init__(self, why: str = "it is no regular file") -> None:
        super().__init__(errno.EINVAL, why)


class TooLarge(OSError):
    """A file is larger than its purpose needs; it is not read, so that memory stays bounded."""

    def __init__(self, limit: int) -> None:
        shown = f"{limit // 1_000_000:,} MB" if limit >= 1_000_000 else f"{limit:,} bytes"
        super().__init__(errno.EFBIG, f"it holds more than {shown}")


def read_regular(path: str, limit: int, *, cut: bool = False) -> bytes:
    """Return the content of a regular file of at most `limit` bytes, or its first bytes with `cut`.

    Raises OSError with a reason that can be shown: NotRegular for a pipe, a device, a socket or a folder, TooLarge above the
    limit, and the errors of the system. No file has a name with a NUL in it.
    """
    try:
        mode = os.stat(path).st_mode  # a device may act when it is opened, so it is recognised before
        if not S_ISREG(mode):
            raise NotRegular("it is a folder" if S_ISDIR(mode) else "it is no regular file")
        descriptor = os.open(path, FLAGS)
    except ValueError:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)) from None
    try:
        return read_open(descriptor, limit, cut=cut)
    finally:
        os.close(descriptor)


def read_open(descriptor: int, limit: int, *, cut: bool = False) -> bytes:
    """Return the content of an open file as `read_regular` does: its name may refer to another file by now."""
    status = os.fstat(descriptor)
    if not S_ISREG(status.st_mode):
        raise NotRegular
    if status.st_size > limit and not cut:
        raise TooLarge(limit)
    parts: list[bytes] = []
    left = limit if cut else limit + 1
    size = min(status.st_size + 1, CHUNK)
    while left > 0:
        part = os.read(descriptor, min(max(size, 1), left))
        if not part:
            break
        parts.append(part)
        left -= len(part)
        size = CHUNK
    if not cut and left <= 0:
        raise TooLarge(limit)
    return parts[0] if len(parts) == 1 else b"".join(parts)
