"""`--since`: what git calls changed, whatever names, settings and repositories it is asked about."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.test_command_line import BAD, cardlint, one_line
from tests.life.test_adoption import git

MORE = "    C.labels(user_id).inc()\n"


def commit(folder: Path, message: str = "state") -> None:
    git("add", "-A", cwd=folder)
    git("commit", "-qm", message, cwd=folder)


def places(folder: Path, *options: str) -> list[str]:
    done = cardlint("--since", "HEAD", "--format", "concise", *options, cwd=folder)
    assert done.stderr == ""
    assert done.returncode in (0, 1)
    return [line.split(": ")[0] for line in done.stdout.splitlines()]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text(BAD)
    git("init", "-q", cwd=tmp_path)
    commit(tmp_path)
    return tmp_path


def test_a_renamed_file_has_not_changed(old: Path) -> None:
    git("mv", "a.py", "b.py", cwd=old)
    assert places(old, ".") == []
    (old / "b.py").write_text(BAD + MORE)
    assert places(old, ".") == ["b.py:8:14"]


@pytest.mark.parametrize("name", ["with space.py", 'quo"te.py', "tab\tname.py", "back\\slash.py", "日本.py", "b/a.py", "c++ .py"])
def test_a_name_that_git_quotes(name: str, old: Path) -> None:
    (old / name).parent.mkdir(exist_ok=True)
    (old / name).write_text(BAD.replace("a_total", "b_total"))
    commit(old)
    assert places(old, ".") == []
    (old / name).write_text(BAD.replace("a_total", "b_total") + MORE)
    assert len(places(old, ".")) == 1


@pytest.mark.parametrize(
    "setting", ["diff.noprefix", "diff.mnemonicPrefix", "color.ui=always", "core.quotePath", "diff.external=false", "diff.renames=false"]
)
def test_settings_of_the_user_change_nothing(setting: str, old: Path) -> None:
    name, _, value = setting.partition("=")
    git("config", name, value or "true", cwd=old)
    (old / "a.py").write_text(BAD + MORE)
    assert places(old, ".") == ["a.py:8:14"]


def test_added_text_that_looks_like_a_diff(old: Path) -> None:
    (old / "a.py").write_text(BAD + 'X = """\n++ b/other.py\n@@ -1 +1 @@\n"""\n' + "def g(user_id):\n" + MORE)
    assert places(old, ".") == ["a.py:13:14"]


def test_bytes_that_are_no_utf8(old: Path) -> None:
    (old / "l.py").write_bytes(b"# -*- coding: latin-1 -*-\nX = '\xe9'\n")
    commit(old)
    (old / "l.py").write_bytes(b"# -*- coding: latin-1 -*-\nX = '\xe8'\n" + BAD.encode().replace(b"a_total", b"l_total"))
    assert places(old, ".") == ["l.py:9:14"]


def test_from_a_folder_below_and_for_paths_beside_it(old: Path) -> None:
    for name in ("one", "two"):
        (old / name).mkdir()
        (old / name / "x.py").write_text(BAD.replace("a_total", f"{name}_total"))
    commit(old)
    (old / "two" / "x.py").write_text(BAD.replace("a_total", "two_total") + MORE)
    (old / "two" / "new.py").write_text(BAD.replace("a_total", "new_total"))
    assert places(old / "one", ".") == []
    assert places(old / "one", "../two") == ["../two/new.py:7:14", "../two/x.py:8:14"]


def test_lines_in_a_submodule(old: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    inner = tmp_path_factory.mktemp("inner")
    git("init", "-q", cwd=inner)
    (inner / "s.py").write_text(BAD.replace("a_total", "s_total"))
    commit(inner)
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "sub", cwd=old)
    commit(old)
    assert places(old, ".", "sub") == []
    (old / "sub" / "s.py").write_text(BAD.replace("a_total", "s_total") + MORE)
    assert places(old, ".", "sub") == ["sub/s.py:8:14"]
    assert places(old / "sub", ".") == ["s.py:8:14"]


def test_a_linked_work_tree(old: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "tree"
    git("worktree", "add", "-q", str(other), cwd=old)
    (other / "a.py").write_text(BAD + MORE)
    assert places(other, ".") == ["a.py:8:14"]


def test_only_what_the_branch_changed_counts(old: Path) -> None:
    git("checkout", "-qb", "mine", cwd=old)
    (old / "mine.py").write_text(BAD.replace("a_total", "m_total"))
    commit(old)
    git("checkout", "-q", "-", cwd=old)
    (old / "a.py").write_text(BAD + MORE)
    commit(old)
    main = git("rev-parse", "HEAD", cwd=old).strip()
    git("checkout", "-q", "mine", cwd=old)
    done = cardlint("--since", main, "--format", "concise", ".", cwd=old)
    assert [line.split(": ")[0] for line in done.stdout.splitlines()] == ["mine.py:7:14"]


def test_what_git_cannot_answer_is_one_line(old: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    unknown = cardlint("--since", "no-such", ".", cwd=old)
    assert (unknown.returncode, "git knows no revision `no-such`" in one_line(unknown)) == (2, True)
    git("checkout", "-q", "--orphan", "alone", cwd=old)
    commit(old, "alone")
    first = git("rev-list", "--all", "--max-parents=0", cwd=old).split()
    other = next(c for c in first if c != git("rev-parse", "HEAD", cwd=old).strip())
    apart = cardlint("--since", other, ".", cwd=old)
    assert (apart.returncode, "no commit in common" in one_line(apart)) == (2, True)
    outside = tmp_path_factory.mktemp("outside")
    (outside / "a.py").write_text(BAD)
    nowhere = cardlint("--since", "HEAD", ".", cwd=outside)
    assert (nowhere.returncode, "needs a git repository, and . is in none" in one_line(nowhere)) == (2, True)
    empty = tmp_path_factory.mktemp("empty")
    git("init", "-q", cwd=empty)
    (empty / "a.py").write_text(BAD)
    unborn = cardlint("--since", "HEAD", ".", cwd=empty)
    assert (unborn.returncode, "git knows no revision `HEAD`" in one_line(unborn)) == (2, True)
    without = cardlint("--since", "HEAD", ".", cwd=old, PATH=os.devnull)
    assert (without.returncode, "needs git, which is not found" in one_line(without)) == (2, True)
