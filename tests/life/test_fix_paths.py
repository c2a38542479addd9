"""Fixes of raw paths that real projects showed to be wrong: a path that is taken apart, put together again, or counted in two functions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_command_line import cardlint

FLASK = "from flask import Flask, request\nfrom prometheus_client import Counter, Gauge\n\napp = Flask(__name__)\nC = Counter('c', 'C', ['path'])\n"
REFUSED = {
    "a segment": (
        f"{FLASK}\n\n@app.get('/a/<layer>')\ndef f(layer):\n    C.labels(request.path.split('/')[2]).inc()\n    return ''\n",
        "the label is a part of the path",
    ),
    "two functions": (
        f"{FLASK}G = Gauge('g', 'G', ['path'])\n\n\n@app.before_request\ndef up():\n    G.labels(request.path).inc()\n\n\n"
        "@app.after_request\ndef down(response):\n    G.labels(request.path).dec()\n    return response\n",
        "the Gauge is counted up and down in two functions",
    ),
}
JOINED = """{head}

def normalized(path):
    parts = [part if part.isalpha() else "id" for part in path.strip("/").split("/")]
    return "/" + "/".join(parts)


@app.get("/a/<layer>")
def f(layer):
    C.labels(normalized(request.path)).inc()
    return ""
"""


@pytest.mark.parametrize("name", REFUSED)
def test_such_a_path_is_left_alone(name: str, tmp_path: Path) -> None:
    source, why = REFUSED[name]
    (tmp_path / "app.py").write_text(source)
    done = cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path)
    assert f"raw-path: not fixed: {why}" in done.stderr
    assert (tmp_path / "app.py").read_text() == source


def test_joined_segments_are_no_placeholder(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(JOINED.format(head=FLASK))
    cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path)
    assert "{join}" not in (tmp_path / "app.py").read_text()


def test_a_call_that_is_too_long_to_be_shown_sets_no_time(tmp_path: Path) -> None:
    """The text of a call is cut; what is behind the cut was taken for the current time."""
    name = "managed_clusters_of_each_organization_and_environment"
    (tmp_path / "app.py").write_text(
        "import os\nfrom prometheus_client import Gauge\nos.environ.get('PROMETHEUS_MULTIPROC_DIR')\n"
        f"{name} = Gauge('{name}', 'G', ['integration', 'environment'])\n\n\ndef f(integration, environment, count):\n"
        f"    {name}.labels(integration, environment).set(count)\n"
    )
    cardlint("--fix", "--unsafe-fixes", ".", cwd=tmp_path)
    assert 'multiprocess_mode="livemostrecent"' in (tmp_path / "app.py").read_text()
