"""Run the commands that a Markdown page shows, so that what the page says is what a reader gets.

A code block with a title writes the file of that name. In a `console` block a line that begins with `$ ` is a command, and the
lines below it are what it prints. A comment `<!-- exit 1 -->` before a block gives the exit code of its last command; without one
every command has to end with 0.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"```(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?(?: hl_lines=\"[^\"]*\")?\n(?P<body>.*?)```\n", re.S)
EXIT = re.compile(r"<!-- exit (\d) -->\s*\Z")
SECONDS = re.compile(r"\b\d+\.\d+ s\b")
WIDTH = 90
"""Columns of a report that a page of the site shows without scrolling."""


@dataclass(frozen=True)
class Ran:
    """One command of a page with what it printed, so that a test can compare both."""

    command: str
    shown: str
    printed: str
    expected: int
    code: int


class Shell:
    """A folder with the commands of this checkout: pages are tried in it, away from the settings of who runs them."""

    def __init__(self, folder: Path) -> None:
        self.work = folder / "work"
        programs = folder / "bin"
        for made in (self.work, programs, folder / "home"):
            made.mkdir()
        for name in ("cardlint", "pytest"):
            program = programs / name
            program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m {name} "$@"\n')
            program.chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TMPDIR")}
        self.env = kept | {
            "PATH": f"{programs}:{kept['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(folder / "home"),
            "COLUMNS": str(WIDTH),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "reader",
            "GIT_AUTHOR_EMAIL": "reader@example.org",
            "GIT_COMMITTER_NAME": "reader",
            "GIT_COMMITTER_EMAIL": "reader@example.org",
        }

    def run(self, command: str) -> tuple[int, str]:
        """Run one command and return its exit code and output, with durations made equal."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.work,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )
        return done.returncode, tidy(done.stdout.decode())

    def write(self, name: str, text: str) -> None:
        """Write a file that the page shows."""
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def tidy(text: str) -> str:
    """Make output equal from run to run: durations are 0.1 s, and no line ends in spaces."""
    lines = [line.rstrip() for line in SECONDS.sub("0.1 s", text).splitlines()]
    return "".join(f"{line}\n" for line in lines)


def commands(body: str) -> Iterator[tuple[str, str]]:
    """Yield the commands of a console block with the output that is shown below each."""
    for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def play(text: str, shell: Shell) -> tuple[list[Ran], str]:
    """Run a page from top to bottom; return its commands and the page with the output they really have."""
    ran: list[Ran] = []
    out: list[str] = []
    end = 0
    for block in FENCE.finditer(text):
        out.append(text[end : block.start()])
        end = block.end()
        if block["title"]:
            shell.write(block["title"], block["body"])
        if block["language"] != "console":
            out.append(block[0])
            continue
        told = EXIT.search(text, 0, block.start())
        pairs = list(commands(block["body"]))
        body = ""
        for number, (command, shown) in enumerate(pairs, 1):
            code, printed = shell.run(command)
            ran.append(Ran(command, shown, printed, int(told[1]) if told and number == len(pairs) else 0, code))
            body += f"$ {command}\n{printed}"
        out.append(f"```console\n{body}```\n")
    return ran, "".join([*out, text[end:]])
