"""Faults of cardlint: the message about an unexpected exception, on one line.

A fault costs the file in which it happens and not the run, so it must be visible: the finding names the file, and
`--verbose` shows the places in the code of cardlint.
"""

from __future__ import annotations

from types import TracebackType

MAX_MESSAGE = 200
"""Characters of the message of an exception that are shown: it may hold all of a hostile text."""
MAX_PLACES = 12
"""Places of a traceback that are shown: the innermost ones."""


def spoken(problem: BaseException) -> tuple[str, str]:
    """Return the message of a finding about a fault, and the same with the places in the code of cardlint, innermost first."""
    said = _line(problem)
    places = [f"{file}:{line}" for file, line in _places(problem.__traceback__)]
    return (
        f"an internal error ended its analysis, please report it: {said}",
        f"internal error: {said} (at {' < '.join(reversed(places[-MAX_PLACES:]))})",
    )


def _line(problem: BaseException) -> str:
    try:
        text = " ".join(str(problem).split())
    except Exception:  # noqa: BLE001 - an exception without a text is still one
        text = ""
    short = text if len(text) <= MAX_MESSAGE else text[:MAX_MESSAGE] + "..."
    return f"{type(problem).__name__}: {short}" if short else type(problem).__name__


def _places(trace: TracebackType | None) -> list[tuple[str, int]]:
    out = []
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename.replace("\\", "/")
        out.append((path.rpartition("/cardlint/")[2] or path, trace.tb_lineno))
        trace = trace.tb_next
    return out
