"""Groups: findings with one cause are one finding of the text, at the place where the edit goes; JSON keeps every site."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cardlint.findings import Finding, Report, Severity
from cardlint.groups import Group, by_cost, groups
from cardlint.output import Options, renderer
from tests.cli.test_command_line import cardlint
from tests.conftest import Lint

PATHS = """from fastapi import Request
from prometheus_client import Counter, Histogram

HITS = Counter("hits", "Hits", ["method", "path"])
SECONDS = Histogram("seconds", "Seconds", ["path"])


def count(method, path):
    HITS.labels(method=method, path=path).inc()
    SECONDS.labels(path=path).observe(1)


async def middleware(request: Request, call_next):
    where = request.url.path
    count(request.method, where)
    HITS.labels("other", where).inc()
"""
IDENTITY = """from prometheus_client import Counter

C = Counter("c", "C", ["user_id"])


def f(user_id, other):
    C.labels(user_id=user_id).inc()


def g(user_id):
    C.labels(user_id).inc()
"""
LISTS = {
    "bounds.py": "BOUNDS = (\n    1, 2, 3,\n)\n",
    "a.py": "from prometheus_client import Histogram\nfrom bounds import BOUNDS\n\nA = Histogram('a', 'A', buckets=BOUNDS)\nB = Histogram('b', 'B', buckets=BOUNDS)\n",
    "b.py": "from prometheus_client import Histogram, Summary\nfrom bounds import BOUNDS\n\n\ndef made(name):\n    return Histogram(name, 'N', buckets=BOUNDS)\n\n\ndef summary(name):\n    return Summary(name, 'S')\n\n\nC = made('c')\nD = made('d')\nE = summary('e')\nF = summary('f')\n",
}
PRIVATE = """from prometheus_client import Counter

JOBS = Counter("jobs", "Jobs")


def test_jobs():
    assert JOBS._value.get() == 0
    JOBS.inc()
    assert JOBS._value.get() == 1
"""


def found(report: Report) -> list[tuple[str, str, int, int]]:
    """Return rule, place and number of sites of each group."""
    return [(g.lead.rule, g.place.path, g.place.line, len(g.sites)) for g in groups(report.findings)]


def shown(report: Report, name: str = "text", **options: bool) -> str:
    return renderer(name)(report, Options(lambda path: [], width=0, **options))


def test_one_origin_is_one_finding_where_it_is_read(lint: Lint) -> None:
    report = lint(PATHS).report
    assert [(f.label, f.place.line) for f in report.findings if f.rule == "raw-path"] == [("path", 9), ("path", 10), ("path", 16)]
    assert found(report) == [("raw-path", "app.py", 14, 3)]
    [group] = groups(report.findings)
    assert (group.metrics, group.edits, group.labels) == (2, 1, ("path",))
    text = shown(report)
    assert text.startswith("error[raw-path] CL102 label `path` of 2 metrics is filled with the raw request path\n")
    assert " = sites: 3 sites, 2 metrics, one edit\n" in text
    assert re.findall(r"^ +app\.py:(\d+:\d+)  (.*)$", text, re.M) == [
        ("9:37", "hits{path}"),
        ("10:25", "seconds{path}"),
        ("16:26", "hits{path}"),
    ]
    assert "\n1 finding at 3 places: 1 error.\n" in text
    assert "`cardlint explain raw-path` says more." in text.splitlines()[-1]


def test_a_bound_is_written_where_all_flows_are_still_one(lint: Lint) -> None:
    """A parameter of a handler cannot be edited; the last common step of its flow can."""
    code = PATHS.replace("where = request.url.path", "where = await request.body()").replace('    HITS.labels("other", where).inc()\n', "")
    report = lint(code).report
    assert found(report) == [("unbounded-value", "app.py", 15, 2)]
    code = code.replace("count(request.method, where)", "count(request.method, where)\n    count(request.method, where)")
    assert [(rule, line) for rule, _, line, _ in found(lint(code).report)] == [("unbounded-value", 15)]
    code = code.replace("    HITS.labels(method=method, path=path).inc()\n", "").replace(
        "    count(request.method, where)\n", '    HITS.labels("x", where).inc()\n', 1
    )
    assert [(rule, line) for rule, _, line, _ in found(lint(code).report)] == [("unbounded-value", 13)]


def test_a_label_by_its_name_is_one_finding_at_its_declaration(lint: Lint) -> None:
    report = lint(IDENTITY).report
    assert found(report) == [("identity-label", "app.py", 3, 2)]
    assert "2 sites, 1 metric, one edit" in shown(report)


def test_other_labels_of_one_origin_are_named(lint: Lint) -> None:
    code = PATHS.replace('SECONDS = Histogram("seconds", "Seconds", ["path"])', 'SECONDS = Histogram("seconds", "Seconds", ["route"])')
    report = lint(code.replace("SECONDS.labels(path=path)", "SECONDS.labels(route=path)")).report
    assert "labels `path` and `route` of 2 metrics are filled with the raw request path" in shown(report)


CHANNEL = """from discord import Message
from prometheus_client import Counter

SENT = Counter("sent", "Sent", ["channel", "channel_name", "author"])


async def on_message(message: Message):
    SENT.labels(channel=message.channel.id, channel_name=message.channel.name, author=message.author.id).inc()
"""
"""python-discord/bot: bot/cogs/metrics.py"""


def test_labels_that_one_call_fills_from_one_object_are_one_finding(lint: Lint) -> None:
    report = lint(CHANNEL).report
    assert found(report) == [("identity-label", "app.py", 8, 2), ("identity-label", "app.py", 8, 1)]
    assert len(json.loads(shown(report, "json"))["findings"]) == 3, "JSON keeps every label"
    text = shown(report)
    assert "labels `channel` and `channel_name` of `sent` are filled with a channel" in text
    assert "help: remove the labels `channel` and `channel_name`; " in text
    assert "label `author` of `sent` is filled with a chat user" in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("message.channel.name", "message.author.name"),  # another object, and another thing to say
        ("channel_name=message.channel.name", "channel_name=message.thread.name"),
        (
            "author=message.author.id).inc()",
            "author='x').inc()\n    SENT.labels('x', message.channel.name, 'y').inc()",
        ),  # a label in two calls
    ],
)
def test_labels_of_other_objects_or_calls_stay_apart(old: str, new: str, lint: Lint) -> None:
    for group in groups(lint(CHANNEL.replace(old, new)).report.findings):
        assert not {"channel", "channel_name"} <= set(group.labels)


def test_lists_and_constructors_are_told_once_and_not_at_an_import(lint: Lint) -> None:
    report = lint(LISTS).report
    assert found(report) == [("bucket-count", "bounds.py", 2, 4), ("summary", "b.py", 10, 2)]
    imports = {(path, line) for path, text in LISTS.items() for line, row in enumerate(text.splitlines(), 1) if "import" in row}
    assert not imports & {(f.place.path, f.place.line) for f in report.findings}
    text = renderer("text")(report, Options(lambda path: LISTS[path].splitlines(), width=0))
    assert "1 | BOUNDS = (\n2 |     1, 2, 3,\n" in text, "a list is known by its name"


def test_private_reads_are_a_note_for_each_file(lint: Lint) -> None:
    report = lint({"tests/test_a.py": PRIVATE, "tests/test_b.py": PRIVATE}).report
    assert {Severity(f.severity) for f in report.findings} == {Severity.NOTE}
    assert found(report) == [("private-value", "tests/test_a.py", 7, 2), ("private-value", "tests/test_b.py", 7, 2)]
    text = shown(report)
    assert "this code reads a private attribute of a metric, 2 times in this file" in text
    assert " = lines: 7, 9\n" in text


def test_what_leaks_comes_before_habits_and_what_costs_more_comes_first(lint: Lint) -> None:
    report = lint({**LISTS, "app.py": PATHS, "id.py": IDENTITY, "tests/test_a.py": PRIVATE}).report
    order = [group.lead.rule for group in by_cost(groups(report.findings))]
    assert order == ["raw-path", "identity-label", "bucket-count", "summary", "private-value"]
    [dear] = [f for f in report.findings if f.place.path == "id.py" and f.place.line == 7]
    cheap, expensive = (Group((_with(dear, per_value),), dear.place) for per_value in (2, 36))
    assert by_cost([cheap, expensive]) == [expensive, cheap]


def _with(finding: Finding, per_value: int) -> Finding:
    from msgspec.structs import replace

    assert finding.series is not None
    return replace(finding, series=replace(finding.series, per_value=per_value))


def test_json_has_every_site_and_its_group(lint: Lint) -> None:
    report = lint({**LISTS, "app.py": PATHS}).report
    rows = json.loads(shown(report, "json"))["findings"]
    assert len(rows) == len(report.findings) == 9
    by_group: dict[str, list[str]] = {}
    for row in rows:
        by_group.setdefault(row["group"], []).append(row["fingerprint"])
    assert sorted(map(len, by_group.values())) == [2, 3, 4]
    assert all(prints[0] == name for name, prints in by_group.items()), "the name is the fingerprint of the first site"


def test_formats_with_fingerprints_keep_every_site(lint: Lint) -> None:
    report = lint(PATHS).report
    results = json.loads(shown(report, "sarif"))["runs"][0]["results"]
    assert [r["partialFingerprints"]["cardlint/v1"] for r in results] == [f.fingerprint for f in report.findings]
    related = [step["physicalLocation"]["region"]["startLine"] for step in results[0]["relatedLocations"]]
    assert {14, 10, 16} <= set(related), "the cause and the other sites"
    assert len(json.loads(shown(report, "gitlab"))) == 3
    assert shown(report, "junit").count("<testcase") == 3


@pytest.mark.parametrize(("name", "count"), [("concise", 1), ("github", 2), ("markdown", 7)])
def test_formats_for_people_have_one_entry_for_each_cause(name: str, count: int, lint: Lint) -> None:
    report = lint(PATHS).report
    text = shown(report, name)
    assert len(text.splitlines()) == count, text
    assert "3 sites, 2 metrics, one edit" in text
    assert len(shown(report, name, grouped=False).splitlines()) == count + 2


def test_no_group_gives_the_list_of_all_places(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(PATHS)
    done = cardlint("--no-group", "--no-cache", ".", cwd=tmp_path)
    assert re.findall(r"--> app\.py:(\d+)", done.stdout) == ["9", "10", "16"]
    assert "= sites:" not in done.stdout
    concise = cardlint("--no-group", "--no-cache", "--format", "concise", ".", cwd=tmp_path).stdout
    assert [line.split(":")[1] for line in concise.splitlines()] == ["9", "10", "16"]


@pytest.mark.parametrize(
    ("files", "written"),
    [
        ({"app.py": PATHS}, {"app.py": ["    where = request.url.path  # cardlint: ignore[raw-path] -- known"]}),
        ({"app.py": IDENTITY}, {"app.py": ['C = Counter("c", "C", ["user_id"])  # cardlint: ignore[identity-label] -- known']}),
        (LISTS, {"bounds.py": [")  # cardlint: ignore[bucket-count] -- known"], "b.py": ["    return Summary(name, 'S')  # cardlint: ignore[summary] -- known"]}),
        ({"test_a.py": PRIVATE}, {"test_a.py": ["# cardlint: ignore-file[private-value] -- known"]}),
        ({"test_a.py": "#!/usr/bin/python\n# coding: utf-8\n" + PRIVATE}, {"test_a.py": ["# cardlint: ignore-file[private-value] -- known"]}),
    ],
)  # fmt: skip
def test_one_comment_at_the_cause_is_enough(files: dict[str, str], written: dict[str, list[str]], tmp_path: Path) -> None:
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    again = cardlint("--add-ignores", "--reason", "known", ".", cwd=tmp_path)
    assert again.stdout == "", again.stdout
    for path, text in files.items():
        after = (tmp_path / path).read_text().splitlines()
        assert [line for line in after if "cardlint:" in line] == written.get(path, [])
        assert [line.partition("  # cardlint")[0] for line in after if not line.startswith("# cardlint")] == text.splitlines()
        if text.startswith("#!"):
            assert after[:2] == text.splitlines()[:2], "the interpreter and the encoding come first"
    assert cardlint("--no-cache", ".", cwd=tmp_path).stdout.startswith("No findings.")


def test_what_is_known_already_does_not_move_the_rest_to_the_cause(tmp_path: Path) -> None:
    """A comment at the cause would hide more than what is new: the new site gets its own."""
    (tmp_path / "app.py").write_text(PATHS.replace('    HITS.labels("other", where).inc()\n', ""))
    cardlint("baseline", ".", cwd=tmp_path)
    (tmp_path / "app.py").write_text(PATHS)
    done = cardlint("--baseline", "cardlint-baseline.json", "--format", "concise", ".", cwd=tmp_path)
    assert [line.split(":")[1] for line in done.stdout.splitlines()] == ["16"]
    cardlint("--baseline", "cardlint-baseline.json", "--add-ignores", "--reason", "known", ".", cwd=tmp_path)
    assert [n for n, row in enumerate((tmp_path / "app.py").read_text().splitlines(), 1) if "cardlint:" in row] == [16]


def test_a_cause_outside_of_the_run_leaves_the_comments_at_the_sites(tmp_path: Path) -> None:
    for path, text in LISTS.items():
        (tmp_path / path).write_text(text)
    cardlint("--add-ignores", "--reason", "known", "a.py", cwd=tmp_path)
    assert (tmp_path / "bounds.py").read_text() == LISTS["bounds.py"]


def test_the_last_line_counts_what_can_be_fixed(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "from prometheus_client import Summary\n\nS = Summary('s_seconds', 'S')  # cardlint: ignore[raw-path] -- old\n"
    )
    done = cardlint("--no-cache", ".", cwd=tmp_path)
    assert " [*]\n" in done.stdout
    assert done.stdout.splitlines()[-1] == (
        "1 can be fixed with `--fix` ([*]); 1 more can be fixed with `--fix --unsafe-fixes`, which changes exported series; "
        "`cardlint explain unused-ignore` says more."
    )
