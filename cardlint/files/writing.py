"""Writing of files: in one step, so that no reader sees half of one, and never out of the project through a link.

The author of the analysed code may have put a link where a report or a fix will be written. So a link in the project that
leads out of it is refused, at any part of the path.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Sequence
from contextlib import suppress

WAIT = 3.0
"""Seconds to wait for a reader of a named pipe."""
LINKS = 40
"""Links in the path of one file; systems allow no more."""
HAS_FOLDERS = {os.open, os.mkdir, os.unlink, os.rename, os.stat} <= os.supports_dir_fd
"""Whether the system can name a file by an open folder, so that replacing the folder meanwhile has no effect."""
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
FOLDER = os.O_RDONLY | NO_FOLLOW | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)


def inside(path: str, folders: Sequence[str]) -> bool:
    """Tell whether a real path is one of some real folders or is below one of them."""
    return any(path == folder or path.startswith(folder.rstrip(os.sep) + os.sep) for folder in folders)


def checkout(paths: Sequence[str], root: str = "") -> tuple[str, ...]:
    """Return the real folders of what is analysed: those given, the work tree around them and the project's root.

    The author of the analysed code may have written every file in them. `root` is the folder of the configuration file.
    """
    found: dict[str, None] = {os.path.realpath(root): None} if root else {}
    for path in paths:
        folder = os.path.realpath(path if os.path.isdir(path) else os.path.dirname(path) or ".")
        found[folder] = None
        while not os.path.lexists(os.path.join(folder, ".git")):
            parent = os.path.dirname(folder)
            if parent == folder:
                break
            folder = parent
        else:
            found[folder] = None
    return tuple(found)


class Bounds:
    """The files that a run over some paths may write. It is the only check for fixes, comments, reports and baselines."""

    def __init__(self, paths: Sequence[str], root: str = "") -> None:
        given = paths or (".",)
        self._given = tuple(os.path.realpath(path) for path in given)
        here = os.path.realpath(".")
        around = checkout(given, root)
        self._folders = (*around, here) if any(inside(folder, (here,)) for folder in around) else around

    def of_source(self, path: str) -> str:
        """Return why an analysed file may not be changed, '' when it may: it has to be in the given paths, links resolved."""
        target = os.path.realpath(path)
        if not inside(target, self._given):
            return f"it is a link to {_shown(target)}, outside of the given paths, and is left alone"
        return self.of_output(path)

    def of_output(self, path: str) -> str:
        """Return why a path may not be written to, '' when it may: a link in the project must not lead out of it."""
        link = self._leaving(path)
        if not link:
            return ""
        return f"{_shown(link)} is a link to {_shown(os.path.realpath(link))}, outside of the project, and is not followed"

    def _leaving(self, path: str) -> str:
        """Return the first link in the path of a file that is in the project and leads out of it."""
        drive, rest = os.path.splitdrive(os.path.join(os.getcwd(), path))
        current, links = drive + os.sep, 0
        parts = rest.split(os.sep)[::-1]
        while parts:
            part = parts.pop()
            if part in ("", os.curdir):
                continue
            if part == os.pardir:
                current = os.path.dirname(current)
                continue
            following = os.path.join(current, part)
            if not os.path.islink(following):
                current = following
                continue
            links += 1
            if links > LINKS or (inside(current, self._folders) and not inside(os.path.realpath(following), self._folders)):
                return following
            target = os.readlink(following)
            if os.path.isabs(target):
                current = os.path.splitdrive(target)[0] + os.sep
            parts.extend(os.path.splitdrive(target)[1].split(os.sep)[::-1])
        return ""


def _shown(path: str) -> str:
    """Return a path as messages show it: below the working directory by its relative name."""
    here = os.getcwd() + os.sep
    return path[len(here) :] if path.startswith(here) else path


class Refused(OSError):
    """A file is not written, because that would change a file outside of the project; messages show the reason."""

    def __init__(self, why: str) -> None:
        super().__init__(errno.EPERM, why)


def replace_file(path: str, data: bytes, bounds: Bounds | None = None, *, source: bool = False) -> None:
    """Give a file new content in one step, keeping its mode, its owner and a link to it; devices and pipes are written to as they are.

    `bounds` are checked again right before the content is put in place. Raises OSError when they or the system refuse; the
    file is as it was then, and no other file is left. A file with several names loses this one: the others keep the old
    content.
    """
    _check(path, bounds, source)
    try:
        status: os.stat_result | None = os.stat(path)
    except FileNotFoundError:
        status = None
    if status is not None and not stat.S_ISREG(status.st_mode):
        _write_to(path, data, status)
        return
    target = os.path.realpath(path)
    with _Folder(os.path.dirname(target)) as folder:
        temporary = f".cardlint-{os.urandom(8).hex()}"
        descriptor = folder.create(temporary)
        try:
            try:
                write_all(descriptor, data)
                _keep_state(descriptor, status)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            _check(path, bounds, source)
            if os.path.realpath(path) != target or not folder.is_in_place():
                raise Refused("a folder above it has changed in the meantime")
            folder.replace(temporary, os.path.basename(target))
        except BaseException:
            with suppress(OSError):
                folder.unlink(temporary)
            raise


def _check(path: str, bounds: Bounds | None, source: bool) -> None:
    if bounds is not None and (why := bounds.of_source(path) if source else bounds.of_output(path)):
        raise Refused(why)


def write_all(descriptor: int, data: bytes) -> None:
    """Write bytes to an open file, all of them: the system may take them in parts."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _keep_state(descriptor: int, status: os.stat_result | None) -> None:
    """Give a new file the owner and mode of the one it replaces, or those that a new file has."""
    if status is None:
        mode = 0o666 & ~_umask()
    else:
        mode = stat.S_IMODE(status.st_mode)
        own = os.fstat(descriptor)
        if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
            try:
                os.chown(descriptor, status.st_uid, status.st_gid)
            except (OSError, AttributeError, TypeError):
                mode &= 0o777  # a set-uid bit must not pass to a file with another owner
    if os.chmod in os.supports_fd:
        os.chmod(descriptor, mode)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _write_to(path: str, data: bytes, status: os.stat_result) -> None:
    """Write to a pipe or device. A pipe without a reader is given up after a while: it may be part of the checkout."""
    if not stat.S_ISFIFO(status.st_mode):
        descriptor = os.open(path, os.O_WRONLY)
    else:
        end = time.monotonic() + WAIT
        while True:
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
                break
            except OSError as problem:
                if problem.errno != errno.ENXIO:
                    raise
                if time.monotonic() > end:
                    raise Refused("it is a pipe without a reader") from None
            time.sleep(0.02)
        os.set_blocking(descriptor, True)
    try:
        write_all(descriptor, data)
    finally:
        os.close(descriptor)


class _Folder:
    """A folder that is written into: held open where the system can, so that its name may change meanwhile."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.descriptor: int | None = None

    def __enter__(self) -> _Folder:
        if HAS_FOLDERS:
            self.descriptor = os.open(self.path, FOLDER)
        return self

    def __exit__(self, *exception: object) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)

    def _name(self, name: str) -> str:
        return name if self.descriptor is not None else os.path.join(self.path, name)

    def create(self, name: str) -> int:
        """Create a file that only its owner can read, and return it open for writing."""
        return os.open(self._name(name), CREATE, 0o600, dir_fd=self.descriptor)

    def is_in_place(self) -> bool:
        """Tell whether the folder still has the name by which it was opened."""
        return self.descriptor is None or os.path.samestat(os.fstat(self.descriptor), os.lstat(self.path))

    def replace(self, old: str, new: str) -> None:
        """Rename a file of the folder; an existing file of the new name is replaced."""
        os.replace(self._name(old), self._name(new), src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)

    def unlink(self, name: str) -> None:
        """Remove a file of the folder."""
        os.unlink(self._name(name), dir_fd=self.descriptor)
