"""git: the one module that starts it, and only to read objects and revisions of a repository for `--since`.

git runs programs that the configuration of a repository names, so it never reads that of the checkout. It works in a
repository that this module makes: a temporary folder with a fixed configuration, a copy of the names of revisions, and the
objects of the checkout to read from. It does not see the work tree either, so no attribute, hook or filter of the checkout
has an effect. It may not use the network.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from cardlint.files.opening import NotReadable, read
from cardlint.files.repository import Repository

if TYPE_CHECKING:
    import subprocess

SECONDS = 10.0
"""Seconds for all questions about one repository together."""
MAX_REFS = 100_000
MAX_PACKED = 200_000_000
MAX_COPIED = 400_000_000
"""Limits of the copied names of revisions: loose ones, bytes of a file, and bytes of all files."""
MAX_REF = 4096
MAX_CONFIG = 1_000_000
MAX_OUTPUT = 100_000_000
"""Bytes of an answer: the names of about a million files. A tree of git can expand to more than any memory holds."""
KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "SystemRoot", "WINDIR", "TEMP", "TMP", "TMPDIR")
"""Variables of the environment that a program needs to start at all; git is given no other."""
FIXED = {
    "LC_ALL": "C",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOC_LIMIT": "256m",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_PAGER": "cat",
    "PAGER": "cat",
    "GIT_EDITOR": "false",
    "GIT_ASKPASS": "false",
    "SSH_ASKPASS": "false",
    "GIT_SSH_COMMAND": "false",
}
"""No configuration but this one, no lock, no network, no prompt, no program, and no object that needs all memory."""
FOLDER = "40000"
"""The mode of a folder in a tree."""
CONFIG = """\
[core]
\trepositoryFormatVersion = 1
\tbare = true
\thooksPath = {devnull}
\tfsmonitor = false
\tattributesFile = {devnull}
\texcludesFile = {devnull}
\tlogAllRefUpdates = false
[gc]
\tauto = 0
[maintenance]
\tauto = false
[protocol]
\tallow = never
[extensions]
\tobjectFormat = {format}
"""


class GitError(Exception):
    """git cannot answer; the message is one line."""


class Missing(GitError):
    """No git is installed that may be started."""


class Refused(GitError):
    """git refuses the question."""


class Git:
    """git on the objects of one repository, in a temporary repository. It is a context that ends with the folder."""

    def __init__(self, repository: Repository, untrusted: Sequence[str], logs: bool = False) -> None:
        """Find git outside of the untrusted folders: no program of a checkout is started.

        `logs` is set for a name like `main@{1}`, which needs the logs of the revisions.
        """
        self.repository = repository
        self._program = _program((repository.top, *untrusted))
        self._room = MAX_COPIED
        self._left = MAX_REFS
        self._until = time.monotonic() + SECONDS
        self.format = "sha1"
        """the format of object names"""
        try:
            self._temporary = tempfile.mkdtemp(prefix="cardlint-git-")
        except OSError as problem:
            raise GitError(f"no temporary folder can be made: {problem.strerror}") from None
        try:
            self._prepare(logs)
        except OSError as problem:
            self.close()
            raise GitError(f"the names of its revisions cannot be copied: {problem.strerror}") from None
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Git:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Remove the temporary folder."""
        shutil.rmtree(self._temporary, ignore_errors=True)

    def run(self, *arguments: str) -> bytes:
        """Return the output of git. Raises Refused when it fails, GitError when it cannot be run or takes too long."""
        import subprocess

        env = {name: os.environ[name] for name in KEPT if name in os.environ}
        common = os.path.join(self.repository.common, "objects")
        env |= FIXED | {
            "PATH": os.path.dirname(self._program),
            "HOME": self._temporary,
            "GIT_DIR": self._temporary,
            "GIT_CEILING_DIRECTORIES": os.path.dirname(self._temporary),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": _quoted(common),
        }
        with open(os.path.join(self._temporary, "said"), "w+b") as said:
            try:
                process = subprocess.Popen(
                    [self._program, "--no-pager", *arguments],
                    cwd=self._temporary,
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=said,
                )
            except (OSError, ValueError) as problem:
                raise GitError(f"git cannot be run: {getattr(problem, 'strerror', None) or type(problem).__name__}") from None
            output = self._output(process)
            if process.returncode:
                said.seek(0)
                lines = said.read(MAX_REF).decode("utf-8", "replace").strip().splitlines()
                raise Refused(f"git says: {lines[0] if lines else 'nothing, and failed'}")
        return output

    def _output(self, process: subprocess.Popen[bytes]) -> bytes:
        """Return the output of a process, within limits of time and memory; the process has ended then."""
        from threading import Timer

        late = Timer(max(0.1, self._until - time.monotonic()), process.kill)
        late.daemon = True
        late.start()
        output = b""
        try:
            assert process.stdout is not None
            with process.stdout as pipe:
                output = pipe.read(MAX_OUTPUT + 1)
            if len(output) <= MAX_OUTPUT:
                process.wait()
        finally:
            process.kill()
            process.wait()
            late.cancel()
        if process.returncode < 0 and time.monotonic() >= self._until:
            raise GitError(f"git does not answer within {SECONDS:.0f} s")
        if len(output) > MAX_OUTPUT:
            raise GitError(f"git answers with more than {MAX_OUTPUT // 1_000_000} MB")
        return output

    def name(self, kind: str, data: bytes) -> str:
        """Return the name that git gives to an object."""
        import hashlib

        return hashlib.new(self.format, b"%s %d\0" % (kind.encode(), len(data)) + data, usedforsecurity=False).hexdigest()

    def keep(self, kind: str, data: bytes) -> str:
        """Store an object in the temporary repository, so that git can read it; return its name."""
        import zlib

        name = self.name(kind, data)
        folder = os.path.join(self._temporary, "objects", name[:2])
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, name[2:]), "wb") as out:
            out.write(zlib.compress(b"%s %d\0" % (kind.encode(), len(data)) + data, 1))
        return name

    def tree(self, files: Mapping[str, tuple[str, str]]) -> str:
        """Make a tree of files, given by path with mode and object; return its name."""
        here: dict[bytes, tuple[str, str]] = {}
        below: dict[str, dict[str, tuple[str, str]]] = {}
        for path, entry in files.items():
            folder, slash, rest = path.partition("/")
            if slash:
                below.setdefault(folder, {})[rest] = entry
            else:
                here[os.fsencode(path)] = entry
        for folder, inside in below.items():
            here[os.fsencode(folder)] = (FOLDER, self.tree(inside))
        ordered = sorted(here.items(), key=lambda item: item[0] + (b"/" if item[1][0] == FOLDER else b""))
        return self.keep("tree", b"".join(b"%s %s\0" % (mode.encode(), name) + bytes.fromhex(object_) for name, (mode, object_) in ordered))

    # the temporary repository ---------------------------------------------------------------------------------------------

    def _prepare(self, logs: bool) -> None:
        """Write the temporary repository. It copies the checkout's names and their values, and no setting with an effect."""
        own, common = self.repository.folder, self.repository.common
        for folder in ("objects", "refs"):
            os.mkdir(os.path.join(self._temporary, folder))
        self._copy(os.path.join(own, "HEAD"), "HEAD", MAX_REF)
        for name, limit in (("packed-refs", MAX_PACKED), ("shallow", MAX_PACKED)):
            self._copy(os.path.join(common, name), name, limit)
        for name in ("FETCH_HEAD", "ORIG_HEAD", "MERGE_HEAD"):
            self._copy(os.path.join(own, name), name, MAX_CONFIG)
        for place in dict.fromkeys((common, own)):
            self._copy_all(os.path.join(place, "refs"), "refs", MAX_REF)
            if logs:
                self._copy_all(os.path.join(place, "logs"), "logs", MAX_PACKED)
        self._configure(os.path.join(common, "config"))

    def _copy(self, source: str, name: str, limit: int) -> None:
        """Copy a file of git's; a file that is not regular, cannot be read or is too large is left out."""
        try:
            data = read(source, limit)
        except NotReadable:
            return
        self._room -= len(data)
        if self._room < 0:
            raise GitError(f"the names of its revisions take more than {MAX_COPIED // 1_000_000} MB")
        with open(os.path.join(self._temporary, name), "wb") as out:
            out.write(data)

    def _copy_all(self, source: str, name: str, limit: int) -> None:
        stack = [(source, name)]
        while stack:
            folder, inside = stack.pop()
            try:
                with os.scandir(folder) as scanned:
                    entries = list(scanned)
            except OSError:
                continue
            os.makedirs(os.path.join(self._temporary, inside), exist_ok=True)
            for entry in entries:
                self._left -= 1
                if self._left < 0 or time.monotonic() > self._until:
                    raise GitError("the repository has too many loose names of revisions; `git pack-refs --all` joins them")
                if entry.is_dir(follow_symlinks=False):
                    stack.append((entry.path, f"{inside}/{entry.name}"))
                elif entry.is_file(follow_symlinks=False):
                    self._copy(entry.path, f"{inside}/{entry.name}", limit)

    def _configure(self, theirs: str) -> None:
        """Write the configuration: only the format of object names and the upstream of branches come from the checkout's."""
        target = os.path.join(self._temporary, "config")
        with open(target, "w", encoding="ascii") as out:
            out.write(CONFIG.format(devnull=os.devnull, format="sha1"))
        try:
            copy = os.path.join(self._temporary, "theirs")
            with open(copy, "wb") as out_bytes:
                out_bytes.write(read(theirs, MAX_CONFIG))
            settings = self.run("config", "--file", copy, "--no-includes", "--null", "--list")
        except (Refused, NotReadable):  # an unreadable one has no settings
            return
        lines = []
        kind = "sha1"
        for setting in os.fsdecode(settings).split("\0"):
            name, _, value = setting.partition("\n")
            section, _, rest = name.partition(".")
            between, _, last = rest.rpartition(".")
            if name == "extensions.objectformat" and value in ("sha1", "sha256"):
                kind = value
            elif name == "extensions.refstorage" and value == "reftable":
                lines.append("[extensions]\n\trefStorage = reftable\n")
                self._copy_all(os.path.join(self.repository.common, "reftable"), "reftable", MAX_PACKED)
            elif (section, last) in (("branch", "remote"), ("branch", "merge"), ("remote", "fetch")) and between:
                lines.append(f"[{section} {_in_quotes(between)}]\n\t{last} = {_in_quotes(value)}\n")
        with open(target, "w", encoding="utf-8", errors="surrogateescape") as out:
            out.write(CONFIG.format(devnull=os.devnull, format=kind) + "".join(lines))
        self.format = kind


def _in_quotes(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _quoted(path: str) -> str:
    """Write a folder as an entry of a list of folders; quotes protect separators in its name."""
    return _in_quotes(path) if os.pathsep in path or '"' in path or "\n" in path or path.startswith("#") else path


def _program(untrusted: Sequence[str]) -> str:
    """Return the absolute path of git, from those folders of PATH that are absolute and in no untrusted folder.

    The working directory is not trusted either, unless it is the root of all folders. Raises GitError when there is none.
    """
    here = os.path.realpath(os.getcwd())
    closed = [os.path.realpath(folder) for folder in (*untrusted, here)]
    closed = [folder for folder in closed if os.path.dirname(folder) != folder]
    names = ("git.exe",) if os.name == "nt" else ("git",)
    passed = False
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        for name in names:
            path = os.path.join(folder, name)
            if not os.path.isabs(folder) or not os.path.isfile(path) or not os.access(path, os.X_OK):
                continue
            places = (os.path.realpath(folder), os.path.dirname(os.path.realpath(path)))
            if not any(place == top or place.startswith(top + os.sep) for place in places for top in closed):
                return path
            passed = True
    raise Missing("is only found inside of the analysed folders" if passed else "is not found here")
