"""What findings, traces and the summary say: names where a name helps, places where something is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from cardlint.output import Options
from cardlint.output.summary import coverage
from cardlint.output.text import render
from tests.conftest import Lint

HEAD = "import uuid\nfrom prometheus_client import Counter\n\nC = Counter('c', 'd', ['bot_id', 'status', 'error'])\n\n"


def _why(lint: Lint, code: str) -> list[str]:
    return [arg.value.why for site in lint(HEAD + code).program.sites for arg in site.args]


def test_a_constructor_is_named_by_its_class(lint: Lint) -> None:
    code = "class Sender:\n    def __init__(self, kind):\n        self.kind = kind\n    def send(self, error):\n        C.labels(self.kind, 'a', error).inc()\n"
    kind, _, error = _why(lint, code)
    assert kind == "no call of `Sender` was found in the analysed files, so its parameter `kind` can be anything"
    assert error == "no call of `Sender.send` was found in the analysed files, so its parameter `error` can be anything"


def test_an_answer_that_is_cut_short_has_a_place_and_is_counted(lint: Lint) -> None:
    files = {f"m{i}.py": "from app import send\n\nsend(1)\n" for i in range(70)}
    files["app.py"] = HEAD + "def send(error):\n    C.labels('a', 'b', error).inc()\n"
    run = lint(files)
    [step] = run.program.limits
    assert (step.place.path, step.place.line, step.message) == ("app.py", 6, "more than 60 files call something named `send`")
    assert "1 answer cut short (--verbose shows where)" in coverage(run.report)


def test_a_run_without_limits_does_not_speak_of_them(lint: Lint) -> None:
    assert "cut short" not in coverage(lint(HEAD).report)


def test_open_factors_and_sizes_are_named(lint: Lint) -> None:
    code = "def f():\n    for s in ('a', 'b'):\n        C.labels(uuid.uuid4().hex, s, 'x').inc()\n"
    [finding] = lint(HEAD + code).report.findings
    assert finding.series is not None
    assert finding.series.formula == "2 statuses x 1 error x 2 for every bot id"


def test_sizes_alone_stay_a_product(lint: Lint) -> None:
    from cardlint.inventory import inventory

    [row] = inventory(lint(HEAD + "C.labels('a', 'b', 'c').inc()\n").program)
    assert row["formula"] == "1 bot id x 1 status x 1 error x 2 = 2 series"


def test_positions_behind_a_list_have_their_labels(lint: Lint) -> None:
    code = "PAIR = ('a', 'b')\n\ndef f(values):\n    C.labels(*PAIR, 'c').inc()\n    C.labels('a', *values, 'c').inc()\n    C.labels(*values).inc()\n"
    labels = [[arg.label for arg in site.args] for site in lint(HEAD + code).program.sites]
    assert labels == [["bot_id", "status", "error"]] * 3


def test_two_lists_in_a_row_are_not_counted_from_the_end(lint: Lint) -> None:
    [site] = lint(HEAD + "def f(a, b):\n    C.labels(*a, *b).inc()\n").program.sites
    assert [arg.label for arg in site.args] == ["bot_id", "status", "error", None]


def test_a_declared_identity_says_what_was_found(lint: Lint) -> None:
    declared = "from prometheus_client import Counter\n\nU = Counter('u', 'd', ['user_id'])\n"
    [alone] = lint(declared).report.findings
    assert "no call that sets it was found in the analysed files" in alone.why
    found = lint(declared + "\ndef f(other, u):\n    other.labels(user_id=u).inc()\n").report.findings
    assert "could not be traced to this metric" in next(f.why for f in found if f.metric is not None and f.metric.name == "u")


def test_habits_in_tests_come_last_in_text(lint: Lint) -> None:
    files = {
        "a/test_app.py": "import prometheus_client\nfrom app import D\n\ndef test_f():\n    assert D._value.get() == 1\n",
        "app.py": "import uuid\nfrom prometheus_client import Counter\n\nC = Counter('c', 'd', ['x'])\nD = Counter('e', 'd')\n\ndef f():\n    C.labels(uuid.uuid4().hex).inc()\n",
    }
    report = lint(files).report
    assert [f.code for f in report.findings] == ["CL501", "CL103"], "by place in every other format"
    text = render(report, Options(lines=lambda path: (), color=False, width=100, verbose=False))
    assert text.index("CL103") < text.index("CL501")


def test_a_label_without_a_name_reads_as_one(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("def f(metric, v):\n    metric.labels(v).inc()\n\nimport prometheus_client\n")
    done = subprocess.run(
        [sys.executable, "-m", "cardlint", "trace", "app.py:2"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.startswith("a label of metric: unknown")
