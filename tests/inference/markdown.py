"""Markdown files of programs: a heading names a case, its blocks are programs, and configuration has a block of its own.

The grammar is written down in README.md of this folder. Nothing here knows what an expectation is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FENCE = re.compile(r"(`{3,})\s*(\w*)\s*$")
HEADING = re.compile(r"(#{1,6}) +(\S.*?)\s*$")
FILE = re.compile(r"# file: (\S+)\s*$")
DEFAULT_FILE = "app.py"
FOLDER = Path(__file__).resolve().parent
GUIDE = "README.md"
"""The file that describes the grammar: its examples are no cases."""


class MarkdownError(Exception):
    """The file does not follow the grammar. The message is one line: file, line, what is wrong."""


@dataclass(frozen=True)
class SourceFile:
    """One file of a program."""

    name: str
    text: str
    start: int
    """the line of the Markdown file that holds the first line of the text"""


@dataclass(frozen=True)
class Block:
    """One program: the files of a ```python block."""

    line: int
    files: tuple[SourceFile, ...]
    settings: str = ""
    """the text of the ```toml block that holds for it"""

    def texts(self) -> dict[str, str]:
        """Return the text of each file by its name."""
        return {file.name: file.text for file in self.files}


@dataclass
class Case:
    """A heading and the programs below it."""

    heading: str
    line: int
    blocks: list[Block] = field(default_factory=list)


def read(path: Path) -> list[Case]:
    """Return the cases of a Markdown file: every heading below the title that has programs."""
    return parse(path.read_text(encoding="utf-8"), path.name)


def programs() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every program of this folder with its topic and heading, for tests that say something about all of them."""
    for path in sorted(FOLDER.rglob("*.md")):
        if path.name != GUIDE:
            for case in read(path):
                for number, block in enumerate(case.blocks):
                    name = f"{path.relative_to(FOLDER).as_posix()}: {case.heading}"
                    yield f"{name} {number}" if number else name, block.texts()


def program(path: str, heading: str) -> dict[str, str]:
    """Return the files of the only program of a case, for tests that ask more of it than a comment can say."""
    (case,) = [case for case in read(FOLDER / path) if case.heading == heading]
    (block,) = case.blocks
    return block.texts()


def parse(text: str, name: str) -> list[Case]:
    """Return the cases of a Markdown text. Raises MarkdownError where it does not follow the grammar."""
    title: str | None = None
    cases: list[Case] = []
    settings = {"file": "", "case": ""}
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        fence, heading = FENCE.match(lines[at]), HEADING.match(lines[at])
        if fence:
            start, at = at + 1, _end_of_block(lines, at, fence[1], name)
            content = lines[start:at]
            if fence[2] == "toml":
                settings["case" if cases else "file"] = "\n".join(content)
            elif fence[2] == "python":
                if not cases:
                    raise MarkdownError(f"{name}:{start}: a program needs a heading of its own below the title")
                cases[-1].blocks.append(_block(content, start, settings["case"] or settings["file"], name))
            elif not fence[2]:
                raise MarkdownError(f"{name}:{start}: a block says what it holds: ```python, ```toml or ```text")
        elif heading and title is None:
            if heading[1] != "#":
                raise MarkdownError(f"{name}:{at + 1}: the first heading is the title, with one #")
            title = heading[2]
        elif heading:
            if any(case.heading == heading[2] for case in cases):
                raise MarkdownError(f"{name}:{at + 1}: two cases are called `{heading[2]}`")
            cases.append(Case(heading[2], at + 1))
            settings["case"] = ""
        at += 1
    with_programs = [case for case in cases if case.blocks]
    if not with_programs:
        raise MarkdownError(f"{name}:1: no case: a heading below the title with a ```python block")
    return with_programs


def _end_of_block(lines: list[str], at: int, fence: str, name: str) -> int:
    for end in range(at + 1, len(lines)):
        if lines[end].rstrip() == fence:
            return end
    raise MarkdownError(f"{name}:{at + 1}: this block has no end")


def _block(content: list[str], start: int, settings: str, name: str) -> Block:
    """Split a block into its files; `start` is the number of lines before its content."""
    marks = [(number, match[1]) for number, line in enumerate(content) if (match := FILE.match(line))]
    if not marks:
        return Block(start, (SourceFile(DEFAULT_FILE, _joined(content), start + 1),), settings)
    if any(line.strip() for line in content[: marks[0][0]]):
        raise MarkdownError(f"{name}:{start + 1}: text before the first `# file:`")
    ends = [number for number, _ in marks[1:]] + [len(content)]
    files = tuple(
        SourceFile(file, _joined(content[number + 1 : end]), start + number + 2) for (number, file), end in zip(marks, ends, strict=True)
    )
    return Block(start, files, settings)


def _joined(lines: list[str]) -> str:
    return "".join(line + "\n" for line in lines)
