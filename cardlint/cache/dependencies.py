"""Dependencies of a cached report: the files that were read, and the name searches with their answers.

A report depends on the code of a file that was read, and on the found names of any other file. As long as a changed file
gives the same answers, the run would produce the same report.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from cardlint.common.textscan import COMMENT_OR_STRING, DEFINES, FORMATTED, FORMATTED_LONG
from cardlint.config import Config
from cardlint.findings import Finding, Place, Report

if TYPE_CHECKING:
    from cardlint.project.project import Project

MAX_CHANGED = 20
"""Changed files that are checked one by one; after more changes the run is repeated."""
READ_BESIDES = "gunicorn"
"""Files with names like this are read for more than their code."""


class Basis(Struct, frozen=True):
    """The questions that one run asked about its files. Positions are those of the sorted list of files."""

    states: list[str]
    seeds: list[str]
    """files that may hold metrics"""
    commented: list[str]
    """files that hold comments for cardlint"""
    code: dict[str, bytes]
    """for each file that was read: the digest of its code, empty for one that is not Python: its findings depend on all of its text"""
    shown: list[str]
    """files that hold a line of some finding"""
    answers: list[tuple[str, str, str, bool, list[int]]]
    """searched names, the form of writing, the package they belong to, whether in tests, and the files with them"""
    tops: list[tuple[str, ...]]
    """the top-level packages that every file may belong to"""
    tests: list[int]
    digest: bytes = b""
    general: bytes = b""


def of(project: Project, report: Report, files: Sequence[str]) -> Basis:
    """Return the dependencies of a finished run."""
    shown = {place.path for f in report.findings for place in _places(f)}
    positions = {path: i for i, path in enumerate(files)}
    account = project.account()
    answers = [(name, form, top, tests, [positions[p] for p in found]) for name, form, top, tests, found in account.answers]
    wrong = frozenset(account.wrong)
    code = {path: b"" if path in wrong else code_digest(project.data(path) or b"", path in shown) for path in account.asked}
    tops = [project.layout.reaching(path) for path in files]
    tests = [i for i, path in enumerate(files) if project.is_test(path)]
    return Basis([], list(project.seeds()), list(project.commented), code, sorted(shown), answers, tops, tests)


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
    """Tell whether the changed files would answer all questions as they did."""
    if not len(states) == len(basis.states) == len(basis.tops):
        return False
    changed = [i for i, (now, then) in enumerate(zip(states, basis.states, strict=True)) if now != then]
    if len(changed) > MAX_CHANGED or any(states[i].partition("\0")[0] != basis.states[i].partition("\0")[0] for i in changed):
        return False
    return all(_answers(basis, i, files[i], config) for i in changed)


def _answers(basis: Basis, position: int, path: str, config: Config) -> bool:
    """Ask one file all questions of the run, and compare the answers."""
    from cardlint.files.discovery import may_hold_metrics
    from cardlint.files.opening import NotReadable, read
    from cardlint.files.reading import COMMENT_MARK, MAX_FILE
    from cardlint.files.search import FileSearch
    from cardlint.project.project import marks

    if path in basis.commented or os.path.basename(path).startswith(READ_BESIDES):
        return False
    try:
        data = read(path, MAX_FILE)
    except NotReadable:
        return False
    if COMMENT_MARK in data or may_hold_metrics(data, marks(config)) != (path in basis.seeds):
        return False
    if (path in basis.code or path in basis.shown) and basis.code.get(path) != code_digest(data, path in basis.shown):
        return False
    search = FileSearch(data)
    packages = {top for _, _, top, _, _ in basis.answers}
    concerned = {top: not top or top in basis.tops[position] or search.holds(top, "") for top in packages}
    is_test = position in basis.tests
    return all(
        (concerned[top] and (tests or not is_test) and search.holds(name, form)) == (position in found)
        for name, form, top, tests, found in basis.answers
    )


# the code of a file ------------------------------------------------------------------------------------------------------

BLANK = " \t\n"


def code_digest(data: bytes, shown: bool) -> bytes:
    """Return a digest of the code of a file: lines and columns count, comments and blanks at line ends do not.

    In a file that findings show, all text counts except comments and blank lines at its end. Every byte counts where it is
    not certain what is a comment, and in a file that cannot be decoded.
    """
    from cardlint.cache.digest import blake2b
    from cardlint.lowering.source import Unreadable, decode

    try:
        code = _code(decode(data), shown)
    except Unreadable:
        code = None
    counted = b"\0" + data if code is None else code.encode("utf-8", "surrogatepass")
    return blake2b(counted, digest_size=16).digest()


def _code(text: str, shown: bool) -> str | None:
    """Return a text without its comments, or without those at its end; None where they cannot be told from the rest.

    A quote outside of all strings, or a comment after the start of a formatted one, is a string that only a tokenizer can
    follow. After a backslash at the end of a file even a blank line has a meaning.
    """
    if "\f" in text or ("#" in text and FORMATTED_LONG.regex.search(text)):
        return None
    if "#" not in text:
        code = text.rstrip(BLANK)
        return None if code.endswith("\\") else code
    parts: list[str] = []
    position = 0
    cut = 0
    """parts up to the last one that is not blank: after it come the comments at the end"""
    for token in COMMENT_OR_STRING.regex.finditer(text):
        start, end = token.span()
        if token.lastindex is not None:  # a string that does not end here
            return None
        if (
            text[start] != "#"
            or FORMATTED.regex.search(text, text.rfind("\n", 0, start) + 1, start)
            or DEFINES.regex.search(text, start, end)
        ):
            continue
        before = text[position:start]
        if before.strip(BLANK):
            cut = len(parts) + 1
        parts.append(before if shown else before.rstrip(" \t"))
        parts.append(text[start:end] if shown else "")
        position = end
    rest = text[position:]
    if rest.strip(BLANK) or not shown:
        parts.append(rest)
        cut = len(parts)
    code = "".join(parts[:cut]).rstrip(BLANK)
    return None if code.endswith("\\") else code
