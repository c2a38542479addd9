"""The cache's own folder: its entries were written by this user's own runs, and no other file is touched.

A checkout may choose the folder of its cache, and the content of that folder. So the cache uses only a folder that it has
made and marked itself, owned by the user and writable for no other user. Every entry carries a code that only the user's
secret key makes: an entry that is damaged, edited, copied to another name or part of a checkout is a miss.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from contextlib import suppress

from cardlint.cache.digest import blake2b
from cardlint.cache.group import GROUP, RUNS, TEMPORARY, Group, is_left
from cardlint.files.regular import NotRegular, TooLarge, read_open
from cardlint.files.writing import CREATE, FOLDER, HAS_FOLDERS, NO_FOLLOW, inside, write_all

NAME = "cardlint-cache"
"""The own folder below a `cache-dir`; it holds no other files."""
MARK = ".cardlint-cache"
MARK_TEXT = b"This folder and the files with names of cardlint's form in it belong to the cache of cardlint.\n"
TAG_TEXT = b"Signature: 8a477f597d28d172789f06886806bc55\n# The cache of cardlint; see https://bford.info/cachedir/\n"
"""The first line is the mark that backup programs know."""
KEY, KEY_BYTES = "key", 32
MARKS = {MARK: MARK_TEXT, "CACHEDIR.TAG": TAG_TEXT, ".gitignore": b"*\n"}
CODE = 32
"""Bytes at the start of an entry that only the key makes."""
MAX_BYTES = 100_000_000
"""An entry above this size is neither written nor read."""
READ = os.O_RDONLY | NO_FOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def default_folder() -> str:
    """Return the user's cache folder, as XDG, macOS and Windows define it; '' for a user without a home."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/AppData/Local")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return "" if base.startswith("~") else os.path.join(base, "cardlint")  # an unexpanded name would be a folder of the checkout


def cache_folder(cache_dir: str = "", checkout: Sequence[str] = ()) -> Folder:
    """Return the own folder below a `cache-dir`, or the user's default one; it is made at the first use.

    `checkout` are the real folders of the analysed code: a key in them is no secret.
    """
    if cache_dir:
        return Folder(os.path.join(cache_dir, NAME), checkout, keys=Folder(_default(), checkout))
    return Folder(_default(), checkout)


def _default() -> str:
    """Return the default folder, or one below it where an earlier version has left entries without a mark."""
    folder = default_folder()
    try:
        if folder and _in_use(os.listdir(folder)) and not os.path.lexists(os.path.join(folder, MARK)):  # another first run puts it first
            return os.path.join(folder, NAME)
    except OSError:
        pass
    return folder


class Folder:
    """One folder of the cache. Every failure of the disk is a miss: a cache must never stop a run."""

    def __init__(self, path: str, checkout: Sequence[str] = (), keys: Folder | None = None) -> None:
        self.path = path
        self.problem = ""
        """why the folder is not used"""
        self.foreign = False
        """whether it belongs to another user, so that another folder has to be chosen"""
        self._checkout = checkout
        self._keys = keys
        self._descriptor: int | None = None
        self._open = False
        self._asked = False
        self._key = b""

    # entries ----------------------------------------------------------------------------------------------------------

    def read(self, group: str, name: str) -> bytes | None:
        """Return an entry as it was written, None for one that is not there or was not written by this user under this name."""
        if not self.ready():
            return None
        try:
            descriptor = os.open(self._name(f"{group}/{name}"), READ, dir_fd=self._descriptor)
        except (OSError, ValueError):
            return None
        try:
            raw = read_open(descriptor, MAX_BYTES)
        except OSError:
            return None
        finally:
            os.close(descriptor)
        content = raw[CODE:]
        return content if raw[:CODE] == self._code(group, name, content) else None

    def write(self, group: str, name: str, content: bytes) -> bool:
        """Keep an entry, in one step: other runs see the whole of it or none. Returns whether that succeeded."""
        if len(content) > MAX_BYTES - CODE or not self.ready():
            return False
        try:
            folder = self._group(group, create=True)
        except OSError:
            return False
        with folder:
            temporary = f".new-{os.urandom(8).hex()}"
            try:
                descriptor = os.open(folder.name(temporary), CREATE, 0o600, dir_fd=folder.descriptor)
                try:
                    write_all(descriptor, self._code(group, name, content) + content)
                finally:
                    os.close(descriptor)
                os.replace(folder.name(temporary), folder.name(name), src_dir_fd=folder.descriptor, dst_dir_fd=folder.descriptor)
            except BaseException as problem:
                with suppress(OSError):
                    os.unlink(folder.name(temporary), dir_fd=folder.descriptor)
                if isinstance(problem, OSError):
                    return False
                raise
        return True

    def _code(self, group: str, name: str, content: bytes) -> bytes:
        code = blake2b(f"{group}/{name}\0".encode(), digest_size=CODE, key=self._key, person=b"cardlint entry")
        code.update(content)
        return code.digest()

    def trim(self, groups: Sequence[str] | None, keep: int) -> None:
        """Remove the oldest entries of some groups, or of all groups of modules, above a number, and leftovers of killed runs."""
        if not self.ready():
            return
        entries: list[tuple[float, str, str]] = []
        with suppress(OSError):
            self._sweep()
            for group in self._groups() if groups is None else groups:
                if groups is None and group == RUNS:
                    continue
                with suppress(OSError), self._group(group) as folder:
                    for name, status, ours in folder.files():
                        if ours:
                            entries.append((status.st_mtime, group, name))
                        elif is_left(name, status):
                            folder.unlink(name)
        gone: dict[str, list[str]] = {}
        for _, group, name in sorted(entries)[: max(0, len(entries) - keep)]:
            gone.setdefault(group, []).append(name)
        for group, names in gone.items():
            with suppress(OSError), self._group(group) as folder:
                for name in names:
                    folder.unlink(name)

    def _sweep(self) -> None:
        """Remove leftovers of killed runs in the folder itself."""
        for name in self._listed():
            if TEMPORARY.regex.fullmatch(name) and is_left(name, os.stat(self._name(name), dir_fd=self._descriptor, follow_symlinks=False)):
                self._unlink(name)

    def clean(self) -> tuple[int, tuple[str, ...]]:
        """Remove every entry, and nothing else; return how many files that were, and the names of what is not the cache's.

        A folder that is not the cache's is left alone; `problem` says so then.
        """
        if not self.opened(create=False):
            return 0, ()
        removed = 0
        self._sweep()
        own = (*MARKS, KEY, NAME)
        left = [n for n in self._listed() if n not in own and not TEMPORARY.regex.fullmatch(n) and not self._is_group(n)]
        for group in self._groups():
            try:
                with self._group(group) as folder:
                    for name, status, ours in folder.files():
                        if ours or is_left(name, status):
                            folder.unlink(name)
                            removed += ours
                        elif not TEMPORARY.regex.fullmatch(name):
                            left.append(f"{group}/{name}")
            except OSError:
                left.append(group)
                continue
            with suppress(OSError):
                os.rmdir(self._name(group), dir_fd=self._descriptor)
        return removed, tuple(sorted(left))

    # the folder itself --------------------------------------------------------------------------------------------------

    def ready(self) -> bool:
        """Tell whether entries can be read and written: the user owns the folder, and its key is the user's secret."""
        if not self._asked:
            self._asked = True
            homes = [folder for folder in (self._keys, self) if folder is not None and folder.outside()]
            if self.opened(create=bool(homes)) and homes:
                self._key = next((key for home in homes if (key := home.own_key())), b"")
            if not self._key and not self.problem:
                self.problem = f"{self.path}: the cache is not used: there is no folder of the user's own for its key"
        return bool(self._key)

    def opened(self, create: bool) -> bool:
        """Open the folder, making it where it is not there; False, with `problem`, for one that is not the cache's."""
        if self._open:
            return True
        if self.problem:
            return False
        if not self.path:
            self.problem = "the cache is not used: the user has no home folder"
            return False
        try:
            self._open = self._opened(create)
        except FileNotFoundError:
            return False
        except (OSError, ValueError, RecursionError) as problem:
            self.problem = f"{self.path}: the cache is not used: {getattr(problem, 'strerror', None) or 'it is no name of a folder'}"
        return self._open

    def _opened(self, create: bool) -> bool:
        if create:
            os.makedirs(os.path.dirname(self.path) or ".", exist_ok=True)
            with suppress(FileExistsError):
                os.mkdir(self.path, 0o700)
        status = os.lstat(self.path)
        if not stat.S_ISDIR(status.st_mode):
            link = stat.S_ISLNK(status.st_mode)
            return self._refused("it is a link, which is not followed" if link else "it is no folder", foreign=True)
        if HAS_FOLDERS:
            self._descriptor = os.open(self.path, FOLDER)
            status = os.fstat(self._descriptor)
        if not _is_own(status):
            return self._refused("it belongs to another user")
        if hasattr(os, "geteuid") and status.st_mode & 0o022:
            return self._refused("others may write to it")
        if self._content(MARK) == MARK_TEXT:
            return True
        if _in_use(self._listed()) and self._content(MARK) != MARK_TEXT:  # another first run may have put it there just now
            return self._refused(f"it holds other files and no `{MARK}` of the cache", foreign=True)
        if create:
            for name, text in MARKS.items():
                self._make(name, text)
        return create

    def _refused(self, why: str, foreign: bool = False) -> bool:
        self.problem, self.foreign = f"{self.path}: the cache is not used: {why}", foreign
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        return False

    def outside(self) -> bool:
        """Tell whether the folder is outside of the checkout, so that nothing in it can be part of that."""
        try:
            return bool(self.path) and not inside(os.path.realpath(self.path), self._checkout)
        except ValueError:
            return False

    def own_key(self) -> bytes:
        """Return the key in this folder, made where there is none; one that others could read is replaced. b'' when none can be kept."""
        if not self.opened(create=True):
            return b""
        known = self._content(KEY, private=True)
        if len(known) == KEY_BYTES:
            return known
        key = os.urandom(KEY_BYTES)
        try:
            temporary = self._new(key)
        except OSError:
            return b""
        try:
            if self._there(KEY):
                known = self._content(KEY, private=True)  # another first run may have made it since
                if len(known) == KEY_BYTES:
                    return known
                self._rename(temporary, KEY)
                return key
            try:  # of two first runs at the same time both take the key of the first
                os.link(self._name(temporary), self._name(KEY), src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)
            except FileExistsError:
                key = self._content(KEY, private=True)
            except OSError:  # a file system without links
                self._rename(temporary, KEY)
            return key if len(key) == KEY_BYTES else b""
        except OSError:
            return b""
        finally:
            self._unlink(temporary)

    def _name(self, name: str) -> str:
        return name if self._descriptor is not None else os.path.join(self.path, name)

    def _there(self, name: str) -> bool:
        try:
            os.stat(self._name(name), dir_fd=self._descriptor, follow_symlinks=False)
        except OSError:
            return False
        return True

    def _content(self, name: str, private: bool = False) -> bytes:
        """Return the content of one of the folder's own files; b'' for one that is not the user's own."""
        try:
            descriptor = os.open(self._name(name), READ, dir_fd=self._descriptor)
        except OSError:
            return b""
        try:
            status = os.fstat(descriptor)
            if not _is_own(status) or (private and hasattr(os, "geteuid") and status.st_mode & 0o077):
                return b""
            return read_open(descriptor, 1000)
        except (NotRegular, TooLarge, OSError):
            return b""
        finally:
            os.close(descriptor)

    def _make(self, name: str, content: bytes) -> None:
        """Write a small file in one step."""
        temporary = self._new(content)
        try:
            self._rename(temporary, name)
        except OSError:
            self._unlink(temporary)
            raise

    def _new(self, content: bytes) -> str:
        """Write a file under an unused random name, and return the name."""
        temporary = f".new-{os.urandom(8).hex()}"
        descriptor = os.open(self._name(temporary), CREATE, 0o600, dir_fd=self._descriptor)
        try:
            write_all(descriptor, content)
        except BaseException:
            self._unlink(temporary)
            raise
        finally:
            os.close(descriptor)
        return temporary

    def _rename(self, old: str, new: str) -> None:
        os.replace(self._name(old), self._name(new), src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

    def _unlink(self, name: str) -> None:
        with suppress(OSError):
            os.unlink(self._name(name), dir_fd=self._descriptor)

    def _listed(self) -> list[str]:
        return os.listdir(self._descriptor if self._descriptor is not None else self.path)

    def _is_group(self, name: str) -> bool:
        if name != RUNS and not GROUP.regex.fullmatch(name):
            return False
        status = os.stat(self._name(name), dir_fd=self._descriptor, follow_symlinks=False)
        return stat.S_ISDIR(status.st_mode)

    def _groups(self) -> list[str]:
        return [name for name in sorted(self._listed()) if self._is_group(name)]

    def _group(self, name: str, create: bool = False) -> Group:
        if create:
            with suppress(FileExistsError):
                os.mkdir(self._name(name), 0o700, dir_fd=self._descriptor)
        return Group(self._name(name), self._descriptor, runs=name == RUNS)


def _in_use(names: Sequence[str]) -> bool:
    """Tell whether a folder holds more than the files that another first run is about to put in place."""
    return any(not TEMPORARY.regex.fullmatch(name) for name in names)


def _is_own(status: os.stat_result) -> bool:
    return not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
