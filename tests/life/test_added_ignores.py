"""`--add-ignores`: comments at the end of the logical line, never inside a string, and each of them read back."""

from __future__ import annotations

import ast
import tokenize
from pathlib import Path

import pytest

from tests.cli.test_command_line import cardlint

HEAD = 'from prometheus_client import Counter\n\nC = Counter("a_total", "A", ["user_id", "x"])\n\n\ndef f(user_id, deco=None):\n'
NOTE = "  # cardlint: ignore[identity-label] -- known"
CASES = {
    "one line": ('C.labels(user_id, "a").inc()', 'C.labels(user_id, "a").inc()«»'),
    "several lines": ('C.labels(\n        user_id,\n        "a",\n    ).inc()', 'C.labels(\n        user_id,\n        "a",\n    ).inc()«»'),
    "a string of several lines": ('C.labels(user_id, """a\n  b""").inc()', 'C.labels(user_id, """a\n  b""").inc()«»'),
    "an f-string of several lines": ("C.labels(user_id, f'''{1}\n{2}''').inc()", "C.labels(user_id, f'''{1}\n{2}''').inc()«»"),
    "a backslash": ('C.labels(user_id, \\\n        "a").inc()', 'C.labels(user_id, \\\n        "a").inc()«»'),
    "a backslash in a string": ('C.labels(user_id, "a\\\nb").inc()', 'C.labels(user_id, "a\\\nb").inc()«»'),
    "a string that looks like a comment": ('C.labels(user_id, "# cardlint: ignore[summary] -- x").inc()', 'C.labels(user_id, "# cardlint: ignore[summary] -- x").inc()«»'),
    "a decorator": ('@C.labels(user_id, "a").count_exceptions()\n    def g():\n        pass', '@C.labels(user_id, "a").count_exceptions()«»\n    def g():\n        pass'),
    "the head of a block": ('if C.labels(user_id, "a"):\n        pass', 'if C.labels(user_id, "a"):«»\n        pass'),
    "a block on one line": ('if 1: C.labels(user_id, "a").inc()', 'if 1: C.labels(user_id, "a").inc()«»'),
    "two statements": ('C.labels(user_id, "a").inc(); print("b")', 'C.labels(user_id, "a").inc(); print("b")«»'),
    "another comment": ('C.labels(user_id, "a").inc()  # noqa: E501', 'C.labels(user_id, "a").inc()  # noqa: E501«»'),
    "white space at the end": ('C.labels(user_id, "a").inc()   \t', 'C.labels(user_id, "a").inc()«»'),
    "a comment inside": ('C.labels(\n        user_id,  # who\n        "a",\n    ).inc()', 'C.labels(\n        user_id,  # who\n        "a",\n    ).inc()«»'),
    "another rule is ignored": ('C.labels(user_id, "a").inc()  # cardlint: ignore[raw-path] -- why', 'C.labels(user_id, "a").inc()  # cardlint: ignore[raw-path, identity-label] -- why'),
    "no reason is given": ('C.labels(user_id, "a").inc()  # cardlint: ignore[raw-path]', 'C.labels(user_id, "a").inc()  # cardlint: ignore[raw-path, identity-label] -- known'),
    "an ignore that has expired": ('C.labels(user_id, "a").inc()  # cardlint: ignore[CL101] until=2020-01-01 -- old', 'C.labels(user_id, "a").inc()  # cardlint: ignore[CL101, identity-label] -- known'),
    "an ignore that holds for a while": ('C.labels(user_id, "a").inc()  # cardlint: ignore[raw-path] until=2999-01-01 -- soon', 'C.labels(user_id, "a").inc()  # cardlint: ignore[raw-path, identity-label] until=2999-01-01 -- soon'),
    "a claim about the other label": ('C.labels(\n        user_id,\n        "a",  # cardlint: bounded=5 -- few\n    ).inc()', 'C.labels(\n        user_id,\n        "a",  # cardlint: bounded=5 -- few\n    ).inc()«»'),
}  # fmt: skip


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", CASES)
def test_a_comment_is_written_and_read(name: str, ending: str, tmp_path: Path) -> None:
    code, wanted = (HEAD + "    " + text.replace("«»", NOTE) + "\n" for text in CASES[name])
    file = tmp_path / "a.py"
    file.write_bytes(code.replace("\n", ending).encode())
    again = cardlint("--add-ignores", "--reason", "known", ".", cwd=tmp_path)
    if "claim" not in name:  # a claim on any line of the call is believed there
        assert file.read_bytes() == wanted.replace("\n", ending).encode()
    assert [line for line in again.stdout.splitlines() if "identity-label:" in line] == []
    before, after = (ast.dump(ast.parse(text)) for text in (code, file.read_bytes().decode().replace(ending, "\n")))
    assert before == after, "comments are all that has changed"
    assert "0 files changed" in cardlint("--add-ignores", "--reason", "known", ".", cwd=tmp_path).stderr


@pytest.mark.parametrize("comment", ["# cardlint: bounded=5 -- few", "# cardlint: ignore-file[raw-path] -- old"])
def test_a_line_that_says_something_else_keeps_it(comment: str, tmp_path: Path) -> None:
    """A comment holds one sentence for cardlint, so the new one gets a line of its own above the statement."""
    code = f'from prometheus_client import Summary\n\nif True:\n\tS = Summary(\n\t\t"s", "S"\n\t)  {comment}\n'
    (tmp_path / "a.py").write_text(code)
    done = cardlint("--add-ignores", "--reason", "known", ".", cwd=tmp_path)
    assert (tmp_path / "a.py").read_text() == code.replace("\tS =", "\t# cardlint: ignore[summary] -- known\n\tS =")
    assert "summary:" not in done.stdout


def test_an_encoding_keeps_its_bytes(tmp_path: Path) -> None:
    code = b'# -*- coding: latin-1 -*-\nfrom prometheus_client import Summary\nS = Summary("s", "\xe9\xc3\xa9")\n'
    (tmp_path / "a.py").write_bytes(code)
    assert cardlint("--add-ignores", "--reason", "f\xfcr sp\xe4ter", ".", cwd=tmp_path).returncode == 0
    assert (tmp_path / "a.py").read_bytes() == code[:-1] + b"  # cardlint: ignore[summary] -- f\xfcr sp\xe4ter\n"
    with tokenize.open(tmp_path / "a.py") as handle:
        assert "sp\xe4ter" in handle.read()
    (tmp_path / "a.py").write_bytes(code)
    done = cardlint("--add-ignores", "--reason", "後で", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert "a.py: its encoding latin-1 cannot hold the reason" in done.stderr
    assert (tmp_path / "a.py").read_bytes() == code


def test_the_changes_can_be_looked_at_first(tmp_path: Path) -> None:
    code = 'from prometheus_client import Summary\nS = Summary("s", "S")\n'
    (tmp_path / "a.py").write_text(code)
    done = cardlint("--diff", "--add-ignores", "--reason", "known", ".", cwd=tmp_path)
    assert done.returncode == 1
    assert '+S = Summary("s", "S")  # cardlint: ignore[summary] -- known\n' in done.stdout
    assert (tmp_path / "a.py").read_text() == code


@pytest.mark.parametrize(("depth", "written"), [(1_500, True), (60_000, False)])
def test_a_deep_expression_is_no_error(depth: int, written: bool, tmp_path: Path) -> None:
    """What is read with a deeper stack is compared with one, and what is too deep for that is left alone."""
    code = f'from prometheus_client import Summary\nS = Summary("s", "S")\nx = a{".b" * depth}\n'
    (tmp_path / "a.py").write_text(code)
    done = cardlint("--add-ignores", "--reason", "known", ".", cwd=tmp_path)
    assert "internal error" not in done.stderr
    assert ((tmp_path / "a.py").read_text() != code) is written
