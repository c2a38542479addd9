"""The rules about misuse on programs in Markdown: each `# expect: rule` has a finding of that rule on its line, and no other line has one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cardlint.config import Config
from tests.conftest import EXPECT, ROOT, Lint, marks, split_files

RULES = (
    "label-mismatch", "missing-labels", "metric-in-function", "duplicate-metric", "timer-on-async", "discarded-child", "default-collector",
    "multiprocess-env-late", "multiprocess-registry", "multiprocess-unsupported", "multiprocess-dead-workers", "multiprocess-pid",
    "label-declaration",
)  # fmt: skip
CASE = re.compile(r"^## ([^\n]+)\n\n```python\n(.*?)^```$", re.M | re.S)
FOLDER = ROOT / "tests" / "rules" / "misuse"
CASES = [(path.stem, title, code) for path in sorted(FOLDER.glob("*.md")) for title, code in CASE.findall(path.read_text())]


@pytest.mark.parametrize(("topic", "title", "code"), CASES, ids=[f"{topic}: {title}" for topic, title, _ in CASES])
def test_findings_are_those_that_are_expected(topic: str, title: str, code: str, lint: Lint, tmp_path: Path) -> None:
    files = split_files(code)
    made = lint({name: EXPECT.sub("", text) for name, text in files.items()}, Config(select=RULES))
    program = made.program
    assert program.metrics or program.externals or program.environment, "a program without metrics is silent for want of them"
    found = {(f.place.path, f.place.line, f.rule) for f in made.report.findings}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    wanted = {(name, line, rule) for name in files for line, rule, _ in marks(tmp_path / name)}
    assert found == wanted, f"{topic}: {title}"


def test_every_heading_has_a_program() -> None:
    headings = [line for path in FOLDER.glob("*.md") for line in path.read_text().splitlines() if line.startswith("## ")]
    assert len(headings) == len(CASES) == len(set(CASES))


def test_what_helps_an_info_metric_speaks_of_its_dictionary(lint: Lint) -> None:
    made = lint(
        {
            "app.py": """
from prometheus_client import Info
from prometheus_client.core import InfoMetricFamily

BUILD = Info("build", "d", ["version"])
BUILD.info({"version": "1"})


class Collector:
    def collect(self):
        family = InfoMetricFamily("node", "d")
        family.add_metric(["version"], {"version": "1"})
        yield family
"""
        },
        Config(select=RULES),
    )
    assert {f.rule: f.help for f in made.report.findings} == {
        "missing-labels": "the keys given to `.info()` are labels already: remove `version` from the declaration, or give them with `.labels()`",
        "label-mismatch": 'put names and values into the dictionary: `add_metric([], {"version": version})`',
    }


MANY = 30
"""More rows than the inference keeps apart."""
GAUGES = (
    "".join(f"    'k{n}': Gauge('m{n}', 'd', ['a']),\n" for n in range(MANY))
    + "    'x': Gauge('x', 'd'),\n    'y': Gauge('y', 'd', ['a', 'b']),\n"
)
ROWS = GAUGES.replace("    '", "    ('").replace("':", "',").replace("),\n", ")),\n")
BODY = """        if name == 'x':
            metric.set(1)
        elif name == 'y':
            metric.labels(1, 2).set(1)
        else:
            metric.labels(1).set(1)
"""


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        # magma/magma: the entries of a table are told apart by their key, and each is used with its own labels
        (f"TABLE = {{\n{GAUGES}}}\ndef put():\n    for name, metric in TABLE.items():\n{BODY}", []),
        (f"TABLE = [\n{ROWS}]\ndef put():\n    for name, metric in TABLE:\n{BODY}", []),
        (f"TABLE = {{\n{GAUGES}}}\ndef put(names):\n    for name in names:\n        if name not in TABLE:\n            continue\n"
         f"        metric = TABLE[name]\n{BODY}", []),
        (f"TABLE = {{\n{GAUGES}}}\ndef put(name, **labels):\n    if name in TABLE:\n        TABLE[name].labels(**labels).set(1)\n"
         "put('k1', a=1)\nput('y', a=1, b=2)\n", []),
        (f"ROWS = {{\n{GAUGES}}}\nTABLE = {{name: metric for name, metric in ROWS.items()}}\n"
         "TABLE['x'].set(1)\nTABLE['y'].labels(1, 2).set(1)\nTABLE['k29'].labels(1).set(1)\n", []),
        # what an entry under a constant key does not fit
        (f"TABLE = {{\n{GAUGES}}}\nTABLE['k29'].labels(1, 2).set(1)\n", ["label-mismatch"]),
    ],
)  # fmt: skip
def test_the_entries_of_a_long_table_that_are_not_told_apart_get_no_claim(text: str, rules: list[str], lint: Lint) -> None:
    made = lint({"app.py": f"from prometheus_client import Gauge\n{text}"}, Config(select=RULES))
    assert [f.rule for f in made.report.findings] == rules


def test_a_receiver_that_may_be_another_metric_is_no_error(lint: Lint) -> None:
    text = """
from prometheus_client import Counter
from plugins import more
TABLE = {"a": Counter("a", "d"), "b": Counter("b", "d")}
TABLE.update(more())
def count(name):
    TABLE[name].labels("x").inc()
"""
    made = lint({"app.py": text}, Config(select=RULES))
    assert made.report.findings == ()
    made = lint({"app.py": text.replace("TABLE.update(more())", "")}, Config(select=RULES))
    assert [f.rule for f in made.report.findings] == ["label-mismatch"]
