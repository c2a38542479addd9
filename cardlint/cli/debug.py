"""`cardlint debug eval FILE:LINE:COL`: the tree of evaluation of one expression, to find why a verdict is wrong."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli import options
from cardlint.cli.show import say
from cardlint.common.numbers import parse_int

if TYPE_CHECKING:
    from cardlint.inference.core.tracing import Evaluation

WIDTH = 160
"""Characters of one line of the tree; a longer one is cut."""
MAX_LINES = 2_000
"""Lines of one tree; deeper parts are shown for another place."""


@click.group("debug", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Show what the inference does, to find why a verdict is wrong."""


@command.command("eval", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("place", metavar="FILE:LINE:COL")
@options.paths
@click.option("--depth", type=click.IntRange(1, 100), default=6, show_default=True, help="How many questions deep the tree is shown.")
@options.configuration
def evaluate(place: str, paths: tuple[str, ...], depth: int, **given: Any) -> int:
    """Show how the expression at FILE:LINE:COL is evaluated, with the files under PATHS (default: the working directory).

    Each line is one question: the expression, its context, the handler that answers, the answer, and its cost in steps.
    Deeper questions are indented below it. "memory" means that the answer was known; "tentative" that it depends on an
    answer that was still being computed.
    """
    path, line, column = _parsed(place)
    if not os.path.isfile(path):
        raise click.ClickException(f"{path}: no such file")
    paths = options.listed(paths) or (".",)
    config = options.load(paths, given)
    from cardlint.engine import opened
    from cardlint.inference.driver import explain

    shown = os.path.relpath(path).replace(os.sep, "/")
    wanted = paths if not os.path.isabs(path) or _is_below(path, paths) else (*paths, path)
    config, files = options.project(wanted, config, given)
    project, settings = opened(files, config, options.cache(config, wanted, given))
    known = next((p for p in project.paths() if p in (path, shown) or os.path.abspath(p) == os.path.abspath(path)), None)
    if known is None:
        raise click.ClickException(f"{shown} is not among the analysed files")
    facts = project.facts(known)
    if facts is not None and facts.error:
        raise click.ClickException(f"{shown}: {facts.error}")
    found = explain(project, settings, known, line, column, depth)
    if found is None:
        raise click.ClickException(f"{shown}:{line}:{column}: there is no expression here")
    left = [MAX_LINES]
    for text in _lines(found, 0, left):
        say(text)
    if left[0] <= 0:
        say(f"the rest of more than {MAX_LINES:,} lines is left out; a lower --depth shows less of each branch")
    return 0


def _is_below(path: str, paths: tuple[str, ...]) -> bool:
    here = os.path.abspath(path)
    return any(here == top or here.startswith(top.rstrip(os.sep) + os.sep) for top in map(os.path.abspath, paths))


def _parsed(place: str) -> tuple[str, int, int]:
    head, _, last = place.rpartition(":")
    path, _, number = head.rpartition(":")
    line, column = parse_int(number), parse_int(last)
    if not path or line is None or column is None:
        raise click.UsageError(f"`{place}` is not of the form FILE:LINE:COL; write, for example, app/metrics.py:24:9")
    return path, line, column


def _lines(node: Evaluation, level: int, left: list[int]) -> list[str]:
    """Return the lines of a tree of questions, at most as many as remain."""
    if left[0] <= 0:
        return []
    left[0] -= 1
    indent = "  " * level
    how = "" if node.computed else ", memory"
    state = ", tentative" if node.tentative else ""
    where = f" in {node.context}" if node.context else ""
    tail = f"  [{node.handler}{where}; {node.cost:,} step{'' if node.cost == 1 else 's'}{how}{state}]"
    room = max(40, WIDTH - len(indent) - len(tail))
    text = " ".join(f"{node.what} = {node.outcome or 'cut off'}".split())
    out = [indent + _cut(text, room) + _cut(tail, WIDTH)]
    out.extend(f"{indent}  ! {_cut(limit, WIDTH)}" for limit in node.limits if not any(limit in inner.limits for inner in node.inner))
    for inner in node.inner:
        out.extend(_lines(inner, level + 1, left))
    return out


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 3] + "..."
