"""The native parser for newer grammar: what it cannot take is a finding of one file, and the rest is reported."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cardlint.lowering import native
from cardlint.lowering.measure import too_much, too_much_for_python
from tests.hostile.running import COUNTER, check

NEWER = "type X = int\n"
BAD = 'from prometheus_client import Counter\nC = Counter("c_total", "C", ["path"])\ndef f(request):\n    C.labels(request.path).inc()\n'
SHAPES: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "x = " + "(" * n + "1" + ")" * n,
    "open brackets": lambda n: "x = " + "[" * n,
    "nested calls": lambda n: "x = " + "f(" * n + ")" * n,
    "open calls": lambda n: "x = " + "f(" * n,
    "subscripts": lambda n: "x = a" + "[a" * n + "]" * n,
    "dictionaries": lambda n: "x = " + "{1:" * n + "1" + "}" * n,
    "minus": lambda n: "x = " + "-" * n + "1",
    "minus on lines": lambda n: "x = (" + "-\n" * n + "1)",
    "not": lambda n: "x = " + "not " * n + "1",
    "invert": lambda n: "x = " + "~" * n + "1",
    "await": lambda n: "async def f():\n  " + "await " * n + "x",
    "lambda": lambda n: "x = " + "lambda: " * n + "1",
    "conditional": lambda n: "x = " + "1 if a else " * n + "1",
    "nested conditional": lambda n: "x = " + "(1 if " * n + "a" + " else 1)" * n,
    "attributes": lambda n: "x = a" + ".b" * n,
    "attributes on lines": lambda n: "x = (a" + "\n.b" * n + ")",
    "calls in a row": lambda n: "x = a" + "()" * n,
    "items in a row": lambda n: "x = a" + "[0]" * n,
    "sum": lambda n: "x = a" + " + a" * n,
    "power": lambda n: "x = a" + "**a" * n,
    "comparison": lambda n: "x = a" + " < a" * n,
    "and": lambda n: "x = a" + " and a" * n,
    "and or": lambda n: "x = a" + " and a or a" * n,
    "ladder": lambda n: "if a:\n  pass\n" + "elif a:\n  pass\n" * n,
    "else if": lambda n: "".join(" " * i + "if a:\n" + " " * i + " pass\n" + " " * i + "else:\n" for i in range(min(n, 500))) + " " * 500 + "pass",
    "blocks": lambda n: "".join(" " * i + "if a:\n" for i in range(min(n, 500))) + " " * 500 + "pass",
    "assignments": lambda n: "x = " * n + "1",
    "texts in a row": lambda n: "x = " + "'a' " * n,
    "f-strings": lambda n: "x = " + "f'{" * n + "1" + "}'" * n,
    "formats": lambda n: "x = f'" + "{1:" * n + "}" * n + "'",
    "stars": lambda n: "x = [" + "*" * n + "a]",
    "walrus": lambda n: "x = (" + "(a:=" * n + "1" + ")" * n + ")",
    "patterns": lambda n: "match x:\n case " + "(" * n + "1" + ")" * n + ": pass",
    "class patterns": lambda n: "match x:\n case " + "A(" * n + "1" + ")" * n + ": pass",
    "choices": lambda n: "match x:\n case " + "1|" * n + "1: pass",
    "comprehensions": lambda n: "x = " + "[a for a in " * n + "b" + "]" * n,
    "loops of one comprehension": lambda n: "x = [a " + "for a in b " * n + "]",
    "annotations": lambda n: "x: " + "list[" * n + "int" + "]" * n + " = 1",
    "signs": lambda n: "x = " + "!" * n,
    "quotes": lambda n: "x = " + "'" * n,
}  # fmt: skip
SIZES = (5_000, 50_000)


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_too_deep_or_too_long_is_told_in_linear_time(name: str) -> None:
    for size in SIZES:
        started = time.perf_counter()
        assert too_much(NEWER + SHAPES[name](size) + "\n")
        assert time.perf_counter() - started < 2


@pytest.mark.parametrize("name", SHAPES)
def test_what_people_write_is_not_too_much(name: str) -> None:
    assert too_much(NEWER + SHAPES[name](15) + "\n") == ""


def test_this_package_and_its_tests_are_not_too_much() -> None:
    for path in Path(__file__).parent.parent.parent.glob("*/**/*.py"):
        if ".venv" not in path.parts:
            assert too_much(path.read_text(encoding="utf-8")) == "", path


def test_every_shape_is_a_finding_and_the_rest_is_reported(tmp_path: Path) -> None:
    for number, shape in enumerate(SHAPES.values()):
        for size in SIZES:
            (tmp_path / f"s{number}_{size}.py").write_text(COUNTER + NEWER + shape(size) + "\n")
    (tmp_path / "good.py").write_text(BAD)
    (tmp_path / "newer.py").write_text(NEWER + BAD)
    done = check("--format", "concise", ".", folder=tmp_path, seconds=100)
    assert "good.py:4" in done.out
    assert "newer.py:5" in done.out
    unreadable = {line.split(":")[0] for line in done.out.splitlines() if "unreadable-file" in line}
    shapes = {f"s{n}_{size}.py" for n in range(len(SHAPES)) for size in SIZES}
    if sys.version_info < (3, 12):
        assert unreadable == shapes
    else:  # Python reads this grammar by itself, and much of what is long without being deep
        assert unreadable < shapes


@pytest.mark.parametrize("name", SHAPES)
def test_the_helper_is_lost_and_comes_again(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would slip through the measure: the parser itself is in a process of its own."""
    helper = native.Helper()
    monkeypatch.setattr(native, "SECONDS", 1.5)
    monkeypatch.setattr(native, "LETTERS_A_SECOND", 1_000_000)
    started = time.monotonic()
    try:
        helper.rewrite(NEWER + SHAPES[name](3_000) + "\n")
    except native.Refused:
        assert helper.lost == 1
    assert time.monotonic() - started < 10
    monkeypatch.setattr(native, "SECONDS", 20.0)
    assert helper.rewrite(NEWER) == ("X = int\n", "3.12")


def test_one_helper_reads_all_files_and_is_not_shared_with_a_forked_process() -> None:
    assert native.rewrite("type X = int\n") == ("X = int\n", "3.12")
    helper = native._helper(os.getpid())
    assert helper.running is not None
    number = helper.running.pid
    assert native.rewrite("def f[T](x: T): ...\n") == ("def f(x: T): ...\n", "3.12")
    assert helper.running.pid == number
    assert native._helper(os.getpid() + 1) is not helper


def test_a_helper_that_was_ended_by_somebody_is_started_again() -> None:
    helper = native.Helper()
    assert helper.rewrite(NEWER) is not None
    assert helper.running is not None
    helper.running.kill()
    helper.running.wait()
    assert helper.rewrite(NEWER) is not None
    assert helper.lost == 0


def test_after_many_losses_no_more_is_tried() -> None:
    helper = native.Helper()
    helper.lost = native.MAX_LOST
    with pytest.raises(native.Refused, match="stopped too often"):
        helper.rewrite(NEWER)


def test_the_helper_runs_nothing_of_the_working_directory(tmp_path: Path) -> None:
    """A checkout that brings a `libcst`, a `cardlint`, a `sitecustomize` or modules of the library of its own is only read."""
    canary = tmp_path / "ran"
    harm = f"open({str(canary)!r}, 'w').close()\n"
    for name in ("libcst", "cardlint", "sitecustomize", "usercustomize", "resource", "signal", "encodings", "yaml", "typing_extensions"):
        (tmp_path / f"{name}.py").write_text(harm)
    (tmp_path / "app.py").write_text(NEWER + BAD)
    done = check("app.py", folder=tmp_path)
    assert "raw-path" in done.out
    assert not canary.exists()


def test_surrogates_and_characters_of_many_bytes_come_back_as_they_were() -> None:
    assert native.rewrite("type X = '\u00e9\U0001f600'\n") == ("X = '\u00e9\U0001f600'\n", "3.12")


@pytest.mark.parametrize(
    "code",
    ["import " + ".".join(["a"] * 300_000), "from " + ".".join(["a"] * 300_000) + " import b", "import " + ".\\\n".join(["a"] * 50_000)],
)
def test_a_dotted_name_of_thousands_of_parts_is_not_given_to_any_parser(code: str, tmp_path: Path) -> None:
    assert too_much_for_python(code)
    (tmp_path / "app.py").write_text(COUNTER + code + "\n")
    done = check("--format", "concise", "app.py", folder=tmp_path, seconds=20)
    assert "unreadable-file" in done.out
    assert "an imported name of more than 1,000 parts" in done.out


def test_a_file_of_millions_of_statements_is_not_parsed(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(COUNTER + "a;" * 2_000_000 + "\n")
    done = check("--format", "concise", "app.py", folder=tmp_path, seconds=20, memory=1 << 30)
    assert "more than 1,000,000 brackets, operators and lines" in done.out


def test_the_finding_says_what_was_not_tried(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(COUNTER + NEWER + SHAPES["nested calls"](1300) + "\n")
    done = check("--format", "concise", "app.py", folder=tmp_path)
    assert "grammar newer than that was not tried: more than 60 brackets or texts one within the other" in done.out
