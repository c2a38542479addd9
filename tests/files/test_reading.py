"""Reading: the first look at a tree says the same from any number of processes, and no file is read again after it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cardlint.config import Config
from cardlint.engine import run
from cardlint.files import reading
from cardlint.files.reading import Look, shared
from cardlint.ir.model import ModuleIR
from cardlint.project import project
from cardlint.project.project import Project

TEXTS = {
    "one/__init__.py": b"",
    "one/a.py": b"from prometheus_client import Counter\nC = Counter('c_total', 'C', ['user_id'])\n",
    "one/b.py": b"import two.a\n# cardlint: ignore\n",
    "one/c.py": b"name = '\xc3\xa9t\xc3\xa9'\n",
    "two/__init__.py": b"import one.a\n",
    "two/a.py": b"import oneself\n",
    "two/b.py": b"def f(user_id):\n    one.a.C.labels(user_id).inc()\n",
    "two/c.py": b"\xff\xfe not utf-8\n",
}


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(project, "LARGE", 3)
    for path, data in TEXTS.items():
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).write_bytes(data)
    return sorted(TEXTS)


def seen(found: Project) -> tuple[object, ...]:
    return (found.seeds(), found.commented, found.naming, found.failures, [found.data(path) for path in found.paths()])


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_any_number_of_processes_sees_the_same(paths: list[str], jobs: int) -> None:
    found = Project(paths, ".", jobs=jobs)
    assert found.seeds() == ["one/a.py", "two/b.py"]
    assert found.commented == ["one/b.py"]
    assert {top: [paths[i] for i in positions] for top, positions in found.naming.items()} == {
        "one": ["two/__init__.py", "two/b.py"],
        "two": ["one/b.py"],
    }
    assert seen(found) == seen(Project(paths, "."))
    assert [found.data(path) for path in paths] == [TEXTS[path] for path in paths]


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_file_is_read_again(paths: list[str], jobs: int) -> None:
    found = Project(paths, ".", jobs=jobs)
    for path in paths:
        os.unlink(path)
    part = found.part(["one/a.py"])
    assert [part.data(path) for path in paths] == [TEXTS[path] for path in paths]
    facts = part.facts("one/c.py")
    assert isinstance(facts, ModuleIR)
    assert facts.text == TEXTS["one/c.py"].decode()
    assert isinstance(facts.written and facts.written.raw, memoryview), "facts hold on to the bytes of the run, not to a copy"


def test_a_whole_run_in_lanes_reads_every_file_once(paths: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def content(look: Look, path: str) -> bytes:
        opened.append(path)
        return Path(path).read_bytes()

    monkeypatch.setattr(Look, "content", content)
    assert [f.code for f in run(["."], Config(), jobs=1).report.findings]
    assert sorted(opened) == paths


def test_what_does_not_fit_into_memory_is_read_again(paths: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "KEEP_BYTES", 60)
    monkeypatch.setattr(project, "KEEP_BYTES", 60)
    found = Project(paths, ".", jobs=1)
    assert [found.data(path) for path in paths] == [TEXTS[path] for path in paths]
    assert found.seeds() == ["one/a.py", "two/b.py"]


def test_a_system_without_shared_memory_reads_again(paths: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(size: int) -> None:
        raise OSError("no memory for you")

    monkeypatch.setattr(reading, "Shared", refuse)
    assert shared() is None
    found = Project(paths, ".", jobs=2)
    assert [found.data(path) for path in paths] == [TEXTS[path] for path in paths]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_cannot_be_read_says_why(paths: list[str], jobs: int) -> None:
    os.unlink("two/b.py")
    os.mkdir("two/b.py")
    found = Project(paths, ".", jobs=jobs)
    assert found.failures == {"two/b.py": "it is no regular file"}
    assert "two/b.py" in found.seeds()
    assert found.data("two/b.py") is None


def test_lines_are_those_of_files_of_the_run(paths: list[str]) -> None:
    Path("other.py").write_text("x = 1\n")
    found = Project(paths, ".", jobs=2)
    assert found.lines("one/b.py") == ["import two.a", "# cardlint: ignore", ""]
    assert found.lines("other.py") == []
