"""What programs use: the Python interface, the helper for unit tests, completion in shells, settings as a file."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import cardlint as package
from cardlint.testing import assert_no_findings
from tests.cli.test_command_line import BAD, GOOD, cardlint, one_line


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "bad.py").write_text(BAD)
    (tmp_path / "good.py").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_one_path_or_several_as_text_or_path(tree: Path) -> None:
    for paths in ("bad.py", Path("bad.py"), ["bad.py"], (Path("bad.py"), "good.py"), tree):
        report = package.check(paths)
        assert isinstance(report, package.Report)
        assert [f.rule for f in report.findings] == ["identity-label"]
        assert isinstance(report.findings[0], package.Finding)


def test_what_is_wrong_is_an_exception_of_the_package(tree: Path) -> None:
    with pytest.raises(package.MissingPath, match="nowhere"):
        package.check("nowhere")
    with pytest.raises(package.ConfigError, match="did you mean `raw-path`"):
        package.check("bad.py", package.Config(select=("raw-pth",)))
    (tree / "cardlint.toml").write_text('required-version = ">=99"\n')
    with pytest.raises(package.ConfigError, match=">=99"):
        package.check("bad.py")
    assert package.check("bad.py", package.Config()).findings, "settings of the caller are all that holds"


def test_names_that_are_promised_are_there() -> None:
    assert all(getattr(package, name) for name in package.__all__)
    with pytest.raises(AttributeError, match="no attribute `nothing`"):
        _ = package.nothing  # type: ignore[attr-defined]
    loaded = subprocess.run(
        [sys.executable, "-c", "import cardlint, sys; print(len([m for m in sys.modules if m.startswith('cardlint')]))"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout == "2\n", "the import alone costs nothing"


def test_the_helper_fails_as_a_test_should(tree: Path) -> None:
    with pytest.raises(AssertionError) as failed:
        assert_no_findings("bad.py")
    assert str(failed.value).splitlines()[:2] == [
        "cardlint found 1 problem:",
        "bad.py:7:14: warning: CL101 identity-label: label `user_id` of `a_total` is filled from `user_id`, which looks like an identity",
    ]
    assert_no_findings("good.py")
    assert_no_findings("bad.py", fail_on="error")
    assert_no_findings(tree, bounded_labels=("user_id",))
    with pytest.raises(ValueError, match="one of error, warning, note"):
        assert_no_findings("bad.py", fail_on="fatal")
    (tree / "empty").mkdir()
    with pytest.raises(AssertionError, match="no Python file under empty"):
        assert_no_findings("empty")


def test_the_helper_in_a_test_run(tree: Path) -> None:
    (tree / "test_labels.py").write_text(
        "from cardlint.testing import assert_no_findings\n\ndef test_labels():\n    assert_no_findings('bad.py')\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_labels.py"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "bad.py:7:14: warning: CL101" in done.stdout
    assert "testing.py" not in done.stdout, "the helper is not what failed"


def completed(shell: str, line: str, cwd: Path) -> list[str]:
    words = line.split(" ")
    env = {
        "_CARDLINT_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": words[-1] if shell == "fish" else str(len(words) - 1),
    }
    return cardlint(cwd=cwd, **env).stdout.splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands_options_formats_and_rules(shell: str, tree: Path) -> None:
    script = cardlint(cwd=tree, _CARDLINT_COMPLETE=f"{shell}_source").stdout
    assert "_CARDLINT_COMPLETE" in script
    for line, wanted in (
        ("cardlint ba", "baseline"),
        ("cardlint explain raw", "raw-path"),
        ("cardlint --format s", "sarif"),
        ("cardlint check --format git", "github"),
        ("cardlint check --fail-on w", "warning"),
        ("cardlint --ignore summary,private", "summary,private-value"),
        ("cardlint --unsafe", "--unsafe-fixes"),
        ("cardlint cache cl", "clean"),
    ):
        found = completed(shell, line, tree)
        assert any(wanted in row for row in found), (line, found)
    assert any("file" in row for row in completed(shell, "cardlint src/a", tree))


def test_a_shell_takes_the_script(tree: Path) -> None:
    script = cardlint(cwd=tree, _CARDLINT_COMPLETE="bash_source").stdout
    done = subprocess.run(["bash", "-c", script + "\ncomplete -p cardlint"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "_cardlint_completion" in done.stdout


SETTINGS = """select = ["CL1", "summary"]
extend-select = ["CL2"]
ignore = ["bucket-count"]
pedantic = true
fail-on = "error"
require-reason = false
exclude = ["build"]
extend-exclude = ["gen*"]
src = ["src"]
bounded-labels = ["té\\"nänt 😀", "a\\\\b", "c\\u007f"]
identity-labels = ["subject"]
max-series = 10
max-label-values = 5
buckets = { min = 3, max = 9 }
baseline = "known.json"
cache-dir = ".cache"
required-version = ">=0.1"
min-confidence = "high"

[severity]
summary = "note"
CL1 = "warning"

[budgets."pay \\"ments\\""]
paths = ["services/payments/**", "té*"]
max-series = 7

[budgets.search]
paths = ["search"]
max-series = 9

[per-file-ignores]
"scripts/*" = ["CL1"]
'a "b"' = ["summary"]

[[sources]]
path = "myapp.auth.current_user()"
class = "unbounded"
kind = "identity"
why = "the user who is logged in"

[[bounders]]
path = "myapp.names.shorten()"
size = 20

[[sinks]]
path = "myapp.metrics.count"
labels = ["endpoint", "status"]

[[wrappers]]
path = "myapp.metrics.make_counter"
type = "gauge"
"""


def test_settings_are_shown_as_a_file_that_says_the_same(tree: Path) -> None:
    from cardlint.config import KEYS, load

    assert set(tomllib.loads(SETTINGS)) == {*KEYS, "buckets"} - {"extend"}, "every key is tried; inherited settings are shown as own ones"
    (tree / "cardlint.toml").write_text(SETTINGS)
    shown = cardlint("--show-settings", ".", cwd=tree)
    assert (shown.returncode, shown.stderr) == (0, "")
    before = load(".")
    (tree / "cardlint.toml").write_text(shown.stdout)
    assert load(".") == before
    defaults = cardlint("--show-settings", "--isolated", cwd=tree).stdout
    assert defaults.startswith("# from the defaults\n")
    (tree / "cardlint.toml").write_text(defaults)
    assert cardlint(".", cwd=tree).returncode == cardlint("--isolated", ".", cwd=tree).returncode == 1


def test_settings_shown_are_those_of_the_run(tree: Path) -> None:
    shown = cardlint("--show-settings", "--pedantic", "--ignore", "summary,CL2", "--fail-on", "note", ".", cwd=tree).stdout
    assert {'ignore = ["summary", "CL2"]', "pedantic = true", 'fail-on = "note"'} <= set(shown.splitlines())


def test_files_shown_are_those_of_the_run(tree: Path) -> None:
    (tree / "gen").mkdir()
    (tree / "gen" / "x.py").write_text("x = 1\n")
    (tree / "cardlint.toml").write_text('extend-exclude = ["gen"]\n')
    assert cardlint("--show-files", ".", cwd=tree).stdout == "bad.py\ngood.py\n"
    assert cardlint("--show-files", ".", "--isolated", cwd=tree).stdout == "bad.py\ngen/x.py\ngood.py\n"
    nothing = cardlint("--show-files", "gen", cwd=tree)
    assert (nothing.returncode, nothing.stdout) in ((0, "gen/x.py\n"), (3, ""))


def test_a_version_that_is_none_is_one_line(tree: Path) -> None:
    (tree / "cardlint.toml").write_text('required-version = "new"\n')
    assert "no version specifier: `new`" in one_line(cardlint(".", cwd=tree))


def test_statistics_stay_out_of_documents(tree: Path) -> None:
    for form, aside in (("json", True), ("junit", True), ("concise", False), ("text", False)):
        done = cardlint("--statistics", "--format", form, ".", cwd=tree)
        line = "     1  CL101  identity-label\n"
        assert (line in done.stderr, line in done.stdout) == (aside, not aside)


@pytest.mark.parametrize("command", ["--format json .", ".", "rules", "--diff --unsafe-fixes ."])
def test_a_full_disk_is_one_line(command: str, tree: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m cardlint {command} > /dev/full"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "the output cannot be written: No space left on device" in one_line(done)


@pytest.mark.parametrize("text", [BAD, BAD.replace("\n", "\r\n"), "\ufeff" + BAD, BAD.rstrip()])
@pytest.mark.parametrize("name", ["bad.py", "new.py", "pkg/new.py", "{here}/bad.py", "notes.txt"])
def test_standard_input_stands_for_a_file(name: str, text: str, tree: Path) -> None:
    command = [sys.executable, "-m", "cardlint", "--format", "concise", "--stdin-filename", name.format(here=tree)]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.decode().startswith(f"{name.removeprefix('{here}/')}:7:14: warning: CL101")
    assert done.stdout.count(b"\n") == 1, "other files are context, and not reported"


def test_standard_input_sees_the_rest_of_the_project(tree: Path) -> None:
    (tree / "people.py").write_text("import uuid\n\n\ndef name():\n    return str(uuid.uuid4())\n")
    text = "from prometheus_client import Counter\nfrom people import name\nD = Counter('d', 'D', ['who'])\nD.labels(name()).inc()\n"
    command = [sys.executable, "-m", "cardlint", "--format", "concise", "--stdin-filename", "new.py"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert "CL103 unbounded-value" in done.stdout
    broken = subprocess.run(command, input=b"import prometheus_client\nx = '\xff'\n", capture_output=True, check=False)
    assert (broken.returncode, b"CL000 unreadable-file" in broken.stdout) == (1, True)
    closed = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m cardlint --stdin-filename new.py <&-"], capture_output=True, text=True, check=False
    )
    assert (closed.returncode, "standard input is closed" in one_line(closed)) == (2, True)
