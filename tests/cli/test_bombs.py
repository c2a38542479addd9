"""Files that a checkout brings along for cardlint itself: whatever they hold is one line with their name, at once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cardlint.config import ConfigError, parse
from cardlint.findings import Finding, Place, Report, Severity, Summary
from cardlint.selection import baseline
from tests.cli.test_command_line import BAD, cardlint, one_line

MANY = 300_000
TOML = {
    "a number of 5,000 digits": ("max-series = " + "9" * 5000, "out of range"),
    "a long number in other digits": ("max-series = 0x" + "f" * MANY, "at most"),
    "no number": ("max-series = nan", "whole number"),
    "lists in lists": ("select = " + "[" * 900 + "]" * 900, "nested too deeply"),
    "tables in tables": ("x = " + "{a=" * 900 + "1" + "}" * 900, "nested too deeply"),
    "brackets on lines of their own": ("select = " + "[\n" * 900, "nested too deeply"),
    "a table with many keys": ("x = {" + ",".join(f"a{i}=1" for i in range(50_000)) + "}", "unknown key"),
    "a key of many parts": ("a" + ".a" * MANY + " = 1", "parts"),
    "a key of many quoted parts": ("'a'" + ' . "a"' * 100_000 + " = 1", "parts"),
    "a table of many parts": ("[" + "a." * MANY + "a]", "parts"),
    "many tables": ("".join(f"[a{i}]\n" for i in range(50_000)), "unknown key"),
    "a long key": ("k" * MANY + " = 1", "unknown key"),
    "a long rule": (f'select = ["{"x" * MANY}"]', "unknown rule"),
    "open strings": ('"""\\' * 100_000, "not valid TOML"),
    "quotes": ('"' * MANY, "not valid TOML"),
    "brackets in strings": ('fail-on = "' + "[" * MANY + '"', "must be one of"),
    "brackets in a long string": ('fail-on = """' + "\\\\[{\n" * 50_000 + '"""', "must be one of"),
    "brackets in comments": ("#" + "[" * MANY + "\nfail-on = ''", "must be one of"),
    "a date that there is not": ("max-series = 0000-00-00", "not valid TOML"),
    "the same key twice": ("pedantic = true\npedantic = false", "not valid TOML"),
    "a version of many digits": (f'required-version = "=={"9" * 5000}"', "no version specifier"),
    "a version of many parts": (f'required-version = ">={"1." * 90_000}1"', "no version specifier"),
    "a version in brackets": (f'required-version = "{"(" * 150}"', "no version specifier"),
    "an empty version": ('required-version = "=="', "no version specifier"),
}
RIGHT = {
    "floats and long lists on one line": "max-series = 5\nextend-exclude = [" + ", ".join(f'"a.{i}.b"' for i in range(200)) + "]",
    "dots in strings": "extend-exclude = ['" + "." * 500 + "', \"" + "." * 500 + '"]',
    "quotes in quotes": 'extend-exclude = [\'"[[["\', "\'[[[\\"", \'\'\'[[\'[\'\'\', """{{"{\\""""]',
    "tables below each other": "[[sources]]\npath = 'a.b()'\n" * 100,
}
HEAD = '"schema": "cardlint-baseline-v1"'
JSON: dict[str, tuple[str | bytes, str]] = {
    "lists in lists": ("{" + HEAD + ', "findings": ' + "[" * MANY, "not a baseline"),
    "objects in objects": ('{"a": ' * MANY, "nested too deeply"),
    "a deep schema": ('{"schema": ' + "[" * MANY + "]" * MANY + "}", "cannot read the baseline"),
    "a huge number": ("{" + HEAD + ', "findings": [{"fingerprint": ' + "9" * MANY + "}]}", "cannot read the baseline"),
    "NaN": ("{" + HEAD + ', "findings": [{"fingerprint": NaN}]}', "not a baseline"),
    "Infinity beside it": ('{"x": -Infinity, ' + HEAD + ', "findings": []}', "not a baseline"),
    "findings twice": ("{" + HEAD + ', "findings": [{"fingerprint": "a"}], "findings": []}', "same key twice"),
    "a key twice, written in two ways": ("{" + HEAD + ', "findings": [{"fingerprint": "a", "\\u0066ingerprint": "b"}]}', "same key twice"),
    "a number as finding": ("{" + HEAD + ', "findings": [1]}', "Expected `object`"),
    "an object as findings": ("{" + HEAD + ', "findings": {}}', "Expected `array`"),
    "a number as fingerprint": ("{" + HEAD + ', "findings": [{"fingerprint": 1}]}', "Expected `str`"),
    "a list as line": ("{" + HEAD + ', "findings": [{"fingerprint": "a", "line": []}]}', "Expected `str`"),
    "no fingerprint": ("{" + HEAD + ', "findings": [{"rule": "summary"}]}', "fingerprint"),
    "no findings": ("{" + HEAD + "}", "findings"),
    "an unknown key": ("{" + HEAD + ', "findings": [], "more": 1}', "more"),
    "a list": ("[]", "Expected `object`"),
    "null": ("null", "Expected `object`"),
    "nothing": ("", "not a baseline"),
    "a NUL": ("\0", "not a baseline"),
    "more after it": ("{" + HEAD + ', "findings": []} x', "not a baseline"),
    "no text": (b"{" + HEAD.encode() + b', "findings": [{"fingerprint": "\xff"}]}', "not a text"),
    "UTF-16": (("{" + HEAD + ', "findings": []}').encode("utf-16"), "not a text"),
    "many lists": ("{" + HEAD + ', "findings": [' + "[]," * 2_000_000 + "[]]}", "Expected `object`"),
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text(BAD)
    return tmp_path


def refused(tree: Path, *arguments: str) -> str:
    """Run a command that must end at once with one line and return that."""
    started = time.monotonic()
    done = cardlint("--no-cache", *arguments, ".", cwd=tree)
    assert time.monotonic() - started < 5
    assert (done.returncode, done.stdout) == (2, "")
    assert "internal error" not in done.stderr
    assert len(done.stderr) < 600
    return one_line(done)


@pytest.mark.parametrize("name", TOML)
def test_a_configuration_bomb_is_one_line(name: str, tree: Path) -> None:
    text, why = TOML[name]
    (tree / "bomb.toml").write_text(text)
    line = refused(tree, "--config", "bomb.toml")
    assert "bomb.toml" in line
    assert why in line


@pytest.mark.parametrize("name", RIGHT)
def test_what_only_looks_like_one_is_read(name: str) -> None:
    fields = parse(RIGHT[name], "f", table="")
    assert fields is not None
    assert sum(len(value) for value in fields.values() if isinstance(value, tuple)) >= 2


@pytest.mark.parametrize("size", [1_000_001, 10**9])
def test_a_large_configuration_is_one_line(size: int, tree: Path) -> None:
    for name in ("cardlint.toml", "pyproject.toml"):
        with (tree / name).open("wb") as out:
            out.truncate(size)
        assert f"{name}: cannot be read: it holds more than 1 MB" in refused(tree)
        (tree / name).unlink()


def test_a_configuration_that_is_no_text(tree: Path) -> None:
    (tree / "bomb.toml").write_bytes(b"fail-on = '\xff'")
    assert "bomb.toml: not valid UTF-8" in refused(tree, "--config", "bomb.toml")


def test_nested_values_never_raise_anything_else() -> None:
    for depth in range(0, 400, 7):
        for text in ("select = " + "[" * depth + "]" * depth, "x = " + "{a=" * depth + "1" + "}" * depth, "a" + ".a" * depth + " = 1"):
            with pytest.raises(ConfigError):
                parse(text + "\nx = 1", "f", table="")


@pytest.mark.parametrize("name", JSON)
def test_a_baseline_bomb_is_one_line(name: str, tree: Path) -> None:
    text, why = JSON[name]
    (tree / "bomb.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    line = refused(tree, "--baseline", "bomb.json")
    assert line.startswith("cardlint: error: bomb.json: ")
    assert why in line
    with pytest.raises(baseline.BaselineError):
        baseline.load(str(tree / "bomb.json"))


def test_a_large_baseline_is_one_line(tree: Path) -> None:
    with (tree / "b.json").open("wb") as out:
        out.truncate(100_000_000)
    assert "b.json: cannot be read: it holds more than 50 MB" in refused(tree, "--baseline", "b.json")


def test_a_baseline_with_many_equal_entries_takes_linear_time() -> None:
    place = Place("a.py", 1, 1, 1, 2)
    known = baseline.Entry("f", "summary", "b.py", "m", "", "value")
    finding = Finding("summary", "CL201", Severity.WARNING, 3, "m", place, place, value_path="value", fingerprint="f")  # type: ignore[arg-type]
    one = baseline.entry(finding)
    started = time.monotonic()
    entries = [
        known._replace(rule=one.rule, metric=one.metric, label=one.label, value=one.value, path=f"d{i % 50_000}.py") for i in range(100_000)
    ]
    compared = baseline.compare(Report((finding,) * 20_000, Summary()), baseline.Baseline(tuple(entries)))
    assert (len(compared.new), compared.known, len(compared.fixed)) == (0, 20_000, 80_000)
    assert time.monotonic() - started < 5


def test_a_baseline_keeps_names_that_are_no_text(tmp_path: Path) -> None:
    row = '{"fingerprint": "f", "path": "a\\udcff.py", "line": "\\\\ud800 \\ud83d\\ude00"}'
    (entry,) = baseline.read("{" + HEAD + f', "findings": [{row}]}}', "b")
    assert (entry.path, entry.line) == ("a\udcff.py", "\\ud800 😀")


# what waits -----------------------------------------------------------------------------------------------------------------

USES: dict[str, Callable[[str], tuple[str, ...]]] = {
    "--baseline": lambda name: ("--baseline", name, "."),
    "@file": lambda name: (f"@{name}",),
    "--config": lambda name: ("--config", name, "."),
    "baseline --config": lambda name: ("baseline", "--config", name, "."),
    "inventory @file": lambda name: ("inventory", f"@{name}"),
}


@pytest.mark.parametrize("kind", ["pipe", "device", "socket", "link to a pipe"])
@pytest.mark.parametrize("use", USES)
def test_what_never_ends_is_refused_at_once(use: str, kind: str, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    if "pipe" in kind:
        os.mkfifo("p")
    if kind == "socket":
        import socket

        socket.socket(socket.AF_UNIX).bind("f")
    else:
        Path("f").symlink_to("/dev/zero" if kind == "device" else "p")
    name = "p" if kind == "pipe" else "f"
    started = time.monotonic()
    done = cardlint(*USES[use](name), cwd=tree)
    assert time.monotonic() - started < 4
    assert done.returncode == 2
    assert f"{name}: cannot be read: it is no regular file" in one_line(done)


@pytest.mark.parametrize("name", ["cardlint.toml", "pyproject.toml"])
def test_a_configuration_that_is_a_pipe_is_refused_at_once(name: str, tree: Path) -> None:
    os.mkfifo(tree / name)
    for command in ((".",), ("--show-settings", "."), ("cache", "dir"), ("inventory", ".")):
        started = time.monotonic()
        done = cardlint(*command, cwd=tree)
        assert time.monotonic() - started < 4
        assert (done.returncode, f"{name}: cannot be read: it is no regular file" in one_line(done)) == (2, True)


def test_pipes_beside_the_code_hold_nothing_up(tree: Path) -> None:
    for name in ("x.py", "Dockerfile", "gunicorn.conf.py", ".env"):
        os.mkfifo(tree / name)
    started = time.monotonic()
    for _ in range(2):
        done = cardlint("--format", "concise", ".", cwd=tree, XDG_CACHE_HOME=str(tree.parent / f"{tree.name}-cache"))
        assert "a.py:7:14" in done.stdout
    assert time.monotonic() - started < 8


def test_a_list_of_paths_is_read_as_before(tree: Path) -> None:
    (tree / "list").write_bytes(b"\xef\xbb\xbf# the files\r\na.py\r\n\r\n  b.py  \n")
    (tree / "b.py").write_text(BAD.replace("a_total", "b_total"))
    assert len(cardlint("--no-cache", "--format", "concise", "@list", cwd=tree).stdout.splitlines()) == 2
