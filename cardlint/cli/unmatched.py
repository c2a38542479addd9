"""Warnings about settings that have no effect: a misspelt path is a check, or an exception of it, that silently is none.

They are given only where the whole project is analysed: in a run over some files, most patterns match nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from cardlint.config import Config, shortened
from cardlint.config.keys import is_absolute
from cardlint.config.nested import Nearest
from cardlint.files.excluding import EXCLUDES, Excludes
from cardlint.files.writing import inside
from cardlint.selection.chosen import below, matches

MAX_ENTRIES = 50_000
"""Files and folders that are compared with patterns; of a larger tree nothing is said."""


def warnings(rows: Sequence[str], files: Sequence[str], config: Config, paths: Sequence[str]) -> list[str]:
    """Return one line for each setting that matches nothing. `rows` are the sentences of the run about rows, labels and budgets."""
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
    globs: dict[str, str] = {}
    for key, patterns in (("exclude", config.exclude), ("extend-exclude", config.extend_exclude)):
        for pattern in patterns:  # a plain name such as `build` is often there only at times
            if "/" not in pattern.rstrip("/") or is_absolute(pattern):
                continue
            if any(c in pattern for c in "*?["):
                globs.setdefault(pattern, key)
            elif not os.path.lexists(os.path.join(config.root, pattern)):
                yield f"`{key}`: there is no `{shortened(pattern)}`"
    for pattern in _without_match(list(globs), config.root):
        yield f"`{globs[pattern]}`: `{shortened(pattern)}` matches no file or folder"


def _without_match(patterns: Sequence[str], root: str) -> list[str]:
    """Return the patterns that match nothing below a folder; those that name a folder which every run leaves out are not tried."""
    left = {p: Excludes((p,)) for p in patterns if not any(part in EXCLUDES for part in p.split("/"))}
    stack, seen = [""] if left else [], 0
    while stack and left:
        prefix = stack.pop()
        try:
            with os.scandir(os.path.join(root, prefix)) as scanned:
                entries = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in scanned]
        except OSError:
            continue
        for name, is_folder in entries:
            seen += 1
            if name in EXCLUDES:
                continue
            for pattern in [p for p, matched in left.items() if matched(prefix + name)]:
                del left[pattern]
            if is_folder:
                stack.append(f"{prefix}{name}/")
        if seen > MAX_ENTRIES:
            return []
    return list(left)
