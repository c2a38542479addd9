"""Search: an index, a scan and one file asked alone give the same answer; whatever writes a name is found."""

from __future__ import annotations

import random

import pytest

from cardlint.files.name_forms import AROUND, ONE_PASS
from cardlint.files.search import FileSearch, Search, all_written, written

NAMES = ("foo", "_x", "имя", "a1", "self", "cls", "foo_bar", "é", "x.y", "app key", "C", "", "naïve", "ſ", "\ud800")
PIECES = (
    "def {}(", "def\t{}():", "class {}({}):", "class A({}.{}[{}]):", "@{}", "@{}.{}", "partial({}", "partial( {},", "a.{} = 1", "self.{} = 2",
    "x.{}: int = 3", "x.{} += 1", "x.{}|=2", "{}(", "{} (", "{}\n(", ".{} (", "'{}'", "# {}", "{}{}", "x.{}==1", "\r\n", "\t", "é", "{}",
    "myself.{} = 1", "(cls.{}=1", "..{}=", "\\{}", "\xff", "x = {}\n", " = {}.{}  # {}\n", "f({}, {})", "({}.{},", "={})", "{}.delay(",
    "{} . s (", "{}.{}.apply_async(", "x = " + "a" * 120 + ".{}\n", "(" + " " * 120 + "{})",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_index_scan_and_single_files_agree(seed: int) -> None:
    chance = random.Random(seed)

    def text() -> bytes:
        pieces = [chance.choice(PIECES) for _ in range(chance.randrange(7))]
        while any("{}" in p for p in pieces):
            pieces = [p.replace("{}", chance.choice(NAMES), 1) for p in pieces]
        return "".join(p + chance.choice(["\n", " ", ""]) for p in pieces).encode(chance.choice(["utf-8", "utf-16"]), "surrogatepass")

    for _ in range(60):
        files: dict[str, bytes | None] = {f"f{n}.py": text() for n in range(4)}
        files["gone.py"] = None
        indexed = Search(sorted(files), files.get)
        indexed.scans = 1000
        for name in NAMES:
            for form in ("", *AROUND, *ONE_PASS):
                scanned = Search(sorted(files), files.get).mentioning(name, form)
                assert indexed.mentioning(name, form) == scanned
                assert tuple(p for p in sorted(files) if FileSearch(files[p] or b"").holds(name, form)) == scanned
        for name in (name.encode("utf-8", "surrogatepass") for name in NAMES if name and " " not in name and "." not in name):
            for form in AROUND:  # what is found one by one, and all at once in a file that is asked often
                for data in files.values():
                    assert written(form, name, data or b"") == (name in all_written(form, data or b""))


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("def", "def größe(x): pass"),
        ("base", "class B(größe): pass"),
        ("base", "class Ö(größe): pass"),
        ("decorator", "@größe\ndef f(): pass"),
        ("partial", "partial(größe, 1)"),
        ("store", "x.größe = 1"),
        ("store", "myself.größe = 1"),
    ],
)
def test_names_of_all_alphabets_and_objects_are_found(form: str, text: str) -> None:
    assert FileSearch(text.encode()).holds("größe", form)


@pytest.mark.parametrize("text", ["self.size = 1", "(cls.size) = 1", "cls.size = 1", "x.size == 1"])
def test_what_an_object_stores_on_itself_is_no_store_from_outside(text: str) -> None:
    assert not FileSearch(text.encode()).holds("size", "store")


def test_tests_are_asked_only_where_they_ask() -> None:
    files: dict[str, bytes | None] = {"a.py": b"record('x')", "tests/b.py": b"record('y')"}
    read: list[str] = []

    def data(path: str) -> bytes | None:
        read.append(path)
        return files[path]

    search = Search(sorted(files), data, is_test=lambda path: path.startswith("tests/"))
    assert search.mentioning("record", "call", tests=False) == ("a.py",)
    assert search.mentioning("record", "def", tests=False) == ()
    assert "tests/b.py" not in read
    assert search.mentioning("record", "call", tests=True) == ("a.py", "tests/b.py")
