"""Where the cache lies: a repository may name a folder of its own, and the user any."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from cardlint.cache.folder import NAME
from tests.cli.test_command_line import BAD, cardlint, one_line
from tests.unprivileged import cardlint_without_rights, entered, is_root, needed

__all__ = ["entered"]
REFUSED = {
    "/tmp/cache": "is absolute",
    "//tmp/cache": "is absolute",
    "\\\\\\\\server\\\\cache": "is absolute",
    "..": "leads out of the project",
    "../cache": "leads out of the project",
    "a/../../cache": "leads out of the project",
    "a/b/../../..": "leads out of the project",
    "out": "leads out of the project",
    "out/cache": "leads out of the project",
    "link/cache": "leads out of the project",
    "loop/../..": "leads out of the project",
    ".": "is the project itself",
    "./": "is the project itself",
    "a/..": "is the project itself",
    "self": "is the project itself",
    ".git": "lies in the repository's own data",
    ".git/hooks": "lies in the repository's own data",
    ".Git/hooks": "lies in the repository's own data",
    "hooks": "lies in the repository's own data",
    "vendor/.git/x": "lies in the repository's own data",
    ".hg": "lies in the repository's own data",
    "a\\u0000b": "is no name of a folder",
}
COMMANDS = (
    ["."],
    ["--no-cache", "."],
    ["--cache-dir", "c", "."],
    ["baseline", "."],
    ["inventory", "."],
    ["trace", "a.py:1"],
    ["cache", "clean"],
    ["cache", "dir"],
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    (project / ".git" / "hooks").mkdir(parents=True)
    (project / "a").mkdir()
    (project / "out").symlink_to(tmp_path / "elsewhere")
    (project / "link").symlink_to("out")
    (project / "self").symlink_to(".")
    (project / "hooks").symlink_to(".git/hooks")
    (project / "a.py").write_text(BAD + "#" * 4000)
    time.sleep(0.1)
    return project


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("file", ["cardlint.toml", "pyproject.toml"])
def test_a_repository_may_not_name_another_folder(file: str, name: str, project: Path, tmp_path: Path) -> None:
    (project / file).write_text(f'{"[tool.cardlint]" if file == "pyproject.toml" else ""}\ncache-dir = "{name}"\n')
    before = sorted(project.rglob("*"))
    for command in COMMANDS if name in (".", "../cache") else COMMANDS[:1]:
        done = cardlint(*command, cwd=project, XDG_CACHE_HOME=str(tmp_path / "user"))
        assert (done.returncode, done.stdout) == (2, "")
        assert f"{file}: `cache-dir` {REFUSED[name]}" in one_line(done)
    assert sorted(project.rglob("*")) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["project"]


def test_the_length_of_a_name_has_a_limit(project: Path) -> None:
    (project / "cardlint.toml").write_text(f'cache-dir = "{"a/" * 200_000}"\n')
    started = time.monotonic()
    done = cardlint(".", cwd=project)
    assert (done.returncode, "`cache-dir` is no name of a folder" in one_line(done)) == (2, True)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("name", [".cache", "a", "a/../b", "inside/cache", "..cache", "a/.gitignore"])
def test_a_folder_of_the_project_is_used(name: str, project: Path, tmp_path: Path) -> None:
    (project / "real").mkdir()
    (project / "inside").symlink_to("real")
    (project / "cardlint.toml").write_text(f'cache-dir = "{name}"\n')
    assert cardlint(".", cwd=project, XDG_CACHE_HOME=str(tmp_path / "user")).returncode == 1
    assert sorted(p.name for p in (project / name / NAME / "runs").iterdir())
    assert (project / name / NAME / ".gitignore").read_text() == "*\n"
    assert cardlint("cache", "dir", cwd=project).stdout == f"./{name}/{NAME}\n"


def test_the_user_may_name_any_folder(project: Path, tmp_path: Path) -> None:
    (project / "cardlint.toml").write_text('cache-dir = ".cache"\n')
    env = {"XDG_CACHE_HOME": str(tmp_path / "user")}
    for number, (given, named) in enumerate(
        [((str(tmp_path / "far"),), {}), ((), {"CARDLINT_CACHE_DIR": "../near"}), (("../option",), {"CARDLINT_CACHE_DIR": "../variable"})]
    ):
        options = [part for folder in given for part in ("--cache-dir", folder)]
        chosen = given[0] if given else named["CARDLINT_CACHE_DIR"]
        done = cardlint(*options, ".", cwd=project, **env, **named)
        assert (done.returncode, done.stderr) == (1, ""), number
        assert list((project / chosen / NAME / "runs").iterdir())
        assert cardlint("cache", "dir", *options, cwd=project, **named).stdout == f"{chosen}/{NAME}\n"
        assert cardlint("cache", "clean", *options, cwd=project, **named).stdout.startswith("3 cached files removed")
    assert not (project / ".cache").exists()
    assert not (tmp_path / "variable").exists()
    assert not (tmp_path / "elsewhere").exists()


def test_a_configuration_that_cannot_be_read(entered: Path) -> None:
    needed()
    (entered / "a.py").write_text(BAD)
    for name in ("cardlint.toml", "pyproject.toml"):
        (entered / name).write_text("[tool.cardlint]\n")
        (entered / name).chmod(0)
        for command in ((".",), ("--config", name, ".")):
            done = cardlint_without_rights(*command, cwd=entered)
            assert (done.returncode, done.stdout) == (2, "")
            assert f"{name}: cannot be read: Permission denied" in one_line(done)
        if is_root():
            os.chmod(entered / name, 0o644)
        (entered / name).unlink()
