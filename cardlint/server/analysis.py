"""The result of the last run over one folder, unsaved texts included.

It knows paths, places and findings only, so that it can be tested without a client.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from cardlint.cache.facts_cache import FactsCache
from cardlint.common.expressions import Expression
from cardlint.config import Config, check_version, load
from cardlint.engine import Run, run
from cardlint.findings import Edit, Finding, Fix, Place
from cardlint.fix import alone
from cardlint.fix.ignores import with_ignores
from cardlint.fix.source import FileSources, Source
from cardlint.inference.program import Metric
from cardlint.inventory import inventory
from cardlint.output.neutralise import Safe, code, lines, markdown
from cardlint.selection.baseline import without_known

NAME = Expression("[A-Za-z0-9_]+")
"""A name that Markdown shows unchanged."""
IGNORE_REASON = "explain why these values stay few"
"""The placeholder reason of the quick fix; the user replaces it."""


def analyse(folder: str, unsaved: Mapping[str, bytes], cache: FactsCache | None = None) -> Result:
    """Run over a folder, or over one file outside of every folder, reading `unsaved` in place of the files it names.

    Raises ConfigError for a wrong configuration and MissingPath when the folder is gone.
    """
    config = load(folder)
    check_version(config)
    config = replace(config, root=os.path.abspath(config.root) if config.source else _home(folder))
    inside = {path: text for path, text in unsaved.items() if path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)}
    paths = [folder] if os.path.exists(folder) else []
    done = run(paths, config, cache=cache, instead=inside)
    return Result(config, replace(done, report=without_known(done.report, config, [folder])), inside)


def _home(folder: str) -> str:
    return folder if os.path.isdir(folder) else os.path.dirname(folder)


class Result:
    """A finished run with the answers for an editor. Paths are absolute."""

    def __init__(self, config: Config, done: Run, unsaved: Mapping[str, bytes]) -> None:
        self.config = config
        self.done = done
        self.unsaved = unsaved
        self.sources = FileSources(done.project.data, done.project.mentioning, paths=done.project.paths)

    def findings(self, path: str) -> list[Finding]:
        """List the findings of one file."""
        return [f for f in self.done.report.findings if f.place.path == path]

    def source(self, path: str) -> Source:
        """Return the text of a file as the run saw it."""
        return self.sources(path)

    def fix(self, finding: Finding) -> Fix | None:
        """Return the fix that `--fix` would apply to a finding, were it the only one."""
        return alone(finding, self.done.program, self.sources)

    def ignore(self, finding: Finding) -> Fix | None:
        """Return the edit that writes an ignore comment for a finding; findings about comments have none."""
        if finding.code.startswith("CL9") or finding.code == "CL000":
            return None
        source = self.source(finding.place.path)
        before, after = source.text, with_ignores(source, [finding], IGNORE_REASON)
        if before == after:
            return None
        start = _common(before, after)
        same = _common(before[start:][::-1], after[start:][::-1])
        edit = Edit(source.place(start, len(before) - same), after[start : len(after) - same])
        return Fix("safe", f"ignore {finding.rule} here", (edit,))

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


def _common(one: str, other: str) -> int:
    """Return the length of the common prefix of two texts."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def covers(place: Place, path: str, line: int, column: int) -> bool:
    """Tell whether a position is in a place, its end included: a cursor comes after the last character."""
    return place.path == path and (place.line, place.column) <= (line, column) <= (place.end_line, place.end_column)


def _extent(place: Place) -> tuple[int, int]:
    return place.end_line - place.line, place.end_column - place.column


def overlapping(findings: Sequence[Finding], path: str, first: tuple[int, int], last: tuple[int, int]) -> list[Finding]:
    """Return the findings whose primary place touches a range of positions."""
    return [
        f
        for f in findings
        if f.place.path == path and (f.place.line, f.place.column) <= last and first <= (f.place.end_line, f.place.end_column)
    ]
