"""Progress on stderr for runs that take longer than a moment, on a terminal only."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 1.5
"""Seconds before the first output."""


STEP = 0.2
"""Seconds between two frames."""
LENGTH, BLOCK = 12, 4


def track(waited: float) -> str:
    """Draw a moving bar: the amount of remaining work is not known before the end."""
    room = LENGTH - BLOCK
    position = round(waited / STEP) % (2 * room)
    before = position if position <= room else 2 * room - position
    return f"[{' ' * before}{'=' * BLOCK}{' ' * (room - before)}]"


@contextmanager
def bar() -> Iterator[None]:
    """Show a moving bar and the elapsed time while the block runs, and erase it at the end; show nothing when stderr is no terminal."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb" or os.environ.get("CI"):
        yield
        return
    import threading

    done = threading.Event()

    def tick() -> None:
        waited = 0.0
        step = PATIENCE
        shown = False
        while not done.wait(step):
            waited += step
            step = STEP
            shown = True
            sys.stderr.write(f"\rcardlint: analysing {track(waited)} {waited:.0f} s")
            sys.stderr.flush()
        if shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(1)
