"""Fixes that a maintainer merges: equal numbers, imports in their place, buckets for the unit, and nothing left behind in silence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_command_line import cardlint

FIX = ("--fix", "--unsafe-fixes", "--format", "concise", ".")


def fixed(folder: Path, **files: str) -> str:
    """Write files, fix them, and return what the command says of it."""
    for name, text in files.items():
        path = folder / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return cardlint(*FIX, cwd=folder).stderr


def pytest_passes(folder: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "."]
    own = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}  # its options are those of the outer run
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, env=own).returncode == 0


# reads of private attributes ------------------------------------------------------------------------------------------------

METRICS = """from prometheus_client import Counter, Gauge, Histogram

JOBS = Counter("jobs", "Jobs", ["kind"])
OPEN = Gauge("open", "Open")
TIME = Histogram("time_seconds", "Time", ["kind"])
"""
TEST = '''"""Tests of the metrics."""

from __future__ import annotations

import os

import pytest

import metrics
from metrics import JOBS, OPEN


def test_a_child_that_nobody_made_reads_as_zero():
    assert JOBS.labels("never")._value.get() == 0
    before = JOBS.labels(kind="new")._value.get()
    JOBS.labels("new").inc()
    assert JOBS.labels("new")._value.get() == before + 1
    assert JOBS.labels("new")._value.get() == 1
    assert JOBS.labels("new")._value.get() > before


def test_a_metric_without_labels():
    OPEN.set(3)
    assert OPEN._value.get() == 3
    assert OPEN._value.get() < 4
    assert metrics.TIME.labels("never")._sum.get() == pytest.approx(0)
'''


def test_private_reads_are_asked_for_with_the_same_result(tmp_path: Path) -> None:
    (tmp_path / "metrics.py").write_text(METRICS)
    (tmp_path / "test_metrics.py").write_text(TEST)
    assert pytest_passes(tmp_path)
    said = fixed(tmp_path)
    text = (tmp_path / "test_metrics.py").read_text()
    assert "._value" not in text
    assert "._sum" not in text
    assert "import os\n\nimport pytest\nfrom prometheus_client import REGISTRY\n\nimport metrics\n" in text, "behind what is imported whole"
    assert text.count("def _sample_value(") == 1
    assert '    assert _sample_value("jobs_total", {"kind": "never"}) == 0\n' in text
    assert '    assert REGISTRY.get_sample_value("jobs_total", {"kind": "new"}) == 1\n' in text, "None is not 1, and neither is 0"
    assert '    assert REGISTRY.get_sample_value("open") == 3\n' in text
    assert '    assert _sample_value("open") < 4\n' in text, "a type checker knows that the registry may say None"
    assert said.count(": private-value: fixed: ") == 8
    assert pytest_passes(tmp_path)
    assert "0 files changed" in fixed(tmp_path)
    formatted = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", "test_metrics.py"]
    assert subprocess.run(formatted, cwd=tmp_path, check=False).returncode == 0


NOT_EQUAL = {
    "a helper that is given the metric": (
        "def value(metric):\n    return metric._value.get()\n\n\ndef test_it():\n    assert value(metrics.OPEN) == 0\n",
        "`metric` is a parameter",
    ),
    "a helper that is given its owner": (
        "class Owner:\n    open = metrics.OPEN\n\n\ndef value(owner: Owner):\n    return owner.open._value.get()\n\n\ndef test_it():\n    assert value(Owner()) == 0\n",
        "`owner` is a parameter",
    ),
    "a metric of an object": (
        "from prometheus_client import Gauge\n\n\nclass Owner:\n    def __init__(self):\n        self.size = Gauge('size', 'Size')\n\n    def value(self):\n        return self.size._value.get()\n",
        "the metric may be made more than once",
    ),
    "a variable with one metric or another": (
        "def test_it(flag):\n    m = metrics.OPEN\n    if flag:\n        m = metrics.OPEN\n    assert m._value.get() == 0\n",
        "`m` may hold another metric",
    ),
    "a registry that is emptied": (
        "from prometheus_client import REGISTRY\n\n\ndef teardown():\n    REGISTRY.unregister(metrics.OPEN)\n\n\ndef test_it():\n    assert metrics.OPEN._value.get() == 0\n",
        "takes metrics out of a registry",
    ),
    "a metric that is cleared": (
        "def test_it():\n    metrics.JOBS.clear()\n    assert metrics.JOBS.labels('a')._value.get() == 0\n",
        "its series are removed or cleared somewhere",
    ),
    "a value from a function": (
        "def test_it():\n    metrics.OPEN.set_function(lambda: 3)\n    assert metrics.OPEN._value.get() == 0\n",
        "its value comes from a function",
    ),
    "a name of the helper's": (
        "def _sample_value():\n    pass\n\n\ndef test_it():\n    assert metrics.OPEN._value.get() > 0\n",
        "`_sample_value` is something else in this file",
    ),
}


@pytest.mark.parametrize("name", NOT_EQUAL)
def test_a_read_that_may_be_another_number_is_refused(name: str, tmp_path: Path) -> None:
    code, reason = NOT_EQUAL[name]
    text = f"import prometheus_client\n\nimport metrics\n\n\n{code}"
    said = fixed(tmp_path, metrics=METRICS, test_it=text)
    assert f"private-value: not fixed: {reason}" in said or (reason in said and "private-value: not fixed: " in said)
    assert (tmp_path / "test_it.py").read_text() == text


def test_a_program_that_reads_while_it_works_is_left_alone(tmp_path: Path) -> None:
    code = "import prometheus_client\n\nimport metrics\n\n\ndef ratio():\n    return metrics.OPEN._value.get() / 2\n"
    assert "outside of tests, reading a number from the registry is expensive" in fixed(tmp_path, metrics=METRICS, app=code)
    assert (tmp_path / "app.py").read_text() == code


def test_an_import_that_nothing_uses_any_more_is_named(tmp_path: Path) -> None:
    said = fixed(tmp_path, metrics=METRICS, test_it="from metrics import JOBS" + READ)
    assert "left behind: the import of `JOBS` (test_it.py:1), whose module has to stay imported" in said
    said = fixed(tmp_path, metrics=METRICS, test_it="from metrics import JOBS" + READ + "    JOBS.labels('a').inc()\n")
    assert "left behind" not in said


LONG = "organizations_and_networks_total"


def test_a_long_question_is_broken_as_formatters_break_it(tmp_path: Path) -> None:
    metrics = f'from prometheus_client import Counter\n\nC = Counter("{LONG}", "C", ["operation", "status"])\n'
    test = "from metrics import C\n\n\ndef test_it():\n    before = C.labels(operation='getOrganizations', status='200')._value.get()\n"
    more = "\n\ndef test_more():\n    assert C.labels('get' + 'Organizations' + 'And' + 'Networks' + 'And' + 'Devices', '200')._value.get() == 1\n"
    fixed(tmp_path, metrics=metrics, test_it=test + "    print(before)\n", test_more="from metrics import C\n" + more)
    text = (tmp_path / "test_it.py").read_text()
    question = "{\"operation\": 'getOrganizations', \"status\": '200'}"
    assert f'    before = _sample_value(\n        "{LONG}",\n        {question},\n    )\n' in text
    assert (
        f'    assert REGISTRY.get_sample_value(\n        "{LONG}",\n        {{\n'
        "            \"operation\": str('get' + 'Organizations' + 'And' + 'Networks' + 'And' + 'Devices'),\n"
    ) in (tmp_path / "test_more.py").read_text()


# imports --------------------------------------------------------------------------------------------------------------------

READ = "\n\ndef test_it():\n    assert JOBS.labels('a')._value.get() == 1\n"
IMPORTS = {
    "the section of packages": (
        "import os\n\nimport pytest\nfrom werkzeug import Request\n\nfrom metrics import JOBS\n",
        "import os\n\nimport pytest\nfrom prometheus_client import REGISTRY\nfrom werkzeug import Request\n\nfrom metrics import JOBS\n",
    ),
    "a section of its own": (
        "from __future__ import annotations\n\nimport os\n\nfrom metrics import JOBS\n",
        "from __future__ import annotations\n\nimport os\n\nfrom prometheus_client import REGISTRY\n\nfrom metrics import JOBS\n",
    ),
    "in front of the project's own": (
        '"""Tests."""\n\nfrom metrics import JOBS\n',
        '"""Tests."""\n\nfrom prometheus_client import REGISTRY\n\nfrom metrics import JOBS\n',
    ),
    "among the names of an import": (
        "from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest\n\nfrom metrics import JOBS\n",
        "from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, generate_latest\n\nfrom metrics import JOBS\n",
    ),
    "one name a line": (
        "from prometheus_client import CONTENT_TYPE_LATEST\nfrom prometheus_client import Counter\n\nfrom metrics import JOBS\n",
        "from prometheus_client import CONTENT_TYPE_LATEST\nfrom prometheus_client import REGISTRY\nfrom prometheus_client import Counter\n\nfrom metrics import JOBS\n",
    ),
    "an import over lines": (
        "from prometheus_client import (\n    Counter,\n    Gauge,\n)\n\nfrom metrics import JOBS\n",
        "from prometheus_client import (\n    REGISTRY,\n    Counter,\n    Gauge,\n)\n\nfrom metrics import JOBS\n",
    ),
    "the whole library": (
        "import prometheus_client as p\n\nfrom metrics import JOBS\n",
        "import prometheus_client as p\n\nfrom metrics import JOBS\n",
    ),
}


@pytest.mark.parametrize("name", IMPORTS)
def test_an_import_goes_where_isort_puts_it(name: str, tmp_path: Path) -> None:
    before, after = IMPORTS[name]
    fixed(tmp_path, metrics=METRICS, test_it=before + READ)
    registry = "p.REGISTRY" if "as p" in after else "REGISTRY"
    text = (tmp_path / "test_it.py").read_text()
    assert text == after + READ.replace("JOBS.labels('a')._value.get()", f"""{registry}.get_sample_value("jobs_total", {{"kind": 'a'}})""")
    style = ["--config", 'lint.isort.known-first-party=["metrics"]']
    style += ["--config", "lint.isort.force-single-line=true"] if name == "one name a line" else []
    checked = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "I", *style, "test_it.py"]
    assert subprocess.run(checked, cwd=tmp_path, check=False).returncode == 0


# summaries ------------------------------------------------------------------------------------------------------------------

SECONDS = "buckets=[0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]"
BYTES = "buckets=[256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216]"
UNITS = {
    "seconds in the name": ('Summary("wait_seconds", "Wait")', SECONDS),
    "bytes in the name": ('Summary("sent_bytes", "Sent")', BYTES),
    "milliseconds": ('Summary("wait_ms", "Wait")', "buckets=[10, 50, 100, 250, 500, 1000, 2500, 5000, 10000]"),
    "the unit": ('Summary("sent", "Sent", unit="bytes")', BYTES),
    "the help text": ('Summary("message_size", "Size of incoming messages in bytes")', BYTES),
    "a timer": ('Summary("wait", "Wait")\nwith S.time():\n    pass', SECONDS),
}


@pytest.mark.parametrize("name", UNITS)
def test_buckets_follow_the_unit(name: str, tmp_path: Path) -> None:
    code, buckets = UNITS[name]
    said = fixed(tmp_path, app=f"from prometheus_client import Summary\n\nS = {code}\nS.observe(1)\n")
    text = (tmp_path / "app.py").read_text()
    assert buckets in text
    assert "import Histogram\n" in text
    assert "9 bounds from " in said
    assert subprocess.run([sys.executable, "app.py"], cwd=tmp_path, check=False).returncode == 0


STAY = {
    "no unit": ('S = Summary("rows", "Rows")\n', "nothing tells its unit"),
    "a name of one letter": ('S = Summary("s", "S")\n', "nothing tells its unit"),
    "asked for by its class": (
        'S = Summary("a_seconds", "A")\nassert isinstance(S, Summary)\n',
        "the class `Summary` is asked for in app.py:4",
    ),
    "replaced in a test": ('S = Summary("a_seconds", "A")\nNAME = "app.Summary"\n', "the class `Summary` is asked for in app.py:4"),
    "its count is read": ('S = Summary("a_seconds", "A")\nassert S._count.get() == 0\n', "`_count` is read in app.py:4"),
}


@pytest.mark.parametrize("name", STAY)
def test_a_summary_stays_where_buckets_or_code_would_be_wrong(name: str, tmp_path: Path) -> None:
    code, reason = STAY[name]
    text = f"from prometheus_client import Summary\n\n{code}"
    (tmp_path / "app.py").write_text(text)
    done = cardlint("--diff", "--unsafe-fixes", "--ignore", "private-value", ".", cwd=tmp_path)
    assert f"summary: not fixed: {reason}" in done.stderr
    assert done.stdout == ""


def test_no_import_is_doubled(tmp_path: Path) -> None:
    head = "from prometheus_client import Counter\nfrom prometheus_client import Histogram\nfrom prometheus_client import Summary\n"
    fixed(tmp_path, app=f'{head}\nS = Summary("a_seconds", "A")\n')
    assert (tmp_path / "app.py").read_text().startswith(head.replace("from prometheus_client import Summary\n", "") + "\nS = Histogram(")
    fixed(tmp_path, app=f'{head.replace("Histogram", "Info")}\nS = Summary("a_seconds", "A")\n')
    assert (
        (tmp_path / "app.py")
        .read_text()
        .startswith(
            "from prometheus_client import Counter\nfrom prometheus_client import Histogram\nfrom prometheus_client import Info\n\nS = "
        )
    )
    fixed(tmp_path, app='from prometheus_client import Counter, Info, Summary\n\nS = Summary("a_seconds", "A")\n')
    assert (tmp_path / "app.py").read_text().startswith("from prometheus_client import Counter, Histogram, Info\n")


# labels ---------------------------------------------------------------------------------------------------------------------


def test_what_a_removed_label_leaves_behind_is_named(tmp_path: Path) -> None:
    code = (
        'from prometheus_client import Counter\n\nLOGINS = Counter("logins_per_user", "Logins for each user", ["kind", "user_id"])\n\n\n'
        "def login(kind, user_id):\n    LOGINS.labels(kind='a' if kind else 'b', user_id=user_id).inc()\n\n\n"
        "def other(user):\n    name = user.id\n    LOGINS.labels(kind='c', user_id=name).inc()\n    print(user)\n"
    )
    said = fixed(tmp_path, app=code)
    assert (
        "left behind: the parameter `user_id` of `login` (app.py:6), the variable `name` (app.py:11), "
        "the help text with `each user` (app.py:3), the name `logins_per_user` with `per_user`\n"
    ) in said
    assert said.count("identity-label: fixed: remove the label `user_id` everywhere") == 1, "one line for one change"


LAST = {
    "set": "G.labels('a', user_id).set(1)\n",
    "set at another place": "def f(g):\n    G.labels('a', user_id).inc()\n\n\nG.labels('b', user_id).set(2)\n",
    "a child that is kept": "child = G.labels('a', user_id)\n",
}


@pytest.mark.parametrize("name", LAST)
def test_a_label_of_what_is_set_stays(name: str, tmp_path: Path) -> None:
    code = f"import uuid\n\nfrom prometheus_client import Gauge\n\nuser_id = str(uuid.uuid4())\nG = Gauge('g', 'G', ['kind', 'user_id'])\n{LAST[name]}"
    said = fixed(tmp_path, app=code)
    assert "without `user_id` all values would go to one series: the last writer wins" in said
    assert (tmp_path / "app.py").read_text() == code


def test_a_label_of_what_is_counted_goes(tmp_path: Path) -> None:
    code = "import uuid\n\nfrom prometheus_client import Gauge\n\nuser_id = str(uuid.uuid4())\nG = Gauge('g', 'G', ['kind', 'user_id'])\n"
    fixed(tmp_path, app=f"{code}G.labels('a', user_id).inc()\nG.labels('a', user_id).dec()\n")
    assert (tmp_path / "app.py").read_text().endswith("['kind'])\nG.labels('a').inc()\nG.labels('a').dec()\n")


# gauges of several processes ------------------------------------------------------------------------------------------------


def test_the_meaning_of_a_mode_is_told(tmp_path: Path) -> None:
    head = "import os\n\nfrom prometheus_client import Gauge\n\nos.environ.get('PROMETHEUS_MULTIPROC_DIR')\n"
    said = fixed(tmp_path, app=f"{head}A = Gauge('a', 'A')\nB = Gauge('b', 'B')\nC = Gauge('c', 'C')\nA.inc()\nB.set(1)\n")
    assert 'add multiprocess_mode="livesum": `a` is counted up and down, so a scrape shows the sum over all live processes' in said
    assert (
        'add multiprocess_mode="livemostrecent": `b` is set (app.py:10), so a scrape shows the last value that a live process set' in said
    )
    assert "multiprocess-pid: not fixed: no call that changes it was found" in said
    code = f"{head}D = Gauge('d', 'D')\nITEMS = []\nD.set(len(ITEMS))\n"
    assert "it is set to `len(ITEMS)` in app.py:8, which may be the share of one process" in fixed(tmp_path, app=code)
    assert (tmp_path / "app.py").read_text() == code


def test_a_long_declaration_is_broken(tmp_path: Path) -> None:
    head = "import os\n\nfrom prometheus_client import Gauge\n\nos.environ.get('PROMETHEUS_MULTIPROC_DIR')\n"
    fixed(
        tmp_path,
        app=f"{head}CERTIFICATES = Gauge('certificate_expiration_days', 'Days until it expires', ['name'])\nCERTIFICATES.labels('a').set(1)\n",
    )
    assert (
        "CERTIFICATES = Gauge(\n    'certificate_expiration_days',\n    'Days until it expires',\n    ['name'],\n"
        '    multiprocess_mode="livemostrecent",\n)\n'
    ) in (tmp_path / "app.py").read_text()


# routes ---------------------------------------------------------------------------------------------------------------------

MIDDLEWARE = """from fastapi import FastAPI, Request
from prometheus_client import {kind}

app = FastAPI()
C = {kind}("c", "C", ["path"])


@app.middleware("http")
async def count(request: Request, call_next):
{body}
"""
AFTER = "    response = await call_next(request)\n    C.labels(path=request.url.path).inc()\n    return response"
BEFORE = "    C.labels(path=request.url.path).inc()\n    return await call_next(request)"


def test_the_route_is_asked_for_after_the_router(tmp_path: Path) -> None:
    fixed(tmp_path, app=MIDDLEWARE.format(kind="Counter", body=AFTER))
    assert 'request.scope.get("route")' in (tmp_path / "app.py").read_text()
    code = MIDDLEWARE.format(kind="Counter", body=BEFORE)
    assert "raw-path: not fixed: the route is not known before `call_next` has run, on line 11" in fixed(tmp_path, app=code)
    assert (tmp_path / "app.py").read_text() == code
    code = MIDDLEWARE.format(kind="Gauge", body=AFTER)
    assert "both must name the same series" in fixed(tmp_path, app=code)
    assert (tmp_path / "app.py").read_text() == code


def test_a_query_string_is_no_path(tmp_path: Path) -> None:
    code = (
        "from flask import Flask, request\nfrom prometheus_client import Counter\n\napp = Flask(__name__)\n"
        "C = Counter('c', 'C', ['query'])\n\n\n@app.after_request\ndef count(response):\n"
        "    C.labels(request.query_string.decode('utf-8')).inc()\n    return response\n"
    )
    (tmp_path / "app.py").write_text(code)
    done = cardlint(*FIX, cwd=tmp_path)
    assert "raw-path: not fixed: the query string is not part of the path" in done.stderr
    assert (tmp_path / "app.py").read_text() == code


def test_starlette_alone_may_not_know_the_route(tmp_path: Path) -> None:
    code = MIDDLEWARE.format(kind="Counter", body=AFTER).replace(
        "from fastapi import FastAPI, Request", "from starlette.requests import Request"
    )
    code = code.replace("app = FastAPI()", "app = None")
    assert "Starlette alone only from version 1.7 on" in fixed(tmp_path, app=code)
    assert (tmp_path / "app.py").read_text() == code


def test_labels_of_one_function_share_a_variable(tmp_path: Path) -> None:
    body = (
        "    response = await call_next(request)\n    # counted\n    C.labels(path=request.url.path).inc()\n"
        "    if response:\n        C.labels(request.url.path).inc(2)\n    return response"
    )
    fixed(tmp_path, app=MIDDLEWARE.format(kind="Counter", body=body))
    assert (
        (tmp_path / "app.py")
        .read_text()
        .endswith(
            "    response = await call_next(request)\n    # counted\n"
            '    route = request.scope.get("route")\n    path = route.path if route else "unmatched"\n'
            "    C.labels(path=path).inc()\n    if response:\n        C.labels(path).inc(2)\n    return response\n"
        )
    )
    taken = MIDDLEWARE.format(kind="Counter", body=f"    route = 1\n{AFTER}\n    print(route)")
    assert "`route` has another meaning in this function" in fixed(tmp_path, app=taken)


def test_a_route_in_a_function_that_anybody_may_call_is_not_written(tmp_path: Path) -> None:
    code = (
        "from fastapi import Request\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['path'])\n\n\n"
        "def count(request: Request):\n    C.labels(path=request.url.path).inc()\n"
    )
    assert "it is not certain that the route is known here" in fixed(tmp_path, app=code)
    assert (tmp_path / "app.py").read_text() == code


# what is told ---------------------------------------------------------------------------------------------------------------


def test_every_fix_is_one_line_and_what_can_be_fixed_is_counted(tmp_path: Path) -> None:
    code = 'from prometheus_client import Summary\n\nA = Summary("a_seconds", "A")\nB = Summary("b", "B")\n'
    (tmp_path / "app.py").write_text(code)
    shown = cardlint("--format", "text", "--no-cache", ".", cwd=tmp_path).stdout
    assert "warning[summary] CL201 `a_seconds` is a Summary" in shown
    assert "1 can be fixed with `--fix --unsafe-fixes`" in shown.splitlines()[-1], "only a fix that is safe is marked at its finding"
    assert "warning[summary] CL201 `b` is a Summary" in shown
    lines = fixed(tmp_path).splitlines()
    assert [line.split(": ")[:3] for line in lines[:-1]] == [["app.py:4:5", "summary", "not fixed"], ["app.py:3:5", "summary", "fixed"]]
    assert lines[-1] == "cardlint: 1 file changed"
    assert cardlint("--diff", "--unsafe-fixes", ".", cwd=tmp_path).stderr.count(": fixed: ") == 0


def test_what_could_not_be_written_is_not_told_as_fixed(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text('from prometheus_client import Summary\n\nA = Summary("a_seconds", "A")\n')
    (tmp_path / "app.py").chmod(0o444)
    said = cardlint(*FIX, cwd=tmp_path).stderr
    assert "it is read-only" in said
    assert ": fixed: " not in said
