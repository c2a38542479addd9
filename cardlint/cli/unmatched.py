"""Warnings about settings that have no effect: a misspelt path is a check, or an exception of it, that silently is none.

They are given only where the whole project is analysed: in a run over some files, most patterns match nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from cardlint.config import Config, shortened
from cardlint.config.keys import is_absolute
from cardlint.config.nested import Nearest
from cardlint.files.writing import inside
from cardlint.selection.chosen import below, matches


def warnings(rows: Sequence[str], files: Sequence[str], config: Config, paths: Sequence[str]) -> list[str]:
    """Return one line for each row and each pattern that matches nothing. `rows` are the sentences about rows, from the run."""
    given = [os.path.realpath(path) for path in paths]
    nearest = Nearest(config)
    out = []
    for one in (config, *config.nested):
        if not one.source or not inside(os.path.realpath(one.root), given):
            continue
        own = [path for path in files if nearest(path) is one]
        out += [f"cardlint: warning: {one.source}: {text}" for text in _patterns(one, own)]
    if all(inside(os.path.realpath(one.root), given) for one in (config, *config.nested) if one.source):
        out += [f"cardlint: warning: {text}" for text in rows]
    return out


def _patterns(config: Config, files: Sequence[str]) -> Iterator[str]:
    relative = [below(path, config.root) for path in files]
    for pattern, _ in config.per_file_ignores:
        if not any(matches(path, pattern) for path in relative):
            yield f"`per-file-ignores`: `{shortened(pattern)}` matches no analysed file"
    for folder in config.src:
        if not os.path.isdir(os.path.join(config.root, folder)):
            yield f"`src`: there is no folder `{shortened(folder)}`"
    for key, patterns in (("exclude", config.exclude), ("extend-exclude", config.extend_exclude)):
        for pattern in patterns:  # a plain name such as `build` is often there only at times
            if (
                "/" in pattern.rstrip("/")
                and not is_absolute(pattern)
                and not any(c in pattern for c in "*?[")
                and not os.path.lexists(os.path.join(config.root, pattern))
            ):
                yield f"`{key}`: there is no `{shortened(pattern)}`"
