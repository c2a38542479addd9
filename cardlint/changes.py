"""Changed lines: which lines of which files differ from a git revision, for runs that judge only what a change touches."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable

from cardlint.findings import Finding, Place

HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@")
Ranges = dict[str, list[tuple[int, int]]]


class ChangesError(Exception):
    """git cannot say what changed; the message is one line."""


def changed_lines(revision: str) -> Ranges:
    """Return the changed line ranges (first and last, inclusive) by absolute path; a new file has changed everywhere."""
    if revision.startswith("-"):
        raise ChangesError(f"`{revision}` is no revision")
    top = _git("rev-parse", "--show-toplevel").strip()
    merge_base = _git("merge-base", revision, "HEAD").strip()
    diff = _git("-c", "core.quotepath=off", "diff", "--no-color", "--no-ext-diff", "-U0", "--no-renames", merge_base, "--", "*.py")
    out: Ranges = {}
    current = ""
    for line in diff.splitlines():
        if line.startswith("+++ "):
            name = line[4:].split("\t")[0]
            current = os.path.join(top, name.removeprefix("b/")) if name != "/dev/null" else ""
        elif current and (match := HUNK.match(line)):
            first, count = int(match[1]), int(match[2] or "1")
            if count:
                out.setdefault(current, []).append((first, first + count - 1))
    for name in _git("-C", top, "ls-files", "--others", "--exclude-standard", "-z", "--", "*.py").split("\0"):
        if name:
            out[os.path.join(top, name)] = [(1, 1 << 30)]
    return out


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.SubprocessError) as problem:
        raise ChangesError(f"git cannot be run: {problem}") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise ChangesError(f"git: {lines[0] if lines else 'failed'}")
    return done.stdout


def touched(findings: Iterable[Finding], changes: Ranges) -> tuple[Finding, ...]:
    """Return the findings of which a span lies on a changed line: the label, the call, the declaration or the way there."""
    return tuple(f for f in findings if any(_changed(place, changes) for place in _spans(f)))


def _spans(finding: Finding) -> list[Place]:
    return [finding.place, finding.site, *(s.place for s in finding.trace), *(s.place for s in finding.related)]


def _changed(place: Place, changes: Ranges) -> bool:
    ranges = changes.get(os.path.realpath(place.path)) or changes.get(os.path.abspath(place.path)) or ()
    return any(first <= place.end_line and place.line <= last for first, last in ranges)
