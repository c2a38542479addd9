"""The native parser of newer grammar, in a process of its own.

libcst's parser is native and recursive: for hostile input it ends its process or takes minutes. To protect the run, a text
is measured first. A text that passes is read by a helper process with limits of time and memory. One helper reads all such
files of a run. If it is lost, the next file gets a new one, up to a few losses.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache

SECONDS = 5.0
"""Seconds of the processor for the helper to read a short text, its start included."""
PATIENCE = 12
"""Seconds by the clock for each of them: a busy machine gives a process a part of its time."""
LETTERS_A_SECOND = 50_000
"""Characters per second that the helper reads at least; it usually reads several times as many."""
MAX_LOST = 20
"""Helpers that one process of cardlint may lose."""
MAX_WASTED = 60.0
"""Seconds that may be lost with them, in total."""
HEADER = 8
"""Bytes that hold the length of a message."""
TENTHS = 4
"""Bytes behind it that hold the time of a question, in tenths of a second."""
CODE = "import sys; sys.path.extend(sys.argv[1:]); from cardlint.lowering.native_helper import serve; serve()"


XCPU = 24
"""The signal for a process that has used its processor time, on all systems that have it."""
GRACE = 0.2
"""Seconds that a process which has closed its pipe gets to end."""


class Refused(Exception):
    """A text was not given to the native parser, or the parser was lost with it. The message says why."""


def rewrite(text: str) -> tuple[str, str] | None:
    """Return the text in older grammar and the version of Python that brought what was rewritten, None where it cannot be read.

    Raises Refused where the text could harm the native parser.
    """
    from cardlint.lowering.measure import too_much

    why = too_much(text)
    if why:
        raise Refused(why)
    return _helper(os.getpid()).rewrite(text)


@cache
def _helper(_process: int) -> Helper:
    """Return the helper of this process; a forked process does not use the helper of its parent."""
    return Helper()


class Helper:
    """A process that reads texts, one after the other; it is started for the first of them."""

    def __init__(self) -> None:
        self.running: subprocess.Popen[bytes] | None = None
        self.lost = 0
        self.wasted = 0.0
        self.late = False
        """whether the system ended the latest one, as it had used its time"""

    def rewrite(self, text: str) -> tuple[str, str] | None:
        """Let the helper rewrite a text."""
        if self.lost >= MAX_LOST or self.wasted >= MAX_WASTED:
            raise Refused("the parser for it stopped too often in this run")
        started = time.monotonic()
        seconds = SECONDS + len(text) / LETTERS_A_SECOND
        answer = self._asked(text.encode("utf-8", "surrogatepass"), seconds)
        if answer is None:
            late = self.late or time.monotonic() - started >= seconds * PATIENCE
            self.lost += 1
            self.wasted += seconds if late else 0.0
            raise Refused(f"the parser for it took more than {seconds:.0f} s" if late else "the parser for it ended unexpectedly")
        version, _, code = answer.decode("utf-8", "surrogatepass").partition("\n")
        return (code, version) if version else None

    def _asked(self, question: bytes, seconds: float) -> bytes | None:
        """Send one message and wait for the answer; None where there is none in time: then the helper is ended."""
        from threading import Timer

        process = self.running
        if process is None or process.poll() is not None:
            process = self.running = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        self.late = False
        timer = Timer(seconds * PATIENCE, process.kill)
        timer.daemon = True
        timer.start()
        try:
            tenths = round(seconds * 10).to_bytes(TENTHS, "big")
            process.stdin.write(len(question).to_bytes(HEADER, "big") + tenths + question)
            process.stdin.flush()
            size = process.stdout.read(HEADER)
            answer = process.stdout.read(int.from_bytes(size, "big")) if len(size) == HEADER else b""
            if len(size) == HEADER and len(answer) == int.from_bytes(size, "big"):
                return answer
        except OSError:
            pass
        finally:
            timer.cancel()
        self._end(process)
        return None

    def _started(self) -> subprocess.Popen[bytes]:
        """Start the helper: this interpreter, without the environment, the user's site, or anything of the working directory."""
        try:
            return subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", CODE, *_places()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=os.path.dirname(os.path.abspath(__file__)),
            )
        except (OSError, ValueError) as problem:
            self.lost = MAX_LOST
            raise Refused(f"no process can be started for its parser: {problem}") from None

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        self.running = None
        with suppress(subprocess.TimeoutExpired):
            self.late = process.wait(GRACE) == -XCPU
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _places() -> list[str]:
    """List the folders from which the helper imports: that of this package, and those of this process but the working directory."""
    own = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    here = os.path.realpath(os.curdir)
    return [own, *(p for p in sys.path if os.path.isabs(p) and p != own and os.path.realpath(p) != here)]
