"""The inference stays in the part of Python that mypyc accepts, so that compiling it remains a decision about wheels alone.

Only the front end runs: it checks the modules and writes C, which takes no compiler.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.once

SCRIPT = "import sys; from mypyc.build import mypycify; mypycify(sys.argv[2:], target_dir=sys.argv[1], group_name='engine')"


def accepted(files: list[str], folder: Path) -> str:
    """Return the errors of mypyc about some files, '' where it has written C for all of them."""
    made = folder / "made"
    made.mkdir(exist_ok=True)
    command = [sys.executable, "-c", SCRIPT, str(made), f"--cache-dir={folder / 'cache'}", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    errors = [line for line in (done.stdout + done.stderr).splitlines() if ": warning: " not in line]
    if done.returncode:
        return "\n".join(errors) or "no message"
    assert list(made.glob("*.c")), errors
    return ""


def test_the_front_end_of_mypyc_accepts_the_inference(tmp_path: Path) -> None:
    files = sorted(str(path.relative_to(ROOT)) for part in ("inference", "ir") for path in (ROOT / "cardlint" / part).rglob("*.py"))
    assert len(files) > 100
    assert accepted(files, tmp_path) == ""


def test_what_mypyc_refuses_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "refused.py"
    path.write_text("class Lines(list[str]):\n    pass\n")
    assert "Inheriting from most builtin types" in accepted([str(path)], tmp_path)
