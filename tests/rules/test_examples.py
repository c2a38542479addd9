"""Every rule's own examples: the bad ones are found at the marked span, the good ones stay silent."""

from __future__ import annotations

import tomllib

import pytest

from cardlint.config import Config, parse
from cardlint.rules import all_rules
from cardlint.rules.base import Example, Rule
from cardlint.rules.pages import CLOSE, OPEN
from tests.conftest import Lint, split_files

BAD = [(rule, example) for rule in all_rules() for example in rule.bad]
GOOD = [(rule, example) for rule in all_rules() for example in rule.good]


def _config(rule: Rule, example: Example) -> Config:
    fields = parse(example.config, "example", table="") or {}
    assert example.config == "" or tomllib.loads(example.config)
    return Config(select=(rule.name,), pedantic=example.pedantic, **fields)  # type: ignore[arg-type]


def _position(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _spans(code: str) -> tuple[dict[str, str], set[tuple[str, int, int, int, int]]]:
    """Take the marks out of an example; return its files and the marked spans."""
    files: dict[str, str] = {}
    spans = set()
    for name, marked in split_files(code).items():
        text = marked
        while OPEN in text:
            start = text.index(OPEN)
            end = text.index(CLOSE)
            text = text[:start] + text[start + 1 : end] + text[end + 1 :]
            spans.add((name, *_position(text, start), *_position(text, end - 1)))
        files[name] = text
    return files, spans


@pytest.mark.parametrize(("rule", "example"), BAD, ids=[f"{r.name}-{i}" for i, (r, _) in enumerate(BAD)])
def test_bad_example_is_found_where_it_is_marked(rule: Rule, example: Example, lint: Lint) -> None:
    files, spans = _spans(example.code)
    assert spans, "a bad example marks what is bad"
    found = lint(files, _config(rule, example)).report.findings
    assert {(f.rule, f.code) for f in found} == {(rule.name, rule.code)}, "findings have the name and the code of their rule"
    places = {(f.place.path, f.place.line, f.place.column, f.place.end_line, f.place.end_column) for f in found}
    if rule.name == "unreadable-file":
        assert {p[:3] for p in places}
        assert {p[0] for p in places} == {s[0] for s in spans}
        return
    assert places == spans


@pytest.mark.parametrize(("rule", "example"), GOOD, ids=[f"{r.name}-{i}" for i, (r, _) in enumerate(GOOD)])
def test_good_example_is_silent(rule: Rule, example: Example, lint: Lint) -> None:
    files, spans = _spans(example.code)
    assert not spans
    assert lint(files, _config(rule, example)).report.findings == ()


@pytest.mark.parametrize(("rule", "example"), GOOD, ids=[f"{r.name}-{i}" for i, (r, _) in enumerate(GOOD)])
def test_good_example_is_not_silent_for_want_of_metrics(rule: Rule, example: Example, lint: Lint) -> None:
    files, _ = _spans(example.code)
    program = lint(files, _config(rule, example)).program
    assert program.metrics or program.externals or program.environment or program.private_reads


@pytest.mark.parametrize("rule", all_rules(), ids=lambda r: r.name)
def test_metadata_is_whole(rule: Rule) -> None:
    assert rule.bad
    assert rule.good
    for text in (rule.what, rule.why, rule.fix):
        assert text.endswith((".", "`", ")")), text
    assert not rule.title.endswith(".")
