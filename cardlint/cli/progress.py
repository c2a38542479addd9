"""A sign of life on stderr for runs that take longer than a moment, on a terminal only."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 1.5
"""Seconds before anything is shown."""


@contextmanager
def bar() -> Iterator[None]:
    """Show elapsed time while the block runs, and wipe it out at the end; nothing at all when stderr is no terminal."""
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
            step = 0.2
            shown = True
            sys.stderr.write(f"\rcardlint: analysing ... {waited:.0f} s")
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
