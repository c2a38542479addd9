"""The cache's own folder: only what is the cache's is read, removed or replaced, and only this user's runs can have written it."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cardlint.cache import folder as module
from cardlint.cache.folder import CODE, KEY, MARK, MARKS, NAME, Folder, cache_folder
from cardlint.cache.group import RUNS
from cardlint.cache.run_cache import Record
from tests.cli.test_command_line import BAD, cardlint, one_line
from tests.unprivileged import cardlint_without_rights, entered, other_user_needed, own

__all__ = ["entered"]
ENTRY = "0123456789abcdef" * 2 + "012345"
RECORD = "0123456789abcdef" * 2


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def everything(top: Path) -> dict[str, bytes]:
    """Return all files below a folder with what they hold."""
    return {str(p.relative_to(top)): p.read_bytes() for p in top.rglob("*") if p.is_file() and not p.is_symlink()}


def entries(top: Path) -> list[Path]:
    return sorted(p for p in top.rglob("*") if p.is_file() and p.name not in (*MARKS, KEY))


# whose folder it is ---------------------------------------------------------------------------------------------------------


def test_the_folder_is_made_for_the_user_alone_and_marked(here: Path) -> None:
    assert cache_folder("c").ready()
    made = here / "c" / NAME
    assert made.stat().st_mode & 0o777 == 0o700
    assert (made / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55\n")
    assert {p.name for p in made.iterdir()} == set(MARKS)
    key = here / "user" / "cardlint" / KEY
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_bytes()) == 32


@pytest.mark.parametrize("cache_dir", [".", "src", "src/deep"])
def test_files_in_a_cache_dir_that_is_in_use_stay(cache_dir: str, tmp_path: Path) -> None:
    """The folder that a repository names is full of files; some have the names of entries."""
    tree = tmp_path / "tree"
    top = tree / "src" / "deep"
    for folder in (tree / "src" / "runs", top / "runs", top / "ab", tree / "src" / "ab"):
        folder.mkdir(parents=True)
        for number in range(260):
            (folder / f"experiment{number}").write_text("precious")
            (folder / f"{number:032x}").write_text("precious")
            (folder / f"{number:038x}").write_text("precious")
    (tree / "src" / "a.py").write_text(BAD + "#" * 4000)
    for path in tree.rglob("*"):
        os.utime(path, (0, 0))
    (tree / "outer").mkdir()
    before = everything(tree)
    env = {"XDG_CACHE_HOME": str(tmp_path / "user"), "CARDLINT_CACHE_DIR": str(tree / "src" if cache_dir == "." else tree / cache_dir)}
    for command in (["src"], ["--pedantic", "src"], ["cache", "clean"]):
        assert cardlint(*command, cwd=tree, **env).returncode in (0, 1)
    after = everything(tree)
    assert {name: after.get(name) for name in before} == before
    assert not entries(Path(env["CARDLINT_CACHE_DIR"]) / NAME)


def test_a_folder_that_is_somebody_elses_is_left_alone_with_a_line(here: Path) -> None:
    (here / "c" / NAME / "ab").mkdir(parents=True)
    (here / "c" / NAME / "ab" / ENTRY).write_text("precious")
    (here / "a.py").write_text(BAD)
    before = everything(here)
    done = cardlint("--cache-dir", "c", "--format", "concise", "a.py", cwd=here)
    assert done.returncode == 1
    assert done.stderr == f"cardlint: c/{NAME}: the cache is not used: it holds other files and no `{MARK}` of the cache\n"
    done = cardlint("cache", "clean", "--cache-dir", "c", cwd=here)
    assert (done.returncode, "nothing was removed" in one_line(done)) == (2, True)
    after = everything(here)
    assert {name: after.get(name) for name in before} == before


def test_a_default_folder_of_an_earlier_version_is_left_alone(here: Path) -> None:
    old = here / "user" / "cardlint" / "ab"
    old.mkdir(parents=True)
    (old / ENTRY).write_text("an entry of an earlier version")
    folder = cache_folder()
    assert folder.ready()
    assert folder.path == str(here / "user" / "cardlint" / NAME)
    folder.clean()
    assert (old / ENTRY).exists()


@pytest.mark.parametrize("kind", ["file", "link", "dangling link", "pipe"])
def test_what_is_no_folder_is_not_followed(kind: str, here: Path) -> None:
    (here / "c").mkdir()
    (here / "target").mkdir()
    own_folder = here / "c" / NAME
    if kind == "file":
        own_folder.write_text("x")
    elif kind == "pipe":
        os.mkfifo(own_folder)
    else:
        own_folder.symlink_to(here / "target" if kind == "link" else here / "nowhere")
    folder = cache_folder("c")
    assert not folder.ready()
    assert folder.foreign
    assert folder.read("ab", ENTRY) is None
    assert not folder.write("ab", ENTRY, b"x")
    folder.trim(None, 0)
    assert folder.clean() == (0, ())
    assert list((here / "target").iterdir()) == []
    assert not (here / "nowhere").exists()


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o722, 0o777, 0o1777])
def test_a_folder_that_others_may_write_to_is_not_used(mode: int, here: Path) -> None:
    assert cache_folder("c").write("ab", ENTRY, b"content")
    (here / "c" / NAME).chmod(mode)
    folder = cache_folder("c")
    assert folder.read("ab", ENTRY) is None
    assert not folder.write("ab", ENTRY, b"other")
    assert "others may write to it" in folder.problem
    assert folder.clean() == (0, ())
    (here / "a.py").write_text(BAD)
    quiet, told = (cardlint("--cache-dir", "c", *more, "a.py", cwd=here).stderr for more in ((), ("--verbose",)))
    assert (quiet, told.count("others may write to it")) == ("", 1)


def test_a_cache_of_another_user_is_neither_read_nor_written(entered: Path) -> None:
    other_user_needed()
    (entered / "src").mkdir()
    (entered / "src" / "a.py").write_text(BAD + "#" * 4000)
    for name in ("user", "home"):
        (entered / name).mkdir()
    cardlint("--cache-dir", str(entered / "c"), "src", cwd=entered, XDG_CACHE_HOME=str(entered / "user"))
    for path in (entered / "c").rglob("*"):  # what the other one has written can be read by all
        path.chmod(0o755 if path.is_dir() else 0o644)
    (entered / "c").chmod(0o777)
    before = everything(entered / "c")
    assert len(entries(entered / "c")) >= 1
    home = {"XDG_CACHE_HOME": str(own(entered / "home"))}
    done = cardlint_without_rights("--cache-dir", str(entered / "c"), "--verbose", "--format", "concise", "src", cwd=entered, **home)
    assert (done.returncode, done.stdout.count("identity-label")) == (1, 1), done
    assert done.stderr.count("belongs to another user") == 1
    quiet = cardlint_without_rights("--cache-dir", str(entered / "c"), "--format", "concise", "src", cwd=entered, **home)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (1, done.stdout, "")
    done = cardlint_without_rights("cache", "clean", "--cache-dir", str(entered / "c"), cwd=entered, **home)
    assert (done.returncode, "belongs to another user" in one_line(done)) == (2, True)
    assert everything(entered / "c") == before


def test_a_cache_that_cannot_be_written_is_read_and_no_error(entered: Path) -> None:
    (entered / "src").mkdir()
    (entered / "src" / "a.py").write_text(BAD + "#" * 4000)
    home = {"XDG_CACHE_HOME": str(entered / "home")}
    (entered / "home").mkdir()
    (entered / "home").chmod(0o555)
    arguments = ("--format", "concise", "src")
    first = cardlint_without_rights(*arguments, cwd=entered, **home)
    assert (first.returncode, first.stderr) == (1, "")
    assert list((entered / "home").iterdir()) == []
    (entered / "home").chmod(0o777)
    time.sleep(0.1)
    assert cardlint_without_rights(*arguments, cwd=entered, **home).stdout == first.stdout
    before = everything(entered / "home")
    assert len(before) > 3
    for path in (entered / "home" / "cardlint", *(entered / "home" / "cardlint").rglob("*")):
        path.chmod(0o500 if path.is_dir() else 0o400)
    (entered / "src" / "b.py").write_text(BAD.replace("a_total", "b_total") + "#" * 4000)
    done = cardlint_without_rights(*arguments, cwd=entered, **home)
    assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (1, "", 2)
    assert everything(entered / "home") == before


# what is removed ------------------------------------------------------------------------------------------------------------


def test_trimming_and_cleaning_touch_names_of_our_own_form_only(here: Path) -> None:
    folder = cache_folder("c")
    for number in range(6):
        assert folder.write("ab", f"{number:038x}", b"x")
        assert folder.write(RUNS, f"{number:032x}", b"x")
    made = here / "c" / NAME
    others = [
        "note.txt",
        "abc/x",
        "ab/short",
        f"ab/{ENTRY.upper()}",
        f"ab/{ENTRY}.py",
        "ab/.new-1",
        f"{RUNS}/{RECORD}.json",
        f"{RUNS}/{ENTRY}",
        "zz/" + ENTRY,
    ]
    for name in others:
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_text("precious")
        os.utime(made / name, (0, 0))
    (made / "ab" / ("f" * 38)).mkdir()  # a folder with the name of an entry
    folder.trim(None, 2)
    folder.trim((RUNS,), 3)
    assert sum(1 for p in (made / "ab").iterdir() if len(p.name) == 38 and p.is_file() and p.name != ENTRY.upper()) == 2
    assert sum(1 for p in (made / RUNS).iterdir() if len(p.name) == 32) == 3
    removed, left = folder.clean()
    assert removed == 5
    assert left == tuple(
        sorted(
            [
                "note.txt",
                "abc",
                "ab/short",
                f"ab/{ENTRY.upper()}",
                f"ab/{ENTRY}.py",
                "ab/.new-1",
                f"{RUNS}/{RECORD}.json",
                f"{RUNS}/{ENTRY}",
                "zz",
                "ab/" + "f" * 38,
            ]
        )
    )
    assert all((made / name).read_text() == "precious" for name in others)


def test_cleaning_says_what_it_has_left(here: Path) -> None:
    folder = cache_folder("c")
    folder.write("ab", ENTRY, b"x")
    for number in range(8):
        (here / "c" / NAME / f"n\x1b[2J{number}").write_text("x")
    done = cardlint("cache", "clean", "--cache-dir", "c", cwd=here)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 cached file removed from" in done.stdout
    assert "8 other names in it were left alone: n\\x1b[2J0, n\\x1b[2J1," in done.stdout
    assert "\x1b" not in done.stdout
    assert (here / "c" / NAME / MARK).exists()
    assert cardlint("cache", "clean", "--cache-dir", "c", cwd=here).stdout.startswith("0 cached files")
    assert not entries(here / "c" / NAME / "ab")


@pytest.mark.parametrize("kind", ["group", "runs", "entry"])
def test_links_in_the_folder_are_not_followed(kind: str, here: Path) -> None:
    folder = cache_folder("c")
    assert folder.ready()
    precious = here / "precious"
    precious.mkdir()
    for name in (ENTRY, RECORD, RECORD + ".basis", ".new-0123456789abcdef"):
        (precious / name).write_text("precious")
        os.utime(precious / name, (0, 0))
    made = here / "c" / NAME
    if kind == "group":
        (made / "ab").symlink_to(precious)
    elif kind == "runs":
        (made / RUNS).symlink_to(precious)
    else:
        (made / "ab").mkdir()
        (made / "ab" / ENTRY).symlink_to(precious / ENTRY)
    before = everything(precious)
    folder.write("ab", ENTRY[::-1], b"new")
    folder.write(RUNS, RECORD[::-1], b"new")
    assert folder.read("ab", ENTRY) is None
    folder.trim(None, 0)
    folder.trim((RUNS,), 0)
    folder.clean()
    assert everything(precious) == before


def test_what_killed_runs_have_left_goes_after_a_while(here: Path) -> None:
    folder = cache_folder("c")
    folder.write("ab", ENTRY, b"x")
    made = here / "c" / NAME
    names = [made / ".new-0123456789abcdef", made / "ab" / ".new-0123456789abcdef"]
    young = made / "ab" / ".new-fedcba9876543210"
    for name in (*names, young):
        name.write_text("half of an entry")
    for name in names:
        os.utime(name, (0, 0))
    folder.trim(None, 10)
    assert not any(name.exists() for name in names)
    assert young.exists()
    assert (made / "ab" / ENTRY).exists()


# what is believed -----------------------------------------------------------------------------------------------------------


def test_one_flipped_bit_is_a_miss(here: Path) -> None:
    folder = cache_folder("c")
    content = os.urandom(300)
    assert folder.write(RUNS, RECORD, content)
    assert folder.read(RUNS, RECORD) == content
    file = here / "c" / NAME / RUNS / RECORD
    whole = file.read_bytes()
    for position in range(len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << random.Random(position).randrange(8)
        file.write_bytes(damaged)
        assert folder.read(RUNS, RECORD) is None, position
    for cut in (whole[:-1], whole[1:], whole + b"\0", whole[:CODE], b"", whole[:CODE] * 2):
        file.write_bytes(cut)
        assert folder.read(RUNS, RECORD) is None


def test_an_entry_under_another_name_is_a_miss(here: Path) -> None:
    folder = cache_folder("c")
    assert folder.write(RUNS, RECORD, b"content")
    made = here / "c" / NAME
    for group, name in ((RUNS, RECORD[::-1]), (RUNS, RECORD + ".basis"), ("ab", RECORD)):
        (made / group).mkdir(exist_ok=True)
        shutil.copy(made / RUNS / RECORD, made / group / name)
        assert folder.read(group, name) is None


def recorded(tree: Path, user: Path, *options: str) -> tuple[int, str, list[Path]]:
    """Run over a tree with findings and return the exit code, the report and the records there are."""
    done = cardlint("--format", "concise", *options, ".", cwd=tree, XDG_CACHE_HOME=str(user))
    assert done.stderr == ""
    return done.returncode, done.stdout, sorted(tree.glob(f".cache/{NAME}/runs/*")) + sorted(user.glob("cardlint/runs/*"))


@pytest.mark.parametrize("code", ["none", "plain", "other key", "empty key"])
def test_a_record_that_somebody_else_has_made_is_a_miss(code: str, tmp_path: Path) -> None:
    from msgspec.msgpack import decode, encode
    from msgspec.structs import replace

    from cardlint.cache.digest import blake2b

    tree, user = tmp_path / "tree", tmp_path / "user"
    tree.mkdir()
    (tree / "cardlint.toml").write_text('cache-dir = ".cache"\n')
    (tree / "a.py").write_text(BAD)
    time.sleep(0.1)
    status, report, records = recorded(tree, user)
    assert (status, len(records)) == (1, 2)
    record = next(path for path in records if not path.suffix)
    known = decode(record.read_bytes()[CODE:], type=Record)
    assert known.report.findings
    content = encode(replace(known, report=replace(known.report, findings=())))
    if code == "none":
        record.write_bytes(content)
    elif code == "plain":
        record.write_bytes(blake2b(content, digest_size=CODE).digest() + content)
    else:
        key = b"k" * 32 if code == "other key" else b""
        sealed = blake2b(f"{RUNS}/{record.name}\0".encode() + content, digest_size=CODE, key=key, person=b"cardlint entry").digest()
        record.write_bytes(sealed + content)
    assert recorded(tree, user)[:2] == (status, report)


def test_a_cache_that_comes_with_a_checkout_says_nothing(tmp_path: Path) -> None:
    """Whoever wrote the checkout has run the same version over it, and has taken the findings out of what is kept."""
    from msgspec.msgpack import decode, encode
    from msgspec.structs import replace

    tree, theirs = tmp_path / "tree", tmp_path / "theirs"
    tree.mkdir()
    (tree / "cardlint.toml").write_text('cache-dir = ".cache"\n')
    (tree / "a.py").write_text(BAD + "#" * 4000)
    time.sleep(0.1)
    status, report, records = recorded(tree, theirs)
    os.environ["XDG_CACHE_HOME"], before = str(theirs), os.environ.get("XDG_CACHE_HOME")
    try:
        folder = cache_folder(str(tree / ".cache"), (str(tree),))
        for path in records:
            if not path.suffix:
                known = decode(folder.read(RUNS, path.name) or b"", type=Record)
                assert folder.write(RUNS, path.name, encode(replace(known, report=replace(known.report, findings=()))))
    finally:
        os.environ.pop("XDG_CACHE_HOME")
        os.environ.update({"XDG_CACHE_HOME": before} if before is not None else {})
    assert recorded(tree, theirs)[0] == 0, "their own cache says what they made it say"
    assert recorded(tree, tmp_path / "mine")[:2] == (status, report)


def test_a_key_that_lies_in_the_checkout_is_none(tmp_path: Path) -> None:
    """The user's cache folder lies in the project, as some build servers have it: its key may have come with the checkout."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text(BAD + "#" * 4000)
    for where in (tmp_path / ".cache", tmp_path / "src" / ".cache"):
        done = cardlint("--verbose", "src", cwd=tmp_path, XDG_CACHE_HOME=str(where))
        assert done.stderr.count("there is no folder of the user's own for its key") == 1
        assert not where.exists()
        assert cardlint("src", cwd=tmp_path, XDG_CACHE_HOME=str(where)).stderr == ""
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    assert cardlint("src", "--cache-dir", str(outside), cwd=tmp_path, XDG_CACHE_HOME=str(where)).returncode == 1
    assert entries(outside), "a folder outside of the checkout can hold the key itself"
    assert not where.exists()


def test_a_user_without_a_home_has_no_cache(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing says what `~` is, it would be the name of a folder of the checkout."""
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    folder = cache_folder()
    assert not folder.ready()
    assert "no home folder" in folder.problem
    assert not folder.write("ab", ENTRY, b"x")
    assert list(here.iterdir()) == []
    assert cache_folder("c").write("ab", ENTRY, b"x"), "a folder outside of the checkout can hold the key itself"
    assert (here / "c" / NAME / KEY).exists()
    assert not cache_folder("d", (str(here.resolve()),)).write("ab", ENTRY, b"x")


def test_a_key_that_others_could_read_is_replaced(here: Path) -> None:
    folder = cache_folder("c")
    folder.write("ab", ENTRY, b"x")
    key = here / "user" / "cardlint" / KEY
    known = key.read_bytes()
    for damage in ("mode", "short", "link"):
        if damage == "mode":
            key.chmod(0o644)
        elif damage == "short":
            key.write_bytes(b"k" * 31)
        else:
            key.unlink()
            (here / "known").write_bytes(known)
            (here / "known").chmod(0o600)
            key.symlink_to(here / "known")
        again = cache_folder("c")
        assert again.read("ab", ENTRY) is None
        assert again.write("ab", ENTRY, b"x")
        assert not key.is_symlink()
        assert (key.stat().st_mode & 0o777, key.read_bytes() != known) == (0o600, True)
        assert cache_folder("c").read("ab", ENTRY) == b"x"
    assert (here / "known").read_bytes() == known


def test_first_runs_at_the_same_time_have_one_key(tmp_path: Path) -> None:
    code = (
        "import sys; from cardlint.cache.folder import cache_folder; sys.stdin.read(1); f = cache_folder('c'); f.ready(); "
        "print(f._key.hex(), f.problem)"
    )
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "user")}
    running = [
        subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(8)
    ]
    time.sleep(0.5)
    for process in running:
        assert process.stdin is not None
        process.stdin.write("x")
        process.stdin.close()
    said = set()
    for process in running:
        assert process.stdout is not None
        said.add(process.stdout.read())
        process.wait(60)
    assert len(said) == 1, said
    assert len(said.pop().strip()) == 64
    assert sorted(p.name for p in (tmp_path / "user" / "cardlint").iterdir()) == sorted((*MARKS, KEY))


@pytest.mark.parametrize("kind", ["pipe", "socket", "folder", "endless"])
def test_an_entry_that_is_no_file_is_a_miss_at_once(kind: str, here: Path) -> None:
    folder = cache_folder("c")
    folder.write("ab", ENTRY, b"x")
    file = here / "c" / NAME / "ab" / ENTRY
    file.unlink()
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "socket":
        os.chdir(file.parent)
        socket.socket(socket.AF_UNIX).bind(ENTRY)
        os.chdir(here)
    elif kind == "folder":
        file.mkdir()
    else:
        with file.open("wb") as out:
            out.truncate(module.MAX_BYTES + 1)
    started = time.monotonic()
    assert folder.read("ab", ENTRY) is None
    assert time.monotonic() - started < 1


# what stays behind ----------------------------------------------------------------------------------------------------------


def failing(error: BaseException) -> object:
    def write(descriptor: int, data: object) -> int:
        raise error

    return write


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), OSError(27, "File too large"), OSError(5, "I/O error")])
def test_a_write_that_fails_leaves_nothing(error: OSError, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = cache_folder("c")
    assert folder.write("ab", ENTRY, b"old")
    monkeypatch.setattr(os, "write", failing(error))
    assert not folder.write("ab", ENTRY, b"new")
    assert not cache_folder("d").write("ab", ENTRY, b"new")
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(here / "user"))
    assert [p.name for p in entries(here / "c")] == [ENTRY]
    assert folder.read("ab", ENTRY) == b"old"
    assert entries(here / "d") == []
    assert cache_folder("d").write("ab", ENTRY, b"new"), "what was left can be used again"


def test_an_interrupted_write_leaves_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = cache_folder("c")
    assert folder.ready()
    monkeypatch.setattr(os, "write", failing(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        folder.write("ab", ENTRY, b"new")
    assert entries(here / "c") == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the limit is one of POSIX")
def test_a_limit_on_the_size_of_files_leaves_nothing(tmp_path: Path) -> None:
    tree, user = tmp_path / "tree", tmp_path / "user"
    tree.mkdir()
    for number in range(20):
        (tree / f"m{number}.py").write_text(BAD.replace("a_total", f"a{number}_total") + "def f(x):\n    return x\n" * 900)
    shell = f"ulimit -f 8; exec {sys.executable} -m cardlint --format concise ."
    env = {**os.environ, "XDG_CACHE_HOME": str(user)}
    done = subprocess.run(["bash", "-c", shell], cwd=tree, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (1, "", 20)
    assert [p for p in user.rglob("*") if p.name.startswith(".new")] == []


def test_every_failure_of_the_folder_is_a_miss(here: Path) -> None:
    for path in ("a" * 300, "a\0b", "x/" * 3000, "/dev/null/x", "a.py/x"):
        (here / "a.py").write_text("")
        folder = Folder(path)
        assert not folder.ready()
        assert folder.read("ab", ENTRY) is None
        assert not folder.write("ab", ENTRY, b"x")
        assert folder.clean() == (0, ())
