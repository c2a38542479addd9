"""`--since` on repositories of every form, and on those that somebody built to make it wait, fetch or run something."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
import zlib
from pathlib import Path

import pytest

from cardlint.files import git as module
from cardlint.files import repository
from cardlint.files.changes import ChangesError, changed_lines
from tests.cli.test_command_line import BAD, cardlint, one_line
from tests.life.test_adoption import git
from tests.life.test_since import MORE, commit, places

TOTAL = "a_total"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "a.py").write_text(BAD)
    git("init", "-q", cwd=folder)
    commit(folder)
    return folder


def changed(folder: Path, *options: str) -> list[str]:
    (folder / "a.py").write_text(BAD + MORE)
    return places(folder, *(options or (".",)))


def refused(folder: Path, revision: str) -> str:
    done = cardlint("--no-cache", "--since", revision, ".", cwd=folder)
    assert done.returncode == 2, done
    return one_line(done)


@pytest.mark.parametrize(
    "revision",
    [
        "-x", "--output=x", "--all", "--", "", " ", "HEAD:a.py", "@{upstream}", "@{1}", ":/text", ":/(a*)*$", "no such", "x" * 900,
        "x" * 100_000, "HEAD~99999999999999999999", "HEAD^{/x}", "HEAD^{blob}", "HEAD..HEAD", "^HEAD", "a\nb", "\x1b[31m", "$(touch x)", "`touch x`", "ext::touch x",
        "refs/../../x", "日本", "HEAD;touch x", ":0:a.py", ":(glob)**", "1234567890", "@{-1}", "FETCH_HEAD", "refs/heads/*",
    ],
)  # fmt: skip
def test_odd_revisions_are_one_line(revision: str, old: Path) -> None:
    before = sorted(os.listdir(old))
    assert "--since" in refused(old, revision)
    assert sorted(os.listdir(old)) == before


@pytest.mark.parametrize(
    "revision",
    [
        "HEAD",
        "@",
        "main",
        "refs/heads/main",
        "v1",
        "v1^{}",
        "heads/main",
        "HEAD^0",
        "@{0}",
        "origin/main",
        "@{u}",
        "main@{upstream}",
    ],
)
def test_names_of_revisions(revision: str, old: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git("tag", "-am", "one", "v1", cwd=old)
    git("clone", "-q", str(old), str(clone), cwd=tmp_path)
    (clone / "a.py").write_text(BAD + MORE)
    done = cardlint("--no-cache", "--format", "concise", "--since", revision, ".", cwd=clone)
    assert (done.stderr, [line.split(": ")[0] for line in done.stdout.splitlines()]) == ("", ["a.py:8:14"])
    git("pack-refs", "--all", cwd=clone)
    git("gc", "-q", cwd=clone)
    again = cardlint("--no-cache", "--format", "concise", "--since", revision, ".", cwd=clone)
    assert (again.stdout, again.stderr) == (done.stdout, "")


def test_a_shallow_clone(old: Path, tmp_path: Path) -> None:
    (old / "b.py").write_text("")
    commit(old)
    clone = tmp_path / "clone"
    git("clone", "-q", "--depth", "1", old.as_uri(), str(clone), cwd=tmp_path)
    assert changed(clone) == ["a.py:8:14"]
    assert "git knows no revision `HEAD~1`" in refused(clone, "HEAD~1")


@pytest.mark.parametrize("relative", [False, True])
def test_objects_that_lie_in_other_repositories(relative: bool, old: Path, tmp_path: Path) -> None:
    first, clone = tmp_path / "first", tmp_path / "a: clone"
    git("clone", "-q", "--shared", str(old), str(first), cwd=tmp_path)
    git("clone", "-q", "--shared", str(first), str(clone), cwd=tmp_path)
    if relative:
        (first / ".git" / "objects" / "info" / "alternates").write_text("../../../old/.git/objects\n")
        (clone / ".git" / "objects" / "info" / "alternates").write_text("../../../first/.git/objects\n")
    assert changed(clone) == ["a.py:8:14"]


def test_sha256(tmp_path: Path) -> None:
    git("init", "-q", "--object-format=sha256", cwd=tmp_path)
    (tmp_path / "a.py").write_text(BAD)
    (tmp_path / "b.py").write_text(BAD.replace(TOTAL, "b_total"))
    commit(tmp_path)
    git("mv", "b.py", "c.py", cwd=tmp_path)
    assert changed(tmp_path) == ["a.py:8:14"]


def test_revisions_in_a_reftable(tmp_path: Path) -> None:
    try:
        git("init", "-q", "--ref-format=reftable", cwd=tmp_path)
    except subprocess.CalledProcessError:
        pytest.skip("this git knows no reftable")
    (tmp_path / "a.py").write_text(BAD)
    commit(tmp_path)
    assert changed(tmp_path) == ["a.py:8:14"]


def test_names_of_revisions_that_take_the_whole_disk(old: Path) -> None:
    for number in range(4):
        with (old / ".git" / "refs" / "heads" / str(number)).open("wb") as file:
            file.truncate(1 << 40)
    (old / ".git" / "logs" / "x").mkdir()
    for number in range(4):
        with (old / ".git" / "logs" / "x" / str(number)).open("wb") as file:
            file.truncate(190_000_000)
    assert changed(old) == ["a.py:8:14"]
    assert "take more than 400 MB" in refused(old, "HEAD@{0}")


def test_line_ends_that_a_checkout_changes(old: Path) -> None:
    """Where git writes other line ends than it keeps, every line of a file differs and none has changed."""
    (old / "a.py").write_bytes(BAD.replace("\n", "\r\n").encode())
    assert places(old, ".") == []
    (old / "a.py").write_bytes((BAD + MORE).replace("\n", "\r\n").encode())
    assert places(old, ".") == ["a.py:8:14"]
    git("mv", "a.py", "moved.py", cwd=old)
    assert places(old, ".") == ["moved.py:8:14"]


def test_what_is_new_ignored_or_linked(old: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text(BAD.replace(TOTAL, "o_total"))
    (old / ".gitignore").write_text("ignored.py\n")
    for name in ("new", "ignored", "staged"):
        (old / f"{name}.py").write_text(BAD.replace(TOTAL, f"{name}_total"))
    git("add", "staged.py", cwd=old)
    (old / "link.py").symlink_to("../outside.py")
    assert places(old, ".", "ignored.py") == ["link.py:7:14", "new.py:7:14", "staged.py:7:14"]
    commit(old)
    assert places(old, ".", "ignored.py") == []


def test_many_folders_and_names_that_sort_oddly(old: Path) -> None:
    for name in ("a/b.py", "a.b/c.py", "a-b/c.py", "a0.py", "a/b/c.py"):
        (old / name).parent.mkdir(exist_ok=True)
        (old / name).write_text(
            BAD.replace(TOTAL, "t" + str(len(name)) + name.replace("/", "_").replace(".", "_").replace("-", "_") + "_total")
        )
    commit(old)
    (old / "a" / "b.py").rename(old / "a-b" / "moved.py")
    for name in ("a-b/moved.py", "a.b/c.py", "a0.py"):
        (old / name).write_text((old / name).read_text() + MORE)
    assert places(old, ".") == ["a-b/moved.py:8:14", "a.b/c.py:8:14", "a0.py:8:14"]


def test_a_submodule_whose_commit_is_not_here(old: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    git("init", "-q", cwd=inner)
    (inner / "s.py").write_text(BAD.replace(TOTAL, "s_total"))
    commit(inner)
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "sub", cwd=old)
    git("update-index", "--cacheinfo", "160000", "1" * 40, "sub", cwd=old)
    git("commit", "-qm", "state", cwd=old)
    assert places(old, ".") == []
    assert places(old, ".", "sub") == ["sub/s.py:7:14"], "nobody can say what has not changed"


# built to harm ------------------------------------------------------------------------------------------------------------


def test_an_object_that_is_a_pipe_ends_after_a_while(old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit_ = git("rev-parse", "HEAD", cwd=old).strip()
    file = old / ".git" / "objects" / commit_[:2] / commit_[2:]
    file.unlink()
    os.mkfifo(file)
    assert module.SECONDS <= 10
    monkeypatch.setattr(module, "SECONDS", 1.0)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    started = time.monotonic()
    with pytest.raises(ChangesError, match="git does not answer within 1 s"):
        changed_lines("HEAD", [str(old)], [str(old / "a.py")])
    assert time.monotonic() - started < 5
    assert os.listdir(tmp_path / "temporary") == []


def loose(folder: Path, kind: str, data: bytes) -> bytes:
    raw = f"{kind} {len(data)}".encode() + b"\0" + data
    name = hashlib.sha1(raw).hexdigest()
    path = folder / ".git" / "objects" / name[:2] / name[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(zlib.compress(raw))
    return bytes.fromhex(name)


def tip(folder: Path, tree: bytes) -> str:
    who = b"a <a@b> 1 +0000"
    return loose(folder, "commit", b"tree %s\nparent %s\nauthor %s\ncommitter %s\n\nx\n" % (
        tree.hex().encode(), git("rev-parse", "HEAD", cwd=folder).strip().encode(), who, who,
    )).hex()  # fmt: skip


def test_a_tree_that_unfolds_without_end(old: Path) -> None:
    tree = loose(old, "tree", b"100644 a.py\0" + loose(old, "blob", b""))
    for _ in range(12):
        tree = loose(old, "tree", b"".join(b"40000 %d\0" % n + tree for n in range(10)))
    git("reset", "-q", "--soft", tip(old, tree), cwd=old)
    started = time.monotonic()
    assert "git answers with more than 100 MB" in refused(old, "HEAD")
    assert time.monotonic() - started < module.SECONDS + 20


def test_a_tree_whose_names_lead_elsewhere(old: Path) -> None:
    blob = loose(old, "blob", b"")
    deep = loose(old, "tree", b"100644 a.py\0" + blob)
    for _ in range(1500):
        deep = loose(old, "tree", b"40000 d\0" + deep)
    names = (b"..", b".git", b"/etc/passwd", b"a\nb.py", b"d")
    tree = loose(old, "tree", b"".join(b"40000 %s\0" % name + deep for name in sorted(names)))
    git("reset", "-q", "--soft", tip(old, tree), cwd=old)
    (old / "a.py").write_text(BAD + MORE)
    done = cardlint("--no-cache", "--since", "HEAD", ".", cwd=old)
    assert done.returncode in (0, 1, 2)
    assert "Traceback" not in done.stderr


def test_a_changed_file_of_a_partial_clone_says_how_to_get_it(old: Path, tmp_path: Path) -> None:
    git("config", "uploadpack.allowFilter", "true", cwd=old)
    (old / "a.py").write_text(BAD + "# more\n")
    commit(old)
    clone = tmp_path / "clone"
    git("clone", "-q", "--filter=blob:none", old.as_uri(), str(clone), cwd=tmp_path)
    (clone / "a.py").write_text(BAD + MORE)
    told = refused(clone, "HEAD~1")
    assert "`git diff` fetches it" in told
    assert places(clone, ".") == ["a.py:8:14"]


@pytest.mark.parametrize("place", ["the working directory", "the analysed folder", "a relative folder", "an empty name", "a link into it"])
def test_no_git_of_the_checkout_is_started(place: str, old: Path, tmp_path: Path) -> None:
    bin_ = old / "bin"
    bin_.mkdir()
    for name in ("git", "git.exe", "git.cmd", "git.bat", "git-rev-parse"):
        for folder in (bin_, old):
            (folder / name).write_text(f'#!/bin/sh\n: > {tmp_path}/ran\nexec {shutil.which("git")} "$@"\n')
            (folder / name).chmod(0o755)
    (tmp_path / "link").symlink_to(bin_)
    first = {
        "the working directory": str(old), "the analysed folder": str(bin_), "a relative folder": "bin", "an empty name": "", "a link into it": str(tmp_path / "link"),
    }[place]  # fmt: skip
    where = tmp_path if place == "the analysed folder" else old
    (old / "a.py").write_text(BAD + MORE)
    run = ("--no-cache", "--format", "concise", "--since", "HEAD", str(old))
    done = cardlint(*run, cwd=where, PATH=os.pathsep.join([first, os.environ["PATH"]]))
    assert done.stdout.count("CL101") == 1
    assert not (tmp_path / "ran").exists()
    alone = cardlint(*run, cwd=where, PATH=first)
    assert (alone.returncode, "--since needs git, which is" in one_line(alone)) == (2, True)
    assert not (tmp_path / "ran").exists()
    subprocess.run(["git", "--version"], cwd=old, env={**os.environ, "PATH": str(bin_)}, capture_output=True, check=False)
    assert (tmp_path / "ran").exists(), "it can be started"


def test_the_root_of_all_folders_is_no_checkout(old: Path) -> None:
    (old / "a.py").write_text(BAD + MORE)
    done = cardlint("--no-cache", "--format", "concise", "--since", "HEAD", str(old), cwd=Path("/"))
    assert done.stdout.count("CL101") == 1


def test_git_sees_nothing_of_the_checkout_but_objects(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What git is given is all it can read: no setting of theirs but how objects are named and which branch follows which."""
    git("config", "branch.main.remote", 'a"b\\c\n[core]\n\tfsmonitor = x', cwd=old)
    git("config", "branch.main.rebase", "x", cwd=old)
    git("config", 'remote.we"i]rd.fetch', "+refs/heads/*:refs/remotes/x/*", cwd=old)
    git("config", "remote.x.url", "ext::x", cwd=old)
    git("config", "core.pager", "x", cwd=old)
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.pager=x'")
    found = repository.at(str(old))
    assert found is not None
    with module.Git(found, ["."]) as ours:
        shown = ours.run("config", "--list", "--show-origin").decode()
        assert {line.partition("\t")[0] for line in shown.splitlines() if line.startswith("file:")} == {f"file:{ours._temporary}/config"}
        names = {line.partition("\t")[2].partition("=")[0] for line in shown.splitlines() if "\t" in line and line.startswith("file:")}
        assert {name for name in names if not name.startswith(("core.", "gc.", "maintenance.", "protocol.", "extensions."))} == {
            "branch.main.remote", 'remote.we"i]rd.fetch',
        }  # fmt: skip
        assert "core.fsmonitor=x" not in shown
        assert "core.pager" not in shown
        assert ours.run("var", "GIT_PAGER").decode().strip() == "cat"
        temporary = ours._temporary
    assert not os.path.exists(temporary)
