"""Reading of what a checkout names: never waits, never reads without end."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from cardlint.files.regular import NotRegular, TooLarge, read_regular
from cardlint.project.lines import bytes_of


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    file = tmp_path / "f"
    for size in (0, 1, 99, 100):
        file.write_bytes(b"x" * size)
        assert read_regular(str(file), 100) == b"x" * size
    file.write_bytes(b"x" * 101)
    with pytest.raises(TooLarge, match="more than 100 bytes"):
        read_regular(str(file), 100)
    assert read_regular(str(file), 100, cut=True) == b"x" * 100
    with file.open("wb") as out:
        out.truncate(10**11)
    with pytest.raises(TooLarge, match="more than 5 MB"):
        read_regular(str(file), 5_000_000)
    file.write_bytes(b"y" * 3_000_000)
    assert read_regular(str(file), 5_000_000) == b"y" * 3_000_000


@pytest.mark.parametrize("kind", ["pipe", "pipe with a writer", "socket", "folder", "device", "link to a pipe"])
def test_what_is_no_regular_file_is_refused_at_once(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    writer = -1
    if "pipe" in kind:
        os.mkfifo("f" if kind != "link to a pipe" else "p")
        if kind == "link to a pipe":
            Path("f").symlink_to("p")
        elif kind == "pipe with a writer":
            writer = os.open("f", os.O_RDWR)
    elif kind == "socket":
        socket.socket(socket.AF_UNIX).bind("f")
    elif kind == "folder":
        Path("f").mkdir()
    else:
        Path("f").symlink_to("/dev/zero")
    started = time.monotonic()
    with pytest.raises(NotRegular):
        read_regular("f", 100)
    assert bytes_of("f") == b""
    assert time.monotonic() - started < 1
    if writer >= 0:
        os.close(writer)


def test_a_pipe_that_takes_the_name_of_a_file_meanwhile_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "f").write_text("x")
    state = os.stat(tmp_path / "f")
    os.mkfifo(tmp_path / "p")
    monkeypatch.setattr(os, "stat", lambda path: state)
    with pytest.raises(NotRegular):
        read_regular(str(tmp_path / "p"), 100)


def test_a_file_of_the_system_without_a_size_is_read(tmp_path: Path) -> None:
    if os.path.exists("/proc/self/status"):
        assert b"Name:" in read_regular("/proc/self/status", 100_000)


def test_a_name_of_no_file() -> None:
    for name in ("a\0b", "nowhere"):
        with pytest.raises(FileNotFoundError):
            read_regular(name, 100)
