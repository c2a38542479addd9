"""The collector of the Markdown files: wrong, missing and surplus expectations fail, and the message names file, line and difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inference import expectations, markdown

HEAD = 'from flask import request\nfrom prometheus_client import Counter\n\nC = Counter("c", "C", ["x"])\n'
OPEN = "C.labels(request.path).inc()"


def problems(code: str, settings: str = "") -> list[str]:
    """Return what the check of one program says."""
    toml = f"```toml\n{settings}\n```\n\n" if settings else ""
    text = f"# Title\n\n## Case\n\n{toml}```python\n{code.rstrip()}\n```\n"
    return [p for case in markdown.parse(text, "t.md") for block in case.blocks for p in expectations.check(block, "t.md")]


RIGHT = {
    "an open value": f"{OPEN}  # label x: unbounded(raw-path)\n",
    "with its finding": f"{OPEN}  # label x: unbounded(raw-path); finding: raw-path[x]\n",
    "without the kind": f"{OPEN}  # label x: unbounded\n",
    "on lines above": f"# label x: unbounded(raw-path)\n# finding: raw-path[x] of c as error\n{OPEN}\n",
    "constants": 'for v in ("a;b", 1):\n    C.labels(v).inc()  # label x: exactly("a;b", 1); no finding\n',
    "a size": "C.labels(request.method).inc()  # label x: client-chosen(9)\n",
    "nothing known": "C.labels(other).inc()  # label x: unknown; no finding\n",
}
WRONG = {
    "another class": (f"{OPEN}  # label x: bounded(3)\n", "expected `label x: bounded(3)`, got `label x: unbounded(raw-path)`"),
    "another kind": (f"{OPEN}  # label x: unbounded(uuid)\n", "expected `label x: unbounded(uuid)`, got `label x: unbounded(raw-path)`"),
    "another size": ("C.labels(request.method).inc()  # label x: client-chosen(8)\n", "got `label x: client-chosen(9)`"),
    "a constant too few": ('for v in "ab":\n    C.labels(v).inc()  # label x: exactly("a")\n', 'got `label x: exactly("a", "b")`'),
    "another type of constant": ("C.labels(1).inc()  # label x: exactly(True)\n", "got `label x: exactly(1)`"),
    "a label that no call has": (f"{OPEN}  # label x: unbounded; label y: unknown\n", "got nothing of this name; this line has x"),
    "a line without a call": ("D = 1  # label x: unknown\n", "this line has no label"),
    "a label that no comment names": (f'{OPEN}\nC.labels("a").inc()  # label x: exactly("a")\n', "not expected: `label x: unbounded"),
    "two calls, one comment": ('C.labels("a"), C.labels("a")  # label x: exactly("a")\n', "not expected: `label x: exactly"),
    "another metric": (f"{OPEN}  # label x of d: unbounded\n", "(of c)"),
    "another rule": (f"{OPEN}  # label x: unbounded; finding: identity-label[x]\n", "this line has raw-path[x]"),
    "a finding too many": ('C.labels("a").inc()  # label x: exactly("a"); finding: raw-path[x]\n', "this line has no finding"),
    "another severity": (f"{OPEN}  # label x: unbounded; finding: raw-path[x] as note\n", "(severity error)"),
    "a finding that is denied": (f"{OPEN}  # label x: unbounded; no finding\n", "expected no finding, got `finding: raw-path[x]`"),
    "a finding elsewhere": (
        f'{OPEN}  # label x: unbounded\nC.labels("a").inc()  # label x: exactly("a"); no finding\n',
        "not expected: `finding: raw-path[x]`",
    ),
    "no finding of nothing": (f"{OPEN}  # label x: unbounded; finding: raw-path[x]\nD = 1  # no finding\n", "write `no label`"),
    "a label that is denied": (f"{OPEN}  # label x: unbounded; no label\n", "expected no label here"),
    "a metric that is no counter": ('D = Counter("d", "D")  # metric d: gauge\n', "got `metric d: counter"),
    "a metric that no comment names": ('D = Counter("d", "D")  # metric d: counter\n', "not expected: `metric c: counter"),
    "no expectation": (f"{OPEN}\n", "this program expects nothing"),
    "a syntax error": (f"{OPEN}  # label x: unbounded\ndef (\n", "this line has no label"),
    "a class that is none": (f"{OPEN}  # label x: finite\n", "`finite` is no class"),
    "constants that are none": (f"{OPEN}  # label x: exactly(a)\n", "`a` are no constants"),
    "a size of nothing": (f"{OPEN}  # label x: unknown(3)\n", "what is unknown has none"),
    "half an expectation": (f"{OPEN}  # finding raw-path: x\n", "is no expectation"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_so_passes(name: str) -> None:
    assert problems(HEAD + RIGHT[name]) == []


def test_metrics_are_expected_together() -> None:
    code = HEAD.replace('["x"])', '["x"])  # metric c: counter, labels x, registry default') + "C.labels(1).inc()  # label x: exactly(1)\n"
    assert problems(code) == []
    [problem] = problems(code + 'D = Counter("d", "D")  # no finding\n')
    assert "not expected: `metric d: counter, unused" in problem


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_so_fails(name: str) -> None:
    code, said = WRONG[name]
    found = problems(HEAD + code)
    assert any(said in problem for problem in found), found


def test_a_difference_names_the_lines_of_the_document_and_of_the_program() -> None:
    [problem] = problems(HEAD + f"{OPEN}  # label x: unknown\n")
    assert problem.startswith("t.md:10: app.py:5: expected `label x: unknown`, got `label x: unbounded(raw-path)` (")


def test_lines_are_those_of_each_file() -> None:
    code = f"# file: a.py\n{HEAD}\n# file: b.py\nfrom a import C\n\nC.labels(1).inc()  # label x: exactly(2)\n"
    [problem] = problems(code)
    assert problem.startswith("t.md:15: b.py:3: ")


def test_settings_hold_for_their_case_or_for_the_file() -> None:
    quiet = 'G = Counter("build_info", "B", ["commit"])\nG.labels("a").inc()  # label commit: exactly("a"); no finding\n'
    assert problems(HEAD + quiet, "pedantic = false") == []
    text = "# T\n\n```toml\npedantic = true\n```\n\n## A\n\n```python\nx\n```\n\n## B\n\n```toml\nignore = []\n```\n\n```python\ny\n```\n\n## C\n\n```python\nz\n```\n"
    assert [expectations.settings(case.blocks[0]).pedantic for case in markdown.parse(text, "t.md")] == [True, False, True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Title\n", "no case"),
        ("# Title\n\n## Case\n\nOnly words.\n", "no case"),
        ("## Case\n", "the first heading is the title"),
        ("# Title\n\n```python\nx = 1\n```\n", "needs a heading"),
        ("# Title\n\n## A\n\n```\nx = 1\n```\n", "says what it holds"),
        ("# Title\n\n## A\n\n```python\nx = 1\n", "has no end"),
        ("# Title\n\n## A\n\n```python\nx\n```\n\n## A\n\n```python\nx\n```\n", "two cases"),
        ("# Title\n\n## A\n\n```python\nx = 1\n# file: a.py\nx = 1\n```\n", "before the first"),
    ],
)
def test_a_file_that_does_not_follow_the_grammar_is_no_test(text: str, said: str) -> None:
    with pytest.raises(markdown.MarkdownError, match=said):
        markdown.parse(text, "t.md")


class Recorder:
    """Keeps what pytest reports."""

    def __init__(self) -> None:
        self.reports: dict[str, tuple[str, str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the outcome of a test."""
        if report.when == "call":
            self.reports[report.nodeid.rpartition("/")[2]] = (report.outcome, str(report.longrepr))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep the outcome of a file that cannot be read."""
        if report.failed:
            self.reports[report.nodeid.rpartition("/")[2]] = (report.outcome, str(report.longrepr))


def test_pytest_runs_each_heading_and_shows_the_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One run of pytest over files of its own, with the collector of this folder."""
    (tmp_path / "conftest.py").write_text("from tests.inference.conftest import *  # noqa: F403\n")
    good, bad = f"{HEAD}{OPEN}  # label x: unbounded(raw-path)\n", f"{HEAD}{OPEN}  # label x: unknown\n"
    (tmp_path / "topic.md").write_text(f"# T\n\n## Right\n\n```python\n{good}```\n\n## Wrong\n\n```python\n{bad}```\n")
    (tmp_path / "empty.md").write_text("# T\n")
    (tmp_path / "README.md").write_text("# No cases\n")
    recorder = Recorder()
    options = ["-p", "no:cacheprovider", "-q", "--continue-on-collection-errors", f"--rootdir={tmp_path}", str(tmp_path)]
    assert pytest.main(options, plugins=[recorder]) != 0
    shown = capsys.readouterr().out
    assert {name: outcome for name, (outcome, _) in recorder.reports.items()} == {
        "topic.md::Right": "passed",
        "topic.md::Wrong": "failed",
        "empty.md": "failed",
    }
    assert recorder.reports["topic.md::Wrong"][1].startswith("topic.md:20: app.py:5: expected `label x: unknown`, got `label x: unbounded")
    assert recorder.reports["topic.md::Wrong"][1] in shown
    assert recorder.reports["empty.md"][1].startswith("empty.md:1: no case")
