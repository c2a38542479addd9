"""Fixing a program in memory, in rounds: every round is analysed before the next, and nothing is written here.

A fix counts only when the text still parses, its finding is gone and no other one has come; any other fix is refused with
the reason. Fixes that touch the same text wait for the next round, so a second run has nothing to do.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from cardlint.engine import Run
from cardlint.findings import Edit, Finding, Place, Report
from cardlint.fix import Planned, plan
from cardlint.fix.base import Refused, apply, overlap
from cardlint.fix.moves import Moves
from cardlint.fix.source import FileSources, Source

MAX_ROUNDS = 30
"""Rounds after which the remaining findings stay; every round removes a finding, and few findings share their text."""
Rerun = Callable[[Mapping[str, bytes]], Run]
"""Analyses the program with other texts in the place of some files."""


class Session:
    """One session of fixing. `texts` are the new texts of the changed files, `run` the analysis with them."""

    def __init__(
        self,
        done: Run,
        rerun: Rerun,
        *,
        unsafe: bool,
        problem: Callable[[str], str] = lambda _path: "",
        elsewhere: Callable[[str, str], Sequence[str]] = lambda _name, _module: (),
    ) -> None:
        self._elsewhere = elsewhere
        self.before = FileSources(done.project.data)
        self.run = done
        self.texts: dict[str, str] = {}
        self.accepted: list[frozenset[str]] = []
        """the files of every accepted fix: they are written together or not at all"""
        self.applied: list[tuple[frozenset[str], str, str]] = []
        """every accepted fix: its files, the finding with its place, and what is done"""
        self.problems: dict[str, str] = {}
        """files that cannot be changed, with the reason"""
        self._unsafe = unsafe
        self._problem = problem
        self._rerun = rerun
        self._banned: dict[tuple[str, ...], str] = {}
        self._moves = Moves(self.before)
        self._first: dict[tuple[str, str, str, int, int], Planned] = {}
        """what was planned for the text on the disk, by rule, label and place"""
        self._changed: dict[int, tuple[list[str], tuple[Edit, ...]]] = {}

    def problem(self, path: str) -> str:
        """Return why a file may not be changed, '' when it may."""
        return self._problem(path)

    def fix(self, narrowed: Callable[[Report], Report]) -> tuple[list[str], int]:
        """Fix the findings of the narrowed report. Returns the reasons for the others, and how many need `--unsafe-fixes`."""
        for _ in range(MAX_ROUNDS):
            if not self._round(narrowed, self._open(narrowed)):
                break
        planned, sources = self._plan(narrowed(self.run.report).findings)
        held = _rewrites(p for p in planned if p.fix is not None and p.fix.safety == "unsafe" and not self._unsafe)
        return [line for p in planned if (line := self._refusal(p, sources))], len(held)

    def _round(self, narrowed: Callable[[Report], Report], findings: Sequence[Finding]) -> bool:
        """Fix findings together; where the check fails, fix each half of them alone.

        After a round findings are matched by their identity, which several may share. So the halves are halves of the
        identities: each has fewer of them than the whole, and the recursion ends.
        """
        planned, sources = self._plan(findings)
        chosen = self._choose([p for p in planned if self._wanted(p)], sources)
        if chosen and not self._accept(chosen, sources) and len(_rewrites(chosen)) > 1:
            identities = list(dict.fromkeys(_identity(p.finding) for p in chosen))
            middle = len(identities) // 2
            if not middle:
                self._one_of(chosen, sources)
            for half in (identities[:middle], identities[middle:]) if middle else ():
                again = set(half)
                self._round(narrowed, [f for f in self._open(narrowed) if _identity(f) in again])
        return bool(chosen)

    def _one_of(self, chosen: Sequence[Planned], sources: FileSources) -> None:
        """Accept the first rewrite that passes alone, of several that differ only in place; no other is tried again."""
        for edits in _rewrites(chosen):
            same = [p for p in chosen if p.fix is not None and p.fix.edits == edits]
            if self._accept(same, sources):
                break

    def _open(self, narrowed: Callable[[Report], Report]) -> list[Finding]:
        """List the findings that are not refused yet."""
        return [f for f in narrowed(self.run.report).findings if _identity(f) not in self._banned]

    def _plan(self, findings: Sequence[Finding]) -> tuple[list[Planned], FileSources]:
        sources = FileSources(self.run.project.data, self.run.project.mentioning, self._elsewhere, self.run.project.paths)
        planned = plan(findings, self.run.program, sources)
        if not self._first and not self.texts:
            self._first = {_spot(p.finding, p.finding.place): p for p in planned}
        return planned, sources

    def _wanted(self, item: Planned) -> bool:
        if item.fix is None or (item.fix.safety == "unsafe" and not self._unsafe):
            return False
        for path in self._files(item.fix.edits):
            if path not in self.problems and (why := self._problem(path)):
                self.problems[path] = why
            if path in self.problems:
                self._banned[_identity(item.finding)] = f"{path} cannot be changed"
                return False
        return True

    def _choose(self, wanted: Sequence[Planned], sources: FileSources) -> list[Planned]:
        """Return the fixes that do not touch each other's text."""
        chosen: list[Planned] = []
        taken = _Taken(sources)
        refused: dict[int, str] = {}
        for item in wanted:
            assert item.fix is not None
            key = id(item.fix.edits)
            if key not in refused:  # many findings share one rewrite
                try:
                    taken.add(item.fix.edits)
                    refused[key] = ""
                except Refused as reason:
                    refused[key] = str(reason)
            if not refused[key]:
                chosen.append(item)
            elif not chosen:
                self._banned[_identity(item.finding)] = refused[key]
        return chosen

    def _files(self, edits: tuple[Edit, ...]) -> list[str]:
        """List the files that a rewrite changes."""
        known = self._changed.get(id(edits))
        if known is None:
            known = self._changed[id(edits)] = (sorted({e.place.path for e in edits}), edits)  # kept alive: its id is a key
        return known[0]

    def _accept(self, chosen: Sequence[Planned], sources: FileSources) -> bool:
        """Apply fixes together when the analysis of the result accepts them; a single fix that fails is refused."""
        rewrites = _rewrites(chosen)
        together = _by_file(edit for edits in rewrites for edit in edits)
        texts = {path: apply(inside, sources(path)) for path, inside in together.items()}
        why, after = self._verdict(chosen, texts)
        if after is None:
            if len(rewrites) == 1:
                self._banned.update({_identity(p.finding): why for p in chosen})
            return False
        self.applied.extend(self._told(chosen, sources))
        for path, inside in together.items():
            self._moves.add(inside, sources(path))
        self.texts.update(texts)
        self.run = after
        self.accepted.extend({frozenset(self._files(edits)) for edits in rewrites})
        return True

    def _told(self, chosen: Sequence[Planned], sources: FileSources) -> Iterable[tuple[frozenset[str], str, str]]:
        """Describe every rewrite once, at the first of the findings that share it."""
        seen: set[tuple[Edit, ...]] = set()
        for item in chosen:
            if item.fix is None or item.fix.edits in seen:
                continue
            seen.add(item.fix.edits)
            where, first = self._on_disk(item.finding, sources)
            said = _as_first(item.fix.description, first.fix.description if first is not None and first.fix is not None else "")
            yield frozenset(self._files(item.fix.edits)), where, said

    def _on_disk(self, finding: Finding, sources: FileSources) -> tuple[str, Planned | None]:
        """Return the finding at its place on the disk, and what was planned there."""
        place = self._moves.back(finding.place, sources(finding.place.path))
        return f"{place.path}:{place.line}:{place.column}: {finding.rule}", self._first.get(_spot(finding, place))

    def _verdict(self, chosen: Sequence[Planned], texts: Mapping[str, str]) -> tuple[str, Run | None]:
        for path, text in texts.items():
            changed = Source(path, text)
            if changed.tree is None:
                return "the result would not parse", None
            missing = changed.undefined - self.before(path).undefined
            if missing:
                return f"the result would use `{min(missing)}`, which is not defined", None
        try:
            data = {path: self.before(path).encode(text) for path, text in {**self.texts, **texts}.items()}
        except UnicodeEncodeError as problem:
            return f"the encoding {problem.encoding} of the file cannot hold the result", None
        after = self._rerun(data)
        left = Counter(_key(f) for f in self.run.report.findings)
        left.subtract(_key(p.finding) for p in chosen)
        for finding in after.report.findings:
            key = _key(finding)
            left[key] -= 1
            if left[key] < 0 and finding.rule != "unused-ignore":  # an ignore of a fixed finding is removed in the next round
                kept = any(_key(p.finding) == key for p in chosen)
                return ("the finding would stay" if kept else f"the result would bring `{finding.rule}`: {finding.message}"), None
        return "", after

    def _refusal(self, item: Planned, sources: FileSources) -> str:
        why = item.refused or self._banned.get(_identity(item.finding), "")
        if not why:
            return ""
        where, first = self._on_disk(item.finding, sources)
        return f"{where}: not fixed: {_as_first(why, first.refused if first is not None else '')}"

    def connected(self, bad: Iterable[str]) -> set[str]:
        """Return the files that must not be written when some cannot: those of fixes that also change one of them."""
        out = set(bad)
        grown = True
        while grown:
            reached = {path for files in self.accepted if files & out for path in files}
            grown = not reached <= out
            out |= reached
        return out


class _Taken:
    """The text that chosen fixes replace: a fix that would replace it differently is not chosen with them."""

    def __init__(self, sources: FileSources) -> None:
        self._sources = sources
        self._spans: dict[str, list[tuple[int, int, str]]] = {}

    def add(self, edits: Iterable[Edit]) -> None:
        """Reserve the spans of a fix; raises Refused, and reserves none, when one overlaps a reserved one."""
        done: list[tuple[list[tuple[int, int, str]], tuple[int, int, str]]] = []
        for edit in edits:
            source, place = self._sources(edit.place.path), edit.place
            spans = self._spans.setdefault(place.path, [])
            span = source.offset(place.line, place.column), source.offset(place.end_line, place.end_column), edit.replacement
            at = bisect_left(spans, span)
            if at < len(spans) and spans[at] == span:
                continue
            if (at and overlap(spans[at - 1], span)) or (at < len(spans) and overlap(span, spans[at])):
                for inside, taken in done:
                    inside.remove(taken)
                raise Refused("two fixes would change the same text")
            spans.insert(at, span)
            done.append((spans, span))


def _rewrites(planned: Iterable[Planned]) -> list[tuple[Edit, ...]]:
    """List the different rewrites of several fixes: many findings share one."""
    same = {id(p.fix.edits): p.fix.edits for p in planned if p.fix is not None}
    return list(dict.fromkeys(same.values()))


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.label or "", finding.place.path


def _identity(finding: Finding) -> tuple[str, ...]:
    """Identify a finding by the parts that a fix of another one does not change."""
    return *_key(finding), finding.source_line, str(finding.place.column)


def _spot(finding: Finding, place: Place) -> tuple[str, str, str, int, int]:
    """Identify a finding by its rule, its label and where it begins."""
    return finding.rule, finding.label or "", place.path, place.line, place.column


def _as_first(now: str, first: str) -> str:
    """Return what was said of the text on the disk where it differs in numbers of lines only."""
    return first if _without_digits(now) == _without_digits(first) else now


def _without_digits(text: str) -> str:
    return "".join(c for c in text if not c.isdigit())


def _by_file(edits: Iterable[Edit]) -> dict[str, list[Edit]]:
    out: dict[str, list[Edit]] = {}
    for edit in edits:
        out.setdefault(edit.place.path, []).append(edit)
    return out
