"""Configurations of a monorepo: the nearest one judges a file, `extend` shares settings, and neither leads out of the project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_command_line import BAD, cardlint, one_line

LIBRARY = "from prometheus_client import Counter\n\nHITS = Counter('hits_total', 'H', ['user_id'])\n\n\ndef hit(value):\n    HITS.labels(value).inc()\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Two services, and a configuration at the top."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text('[tool.cardlint]\nignore = ["summary"]\n')
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "app.py").write_text(BAD.replace("a_total", f"{name}_total"))
    return tmp_path


def found(cwd: Path, *args: str) -> list[str]:
    done = cardlint("--format", "json", *args, cwd=cwd)
    assert done.returncode in (0, 1), done.stderr
    return [f["path"] for f in json.loads(done.stdout)["findings"]]


def test_the_nearest_configuration_judges_a_file(tree: Path) -> None:
    (tree / "one" / "cardlint.toml").write_text('bounded-labels = ["user_id"]\n')
    assert found(tree, ".") == ["two/app.py"]
    assert found(tree, "one", "two") == found(tree, "two", "one") == ["two/app.py"]
    assert found(tree / "one", ".") == []
    assert found(tree, ".") == ["two/app.py"], "the record of a run says the same"
    (tree / "one" / "cardlint.toml").write_text('bounded-labels = ["other"]\n')
    assert found(tree, ".") == ["one/app.py", "two/app.py"], "and is none any more"


def test_fail_on_is_that_of_the_nearest_configuration(tree: Path) -> None:
    (tree / "one" / "cardlint.toml").write_text('fail-on = "error"\n')
    (tree / "two" / "app.py").unlink()
    assert cardlint(".", cwd=tree).returncode == 0
    (tree / "one" / "cardlint.toml").unlink()
    assert cardlint(".", cwd=tree).returncode == 1


def test_a_pyproject_without_the_table_is_no_configuration(tree: Path) -> None:
    (tree / "pyproject.toml").write_text('[tool.cardlint]\nbounded-labels = ["user_id"]\n')
    (tree / "one" / "pyproject.toml").write_text('[project]\nname = "one"\ndependencies = ["cardlint"]\n')
    assert found(tree, ".") == []


def test_the_program_stays_one(tree: Path) -> None:
    """A library with settings of its own still has its callers in the services."""
    (tree / "lib").mkdir()
    (tree / "lib" / "__init__.py").write_text(LIBRARY)
    (tree / "lib" / "cardlint.toml").write_text("pedantic = true\n")
    (tree / "one" / "app.py").write_text("import uuid\nfrom lib import hit\n\ndef run():\n    hit(str(uuid.uuid4()))\n")
    (tree / "two" / "app.py").unlink()
    (finding,) = json.loads(cardlint("--format", "json", ".", cwd=tree).stdout)["findings"]
    assert (finding["path"], finding["value"]["why"]) == ("lib/__init__.py", "a new UUID")
    assert "one/app.py" in {step["path"] for step in finding["trace"]}


def test_rows_of_a_part_hold_for_the_whole_program(tree: Path) -> None:
    (tree / "one" / "cardlint.toml").write_text('[[bounders]]\npath = "helpers.short()"\nsize = 3\n')
    (tree / "helpers.py").write_text("def short(value):\n    return value\n")
    for name in ("one", "two"):
        text = "import uuid\nfrom prometheus_client import Counter\nfrom helpers import short\n"
        (tree / name / "app.py").write_text(text + f"C = Counter('{name}_total', 'C', ['k'])\nC.labels(short(str(uuid.uuid4()))).inc()\n")
    assert found(tree, ".") == []


def test_excludes_of_a_part_are_relative_to_it(tree: Path) -> None:
    (tree / "one" / "cardlint.toml").write_text('extend-exclude = ["app.py", "two"]\n')
    assert cardlint("--show-files", ".", cwd=tree).stdout.split() == ["two/app.py"]


def test_the_command_line_goes_before_every_configuration(tree: Path) -> None:
    (tree / "one" / "cardlint.toml").write_text('select = ["summary"]\n')
    assert found(tree, ".") == ["two/app.py"]
    assert found(tree, "--select", "identity-label", ".") == ["one/app.py", "two/app.py"]
    assert found(tree, "--isolated", ".") == ["one/app.py", "two/app.py"]
    assert found(tree, "--config", "pyproject.toml", ".") == ["one/app.py", "two/app.py"]


def test_a_wrong_part_is_one_line_that_names_it(tree: Path) -> None:
    (tree / "one" / "cardlint.toml").write_text('\nselekt = ["summary"]\n')
    for command in (["."], ["inventory", "."], ["baseline", "."], ["trace", "two/app.py:7"]):
        done = cardlint(*command, cwd=tree)
        assert (done.returncode, "one/cardlint.toml:2: unknown key `selekt`" in one_line(done)) == (2, True), command


def test_suppressions_are_judged_by_the_rules_of_their_part(tree: Path) -> None:
    (tree / "one" / "app.py").write_text("x = 1  # cardlint: ignore[identity-label] -- none\n")
    (tree / "two" / "app.py").write_text("x = 1  # cardlint: ignore[identity-label] -- none\n")
    (tree / "one" / "cardlint.toml").write_text('select = ["summary", "unused-ignore"]\n')
    assert found(tree, ".") == ["two/app.py"], "identity-label did not run in the first one"


def test_extend_adds_and_replaces(tree: Path) -> None:
    (tree / "base.toml").write_text(
        'select = ["summary"]\nbounded-labels = ["user_id"]\nextend-exclude = ["gen"]\nper-file-ignores = { "one/app.py" = ["identity-label"] }\n'
    )
    (tree / "one" / "cardlint.toml").write_text('extend = "../base.toml"\nselect = ["identity-label"]\nbounded-labels = ["kind"]\n')
    shown = cardlint("--show-settings", "one", cwd=tree).stdout
    assert 'select = ["identity-label"]' in shown
    assert 'bounded-labels = ["user_id", "kind"]' in shown
    assert 'extend-exclude = ["gen"]' in shown
    (tree / "base.toml").write_text('per-file-ignores = { "one/app.py" = ["identity-label"] }\n')
    assert found(tree, ".") == ["two/app.py"], "patterns start at the file that they are written in"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("/etc/hosts.toml", "is absolute"),
        ("../../outside.toml", "leads out of the project"),
        ("../link.toml", "leads out of the project"),
        ("../.git/config", "names no TOML file"),
        ("missing.toml", "there is no such file"),
        ("../one/cardlint.toml", "leads back to"),
        ("../setup.toml", "unknown key `project`"),
        ("../other/pyproject.toml", "has no [tool.cardlint]"),
    ],
)
def test_extend_stays_in_the_project(given: str, said: str, tree: Path) -> None:
    """The author of the configuration may be the author of a hostile checkout: no other file is read for it."""
    (tree.parent / "outside.toml").write_text("pedantic = true\n")
    (tree / "link.toml").symlink_to(tree.parent / "outside.toml")
    (tree / "setup.toml").write_text("[project]\n")
    (tree / "other").mkdir()
    (tree / "other" / "pyproject.toml").write_text("[project]\n")
    (tree / "one" / "cardlint.toml").write_text(f'extend = "{given}"\n')
    done = cardlint(".", cwd=tree)
    assert (done.returncode, said in one_line(done)) == (2, True), done.stderr


def test_import_roots_are_relative_to_their_configuration(tree: Path) -> None:
    (tree / "one" / "cardlint.toml").write_text('src = ["code"]\n')
    (tree / "one" / "code" / "pkg").mkdir(parents=True)
    (tree / "one" / "code" / "pkg" / "metrics.py").write_text("from prometheus_client import Counter\nC = Counter('c_total', 'C', ['k'])\n")
    (tree / "one" / "app.py").write_text("import uuid\nfrom pkg.metrics import C\nC.labels(str(uuid.uuid4())).inc()\n")
    (tree / "two" / "app.py").unlink()
    assert found(tree, ".") == found(tree, "one") == ["one/app.py"]
