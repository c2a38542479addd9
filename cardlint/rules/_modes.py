"""The mode of a Gauge in a project with several processes, chosen by what the code does with it.

The rule and its fix ask here, so that they give one answer. `live` modes forget a process that has ended: `mark_process_dead`
removes the files of these modes only, so a time that must outlive its worker needs another one.
"""

from __future__ import annotations

from msgspec import Struct

from cardlint.inference.program import Metric, MetricUse, Program
from cardlint.rules.sentences import usage as say

SIZES = frozenset({"len", "qsize", "size", "checkedout", "checkedin", "overflow", "active_count", "memory_info"})
"""Functions that tell the size of something in the process."""
NOW = ("", "time.time()", "time()")
"""The current time, as code writes it; the method that sets it has no argument."""


class Mode(Struct, frozen=True):
    """A mode with what a scrape shows then; `name` is empty where the calls do not tell, and `means` then says what to choose from."""

    name: str
    means: str


def mode_of(metric: Metric, program: Program) -> Mode:
    """Return the mode that the calls on a Gauge ask for: counts are added, of times the last one stays, of other values that of a live process."""
    uses = program.uses_of.get(metric.id, ())
    done = {use.role for use in uses}
    counted = bool(done & {"count", "track-inprogress"})
    written = [use for use in uses if use.role == "set"]
    if "set-function" in done or counted == bool(written):
        return Mode("", say.PID_HELP())
    if counted:
        return Mode(say.MODES["counted"], say.MODE_COUNTED(metric=metric.name))
    if any(_sets_size(use) for use in written):
        return Mode("", say.PID_HELP_SIZE(metric=metric.name))
    if all(_sets_now(use) for use in written):
        return Mode(say.MODES["now"], say.MODE_NOW(metric=metric.name))
    if "timestamp" in metric.name.split("_") or any(_sets_time(use) for use in written):
        return Mode(say.MODES["time"], say.MODE_TIME(metric=metric.name))
    first = min(use.place for use in written)
    return Mode(say.MODES["set"], say.MODE_SET(metric=metric.name, place=f"{first.path}:{first.line}"))


def _sets_size(use: MetricUse) -> bool:
    """Tell whether a call sets the size of something, which every process may have for itself."""
    words = "".join(c if c.isalnum() or c in "_(" else " " for c in _amount(use)).replace("(", "( ").split()
    return any(word.endswith("(") and word[:-1] in SIZES for word in words)


def _sets_now(use: MetricUse) -> bool:
    return _amount(use) in NOW


def _sets_time(use: MetricUse) -> bool:
    return _sets_now(use) or _amount(use).endswith(".timestamp()")


def _amount(use: MetricUse) -> str:
    """Return what a call sets, as it is written, without the conversion to a number around it."""
    _, called, text = use.text.partition(f".{use.method}(")
    if not called:
        return "?"  # the text of a long call is cut
    text = text.removesuffix(")")
    for name in ("int", "float", "round"):
        if text.startswith(f"{name}(") and text.endswith(")"):
            return text[len(name) + 1 : -1]
    return text
