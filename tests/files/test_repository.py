"""Where a work tree begins: a `.git` that looks like a repository, and nothing else."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cardlint.files import repository
from cardlint.files.discovery import find_files
from cardlint.files.excluding import EXCLUDES
from tests.cli.test_command_line import BAD, cardlint, one_line
from tests.life.test_adoption import git


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "a.py").write_text(BAD)
    return folder


def embedded(folder: Path) -> None:
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "config").write_text("[core]\n\tbare = false\n\tworktree = .\n")
    for name in ("objects", "refs"):
        (folder / name).mkdir()


def pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def test_the_innermost_of_several(tree: Path) -> None:
    git("init", "-q", cwd=tree)
    git("init", "-q", cwd=tree / "src")
    (tree / "src" / "deep").mkdir()
    found = repository.containing(str(tree / "src" / "deep"))
    assert found is not None
    assert found.top == str(tree / "src")
    assert find_files([str(tree)], EXCLUDES) == [str(tree / "src" / "a.py")], "nothing else is there, so the folder is walked"
    (tree / "b.py").write_text("")
    assert find_files([str(tree)], EXCLUDES) == [str(tree / "b.py")], "another repository is no part of this one"


def test_a_bare_repository_is_none(tree: Path) -> None:
    embedded(tree / "src")
    assert repository.containing(str(tree / "src")) is None
    git("init", "-q", cwd=tree)
    found = repository.containing(str(tree / "src"))
    assert found is not None
    assert found.top == str(tree)
    assert find_files([str(tree)], EXCLUDES) == [str(tree / "src" / "a.py")]


BROKEN: dict[str, Callable[[Path], object]] = {
    "a pipe": pipe,
    "a loop": lambda path: path.symlink_to(".git"),
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "an empty folder": lambda path: path.mkdir(),
    "a text": lambda path: path.write_text("nothing"),
    "a file that leads to itself": lambda path: path.write_text("gitdir: .git\n"),
    "a file that leads nowhere": lambda path: path.write_text("gitdir: ../nowhere\n"),
    "a file with a NUL": lambda path: path.write_bytes(b"gitdir: a\0b\n"),
    "a long file": lambda path: path.write_text("gitdir: " + "x" * 1_000_000),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_named_like_a_repository_and_is_none(kind: str, tree: Path) -> None:
    BROKEN[kind](tree / ".git")
    started = time.monotonic()
    assert cardlint("--no-cache", ".", cwd=tree).returncode == 1
    since = cardlint("--no-cache", "--since", "HEAD", ".", cwd=tree)
    assert (since.returncode, "needs a git repository" in one_line(since)) == (2, True)
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("kind", BROKEN)
def test_it_hides_nothing_of_the_repository_around(kind: str, tree: Path) -> None:
    git("init", "-q", cwd=tree)
    git("add", "-A", cwd=tree)
    git("commit", "-qm", "first", cwd=tree)
    BROKEN[kind](tree / "src" / ".git")
    (tree / "src" / "new.py").write_text(BAD.replace("a_total", "n_total"))
    done = cardlint("--no-cache", "--format", "concise", "--since", "HEAD", ".", cwd=tree)
    assert [line.split(":")[0] for line in done.stdout.splitlines() if "CL101" in line] == ["src/new.py"]


@pytest.mark.parametrize(
    "name", ["HEAD", "config", "packed-refs", "refs/heads/main", "commondir", "info/exclude", "shallow", "objects/info/alternates"]
)
def test_a_pipe_inside_of_a_repository_makes_nobody_wait(name: str, tree: Path) -> None:
    git("init", "-q", cwd=tree)
    git("add", "-A", cwd=tree)
    git("commit", "-qm", "first", cwd=tree)
    (tree / ".git" / name).parent.mkdir(exist_ok=True)
    pipe(tree / ".git" / name)
    started = time.monotonic()
    done = cardlint("--no-cache", "--format", "concise", ".", cwd=tree)
    assert done.returncode == 1
    assert time.monotonic() - started < 10
    if name != "objects/info/alternates":  # git itself opens it, and is stopped
        since = cardlint("--no-cache", "--since", "HEAD", ".", cwd=tree)
        assert since.returncode in (0, 1, 2)
        assert time.monotonic() - started < 20
