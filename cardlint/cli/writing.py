"""Writing of reports and baselines, with one line for each refusal."""

from __future__ import annotations

import os

import click

from cardlint.files.writing import Bounds, replace_file


def write_output(path: str, text: str, bounds: Bounds) -> None:
    """Write the output of a run to a file; raises click.ClickException with one line when that fails."""
    try:
        replace_file(path, text.encode("utf-8", "backslashreplace"), bounds)
    except OSError as problem:
        raise click.ClickException(f"{path}: cannot be written: {problem.strerror}") from None


def check_output(path: str) -> None:
    """Raise click.UsageError for a file that a report must not overwrite."""
    if not path.strip():
        raise click.UsageError("the name of the file to write is empty")
    if path.endswith((".py", ".pyi")) and os.path.exists(path):
        raise click.UsageError(f"{path} is a Python file; a report is not written over it")
    if os.path.isdir(path):
        raise click.UsageError(f"{path} is a folder; name the file to write")


def check_bounds(path: str, bounds: Bounds) -> None:
    """Raise click.ClickException for a file to which a link leads out of the project, before anything is analysed."""
    why = bounds.of_output(path)
    if why:
        raise click.ClickException(f"{path}: cannot be written: {why}")
