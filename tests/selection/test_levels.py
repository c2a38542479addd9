"""Severities of the configuration, and the confidence that a finding needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardlint.config import ConfigError, load
from cardlint.findings import Confidence, Severity
from tests.cli.test_command_line import cardlint
from tests.conftest import Lint

CODE = """import uuid
from prometheus_client import Counter, Histogram, Summary

C = Counter("c", "C", ["user_id", "x"])
S = Summary("s", "S")
H = Histogram("h", "H", buckets=[1, 2])


def f(user_id):
    C.labels(user_id, uuid.uuid4().hex).inc()
"""


def levels(lint: Lint, **settings: object) -> dict[str, str]:
    return {f.rule: Severity(f.severity).name.lower() for f in lint(CODE, **settings).report.findings}


def test_a_rule_has_the_severity_that_it_is_given(lint: Lint) -> None:
    usual = {"identity-label": "warning", "unbounded-value": "error", "summary": "warning", "bucket-count": "warning"}
    assert levels(lint) == usual
    assert levels(lint, severity=(("summary", "note"),)) == {**usual, "summary": "note"}
    assert levels(lint, severity=(("CL2", "error"), ("CL103", "note"))) == {
        **usual,
        "summary": "error",
        "bucket-count": "error",
        "unbounded-value": "note",
    }


@pytest.mark.parametrize("order", [("CL2", "summary"), ("summary", "CL2")])
def test_the_name_of_a_rule_goes_before_a_prefix_in_any_order(order: tuple[str, str], lint: Lint) -> None:
    given = {"CL2": "error", "summary": "note"}
    found = levels(lint, severity=tuple((name, given[name]) for name in order))
    assert (found["summary"], found["bucket-count"]) == ("note", "error")


def test_the_exit_code_follows(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("from prometheus_client import Summary\n\nS = Summary('s', 'S')\n")
    assert cardlint(".", cwd=tmp_path).returncode == 1
    (tmp_path / "cardlint.toml").write_text('severity = { summary = "note" }\n')
    assert cardlint(".", cwd=tmp_path).returncode == 0
    assert cardlint("--fail-on", "note", ".", cwd=tmp_path).returncode == 1


def test_the_least_confidence(lint: Lint, tmp_path: Path) -> None:
    def sure(**settings: object) -> set[Confidence]:
        return {Confidence(f.confidence) for f in lint(CODE, **settings).report.findings}

    assert sure() == {Confidence.MEDIUM, Confidence.HIGH}
    assert sure(min_confidence="high") == sure(min_confidence="high", pedantic=True) == {Confidence.HIGH}
    done = cardlint("--min-confidence", "high", "--format", "concise", ".", cwd=tmp_path)
    assert "identity-label" not in done.stdout
    assert "unbounded-value" in done.stdout


def test_a_comment_on_what_is_not_sure_enough_is_in_use(lint: Lint) -> None:
    code = CODE.replace(".inc()", ".inc()  # cardlint: ignore[identity-label] -- few users")
    assert "unused-ignore" not in levels(lint) | {f.rule: "" for f in lint(code, min_confidence="high").report.findings}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('severity = { sumary = "note" }', "did you mean `summary`"),
        ('severity = { summary = "fatal" }', "must be one of error, warning, note"),
        ('severity = "note"', "must be a table of rules"),
        ('min-confidence = "certain"', "must be one of high, medium, low"),
        ("budgets = 5", "must be a table of teams"),
        ("[budgets]\nmine = 5", "must be a table"),
        ('[budgets.mine]\npaths = ["a"]', "needs `paths` and `max-series`"),
        ('[budgets.mine]\npaths = []\nmax-series = 4', "needs `paths` and `max-series`"),
        ('[budgets.mine]\npaths = ["a"]\nmax-serie = 4', "did you mean `max-series`"),
        ('[budgets.mine]\npaths = ["a"]\nmax-series = 0', "at least 1"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_an_error(text: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("cardlint.toml").write_text(text + "\n")
    Path("app.py").write_text(CODE)
    if "sumary" not in text:
        with pytest.raises(ConfigError, match=words):
            load(".")
    done = cardlint(".", cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
