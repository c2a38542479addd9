"""Baselines: counted, blind to lines and folders, honest about what a run did not look at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cardlint import ConfigError, check
from cardlint.findings import Confidence, Finding, MetricRef, Place, Report, Severity, Summary
from cardlint.selection import baseline
from cardlint.server.analysis import analyse
from cardlint.testing import assert_no_findings
from tests.cli.test_command_line import BAD, cardlint, one_line

FILE = ("--baseline", "cardlint-baseline.json", "--format", "concise", "--no-group")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "m.py").write_text("from prometheus_client import Counter\nC = Counter('c', 'C', ['user_id'])\n")
    for name in ("b", "d"):
        (tmp_path / f"{name}.py").write_text("from m import C\n\n\ndef f(user_id):\n    C.labels(user_id).inc()\n")
    assert cardlint("baseline", ".", cwd=tmp_path).stdout == "cardlint-baseline.json: 2 findings\n"
    return tmp_path


def new(tree: Path, *paths: str) -> list[str]:
    return [line.split(": ")[0] for line in cardlint(*FILE, *(paths or (".",)), cwd=tree).stdout.splitlines()]


def test_the_new_one_of_equal_findings_is_named(tree: Path) -> None:
    (tree / "a.py").write_text((tree / "b.py").read_text())
    assert new(tree) == ["a.py:5:14"], "not the last one in order of files"
    (tree / "c.py").write_text((tree / "b.py").read_text() + "    C.labels(user_id).inc()\n")
    assert new(tree) == ["a.py:5:14", "c.py:5:14", "c.py:6:14"]


def test_a_renamed_file_takes_the_place_of_the_old_one(tree: Path) -> None:
    (tree / "d.py").rename(tree / "a.py")
    assert new(tree) == []
    (tree / "pkg").mkdir()
    (tree / "a.py").rename(tree / "pkg" / "z.py")
    (tree / "pkg" / "z.py").write_text("import os\n\n" + (tree / "pkg" / "z.py").read_text())
    assert new(tree) == []
    assert cardlint("baseline", ".", cwd=tree).stdout == "cardlint-baseline.json: 2 findings\n"
    assert [e["path"] for e in json.loads((tree / "cardlint-baseline.json").read_text())["findings"]] == ["b.py", "pkg/z.py"]


def test_a_run_over_one_file_judges_that_file(tree: Path) -> None:
    done = cardlint(*FILE, "d.py", "m.py", cwd=tree)
    assert (done.returncode, done.stdout) == (0, "")
    assert "fixed" not in done.stderr, "b.py was not looked at"
    (tree / "a.py").write_text((tree / "b.py").read_text())
    assert new(tree, "a.py", "m.py") == ["a.py:5:14"], "what is known in b.py hides nothing here"
    (tree / "d.py").write_text("x = 1\n")
    assert "1 finding of the baseline is fixed" in cardlint(*FILE, "d.py", "m.py", cwd=tree).stderr
    (tree / "b.py").unlink()
    assert "2 findings of the baseline are fixed" in cardlint(*FILE, "d.py", "m.py", cwd=tree).stderr


def test_the_file_is_sorted_and_changes_by_lines(tree: Path) -> None:
    before = (tree / "cardlint-baseline.json").read_text().splitlines()
    entries = json.loads("\n".join(before))["findings"]
    assert [e["path"] for e in entries] == ["b.py", "d.py"]
    assert all('"value"' in line and not any(f'"{word}"' in line for word in ("line", "column", "number")) for line in before[1:-1])
    (tree / "c.py").write_text(BAD)
    cardlint("baseline", "--accept-new", ".", cwd=tree)
    after = (tree / "cardlint-baseline.json").read_text().splitlines()
    assert len(set(after) - set(before)) == 1
    assert set(before) <= set(after)
    again = (tree / "cardlint-baseline.json").read_bytes()
    cardlint("baseline", ".", cwd=tree)
    assert (tree / "cardlint-baseline.json").read_bytes() == again


def test_a_merge_that_went_wrong_is_told(tree: Path) -> None:
    file = tree / "cardlint-baseline.json"
    file.write_text("<<<<<<< ours\n" + file.read_text())
    done = cardlint(*FILE, ".", cwd=tree)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "not a baseline" in done.stderr


def test_fixing_looks_at_what_is_new_only(tree: Path) -> None:
    (tree / "e.py").write_text('from prometheus_client import Summary\nS = Summary("s_seconds", "S")\n')
    done = cardlint("--fix", "--unsafe-fixes", *FILE, ".", cwd=tree)
    assert (done.returncode, done.stdout) == (0, "")
    assert "Histogram" in (tree / "e.py").read_text()
    assert "'user_id'" in (tree / "m.py").read_text(), "what the baseline knows is left as it is"


def finding(path: str, value: str, number: int) -> Finding:
    place = Place(path, number, 1, number, 2)
    ref = MetricRef("m", "counter", place)
    return Finding(
        "raw-path",
        "CL102",
        Severity.ERROR,
        Confidence.HIGH,
        "x",
        place,
        place,
        ref,
        "path",
        fingerprint=f"{path}{number}",
        value_path=value,
    )


def recorded(report: Report) -> baseline.Baseline:
    return baseline.of(baseline.write(baseline.entry(f) for f in report.findings), "b")


def test_equal_findings_are_counted() -> None:
    old = Report(tuple(finding("a.py", "x", n) for n in (1, 2)), Summary())
    now = Report(tuple(finding("a.py", "x", n) for n in (5, 6, 7)), Summary())
    compared = baseline.compare(now, recorded(old))
    assert ([f.place.line for f in compared.new], compared.known, compared.fixed) == ([7], 2, ())
    compared = baseline.compare(Report((), Summary()), recorded(old))
    assert (compared.new, compared.known, len(compared.fixed)) == ((), 0, 2)


@pytest.mark.parametrize("schema", ["cardlint-baseline-v1", "cardlint-baseline-v2"])
def test_an_entry_of_nothing_but_a_fingerprint_counts(schema: str) -> None:
    now = Report((finding("a.py", "x", 5), finding("a.py", "y", 6)), Summary())
    known = baseline.of(f'{{"schema": "{schema}", "findings": [{{"fingerprint": "a.py5"}}]}}', "b")
    assert [f.place.line for f in baseline.compare(now, known).new] == [6]


# where the file is ----------------------------------------------------------------------------------------------------------


def test_paths_are_those_from_the_file(tree: Path) -> None:
    (tree / "ci").mkdir()
    (tree / "cardlint-baseline.json").unlink()
    cardlint("baseline", "-o", "ci/known.json", ".", cwd=tree)
    entries = json.loads((tree / "ci" / "known.json").read_text())["findings"]
    assert [e["path"] for e in entries] == ["../b.py", "../d.py"]
    (tree / "a.py").write_text((tree / "b.py").read_text())
    places = ((tree, "ci/known.json", "."), (tree / "ci", "known.json", ".."), (tree.parent, f"{tree.name}/ci/known.json", tree.name))
    for folder, file, where in places:
        done = cardlint("--baseline", file, "--format", "concise", where, cwd=folder)
        assert [line.split(":")[0].rpartition("/")[2] for line in done.stdout.splitlines()] == ["a.py"], "the new one of three equal ones"
        assert "2 findings of the baseline are still there" in done.stderr
        pruned = cardlint("baseline", "--prune", "--output", file, where, cwd=folder)
        assert pruned.stdout == f"{file}: 0 findings removed, 2 left; 1 finding not in it\n"
    absolute = cardlint("--baseline", str(tree / "ci" / "known.json"), "--format", "concise", str(tree), cwd=tree)
    assert len(absolute.stdout.splitlines()) == 1


# writing --------------------------------------------------------------------------------------------------------------------


def test_pruning_only_removes(tree: Path) -> None:
    file = tree / "cardlint-baseline.json"
    before = file.read_text().splitlines()
    (tree / "b.py").write_text("x = 1\n")
    (tree / "c.py").write_text(BAD)
    done = cardlint("baseline", "--prune", ".", cwd=tree)
    assert (done.returncode, done.stdout) == (0, "cardlint-baseline.json: 1 finding removed, 1 left; 1 finding not in it\n")
    after = file.read_text().splitlines()
    assert {line.rstrip(",") for line in after} < {line.rstrip(",") for line in before}
    assert new(tree) == ["c.py:7:14"], "what is new is not recorded"
    again = file.read_bytes()
    assert cardlint("baseline", "--prune", ".", cwd=tree).stdout.startswith("cardlint-baseline.json: 0 findings removed, 1 left")
    assert file.read_bytes() == again


def test_pruning_a_part_keeps_the_rest(tree: Path) -> None:
    (tree / "b.py").write_text("x = 1\n")
    assert "0 findings removed, 2 left" in cardlint("baseline", "--prune", "d.py", "m.py", cwd=tree).stdout
    assert "1 finding removed, 1 left" in cardlint("baseline", "--prune", "b.py", "m.py", cwd=tree).stdout
    assert new(tree) == []


def test_writing_a_part_keeps_the_rest(tree: Path) -> None:
    before = (tree / "cardlint-baseline.json").read_bytes()
    written = cardlint("baseline", "d.py", "m.py", cwd=tree)
    assert written.stdout == "cardlint-baseline.json: 1 finding, and 1 in files that were not analysed\n"
    assert (tree / "cardlint-baseline.json").read_bytes() == before


def test_new_findings_are_not_recorded_unless_asked(tree: Path) -> None:
    file = tree / "cardlint-baseline.json"
    before = file.read_bytes()
    (tree / "c.py").write_text(BAD)
    done = cardlint("baseline", ".", cwd=tree)
    assert done.returncode == 1
    assert [line.split(": ")[0] for line in done.stdout.splitlines()] == ["c.py:7:14"]
    assert "1 finding not in cardlint-baseline.json, which was left alone; --accept-new records it" in done.stderr
    assert file.read_bytes() == before
    assert cardlint("baseline", "--accept-new", ".", cwd=tree).stdout == "cardlint-baseline.json: 3 findings\n"
    (tree / "c.py").unlink()
    assert cardlint("baseline", ".", cwd=tree).stdout == "cardlint-baseline.json: 2 findings\n", "fewer findings need no word"


def test_what_cannot_be_pruned_is_told(tree: Path) -> None:
    (tree / "cardlint-baseline.json").unlink()
    done = cardlint("baseline", "--prune", ".", cwd=tree)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cardlint-baseline.json does not exist, so there is nothing to prune" in one_line(done)
    assert cardlint("baseline", "--prune", "--accept-new", ".", cwd=tree).returncode == 2


# files of an earlier version --------------------------------------------------------------------------------------------------

OLD = """{"schema": "cardlint-baseline-v1", "findings": [
  {"fingerprint": "1e0", "rule": "identity-label", "path": "b.py", "metric": "c", "label": "user_id", "line": "C.labels(user_id).inc()"},
  {"fingerprint": "2e0", "rule": "identity-label", "path": "d.py", "metric": "c", "label": "user_id", "line": "C.labels(user_id).inc()"}
]}
"""


def test_a_file_of_an_earlier_version_is_read(tree: Path) -> None:
    file = tree / "cardlint-baseline.json"
    file.write_text(OLD)
    (tree / "a.py").write_text((tree / "b.py").read_text())
    done = cardlint(*FILE, ".", cwd=tree)
    assert [line.split(": ")[0] for line in done.stdout.splitlines()] == ["a.py:5:14"]
    assert done.stderr.count("the baseline was written by an earlier version; run `cardlint baseline` to update it") == 1
    (tree / "a.py").unlink()
    (tree / "d.py").write_text("x = 1\n")
    assert cardlint("baseline", "--prune", "b.py", "m.py", cwd=tree).stdout == "cardlint-baseline.json: 0 findings removed, 2 left\n"
    entries = json.loads(file.read_text())["findings"]
    assert [("line" in e, e["value"]) for e in entries] == [(False, "user_id"), (True, "")], "d.py was not looked at"
    assert cardlint("baseline", "--prune", ".", cwd=tree).stdout == "cardlint-baseline.json: 1 finding removed, 1 left\n"
    done = cardlint(*FILE, ".", cwd=tree)
    assert (done.returncode, done.stdout, "earlier version" in done.stderr) == (0, "", False)


@pytest.mark.parametrize("schema", ["cardlint-baseline-v0", "cardlint-baseline-v3", "", "x"])
def test_a_file_of_another_version_is_one_line(schema: str, tree: Path) -> None:
    (tree / "cardlint-baseline.json").write_text(OLD.replace("cardlint-baseline-v1", schema))
    done = cardlint(*FILE, ".", cwd=tree)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "this version of cardlint cannot read the baseline" in done.stderr


# the configuration ------------------------------------------------------------------------------------------------------------


def test_the_configured_file_is_used_by_every_way_to_run(tree: Path) -> None:
    """The command line, which the hook calls, the pytest helper, and the language server."""
    (tree / "cardlint-baseline.json").unlink()
    (tree / "cardlint.toml").write_text('baseline = "ci/known.json"\n')
    missing = cardlint("--format", "concise", ".", cwd=tree)
    assert missing.returncode == 2
    assert missing.stderr == (
        "cardlint: error: cardlint.toml: `baseline`: ci/known.json: cannot be read: No such file or directory; `cardlint baseline` writes it\n"
    )
    with pytest.raises(ConfigError, match="cardlint baseline"):
        check(tree)
    (tree / "ci").mkdir()
    assert cardlint("baseline", ".", cwd=tree).stdout == "ci/known.json: 2 findings\n"
    assert cardlint("--format", "concise", ".", cwd=tree).stdout == ""
    assert cardlint("--format", "concise", "..", "--config", "../cardlint.toml", cwd=tree / "ci").stdout == ""
    assert len(cardlint("--format", "concise", "--no-group", "--no-baseline", ".", cwd=tree).stdout.splitlines()) == 2
    assert_no_findings(tree)
    assert analyse(str(tree), {}).shown("b.py") == []
    (tree / "a.py").write_text(BAD)
    assert [line.split(":")[0] for line in cardlint("--format", "concise", ".", cwd=tree).stdout.splitlines()] == ["a.py"]
    with pytest.raises(AssertionError, match="1 problem"):
        assert_no_findings(tree)
    assert analyse(str(tree), {}).shown("b.py") == []
    assert len(analyse(str(tree), {}).shown("a.py")) == 1
    unsaved = {str(tree / "b.py"): (tree / "b.py").read_bytes() + b"    C.labels(user_id).inc()\n"}
    assert len(analyse(str(tree), unsaved).shown("b.py")) == 1, "one more than the baseline holds"


@pytest.mark.parametrize("name", ["../../elsewhere.json", "/tmp/cardlint-elsewhere.json", ".git/known.json"])
def test_a_configuration_does_not_choose_a_file_out_of_the_project(name: str, tree: Path) -> None:
    (tree / ".git").mkdir()
    (tree / "cardlint.toml").write_text(f"baseline = {json.dumps(name)}\n")
    done = cardlint("baseline", ".", cwd=tree)
    assert (done.returncode, done.stdout) == (2, "")
    assert "leads out of the project" in done.stderr
    assert not (tree / name).exists()


@pytest.mark.parametrize("value", ['""', "1", '"a\\u0000b"'])
def test_a_configured_name_that_is_none(value: str, tree: Path) -> None:
    (tree / "cardlint.toml").write_text(f"baseline = {value}\n")
    assert "cardlint.toml:1: `baseline`" in cardlint(".", cwd=tree).stderr
