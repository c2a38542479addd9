"""Stage 2: many FileFacts to one Program. Pure: files are asked for through `Tree`, nothing is read or printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardlint.link.program import Program
    from cardlint.link.tree import LinkSettings, Tree


def link(tree: Tree, settings: LinkSettings) -> Program:
    """Link the files of a run: resolve names, infer label values, and return what rules may read.

    It imports its parts only when it is called, so that commands that link nothing start fast.
    """
    from cardlint.link.linker import Linker

    return Linker(tree, settings).run()
