"""Which files a run looks at: nothing hides another, what cannot be read is told, and what is no Python source is, too."""

from __future__ import annotations

import json
import os
import socket
import stat
from pathlib import Path

import pytest

from cardlint.files.discovery import find_files
from cardlint.files.excluding import EXCLUDES
from tests.cli.test_command_line import BAD, cardlint, one_line
from tests.life.test_adoption import git
from tests.unprivileged import cardlint_without_rights, entered, needed, other_user_needed, own

__all__ = ["entered"]


@pytest.fixture(params=["walked", "in a work tree"])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Give a folder with a file that has a finding, in a work tree of git or in none."""
    folder = tmp_path / "tree"
    (folder / "src").mkdir(parents=True)
    for name in ("a", "m", "z"):
        (folder / "src" / f"{name}.py").write_text(BAD.replace("a_total", f"{name}_total"))
    if request.param == "in a work tree":
        git("init", "-q", cwd=folder)
        git("add", "-A", cwd=folder)
    return folder


def findings(folder: Path, *arguments: str) -> list[tuple[str, str, str]]:
    """Return code, path and message of each finding, of a first run and of one that knows its record."""
    shown = []
    for _ in range(2):
        done = cardlint("--format", "json", *(arguments or (".",)), cwd=folder, XDG_CACHE_HOME=str(folder.parent / "cache"))
        assert done.returncode == 1, done.stderr
        found = json.loads(done.stdout)["findings"]
        shown.append([(f["code"], f["path"], f["message"]) for f in found])
    assert shown[0] == shown[1]
    return shown[0]


def unreadable(folder: Path, *arguments: str) -> dict[str, str]:
    """Return the files that are said to be unreadable, and check that no other is lost."""
    found = findings(folder, *arguments)
    assert {path for code, path, _ in found if code == "CL101"} >= {"src/a.py", "src/m.py", "src/z.py"}
    out = {path: message for code, path, message in found if code == "CL000"}
    assert len(out) == sum(code == "CL000" for code, _, _ in found), "one finding for each"
    return out


def test_a_link_to_itself(tree: Path) -> None:
    (tree / "src" / "current").symlink_to("current")
    (tree / "src" / "b.py").symlink_to("b.py")
    assert set(unreadable(tree)) == {"src/current", "src/b.py"}


def test_links_that_lead_to_each_other_and_upwards(tree: Path) -> None:
    (tree / "src" / "one").symlink_to("two")
    (tree / "src" / "two").symlink_to("one")
    (tree / "src" / "up").symlink_to("..")
    assert set(unreadable(tree)) == {"src/one", "src/two"}


def test_a_link_to_nowhere(tree: Path) -> None:
    (tree / "src" / "b.py").symlink_to("nowhere.py")
    (tree / "src" / "data").symlink_to("nowhere")
    assert unreadable(tree) == {"src/b.py": "this file cannot be read: no such file or directory"}
    (tree / "src" / "nowhere.py").write_text("")
    assert unreadable(tree) == {}


def test_a_pipe_and_a_socket_with_names_of_sources(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tree / "src" / "pipe.py")
    monkeypatch.chdir(tree / "src")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.py")
        told = unreadable(tree)
    assert set(told) == {"src/pipe.py", "src/socket.py"}
    assert told["src/pipe.py"] == "this file cannot be read: it is no regular file"


def test_a_pipe_among_the_tracked_files(tree: Path) -> None:
    (tree / "src" / "m2.py").write_text("")
    if (tree / ".git").exists():
        git("add", "-A", cwd=tree)
    (tree / "src" / "m2.py").unlink()
    os.mkfifo(tree / "src" / "m2.py")
    assert set(unreadable(tree)) == {"src/m2.py"}


def test_a_looping_link_among_the_files_that_configure(tree: Path) -> None:
    (tree / "run.sh").symlink_to("run.sh")
    (tree / "compose.yaml").symlink_to("nowhere")
    assert set(unreadable(tree)) == {"run.sh"}


def test_a_tracked_file_that_was_removed_is_no_file(tree: Path) -> None:
    (tree / "src" / "gone.py").write_text(BAD)
    if (tree / ".git").exists():
        git("add", "-A", cwd=tree)
    (tree / "src" / "gone.py").unlink()
    assert unreadable(tree) == {}


@pytest.mark.parametrize("repository", [False, True])
def test_a_folder_and_a_file_that_are_closed(repository: bool, entered: Path) -> None:
    tree = entered / "tree"
    for name in ("open", "closed", "listed"):
        (tree / name).mkdir(parents=True)
        (tree / name / "a.py").write_text(BAD.replace("a_total", f"{name}_total"))
    (tree / "open" / "b.py").write_text(BAD)
    (tree / "open" / "link.py").symlink_to("../closed/a.py")
    if repository:
        git("init", "-q", cwd=tree)
        git("add", "-A", cwd=tree)
    (tree / "open" / "b.py").chmod(0)
    (tree / "closed").chmod(0)
    (tree / "listed").chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    own(tree)
    done = cardlint_without_rights("--no-cache", "--format", "json", ".", cwd=tree)
    found = json.loads(done.stdout)["findings"]
    told = {f["path"]: f["message"] for f in found if f["code"] == "CL000"}
    assert set(told) == {"closed", "open/b.py", "open/link.py", "listed/a.py"}
    assert set(told.values()) == {"this file cannot be read: permission denied"}
    assert [f["path"] for f in found if f["code"] == "CL101"] == ["open/a.py"]
    assert cardlint_without_rights("--no-cache", "closed", cwd=tree).returncode == 1
    for path in ("closed", "listed"):
        (tree / path).chmod(0o755)


def test_the_repository_of_another_user(entered: Path) -> None:
    other_user_needed()
    tree = entered / "tree"
    (tree / "src").mkdir(parents=True)
    (tree / "src" / "a.py").write_text(BAD)
    (tree / ".gitignore").write_text("ignored.py\n")
    git("init", "-q", cwd=tree)
    git("add", "-A", cwd=tree)
    git("commit", "-qm", "first", cwd=tree)
    (tree / "src" / "a.py").write_text(BAD + "    C.labels(user_id).inc()\n")
    (tree / "src" / "ignored.py").write_text(BAD)
    done = cardlint_without_rights("--no-cache", "--no-group", "--format", "concise", ".", cwd=tree)
    assert (done.stderr, [line.split(": ")[0] for line in done.stdout.splitlines()]) == ("", ["src/a.py:7:14", "src/a.py:8:14"])
    since = cardlint_without_rights("--no-cache", "--format", "concise", "--since", "HEAD", ".", cwd=tree)
    assert (since.stderr, [line.split(": ")[0] for line in since.stdout.splitlines()]) == ("", ["src/a.py:8:14"])
    for path in (tree / ".git").rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    (tree / ".git").chmod(0o700)
    closed = cardlint_without_rights("--no-cache", "--since", "HEAD", ".", cwd=tree)
    assert (closed.returncode, len(closed.stderr.splitlines())) == (2, 1)
    walked = cardlint_without_rights("--no-cache", "--no-group", "--format", "concise", ".", cwd=tree)
    assert [line.split(":")[0] for line in walked.stdout.splitlines()] == ["src/a.py", "src/a.py", "src/ignored.py"]


# paths that the user names ------------------------------------------------------------------------------------------------


def test_what_is_no_python_source_is_told_and_not_analysed(tmp_path: Path) -> None:
    needed()
    (tmp_path / "notes.ipynb").write_text('{"cells": []}')
    (tmp_path / "a.py").write_text(BAD)
    alone = cardlint("notes.ipynb", cwd=tmp_path)
    assert alone.returncode == 3
    assert alone.stderr.splitlines()[0] == "cardlint: notes.ipynb: not analysed, for it is no Python source"
    both = cardlint("notes.ipynb", "a.py", "--format", "concise", cwd=tmp_path)
    assert both.returncode == 1
    assert both.stderr == "cardlint: notes.ipynb: not analysed, for it is no Python source\n"
    assert len(both.stdout.splitlines()) == 1
    for command in (["inventory"], ["baseline"], ["check", "--show-files"], ["check", "--fix"]):
        done = cardlint(*command, "notes.ipynb", cwd=tmp_path)
        assert (done.returncode, "notes.ipynb: not analysed" in done.stderr) == (3, True), command
    traced = cardlint("trace", "notes.ipynb:1", cwd=tmp_path)
    assert (traced.returncode, "notes.ipynb: not analysed" in traced.stderr) == (3, True)


@pytest.mark.parametrize(
    ("name", "beginning", "analysed"),
    [
        ("a.pyw", "", True),
        ("a.pyi", "", True),
        ("A.PY", "", True),
        ("script", "#!/usr/bin/env python3\n", True),
        ("script", "#!/usr/bin/python3.12 -u\n", True),
        ("run.cgi", "#!/usr/bin/python\n", True),
        ("script", "#!/bin/sh\n", False),
        ("script", "", False),
        ("Dockerfile", "", False),
        ("a.txt", "", False),
        ("a.py.orig", "", False),
    ],
)
def test_what_counts_as_python_source(name: str, beginning: str, analysed: bool, tmp_path: Path) -> None:
    (tmp_path / name).write_text(beginning + BAD)
    done = cardlint(name, "--format", "concise", cwd=tmp_path)
    assert done.returncode == (1 if analysed else 3)
    assert ("not analysed" in done.stderr) is not analysed


def test_a_pipe_that_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "pipe.py")
    plain = cardlint("pipe", cwd=tmp_path)
    assert (plain.returncode, "pipe: not analysed, for it is no regular file" in plain.stderr) == (3, True)
    assert "it is no regular file" in cardlint("pipe.py", cwd=tmp_path).stdout


def test_a_link_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "gone.py").symlink_to("nowhere.py")
    assert "too many levels" in cardlint("loop", cwd=tmp_path).stdout
    assert "no such file" in cardlint("gone.py", cwd=tmp_path).stdout
    assert "nothing: no such file or folder" in one_line(cardlint("nothing", cwd=tmp_path))


def test_excludes_are_not_even_looked_at(tree: Path) -> None:
    (tree / "venv").mkdir()
    (tree / "venv" / "x.py").symlink_to("x.py")
    (tree / "generated").mkdir()
    (tree / "generated" / "y.py").symlink_to("y.py")
    (tree / "cardlint.toml").write_text('extend-exclude = ["generated", "z*.py"]\n')
    found = findings(tree)
    assert {path for _, path, _ in found} == {"src/a.py", "src/m.py"}


def test_a_folder_that_is_ignored_and_named_is_walked(tree: Path) -> None:
    (tree / ".gitignore").write_text("out/\n")
    (tree / "out").mkdir()
    (tree / "out" / "o.py").write_text("")
    assert find_files([str(tree / "out")], EXCLUDES) == [str(tree / "out" / "o.py")]
