"""Fixes of thousands of findings: what holds for all of them is worked out once."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cardlint.config import Config
from cardlint.engine import Run, run
from cardlint.fix import plan
from cardlint.fix.source import FileSources

pytestmark = pytest.mark.once

FLOOR = 0.4
"""Seconds below which the clock says more of the machine than of the fixes."""
HEAD = "from prometheus_client import Counter, Gauge, Summary\nfrom flask import Flask, request\napp = Flask('x')\nC = Counter('c_total', 'C', ['user_id'])\n"


def each(text: str, head: str = HEAD, foot: str = "") -> Callable[[int], str]:
    return lambda count: head + "".join(text.replace("#", str(n)) for n in range(count)) + foot


FILES: dict[str, tuple[str, Callable[[int], str]]] = {
    "labels in functions": ("raw-path", each("@app.route('/a#/<x>')\ndef h#(x):\n    C.labels(request.path).inc()\n")),
    "labels of one function": ("raw-path", each("    C.labels(request.path).inc()\n", HEAD + "def f():\n")),
    "labels of one statement": ("raw-path", each("C.labels(request.path), ", HEAD + "def f():\n    x = [", "]\n")),
    "summaries": ("summary", each("S# = Summary('s#_seconds', 'S')\n")),
    "labels that go": (
        "identity-label",
        each("C# = Counter('c#_total', 'C', ['user_id'])\ndef f#(user_id):\n    C#.labels(user_id).inc()\n"),
    ),
    "labels that go from one function": (
        "identity-label",
        lambda n: each("C# = Counter('c#_total', 'C', ['id_#'])\n")(n) + each("    C#.labels(user_id).inc()\n", "def f(user_id):\n")(n),
    ),
    "late variables": ("multiprocess-env-late", each("os.environ['PROMETHEUS_MULTIPROC_DIR'] = 'a#'\n", HEAD + "import os\n")),
    "private reads": (
        "private-value",
        each("def test_#():\n    assert G._value.get() == 1\n", "import prometheus_client\nfrom declared import G\n"),
    ),
}


def _run(name: str, count: int) -> Run:
    rule, text = FILES[name]
    file = "test_app.py" if rule == "private-value" else "app.py"
    Path(file).write_text(text(count))
    Path("declared.py").write_text("from prometheus_client import Gauge\nG = Gauge('g', 'G')\n")
    done = run(["."], Config(select=(rule,), pedantic=True))
    assert len(done.report.findings) >= count * 0.9, (rule, len(done.report.findings))
    return done


def _seconds(done: Run, together: bool) -> float:
    sources = FileSources(done.project.data, done.project.mentioning, paths=done.project.paths)
    gc.collect()
    started = time.process_time()
    for some in [done.report.findings] if together else [[f] for f in done.report.findings]:
        assert plan(some, done.program, sources)
    return time.process_time() - started


@pytest.mark.parametrize("together", [True, False], ids=["together", "one by one"])
@pytest.mark.parametrize("name", FILES)
def test_four_times_the_findings_take_about_four_times_as_long(
    name: str, together: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    large = _run(name, 1_600)
    took = _seconds(large, together)
    if took > FLOOR:
        small = _run(name, 400)
        before = max(_seconds(small, together) for _ in range(3))
        took = min(took, _seconds(large, together))
        assert took < 8 * before, f"{took:.2f} s after {before:.2f} s"
