"""The pre-commit hook, run by the real pre-commit on a small git repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

BAD = (
    'from prometheus_client import Counter\n\nC = Counter("a_total", "A", ["user_id"])\n\n\ndef f(user_id):\n    C.labels(user_id).inc()\n'
)
GOOD = BAD.replace("user_id", "kind").replace("C.labels(kind)", 'C.labels("import" if kind else "export")')


def git(*args: str, cwd: Path) -> str:
    """Run git with an identity of its own."""
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *identity, *args], cwd=cwd, check=True, capture_output=True, text=True).stdout.strip()


def hook_repository(folder: Path) -> str:
    """Make a git repository of this package as it stands; pre-commit installs hooks from repositories."""
    folder.mkdir()
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    git("init", "-q", cwd=folder)
    git("add", "-A", cwd=folder)
    git("commit", "-qm", "state", cwd=folder)
    return git("rev-parse", "HEAD", cwd=folder)


@pytest.mark.network
def test_the_hook_fails_on_a_bad_label_and_passes_when_it_is_gone(tmp_path: Path) -> None:
    revision = hook_repository(tmp_path / "hook")
    project = tmp_path / "project"
    project.mkdir()
    git("init", "-q", cwd=project)
    (project / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {tmp_path / 'hook'}\n  rev: {revision}\n  hooks:\n  - id: cardlint\n"
    )
    (project / "app.py").write_text(BAD)
    git("add", "-A", cwd=project)
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files"]
    env = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "cache")}
    failing = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=300, env=env, check=False)
    assert failing.returncode == 1, failing.stdout + failing.stderr
    assert "app.py:7:14: warning: CL101 identity-label" in failing.stdout
    (project / "app.py").write_text(GOOD)
    git("add", "-A", cwd=project)
    clean = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=300, env=env, check=False)
    assert clean.returncode == 0, clean.stdout + clean.stderr
