"""Fixes: after one the file parses, the finding is gone, no new one appears, and a second run changes nothing."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_command_line import cardlint

HEAD = "import os\nfrom prometheus_client import Counter, Gauge, Summary\nfrom starlette.requests import Request\n\n"

BUCKETS = ", buckets=[0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]"
"""The argument that a fix writes for a metric in seconds."""


def wide(text: str) -> str:
    """Return a text with a line as long as lines may be, so that no written line is broken."""
    row = "# " + "-" * 118
    end = "\r\n" if "\r\n" in text else "\n"
    return text + row + end if text.endswith("\n") else row + end + text


def as_histogram(text: str) -> str:
    """Return a text with every Summary as the fix writes it."""
    return re.sub(r"Summary\(([^()]*)\)", rf"Histogram(\1{BUCKETS})", text).replace("Summary", "Histogram")


CASES = {
    "raw fallback": (
        "C = Counter('c', 'C', ['path'])\ndef f(request: Request):\n    route = request.scope.get('route')\n    path = route.path if route else request.url.path  # the raw one\n    C.labels(path).inc()\n",
        {"request.url.path": '"unmatched"'},
    ),
    "f-string path": (
        "C = Counter('c', 'C', ['path'])\ndef f(user_id):\n    C.labels(path=f'/users/{user_id}/posts').inc()\n",
        {"f'/users/{user_id}/posts'": '"/users/{user_id}/posts"'},
    ),
    "path from parts": (
        "C = Counter('c', 'C', ['path'])\ndef f(user_id, order):\n    C.labels('/users/' + str(user_id) + '/posts').inc()\n"
        "    C.labels('/users/%s/orders/%d' % (user_id, order.id)).inc()\n    C.labels(path='/users/%s' % user_id).inc()\n",
        {
            "'/users/' + str(user_id) + '/posts'": '"/users/{user_id}/posts"',
            "'/users/%s/orders/%d' % (user_id, order.id)": '"/users/{user_id}/orders/{id}"',
            "'/users/%s' % user_id": '"/users/{user_id}"',
        },
    ),
    "literal path": (
        "C = Counter('c', 'C', ['path'])\nC.labels('/users/123/posts').inc()\n",
        {"'/users/123/posts'": '"/users/{id}/posts"'},
    ),
    "exception text": (
        "C = Counter('c', 'C', ['error'])\ndef f():\n    try:\n        g()\n    except OSError as e:\n        C.labels(str(e)).inc()\n",
        {"str(e)": "type(e).__name__"},
    ),
    "exception text in a longer one": (
        "C = Counter('c', 'C', ['error'])\ndef f():\n    try:\n        g()\n    except OSError as e:\n        C.labels(f'failed: {e}').inc()\n"
        "        C.labels('failed: ' + str(e)).inc()\n        C.labels('%s' % e).inc()\n        C.labels(repr(e)[:30]).inc()\n"
        "        C.labels(e.args[0]).inc()\n        C.labels(getattr(e, 'message', str(e))).inc()\n        C.labels(e).inc()\n",
        {
            "{e}": "{type(e).__name__}",
            "+ str(e)": "+ type(e).__name__",
            "% e": "% type(e).__name__",
            "repr(e)[:30]": "type(e).__name__",
            "e.args[0]": "type(e).__name__",
            "getattr(e, 'message', str(e))": "type(e).__name__",
            "labels(e)": "labels(type(e).__name__)",
        },
    ),
    "summary": (
        "S = Summary('s_seconds', 'S', ['kind'])\nS.labels('a').observe(1)\n",
        {"Summary": "Histogram", "['kind'])": f"['kind']{BUCKETS})"},
    ),
    "identity label": (
        "C = Counter('c', 'C', ['kind', 'user_id'])  # two\ndef f(user_id):\n    C.labels('a', user_id).inc()\n    C.labels(user_id=user_id, kind='b').inc()\n",
        {"['kind', 'user_id']": "['kind']", "'a', user_id)": "'a')", "user_id=user_id, ": ""},
    ),
    "only label": (
        "C = Counter('c', 'C', ('user_id',))\ndef f(user_id):\n    C.labels(user_id).inc()\n",
        {", ('user_id',)": "", "C.labels(user_id).inc()": "C.inc()"},
    ),
    "gauge in a multiprocess project": (
        "os.environ.get('PROMETHEUS_MULTIPROC_DIR')\nG = Gauge('g', 'G')\nG.inc()\n",
        {"Gauge('g', 'G')": "Gauge('g', 'G', multiprocess_mode=\"livesum\")"},
    ),
    "private value": (
        "C = Counter('c', 'C')\nC.inc()\nassert C._value.get() == 1\n",
        {"import Counter,": "import REGISTRY, Counter,", "C._value.get()": 'REGISTRY.get_sample_value("c_total")'},
    ),
    "private value of a child": (
        "C = Counter('c', 'C', ['kind', 'code'])\nn = 2\nC.labels('a', n).inc()\nassert C.labels(code=n, kind='a')._value.get() == 1\n",
        {
            "import Counter,": "import REGISTRY, Counter,",
            "C.labels(code=n, kind='a')._value.get()": 'REGISTRY.get_sample_value("c_total", {"kind": \'a\', "code": str(n)})',
        },
    ),
    "private sum": (
        "from prometheus_client import Histogram, REGISTRY\nH = Histogram('h', 'H')\nH.observe(2)\nassert H._sum.get() == 2\n",
        {"H._sum.get()": 'REGISTRY.get_sample_value("h_sum")'},
    ),
    "variable set too late": (
        "X = 1\nos.environ['PROMETHEUS_DISABLE_CREATED_SERIES'] = 'true'\n",
        {
            "os.environ['PROMETHEUS_DISABLE_CREATED_SERIES'] = 'true'\n": "",
            "import os\n": "import os\nos.environ['PROMETHEUS_DISABLE_CREATED_SERIES'] = 'true'\n",
        },
    ),
    "label declared twice": (
        "C = Counter('c', 'C', ['kind', 'code', 'kind'])\nC.labels('a', 'b', 'a').inc()\n",
        {"['kind', 'code', 'kind']": "['kind', 'code']", "'a', 'b', 'a'": "'a', 'b'"},
    ),
    "unused ignore": ("x = 1  # cardlint: ignore[summary] -- old\n", {"  # cardlint: ignore[summary] -- old": ""}),
}


@pytest.mark.parametrize("name", CASES)
def test_a_fix_changes_what_it_says_and_nothing_else(name: str, tmp_path: Path) -> None:
    code, replaced = CASES[name]
    text = wide(HEAD + code)
    (tmp_path / "app.py").write_text(text)
    before = cardlint("--format", "concise", "--fail-on", "note", ".", cwd=tmp_path)
    assert before.returncode == 1
    shown = cardlint("--diff", "--unsafe-fixes", ".", cwd=tmp_path)
    assert (tmp_path / "app.py").read_text() == text, "--diff changes nothing"
    assert shown.stdout.startswith("--- app.py\n+++ app.py\n")
    done = cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path)
    wanted = text
    for old, new in replaced.items():
        wanted = wanted.replace(old, new)
    assert wanted != text
    assert (tmp_path / "app.py").read_text() == wanted
    ast.parse(wanted)
    assert (done.returncode, done.stdout) == (0, "")
    again = cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path)
    assert "0 files changed" in again.stderr
    assert (tmp_path / "app.py").read_text() == wanted


def test_what_changes_series_is_only_done_when_asked(tmp_path: Path) -> None:
    text = HEAD + CASES["exception text"][0]
    (tmp_path / "app.py").write_text(text)
    done = cardlint("--fix", ".", cwd=tmp_path)
    assert "1 fix would change exported series" in done.stderr
    assert (tmp_path / "app.py").read_text() == text


def test_a_comment_inside_the_edit_refuses(tmp_path: Path) -> None:
    code = "C = Counter('c', 'C', ['kind', 'user_id'])\ndef f(user_id):\n    C.labels(\n        'a',  # the kind\n        user_id,\n    ).inc()\n"
    (tmp_path / "app.py").write_text(HEAD + code)
    done = cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path)
    assert "not fixed: there is a comment inside" in done.stderr
    assert (tmp_path / "app.py").read_text() == HEAD + code


def test_a_label_is_removed_across_files(tmp_path: Path) -> None:
    (tmp_path / "metrics.py").write_text("from prometheus_client import Counter\nC = Counter('c', 'C', ['kind', 'session_id'])\n")
    (tmp_path / "app.py").write_text("from metrics import C\ndef f(session_id):\n    C.labels(kind='a', session_id=session_id).inc()\n")
    assert cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path).returncode == 0
    assert "['kind'])" in (tmp_path / "metrics.py").read_text()
    assert "C.labels(kind='a').inc()" in (tmp_path / "app.py").read_text()


def test_a_use_through_a_dictionary_refuses(tmp_path: Path) -> None:
    code = "C = Counter('c', 'C', ['kind', 'user_id'])\ndef f(user_id):\n    labels = {'kind': 'a', 'user_id': user_id}\n    C.labels(**labels).inc()\n"
    (tmp_path / "app.py").write_text(HEAD + code)
    done = cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path)
    assert "opens a list or dictionary" in done.stderr
    assert (tmp_path / "app.py").read_text() == HEAD + code


def test_a_read_only_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(HEAD + CASES["summary"][0])
    (tmp_path / "app.py").chmod(0o444)
    assert "app.py: it is read-only" in cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path).stderr


def test_line_ends_and_modes_stay(tmp_path: Path) -> None:
    text = wide(HEAD + CASES["summary"][0]).replace("\n", "\r\n")
    (tmp_path / "app.py").write_bytes(text.encode())
    (tmp_path / "app.py").chmod(0o755)
    cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path)
    assert (tmp_path / "app.py").read_bytes() == as_histogram(text).encode()
    assert (tmp_path / "app.py").stat().st_mode & 0o777 == 0o755


REFUSED = {
    "several metrics": (
        "import random\nA, B = Gauge('a', 'A'), Gauge('b', 'B')\nX = random.choice([A, B])\nprint(X._value.get())\n",
        "it may be one of several metrics",
    ),
    "another registry": (
        "from prometheus_client import CollectorRegistry\nR = CollectorRegistry()\nC = Counter('c', 'C', registry=R)\nprint(C._value.get())\n",
        "the metric is not in the default registry",
    ),
    "a child from elsewhere": (
        "C = Counter('c', 'C', ['kind'])\nchild = C.labels('a')\nchild.inc()\nprint(child._value.get())\n",
        "the labels of the child are given in another place",
    ),
    "written, not read": ("C = Counter('c', 'C')\nC._value.set(0)\n", "the attribute is not just read"),
    "a name below the import": (
        "folder = '/tmp/m'\nos.environ['PROMETHEUS_MULTIPROC_DIR'] = folder\n",
        "`folder` is not defined yet above the import",
    ),
    "an assignment in a block": (
        "if True:\n    os.environ['PROMETHEUS_MULTIPROC_DIR'] = '/tmp/m'\n",
        "the assignment or the import is inside a block",
    ),
    "a comment on the line": (
        "os.environ['PROMETHEUS_MULTIPROC_DIR'] = '/tmp/m'  # here\n",
        "there is a comment inside the code that would be replaced",
    ),
    "a twice declared label with a starred use": (
        "C = Counter('c', 'C', ['kind', 'kind'])\ndef f(*values):\n    C.labels(*values).inc()\n",
        "opens a list or dictionary",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_be_a_guess_is_refused_with_the_reason(name: str, tmp_path: Path) -> None:
    code, reason = REFUSED[name]
    (tmp_path / "app.py").write_text(HEAD + code)
    done = cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path)
    assert f"not fixed: {reason}" in done.stderr or (reason in done.stderr and "not fixed" in done.stderr)
    assert (tmp_path / "app.py").read_text() == HEAD + code


@pytest.mark.parametrize("name", [n for n in CASES if n.startswith(("private", "variable", "label declared"))])
def test_fixed_code_runs_with_the_library(name: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(HEAD.replace("from starlette.requests import Request\n", "") + CASES[name][0])
    assert subprocess.run([sys.executable, "app.py"], cwd=tmp_path, check=False).returncode == 0
    assert cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path).returncode == 0
    assert subprocess.run([sys.executable, "app.py"], cwd=tmp_path, check=False).returncode == 0


def test_a_byte_order_mark_and_form_feeds_stay(tmp_path: Path) -> None:
    text = "\ufefffrom prometheus_client import Summary\nX = 1; S = Summary('s_seconds', 'S')\n\x0c\nT = Summary('t_seconds', 'T')\n"
    text = wide(text)
    (tmp_path / "app.py").write_bytes(text.encode())
    cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path)
    assert (tmp_path / "app.py").read_bytes() == as_histogram(text).encode()
