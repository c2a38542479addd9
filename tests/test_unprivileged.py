"""The helper that drops rights: what it promises, so that the tests which rest on it test something."""

from __future__ import annotations

import os
from pathlib import Path

from tests.unprivileged import NOBODY, cardlint_without_rights, entered, is_root, own, python_without_rights, run_without_rights

__all__ = ["entered"]
TRY = "import os; print(os.geteuid(), os.getgroups()); open('secret').read()"


def test_what_is_run_has_no_rights(entered: Path) -> None:
    secret = entered / "secret"
    secret.write_text("x")
    secret.chmod(0)
    done = python_without_rights(TRY, cwd=entered)
    assert "PermissionError" in done.stderr
    if is_root():
        assert done.stdout.split()[0] == "65534"
        assert "[]" in done.stdout or "[65534]" in done.stdout


def test_a_folder_given_away_can_be_written(entered: Path) -> None:
    writing = "open('new', 'w').write('x')"
    if is_root():
        assert "PermissionError" in python_without_rights(writing, cwd=entered).stderr
    own(entered)
    assert python_without_rights(writing, cwd=entered).returncode == 0


def test_a_program_has_none_either(entered: Path) -> None:
    own(entered) if is_root() else None
    assert run_without_rights("id", "-u", cwd=entered).stdout.strip() == (str(NOBODY) if is_root() else str(os.geteuid()))


def test_cardlint_runs(entered: Path) -> None:
    (entered / "a.py").write_text("import prometheus_client\n")
    assert cardlint_without_rights("--no-cache", ".", cwd=entered).returncode == 0
