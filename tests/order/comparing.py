"""What a run says of a program, told without places, so that programs written in another order can be compared."""

from __future__ import annotations

import os
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cardlint.config import Config
from cardlint.engine import Run, run
from cardlint.findings import Place
from cardlint.project.project import Project
from tests.order.rewriting import Files

Verdicts = Counter[tuple[str, ...]]
NAMES_THE_LATER = ("duplicate-metric", "multiprocess-dead-workers")
"""Rules that point at one of several places, by where they stand: the order of those is what they are about."""


def _letters(place: Place, project: Project) -> str:
    """Return the text of a place in a form that no order of its parts changes."""
    lines = project.lines(place.path)[place.line - 1 : place.end_line]
    if len(lines) == 1:
        lines = [lines[0][place.column - 1 : place.end_column - 1]]
    return _unordered("".join(lines))


def _unordered(text: str) -> str:
    """Return the letters of an expression in a form in which it is the same with its parts in another order."""
    return "".join(sorted(re.sub(r"[\s()]|\bnot\b", "", text)))


def told(done: Run) -> Verdicts:
    """Return the findings and the class, size and texts of every label argument."""
    out: Verdicts = Counter()
    for f in done.report.findings:
        if f.rule in NAMES_THE_LATER:
            continue
        out[
            "finding",
            f.rule,
            f.label or "",
            f.metric.name if f.metric is not None else "",
            str(f.severity),
            _letters(f.place, done.project),
        ] += 1
    for site in done.program.sites:
        for arg in site.args:
            info = arg.value.info()
            out[
                "label",
                arg.label or "",
                _letters(arg.place, done.project),
                str(info.cls),
                str(info.size),
                " ".join(sorted(map(repr, info.values))),
            ] += 1
    return out


@contextmanager
def _shuffled_seeds(chance: random.Random | None) -> Iterator[None]:
    """Hand the seeds of a run out in another order."""
    if chance is None:
        yield
        return
    before = Project.seeds

    def seeds(self: Project) -> list[str]:
        found = sorted(before(self))
        random.Random(order).shuffle(found)
        return found

    order = chance.random()
    Project.seeds = seeds  # type: ignore[method-assign]
    try:
        yield
    finally:
        Project.seeds = before  # type: ignore[method-assign]


def analysed(files: Files, seeds: random.Random | None = None, paths: random.Random | None = None) -> Run:
    """Analyse a program in a folder of its own; `seeds` and `paths` change the order of seeds and of paths on the command line."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        os.chdir(folder)
        given = ["."]
        if paths is not None:
            given = sorted(os.listdir("."))
            paths.shuffle(given)
        try:
            with _shuffled_seeds(seeds):
                done = run(given, Config(pedantic=True))
            done.project.failures  # noqa: B018 - what is compared reads the files, which are gone afterwards
            for path in done.project.paths():
                done.project.data(path)
            return done
        finally:
            os.chdir(before)
