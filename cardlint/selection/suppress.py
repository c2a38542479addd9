"""Suppressions: `# cardlint:` comments, read strictly and matched on any span of a finding.

A comment at the declaration covers all uses of that label; one that suppresses nothing is a finding itself, so that an
outdated comment is removed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from cardlint.common.numbers import parse_int
from cardlint.common.textscan import CARDLINT_COMMENT, CARDLINT_WORD, LATE_DATE
from cardlint.findings import Finding, Place, spans

if TYPE_CHECKING:
    from datetime import date

CLAIM = "bounded="
"""The name of a claim among the names of rules."""
NO_REASON = "gives no reason; write `-- reason` after it"
"""The problem that `require-reason = false` turns off."""


class Ignore(Struct, frozen=True):
    """One comment that suppresses. `first` and `last` are the logical line it applies to."""

    place: Place
    first: int
    last: int
    names: tuple[str, ...]
    """rule names or codes as written; empty means every rule"""
    whole_file: bool
    reason: str
    until: str = ""
    problem: str = ""
    """completes "this comment ..." with its problem"""
    dead: bool = False
    """it does not suppress: expired or malformed"""


class Claim(Struct, frozen=True):
    """A `# cardlint: bounded=N` comment: the values on its line are claimed to be at most N."""

    path: str
    first: int
    last: int
    size: int


class CommentLine(Struct, frozen=True):
    """A comment as the lowering found it, with its file."""

    path: str
    text: str
    line: int
    column: int
    first: int
    last: int


def read(comments: Iterable[CommentLine], known: frozenset[str], today: date) -> tuple[list[Ignore], list[Claim]]:
    """Read the comments of a run. `known` holds the names and codes of all rules."""
    ignores: list[Ignore] = []
    claims: list[Claim] = []
    for comment in comments:
        found, claim = _read_one(comment, known, today)
        if found is not None:
            ignores.append(found)
        if claim is not None:
            claims.append(claim)
    return ignores, claims


def _read_one(comment: CommentLine, known: frozenset[str], today: date) -> tuple[Ignore | None, Claim | None]:
    """Read one comment. A claim is both: it suppresses nothing, and rules check it like an ignore."""
    place = Place(comment.path, comment.line, comment.column, comment.line, comment.column + len(comment.text))
    match = CARDLINT_COMMENT.regex.search(comment.text)
    if match is None:
        if not CARDLINT_WORD.regex.search(comment.text):
            return None, None
        return _dead(comment, place, "is not understood; write `# cardlint: ignore[rule] -- reason`"), None
    reason = (match["reason"] or "").strip()
    if match["verb"] == "bounded":
        number = parse_int((match["number"] or "").strip())
        if number is None or number < 1:
            return _dead(comment, place, "claims no number; write `# cardlint: bounded=50 -- reason`"), None
        problem, dead = _problem((), match["until"] or "", reason, known, today)
        claim = None if dead else Claim(comment.path, comment.first, comment.last, number)
        return _dead(comment, place, problem, (f"{CLAIM}{number}",)), claim
    names = tuple(n.strip() for n in (match["names"] or "").split(",") if n.strip())
    until = match["until"] or ""
    problem, dead = _problem(names, until, reason, known, today)
    if match["names"] is None or not names:
        problem, dead = "names no rule; write `# cardlint: ignore[rule] -- reason`", match["names"] is not None
    return Ignore(place, comment.first, comment.last, names, match["verb"] == "ignore-file", reason, until, problem, dead), None


def _dead(comment: CommentLine, place: Place, problem: str, names: tuple[str, ...] = ()) -> Ignore:
    return Ignore(place, comment.first, comment.last, names, False, "", problem=problem, dead=True)


def _problem(names: tuple[str, ...], until: str, reason: str, known: frozenset[str], today: date) -> tuple[str, bool]:
    """Return the problem of a comment, and whether the comment therefore does not suppress."""
    wrong = [name for name in names if name not in known and name.upper() not in known and not _prefixes(name, known)]
    if wrong:
        from difflib import get_close_matches

        close = get_close_matches(wrong[0], sorted(known), 1, 0.5)
        hint = f"; did you mean `{close[0]}`?" if close else ""
        return f"names `{wrong[0]}`, which is not a rule{hint}", len(wrong) == len(names)
    if until:
        import datetime

        try:
            end = datetime.date.fromisoformat(until)
        except ValueError:
            return f"has the date `{until}`; write until=YYYY-MM-DD", True
        if end < today:
            return f"expired on {until}", True
    if not reason:
        return NO_REASON, False
    if not until and LATE_DATE.regex.search(reason):
        return "has `until=` after the reason, where it is ignored; write until=YYYY-MM-DD before `--`", False
    return "", False


def means(name: str, rule: str, code: str) -> bool:
    """Tell whether a name in a comment means a rule: its name, its code, or a prefix of codes such as `CL1`."""
    upper = name.upper()
    return name == rule or upper == code or (is_prefix(name) and code.startswith(upper))


def is_prefix(name: str) -> bool:
    """Tell whether a name is the prefix of codes: `CL` and one or two digits, as on the command line."""
    return 3 <= len(name) < 5 and name[:2].upper() == "CL" and name[2:].isdecimal()


def _prefixes(name: str, known: frozenset[str]) -> bool:
    return is_prefix(name) and any(one.startswith(name.upper()) for one in known)


def _covers(ignore: Ignore, finding: Finding) -> bool:
    if ignore.names and not any(means(name, finding.rule, finding.code) for name in ignore.names):
        return False
    if ignore.whole_file:
        return ignore.place.path == finding.place.path
    return any(p.path == ignore.place.path and p.line <= ignore.last and max(p.line, _last(p)) >= ignore.first for p in spans(finding))


def _last(place: Place) -> int:
    return place.end_line if place.end_column > 1 or place.end_line == place.line else place.end_line - 1


def apply(findings: Iterable[Finding], ignores: Iterable[Ignore]) -> tuple[list[Finding], dict[Place, set[str]]]:
    """Drop the suppressed findings. The second result holds, per comment, its names that suppressed something."""
    by_path: dict[str, list[Ignore]] = {}
    for ignore in ignores:
        if not ignore.dead:
            by_path.setdefault(ignore.place.path, []).append(ignore)
    used: dict[Place, set[str]] = {}
    kept: list[Finding] = []
    for finding in findings:
        covered = False
        for path in {place.path for place in spans(finding)} if by_path else ():
            for ignore in by_path.get(path, ()):
                if _covers(ignore, finding):
                    covered = True
                    used.setdefault(ignore.place, set()).update(n for n in ignore.names if means(n, finding.rule, finding.code))
                    used[ignore.place].add("")
        if not covered:
            kept.append(finding)
    return kept, used
