"""Changed lines: which lines of which files differ from a git revision, for runs that judge only what a change touches."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence

from cardlint.findings import Finding, Place

HUNK = re.compile(rb"^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
QUOTED = re.compile(rb"\\([0-7]{3}|.)")
ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
PLAIN = ("-c", "core.quotepath=off", "diff", "--no-color", "--no-ext-diff", "--no-textconv", "-U0", "--src-prefix=a/", "--dst-prefix=b/")
"""A diff as this module reads it, whatever the user's own settings say."""
Ranges = dict[str, list[tuple[int, int]]]


class ChangesError(Exception):
    """git cannot say what changed; the message is one line."""


def changed_lines(revision: str, paths: Sequence[str] = (".",)) -> Ranges:
    """Return the changed line ranges (first and last, inclusive) by absolute path, for the repositories of the paths.

    Counted is what differs from where this branch left the revision. A new file has changed everywhere, a renamed one
    only on the lines that differ, and submodules are looked into.
    """
    if revision.startswith("-") or not revision.strip():
        raise ChangesError(f"--since: `{revision}` is no revision")
    out: Ranges = {}
    for top in dict.fromkeys(_top(path) for path in paths):
        base = _base(top, revision)
        diff = _git(top, *PLAIN, "--find-renames", "--submodule=diff", base, "--", ".")
        for path, first, last in _ranges(diff):
            out.setdefault(os.path.join(top, path), []).append((first, last))
        for raw in _git(top, "ls-files", "--others", "--exclude-standard", "-z").split(b"\0"):
            if raw:
                out[os.path.join(top, os.fsdecode(raw))] = [(1, 1 << 30)]
    return out


def _top(path: str) -> str:
    folder = os.path.abspath(path if os.path.isdir(path) else os.path.dirname(path) or ".")
    try:
        return os.fsdecode(_git(folder, "rev-parse", "--show-toplevel").rstrip(b"\n"))
    except ChangesError as problem:
        if "not a git repository" in str(problem):
            raise ChangesError(f"--since needs a git repository, and {path} is in none") from None
        raise


def _base(top: str, revision: str) -> str:
    """Return the commit at which this branch left the revision."""
    try:
        commit = _git(top, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()
    except ChangesError:
        raise ChangesError(f"--since: git knows no revision `{revision}`; fetch it, or name another") from None
    try:
        return _git(top, "merge-base", commit, "HEAD").decode().strip()
    except ChangesError:
        raise ChangesError(
            f"--since: `{revision}` and HEAD have no commit in common here; a shallow clone needs more of the history"
        ) from None


def _ranges(diff: bytes) -> Iterator[tuple[str, int, int]]:
    """Read a diff. Lines of a hunk are counted off, for one that is added may look like a header; there may be context."""
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
        elif match := HUNK.match(line):
            old, number, new = int(match[1] or 1), int(match[2]), int(match[3] or 1)


def _name(raw: bytes) -> str:
    """Return the name in a header of a diff; git quotes what holds a quote or a control character."""
    if raw.startswith(b'"'):
        raw = QUOTED.sub(lambda m: bytes([int(m[1], 8)]) if len(m[1]) == 3 else ESCAPES.get(m[1], m[1]), raw.rstrip(b"\t")[1:-1])
    else:
        raw = raw.removesuffix(b"\t")  # it ends a name with spaces
    name = os.fsdecode(raw)
    return name.removeprefix("b/") if name != "/dev/null" else ""


def _git(folder: str, *arguments: str) -> bytes:
    try:
        done = subprocess.run(
            ["git", "-C", folder, *arguments], capture_output=True, timeout=60, check=False, env={**os.environ, "LC_ALL": "C"}
        )
    except (FileNotFoundError, NotADirectoryError):
        raise ChangesError("--since needs git, which is not found here") from None
    except (OSError, subprocess.SubprocessError) as problem:
        raise ChangesError(f"--since: git cannot be run: {type(problem).__name__}") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ChangesError(f"--since: git says: {lines[0] if lines else 'nothing, and failed'}")
    return done.stdout


def touched(findings: Iterable[Finding], changes: Ranges) -> tuple[Finding, ...]:
    """Return the findings of which a span lies on a changed line: the label, the call, the declaration or the way there."""
    return tuple(f for f in findings if any(_changed(place, changes) for place in _spans(f)))


def _spans(finding: Finding) -> list[Place]:
    return [finding.place, finding.site, *(s.place for s in finding.trace), *(s.place for s in finding.related)]


def _changed(place: Place, changes: Ranges) -> bool:
    ranges = changes.get(os.path.realpath(place.path)) or changes.get(os.path.abspath(place.path)) or ()
    return any(first <= place.end_line and place.line <= last for first, last in ranges)
