"""A sign of life on stderr for runs that take longer than a moment, on a terminal only."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 1.5
"""Seconds before anything is shown."""


STEP = 0.2
"""Seconds between two pictures."""
LENGTH, BLOCK = 12, 4


def track(waited: float) -> str:
    """Draw a bar that moves: how much is still to be followed is only known when everything has been."""
    room = LENGTH - BLOCK
    position = round(waited / STEP) % (2 * room)
    before = position if position <= room else 2 * room - position
    return f"[{' ' * before}{'=' * BLOCK}{' ' * (room - before)}]"


@contextmanager
def bar() -> Iterator[None]:
    """Show a moving bar and the elapsed time while the block runs, and wipe it out at the end; nothing at all when stderr is no terminal."""
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
