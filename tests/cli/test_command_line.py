"""The contract of the command line, run as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

BAD = (
    'from prometheus_client import Counter\n\nC = Counter("a_total", "A", ["user_id"])\n\n\ndef f(user_id):\n    C.labels(user_id).inc()\n'
)
GOOD = 'from prometheus_client import Counter\n\nC = Counter("a_total", "A", ["kind"])\nC.labels("x").inc()\n'


def cardlint(*args: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    return subprocess.run(
        [sys.executable, "-m", "cardlint", *args], cwd=cwd, capture_output=True, text=True, timeout=60, env={**clean, **env}, check=False
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "bad.py").write_text(BAD)
    (tmp_path / "good.py").write_text(GOOD)
    return tmp_path


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """Return the single line of an error and check that it is one."""
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("cardlint: error: ")
    return lines[0]


def test_paths_alone_mean_check(tree: Path) -> None:
    short, full = cardlint("--format", "concise", ".", cwd=tree), cardlint("check", "--format", "concise", ".", cwd=tree)
    assert short.returncode == full.returncode == 1
    assert short.stdout == full.stdout
    assert (
        short.stdout
        == "bad.py:7:14: warning: CL101 identity-label: label `user_id` of `a_total` is filled from `user_id`, which looks like an identity\n"
    )


def test_exit_codes(tree: Path) -> None:
    assert cardlint("good.py", cwd=tree).returncode == 0
    assert cardlint("bad.py", cwd=tree).returncode == 1
    assert cardlint("--fail-on", "error", "bad.py", cwd=tree).returncode == 0
    (tree / "empty").mkdir()
    nothing = cardlint("empty", cwd=tree)
    assert nothing.returncode == 3
    assert "no Python file under empty" in nothing.stderr


def test_text_shows_frame_cost_and_help(tree: Path) -> None:
    done = cardlint("bad.py", cwd=tree)
    assert done.stdout.splitlines()[:6] == [
        "warning[identity-label] CL101 label `user_id` of `a_total` is filled from `user_id`, which looks like an identity",
        " --> bad.py:7:14",
        "6 | def f(user_id):",
        "  |       ------- source of the value: `user_id`, which looks like an identity",
        "7 |     C.labels(user_id).inc()",
        "  |              ^^^^^^^",
    ]
    assert "= cost: every new value of `user_id` adds 2 series" in done.stdout
    assert "= help: remove the label `user_id`" in done.stdout
    assert "1 file (1 parsed); 1 metric; 1 label site: 1 decided, 0 undecided" in done.stdout


def test_colour_only_where_it_is_wanted(tree: Path) -> None:
    assert "\x1b[" not in cardlint("bad.py", cwd=tree).stdout
    assert "\x1b[" in cardlint("bad.py", cwd=tree, FORCE_COLOR="1").stdout
    assert "\x1b[" not in cardlint("bad.py", cwd=tree, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_json_obeys_the_shipped_schema(tree: Path) -> None:
    schema = json.loads(files("cardlint.output").joinpath("schema-v1.json").read_text())
    (tree / "broken.py").write_text("import prometheus_client\nx = = 1\n")
    (tree / "shapes.py").write_text(
        'from prometheus_client import Histogram, Summary\nS = Summary("s", "S")\nH = Histogram("h", "H", ["k"], buckets=[1, 2])\nH.labels(k="/users/123/x")\n'
    )
    done = cardlint("--format", "json", ".", cwd=tree)
    report = json.loads(done.stdout)
    jsonschema.validate(report, schema)
    assert {f["rule"] for f in report["findings"]} >= {"identity-label", "unreadable-file", "summary", "bucket-count", "raw-path"}
    assert report["summary"]["unreadable"] == 1
    assert report["summary"]["files"] == 4


def test_version_and_rules_and_explain(tree: Path) -> None:
    assert cardlint("--version", cwd=tree).stdout.startswith("cardlint ")
    assert "CL102  raw-path" in cardlint("rules", cwd=tree).stdout
    page = cardlint("explain", "CL102", cwd=tree).stdout
    assert "raw-path" in page
    assert "unmatched" in page
    assert json.loads(cardlint("rules", "--format", "json", cwd=tree).stdout)[0]["code"] == "CL000"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nowhere"], "nowhere: no such file or folder"),
        (["--select", "raw-pth", "."], "did you mean `raw-path`?"),
        (["--ignore", "CL999", "."], "unknown rule `CL999`"),
        (["--format", "jsn", "."], "did you mean `json`?"),
        (["--config", "nowhere.toml", "."], "nowhere.toml: no such configuration file"),
        (["--fail-on", "never", "."], "--fail-on"),
        (["--no-such-option"], "No such option"),
        (["explain", "raw"], "unknown rule `raw`"),
        (["--jobs", "-1", "."], "--jobs"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(args: list[str], said: str, tree: Path) -> None:
    done = cardlint(*args, cwd=tree)
    assert done.returncode == 2
    assert said in one_line(done)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.cardlint\n", "pyproject.toml: not valid TOML"),
        ('[tool.cardlint]\nselct = ["summary"]\n', "pyproject.toml:2: unknown key `selct`; did you mean `select`?"),
        ("[tool.cardlint]\n\npedantic = 1\n", "pyproject.toml:3: `pedantic` must be true or false"),
        ('[tool.cardlint]\nselect = ["summry"]\n', "unknown rule `summry`; did you mean `summary`?"),
        ("[tool.cardlint]\nbuckets = { min = 9, max = 3 }\n", "pyproject.toml:2: `buckets.min` is larger"),
        ('[[tool.cardlint.sources]]\nclass = "unbounded"\n', "needs a `path`"),
        ('[[tool.cardlint.sinks]]\npath = "."\nlabels = ["x"]\n', "pyproject.toml:1: `sinks` needs a `path`"),
        ('[[tool.cardlint.wrappers]]\npath = "a.()"\n', "pyproject.toml:1: `wrappers` needs a `path`"),
        ('[[tool.cardlint.bounders]]\npath = "()"\n', "pyproject.toml:1: `bounders` needs a `path`"),
        ('[[tool.cardlint.sources]]\npath = "a.b()"\nclass = "open"\n', "pyproject.toml:3: `class` must be one of"),
    ],
)
def test_bad_configuration_is_one_line_and_exit_2(text: str, said: str, tree: Path) -> None:
    (tree / "pyproject.toml").write_text(text)
    done = cardlint(".", cwd=tree)
    assert done.returncode == 2
    assert said in one_line(done)
    assert cardlint("--isolated", "good.py", cwd=tree).returncode == 0


@pytest.mark.parametrize("command", ["check .", "inventory .", "trace good.py:1", "baseline ."])
@pytest.mark.parametrize("text", ['select = ["summry"]', 'per-file-ignores = { "*" = ["summry"] }'])
def test_a_rule_that_is_none_is_one_line_of_every_command(text: str, command: str, tree: Path) -> None:
    (tree / "pyproject.toml").write_text(f"[tool.cardlint]\n{text}\n")
    done = cardlint(*command.split(), cwd=tree)
    assert done.returncode == 2
    assert one_line(done) == "cardlint: error: pyproject.toml: unknown rule `summry`; did you mean `summary`?"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"import prometheus_client\nx = = 1\n", "finds a syntax error"),
        (b"# prometheus\nx = 'a\0b'\n", "NUL byte"),
        (b"# prometheus\nx = '\xff\xfe'\n", "not valid utf-8"),
        (b"# -*- coding: klingon -*-\n# prometheus\n", "names an encoding Python does not know: klingon"),
        (b"\x89PNG prometheus \xff\xfe\n", "not valid utf-8"),
    ],
)
def test_unreadable_file_is_a_finding_and_the_rest_is_analysed(content: bytes, said: str, tree: Path) -> None:
    (tree / "odd.py").write_bytes(content)
    done = cardlint("--format", "concise", ".", cwd=tree)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    odd, other = sorted(done.stdout.splitlines(), reverse=True)
    assert odd.startswith("odd.py:")
    assert "CL000 unreadable-file" in odd
    assert said in odd
    assert other.startswith("bad.py:7:14")


def test_a_file_that_may_not_be_read_is_a_finding(tree: Path) -> None:
    locked = tree / "locked.py"
    locked.symlink_to(tree / "gone.py")
    (tree / "loop").symlink_to(tree)
    assert cardlint("good.py", ".", cwd=tree).returncode == 1


def test_control_characters_are_not_printed(tree: Path) -> None:
    (tree / "bad.py").write_text(
        'from prometheus_client import Counter\nC = Counter("a_total", "A", ["path"])\nC.labels("/users/1234567/\\x1b[31m\u202e").inc()\n'
    )
    for form in ("text", "concise"):
        done = cardlint("--format", form, ".", cwd=tree)
        assert done.returncode == 1
        assert "\x1b" not in done.stdout
        assert "\u202e" not in done.stdout


def test_select_ignore_and_pedantic(tree: Path) -> None:
    (tree / "summary.py").write_text('from prometheus_client import Summary\nS = Summary("s_seconds", "S")\n')
    assert cardlint("--select", "summary", "--format", "concise", ".", cwd=tree).stdout.count("\n") == 1
    assert cardlint("--select", "CL2", "--format", "concise", ".", cwd=tree).stdout.startswith("summary.py:2:5")
    assert cardlint("--ignore", "summary,CL101", ".", cwd=tree).returncode == 0
    assert cardlint("--pedantic", "--no-cache", "--jobs", "2", ".", cwd=tree).returncode == 1


def test_configuration_is_read_from_the_nearest_file(tree: Path) -> None:
    (tree / "pyproject.toml").write_text('[tool.cardlint]\nignore = ["identity-label"]\n')
    assert cardlint(".", cwd=tree).returncode == 0
    assert cardlint("--isolated", ".", cwd=tree).returncode == 1
    (tree / "cardlint.toml").write_text('fail-on = "error"\n')
    done = cardlint("--format", "concise", ".", cwd=tree)
    assert done.returncode == 0
    assert "CL101" in done.stdout


def test_a_pyproject_that_only_names_cardlint_hides_no_configuration(tree: Path) -> None:
    (tree / "pyproject.toml").write_text('[tool.cardlint]\nignore = ["identity-label"]\n')
    inner = tree / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text('[project]\nname = "inner"\ndependencies = ["cardlint"]\n')
    (inner / "bad.py").write_text((tree / "bad.py").read_text())
    assert cardlint(".", cwd=inner).returncode == 0


def test_per_file_ignores_and_label_lists(tree: Path) -> None:
    (tree / "cardlint.toml").write_text('[per-file-ignores]\n"bad.py" = ["CL1"]\n')
    assert cardlint(".", cwd=tree).returncode == 0
    (tree / "cardlint.toml").write_text('bounded-labels = ["user_id"]\n')
    assert cardlint(".", cwd=tree).returncode == 0
    (tree / "good.py").write_text(GOOD.replace('"x"', "str(input())"))
    (tree / "cardlint.toml").write_text('bounded-labels = ["user_id"]\nidentity-labels = ["kind"]\n')
    assert cardlint(".", cwd=tree).returncode == 1


def test_a_second_format_goes_to_a_file(tree: Path) -> None:
    done = cardlint("--format", "concise", "--format", "json=out.json", ".", cwd=tree)
    assert done.stdout.count("\n") == 1
    assert len(json.loads((tree / "out.json").read_text())["findings"]) == 1
    assert "only one format" in one_line(cardlint("--format", "json", "--format", "text", ".", cwd=tree))


def test_trace_of_a_file_outside_of_the_working_directory(tree: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "b.py").write_text(BAD)
    line = next(n for n, text in enumerate(BAD.splitlines(), 1) if ".labels(" in text)
    (tree / "inner").mkdir()
    shown = cardlint("trace", f"{elsewhere / 'b.py'}:{line}", cwd=tree / "inner")
    assert "user_id" in shown.stdout, shown.stdout


def test_trace_names_a_metric_that_was_not_found(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "import prometheus_client\nfrom other import stats\n\ndef f(x):\n    stats.hits.labels(x).inc()\n    print(x)\n"
    )
    assert "`stats.hits` is used like a metric, but what it is was not found" in cardlint("trace", "app.py:5", cwd=tmp_path).stdout
    assert "no label gets a value on this line" in cardlint("trace", "app.py:6", cwd=tmp_path).stdout


def test_trace_of_a_helper_shows_the_labels_that_its_callers_give(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "from prometheus_client.core import GaugeMetricFamily\n\n\ndef family(name, labels, values):\n"
        "    made = GaugeMetricFamily(name, 'd', labels=labels)\n    made.add_metric(values, 1)\n    return made\n\n\n"
        "def collect():\n    yield family('a', ['kind'], ['x'])\n    yield family('b', ['state'], ['y'])\n"
    )
    done = cardlint("trace", "app.py:6", cwd=tmp_path)
    assert [line for line in done.stdout.splitlines() if line.startswith("label ")] == [
        "label kind of a: exactly, 1 value (constant)",
        "label state of b: exactly, 1 value (constant)",
    ]
