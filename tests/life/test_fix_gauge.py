"""The mode of a Gauge: the finding and the fix name the same one, and the library does with it what they say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_command_line import cardlint

HEAD = "import os\nimport time\nfrom datetime import datetime\n\nfrom prometheus_client import Gauge\n\nos.environ.get('PROMETHEUS_MULTIPROC_DIR')\n"
TIMES = {
    "now": ("last_success_seconds", "G.set_to_current_time()\n", "max"),
    "now, written out": ("run_time_seconds", "G.set(int(time.time()))\n", "max"),
    "now, or never": ("last_run_seconds", "G.set(time.time())\nG.set(0)\n", "mostrecent"),
    "a time by its name": ("not_after_timestamp_seconds", "G.set(os.path.getmtime('app.py'))\n", "mostrecent"),
    "a time by its value": ("last_seen_seconds", "G.set(datetime.now().timestamp())\n", "mostrecent"),
    "how long it took": ("run_time_seconds", "G.set(time.time() - 3)\n", "livemostrecent"),
    "a size": ("timestamps", "G.set(4)\n", "livemostrecent"),
}


@pytest.mark.parametrize("name", TIMES)
def test_the_finding_and_the_fix_name_one_mode(name: str, tmp_path: Path) -> None:
    metric, uses, mode = TIMES[name]
    (tmp_path / "app.py").write_text(f"{HEAD}G = Gauge('{metric}', 'G')\n{uses}")
    shown = cardlint("--no-cache", ".", cwd=tmp_path).stdout
    assert f' = help: write multiprocess_mode="{mode}": `{metric}` ' in shown
    said = cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path).stderr
    assert f'add multiprocess_mode="{mode}": `{metric}` ' in said
    assert f"Gauge('{metric}', 'G', multiprocess_mode=\"{mode}\")" in (tmp_path / "app.py").read_text()


def test_a_size_is_advised_on_and_left_to_people(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(f"{HEAD}G = Gauge('g', 'G')\nITEMS = []\nG.set(len(ITEMS))\n")
    shown = cardlint("--no-cache", ".", cwd=tmp_path).stdout
    assert 'choose between multiprocess_mode="livesum" for the sum of all and "livemostrecent" for the value set last' in shown


WORKERS = """
import os, subprocess, sys
from prometheus_client import CollectorRegistry, Gauge, generate_latest, multiprocess

if len(sys.argv) > 1:
    G = Gauge("g", "G", multiprocess_mode=sys.argv[1])
    if len(sys.argv) > 2:
        G.set(float(sys.argv[2]))
else:
    for mode in ("max", "mostrecent", "livemostrecent", "livemax"):
        for value in ("200", "100", None):  # the last process sets nothing
            worker = subprocess.Popen([sys.executable, __file__, mode, *([value] if value else [])])
            worker.wait()
            multiprocess.mark_process_dead(worker.pid)
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
        print(mode, *[line.split()[1] for line in generate_latest(registry).decode().splitlines() if line.startswith("g ")])
        for file in os.listdir(os.environ["PROMETHEUS_MULTIPROC_DIR"]):
            os.remove(os.path.join(os.environ["PROMETHEUS_MULTIPROC_DIR"], file))
"""


def test_the_library_keeps_a_time_when_its_process_has_ended(tmp_path: Path) -> None:
    """What the sentences say of the modes: `max` is the latest time, `mostrecent` the one set last; `live` modes lose both."""
    (tmp_path / "workers.py").write_text(WORKERS)
    (tmp_path / "multi").mkdir()
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "multi")}
    done = subprocess.run([sys.executable, "workers.py"], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["max 200.0", "mostrecent 100.0", "livemostrecent", "livemax"]


LAST = {
    "at the end": ('Counter("c", "d", ["user_id"])', 'Counter("c", "d")'),
    "by keyword": ('Counter("c", "d", labelnames=["user_id"])', 'Counter("c", "d")'),
    "a tuple": ('Counter("c", "d", ("user_id",))', 'Counter("c", "d")'),
    "before a keyword": ('Counter("c", "d", ["user_id"], namespace="n")', 'Counter("c", "d", namespace="n")'),
    "a keyword between others": ('Counter("c", labelnames=["user_id"], documentation="d")', 'Counter("c", documentation="d")'),
    "on lines of its own": ('Counter(\n    "c",\n    "d",\n    ["user_id"],\n)', 'Counter(\n    "c",\n    "d",\n)'),
    "before another position": ('Counter("c", "d", ["user_id"], "n")', 'Counter("c", "d", [], "n")'),
    "in parentheses": ('Counter("c", "d", (["user_id"]))', 'Counter("c", "d", ([]))'),
    "beside a comment": ('Counter(\n    "c",\n    "d",  # that\n    ["user_id"],\n)', 'Counter(\n    "c",\n    "d",  # that\n    [],\n)'),
}


@pytest.mark.parametrize("name", LAST)
def test_no_empty_list_is_left_of_the_last_label(name: str, tmp_path: Path) -> None:
    before, after = LAST[name]
    head, use = "from prometheus_client import Counter\n\nC = ", "\n\n\ndef f(user_id):\n    C.labels(user_id).inc()\n"
    (tmp_path / "app.py").write_text(f"{head}{before}{use}")
    said = cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path).stderr
    assert (tmp_path / "app.py").read_text() == f"{head}{after}{use}".replace("C.labels(user_id).inc()", "C.inc()"), said
