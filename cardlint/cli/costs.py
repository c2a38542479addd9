"""The cost of a run, on request: queries and handlers by time, and the limits of the inference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.cli.show import say

if TYPE_CHECKING:
    from cardlint.inference.program import Program


def show_measures(program: Program) -> None:
    """Print the calls, hits and seconds of each query and handler, the slowest first; seconds exclude those of inner questions."""
    if not program.measures:
        return
    say(f"{'seconds':>9} {'calls':>11} {'hits':>11}  query or handler", aside=True)
    for m in sorted(program.measures, key=lambda m: (-m.seconds, m.kind, m.name)):
        if m.calls:
            hits = f"{m.hits:,}" if m.kind == "query" else ""
            say(f"{m.seconds:9.4f} {m.calls:11,} {hits:>11}  {m.kind} {m.name}", aside=True)


def show_limits(program: Program) -> None:
    """Print every limit of the inference with its value and reason, first those that were hit."""
    from cardlint.inference.limits import LIMITS

    hits = dict(program.limits_hit)
    say("limits of the inference:", aside=True)
    for name, (value, why) in sorted(LIMITS.items(), key=lambda limit: -hits.get(limit[0], 0)):
        count = hits.get(name, 0)
        times = f"hit {count:,} time{'' if count == 1 else 's'}. " if count else ""
        say(f"  {name} = {value:,}: {times}{why}", aside=True)
