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
    """Print the limits of the inference that were hit, with their values and reasons."""
    from cardlint.inference.limits import LIMITS

    hits = dict(program.limits_hit)
    if not hits:
        return
    say("limits of the inference that were hit:", aside=True)
    for name, count in sorted(hits.items(), key=lambda hit: -hit[1]):
        value, why = LIMITS[name]
        say(f"  {name} = {value:,}: hit {count:,} time{'' if count == 1 else 's'}. {why}", aside=True)
