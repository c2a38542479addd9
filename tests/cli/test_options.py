"""Options that users of other linters reach for, as a user types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from importlib.resources import files
from pathlib import Path

import click
import jsonschema
import pytest

from cardlint.cli.app import group
from cardlint.cli.grouping import GROUPS
from cardlint.cli.watching import watch
from tests.cli.test_command_line import BAD, GOOD, cardlint, one_line

ENUM = "from prometheus_client import Counter\nC = Counter('c_total', 'C', ['a', 'b'])\nC.labels('x', input()).inc()\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "bad.py").write_text(BAD)
    (tmp_path / "good.py").write_text(GOOD)
    return tmp_path


def test_output_format_is_another_name_of_format(tree: Path) -> None:
    assert cardlint("--output-format", "concise", ".", cwd=tree).stdout == cardlint("--format", "concise", ".", cwd=tree).stdout != ""
    assert cardlint("inventory", "--output-format=json", ".", cwd=tree).stdout.startswith("{")


def test_exclude_adds_to_the_configuration(tree: Path) -> None:
    (tree / "cardlint.toml").write_text('extend-exclude = ["good.py"]\n')
    assert cardlint("--show-files", "--exclude", "x*, y", ".", cwd=tree).stdout.split() == ["bad.py"]
    assert cardlint("--exclude", "bad.py", ".", cwd=tree).returncode == 3
    assert "a_total" not in cardlint("inventory", "--exclude", "bad.py,other", ".", cwd=tree).stdout


def test_quiet_prints_findings_and_nothing_else(tree: Path) -> None:
    (tree / "cardlint.toml").write_text('per-file-ignores = { "nowhere.py" = ["summary"] }\n')
    loud, quiet = cardlint(".", cwd=tree), cardlint("-q", ".", cwd=tree)
    assert quiet.returncode == loud.returncode == 1
    assert "identity-label" in quiet.stdout
    assert loud.stdout.startswith(quiet.stdout.rstrip("\n"))
    assert "decided" in loud.stdout
    assert "decided" not in quiet.stdout
    assert "nowhere.py" in loud.stderr
    assert quiet.stderr == ""
    clean = cardlint("--quiet", "good.py", cwd=tree)
    assert (clean.returncode, clean.stdout, clean.stderr) == (0, "", "")
    assert "nowhere: no such file" in one_line(cardlint("-q", "nowhere", cwd=tree))
    assert "contradict" in one_line(cardlint("-q", "-v", ".", cwd=tree))


@pytest.mark.parametrize("command", [["bad.py"], ["explain", "CL101"], ["--format", "concise", "bad.py"]])
def test_color_goes_before_the_environment(command: list[str], tree: Path) -> None:
    assert "\x1b[" in cardlint(*command, "--color", "always", cwd=tree, NO_COLOR="1").stdout
    assert "\x1b[" not in cardlint(*command, "--color=never", cwd=tree, FORCE_COLOR="1").stdout
    assert "\x1b[" in cardlint(*command, "--color=auto", cwd=tree, FORCE_COLOR="1").stdout


def test_fixes_are_listed_with_the_option_that_makes_them(tree: Path) -> None:
    done = cardlint("--show-fixes", "-q", "bad.py", cwd=tree)
    assert done.stderr.startswith("bad.py:7:14: identity-label: remove the label `user_id`")
    assert done.stderr.endswith("[--fix --unsafe-fixes]\n")
    again = cardlint("--show-fixes", "-q", "bad.py", cwd=tree)
    assert again.stderr == done.stderr, "also from the record of the run"
    (tree / "good.py").write_text(GOOD + "x = 1  # cardlint: ignore[summary] -- was one\n")
    fixed = cardlint("--fix", "--show-fixes", ".", cwd=tree).stderr.splitlines()
    assert "good.py:5:8: unused-ignore: remove the comment [fixed]" in fixed
    assert not [line for line in fixed if line.startswith("bad.py") and line.endswith("[fixed]")], "it was not made"


@pytest.mark.parametrize("name", ["check", "baseline", "inventory"])
def test_every_option_is_in_a_group_of_the_help(name: str, tree: Path) -> None:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    shown = cardlint(name, "--help", cwd=tree).stdout
    for title, names in GROUPS.items():
        assert (f"\n{title}:\n" in shown) == any(param.name in names for param in command.params)
    rest = shown.partition("\nOther options:\n")[2]
    listed = {line.split()[0].rstrip(",") for line in rest.splitlines() if line.startswith("  ") and line[2] != " "}
    assert listed == ({"--watch", "-h"} if name == "check" else {"-h"}), "an argument is no option"
    assert all(max(param.opts, key=len) in shown for param in command.params if param.param_type_name == "option")


def test_a_page_in_a_pipe_is_not_wrapped_and_has_no_blanks_at_the_end_of_lines(tree: Path) -> None:
    shown = cardlint("explain", "raw-path", cwd=tree).stdout
    assert shown == cardlint("explain", "--markdown", "raw-path", cwd=tree).stdout
    assert not [line for line in shown.splitlines() if line != line.rstrip()]
    assert max(map(len, shown.splitlines())) > 120, "a paragraph is a line"


@pytest.mark.parametrize("name", ["CL1", "cl10", "CL101"])
def test_a_comment_may_name_a_prefix_of_codes(name: str, tree: Path) -> None:
    (tree / "bad.py").write_text(BAD.rstrip("\n") + f"  # cardlint: ignore[{name}] -- known\n")
    done = cardlint("--format", "concise", "bad.py", cwd=tree)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_prefix_that_suppresses_nothing_is_reported_when_all_its_rules_ran(tree: Path) -> None:
    (tree / "good.py").write_text("x = 1  # cardlint: ignore[CL2] -- known\ny = 1  # cardlint: ignore[CL7] -- none\n")
    shown = cardlint("--format", "concise", "good.py", cwd=tree).stdout
    assert "bad-ignore" in shown
    assert "`CL7`, which is not a rule" in shown
    assert "unused-ignore" not in shown, "a rule of CL2 is pedantic and did not run"
    assert "unused-ignore" in cardlint("--format", "concise", "--pedantic", "good.py", cwd=tree).stdout


def test_explain_shows_all_rules_of_a_prefix(tree: Path) -> None:
    shown = cardlint("explain", "--markdown", "CL3", cwd=tree).stdout
    assert [line for line in shown.splitlines() if line.startswith("# ")] == [
        line for line in (f"# {n} ({c})" for c, n in codes()) if "(CL3" in line
    ]


def codes() -> list[tuple[str, str]]:
    from cardlint.rules import all_rules

    return [(rule.code, rule.name) for rule in all_rules()]


@pytest.mark.parametrize(
    ("line", "settings", "said"),
    [
        ("C.labels(uuid.uuid4()).inc()", "", "reported: unbounded-value (CL103), error, at app.py:4:10"),
        ("C.labels('x').inc()", "", "not reported: its values are constants"),
        (
            "C.labels(socket.gethostname()).inc()",
            "",
            "deployment-churn (CL107) would report it, but it is not selected; --pedantic selects it",
        ),
        ("C.labels(uuid.uuid4()).inc()", 'ignore = ["CL1"]', "unbounded-value (CL103) would report it, but it is not selected"),
        (
            "C.labels(uuid.uuid4()).inc()",
            'per-file-ignores = { "app.py" = ["CL103"] }',
            "but `per-file-ignores` of cardlint.toml leaves it out in this file",
        ),
        ("C.labels(uuid.uuid4()).inc()  # cardlint: ignore[CL1] -- known", "", "but the comment at app.py:4 ignores it"),
        ("C.labels(uuid.uuid4()).inc()", 'bounded-labels = ["k"]', "`bounded-labels` of cardlint.toml says that the values of `k` are few"),
        ("C.labels(unknown_name()).inc()", "", "not reported: its value could not be decided"),
    ],
)
def test_trace_says_why_a_label_is_reported_or_not(line: str, settings: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "cardlint.toml").write_text(settings)
    (tmp_path / "app.py").write_text(
        f"import socket, uuid\nfrom prometheus_client import Counter\nC = Counter('c_total', 'C', ['k'])\n{line}\n"
    )
    done = cardlint("trace", "app.py:4", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (verdict,) = [row.strip() for row in done.stdout.splitlines() if "reported" in row]
    assert said in verdict


@pytest.mark.parametrize(
    ("names", "said"),
    [("a", "a"), ("ab", "a and b"), ("abc", "a, b and c"), ("abcd", "a, b, c and 1 more"), ("abcdef", "a, b, c and 3 more")],
)
def test_trace_names_the_metrics_of_a_call(names: str, said: str, tmp_path: Path) -> None:
    made = "".join(f"{name.upper()} = Counter('{name}', 'C', ['k'])\n" for name in names)
    use = f"for m in ({', '.join(names.upper())},):\n    m.labels(input()).inc()\n"
    (tmp_path / "app.py").write_text(f"from prometheus_client import Counter\n{made}{use}")
    done = cardlint("trace", f"app.py:{len(names) + 3}", cwd=tmp_path)
    assert done.stdout.startswith(f"label k of {said}: unbounded "), done.stdout


def test_settings_that_match_nothing_are_told_where_the_whole_project_is_analysed(tree: Path) -> None:
    (tree / "sub").mkdir()
    (tree / "sub" / "gone.py").write_text("")
    (tree / "cardlint.toml").write_text(
        'src = ["lib", "sub"]\nextend-exclude = ["sub/old", "build", "sub/gone.py"]\n'
        '[per-file-ignores]\n"legacy/*" = ["summary"]\n"sub" = ["summary"]\n"good.py" = ["summary"]\n'
        '[[sources]]\npath = "app.absent()"\n[[bounders]]\npath = "app.f()"\n'
    )
    (tree / "sub" / "kept.py").write_text("")
    wanted = [
        "cardlint: warning: cardlint.toml: `per-file-ignores`: `legacy/*` matches no analysed file",
        "cardlint: warning: cardlint.toml: `src`: there is no folder `lib`",
        "cardlint: warning: cardlint.toml: `extend-exclude`: there is no `sub/old`",
        "cardlint: warning: cardlint.toml: `sources`: `app.absent()` matches nothing, for no analysed file names `absent`",
    ]
    assert cardlint(".", cwd=tree).stderr.splitlines() == wanted
    assert cardlint(".", cwd=tree).stderr.splitlines() == wanted, "also from the record of the run"
    assert cardlint("bad.py", cwd=tree).stderr == "", "in a run over some files most patterns match nothing"


NAMES = """from prometheus_client import Counter
from names import Kind, colour, shorten

C = Counter("c_total", "C", ["kind"])


def count(x):
    C.labels(shorten(x)).inc()
    C.labels(kind=Kind(x)).inc()
    C.labels(kind=colour(x) or map(colour, x)).inc()
"""
SILENT = """bounded-labels = ["kind"]
extend-exclude = ["gen/*", "g*/a_pb2.py", "*_pb3.py", "web/node_modules/*"]
budgets = { real = { paths = ["gone.py", "app.py"], max-series = 10 } }
bounders = [{ path = "names.shorten()" }, { path = "names.Kind" }, { path = "names.colour" }, { path = "names.Page.value" }]
"""


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('bounded-labels = ["kind", "tenant"]', "`bounded-labels`: no label is named `tenant`"),
        ('identity-labels = ["subject"]', "`identity-labels`: no label is named `subject`"),
        ('extend-exclude = ["old/**"]', "`extend-exclude`: `old/**` matches no file or folder"),
        ('exclude = ["*/gen/*"]', "`exclude`: `*/gen/*` matches no file or folder"),
        ('budgets = { ghost = { paths = ["names.py"], max-series = 10 } }', "`budgets`: no file with a metric belongs to `ghost`"),
        (
            'bounders = [{ path = "names.shorten" }]',
            "`bounders`: `names.shorten` is a function and says nothing of what it returns; write `names.shorten()` for its results",
        ),
        (SILENT, ""),
    ],
)
def test_settings_without_effect_are_told(settings: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "gen").mkdir()
    (tmp_path / "gen" / "a_pb2.py").write_text("")
    (tmp_path / "app.py").write_text(NAMES)
    (tmp_path / "names.py").write_text("def shorten(x):\n    return x.value\n\n\nclass Kind:\n    pass\n")
    (tmp_path / "cardlint.toml").write_text(settings)
    wanted = [f"cardlint: warning: cardlint.toml: {said}"] if said else []
    for command in ("check", "check", "inventory"):  # the second time from the record of the run
        assert cardlint(command, ".", cwd=tmp_path).stderr.splitlines() == wanted


def test_a_label_that_may_be_one_is_not_called_missing(tmp_path: Path) -> None:
    """Where the list of labels is not known, a name that the code holds may be in it."""
    (tmp_path / "app.py").write_text(
        "from prometheus_client import Counter\nfrom x import names\nC = Counter('c', 'C', names)\ntenant = 1\n"
    )
    (tmp_path / "cardlint.toml").write_text('bounded-labels = ["tenant", "subject"]\n')
    assert cardlint(".", cwd=tmp_path).stderr == "cardlint: warning: cardlint.toml: `bounded-labels`: no label is named `subject`\n"


def test_the_inventory_obeys_its_schema(tree: Path) -> None:
    schema = json.loads(files("cardlint.output").joinpath("inventory-v1.json").read_text())
    (tree / "cardlint.toml").write_text('budgets = { all = { paths = ["*"], max-series = 5 } }\n')
    (tree / "more.py").write_text(
        "from prometheus_client import Histogram, Info\nL = []\nH = Histogram('h_seconds', 'H', L, unit='s')\nI = Info('i', 'I')\nI.info({'a': 'b'})\n"
    )
    shown = json.loads(cardlint("inventory", "--format", "json", ".", cwd=tree).stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(shown, schema)
    assert len(shown["metrics"]) == 4
    del shown["metrics"][0]["series"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(shown, schema)


def test_watching_runs_again_after_a_change_and_only_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.py"
    file.write_text("1")
    runs: list[str] = []
    monkeypatch.setattr("cardlint.cli.watching.PAUSE", 0)

    def once() -> int:
        runs.append(file.read_text())
        return len(runs)

    looked = 0

    def listed() -> list[str]:
        nonlocal looked
        looked += 1
        if looked == 4:
            file.write_text("22")
        if looked == 6:
            file.unlink()
            file.write_text("333")
        return [str(file)]

    assert watch(once, listed, looks=9) == 3
    assert runs == ["1", "22", "333"]


def test_watch_in_a_terminal_follows_a_file_and_ends_at_an_interrupt(tree: Path) -> None:
    # a job in the background of a shell ignores interrupts, and hands that on
    start = (
        "import runpy, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); sys.argv[0] = 'cardlint'; "
        "runpy.run_module('cardlint', run_name='__main__')"
    )
    command = [sys.executable, "-u", "-c", start, "--watch", "--output-format", "concise", "bad.py"]
    with subprocess.Popen(command, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        guard = threading.Timer(60, process.kill)
        guard.start()
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            assert "identity-label" in process.stdout.readline()
            assert "waiting for changes" in process.stderr.readline()
            (tree / "bad.py").write_text("")
            assert "waiting for changes" in process.stderr.readline()
            (tree / "bad.py").write_text("\n" + BAD)
            assert process.stdout.readline().startswith("bad.py:8:14")
            assert "waiting for changes" in process.stderr.readline()
            process.send_signal(2)
            assert process.wait(60) == 1, "the exit code of the last run"
        finally:
            guard.cancel()
            process.kill()


@pytest.mark.parametrize("more", [["--fix"], ["-o", "x"], ["--format", "json=x"], ["--stdin-filename", "a.py"], ["--show-files"]])
def test_watch_writes_no_file(more: list[str], tree: Path) -> None:
    assert "--watch" in one_line(cardlint("--watch", *more, cwd=tree))
