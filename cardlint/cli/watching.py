"""`--watch`: run again whenever an analysed file or a configuration changes."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence

import click

from cardlint.cli.show import say

PAUSE = 0.4
"""Seconds between two looks at the files. Looking costs a few microseconds for each, and works on every file system."""
State = dict[str, tuple[int, int, int]]


def watch(once: Callable[[], int], files: Callable[[], Sequence[str]], looks: int | None = None) -> int:
    """Run, and run again after each change, until the user interrupts it; returns the exit code of the last run.

    An error of the configuration is shown, and its correction begins the next run. `looks` ends it after so many looks.
    """
    code = 0
    try:
        state: State | None = None
        while looks is None or looks > 0:
            looks = looks - 1 if looks is not None else None
            now = _state(files)
            if now == state:
                time.sleep(PAUSE)
                continue
            if sys.stdout.isatty():
                click.clear()
            code, state = _shown(once), now
            say("cardlint: waiting for changes; press Ctrl-C to stop", aside=True)
    except KeyboardInterrupt:
        pass
    return code


def _shown(once: Callable[[], int]) -> int:
    try:
        code = once()
    except click.ClickException as problem:
        say(f"cardlint: error: {problem.format_message()}", aside=True)
        return 2
    except OSError as problem:  # the working directory itself may be gone, and come back with the next checkout
        say(f"cardlint: error: {problem.strerror}", aside=True)
        return 2
    sys.stdout.flush()
    return code


def _state(files: Callable[[], Sequence[str]]) -> State:
    """Return the state of every file; where the files cannot be listed, that of the working directory and its configurations."""
    try:
        paths = files()
    except (click.ClickException, OSError):
        paths = [".", "cardlint.toml", "pyproject.toml"]
    found: State = {}
    for path in paths:
        try:
            status = os.stat(path)
        except OSError:
            continue
        found[path] = status.st_mtime_ns, status.st_size, status.st_ino
    return found
