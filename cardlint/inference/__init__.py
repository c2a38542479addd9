"""Stage 2: the files of a run to one Program. Pure: files are asked for through `Tree`, nothing is read or printed.

A tree may be analysed whole, or in parts that are put together: `analyse` is `merge` of one part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.inference.codebase.tree import LinkSettings, Tree
    from cardlint.inference.program import Program
    from cardlint.inference.prometheus.merge import Gathered


def link(tree: Tree, settings: LinkSettings) -> Program:
    """Analyse the files of a run: resolve names, infer label values, and return what rules may read.

    It imports its parts only when they are needed: commands that analyse nothing start fast, and so does a run over files of which
    none has to do with metrics.
    """
    if not tree.seeds() and not settings.measured:
        from cardlint.inference.program import Program

        return Program((), ())
    return merge([gather(tree, settings)], settings)


def gather(tree: Tree, settings: LinkSettings) -> Gathered:
    """Follow what the seeds of a tree declare and use, wherever that leads: the part of a program that is theirs."""
    from cardlint.inference.driver import Analysis

    gathered: Gathered = Analysis(tree, settings).gather()
    return gathered


def merge(parts: Sequence[Gathered], settings: LinkSettings) -> Program:
    """Put the parts of a program together, so that rules see it whole."""
    from cardlint.inference.prometheus.merge import merged_program

    return merged_program(parts, settings)
