"""What holds for new libraries holds for old ones: the claims about prometheus_client, and the command line for the oldest of all.

They run in environments of their own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

OLD = "0.21.1"


@pytest.mark.network
def test_the_claims_hold_for_an_old_version(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", f"prometheus-client=={OLD}", "pytest", str(ROOT)], check=True)
    shown = subprocess.run(
        [python, "-c", "from importlib.metadata import version; print(version('prometheus-client'))"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert shown.stdout.strip() == OLD
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_claims.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.network
def test_the_command_line_works_with_the_oldest_libraries_that_are_allowed(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    oldest = [requirement.replace(">=", "==") for requirement in wanted]
    assert all("==" in requirement for requirement in oldest)
    subprocess.run([python, "-m", "pip", "install", "-q", *oldest, "pytest", "jsonschema", "pyyaml", "hypothesis", str(ROOT)], check=True)
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/cli", "tests/rules"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
