"""Runs the Markdown files of this folder: each heading with a program is a test of its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.inference import expectations, markdown


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> MarkdownFile | None:
    """Collect every Markdown file but the guide."""
    if file_path.suffix == ".md" and file_path.name != markdown.GUIDE:
        return MarkdownFile.from_parent(parent, path=file_path)
    return None


class MarkdownFile(pytest.File):
    """One topic."""

    def collect(self) -> Iterator[MarkdownCase]:
        """Yield a test for each heading with a program."""
        try:
            cases = markdown.read(self.path)
        except markdown.MarkdownError as problem:
            raise self.CollectError(str(problem)) from None
        for case in cases:
            yield MarkdownCase.from_parent(self, name=case.heading, case=case)


class DifferenceError(Exception):
    """The program of a case does something else than its comments say."""


class MarkdownCase(pytest.Item):
    """One heading with its programs."""

    def __init__(self, *, case: markdown.Case, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.case = case

    def runtest(self) -> None:
        """Analyse the programs and compare what is said of them with their comments."""
        shown = self.path.relative_to(self.config.rootpath) if self.path.is_relative_to(self.config.rootpath) else self.path
        problems = [problem for block in self.case.blocks for problem in expectations.check(block, str(shown))]
        if problems:
            raise DifferenceError("\n".join(problems))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """Show the differences alone: the stack of the collector says nothing about the program."""
        if isinstance(excinfo.value, DifferenceError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the place of the heading, for the line that names a failed test."""
        return self.path, self.case.line - 1, self.case.heading
