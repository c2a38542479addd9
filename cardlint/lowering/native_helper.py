"""The process that reads newer grammar for `native`: texts come in and go out by pipes, until the first process ends.

It is a module of its own so that nothing else runs in it: its own parser or the first process may end it at any moment.
"""

from __future__ import annotations

import math
import os
import sys
import time

HEADER = 8
TENTHS = 4
"""Bytes behind it that hold the time of the question, in tenths of a second."""
MEMORY = 2 << 30
"""Bytes that the helper may use."""
RECURSION_LIMIT = 20_000
"""Python frames for the visitor: a chain of some hundred operators is as deep."""


def serve() -> None:
    """Answer texts until the pipe is closed."""
    _limit()
    sys.setrecursionlimit(RECURSION_LIMIT)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    while True:
        size, tenths = questions.read(HEADER), questions.read(TENTHS)
        if len(size) < HEADER or len(tenths) < TENTHS:
            os._exit(0)
        _allow(int.from_bytes(tenths, "big") / 10)
        text = questions.read(int.from_bytes(size, "big")).decode("utf-8", "surrogatepass")
        answer = _answer(text).encode("utf-8", "surrogatepass")
        answers.write(len(answer).to_bytes(HEADER, "big") + answer)
        answers.flush()


def _answer(text: str) -> str:
    from cardlint.lowering.newer import rewrite

    found = rewrite(text)
    return f"{found[1]}\n{found[0]}" if found is not None else ""


def _allow(seconds: float) -> None:
    """Limit the processor time of the next question: on a busy machine it is the same amount of work."""
    try:
        import resource
    except ImportError:  # Windows: the first process measures the time
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    most = math.ceil(time.process_time() + seconds)
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    except (OSError, ValueError):
        return


def _limit() -> None:
    """Limit the memory, write no core dump, and ignore the interrupt that is meant for the first process."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        try:
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
        except (OSError, ValueError):  # some systems have the name and refuse the limit
            continue
