"""The result of the last run over one folder, unsaved texts included.

It knows paths, places and findings only, so that it can be tested without a client.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from cardlint.cache.facts_cache import FactsCache
from cardlint.common.expressions import Expression
from cardlint.common.stopping import Wanted
from cardlint.config import Config, check_version, load
from cardlint.engine import Run, find, run
from cardlint.files.discovery import ENDINGS
from cardlint.findings import Edit, Finding, Fix, Place
from cardlint.fix import plan
from cardlint.fix.base import Refused, apply
from cardlint.fix.ignores import with_ignores
from cardlint.fix.source import FileSources, Source
from cardlint.groups import Group, alone, comments, groups
from cardlint.inference.program import Metric
from cardlint.inventory import inventory
from cardlint.output.neutralise import Safe, code, lines, markdown
from cardlint.selection.baseline import without_known
from cardlint.server.causes import in_file, of_file

FIX_ALL = "fix all findings of this file that have a safe fix"
Rerun = Callable[[Mapping[str, bytes]], Run]
NAME = Expression("[A-Za-z0-9_]+")
"""A name that Markdown shows unchanged."""
IGNORE_REASON = "explain why these values stay few"
"""The placeholder reason of the quick fix; the user replaces it."""


def analyse(folder: str, unsaved: Mapping[str, bytes], cache: FactsCache | None = None, wanted: Wanted | None = None) -> Result:
    """Run over a folder, or over one file outside of every folder, reading `unsaved` in place of the files it names.

    The working directory becomes that folder, and the run names its files as the command line does there: what a path says
    about a module, a test or a baseline must not depend on the place where the editor has started the server. Raises
    ConfigError for a wrong configuration, MissingPath when the folder is gone, and Stopped when the run is no longer wanted.
    """
    home = enter(folder)
    alone = not os.path.isdir(folder)
    paths = ["."] if not alone else [os.path.basename(folder)] if os.path.exists(folder) else []
    config = load(paths[0] if paths else ".")
    check_version(config)
    files = find(paths, config)
    names = names_of(unsaved, home, files, os.path.basename(folder) if alone else "")
    instead = {name: unsaved[path] for path, name in names.items()}

    def again(texts: Mapping[str, bytes]) -> Run:
        return run(paths, config, cache=cache, instead={**instead, **texts}, files=files)

    done = run(paths, config, cache=cache, instead=instead, files=files, wanted=wanted)
    done = replace(done, report=without_known(done.report, config, paths))
    return Result(home, config, done, names, instead, again)


def enter(folder: str) -> str:
    """Make a folder, or that of a file, the working directory, and return it."""
    home = folder if os.path.isdir(folder) else os.path.dirname(folder)
    if home and os.path.isdir(home):
        os.chdir(home)
    return home or os.getcwd()


def names_of(documents: Iterable[str], home: str, files: Sequence[str], alone: str = "") -> dict[str, str]:
    """Return the names by which a run over `home` knows the documents of an editor; one that it excludes has none.

    A link may be in the path of the folder, of the document, or of both. A new file has a name as well, and so has a document
    that is analysed `alone`.
    """
    known, out = frozenset(files), {}
    for path in documents:
        literal, real = _below(path, home), _below(os.path.realpath(path), os.path.realpath(home))
        candidates = [name for name in (literal, real) if name]
        chosen = next((name for name in candidates if name in known), None)
        if chosen is None and candidates and (not os.path.exists(path) or not path.endswith(ENDINGS)):
            chosen = candidates[0]
        if chosen is not None and (not alone or chosen == alone):
            out[path] = chosen
    return out


def _below(path: str, folder: str) -> str:
    """Return a path relative to a folder, '' for one that is not below it."""
    try:
        relative = os.path.relpath(path, folder)
    except ValueError:  # another drive
        return ""
    return "" if relative.split(os.sep)[0] in (os.pardir, os.curdir) else relative.replace(os.sep, "/")


class Result:
    """A finished run with the answers for an editor. Paths are those of the run; the working directory has to be `home`."""

    def __init__(self, home: str, config: Config, done: Run, names: Mapping[str, str], unsaved: Mapping[str, bytes], again: Rerun) -> None:
        self.home = home
        self.config = config
        self.done = done
        self.names = names
        """the names of open documents in the run, by their paths"""
        self.unsaved = unsaved
        self.again = again
        self._fixes: dict[Group, list[Fix]] = {}
        self.sources = FileSources(done.project.data, done.project.mentioning, paths=done.project.paths)

    @cached_property
    def groups(self) -> list[Group]:
        """The findings by their causes."""
        return groups(self.done.report.findings)

    def shown(self, path: str) -> list[tuple[Group, Place]]:
        """List the groups that are shown in a file, each with its place there."""
        return in_file(self.groups, path)

    def at(self, path: str, first: tuple[int, int], last: tuple[int, int]) -> list[tuple[Group, Group, Place]]:
        """List what is shown in a file at a range of positions: what is to be changed, and the group with its place there.

        At the place of a group that is the group; at a site of it, that site alone.
        """
        out = []
        for group, place in self.shown(path):
            if touches(place, path, first, last):
                out.append((group, group, place))
            else:
                out += [(one, group, place) for one in alone(group.sites) if touches(one.place, path, first, last)]
        return out

    def source(self, path: str) -> Source:
        """Return the text of a file as the run saw it."""
        return self.sources(path)

    def fixes(self, group: Group) -> list[Fix]:
        """Return the fixes that `--fix` would apply to a group, were it the only one; those with one description are one."""
        if group not in self._fixes:
            found: dict[str, Fix] = {}
            for planned in plan(group.sites, self.done.program, self.sources):
                if planned.fix is not None:
                    known = found.get(planned.fix.description)
                    found[planned.fix.description] = self._together(known, planned.fix) if known is not None else planned.fix
            self._fixes[group] = list(found.values())
        return self._fixes[group]

    def _together(self, one: Fix, other: Fix) -> Fix:
        """Return two fixes as one, or the first alone where both change the same text."""
        edits = tuple(dict.fromkeys((*one.edits, *other.edits)))
        try:
            for path in {edit.place.path for edit in edits}:
                apply([edit for edit in edits if edit.place.path == path], self.source(path))
        except Refused:
            return one
        return replace(one, edits=edits)

    def has_safe_fix(self, path: str) -> bool:
        """Tell whether a finding of a file has a safe fix."""
        return any(fix.safety == "safe" for group, _ in self.shown(path) for fix in self.fixes(group))

    def fix_all(self, path: str) -> Fix | None:
        """Return the edits that `--fix` makes for the findings of one file; None where it changes nothing."""
        from cardlint.fix.session import Session

        session = Session(self.done, self.again, unsafe=False)
        session.fix(lambda report: replace(report, findings=tuple(of_file(report.findings, path))))
        edits = [_change(self.source(changed), text) for changed, text in sorted(session.texts.items())]
        return Fix("safe", FIX_ALL, tuple(edits)) if edits else None

    def ignore(self, group: Group, here: Place) -> Fix | None:
        """Return the edits that `--add-ignores` would make for a group that is shown `here`; findings about comments have none."""
        lead = group.lead
        if lead.code.startswith("CL9") or lead.code == "CL000":
            return None
        wanted, whole = comments(group, frozenset(self.done.project.paths()).__contains__)
        edits = []
        for path in sorted({f.place.path for f in wanted}):
            source, inside = self.source(path), [f for f in wanted if f.place.path == path]
            after = with_ignores(source, () if whole else inside, IGNORE_REASON, inside if whole else ())
            if after != source.text:
                edits.append(_change(source, after))
        return Fix("safe", f"ignore {lead.rule} {_where(wanted, whole, here)}", tuple(edits)) if edits else None

    def metric_at(self, path: str, line: int, column: int) -> Metric | None:
        """Return the metric with a declaration, use or label at a position; the narrowest span wins."""
        found: list[tuple[int, int, Metric]] = []
        for metric in self.done.program.metrics:
            if covers(metric.place, path, line, column):
                found.append((*_extent(metric.place), metric))
        for site in self.done.program.sites:
            if site.metrics and covers(site.place, path, line, column):
                found.append((*_extent(site.place), site.metrics[0]))
        for use in self.done.program.uses:
            if use.metrics and covers(use.place, path, line, column):
                found.append((*_extent(use.place), use.metrics[0]))
        return min(found, key=lambda entry: entry[:2])[2] if found else None

    def hover(self, path: str, line: int, column: int) -> str:
        """Return Markdown about the metric at a position: its labels, their classes and sizes, its series; '' for none."""
        metric = self.metric_at(path, line, column)
        if metric is None:
            return ""
        row = next((r for m, r in zip(self.done.program.metrics, self.rows, strict=True) if m.id == metric.id), None)
        if row is None:  # a receiver without a known declaration
            return ""
        unit = f" in {row['unit']}" if row["unit"] else ""
        name = Safe(f"**{row['name']}**") if NAME.regex.fullmatch(row["name"]) else code(row["name"])
        page = [Safe(f"{name} · {markdown(row['type'] + unit)}"), Safe("")]
        if row["labels"]:
            page += [Safe("| label | values | size | why |"), Safe("|---|---|---|---|")]
            for label in row["labels"]:
                size = f"{label['size']:,}" if label["size"] is not None else "open"
                cells = (code(label["name"]), *map(markdown, (label["class"], size, label["why"])))
                page.append(Safe(f"| {' | '.join(cells)} |"))
        else:
            page.append(markdown("no labels" if row["labels_known"] else "its labels are not known"))
        series = f"series: {row['formula']}" if row["formula"] else f"series for each label set: {row['series_per_child']}"
        return lines([*page, Safe(""), markdown(series)]).removesuffix("\n")

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The inventory of the run, one row for each metric in the order of the program."""
        return inventory(self.done.program)


def _change(source: Source, after: str) -> Edit:
    """Return the edit that gives a source another text: what is the same at its start and end stays."""
    before = source.text
    start = _common(before, after)
    same = _common(before[start:][::-1], after[start:][::-1])
    return Edit(source.place(start, len(before) - same), after[start : len(after) - same])


def _common(one: str, other: str) -> int:
    """Return the length of the common prefix of two texts."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def covers(place: Place, path: str, line: int, column: int) -> bool:
    """Tell whether a position is in a place, its end included: a cursor comes after the last character."""
    return place.path == path and (place.line, place.column) <= (line, column) <= (place.end_line, place.end_column)


def _extent(place: Place) -> tuple[int, int]:
    return place.end_line - place.line, place.end_column - place.column


def touches(place: Place, path: str, first: tuple[int, int], last: tuple[int, int]) -> bool:
    """Tell whether a place touches a range of positions of a file."""
    return place.path == path and (place.line, place.column) <= last and first <= (place.end_line, place.end_column)


def _where(wanted: Sequence[Finding], whole: bool, here: Place) -> str:
    """Say where comments are written, seen from the place of a diagnostic."""
    at = wanted[0].place
    if whole:
        return "in the whole file" if at.path == here.path else f"in the whole of {at.path}"
    if len(wanted) > 1:
        return f"at all {len(wanted):,} places"
    return "here" if (at.path, at.line) == (here.path, here.line) else f"at its cause, {at.path}:{at.line}"
