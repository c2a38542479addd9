"""Bad input for every option and argument of every command: one clear line, exit code 2, and nothing else.

The options are listed by click itself, so that a new one without a case here fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cardlint.cli.app import COMMANDS, group
from tests.cli.test_command_line import BAD, cardlint, one_line

SELECTION = {
    "--select": [
        ("raw-pth", "did you mean `raw-path`"),
        ("", "needs the name of a rule"),
        (",", "needs the name of a rule"),
        ("CL999", "unknown rule `CL999`"),
    ],
    "--extend-select": [("sumary", "did you mean `summary`"), ("", "needs the name of a rule")],
    "--ignore": [("CL999", "unknown rule `CL999`"), ("", "needs the name of a rule")],
}
CONFIGURATION = {
    "--config": [
        ("nowhere.toml", "no such configuration file"),
        ("", "needs the name of a file"),
        (".", "no such configuration file"),
        ("wrong.toml", "unknown key `selct`"),
    ],
    "--cache-dir": [("", "needs the name of a folder")],
    "--jobs": [("-1", "-1"), ("many", "many"), ("", "not a valid integer"), ("100000", "100000")],
}
CONFIDENCE = {"--min-confidence": [("certain", "'certain' is not one of"), ("", "is not one of")]}
PATHS = {
    "paths": [
        ("nowhere", "nowhere: no such file or folder"),
        ("", "a path is empty"),
        ("@nowhere", "nowhere: cannot be read"),
        ("@binary", "not a text"),
    ]
}
COLOR = {"--color": [("red", "'red' is not one of"), ("", "is not one of")]}
EXCLUDE = {"--exclude": [("", "needs a pattern"), (",", "needs a pattern")]}
VALUES: dict[str, dict[str, list[tuple[str, str]]]] = {
    "check": {
        **SELECTION, **CONFIDENCE, **CONFIGURATION, **PATHS, **EXCLUDE, **COLOR,
        "--format": [("sarfi", "did you mean `sarif`"), ("", "unknown format"), ("json=", "names no file"), ("json=a.py", "is a Python file"), ("json=no/such/x", "cannot be written"), ("json=.", "is a folder")],
        "--output-file": [("", "is empty"), ("a.py", "is a Python file"), ("no/such/x", "cannot be written"), (".", "is a folder")],
        "--fail-on": [("fatal", "'fatal' is not one of"), ("", "is not one of")],
        "--baseline": [("nowhere.json", "nowhere.json: cannot be read"), ("", "needs the name of a file"), ("a.py", "not a baseline"), ("binary", "not a text"), ("old.json", "this version of cardlint cannot read the baseline"), (".", "cannot be read")],
        "--since": [("nowhere", "git"), ("", "no revision"), ("--output=x", "no revision")],
        "--stdin-filename": [("", "is not a file name"), (".", "is not a file name")],
        "--reason": [("why", "goes with --add-ignores")],
    },
    "baseline": {**SELECTION, **CONFIDENCE, **CONFIGURATION, **PATHS, **EXCLUDE, "--output": [("", "is empty"), (".", "is a folder"), ("a.py", "is a Python file"), ("wrong.toml", "not a baseline"), ("no/such/x", "cannot be written")]},
    "inventory": {**CONFIGURATION, **PATHS, **EXCLUDE, **COLOR, "--format": [("yaml", "'yaml' is not one of"), ("", "is not one of")]},
    "trace": {
        **CONFIGURATION,
        "place": [("a.py", "not of the form FILE:LINE"), ("", "not of the form FILE:LINE"), ("a.py:0", "has no line 0"), ("a.py:999", "has no line 999"), ("a.py:x", "not of the form FILE:LINE"), ("nowhere.py:1", "nowhere.py: no such file")],
        "--root": [("nowhere", "nowhere: no such file or folder"), ("", "needs the name of a folder")],
    },
    "rules": {"--format": [("yaml", "'yaml' is not one of"), ("", "is not one of")]},
    "explain": {**COLOR, "rule": [("raw", "unknown rule `raw`"), ("", "unknown rule"), ("sumary", "did you mean `summary`")]},
    "cache": {**CONFIGURATION, "what": [("drop", "'drop' is not one of")]},
    "server": {},
}  # fmt: skip
NEEDED = {"trace": ["a.py:1"], "explain": ["summary"], "cache": ["dir"], "check": ["."], "baseline": ["."], "inventory": ["."]}
"""Arguments without which a command says nothing about its options."""


def parameters() -> Iterator[tuple[str, click.Parameter]]:
    context = click.Context(group)
    for name in COMMANDS:
        command = group.get_command(context, name)
        assert command is not None
        for parameter in command.params:
            yield name, parameter


def named(parameter: click.Parameter) -> str:
    """Return the long form of an option, or the name of an argument."""
    long = [o for o in parameter.opts if o.startswith("--")]
    return long[0] if long else str(parameter.name)


ALL = list(parameters())
FLAGS = [
    (c, spelling)
    for c, p in ALL
    if isinstance(p, click.Option) and p.is_flag
    for spelling in (*p.opts, *p.secondary_opts)
    if spelling.startswith("--")
]
CASES = [(c, n, value, words) for c, options in VALUES.items() for n, cases in options.items() for value, words in cases]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text(BAD)
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "old.json").write_text('{"schema": "cardlint-baseline-v0", "findings": []}')
    (tmp_path / "wrong.toml").write_text("selct = []\n")
    return tmp_path


def test_every_option_and_argument_has_a_case() -> None:
    wanted = {(c, named(p)) for c, p in ALL if not (isinstance(p, click.Option) and p.is_flag)}
    assert wanted == {(c, n) for c, options in VALUES.items() for n in options}
    assert len(FLAGS) > 15


@pytest.mark.parametrize(("command", "name", "value", "words"), CASES)
def test_a_bad_value_is_one_line(command: str, name: str, value: str, words: str, tree: Path) -> None:
    given = [f"{name}={value}"] if name.startswith("--") else [value]
    done = cardlint(command, *given, *(NEEDED.get(command, []) if name.startswith("--") else []), cwd=tree)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert words in one_line(done)
    assert done.stdout == ""
    assert (tree / "a.py").read_text() == BAD


@pytest.mark.parametrize(("command", "flag"), FLAGS)
def test_a_flag_takes_no_value(command: str, flag: str, tree: Path) -> None:
    done = cardlint(command, f"{flag}=x", *NEEDED.get(command, []), cwd=tree)
    assert done.returncode == 2
    assert flag in one_line(done)


@pytest.mark.parametrize(("command", "name"), sorted({(c, named(p)) for c, p in ALL if isinstance(p, click.Option) and not p.is_flag}))
def test_an_option_without_its_value(command: str, name: str, tree: Path) -> None:
    done = cardlint(command, *NEEDED.get(command, []), name, cwd=tree)
    assert done.returncode == 2
    assert f"'{name}' requires an argument" in one_line(done)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_option_that_is_not_there(command: str, tree: Path) -> None:
    said = one_line(cardlint(command, "--surely-not", cwd=tree))
    assert "No such option" in said  # how the option is written behind it differs between versions of click
    assert "--surely-not" in said


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--add-ignores", "."], "needs --reason"),
        (["--add-ignores", "--reason", " ", "."], "needs --reason"),
        (["--add-ignores", "--fix", "--reason", "x", "."], "two runs"),
        (["--unsafe-fixes", "."], "goes with --fix"),
        (["--format", "json", "--format", "text", "."], "only one format"),
        (["--format", "json=x", "--format", "sarif=x", "."], "same file x"),
        (["--format", "json=x", "-o", "y", "."], "nothing to write"),
        (["--stdin-filename", "x.py", "--fix"], "standard input"),
        (["--since", "HEAD", "."], "needs a git repository"),
        (["chek"], "did you mean `cardlint check`"),
        (["explain", "a", "b"], "unexpected extra argument"),
        (["explain"], "Missing argument"),
    ],
)
def test_what_does_not_go_together(given: list[str], words: str, tree: Path) -> None:
    done = cardlint(*given, cwd=tree)
    assert done.returncode == 2
    assert words in one_line(done)


def test_a_list_without_a_path_is_no_clean_run(tree: Path) -> None:
    (tree / "none.txt").write_text("\ufeff# nothing has changed\n\n")
    for command in ("check", "baseline", "inventory"):
        done = cardlint(command, "@none.txt", cwd=tree)
        assert (done.returncode, done.stdout) == (3, "")
        assert "no path is listed in none.txt" in one_line(done)
