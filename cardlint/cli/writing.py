"""Writing files: in one step, so that nobody ever reads half of one."""

from __future__ import annotations

import os
import stat

import click


def replace_file(path: str, data: bytes) -> None:
    """Give a file new content in one step, keeping its mode; devices and pipes are written to as they are.

    Raises OSError when the system refuses.
    """
    try:
        status = os.stat(path)
    except FileNotFoundError:
        mode = 0o666 & ~_umask()
    else:
        if not stat.S_ISREG(status.st_mode):
            with open(path, "wb") as out:
                out.write(data)
            return
        mode = status.st_mode & 0o7777
    import tempfile

    target = os.path.realpath(path)
    descriptor, name = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".cardlint-")
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
        os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_output(path: str, text: str) -> None:
    """Write what a run has to say to a file; raises click.ClickException with one line when that cannot be."""
    try:
        replace_file(path, text.encode("utf-8", "backslashreplace"))
    except OSError as problem:
        raise click.ClickException(f"{path}: cannot be written: {problem.strerror}") from None


def check_output(path: str) -> None:
    """Raise click.UsageError for a file that no report belongs into."""
    if not path.strip():
        raise click.UsageError("the name of the file to write is empty")
    if path.endswith((".py", ".pyi")) and os.path.exists(path):
        raise click.UsageError(f"{path} is a Python file; a report is not written over it")
    if os.path.isdir(path):
        raise click.UsageError(f"{path} is a folder; name the file to write")
