"""Numbers of somebody else's: digits that `int` does not accept, and more digits than the interpreter writes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import cardlint
from cardlint.common.numbers import MAX_COUNT, capped, parse_int, spoken
from tests.hostile.running import COUNTER, check, run

NO_NUMBERS = ["", "²", "٣", "१", "-1", "+1", " 1", "1_0", "1.5", "0x1", "①", "Ⅷ", "9" * 19, "9" * 4300, "9" * 5000, "inf", "nan", "1e999"]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_int(text) is None


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("50", 50), ("9" * 18, 10**18 - 1)])
def test_a_number_is_read(text: str, number: int) -> None:
    assert parse_int(text) == number


def test_counts_stop_where_nobody_tells_them_apart() -> None:
    assert (capped(10**5000), spoken(capped(10**5000))) == (MAX_COUNT, "more than 10^18")
    assert spoken(1_234_567) == "1,234,567"


@pytest.mark.parametrize("number", [n for n in NO_NUMBERS if n.strip() == n])
def test_a_claim_of_no_number_is_a_finding(number: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(COUNTER + f"def f(r):\n    C.labels(r.path).inc()  # cardlint: bounded={number} -- reason\n")
    done = check("--format", "concise", "app.py", folder=tmp_path)
    assert "bad-ignore" in done.out


@pytest.mark.parametrize("line", [n for n in NO_NUMBERS if n] + ["0", "99"])
def test_a_line_that_is_no_number_is_one_line_of_usage(line: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(COUNTER)
    done = run("trace", f"app.py:{line}", folder=tmp_path)
    assert (done.code, "Traceback" in done.err, "internal" in done.err) == (2, False, False), done.err
    assert len(done.err.strip().splitlines()) == 1


def test_a_product_of_thousands_of_labels_is_written_short(tmp_path: Path) -> None:
    labels = [f"l{i}" for i in range(2000)]
    code = f"from prometheus_client import Counter\nC = Counter('c', 'd', {labels})\nfor x in ('a', 'b'):\n    C.labels({', '.join(['x'] * 2000)}).inc()\n"
    (tmp_path / "app.py").write_text(code)
    done = check("app.py", folder=tmp_path)
    assert "makes more than 10^18 series" in done.out
    for command in ("inventory", "trace"):
        done = run(command, *(["app.py:4"] if command == "trace" else ["--no-cache", "."]), folder=tmp_path)
        assert done.code in (0, 1), done.err
    for form in ("json", "sarif", "junit", "github", "gitlab", "markdown"):
        check("--format", form, "app.py", folder=tmp_path)


def test_a_terminal_of_many_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app.py").write_text(COUNTER)
    for columns in ("²", "9" * 5000, "-1", "nan"):
        monkeypatch.setenv("COLUMNS", columns)
        monkeypatch.setenv("FORCE_COLOR", "1")  # a pipe that is read as a terminal
        check("app.py", folder=tmp_path)


def test_no_module_reads_a_text_as_a_number_on_its_own() -> None:
    """`isdigit` before `int` is the mistake: it says yes to what raises."""
    found = []
    for path in sorted(Path(cardlint.__file__).parent.rglob("*.py")):
        if path.name == "numbers.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "int" and node.args:
                text = ast.unparse(node.args[0])
                if (path.name, text) not in READ_OTHERWISE and not any(word in text for word in ("high", "low", "flags", "fuel", "fields")):
                    found.append(f"{path.name}: int({text})")
    assert found == []


READ_OTHERWISE = {
    ("narrowing.py", "size"),  # a constant that is a number already
    ("builtins.py", "value.exact[0]"),
    ("operators.py", "v"),
    ("finite_regex.py", "counts[1]"),  # of a pattern that Python has accepted, and of at most 1,000 characters
    ("finite_regex.py", "counts[3]"),
    ("terms.py", "name[1:]"),  # rows of our own
    ("handlers.py", "key[1:]"),
    ("validation.py", "data"),
    ("validation.py", "wanted"),
    ("changes.py", "match[1] or 1"),  # what git writes of itself
    ("changes.py", "match[2]"),
    ("changes.py", "match[3] or 1"),
    ("changes.py", "m[1]"),
    ("unused_ignore.py", "comment.names[0].removeprefix(CLAIM)"),  # a claim that was read already
}
