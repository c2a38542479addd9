"""The index of a work tree: every form that git writes, and what somebody else may write in its place."""

from __future__ import annotations

import hashlib
import os
import struct
import time
from pathlib import Path

import pytest

from cardlint.files import repository
from cardlint.files.discovery import find_files, listing
from cardlint.files.excluding import EXCLUDES
from cardlint.files.index import Tracked, tracked
from tests.cli.test_command_line import BAD, cardlint
from tests.life.test_adoption import git

FILES = ("a.py", "b.txt", "pkg/c.py", "pkg/deep/er/d.py", "pkg/deep/e.py", "x" * 200 + "/" + "y" * 200 + ".py", "with\nline.py")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give a work tree whose files are all ignored, so that only the index makes them count."""
    folder = tmp_path / "tree"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    git("init", "-q", cwd=folder)
    git("add", "-A", cwd=folder)
    (folder / ".gitignore").write_text("*\n")
    return folder


def known(folder: Path) -> Tracked | None:
    found = repository.at(str(folder))
    assert found is not None
    return tracked(found)


def check(folder: Path) -> None:
    """Check that the index is read as git reads it."""
    found = known(folder)
    assert found is not None
    listed = git("ls-files", "-z", "--cached", "*.py", cwd=folder).split("\0")
    assert found.files == {name for name in listed if name}
    assert found.files
    assert "pkg/deep/er" in found.folders


@pytest.mark.parametrize("version", ["2", "4"])
def test_versions(version: str, tree: Path) -> None:
    git("update-index", "--index-version", version, cwd=tree)
    check(tree)


def test_flags_of_version_3(tree: Path) -> None:
    (tree / "new.py").write_text("")
    git("add", "-f", "--intent-to-add", "new.py", cwd=tree)
    git("update-index", "--skip-worktree", "a.py", cwd=tree)
    assert (tree / ".git" / "index").read_bytes()[7] == 3
    check(tree)


def test_sha256(tmp_path: Path) -> None:
    (tmp_path / "pkg" / "deep" / "er").mkdir(parents=True)
    for name in ("a.py", "pkg/deep/er/b.py"):
        (tmp_path / name).write_text("")
    git("init", "-q", "--object-format=sha256", cwd=tmp_path)
    git("add", "-A", cwd=tmp_path)
    check(tmp_path)
    git("update-index", "--index-version", "4", cwd=tmp_path)
    check(tmp_path)


def test_split(tree: Path) -> None:
    git("update-index", "--split-index", cwd=tree)
    check(tree)
    git("config", "splitIndex.maxPercentChange", "100", cwd=tree)
    (tree / "new.py").write_text("x")
    (tree / "a.py").write_text("changed")
    git("add", "-f", "new.py", "a.py", cwd=tree)
    git("rm", "-q", "--cached", "pkg/c.py", cwd=tree)
    check(tree)
    found = known(tree)
    assert found is not None
    assert "new.py" in found.files
    assert "pkg/c.py" not in found.files


def test_sparse(tree: Path) -> None:
    git("commit", "-qm", "first", cwd=tree)
    git("sparse-checkout", "init", "--cone", "--sparse-index", cwd=tree)
    git("sparse-checkout", "set", "pkg/deep/er", cwd=tree)
    found = known(tree)
    assert found is not None
    assert {"a.py", "pkg/c.py", "pkg/deep/e.py", "pkg/deep/er/d.py"} <= found.files
    assert (tree / "pkg" / "c.py").exists()
    assert find_files([str(tree)], EXCLUDES) == sorted(str(p) for p in tree.rglob("*.py"))


def test_with_extensions(tree: Path) -> None:
    git("config", "core.untrackedCache", "true", cwd=tree)
    git("config", "index.recordEndOfIndexEntries", "true", cwd=tree)
    git("config", "index.recordOffsetTable", "true", cwd=tree)
    git("update-index", "--force-untracked-cache", cwd=tree)
    git("status", cwd=tree)
    check(tree)


def test_a_conflict(tree: Path) -> None:
    blob = git("hash-object", "-w", "a.py", cwd=tree).strip()
    git("rm", "-q", "--cached", "a.py", cwd=tree)
    entries = "".join(f"100644 {blob} {stage}\ta.py\n" for stage in (1, 2, 3))
    (tree / "entries").write_text(entries)
    with (tree / "entries").open() as given:
        import subprocess

        subprocess.run(["git", "update-index", "--index-info"], cwd=tree, stdin=given, check=True)
    check(tree)


# what somebody else wrote -------------------------------------------------------------------------------------------------


def entry(name: bytes, flags: int | None = None) -> bytes:
    raw = bytes(60) + struct.pack(">H", min(len(name), 0xFFF) if flags is None else flags) + name
    return raw + b"\0" * (8 - len(raw) % 8)


def written(tree: Path, body: bytes, count: int, version: int = 2) -> None:
    data = b"DIRC" + struct.pack(">II", version, count) + body
    (tree / ".git" / "index").write_bytes(data + hashlib.sha1(data).digest())


ODD = (
    "../out/x.py", "/etc/x.py", "pkg/../../out/x.py", ".git/x.py", "pkg/.git/x.py", "pkg/.GIT/x.py", "pkg/.git./x.py", "pkg/.git /x.py", "GIT~1/x.py",
    "./x.py", "pkg//x.py", "..", "pkg/..",
)  # fmt: skip


def test_names_that_lead_elsewhere_are_refused_and_told(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree.parent / "out").mkdir()
    (tree.parent / "out" / "x.py").write_text(BAD)
    (tree / "pkg" / ".git").mkdir()
    (tree / "pkg" / ".git" / "x.py").write_text(BAD)
    (tree / ".git" / "x.py").write_text(BAD)
    names = sorted(name.encode() for name in (*ODD, "a.py"))
    written(tree, b"".join(map(entry, names)), len(names))
    found = known(tree)
    assert found is not None
    assert found.files == {"a.py"}
    assert set(found.refused) == {name for name in ODD if name.endswith(".py")}
    monkeypatch.chdir(tree)
    done = listing(["."], EXCLUDES)
    assert done.files == ("a.py",)
    (note,) = done.notes
    assert "`../out/x.py`" in note
    shown = cardlint("--fix", "--unsafe-fixes", "--no-cache", ".", cwd=tree)
    assert "which is no path below its top; left out" in shown.stderr
    assert (tree.parent / "out" / "x.py").read_text() == BAD


def test_odd_bytes_of_names(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [b"\xff\xfe.py", b"\x1b[31m.py", b"\n.py", b"-x.py"]
    for name in names:
        (tree / os.fsdecode(name)).write_text("")
    written(tree, b"".join(map(entry, sorted(names))), len(names))
    monkeypatch.chdir(tree)
    assert find_files(["."], EXCLUDES) == sorted(os.fsdecode(name) for name in names)
    done = cardlint("--show-files", ".", cwd=tree)
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    "kind", ["a pipe", "a loop", "a device", "a folder", "text", "empty", "cut", "more entries", "an unknown version", "an unknown part"]
)
def test_an_index_that_is_none_means_a_walk(kind: str, tree: Path) -> None:
    index = tree / ".git" / "index"
    data = index.read_bytes()
    index.unlink()
    if kind == "a pipe":
        os.mkfifo(index)
    elif kind == "a loop":
        index.symlink_to("index")
    elif kind == "a device":
        index.symlink_to("/dev/zero")
    elif kind == "a folder":
        index.mkdir()
    else:
        index.write_bytes(
            {
                "text": b"nothing\n" * 100,
                "empty": b"",
                "cut": data[: len(data) // 2],
                "more entries": data[:8] + struct.pack(">I", 1 << 31) + data[12:],
                "an unknown version": data[:7] + b"\x09" + data[8:],
                "an unknown part": data[:-20] + b"abcd" + struct.pack(">I", 0) + bytes(20),
            }[kind]
        )
    started = time.monotonic()
    assert len(find_files([str(tree)], EXCLUDES)) == len([name for name in FILES if name.endswith(".py")])
    assert time.monotonic() - started < 2


def test_every_cut_and_every_flipped_byte_is_survived(tree: Path) -> None:
    index = tree / ".git" / "index"
    for version in ("2", "4"):
        git("update-index", "--index-version", version, cwd=tree)
        data = index.read_bytes()
        for position in range(0, len(data), 3):
            index.write_bytes(data[:position])
            known(tree)
            index.write_bytes(data[:position] + bytes([data[position] ^ 0x55]) + data[position + 1 :])
            known(tree)
        index.write_bytes(data)


def test_a_short_index_of_long_names_does_not_take_all_memory(tree: Path) -> None:
    """Version 4 writes a name as what it has in common with the one before: a few bytes can stand for many."""
    first = b"d/" * 2000 + b"a.py"
    body = bytes(60) + struct.pack(">H", 0xFFF) + b"\0" + first + b"\0"
    count = 400_000
    body += (bytes(60) + struct.pack(">H", 0xFFF) + b"\0" + b"\0") * (count - 1)
    written(tree, body, count, 4)
    started = time.monotonic()
    assert known(tree) is None
    assert time.monotonic() - started < 10


def test_the_other_part_of_a_split_index_is_missing(tree: Path) -> None:
    git("update-index", "--split-index", cwd=tree)
    for path in (tree / ".git").glob("sharedindex.*"):
        path.unlink()
    assert known(tree) is None
    link = b"link" + struct.pack(">I", 20 + 24) + b"\1" * 20
    bitmap = struct.pack(">II", 1 << 31, 2) + struct.pack(">QQ", (1 << 33) - 1, 0)
    written(tree, entry(b"a.py") + link + bitmap[:24], 1)
    assert known(tree) is None
