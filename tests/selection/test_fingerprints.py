"""Fingerprints: what a formatter or an edit beside the value changes makes no finding new; what changes the value does."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cardlint.selection.written import written
from tests.cli.test_command_line import cardlint

CHECK = ("--baseline", "cardlint-baseline.json", "--format", "concise", ".")
SERVICE = """from flask import Flask, request
from prometheus_client import Counter, Histogram, Summary

app = Flask(__name__)
HITS = Counter('hits_total', 'Hits', ['path', 'user_id'])
TIME = Histogram('time_seconds', 'Time', ['agent'], buckets=[0.1, 1])
SIZE = Summary('size_bytes', 'Size of what was sent, in bytes, with all headers', ['kind'])

@app.route('/x/<user_id>')
def handler(user_id):
    HITS.labels(request.path, str( user_id ) + 'x').inc()
    HITS.labels(path=(request.headers['X-A']), user_id=user_id).inc()
    TIME.labels( request.headers.get('User-Agent' , '') ).observe(0X1F)
    HITS.labels('/a').inc()
    HITS.inc()
    assert HITS.labels( 'a','b' )._value.get() == 1
"""
"""Findings on labels, a list, a declaration, calls and a read; written as nobody would leave it."""
RULES = {"raw-path", "identity-label", "unbounded-value", "summary", "bucket-count", "label-mismatch", "missing-labels", "private-value"}


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(SERVICE)
    assert cardlint("baseline", ".", cwd=tmp_path).returncode == 0
    assert {e["rule"] for e in json.loads((tmp_path / "cardlint-baseline.json").read_text())["findings"]} >= RULES
    return tmp_path / "app.py"


def check_nothing_is_new(app: Path) -> None:
    assert app.read_text() != SERVICE
    done = cardlint(*CHECK, cwd=app.parent)
    assert (done.returncode, done.stdout) == (0, "")
    assert "fixed" not in done.stderr


@pytest.mark.parametrize("width", ["30", "88", "300"])
def test_a_formatter_makes_nothing_new(width: str, app: Path) -> None:
    """ruff formats as Black does."""
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", f"--line-length={width}", "app.py"], cwd=app.parent, check=True)
    assert '"hits_total"' in app.read_text()
    check_nothing_is_new(app)


EDITS = {
    "a larger step": (".inc()", ".inc(2)"),
    "a comment at the end": (".inc()\n", ".inc()  # one more\n"),
    "a comment inside": ("HITS.labels(request.path, ", "HITS.labels(  # hits\n        request.path,  # the path\n        "),
    "another help text": ("'Hits'", "'Hits of all pages'"),
    "another amount": (".observe(0X1F)", ".observe(31.0)"),
    "code before it on the line": ("    HITS.labels(path=", "    app.x = 1; HITS.labels(path="),
    "lines before it": ("app = Flask", "import os\n\n\n\napp = Flask"),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_does_not_touch_the_value_makes_nothing_new(name: str, app: Path) -> None:
    app.write_text(SERVICE.replace(*EDITS[name]))
    check_nothing_is_new(app)


CHANGES = {
    "another value": ("request.headers.get('User-Agent' , '')", "request.headers.get('Referer' , '')"),
    "another key": ("X-A", "X-B"),
    "another metric": ("time_seconds", "duration_seconds"),
    "another label": ("['agent']", "['browser']"),
    "another child": ("'a','b'", "'a','c'"),
    "another rule": ("Summary('size_bytes'", "Histogram('size_bytes', buckets=[1], documentation="),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_touches_the_value_is_new(name: str, app: Path) -> None:
    app.write_text(SERVICE.replace(*CHANGES[name]))
    assert app.read_text() != SERVICE
    assert cardlint(*CHECK, cwd=app.parent).stdout


def test_every_finding_has_a_fingerprint_of_its_own(app: Path) -> None:
    app.write_text(SERVICE + "    HITS.inc()\n    HITS.inc(3)\n")
    found = json.loads(cardlint("--format", "json", ".", cwd=app.parent).stdout)["findings"]
    assert len({f["fingerprint"] for f in found}) == len(found) > 10


QUOTES = "'" * 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f( 'a',\n  b )", 'f("a", b,)'),
        ("u'a' + R'b'", '"a" + r"b"'),
        (r"'it\'s'", '"it\'s"'),
        (f"{QUOTES}a{QUOTES}", '"""a"""'),
        ("(x if a else y)", "x if a else y"),
        ("not (a)", "not a"),
        ("0XFF + 1E5", "0xff + 1e5"),
        ("a . b [ 'c' ]", 'a.b["c"]'),
        ("a # one\n.b", "a.b"),
        ("a \\\n.b", "a.b"),
        ("[*a, b,]", "[*a, b]"),
        ("# cardlint:   ignore[x]", "# cardlint: ignore[x]"),
    ],
)
def test_what_formatters_change_is_not_part_of_an_expression(one: str, other: str) -> None:
    assert written(one) == written(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("'a b'", "'ab'"), ("f(x)", "f"), ("a.b", "ab"), ("not a", "nota"), ("'# x'", "''"), ("r'a'", "'a'"), ("a" * 200, "a" * 201)],
)
def test_different_expressions_stay_different(one: str, other: str) -> None:
    assert written(one) != written(other)


def test_the_outermost_call_is_left_without_what_it_is_given() -> None:
    assert written("C.labels('a').inc(2)", call=True) == 'C.labels("a").inc()'
    assert written("C.labels('a')._value.get()", call=True) == 'C.labels("a")._value.get()'
    assert written("a[f(1)]", call=True) == "a[f(1)]"


@pytest.mark.parametrize(
    "text",
    ["(" * 50_000, "'" * 50_001, "a" * 200_000, "f(" * 30_000 + ")" * 30_000, '"' + "\\" * 99_999, ")" * 9, "\0\x1b[", "((a)" * 20_000],
    ids=["opened", "quotes", "letters", "calls", "backslashes", "closed", "control", "grouped"],
)
def test_any_text_has_a_short_form_in_linear_time(text: str) -> None:
    started = time.monotonic()
    assert len(written(text)) < 200
    assert time.monotonic() - started < 1
