"""Stage 2: many FileFacts to one Program. Pure: files are asked for through `Tree`, nothing is read or printed.

A tree may be linked whole, or in parts that are put together: `link` is `merge` of one part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.link.merging import Gathered
    from cardlint.link.program import Program
    from cardlint.link.tree import LinkSettings, Tree


def link(tree: Tree, settings: LinkSettings) -> Program:
    """Link the files of a run: resolve names, infer label values, and return what rules may read.

    It imports its parts only when it is called, so that commands that link nothing start fast.
    """
    return merge([gather(tree, settings)], settings)


def gather(tree: Tree, settings: LinkSettings) -> Gathered:
    """Follow what the seeds of a tree declare and use, wherever that leads: the part of a program that is theirs."""
    from cardlint.link.linker import Linker

    gathered: Gathered = Linker(tree, settings).gather()
    return gathered


def merge(parts: Sequence[Gathered], settings: LinkSettings) -> Program:
    """Put the parts of a program together, so that rules see it whole."""
    from cardlint.link.merging import whole

    return whole(parts, settings)
