"""What git ignores, as git itself says it: the same trees, the same patterns, the same files."""

from __future__ import annotations

import os
import random
import subprocess
import time
from pathlib import Path

import pytest

from cardlint.files.discovery import find_files
from cardlint.files.ignoring import Patterns
from tests.life.test_adoption import git

NAMES = (
    "a",
    "b",
    "ab",
    "a.b",
    "build",
    "A",
    "a b",
    "[x]",
    "é",
    "x.py",
    "y.py",
    "ab.py",
    "a-b.py",
    "a[b].py",
    "Z.py",
    "-.py",
    "!a.py",
    "#a.py",
    "a .py",
    "a\\b.py",
)
PARTS = (
    "a", "b", "ab", "*", "?", "**", "*.py", "a*", "*b*", "[ab]", "[!a]*", "[^b]", "[a-y].py", "x.py", "y.py", "build", "*a*b*", "a\\*", "\\[x]", "[[]x]",
    "[[:alpha:]]*", "[[:upper:]].py", "[]-]*", "[a-]*", "***", "a**b", "\\a", "é", "a b", "[[:nope:]]", "[a", "\\!a.py", "\\#a.py", "?[.]py", "*\\.py", "[a\\]b]*",
)  # fmt: skip


def listed_by_git(folder: Path) -> list[str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.py"]
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True, env=env)
    names = {os.fsdecode(raw) for raw in done.stdout.split(b"\0") if raw}
    return sorted(name for name in names if os.path.isfile(folder / name))


def listed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(folder)
    return find_files(["."], ["nothing"])


def pattern(chance: random.Random) -> str:
    text = "/".join(chance.choice(PARTS) for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))))
    return chance.choice(("", "", "", "!", "/")) + text + chance.choice(("", "", "", "/", "  ", "\\ ", "\r", "/**", "/*"))


def grow(folder: Path, chance: random.Random, leaving: str = "", depth: int = 0) -> None:
    folder.mkdir(exist_ok=True)
    for name in chance.sample([name for name in NAMES if name != leaving], 7):
        if name.endswith(".py") and chance.random() < 0.9:
            (folder / name).write_text("")
        elif depth < 3:
            grow(folder / name, chance, leaving, depth + 1)
    if chance.random() < (1 if depth == 0 else 0.4):
        lines = [pattern(chance) for _ in range(chance.randint(1, 6))]
        (folder / ".gitignore").write_bytes(chance.choice((b"", b"\xef\xbb\xbf")) + "\n".join(lines).encode() + chance.choice((b"\n", b"")))


@pytest.mark.parametrize("seed", range(80))
def test_the_same_files_as_git(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    tree = tmp_path / "tree"
    grow(tree, chance, "a" if seed % 4 == 0 else "")  # where case does not count, no two names differ by it alone
    git("init", "-q", cwd=tree)
    (tree / ".git" / "info" / "exclude").write_text("\n".join(pattern(chance) for _ in range(2)))
    if seed % 3 == 0:
        git("config", "core.excludesFile", str(tmp_path / "everywhere"), cwd=tree)
        (tmp_path / "everywhere").write_text("\n".join(pattern(chance) for _ in range(2)))
    if seed % 4 == 0:
        git("config", "core.ignoreCase", "true", cwd=tree)
    everything = [str(path.relative_to(tree)) for path in sorted(tree.rglob("*.py")) if path.is_file()]
    tracked = chance.sample(everything, len(everything) // 3)
    if tracked:
        git("--literal-pathspecs", "add", "-f", "--", *tracked, cwd=tree)
    expected = listed_by_git(tree)
    assert listed(tree, monkeypatch) == (expected or everything), (tree / ".gitignore").read_bytes()
    for folder in [path for path in sorted(tree.iterdir()) if path.is_dir() and path.name != ".git"][:3]:
        below = listed_by_git(folder)
        if below:
            assert listed(folder, monkeypatch) == below


@pytest.mark.parametrize(
    "text",
    [
        "*a" * 40 + "*b",
        "**/a/" * 30 + "b",
        "a*" * 60 + "/" + "*a" * 60,
        "**/*a/" * 20 + "x",
        "[!b]" * 100 + "*c",
        "*?" * 100 + "b",
        "?*" * 100 + "b",
    ],
)
def test_the_time_of_a_pattern_grows_with_the_name_alone(text: str) -> None:
    """Every star of a pattern could be tried at every place: such a pattern in a stranger's file must not stop the run."""
    patterns = Patterns(text.encode())
    for path in ("/".join(["a"] * 1500), "a" * 250, "/".join(["a" * 50] * 70)):
        started = time.process_time()
        patterns.decide(path, path.rpartition("/")[2], False)
        assert time.process_time() - started < 1


def test_patterns_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    for name in ("kept", "own", "global", "included", "quoted"):
        (tree / f"{name}.py").write_text("")
    git("init", "-q", cwd=tree)
    home = tmp_path / "home"
    (home / ".config" / "git").mkdir(parents=True)
    monkeypatch.delenv("GIT_CONFIG_GLOBAL", raising=False)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("HOME", str(home))
    (home / ".config" / "git" / "ignore").write_text("own.py\n")
    assert listed(tree, monkeypatch) == ["global.py", "included.py", "kept.py", "quoted.py"]
    (home / ".gitconfig").write_text("[user]\n\tname = x # y\n[CORE]\n\texcludesFile = ~/a\\\n\tb # the list\n")
    (home / "a\tb").write_text("global.py\n")
    assert listed(tree, monkeypatch) == ["included.py", "kept.py", "own.py", "quoted.py"]
    (home / ".gitconfig").write_text("[include]\n\tpath = more\n")
    (home / "more").write_text('[core] excludesfile = "~/with ; sign" ; the list\n')
    (home / "with ; sign").write_text("included.py\n")
    assert listed(tree, monkeypatch) == ["global.py", "kept.py", "own.py", "quoted.py"]
    git("config", "core.excludesFile", '~/with ; sign\\ "x"', cwd=tree)
    (home / 'with ; sign\\ "x"').write_text("quoted.py\n")
    assert listed(tree, monkeypatch) == ["global.py", "included.py", "kept.py", "own.py"]


@pytest.mark.parametrize("kind", ["a pipe", "a loop", "a device", "a folder", "a link"])
def test_a_file_of_patterns_that_is_none(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("")
    git("init", "-q", cwd=tmp_path)
    for file in (tmp_path / ".gitignore", tmp_path / ".git" / "info" / "exclude"):
        file.unlink(missing_ok=True)
        if kind == "a pipe":
            os.mkfifo(file)
        elif kind == "a loop":
            file.symlink_to(file.name)
        elif kind == "a device":
            file.symlink_to("/dev/zero")
        elif kind == "a folder":
            file.mkdir()
        else:
            (tmp_path / "patterns").write_text("*.py\n")
            file.symlink_to(tmp_path / "patterns")
            file.unlink() if file.name == "exclude" else None
    assert listed(tmp_path, monkeypatch) == ([".gitignore", "a.py"] if kind == "a loop" else ["a.py"])


def test_many_patterns_take_little_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("")
    git("init", "-q", cwd=tmp_path)
    (tmp_path / ".gitignore").write_text("".join(f"*a{n}*b?\n" for n in range(40_000)))
    started = time.process_time()
    assert listed(tmp_path, monkeypatch) == ["a.py"]
    assert time.process_time() - started < 5
