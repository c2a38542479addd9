"""Changed lines: the lines that differ from a git revision, for runs that judge only a change.

Only the files that findings show are compared. git gets their text as input and never reads the work tree itself.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from stat import S_ISLNK, S_ISREG

from cardlint.common.expressions import Expression
from cardlint.files import repository
from cardlint.files.checkout import Checkout
from cardlint.files.git import Git, GitError, Missing, Refused
from cardlint.files.opening import NotReadable, read
from cardlint.files.repository import Repository
from cardlint.findings import Finding, Place

HUNK = Expression(rb"^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
DIFF = (
    "diff-tree", "-r", "-p", "-U0", "--text", "--find-renames", "--ignore-cr-at-eol", "--no-color", "--no-ext-diff", "--no-textconv",
    "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip
MAX_FILE = 20_000_000
MAX_REVISION = 1000
MAX_DEPTH = 100
"""Folders above a file that may have been renamed."""
EVERYWHERE = (1, 1 << 30)
Ranges = dict[str, list[tuple[int, int]]]


class ChangesError(Exception):
    """git cannot say what changed; the message is one line."""


def changed_lines(revision: str, paths: Sequence[str], files: Iterable[str]) -> Ranges:
    """Return the changed line ranges (first and last, inclusive) of some files, for the repositories of the paths.

    The comparison is with the commit at which this branch left the revision. A new file has changed everywhere, a renamed one
    only on the lines that differ, and submodules are compared too.
    """
    if revision.startswith("-") or not revision.strip() or "\0" in revision or len(revision) > MAX_REVISION:
        raise ChangesError(f"--since: `{revision[:80]}` is no revision")
    places = {path: _places(path) for path in files}
    wanted = {place for both in places.values() for place in both}
    out: Ranges = {}
    for found in dict.fromkeys(_repository(path) for path in paths):
        inside = [path for path in wanted if path.startswith(found.top.rstrip(os.sep) + os.sep)]
        try:
            with Git(found, paths, "@{" in revision) as git:
                compared = _Compared(git, _base(git, revision), paths)
                for path, spans in compared.ranges(inside).items():
                    out.setdefault(path, []).extend(spans)
        except Missing as problem:
            raise ChangesError(f"--since needs git, which {problem}") from None
        except GitError as problem:
            raise ChangesError(f"--since: {problem}") from None
    return {path: [span for place in both for span in out.get(place, ())] for path, both in places.items()}


def _places(path: str) -> set[str]:
    """Return the real path of a file, and the link that leads there when its own name is one: either may have changed."""
    own = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
    return {own, os.path.realpath(path)}


def _repository(path: str) -> Repository:
    folder = path if os.path.isdir(path) else os.path.dirname(path) or "."
    found = repository.containing(folder)
    if found is None:
        raise ChangesError(f"--since needs a git repository, and {path} is in none")
    return found


def _base(git: Git, revision: str) -> str:
    """Return the commit at which this branch left the revision."""
    try:
        commit = git.run("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()
    except Refused:
        raise ChangesError(f"--since: git knows no revision `{revision}`; fetch it, or name another") from None
    try:
        return git.run("merge-base", commit, "HEAD").decode().strip()
    except Refused:
        raise ChangesError(
            f"--since: `{revision}` and HEAD have no commit in common here; a shallow clone needs more of the history"
        ) from None


class _Compared:
    """The work tree of one repository and one of its commits."""

    def __init__(self, git: Git, commit: str, paths: Sequence[str]) -> None:
        self._git = git
        self._commit = commit
        self._paths = paths
        self._top = git.repository.top

    @cached_property
    def _tree(self) -> dict[str, tuple[str, str]]:
        """The mode and the object of every file of the commit, and of every submodule."""
        try:
            listed = self._git.run("ls-tree", "-r", "-z", "--full-tree", self._commit)
        except Refused as problem:
            raise GitError(f"the files of {self._commit[:12]} are not all here: {problem}") from None
        entries = (entry.partition("\t") for entry in os.fsdecode(listed).split("\0") if entry)
        return {path: (said.split(" ")[0], said.split(" ")[2]) for said, _, path in entries}

    def ranges(self, files: Collection[str]) -> Ranges:
        """Return the changed lines of files below the top, by absolute path."""
        out: Ranges = {}
        texts: dict[str, bytes] = {}
        nested: dict[str, list[str]] = {}
        for path in files:
            inner = repository.containing(os.path.dirname(path))
            relative = path[len(self._top.rstrip(os.sep)) + 1 :].replace(os.sep, "/")
            if inner is not None and inner.top != self._top:
                nested.setdefault(inner.top, []).append(path)
            elif os.path.islink(path):
                target = self._git.name("blob", os.fsencode(os.readlink(path)))
                if self._tree.get(relative, ("", ""))[1] != target and not self._checkout.ignores(relative):
                    out[path] = [EVERYWHERE]
            else:
                try:
                    texts[relative] = read(path, MAX_FILE)
                except NotReadable:
                    out[path] = [EVERYWHERE]
        for relative, spans in self._differing(texts).items():
            out[os.path.join(self._top, relative)] = spans
        for top, inside in nested.items():
            out |= self._below(top, inside)
        return out

    def _below(self, top: str, files: Collection[str]) -> Ranges:
        """Compare files of a nested repository: with the commit that this repository records for it as its submodule."""
        mode, commit = self._tree.get(os.path.relpath(top, self._top).replace(os.sep, "/"), ("", ""))
        found = repository.at(top)
        if found is None:
            return {}
        if mode != SUBMODULE:
            outer = max((p for p in self._submodules() if top.startswith(p + os.sep)), key=len, default="")
            return self._below(outer, files) if outer else {}
        with Git(found, self._paths) as git:
            try:
                git.run("cat-file", "-e", commit)
            except Refused:  # the commit was never fetched, so every line counts as changed
                return {path: [EVERYWHERE] for path in files}
            return _Compared(git, commit, self._paths).ranges(files)

    def _submodules(self) -> list[str]:
        return [os.path.join(self._top, path) for path, (mode, _) in self._tree.items() if mode == SUBMODULE]

    def _differing(self, texts: dict[str, bytes]) -> Ranges:
        changed = {path: data for path, data in texts.items() if self._tree.get(path, ("", ""))[1] != self._git.name("blob", data)}
        if not changed:
            return {}
        changed = {path: data for path, data in changed.items() if path in self._tree or not self._checkout.ignores(path)}
        before = {path: self._tree[path] for path in changed if path in self._tree}
        if any(path not in self._tree for path in changed):  # they may be renamed files
            before |= {path: entry for path, entry in self._tree.items() if entry[0] != SUBMODULE and self._is_gone(path)}
        after = {path: (self._tree.get(path, (FILE, ""))[0], self._git.keep("blob", data)) for path, data in changed.items()}
        try:
            diff = self._git.run(*DIFF, self._git.tree(before), self._git.tree(after))
        except Refused as problem:
            raise GitError(f"the text of a changed file at that revision is not here; `git diff` fetches it ({problem})") from None
        out: Ranges = {}
        for path, first, last in _ranges(diff):
            out.setdefault(path, []).append((first, last))
        return out

    @cached_property
    def _checkout(self) -> Checkout:
        return Checkout(self._git.repository)

    def _is_gone(self, path: str) -> bool:
        """Tell whether a file of the commit is missing in the work tree, and may be the former name of another one."""
        if path.count("/") > MAX_DEPTH:
            return False
        try:
            mode = os.lstat(os.path.join(self._top, path)).st_mode
        except OSError:
            return True
        return not (S_ISREG(mode) or S_ISLNK(mode))


FILE, SUBMODULE = "100644", "160000"
QUOTED = Expression(rb"\\([0-7]{3}|.)")
ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


def _ranges(diff: bytes) -> Iterator[tuple[str, int, int]]:
    """Read a diff. Lines of a hunk are counted, because an added one may look like a header; there may be context."""
    current = ""
    old = new = number = 0
    for line in diff.split(b"\n"):
        if old > 0 or new > 0:
            kind = line[:1]
            if kind == b"+" and current:
                yield current, number, number
            old -= kind in (b"-", b" ")
            new -= kind in (b"+", b" ")
            number += kind in (b"+", b" ")
        elif line.startswith(b"+++ "):
            current = _name(line[4:])
        elif match := HUNK.regex.match(line):
            old, number, new = int(match[1] or 1), int(match[2]), int(match[3] or 1)


def _name(raw: bytes) -> str:
    """Return the name in a header of a diff; git quotes what holds a quote or a control character."""
    if raw.startswith(b'"'):
        raw = QUOTED.regex.sub(lambda m: bytes([int(m[1], 8)]) if len(m[1]) == 3 else ESCAPES.get(m[1], m[1]), raw.rstrip(b"\t")[1:-1])
    else:
        raw = raw.removesuffix(b"\t")  # it ends a name with spaces
    name = os.fsdecode(raw)
    return name.removeprefix("b/") if name != "/dev/null" else ""


def touched(findings: Iterable[Finding], revision: str, paths: Sequence[str] = (".",)) -> tuple[Finding, ...]:
    """Return the findings with a span on a changed line: the label, the call, the declaration or a step of the trace."""
    found = list(findings)
    changes = changed_lines(revision, paths, {place.path for finding in found for place in _spans(finding)})
    return tuple(f for f in found if any(_changed(place, changes) for place in _spans(f)))


def _spans(finding: Finding) -> list[Place]:
    return [finding.place, finding.site, *(s.place for s in finding.trace), *(s.place for s in finding.related)]


def _changed(place: Place, changes: Ranges) -> bool:
    return any(first <= place.end_line and place.line <= last for first, last in changes.get(place.path, ()))
