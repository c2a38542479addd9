"""Writing: in one step, with nothing left behind, and never through a link that leads out of the project."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cardlint.files import writing
from cardlint.files.writing import Bounds, Refused, checkout, replace_file
from tests.cli.test_command_line import BAD, cardlint, one_line
from tests.unprivileged import entered, needed, other_user_needed, own, python_without_rights

__all__ = ["entered"]
SOURCE = "from prometheus_client import Summary\nS = Summary('{name}_seconds', 'S')\n"
FIX = ("--no-cache", "--fix", "--unsafe-fixes")
IGNORE = ("--no-cache", "--add-ignores", "--reason", "why")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project with one file, beside a folder of somebody else's files."""
    (tmp_path / "out").mkdir()
    for name in ("x.py", "pkg_x.py"):
        (tmp_path / "out" / name).write_text(SOURCE.format(name="out"))
    (tmp_path / "out" / "report").write_text('{"schema": "cardlint-baseline-v1", "findings": []}')
    (tmp_path / "project" / "src").mkdir(parents=True)
    (tmp_path / "project" / "src" / "own.py").write_text(SOURCE.format(name="own"))
    return tmp_path / "project"


def outside(project: Path) -> dict[str, str]:
    return {p.name: p.read_text() for p in (project.parent / "out").iterdir()}


def left_over(top: Path) -> list[Path]:
    return [p for p in top.rglob("*") if p.name.startswith((".cardlint-", ".new-"))]


# fixes and comments ---------------------------------------------------------------------------------------------------------

LINKS = {
    "a link to a file": ("src/x.py", "../../out/x.py"),
    "an absolute link to a file": ("src/x.py", "{out}/x.py"),
    "a link to a folder": ("src/d", "../../out"),
    "a link to a link": ("src/x.py", "y"),
    "a link that goes out and comes back further up": ("src/x.py", "../../project/../out/x.py"),
    "a link to a file of the project that was not given": ("src/x.py", "../lib/x.py"),
}


@pytest.mark.parametrize("command", [FIX, IGNORE], ids=["fix", "ignores"])
@pytest.mark.parametrize("name", LINKS)
def test_nothing_is_changed_through_a_link_out_of_the_given_paths(name: str, command: tuple[str, ...], project: Path) -> None:
    link, target = LINKS[name]
    (project / "lib").mkdir()
    (project / "lib" / "x.py").write_text(SOURCE.format(name="lib"))
    (project / "src" / "y").symlink_to("../../out/x.py")
    (project / link).symlink_to(target.format(out=project.parent / "out"))
    before = outside(project)
    done = cardlint(*command, "src", cwd=project)
    assert outside(project) == before
    assert (project / "lib" / "x.py").read_text() == SOURCE.format(name="lib")
    assert (project / link).is_symlink()
    assert done.returncode == 2
    assert "outside of the given paths, and is left alone" in done.stderr
    assert f"cardlint: error: {link}" in done.stderr
    assert (project / "src" / "own.py").read_text() != SOURCE.format(name="own"), "the others are written"
    assert "1 file changed" in done.stderr


@pytest.mark.parametrize("command", [FIX, IGNORE], ids=["fix", "ignores"])
def test_a_name_that_leaves_the_project_is_refused(command: tuple[str, ...], project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of files comes from an index that whoever made the repository can write by hand."""
    code = (
        "import sys; from cardlint.files import discovery; listed = discovery.listing\n"
        "names = lambda paths, exclude: tuple(sorted([*listed(paths, exclude).files, '../out/x.py', 'src/../../out/pkg_x.py']))\n"
        "discovery.listing = lambda paths, exclude: discovery.Listing(names(paths, exclude), ())\n"
        "from cardlint.cli.app import run; sys.exit(run(sys.argv[1:]))"
    )
    before = outside(project)
    done = subprocess.run([sys.executable, "-c", code, *command, "."], cwd=project, capture_output=True, text=True, timeout=60, check=False)
    assert outside(project) == before
    assert done.returncode == 2
    for name in ("../out/x.py", "src/../../out/pkg_x.py"):
        assert f"cardlint: error: {name}: it is a link to" in done.stderr
    assert "1 file changed" in done.stderr


def test_a_link_that_was_given_may_not_leave_the_project_either(project: Path) -> None:
    """A hook hands over every changed file by name, links of a stranger too."""
    (project / ".git").mkdir()
    (project / "evil.py").symlink_to("../out/x.py")
    before = outside(project)
    done = cardlint(*FIX, "evil.py", "src/own.py", cwd=project)
    assert outside(project) == before
    assert (done.returncode, "evil.py is a link to" in done.stderr, "1 file changed" in done.stderr) == (2, True, True)


@pytest.mark.parametrize("given", ["src", ".", "src/link.py", "{top}/src"])
def test_a_link_to_a_file_of_the_given_paths_is_kept(given: str, project: Path) -> None:
    (project / "src" / "real").mkdir()
    (project / "src" / "real" / "data.txt").write_text(SOURCE.format(name="real"))
    (project / "src" / "link.py").symlink_to("real/data.txt")
    done = cardlint(*FIX, given.format(top=project), cwd=project)
    assert done.returncode == 0, done.stderr
    assert (project / "src" / "link.py").is_symlink()
    assert "Histogram" in (project / "src" / "real" / "data.txt").read_text()


def test_a_folder_that_is_given_by_a_link_is_changed(project: Path) -> None:
    (project.parent / "alias").symlink_to("project")
    done = cardlint(*FIX, "alias/src", cwd=project.parent)
    assert (done.returncode, "1 file changed" in done.stderr) == (0, True)


def test_what_cannot_be_changed_is_told_with_the_diff(project: Path) -> None:
    (project / "src" / "x.py").symlink_to("../../out/x.py")
    done = cardlint("--no-cache", "--diff", "--unsafe-fixes", "src", cwd=project)
    assert "src/x.py: it is a link to" in done.stderr
    assert "+++ src/own.py" in done.stdout
    assert "x.py" not in done.stdout.replace("own.py", "")


# reports and baselines ------------------------------------------------------------------------------------------------------

OUTPUTS = [("-o", "{}"), ("--format", "json={}"), ("--format", "sarif={}", "--format", "concise")]


@pytest.mark.parametrize("command", [*OUTPUTS, ("baseline",)], ids=str)
@pytest.mark.parametrize(("link", "target"), [("report", "../out/report"), ("folder", "../out"), ("report", "../out/new"), ("a", "b")])
def test_no_report_is_written_through_a_link_of_the_project(command: tuple[str, ...], link: str, target: str, project: Path) -> None:
    (project / "b").symlink_to("../out/report")
    (project / link).symlink_to(target)
    file = f"{link}/report" if link == "folder" else link
    before = outside(project)
    arguments = ("baseline", "-o", file) if command == ("baseline",) else tuple(part.format(file) for part in command)
    for paths, name in ((("src",), file), ((".",), file)):
        done = cardlint(*(part.replace(file, name) for part in arguments), "--no-cache", *paths, cwd=project)
        assert (done.returncode, done.stdout) == (2, "")
        assert one_line(done).startswith(f"cardlint: error: {name}: cannot be written: {link} is a link to ")
    absolute = cardlint(*(part.replace(file, str(project / file)) for part in arguments), "--no-cache", "src", cwd="/")  # type: ignore[arg-type]
    assert absolute.returncode in (2, 3)
    assert outside(project) == before


def test_a_report_goes_where_the_user_says(project: Path) -> None:
    """Outside of the project, through `..`, through a link outside of it, and through one that stays in it."""
    (project / "reports").mkdir()
    (project / "latest").symlink_to("reports/today")
    (project.parent / "mine").symlink_to("out")
    for name in ("../out/report", "../mine/other", "latest", "reports/x", str(project.parent / "mine" / "third")):
        done = cardlint("--no-cache", "--format", f"json={name}", "--format", "concise", "src", cwd=project)
        assert (done.returncode, done.stderr) == (1, "")
        assert (project / name).read_text().startswith("{")
    assert (project / "latest").is_symlink()
    assert left_over(project.parent) == []


def test_a_pipe_without_a_reader_is_given_up(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(project / "p")
    monkeypatch.setattr(writing, "WAIT", 0.1)
    with pytest.raises(Refused, match="without a reader"):
        replace_file(str(project / "p"), b"x")
    started = time.monotonic()
    done = cardlint("baseline", "--no-cache", "-o", "p", "src", cwd=project)
    assert (done.returncode, "p: cannot be written: it is a pipe without a reader" in one_line(done)) == (2, True)
    assert time.monotonic() - started < 10


# one file -------------------------------------------------------------------------------------------------------------------


def test_mode_and_links_stay_and_other_names_keep_what_they_had(tmp_path: Path) -> None:
    file, other = tmp_path / "f", tmp_path / "other"
    file.write_text("old")
    file.chmod(0o751)
    os.link(file, other)
    (tmp_path / "link").symlink_to("f")
    replace_file(str(tmp_path / "link"), b"new")
    assert (file.read_text(), other.read_text()) == ("new", "old")
    assert file.stat().st_mode & 0o7777 == 0o751
    assert (tmp_path / "link").is_symlink()
    replace_file(str(tmp_path / "fresh"), b"new")
    assert (tmp_path / "fresh").stat().st_mode & 0o777 == 0o666 & ~writing._umask()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["f", "fresh", "link", "other"]


def test_the_owner_stays(entered: Path) -> None:
    other_user_needed()
    (entered / "d").mkdir()
    file = entered / "d" / "f"
    file.write_text("old")
    own(entered / "d")
    file.chmod(0o4755)
    before = file.stat()
    replace_file(str(file), b"new")
    after = file.stat()
    assert (after.st_uid, after.st_gid, after.st_mode) == (before.st_uid, before.st_gid, before.st_mode)


def test_a_mode_that_gives_rights_does_not_pass_to_another_owner(entered: Path) -> None:
    other_user_needed()
    (entered / "d").mkdir()
    (entered / "d").chmod(0o777)
    file = entered / "d" / "f"
    file.write_text("old")
    file.chmod(0o6777)
    code = "from cardlint.files.writing import replace_file; replace_file('d/f', b'new')"
    done = python_without_rights(code, cwd=entered)
    assert (done.returncode, file.read_text()) == (0, "new"), done.stderr
    assert file.stat().st_mode & 0o7000 == 0


def test_a_folder_that_cannot_be_written(entered: Path) -> None:
    needed()
    (entered / "f").write_text("old")
    code = "from cardlint.files.writing import replace_file\ntry: replace_file('f', b'new')\nexcept OSError as problem: print(problem.strerror)"
    done = python_without_rights(code, cwd=entered)
    assert (done.stdout.strip(), (entered / "f").read_text()) == ("Permission denied", "old")


@pytest.mark.parametrize("where", ["write", "chmod", "fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "interrupted"])
def test_a_write_that_fails_leaves_the_old_file_alone(
    where: str, error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "f").write_text("old")

    def failing(*arguments: Any, **named: Any) -> None:
        raise error

    failing_too = failing
    monkeypatch.setattr(os, where, failing_too)
    if where == "chmod":
        monkeypatch.setattr(os, "supports_fd", {failing_too})
    with pytest.raises(type(error)):
        replace_file(str(tmp_path / "f"), b"new")
    monkeypatch.undo()
    assert [p.name for p in tmp_path.iterdir()] == ["f"]
    assert (tmp_path / "f").read_text() == "old"


def test_a_link_that_appears_meanwhile_is_not_followed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look at the file and its replacement the folder becomes a link, and then the file itself."""
    before = outside(project)
    bounds = Bounds([str(project / "src")])
    for kind in ("folder", "file"):
        top = project / "src" / kind
        top.mkdir()
        (top / "x.py").write_text("old")
        sync = os.fsync

        def exchanged(descriptor: int, top: Path = top, kind: str = kind, sync: Any = sync) -> None:
            if kind == "folder":
                top.rename(top.with_name("moved"))
                top.symlink_to("../../out")
            else:
                (top / "x.py").unlink()
                (top / "x.py").symlink_to("../../../out/x.py")
            sync(descriptor)

        monkeypatch.setattr(os, "fsync", exchanged)
        with pytest.raises(Refused):
            replace_file(str(top / "x.py"), b"new", bounds, source=True)
        monkeypatch.undo()
        assert outside(project) == before
    assert left_over(project.parent) == []


def test_a_killed_fix_leaves_every_file_old_or_new(tmp_path: Path) -> None:
    names = [f"m{number}.py" for number in range(120)]
    old = {name: SOURCE.format(name=name[:-3]) + "# " + "x" * 20_000 + "\n" for name in names}
    command = [sys.executable, "-m", "cardlint", *FIX, "--jobs", "1", "."]

    def write() -> None:
        for name, text in old.items():
            (tmp_path / name).write_text(text)

    write()
    started = time.monotonic()
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=120).returncode == 0
    whole = time.monotonic() - started
    new = {name: (tmp_path / name).read_text() for name in names}
    assert all(new[name] != old[name] for name in names)
    chance, mixed = random.Random(7), 0
    for _ in range(12):
        write()
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 2 * whole
        while (tmp_path / names[chance.randrange(40)]).read_text() in old.values() and time.monotonic() < end:
            pass  # until some of the files are written, as many as chance wants
        process.send_signal(signal.SIGKILL)
        process.wait(60)
        texts = {name: (tmp_path / name).read_text() for name in names}
        assert all(texts[name] in (old[name], new[name]) for name in names)
        mixed += 0 < sum(texts[name] == new[name] for name in names) < len(names)
    assert mixed, "no run was killed while it wrote"


# what counts as the project -------------------------------------------------------------------------------------------------


def test_the_checkout_is_what_is_around_the_given_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    (tmp_path / "a" / ".git").mkdir()
    (tmp_path / "a" / "b" / "c" / "x.py").write_text("")
    (tmp_path / "settings").mkdir()
    top = tmp_path.resolve()
    monkeypatch.chdir(tmp_path)
    assert set(checkout(("a/b/c/x.py",))) == {str(top / "a" / "b" / "c"), str(top / "a")}
    assert set(checkout(("a/b",), "settings")) == {str(top / "a" / "b"), str(top / "a"), str(top / "settings")}


def test_a_loop_of_links_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    Path("loop").symlink_to("loop")
    done = cardlint("-o", "loop", "--no-cache", "src", cwd=project)
    assert done.returncode == 2
    assert "loop: cannot be written" in one_line(done)


def test_reports_of_findings_still_go_to_devices(project: Path) -> None:
    (project / "src" / "bad.py").write_text(BAD)
    assert cardlint("--no-cache", "-o", "/dev/null", "src", cwd=project).returncode == 1
    done = cardlint("--no-cache", "--format", "json=/dev/stderr", "--format", "concise=/dev/stdout", "src", cwd=project)
    assert done.stdout.startswith("src/bad.py")
    assert '"schema"' in done.stderr
