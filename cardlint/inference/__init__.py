"""Inference: the files of a run to one Program. It is pure: it asks `Tree` for files, reads nothing and prints nothing.

A program is analysed whole or in parts that are merged: `analyse` is `merge` of one part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.inference.codebase.tree import LinkSettings, Tree
    from cardlint.inference.program import Program
    from cardlint.inference.prometheus.merge import Gathered


def link(tree: Tree, settings: LinkSettings) -> Program:
    """Analyse the files of a run: resolve names, infer label values, and return the program that rules read.

    Its parts are imported when they are needed: commands that analyse nothing start fast, and so does a run over files of which
    none has to do with metrics.
    """
    if not tree.seeds() and not settings.measured:
        from cardlint.inference.program import Program

        return Program((), ())
    return merge([gather(tree, settings)], settings)


def gather(tree: Tree, settings: LinkSettings) -> Gathered:
    """Analyse what the seeds of one part declare and use, across all files."""
    from cardlint.inference.driver import Analysis

    gathered: Gathered = Analysis(tree, settings).gather()
    return gathered


def merge(parts: Sequence[Gathered], settings: LinkSettings) -> Program:
    """Merge the parts of a program, so that rules see it whole."""
    from cardlint.inference.prometheus.merge import merged_program

    return merged_program(parts, settings)
