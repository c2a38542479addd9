"""Mutants in child processes: one that dies, hangs or takes too much memory is a failure of its mutant, and the others go on.

Time is that of the processor, so that a busy machine makes no failures. A child tells in shared memory which mutant it is at.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import mmap
import os
import resource
import signal
import struct
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

CPU_SECONDS = 5.0
WALL_SECONDS = 60.0
"""Without using the processor: it waits for something that never comes."""
MEMORY = 1 << 30
CHUNK = 250
"""Mutants of one child: few enough that what one leaves behind in memory is given back."""
STATE = struct.Struct("qdd")
FAILED = 3


_here: mmap.mmap | None = None
"""the shared memory of the child that this process is"""


def step() -> None:
    """Start the clock anew: the limit of time is that of one run, of one format, of the fixes."""
    if _here is not None:
        index, _, _ = STATE.unpack(_here[:])
        _here[:] = STATE.pack(index, _used(), time.monotonic())


class Failure(NamedTuple):
    """A mutant that was not handled: which one, how, and where in the code."""

    index: int
    kind: str
    """`exception`, `died`, `hang`, `waits`, `memory`"""
    stack: str
    key: str
    """what failures of one cause have in common"""


class Child:
    """A process that works through a range of mutants."""

    def __init__(self, work: Callable[[int], None], indices: range) -> None:
        self.indices = indices
        self.memory = mmap.mmap(-1, STATE.size)
        self.memory[:] = STATE.pack(indices.start, 0.0, time.monotonic())
        handle, name = tempfile.mkstemp(prefix="cardlint-fuzz-")
        self.notes = Path(name)
        self.pid = os.fork()
        if not self.pid:
            code = 1
            try:
                code = self._work(work, handle)
            finally:
                os._exit(code)
        os.close(handle)

    def _work(self, work: Callable[[int], None], handle: int) -> int:
        global _here
        _here = self.memory
        faulthandler.enable(handle)
        faulthandler.register(signal.SIGUSR1, handle, all_threads=False)
        gc.freeze()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_virtual() + MEMORY, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for index in self.indices:
            self.memory[:] = STATE.pack(index, _used(), time.monotonic())
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            problem: BaseException | None = None
            try:
                work(index)
            except BaseException as raised:  # noqa: BLE001 - whatever it is, it is a finding
                problem = raised
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            if problem is None and grown * 1024 < MEMORY * 0.7:
                continue
            if problem is None or isinstance(problem, MemoryError):
                kind, stack = "memory", f"{grown // 1024} MB more than before\n" + ("" if problem is None else _stack(problem))
            else:
                kind, stack = "exception", _stack(problem)
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps([kind, stack, key(stack)]).encode(), 0)
            return FAILED
        return 0

    def state(self) -> tuple[int, float, float]:
        """Return the mutant the child is at, its time on the processor there, and since when it is at it."""
        index, cpu, since = STATE.unpack(self.memory[:])
        return index, max(0.0, _used(self.pid) - cpu), time.monotonic() - since

    def ended(self) -> tuple[int, Failure | None] | None:
        """Return where to go on, with what went wrong; None while the child works."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        index, cpu, since = self.state() if not pid else (*STATE.unpack(self.memory[:])[:1], 0.0, 0.0)
        if not pid:
            kind = "hang" if cpu > CPU_SECONDS else "waits" if since > WALL_SECONDS and cpu < CPU_SECONDS / 5 else ""
            if not kind:
                return None
            os.kill(self.pid, signal.SIGUSR1)
            time.sleep(0.3)
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            stack = self._noted() or "(no stack: it does not come back to Python)"
            return index + 1, Failure(index, kind, f"{cpu:.1f} s\n{stack}", f"{kind} {_place(stack)}")
        code = os.waitstatus_to_exitcode(status)
        if code == 0:
            self._noted()
            return self.indices.stop, None
        stack = self._noted()
        if code == FAILED:
            kind, text, cause = json.loads(stack)
            return index + 1, Failure(index, kind, text, cause)
        return index + 1, Failure(index, "died", f"exit {code}\n{stack}", f"died {code} {_place(stack)}")

    def _noted(self) -> str:
        text = self.notes.read_text("utf-8", "replace") if self.notes.exists() else ""
        self.notes.unlink(missing_ok=True)
        return text


def work_through(work: Callable[[int], None], indices: Iterable[int], jobs: int, seconds: float | None) -> Iterator[Failure | int]:
    """Do the work for all indices in children; yields failures, and numbers of mutants that are done."""
    numbers = sorted(indices)
    waiting = [range(numbers[at], numbers[min(at + CHUNK, len(numbers)) - 1] + 1) for at in range(0, len(numbers), CHUNK)][::-1]
    running: list[Child] = []
    end = time.monotonic() + seconds if seconds is not None else float("inf")
    try:
        yield from _events(work, waiting, running, jobs, end)
    finally:
        for child in running:  # whoever stops asking leaves nobody at work
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
            child.notes.unlink(missing_ok=True)


def _events(work: Callable[[int], None], waiting: list[range], running: list[Child], jobs: int, end: float) -> Iterator[Failure | int]:
    while waiting or running:
        if time.monotonic() > end:
            waiting.clear()
        while waiting and len(running) < jobs:
            running.append(Child(work, waiting.pop()))
        time.sleep(0.02)
        for child in list(running):
            result = child.ended()
            if result is None:
                continue
            running.remove(child)
            following, failure = result
            yield following - child.indices.start
            if failure is not None:
                yield failure
            if following < child.indices.stop:
                waiting.append(range(following, child.indices.stop))


def _stack(problem: BaseException) -> str:
    lines = traceback.format_exception(problem)
    return "".join(lines if len(lines) < 60 else [*lines[:15], "  ...\n", *lines[-40:]])[-12_000:]


def key(stack: str) -> str:
    """Name the cause of an exception: its type, and the last places in the package."""
    last = stack.rstrip().splitlines()[-1] if stack.strip() else ""
    return f"{last.partition(':')[0].rpartition('.')[2]} {_place(stack)}" + (f" {last.partition(':')[2][:60]}" if "Wrong" in last else "")


def _place(stack: str) -> str:
    """Return the innermost places in the package: those of a traceback stand last, those of a dump first."""
    places = []
    dump = "most recent call first" in stack
    for line in stack.splitlines():
        line = line.strip()
        if line.startswith("File ") and "cardlint/" in line and "/tests/" not in line:
            parts = line.replace('"', "").split()
            places.append(f"{parts[1].rpartition('cardlint/')[2].rstrip(',')}:{parts[3].rstrip(',')}:{parts[-1]}")
    return " < ".join(places[:2] if dump else places[::-1][:2])


def _virtual() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 1 << 29


def _used(pid: int | None = None) -> float:
    """Return the seconds on the processor of a process; of another one where the system tells, else the time that goes by."""
    if pid is None:
        return time.process_time()
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError):
        return time.monotonic()
