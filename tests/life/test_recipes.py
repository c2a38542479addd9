"""The recipes of README and docs: every command of cardlint in them runs as it is written."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.test_command_line import BAD, cardlint
from tests.conftest import ROOT
from tests.life.test_adoption import git

PAGES = {name: (ROOT / name).read_text() for name in ("README.md", "docs/adopting.md", "docs/integrations.md")}
INTEGRATIONS = PAGES["docs/integrations.md"]
COMMANDS = [
    line.strip().removeprefix("- run: ").removeprefix("- ").split("  #")[0].strip()
    for page in PAGES.values()
    for block in re.findall(r"```(?:sh|yaml)\n(.*?)```", page, re.S)
    for line in block.splitlines()
    if re.match(r"\s*(- run: |- )?cardlint ", line)
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_runs(command: str, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "bad.py").write_text(BAD)
    (tmp_path / "src" / "app.py").write_text("\n" * 19 + BAD.replace("a_total", "c_total"))
    (tmp_path / "app.py").write_text(BAD.replace("a_total", "b_total"))
    git("init", "-q", cwd=tmp_path)
    git("add", "-A", cwd=tmp_path)
    git("commit", "-qm", "first", cwd=tmp_path)
    git("update-ref", "refs/remotes/origin/main", "HEAD", cwd=tmp_path)
    (tmp_path / "cardlint-baseline.json").write_text('{"schema": "cardlint-baseline-v1", "findings": []}\n')
    shell = command.replace("cardlint ", f"{shlex.quote(sys.executable)} -m cardlint ", 1)
    done = subprocess.run(shell, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert "error:" not in done.stderr
    for file in re.findall(r"=(\S+\.(?:sarif|json|xml|prom))", command):
        assert (tmp_path / file).stat().st_size > 0


YAML = [block for page in PAGES.values() for block in re.findall(r"```yaml\n(.*?)```", page, re.S)]


def test_the_recipes_are_yaml() -> None:
    assert len(YAML) == 6
    for block in YAML:
        assert isinstance(yaml.safe_load(block), dict)


@pytest.mark.parametrize(("word", "schema", "count"), [("runs-on:", "vendor.github-workflows", 3), ("reports:", "vendor.gitlab-ci", 1)])
def test_a_recipe_is_what_its_service_takes(word: str, schema: str, count: int, tmp_path: Path) -> None:
    """The schemas are those that the services publish for their own files."""
    recipes = [text for text in YAML if word in text]
    assert len(recipes) == count
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, "recipe.yml"]
    for recipe in recipes:
        (tmp_path / "recipe.yml").write_text(recipe)
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
    (tmp_path / "recipe.yml").write_text(recipes[0].replace(word, "no-such-key: 1"))
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1, "the schema is strict enough to notice"


def test_the_hook_and_its_recipe_are_what_pre_commit_takes(tmp_path: Path) -> None:
    recipe, same = [text for text in YAML if "repos:" in text]
    assert recipe == same, "README and docs show one hook"
    (tmp_path / "config.yaml").write_text(recipe)
    for command in (["validate-config", "config.yaml"], ["validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]):
        done = subprocess.run([sys.executable, "-m", "pre_commit", *command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for repo in yaml.safe_load(recipe)["repos"] for hook in repo["hooks"]] == [hook["id"] for hook in hooks]


def test_commands_were_found() -> None:
    assert len(COMMANDS) >= 16


def test_the_shell_completes_commands(tmp_path: Path) -> None:
    script = cardlint(cwd=tmp_path, _CARDLINT_COMPLETE="bash_source")
    assert "_cardlint_completion()" in script.stdout
    words = cardlint(cwd=tmp_path, _CARDLINT_COMPLETE="bash_complete", COMP_WORDS="cardlint ex", COMP_CWORD="1")
    assert words.stdout.strip() == "plain,explain"


@pytest.mark.network
def test_the_container_recipe_runs_where_nothing_but_the_tree_is_there(tmp_path: Path) -> None:
    """What the container would run, in a fresh environment without a home, with the package from this checkout."""
    inner = re.search(r'docker run .* -w /src \S+ sh -c "([^"]+)"', INTEGRATIONS)
    assert inner is not None
    (tmp_path / "bad.py").write_text(BAD)
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    install = inner[1].replace("pip install -q cardlint", f"pip install -q {shlex.quote(str(ROOT))}")
    assert install != inner[1]
    hidden = ("HOME", "XDG_CACHE_HOME", "VIRTUAL_ENV", "PYTHONPATH")
    env = {k: v for k, v in os.environ.items() if k not in hidden} | {"HOME": "/nonexistent"}
    env["PATH"] = f"{tmp_path / 'venv' / 'bin'}:{env['PATH']}"
    (tmp_path / "src").mkdir()
    (tmp_path / "bad.py").rename(tmp_path / "src" / "bad.py")
    done = subprocess.run(["sh", "-c", install], cwd=tmp_path / "src", env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "identity-label" in done.stdout
    assert (tmp_path / "venv" / "share" / "man" / "man1" / "cardlint.1").is_file(), "`man cardlint` finds the page of an installed cardlint"
