"""The cache of facts: warm runs report what cold ones do, and nothing in the folder can break a run."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cardlint.cache.facts_cache import MIN_BYTES, FactsCache
from cardlint.cache.folder import cache_folder
from cardlint.config import Config
from cardlint.engine import run
from cardlint.findings import Report
from cardlint.lowering.reader import read
from cardlint.lowering.record import Record, record, restored
from tests.conftest import ROOT

PAD = "# " + "x" * MIN_BYTES + "\n"
BAD = PAD + "import uuid\nfrom prometheus_client import Counter\nC = Counter('c', 'C', ['x'])\nC.labels(uuid.uuid4().hex).inc()\n"


def same(a: Report, b: Report) -> bool:
    """Compare two reports without their duration."""
    return a.findings == b.findings and msgspec.structs.replace(a.summary, duration_s=0) == msgspec.structs.replace(b.summary, duration_s=0)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(BAD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def entries(tree: Path) -> list[Path]:
    return [p for p in (tree / "cache").glob("cardlint-cache/??/*") if p.is_file()]


def test_a_warm_run_reports_what_a_cold_one_does(tree: Path) -> None:
    cold = run(["src"], Config()).report
    first = run(["src"], Config(), cache=FactsCache(cache_folder("cache"))).report
    assert len(entries(tree)) == 1
    warm = run(["src"], Config(), cache=FactsCache(cache_folder("cache"))).report
    assert same(cold, first)
    assert same(cold, warm)


def test_an_edit_is_seen(tree: Path) -> None:
    run(["src"], Config(), cache=FactsCache(cache_folder("cache")))
    (tree / "src" / "app.py").write_text(BAD.replace("uuid.uuid4().hex", "'fixed value of the label'"))
    assert run(["src"], Config(), cache=FactsCache(cache_folder("cache"))).report.findings == ()


@pytest.mark.parametrize("content", [b"", b"\x00", b"\x93\x01", b"cos\nsystem\n(S'true'\ntR.", b"\xdc\xff\xff" * 50])
def test_a_damaged_entry_is_a_miss(content: bytes, tree: Path) -> None:
    cold = run(["src"], Config(), cache=FactsCache(cache_folder("cache"))).report
    for entry in entries(tree):
        entry.write_bytes(content)
    assert same(cold, run(["src"], Config(), cache=FactsCache(cache_folder("cache"))).report)


def test_an_entry_of_another_file_is_a_miss(tree: Path) -> None:
    cache = FactsCache(cache_folder("cache"))
    run(["src"], Config(), cache=cache)
    other = msgspec.msgpack.encode(record(read("other.py", b"x = 1\n")))
    for entry in entries(tree):
        assert cache.folder.write(entry.parent.name, entry.name, other), "sealed as an entry of this user"
    assert len(run(["src"], Config(), cache=cache).report.findings) == 1


def test_a_folder_that_cannot_be_written_is_no_error(tree: Path) -> None:
    (tree / "cache").write_text("a file where the folder should be")
    assert len(run(["src"], Config(), cache=FactsCache(cache_folder("cache"))).report.findings) == 1


def test_clean_removes_everything(tree: Path) -> None:
    cache = FactsCache(cache_folder("cache"))
    run(["src"], Config(), cache=cache)
    assert cache.folder.clean() == (1, ())
    assert entries(tree) == []


@pytest.mark.parametrize("path", sorted((ROOT / "cardlint" / "link").glob("*.py")), ids=lambda p: p.stem)
def test_facts_survive_the_encoding(path: Path) -> None:
    data = path.read_bytes()
    kept = record(read("x.py", data))
    assert kept is not None
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(kept), type=Record)
    assert again == kept
    facts, fresh = restored(again, data.decode()), read("x.py", data)
    assert facts is not None
    for one, other in zip(facts.functions, fresh.functions, strict=False):
        assert (one.qualname, one.at, one.defs, one.returns, one.stores) == (
            other.qualname,
            other.at,
            other.defs,
            other.returns,
            other.stores,
        )
    assert len(facts.functions) == len(fresh.functions)
    assert facts.calls == fresh.calls


def test_a_record_that_does_not_fit_the_text_is_none() -> None:
    data = (ROOT / "cardlint" / "inference" / "language" / "loops.py").read_bytes()
    kept = record(read("x.py", data))
    assert kept is not None
    assert kept.hidden
    assert restored(kept, "x = 1\n") is None
    assert restored(msgspec.structs.replace(kept, hidden=[]), data.decode()) is None
    assert restored(msgspec.structs.replace(kept, functions=[]), data.decode()) is None
