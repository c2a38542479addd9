"""The process that reads newer grammar for `native`: texts come in and go out by pipes, until the first process ends.

It is a module of its own so that nothing else runs in it: its own parser or the first process may end it at any moment.
"""

from __future__ import annotations

import os
import sys

HEADER = 8
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
        size = questions.read(HEADER)
        if len(size) < HEADER:
            os._exit(0)
        text = questions.read(int.from_bytes(size, "big")).decode("utf-8", "surrogatepass")
        answer = _answer(text).encode("utf-8", "surrogatepass")
        answers.write(len(answer).to_bytes(HEADER, "big") + answer)
        answers.flush()


def _answer(text: str) -> str:
    from cardlint.lowering.newer import rewrite

    found = rewrite(text)
    return f"{found[1]}\n{found[0]}" if found is not None else ""


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
