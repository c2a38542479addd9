"""The action for GitHub: its steps run here as a runner runs them, with the same shell, variables and files."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from tests.cli.test_command_line import BAD, GOOD
from tests.conftest import ROOT

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]
EXPRESSION = re.compile(r"\$\{\{ ([\w.-]+) \}\}")


@dataclass
class Runner:
    """What a runner does with a composite action: expressions, conditions, outputs, and the first failure ends what has no condition."""

    folder: Path
    inputs: dict[str, str]
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    used: dict[str, dict[str, str]] = field(default_factory=dict)
    log: str = ""
    failed: bool = False

    def value(self, name: str) -> str:
        """Return the value of one name of an expression."""
        kind, *rest = name.split(".")
        if kind == "inputs":
            return self.inputs[rest[0]]
        assert kind == "steps"
        assert rest[1] == "outputs"
        assert rest[0] in [step.get("id") for step in STEPS], f"{name} is the output of no step"
        return self.outputs.get(rest[0], {}).get(rest[2], "")

    def text(self, template: str) -> str:
        """Fill in the expressions of a text."""
        return EXPRESSION.sub(lambda match: self.value(match[1]), str(template))

    def holds(self, condition: str | None) -> bool:
        """Tell whether a step runs."""
        if condition is None:
            return not self.failed
        parts = condition.split(" && ")
        found = not self.failed or "always()" in parts
        for part in parts:
            if part != "always()":
                name, operator, text = part.split(" ")
                found = found and (self.value(name) == text.strip("'")) == (operator == "==")
        return found

    def run(self, made: dict[str, dict[str, str]]) -> None:
        """Run all steps; `made` gives the outputs of steps that are not run here."""
        for step in STEPS:
            if not self.holds(step.get("if")):
                continue
            name = step.get("id", step["name"])
            if "uses" in step:
                self.used[step["uses"].partition("@")[0]] = {key: self.text(value) for key, value in step["with"].items()}
            if name in made:
                self.outputs[name] = made[name]
            elif "run" in step:
                self._run(name, step)

    def _run(self, name: str, step: dict[str, str]) -> None:
        assert step["shell"] == "bash"
        script, output = self.folder / "step.sh", self.folder / f"output-{name}"
        script.write_text(step["run"])
        output.touch()
        env = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
        env |= {key: self.text(value) for key, value in step.get("env", {}).items()}
        env |= {
            "RUNNER_TEMP": str(self.folder / "temp"),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.folder / "checkout" / self.text(step.get("working-directory", ".")),
            env=env,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        self.log += done.stdout + done.stderr
        self.failed = self.failed or done.returncode != 0
        self.outputs[name] = dict(line.split("=", 1) for line in output.read_text().splitlines())


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make the checkout of a project with one finding; the folders of the runner are beside it."""
    (tmp_path / "temp").mkdir()
    project = tmp_path / "checkout"
    (project / "src").mkdir(parents=True)
    (project / "src" / "app.py").write_text(BAD)
    (project / "good dir").mkdir()
    (project / "good dir" / "fine.py").write_text(GOOD)
    return project


def runner(checkout: Path, **inputs: str) -> Runner:
    """Return a runner with the defaults of the action, and some inputs."""
    values = {name: str(told.get("default", "")) for name, told in ACTION["inputs"].items()}
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    assert set(given) <= set(values)
    return Runner(checkout.parent, values | given)


def here(checkout: Path) -> dict[str, dict[str, str]]:
    """Return outputs as if Python were set up and cardlint installed, with the one of this checkout."""
    programs = checkout.parent / "programs"
    programs.mkdir()
    program = programs / "cardlint"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)} -m cardlint "$@"\n')
    program.chmod(0o755)
    return {"python": {"python-path": sys.executable}, "install": {"programs": str(programs)}}


def test_the_action_is_what_github_takes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml"]
    (tmp_path / "action.yml").write_text((ROOT / "action.yml").read_text())
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    (tmp_path / "action.yml").write_text((ROOT / "action.yml").read_text().replace("using: composite", "using: nothing"))
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_no_input_becomes_a_part_of_a_script() -> None:
    """An expression in a script would run what the author of a pull request wrote."""
    for step in STEPS:
        assert "${{" not in step.get("run", "")


def test_every_input_is_used_and_described() -> None:
    text = (ROOT / "action.yml").read_text()
    page = (ROOT / "docs" / "integrations.md").read_text()
    for name in ACTION["inputs"]:
        assert f"inputs.{name}" in text
        assert f"| `{name}` |" in page
    for name in ACTION["outputs"]:
        assert f"`{name}`" in page


def test_a_finding_fails_the_job_with_an_annotation_and_a_summary(checkout: Path) -> None:
    run = runner(checkout, paths="src")
    run.run(here(checkout))
    assert run.failed
    assert re.search(r"^::warning file=src/app\.py,line=7,.*CL101", run.log, re.M), run.log
    assert "identity-label" in (checkout.parent / "summary.md").read_text()
    assert run.outputs["check"]["exit-code"] == "1"
    assert "github/codeql-action/upload-sarif" not in run.used, "nothing is uploaded unless it is asked for"


def test_sarif_is_uploaded_although_the_job_failed(checkout: Path) -> None:
    run = runner(checkout, sarif="true")
    run.run(here(checkout))
    assert run.failed
    report = json.loads(Path(run.used["github/codeql-action/upload-sarif"]["sarif_file"]).read_text())
    [result] = report["runs"][0]["results"]
    assert result["ruleId"] == "CL101"
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "src/app.py"


def test_nothing_is_uploaded_when_cardlint_did_not_come_to_a_report(checkout: Path) -> None:
    (checkout.parent / "temp" / "cardlint.sarif").write_text("{}")  # of an earlier step of the job
    run = runner(checkout, sarif="true", args="--no-such-option")
    run.run(here(checkout))
    assert run.failed
    assert run.outputs["check"] == {"exit-code": "2"}
    assert "github/codeql-action/upload-sarif" not in run.used


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"fail_on": "error"}, "0"),
        ({"args": "--ignore identity-label\n--exit-zero"}, "0"),
        ({"working_directory": "good dir"}, "0"),
        ({"paths": "src *.py"}, "2"),
        ({"paths": "$(touch made)"}, "2"),
        ({"baseline": "no such file"}, "2"),
        ({"paths": ".git"}, "2"),
    ],
)
def test_inputs_reach_cardlint_as_they_are(inputs: dict[str, str], code: str, checkout: Path) -> None:
    run = runner(checkout, **inputs)
    run.run(here(checkout))
    assert run.outputs["check"]["exit-code"] == code, run.log
    assert run.failed == (code != "0")
    assert not list(checkout.rglob("made"))


def test_a_baseline_and_a_revision_leave_only_what_is_new(checkout: Path) -> None:
    def git(*words: str) -> None:
        identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
        subprocess.run(["git", *identity, *words], cwd=checkout, check=True, capture_output=True)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "first")
    made = here(checkout)
    program = Path(made["install"]["programs"]) / "cardlint"
    subprocess.run([str(program), "baseline", "src"], cwd=checkout, check=True, capture_output=True)
    for inputs in ({"baseline": "cardlint-baseline.json"}, {"since": "HEAD"}):
        run = runner(checkout, **inputs)
        run.run(made)
        assert run.outputs["check"]["exit-code"] == "0", run.log


@pytest.mark.network
def test_the_action_installs_itself_and_nothing_of_the_checkout_runs(checkout: Path) -> None:
    for name in ("pip", "venv", "click", "cardlint", "hatchling", "sitecustomize"):
        (checkout / f"{name}.py").write_text(f"open({str(checkout.parent / 'ran')!r}, 'a').write({name!r})\n")
    run = runner(checkout, paths="src", sarif="true")
    run.run({"python": {"python-path": sys.executable}})
    assert run.outputs["check"]["exit-code"] == "1", run.log
    assert "CL101" in run.log
    assert not (checkout.parent / "ran").exists()


def test_the_workflow_that_publishes_the_site_is_what_github_takes() -> None:
    path = ROOT / ".github" / "workflows" / "site.yml"
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    commands = [step["run"] for step in yaml.safe_load(path.read_text())["jobs"]["publish"]["steps"] if "run" in step]
    script = (ROOT / ".ci" / "run").read_text()
    assert commands[-1] in script, "the site is published as continuous integration builds it"
