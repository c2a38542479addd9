"""A user's row does what a built-in row does: for library functions and for functions of the analysed tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardlint.config import load
from cardlint.engine import Run, run
from cardlint.inference.domain.value_sets import Bound

HEAD = 'from prometheus_client import Counter\nC = Counter("c_total", "A counter.", ["v"])\n'
FILES = {
    "app/__init__.py": "",
    "app/auth.py": "from compiled import fetch\ndef current():\n    return fetch('x')\ndef shard(text):\n    return fetch(text)\n"
    "class Users:\n    def name(self):\n        return fetch('y')\n",
    "app/metrics.py": "from compiled import emit, build\ndef count(name, *, tenant, extra=None):\n    emit(name, tenant, extra)\n"
    "def make(name, doc, labels):\n    return build(name, doc, labels)\n",
}


def analyse(folder: Path, toml: str, source: str) -> Run:
    """Write the tree and its configuration, and analyse it."""
    for name, text in {**FILES, "app/main.py": source, "cardlint.toml": toml}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return run([str(folder / "app")], load(str(folder), explicit=str(folder / "cardlint.toml")))


@pytest.mark.parametrize(
    ("path", "call"),
    [
        ("vendor.session.user()", "import vendor.session\nC.labels(vendor.session.user()).inc()"),
        ("app.auth.current()", "from app.auth import current\nC.labels(current()).inc()"),
        ("app.auth.Users.name()", "from app.auth import Users\nC.labels(Users().name()).inc()"),
    ],
)
def test_a_source_is_unbounded_and_reported(path: str, call: str, tmp_path: Path) -> None:
    """Without the row the value is undecided, with it a finding that carries the row's words."""
    toml = f'[[sources]]\npath = "{path}"\nkind = "identity"\nwhy = "the user of the session"\nadvice = "nothing: log it"\n'
    without = analyse(tmp_path, "", HEAD + call)
    assert [a.value.bound for s in without.program.sites for a in s.args] == [Bound.UNKNOWN]
    found = analyse(tmp_path, toml, HEAD + call).report.findings
    assert [(f.rule, f.help) for f in found] == [("identity-label", "remove the label `v`; log it")]
    assert "the user of the session" in found[0].message


@pytest.mark.parametrize(
    ("path", "call"),
    [("vendor.bins.shard()", "import vendor.bins\nf = vendor.bins.shard"), ("app.auth.shard()", "from app.auth import shard\nf = shard")],
)
def test_a_bounder_bounds(path: str, call: str, tmp_path: Path) -> None:
    """A bounder gives its size whatever goes in."""
    source = f"import uuid\n{HEAD}{call}\nC.labels(f(uuid.uuid4().hex)).inc()\n"
    done = analyse(tmp_path, f'[[bounders]]\npath = "{path}"\nsize = 16\nwhy = "a shard"\n', source)
    assert [(a.value.bound, a.value.size) for s in done.program.sites for a in s.args] == [(Bound.BOUNDED, 16)]
    assert not done.report.findings


def test_a_sink_of_the_tree_takes_labels_by_keyword(tmp_path: Path) -> None:
    """A call of a declared sink is a label site, with the metric's name and the label's."""
    toml = '[[sinks]]\npath = "app.metrics.count"\nlabels = ["tenant"]\nmetric = "name"\n'
    source = "import uuid\nfrom app.metrics import count\ncount('jobs_total', tenant=uuid.uuid4().hex)\n"
    found = analyse(tmp_path, toml, source).report.findings
    assert [(f.rule, f.label, f.metric.name if f.metric else None) for f in found] == [("unbounded-value", "tenant", "jobs_total")]
    assert not analyse(tmp_path, "", source).report.findings


def test_a_sink_takes_a_mapping_and_positions(tmp_path: Path) -> None:
    """`mapping` is opened key by key; positions are written `#0`."""
    toml = '[[sinks]]\npath = "vendor.stats.record"\nmapping = "#1"\nmetric = "#0"\n'
    source = "import uuid, vendor.stats\nvendor.stats.record('jobs', {'ok': 'yes', 'id': uuid.uuid4().hex})\n"
    done = analyse(tmp_path, toml, source)
    assert {(a.label, a.value.bound) for s in done.program.sites for a in s.args} == {("ok", Bound.EXACTLY), ("id", Bound.UNBOUNDED)}
    assert [f.label for f in done.report.findings] == ["id"]


@pytest.mark.parametrize(
    ("path", "call"), [("vendor.prom.make", "from vendor.prom import make"), ("app.metrics.make", "from app.metrics import make")]
)
def test_a_wrapper_makes_a_metric(path: str, call: str, tmp_path: Path) -> None:
    """What a declared wrapper returns is a metric with its name and labels."""
    toml = f'[[wrappers]]\npath = "{path}"\ntype = "histogram"\n'
    source = f"import uuid\n{call}\nM = make('latency_seconds', 'Latency.', ['request'])\nM.labels(uuid.uuid4().hex).observe(1)\n"
    done = analyse(tmp_path, toml, source)
    assert [(m.name, m.type, m.labelnames) for m in done.program.metrics] == [("latency_seconds", "histogram", ("request",))]
    assert [f.rule for f in done.report.findings] == ["unbounded-value"]


def test_what_cannot_be_resolved_is_counted(tmp_path: Path) -> None:
    """A metric from compiled code is no silent hole: the summary counts it."""
    done = analyse(tmp_path, "", "from app.metrics import make\nM = make('a', 'b', ['c'])\nM.labels('x').inc()\n")
    assert done.report.summary.unresolved_metrics == 1
