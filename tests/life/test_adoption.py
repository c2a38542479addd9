"""The story of a team that turns cardlint on: old findings are written down, new ones fail, fixed ones leave the list."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import cardlint as package
from cardlint.testing import assert_no_findings
from tests.cli.test_command_line import BAD, cardlint

SECOND = BAD.replace("a_total", "b_total")
SUMMARY = 'from prometheus_client import Summary\n\nS = Summary("s", "S")\n'
NEW = 'from prometheus_client import Counter\nD = Counter("d_total", "D", ["error"])\n\n\ndef g():\n    try:\n        pass\n    except Exception as e:\n        D.labels(str(e)).inc()\n'


def git(*arguments: str, cwd: Path) -> str:
    """Run git with a name and without the machine's configuration."""
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main")
    return subprocess.run(["git", *identity, *arguments], cwd=cwd, check=True, capture_output=True, text=True, env=env).stdout


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Make an old repository of three bad files."""
    (tmp_path / "pkg").mkdir()
    for name, text in {"a.py": BAD, "b.py": SECOND, "pkg/c.py": SUMMARY}.items():
        (tmp_path / name).write_text(text)
    git("init", "-q", cwd=tmp_path)
    git("add", "-A", cwd=tmp_path)
    git("commit", "-qm", "old", cwd=tmp_path)
    return tmp_path


def test_adoption(old: Path) -> None:
    assert cardlint(".", cwd=old).returncode == 1
    written = cardlint("baseline", ".", cwd=old)
    assert (written.returncode, written.stdout) == (0, "cardlint-baseline.json: 3 findings\n")
    check = ("--baseline", "cardlint-baseline.json", "--format", "concise", ".")
    clean = cardlint(*check, cwd=old)
    assert (clean.returncode, clean.stdout) == (0, "")
    assert "3 findings of the baseline are still there" in clean.stderr

    (old / "d.py").write_text(NEW)
    new = cardlint(*check, cwd=old)
    assert new.returncode == 1
    assert [line.split(": ")[0] for line in new.stdout.splitlines()] == ["d.py:9:18"]

    fixed = cardlint("--fix", "--unsafe-fixes", "d.py", cwd=old)
    assert fixed.returncode == 0
    assert "type(e).__name__" in (old / "d.py").read_text()
    assert cardlint(*check, cwd=old).returncode == 0


def test_adoption_line_by_line(old: Path) -> None:
    """A new bad line in an old bad file fails alone, and fixing it leaves the old ones to their own day."""
    check = ("--baseline", "cardlint-baseline.json", "--format", "concise", ".")
    cardlint("baseline", ".", cwd=old)
    git("add", "-A", cwd=old)
    git("commit", "-qm", "baseline", cwd=old)
    before = (old / "a.py").read_text()
    line = "    try:\n        pass\n    except OSError as e:\n        E.labels(str(e)).inc()\n"
    (old / "a.py").write_text(before.replace("\n\n\ndef", '\nE = Counter("e_total", "E", ["error"])\n\n\ndef') + line)
    failed = cardlint(*check, cwd=old)
    assert failed.returncode == 1
    assert failed.stdout.startswith("a.py:12:18: error: CL103 unbounded-value: ")
    assert failed.stdout.count("\n") == 1
    since = cardlint("--since", "HEAD", "--format", "concise", ".", cwd=old)
    assert since.stdout == failed.stdout, "git says the same about the line"
    fixed = cardlint("--fix", "--unsafe-fixes", *check, cwd=old)
    assert (fixed.returncode, fixed.stdout) == (0, "")
    changed = git("diff", "-U0", cwd=old)
    assert [row for row in changed.splitlines() if row.startswith(("+ ", "-"))][-1] == "+        E.labels(type(e).__name__).inc()"
    assert before.splitlines()[-1] in (old / "a.py").read_text(), "the old line is as it was"
    clean = cardlint(*check, cwd=old)
    assert (clean.returncode, clean.stdout) == (0, "")
    assert cardlint(*check[2:], cwd=old).returncode == 1, "without the baseline the old ones are still there"


def test_a_baseline_survives_moved_lines_and_renamed_files(old: Path) -> None:
    cardlint("baseline", ".", cwd=old)
    (old / "a.py").rename(old / "renamed.py")
    (old / "b.py").write_text("# a comment\n\n\n" + SECOND)
    assert cardlint("--baseline", "cardlint-baseline.json", ".", cwd=old).returncode == 0


def test_one_old_finding_hides_one_new_one(old: Path) -> None:
    cardlint("baseline", ".", cwd=old)
    (old / "a.py").write_text(BAD + "    C.labels(user_id).inc()\n")
    done = cardlint("--baseline", "cardlint-baseline.json", "--format", "concise", ".", cwd=old)
    assert len(done.stdout.splitlines()) == 1


def test_fixed_findings_are_told_and_the_file_shrinks(old: Path) -> None:
    cardlint("baseline", ".", cwd=old)
    before = (old / "cardlint-baseline.json").read_text()
    (old / "pkg" / "c.py").write_text("x = 1\n")
    done = cardlint("--baseline", "cardlint-baseline.json", ".", cwd=old)
    assert done.returncode == 0
    assert "1 finding of the baseline is fixed" in done.stderr
    assert "fixed: pkg/c.py: summary" in done.stderr
    cardlint("baseline", ".", cwd=old)
    after = (old / "cardlint-baseline.json").read_text()
    assert len(after.splitlines()) == len(before.splitlines()) - 1
    assert set(after.splitlines()[1:-2]) < {line.rstrip(",") for line in before.splitlines()} | set(before.splitlines())


def test_since_reports_changed_lines_only_with_the_whole_project_as_context(old: Path) -> None:
    (old / "b.py").write_text(SECOND + "    C.labels(user_id).inc()\n")
    (old / "d.py").write_text(NEW)
    done = cardlint("--since", "HEAD", "--format", "concise", ".", cwd=old)
    assert [line.split(": ")[0] for line in done.stdout.splitlines()] == ["b.py:8:14", "d.py:9:18"]
    git("add", "-A", cwd=old)
    git("commit", "-qm", "new", cwd=old)
    assert cardlint("--since", "HEAD", ".", cwd=old).returncode == 0
    assert len(cardlint("--since", "HEAD~1", "--format", "concise", ".", cwd=old).stdout.splitlines()) == 2


def test_a_changed_declaration_brings_its_uses(old: Path) -> None:
    (old / "a.py").write_text(BAD.replace('"A"', '"Another text"'))
    assert cardlint("--since", "HEAD", ".", cwd=old).returncode == 1


def test_stdin_takes_the_place_of_a_file(old: Path) -> None:
    import sys

    command = [sys.executable, "-m", "cardlint", "--stdin-filename", "a.py", "--format", "concise"]
    done = subprocess.run(command, cwd=old, input="# moved\n" + BAD, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert [line.split(": ")[0] for line in done.stdout.splitlines()] == ["a.py:8:14"]


def test_paths_from_a_file(old: Path) -> None:
    (old / "paths.txt").write_text("# what is checked\na.py\n\nb.py\n")
    done = cardlint("--format", "concise", "@paths.txt", cwd=old)
    assert {line.split(":")[0] for line in done.stdout.splitlines()} == {"a.py", "b.py"}


def test_statistics_files_and_settings(old: Path) -> None:
    done = cardlint("--statistics", "--format", "concise", ".", cwd=old)
    assert done.stdout.splitlines()[-2:] == ["     2  CL101  identity-label", "     1  CL201  summary"]
    assert cardlint("--show-files", ".", cwd=old).stdout.split() == ["a.py", "b.py", "pkg/c.py"]
    (old / "cardlint.toml").write_text('pedantic = true\nrequired-version = ">=0.1"\n')
    assert "pedantic = true" in cardlint("--show-settings", ".", cwd=old).stdout


def test_another_version_is_refused(old: Path) -> None:
    (old / "cardlint.toml").write_text('required-version = ">=99"\n')
    done = cardlint(".", cwd=old)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert ">=99" in done.stderr


def test_added_ignores_silence_and_stand_outside_of_strings(tmp_path: Path) -> None:
    text = 'from prometheus_client import Counter\nC = Counter("a", """A\nlong text""", ["user_id"])\n\n\ndef f(user_id):\n    C.labels(\n        user_id,\n    ).inc()\n'
    (tmp_path / "a.py").write_text(text)
    done = cardlint("--add-ignores", "--reason", "known", ".", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "a.py").read_text() == text.replace("    ).inc()\n", "    ).inc()  # cardlint: ignore[identity-label] -- known\n")
    assert cardlint("--add-ignores", "--reason", "known", ".", cwd=tmp_path).returncode == 0


def test_the_python_interface(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(old)
    report = package.check(["."], package.Config(ignore=("summary",)))
    assert {f.rule for f in report.findings} == {"identity-label"}
    with pytest.raises(AssertionError, match="2 problems"):
        assert_no_findings(".", ignore=("summary",))
    assert_no_findings("pkg", ignore=("CL2",))
