"""Runs of the command in a process of its own, with a limit of time and of memory."""

from __future__ import annotations

import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

GIGABYTE = 1 << 30
COMMAND = (sys.executable, "-P", "-c", "import sys; from cardlint.cli import main; sys.exit(main())")
COUNTER = 'from prometheus_client import Counter\n\nC = Counter("c_total", "C", ["x"])\n'


@dataclass(frozen=True)
class Done:
    """What a run left behind."""

    code: int
    out: str
    err: str


def run(*arguments: str, folder: Path, seconds: float = 60, memory: int = 3 * GIGABYTE) -> Done:
    """Run the command below a folder; a run that takes longer or more memory fails the test."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    done = subprocess.run([*COMMAND, *arguments], cwd=folder, capture_output=True, timeout=seconds, preexec_fn=limited, check=False)
    return Done(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def check(*paths: str, folder: Path, seconds: float = 60, memory: int = 3 * GIGABYTE) -> Done:
    """Check paths without a cache or a configuration, and see that the run ended as a run should."""
    done = run("check", "--no-cache", "--isolated", *paths, folder=folder, seconds=seconds, memory=memory)
    assert done.code in (0, 1), f"exit {done.code}\n{done.out[-2000:]}\n{done.err[-2000:]}"
    assert "internal error" not in done.out + done.err
    assert "Traceback" not in done.err
    return done
