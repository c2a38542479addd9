"""Runs of a server: at most one for each folder, always over the newest texts.

A change while a run is in progress makes its result worthless, so that run is told to stop, and one new run follows. However
many changes come meanwhile, no queue grows, and the last text waits for nothing but the end of the stopped run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from cardlint.common.stopping import Stopped, Wanted

SHARE = 0.1
"""The delay after a change, as a share of the time of the last run: a short run may begin at once, and a long one is not begun
at every letter."""
SHORTEST, LONGEST = 0.02, 0.3
"""Bounds of that delay in seconds; the longest one comes before the first run, whose time is not known."""
Work = Callable[[Wanted], Any]
"""One run: it is called in the thread of the runs, and raises Stopped when it is no longer wanted."""


class Runs:
    """The runs over all folders of a server. `begin` collects the texts for a run, `end` gets its result, `failed` its error."""

    def __init__(self, begin: Callable[[str], Work], end: Callable[[str, Any], None], failed: Callable[[str, BaseException], None]) -> None:
        self._begin = begin
        self._end = end
        self._failed = failed
        self.thread = ThreadPoolExecutor(1, "cardlint")
        """runs share the interpreter: a second one at the same time would only slow the first"""
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._changes: dict[str, int] = {}
        """the number of changes of each folder so far; a run is wanted as long as its own number is the last one"""
        self._running: set[str] = set()
        self._again: set[str] = set()
        """folders whose run has to be repeated as soon as the current one has ended"""
        self._seconds: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def delay(self, folder: str) -> float:
        """Return the seconds of silence after a change before a run begins."""
        seconds = self._seconds.get(folder)
        return LONGEST if seconds is None else min(LONGEST, max(SHORTEST, seconds * SHARE))

    def change(self, folder: str, delay: float) -> None:
        """Stop the run over a folder, and begin a new one after a delay; a further change restarts the delay."""
        self._changes[folder] = self._changes.get(folder, 0) + 1
        if folder in self._waiting:
            self._waiting.pop(folder).cancel()
        self._waiting[folder] = asyncio.get_running_loop().call_later(delay, self._start, folder)

    def wanted(self, folder: str) -> Wanted:
        """Return a function that tells whether nothing has changed since now; any thread may call it."""
        number = self._changes.get(folder, 0)
        return lambda: self._changes.get(folder, 0) == number

    def _start(self, folder: str) -> None:
        self._waiting.pop(folder, None)
        if folder in self._running:
            self._again.add(folder)
            return
        self._running.add(folder)
        task = asyncio.get_running_loop().create_task(self._run(folder))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, folder: str) -> None:
        loop = asyncio.get_running_loop()
        wanted = self.wanted(folder)
        try:
            work = self._begin(folder)
            result, seconds = await loop.run_in_executor(self.thread, _timed, work, wanted)
            self._seconds[folder] = seconds
            if wanted():
                self._end(folder, result)
        except Stopped:
            pass  # a change has ended it, and another run follows
        except Exception as problem:  # noqa: BLE001 - an error message is better than a server without answers
            self._failed(folder, problem)
        finally:
            self._running.discard(folder)
            if folder in self._again:
                self._again.discard(folder)
                self._start(folder)


def _timed(work: Work, wanted: Wanted) -> tuple[Any, float]:
    """Do the work and return its result with its time, without the time that it waited for the thread."""
    import time

    if not wanted():
        raise Stopped
    started = time.perf_counter()
    return work(wanted), time.perf_counter() - started
