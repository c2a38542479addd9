"""Runs programs as a user without rights, although the suite itself may run as root.

Root reads what nobody may read and writes what is read-only: a test of such files that runs as root tests nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

NOBODY = 65534
"""The user and the group without rights; they need no entry in a list of users."""
DROPPING = """
import os, sys
folders = {}
library = os.path.dirname(os.path.realpath(os.__file__))
folders[library] = f"/proc/self/fd/{os.dup2(os.open(library, os.O_RDONLY), 200)}"
def moved(path):
    for old, new in folders.items():
        if path == old or path.startswith(old + os.sep):
            return new + path[len(old):]
    return path
import ctypes
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
if os.path.isdir("/proc/self/fd") and not os.access(os.__file__, os.R_OK):
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
    sys.path[:] = [moved(os.path.realpath(path)) if path else path for path in sys.path]
    for module in list(sys.modules.values()):
        if getattr(module, "__path__", None):
            module.__path__[:] = [moved(os.path.realpath(path)) for path in module.__path__]
    sys.path_importer_cache.clear()
os.umask(0o022)
"""
"""Code that drops all rights for good. The interpreter may lie in a folder that is closed to others, and has more modules to
load: it reaches them by folders that were opened before."""


def is_root() -> bool:
    """Tell whether the suite runs with all rights, which are dropped for the programs it starts."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


@lru_cache
def hindrance() -> str:
    """Say why nothing can be run without rights here, '' when it can."""
    if not hasattr(os, "geteuid"):
        return "this system has no users to change to"
    if not is_root():
        return ""
    try:
        done = _python("import cardlint, click, xml.dom, os; print(os.geteuid())", [], "/", _environment("/"), 60)
    except (OSError, subprocess.SubprocessError) as problem:
        return f"rights cannot be dropped: {problem}"
    if done.returncode or done.stdout.strip() != str(NOBODY):
        return f"the interpreter or the package cannot be read by another user: {(done.stderr.strip().splitlines() or ['?'])[-1]}"
    return ""


def needed() -> None:
    """Skip a test, with the reason, where nothing can be run without rights."""
    if why := hindrance():
        pytest.skip(why)


def other_user_needed() -> None:
    """Skip a test that needs files of another user, with the reason, where there can be none."""
    needed()
    if not is_root():
        pytest.skip("only root can make the files of another user")


@pytest.fixture
def entered() -> Iterator[Path]:
    """Give a temporary folder that a user without rights can enter but not change; those of pytest are closed to others."""
    needed()
    folder = Path(tempfile.mkdtemp(prefix="cardlint-"))
    folder.chmod(0o755)
    try:
        yield folder.resolve()
    finally:
        for current, folders, _ in os.walk(folder):
            for name in folders:
                if not os.path.islink(path := os.path.join(current, name)):
                    os.chmod(path, 0o755)
        shutil.rmtree(folder)


def own(path: Path) -> Path:
    """Give a file or a folder, and all in it, to the user without rights; return it."""
    if is_root():
        for current, folders, files in os.walk(path):
            for name in (*folders, *files):
                os.chown(os.path.join(current, name), NOBODY, NOBODY, follow_symlinks=False)
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    return path


def run_without_rights(*command: str, cwd: Path, timeout: float = 60, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a program that every user can run as the user without rights."""
    needed()
    rights = {"user": NOBODY, "group": NOBODY, "extra_groups": [], "umask": 0o022} if is_root() else {}
    shown = {**_environment(str(cwd)), **env}
    return subprocess.run(command, cwd=cwd, env=shown, capture_output=True, text=True, timeout=timeout, check=False, **rights)


def python_without_rights(code: str, *arguments: str, cwd: Path, timeout: float = 60, **env: str) -> subprocess.CompletedProcess[str]:
    """Run Python code as the user without rights, who may load the package and all it needs."""
    needed()
    return _python(code, list(arguments), str(cwd), {**_environment(str(cwd)), **env}, timeout)


def cardlint_without_rights(*arguments: str, cwd: Path, timeout: float = 60, **env: str) -> subprocess.CompletedProcess[str]:
    """Run cardlint as the user without rights; XDG_CACHE_HOME says where the cache lies, and HOME is the working directory."""
    return python_without_rights("from cardlint.cli import main; main()", *arguments, cwd=cwd, timeout=timeout, **env)


def _environment(home: str) -> dict[str, str]:
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    return {**env, "HOME": home, "PYTHONDONTWRITEBYTECODE": "1"}


def _python(code: str, arguments: list[str], cwd: str, env: dict[str, str], timeout: float) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", (DROPPING if is_root() else "") + code, *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=timeout, check=False)
