"""What the documents promise is what the tree does."""

from __future__ import annotations

import re

from cardlint import __version__
from cardlint.config import KEYS
from cardlint.rules import all_rules
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text()


def test_readme_lists_every_rule_as_it_is() -> None:
    for rule in all_rules():
        runs = "default" if rule.default else "pedantic"
        assert f"| {rule.code} | `{rule.name}` | {runs} | {rule.title} |" in README


def test_readme_lists_every_key_of_the_configuration() -> None:
    for key in (*KEYS, "buckets.min"):
        assert f"`{key}`" in README or key in README, key


def test_readme_gives_the_two_commands_that_ci_runs() -> None:
    assert "\npip install . && cardlint fixtures/\n" in README
    assert "\npip install -e '.[dev]' && pytest\n" in README


def test_the_first_screen_shows_what_cardlint_really_prints(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from cardlint.config import Config
    from cardlint.engine import run
    from cardlint.output import Options
    from cardlint.output.text import render

    monkeypatch.chdir(ROOT)
    done = run(["fixtures/fastapi_leaky"], Config())
    shown = re.search(r"```text\n\$ cardlint fixtures/\n(.*?)```", README, re.S)
    assert shown is not None
    assert shown[1].strip() in render(done.report, Options(done.project.lines, width=100))


def test_changelog_names_the_version() -> None:
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text()


def test_the_rule_pages_are_current() -> None:
    from cardlint.rules.pages import page

    assert (ROOT / "docs" / "rules.md").read_text() == "\n".join(page(rule) for rule in all_rules())
