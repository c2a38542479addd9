"""Evidence of multiprocess mode: which of several programs of a checkout it concerns."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from cardlint.config import Config
from cardlint.engine import run
from cardlint.project import importers
from cardlint.rules._mode_evidence import ModeEvidence

SIGN = "from prometheus_client import CollectorRegistry, multiprocess\nmultiprocess.MultiProcessCollector(CollectorRegistry())\n"
SETS = "import os\nos.environ['PROMETHEUS_MULTIPROC_DIR'] = '/tmp/x'\nimport prometheus_client\n"
SERVES = "from prometheus_client import start_http_server\nstart_http_server(8000)\n"
EXPOSES = "from prometheus_client import generate_latest\ndef metrics():\n    return generate_latest()\n"
EXPOSES_ALL = (
    "from prometheus_client import CollectorRegistry, generate_latest, multiprocess\n"
    "def metrics():\n    r = CollectorRegistry()\n    multiprocess.MultiProcessCollector(r)\n    return generate_latest(r)\n"
)
GAUGE = "from prometheus_client import Gauge\nG = Gauge('g', 'G')\n"
SIGNED, SERVED = {"one/sign.py": SIGN}, {"two/main.py": SERVES}


def concerned(metric: str, others: dict[str, str]) -> bool:
    """Tell whether the evidence of some files concerns a metric that is declared in another file."""
    texts = {name: text.encode() for name, text in {**others, metric: GAUGE}.items()}
    program = run((), Config(select=("multiprocess-pid",)), instead=texts, files=tuple(sorted(texts))).program
    concerning = ModeEvidence(program)
    [found] = [m for m in program.metrics if m.place.path == metric]
    return concerning(found) is not None


@pytest.mark.parametrize(
    ("metric", "others", "expected"),
    [
        ("two/m.py", SIGNED, True),
        ("two/m.py", SERVED, False),
        ("two/m.py", SIGNED | SERVED, False),
        ("two/deep/er/m.py", SIGNED | SERVED, False),
        ("one/m.py", SIGNED | SERVED, True),
        ("three/m.py", SIGNED | SERVED, True),
        ("m.py", SIGNED | SERVED, True),
        ("two/m.py", {"two/deep/sign.py": SIGN} | SERVED, True),
        ("two/m.py", {"twofold/sign.py": SIGN} | SERVED, False),
        ("two/in/m.py", {"two/in/main.py": SERVES, "two/sign.py": SIGN}, False),
        ("two/m.py", {"one/gunicorn_conf.py": SIGN} | SERVED, True),
        ("two/m.py", {"gunicorn_conf.py": SIGN, "one/sign.py": SIGN, "two/main.py": SERVES}, False),
        ("two/m.py", {"gunicorn_conf.py": SIGN, "one/sign.py": SIGN, "lib/expose.py": EXPOSES}, False),
        ("one/m.py", {"gunicorn_conf.py": SIGN, "one/sign.py": SIGN, "lib/expose.py": EXPOSES}, True),
        ("one/in/m.py", {"gunicorn_conf.py": SIGN, "one/sign.py": SIGN, "lib/expose.py": EXPOSES}, True),
        ("m.py", {"gunicorn_conf.py": SIGN, "one/sign.py": SIGN, "lib/expose.py": EXPOSES}, True),
        ("two/m.py", {"gunicorn_conf.py": SIGN, "one/sign.py": SIGN, "one/expose.py": EXPOSES}, True),
        ("two/m.py", {"gunicorn_conf.py": SIGN, "one/sign.py": SIGN, "expose.py": EXPOSES}, True),
        ("two/m.py", {"gunicorn_conf.py": SIGN, "one/sign.py": SIGN, "lib/expose.py": EXPOSES_ALL}, True),
        ("two/m.py", {"one/sign.py": SIGN, "two/expose.py": EXPOSES}, False),
        ("two/m.py", {"one/sign.py": SETS, "two/expose.py": EXPOSES}, True),
        ("two/m.py", {"one/sign.py": SETS, "one/all.py": EXPOSES_ALL, "two/expose.py": EXPOSES}, False),
        ("two/deep/m.py", {"one/sign.py": SIGN, "one/all.py": EXPOSES_ALL, "two/expose.py": EXPOSES}, False),
        ("three/m.py", {"one/sign.py": SIGN, "one/all.py": EXPOSES_ALL, "two/expose.py": EXPOSES}, True),
        ("two/m.py", {"one/sign.py": SIGN, "two/all.py": EXPOSES_ALL, "two/expose.py": EXPOSES}, True),
        ("../two/m.py", {"../one/sign.py": SIGN, "../two/main.py": SERVES}, False),
        ("../m.py", {"../one/sign.py": SIGN, "../two/main.py": SERVES}, True),
        ("/top/two/m.py", {"/top/one/sign.py": SIGN, "/top/two/main.py": SERVES}, False),
        ("/m.py", {"/top/one/sign.py": SIGN, "/top/two/main.py": SERVES}, True),
    ],
)
def test_evidence_concerns_the_program_that_it_is_in(metric: str, others: dict[str, str], expected: bool) -> None:
    assert concerned(metric, others) is expected


WORKER = "import os\nos.environ['PROMETHEUS_MULTIPROC_DIR'] = '/tmp/x'\n" + EXPOSES_ALL
MAIN = "if __name__ == '__main__':\n    run()\n"


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        # two programs in two folders that import one module for the database
        ({"app/page.py": "import app.m\n" + EXPOSES, "jobs/work.py": "import app.db\n" + WORKER, "app/db.py": ""}, False),
        # the worker loads the metrics through that module, in a function, or by a text
        ({"app/page.py": "import app.m\n" + EXPOSES, "jobs/work.py": "import app.db\n" + WORKER, "app/db.py": "from . import m\n"}, True),
        (
            {
                "app/page.py": "import app.m\n" + EXPOSES,
                "jobs/work.py": "from app import db\n" + WORKER,
                "app/db.py": "def f():\n    from app.m import G\n",
            },
            True,
        ),
        ({"app/page.py": "import app.m\n" + EXPOSES, "jobs/work.py": "MODULES = ['app.m']\n" + WORKER}, True),
        ({"app/page.py": "import app.m\n" + EXPOSES, "jobs/work.py": "run('app.m.G', 'app.m:G')\n" + WORKER}, True),
        # a third file loads both
        ({"app/page.py": "import app.m\n" + EXPOSES, "jobs/work.py": WORKER, "main.py": "import app.page, jobs.work\n"}, True),
        ({"app/page.py": EXPOSES, "jobs/work.py": WORKER, "main.py": "import app.page, jobs.work\n"}, True),
        ({"app/page.py": EXPOSES, "jobs/work.py": WORKER, "urls.py": "PATHS = ['app.page.Metrics', 'jobs.work.Metrics']\n"}, True),
        # the name of a task loads nothing
        ({"app/page.py": "import app.m\nsend_task('jobs.work.metrics')\n" + EXPOSES, "jobs/work.py": WORKER}, False),
        ({"app/page.py": EXPOSES, "jobs/work.py": WORKER, "tests/test_all.py": "import app.page, jobs.work\n"}, False),
        # each module of a package loads its `__init__`
        ({"app/page.py": EXPOSES, "jobs/work.py": "import app.db\n" + WORKER, "app/db.py": "", "app/__init__.py": "import app.m\n"}, True),
        # the file that sets the variable is not the one that collects
        ({"app/page.py": EXPOSES, "jobs/work.py": SETS + "import other.pages\n", "other/pages.py": EXPOSES_ALL}, False),
        ({"app/page.py": EXPOSES, "jobs/work.py": SETS, "other/pages.py": EXPOSES_ALL}, True),
        # both programs lie in one folder
        ({"app/page.py": "import app.m\n" + EXPOSES, "app/work.py": WORKER}, True),
        ({"app/page.py": "import app.m\n" + EXPOSES + MAIN, "app/work.py": WORKER + MAIN}, False),
        ({"app/page.py": "import app.m\n" + EXPOSES + MAIN, "app/work.py": WORKER + SERVES.replace("8000", "80, registry=R")}, False),
        ({"app/page.py": EXPOSES + MAIN, "app/work.py": WORKER + MAIN}, True),
        ({"app/page.py": "import app.m\n" + EXPOSES + MAIN, "app/work.py": "import app.m\n" + WORKER + MAIN}, True),
        # a Dockerfile or a configuration of gunicorn counts for all programs but those that expose themselves
        ({"gunicorn_conf.py": SIGN, "jobs/work.py": WORKER, "lib/page.py": EXPOSES}, False),
        ({"gunicorn_conf.py": SIGN, "jobs/work.py": "import app.m\n" + WORKER, "lib/page.py": EXPOSES}, True),
    ],
)
def test_evidence_concerns_what_its_program_loads(others: dict[str, str], expected: bool) -> None:
    assert concerned("app/m.py", others) is expected


LAUNCH = "import os, subprocess\nos.environ['PROMETHEUS_MULTIPROC_DIR'] = '/tmp/x'\n"
COLLECTOR = "from flask import Flask\n" + EXPOSES_ALL + MAIN
"""magma/magma: `cn/deploy/scripts/agw_state.py` exposes what the scripts next to it write; the services in other folders never run it"""
OWN = {"svc/main.py": "import svc.m\n" + MAIN}


@pytest.mark.parametrize(
    ("metric", "others", "expected"),
    [
        ("svc/m.py", {"tools/state.py": COLLECTOR}, False),
        ("svc/m.py", OWN | {"tools/state.py": COLLECTOR}, False),
        ("tools/m.py", {"tools/state.py": COLLECTOR}, True),
        ("tools/in/m.py", {"tools/state.py": COLLECTOR}, True),
        ("svc/m.py", {"tools/__main__.py": EXPOSES_ALL}, False),
        # the script loads the metrics: by an import, through another module, in a function, by a text
        ("svc/m.py", {"tools/state.py": "import svc.m\n" + COLLECTOR}, True),
        ("svc/m.py", {"tools/state.py": "from svc import db\n" + COLLECTOR, "svc/db.py": "from . import m\n", "svc/__init__.py": ""}, True),
        ("svc/m.py", {"tools/state.py": "from svc.db import f\n" + COLLECTOR, "svc/db.py": "def f():\n    from svc.m import G\n"}, True),
        ("svc/m.py", {"tools/state.py": "import svc.db\n" + COLLECTOR, "svc/db.py": "", "svc/__init__.py": "from . import m\n"}, True),
        ("svc/m.py", {"tools/state.py": "NAMES = ['svc.m']\n" + COLLECTOR}, True),
        # another program loads the script and the metrics, or may do so
        ("svc/m.py", {"tools/state.py": COLLECTOR, "main.py": "import svc.m, tools.state\n" + MAIN}, True),
        ("svc/m.py", {"tools/state.py": COLLECTOR, "cli.py": "import tools.state\n" + MAIN}, False),
        ("svc/m.py", {"tools/state.py": COLLECTOR, "wsgi.py": "import tools.state\n"}, True),
        ("svc/m.py", {"tools/state.py": EXPOSES_ALL}, True),
        ("svc/m.py", {"tools/lib.py": EXPOSES_ALL, "tools/run.py": "from tools import lib\n" + MAIN}, False),
        # the script starts processes: those it names, and any where it names none
        (
            "svc/m.py",
            OWN | {"tools/run.py": LAUNCH + "subprocess.run(['gunicorn', 'tools.page:app', '-w', '4'])\n", "tools/page.py": ""},
            False,
        ),
        ("svc/m.py", OWN | {"tools/run.py": LAUNCH + "subprocess.run(['gunicorn', 'page:app', '-w', '4'])\n", "tools/page.py": ""}, False),
        ("svc/m.py", OWN | {"tools/run.py": LAUNCH + "subprocess.run(['gunicorn', 'svc.main:app', '-w', '4'])\n"}, True),
        ("svc/m.py", OWN | {"tools/run.py": LAUNCH + "subprocess.run('gunicorn -w 4 svc.main:app', shell=True)\n"}, True),
        (
            "svc/m.py",
            OWN | {"tools/run.py": LAUNCH + "subprocess.run(['python', '-m', 'svc'])\n", "svc/__main__.py": "import svc.main\n"},
            True,
        ),
        ("svc/m.py", OWN | {"tools/run.py": LAUNCH + "subprocess.Popen(['python', 'svc/main.py'])\n"}, True),
        ("svc/m.py", OWN | {"tools/run.py": LAUNCH + "import uvicorn\nuvicorn.run('svc.main:app', workers=4)\n"}, True),
        ("svc/m.py", OWN | {"tools/run.py": LAUNCH + "import sys\nos.execvp(sys.argv[1], sys.argv[1:])\n"}, True),
        ("svc/m.py", OWN | {"tools/run.py": LAUNCH + "def f(c):\n    subprocess.run(c)\n" + MAIN}, True),
        # another sign concerns the metrics
        ("svc/m.py", {"tools/state.py": COLLECTOR, "svc/sign.py": SIGN}, True),
        ("svc/m.py", {"tools/state.py": COLLECTOR, "gunicorn.conf.py": SIGN}, True),
    ],
)
def test_a_script_concerns_what_it_loads_or_starts(metric: str, others: dict[str, str], expected: bool) -> None:
    assert concerned(metric, others) is expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("export PROMETHEUS_MULTIPROC_DIR=/tmp/x\npython3 /srv/tools/state.py &\n", False),
        ("echo 'export PROMETHEUS_MULTIPROC_DIR=\"/tmp/x\"' >> ~/.bashrc\necho 'export APP=\"/srv/tools/state.py\"' >> ~/.bashrc\n", False),
        ("export PROMETHEUS_MULTIPROC_DIR=/tmp/x\ngunicorn --workers 4 tools.state:app\n", False),
        ("export PROMETHEUS_MULTIPROC_DIR=/tmp/x\ngunicorn --workers 4 svc.main:app\n", True),
        ("export PROMETHEUS_MULTIPROC_DIR=/tmp/x\npython -m svc.main\n", True),
        # what the script starts is not in it, or may be more than is in it
        ("export PROMETHEUS_MULTIPROC_DIR=/tmp/x\n", True),
        ('export PROMETHEUS_MULTIPROC_DIR=/tmp/x\npython tools/state.py\nexec "$@"\n', True),
        ("export PROMETHEUS_MULTIPROC_DIR=/tmp/x\npython tools/state.py\ngunicorn --workers 4 $APP\n", True),
        ("export PROMETHEUS_MULTIPROC_DIR=/tmp/x\npython tools/state.py\npython -m $1\n", True),
        ("export PROMETHEUS_MULTIPROC_DIR=/tmp/x\nfolder=$1\npython tools/state.py\n", False),
    ],
)
def test_a_shell_script_concerns_what_it_starts(script: str, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"svc/m.py": GAUGE, **OWN, "tools/state.py": "app = 1\n", "tools/run.sh": script}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    program = run((".",), Config(select=("multiprocess-pid",))).program
    assert (ModeEvidence(program)(program.metrics[0]) is not None) is expected


def test_with_too_many_loaded_files_a_script_may_concern_all(monkeypatch: pytest.MonkeyPatch) -> None:
    others = {"tools/state.py": "import tools.a, tools.b\n" + COLLECTOR, "tools/a.py": "", "tools/b.py": ""}
    assert not concerned("svc/m.py", others)
    monkeypatch.setattr(importers, "MAX_LOADING", 1)
    assert concerned("svc/m.py", others)


def test_with_too_many_importers_folders_tell_the_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    others = {"app/page.py": "import app.m\n" + EXPOSES + MAIN, "app/work.py": WORKER + MAIN}
    monkeypatch.setattr(importers, "MAX_LOADING", 1)
    assert concerned("app/m.py", others)


@pytest.mark.parametrize(
    ("metric", "sign", "expected"),
    [
        ("one/m.py", "one/sign.py", True),
        ("two/m.py", "one/sign.py", False),
        ("two/deep/m.py", "one/sign.py", False),
        ("m.py", "one/sign.py", True),
        ("two/m.py", "sign.py", True),
        ("one/in/m.py", "one/sign.py", True),
        ("one/m.py", "one/in/sign.py", True),
        ("oneself/m.py", "one/sign.py", False),
    ],
)
def test_evidence_in_one_project_does_not_concern_the_next(metric: str, sign: str, expected: bool) -> None:
    texts = {metric: GAUGE.encode(), sign: SIGN.encode()}
    program = run((), Config(select=("multiprocess-pid",)), instead=texts, files=tuple(sorted(texts))).program
    [found] = [m for m in program.metrics if m.place.path == metric]
    assert ModeEvidence(program)(found) is not None
    together = replace(program, projects=("one", "one/in", "oneself", "two"))
    assert (ModeEvidence(together)(found) is not None) is expected


@pytest.mark.parametrize(
    ("exposed", "expected"),
    [
        ("push_to_gateway('gateway:9091', job='j', registry=R)", False),
        ("generate_latest(R)", False),
        ("make_wsgi_app(R)", False),
        ("start_http_server(8000, registry=R)", False),
        ("generate_latest(CollectorRegistry())", True),
        ("generate_latest()", True),
    ],
)
def test_a_registry_that_is_exposed_alone_adds_no_process_id(exposed: str, expected: bool) -> None:
    text = f"from prometheus_client import *\nR = CollectorRegistry()\nG = Gauge('g', 'G', registry=R)\n{exposed}\n"
    texts = {"m.py": text.encode(), "sign.py": SIGN.encode()}
    program = run((), Config(select=("multiprocess-pid",)), instead=texts, files=tuple(sorted(texts))).program
    assert (ModeEvidence(program)(program.metrics[0]) is not None) is expected


def test_thousands_of_metrics_and_calls_are_compared_in_time() -> None:
    served = "from prometheus_client import start_http_server\n" + "start_http_server(8000)\n" * 3_000
    gauges = "from prometheus_client import Gauge\n" + "".join(f"G{n} = Gauge('g{n}', 'G')\n" for n in range(3_000))
    folder = "/".join(["a"] * 100)
    texts = {"one/sign.py": SIGN, "two/main.py": served, f"{folder}/m.py": gauges}
    program = run(
        (), Config(select=("multiprocess-pid",)), instead={n: t.encode() for n, t in texts.items()}, files=tuple(sorted(texts))
    ).program
    assert len(program.metrics) == 3_000
    assert sum(call.path.endswith("start_http_server") for call in program.externals) == 3_000
    started = time.process_time()
    concerning = ModeEvidence(program)
    assert all(concerning(metric) is not None for metric in program.metrics)
    assert time.process_time() - started < 1
