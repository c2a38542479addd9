"""What the report of a run rests on: which files were read, and what the text of the others was asked for.

A file that was never read takes part only by the names found in it; a file that was read takes part by its code. As long
as a changed file answers as it did, the run would go the same way and end at the same report.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from cardlint.config import Config
from cardlint.findings import Finding, Place, Report

if TYPE_CHECKING:
    from cardlint.project import Project

MAX_CHANGED = 20
"""Changed files that are looked at one by one; after a change of more a fresh run is due."""
READ_BESIDES = "gunicorn"
"""Files whose name starts like this are read for more than their code."""


class Basis(Struct, frozen=True):
    """What one run asked of the files of its tree. Positions are those of the sorted list of files."""

    states: list[str]
    seeds: list[str]
    """files that may hold metrics"""
    commented: list[str]
    """files that hold comments for cardlint"""
    code: dict[str, bytes]
    """for each file that was read: the digest of its code"""
    shown: list[str]
    """files that hold a line of some finding"""
    answers: list[tuple[str, str, list[int]]]
    """names that were searched, the way of writing, and where they were found"""
    digest: bytes = b""
    general: bytes = b""


def of(project: Project, report: Report, files: Sequence[str]) -> Basis:
    """Return what a finished run rests on."""
    shown = {place.path for f in report.findings for place in _places(f)}
    positions = {path: i for i, path in enumerate(files)}
    answers = [(name, form, [positions[p] for p in found]) for (name, form), found in project.search.answers.items()]
    code = {path: code_digest(project.data(path) or b"", path in shown) for path in project.asked()}
    return Basis([], list(project.seeds()), list(project.commented), code, sorted(shown), answers)


def _places(finding: Finding) -> Iterable[Place]:
    stack: list[object] = [finding]
    while stack:
        current = stack.pop()
        if isinstance(current, Place):
            yield current
        elif isinstance(current, Struct):
            stack.extend(getattr(current, name) for name in current.__struct_fields__)
        elif isinstance(current, (tuple, list)):
            stack.extend(current)


def unchanged(basis: Basis, files: Sequence[str], states: Sequence[str], config: Config) -> bool:
    """Tell whether the files that have changed since would answer all questions as they did."""
    if len(states) != len(basis.states):
        return False
    changed = [i for i, (now, then) in enumerate(zip(states, basis.states, strict=True)) if now != then]
    if len(changed) > MAX_CHANGED or any(states[i].partition("\0")[0] != basis.states[i].partition("\0")[0] for i in changed):
        return False
    return all(_answers(basis, i, files[i], config) for i in changed)


def _answers(basis: Basis, position: int, path: str, config: Config) -> bool:
    """Ask one file all that the run has asked it, and compare."""
    from cardlint.discover import may_hold_metrics
    from cardlint.project import COMMENT_MARK, MAX_FILE, marks
    from cardlint.search import FileSearch

    if path in basis.commented or os.path.basename(path).startswith(READ_BESIDES):
        return False
    try:
        with open(path, "rb") as handle:
            data = handle.read(MAX_FILE + 1)
    except OSError:
        return False
    if len(data) > MAX_FILE or COMMENT_MARK in data or may_hold_metrics(data, marks(config)) != (path in basis.seeds):
        return False
    if path in basis.code and code_digest(data, path in basis.shown) != basis.code[path]:
        return False
    search = FileSearch(data)
    return all(search.holds(name, form) == (position in found) for name, form, found in basis.answers)


# the code of a file ------------------------------------------------------------------------------------------------------

END = re.compile(rb"(?:\s*(?:#[^\n]*)?)*\Z")
FORMATTED = re.compile(r"[fF][rR]?[\"']|[rR][fF][\"']")


def code_digest(data: bytes, shown: bool) -> bytes:
    """Return a digest of what Python reads of a file: lines and columns count, comments and blanks at line ends do not.

    In a file that findings show, all of its text counts but comments and blank lines at its end.
    """
    from hashlib import blake2b

    return blake2b(_ended(data) if shown else _code(data), digest_size=16).digest()


def _ended(data: bytes) -> bytes:
    """Cut comments and blank lines off the end of a file. Where the last line of code may hold one, nothing is cut."""
    lines = data.splitlines(keepends=True)
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith(b"#")):
        lines.pop()
    return b"".join(lines).rstrip()


def _code(data: bytes) -> bytes:
    from cardlint.facts.outline import TOKENS

    try:
        text = data.decode("ascii")
    except UnicodeDecodeError:
        return _ended(data)
    if "#" not in text or "\f" in text or 'f"""' in text.lower() or "f'''" in text.lower():
        return _ended(data)
    parts: list[str] = []
    position = 0
    for token in TOKENS.finditer(text):
        start, end = token.span()
        if text[start] != "#":
            continue
        line = text[text.rfind("\n", 0, start) + 1 : start]
        if FORMATTED.search(line) or line.endswith("\\"):
            continue
        parts.append(text[position:start].rstrip(" \t"))
        position = end
    parts.append(text[position:])
    return "".join(parts).rstrip().encode()
