"""Generated pages are current, and the commands that pages show do what the pages say. `python -m tools.generate` writes them anew."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from cardlint.cli.app import COMMANDS
from cardlint.rules import all_rules
from cardlint.rules.pages import page
from tests.conftest import ROOT
from tools import manual
from tools.console import Ran, Shell, play
from tools.generate import GROUPS, PLAYED, made, played, rule_index

MADE = dict(made())


@pytest.mark.parametrize("name", MADE)
def test_a_generated_page_is_current(name: str) -> None:
    assert (ROOT / name).read_text() == MADE[name], "run python -m tools.generate"


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    names = {path.stem for path in (ROOT / "docs" / "rules").glob("*.md")} - {"index"}
    assert names == {rule.name for rule in all_rules()}


def test_the_page_of_a_rule_is_what_explain_prints(capsys: pytest.CaptureFixture[str]) -> None:
    from cardlint.cli.app import run

    for rule in all_rules():
        assert run(["explain", rule.name, "--markdown"]) == 0
        assert capsys.readouterr().out == (ROOT / "docs" / "rules" / f"{rule.name}.md").read_text() == page(rule)


def test_the_index_of_rules_lists_each_of_them_once() -> None:
    text = rule_index(all_rules())
    for rule in all_rules():
        runs = "default" if rule.default else "pedantic"
        assert text.count(f"| {rule.code} | [`{rule.name}`]({rule.name}.md) | {runs} |") == 1
        assert rule.code[:3] in GROUPS


@pytest.mark.parametrize("name", PLAYED)
def test_the_commands_of_a_page_do_what_it_says(name: str) -> None:
    ran, text = played(name)
    assert ran
    for one in ran:
        assert (one.command, one.code) == (one.command, one.expected), one.printed
        assert (one.command, one.printed) == (one.command, one.shown), "run python -m tools.generate"
    assert text == (ROOT / name).read_text()


def tutorial() -> list[Ran]:
    """Run the tutorial once more and return its calls of cardlint."""
    return [one for one in played("docs/tutorial.md")[0] if one.command.startswith("cardlint ")]


def test_the_tutorial_ends_with_a_gate_that_closes() -> None:
    ran = tutorial()
    assert ran[0].code == 1
    assert ran[0].printed.count(" error: ") == 4
    *_, accepted, closed, fixed = (one for one in ran if one.command.startswith("cardlint --baseline "))
    assert (accepted.code, closed.code, fixed.code) == (0, 1, 0)
    assert closed.printed.count(" error: ") == 1
    assert "shop/search.py" in closed.printed


def test_a_page_with_other_output_or_another_exit_code_is_noticed(tmp_path: Path) -> None:
    text = '```python title="a.py"\nimport prometheus_client\nx = (\n```\n<!-- exit 1 -->\n```console\n$ cardlint --format concise a.py\nnothing\n$ exit 3\n```\n'
    ran, new = play(text, Shell(tmp_path))
    assert [(one.code, one.expected) for one in ran] == [(1, 0), (3, 1)]
    assert ran[0].shown == "nothing\n"
    assert "CL000 unreadable-file" in ran[0].printed
    assert "nothing" not in new


def test_the_files_of_the_tutorial_are_what_their_tools_take() -> None:
    text = (ROOT / "docs" / "tutorial.md").read_text()
    files = dict(re.findall(r"```yaml title=\"([^\"]+)\"\n(.*?)```", text, re.S))
    hook = yaml.safe_load(files[".pre-commit-config.yaml"])["repos"][0]["hooks"][0]
    assert hook["id"] == "cardlint"
    [*_, step] = yaml.safe_load(files[".github/workflows/cardlint.yml"])["jobs"]["cardlint"]["steps"]
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    assert set(step["with"]) <= set(inputs)
    assert step["with"]["baseline"] in hook["args"]


def test_the_manual_page_has_every_command_and_option() -> None:
    text = manual.manual()
    pages = list(manual.pages())
    assert {one.name.split()[1] for one in pages} == set(COMMANDS)
    for one in pages:
        assert one.paragraphs, one.name
        assert f".SH {manual.roff(one.name.upper())}\n" in text
        for option, told in one.options:
            assert told, option
            assert f"\\fB{manual.roff(option)}\\fR\n" in text


def test_the_manual_page_has_the_variables_that_the_code_reads() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "cardlint").rglob("*.py"))
    named = {name for name, _ in manual.ENVIRONMENT}
    assert all(f'"{name}"' in code for name in named)
    assert set(re.findall(r'"(CARDLINT_[A-Z_]+)"', code)) <= named


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_the_manual_page_is_set_without_warnings() -> None:
    command = ["groff", "-man", "-Tutf8", "-ww", "-K", "utf8", str(ROOT / "man" / "cardlint.1")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    shown = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", done.stdout)
    for words in ("EXIT STATUS", "--unsafe-fixes", "CARDLINT_CACHE_DIR", "cardlint explain raw-path"):
        assert words in shown


def test_roff_takes_no_text_for_a_request() -> None:
    assert manual.roff(".TH x") == "\\&.TH x"
    assert manual.roff("a\\b --x `y`") == "a\\eb \\-\\-x \\fBy\\fR"
