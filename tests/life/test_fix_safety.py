"""What a fix must not do: change what else the program does, half of the files, or bytes it has no business with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import libcst
import pytest

from cardlint.cli import changing
from cardlint.config import Config
from cardlint.engine import run
from tests.cli.test_command_line import cardlint
from tests.life.test_adoption import git
from tests.life.test_fixes import BUCKETS, as_histogram, wide

HEAD = "import logging\nimport requests\nfrom flask import request\nfrom prometheus_client import Counter, Summary\n\nC = Counter('c', 'C', ['v'])\n\n\n"
FIX = ("--fix", "--unsafe-fixes")

ELSEWHERE = {
    "an exception that is logged": (
        "def f():\n    try:\n        g()\n    except OSError as e:\n        text = str(e)\n        logging.error(text)\n        C.labels(text).inc()\n",
        {"C.labels(text)": "C.labels(type(e).__name__)"},
    ),
    "an exception that is only counted": (
        "def f():\n    try:\n        g()\n    except OSError as e:\n        text = str(e)\n        C.labels(text).inc()\n",
        {"str(e)": "type(e).__name__"},
    ),
    "a path that is requested": (
        "def f(user_id):\n    path = f'/users/{user_id}'\n    requests.get('http://x' + path)\n    C.labels(path).inc()\n",
        {"C.labels(path)": 'C.labels("/users/{user_id}")'},
    ),
    "a path that is only counted": (
        "def f(user_id):\n    path = f'/users/{user_id}'\n    C.labels(v=path).inc()\n",
        {"f'/users/{user_id}'": '"/users/{user_id}"'},
    ),
    "the path of the request, logged": (
        "def f():\n    path = request.path\n    logging.info(path)\n    C.labels(path).inc()\n",
        {"C.labels(path)": 'C.labels(request.url_rule.rule if request.url_rule else "unmatched")'},
    ),
    "a path through a helper of its own": (
        "def count(where):\n    C.labels(where).inc()\n\n\ndef f():\n    count(request.path)\n",
        {"count(request.path)": 'count(request.url_rule.rule if request.url_rule else "unmatched")'},
    ),
    "a path from a helper of its own": (
        "def where():\n    return request.path\n\n\ndef f():\n    C.labels(where()).inc()\n",
        {"return request.path": 'return request.url_rule.rule if request.url_rule else "unmatched"'},
    ),
}
REFUSED = {
    "a helper that others call": (
        "def where():\n    return request.path\n\n\ndef f():\n    print(where())\n    C.labels(where()).inc()\n",
        "what `where` returns is used for more than labels, in app.py:14",
    ),
    "a helper that logs": (
        "def count(where):\n    logging.info(where)\n    C.labels(where).inc()\n\n\ndef f():\n    count(request.path)\n",
        "`where` is used for more than labels, in app.py:10",
    ),
    "a condition": (
        "def f():\n    path = request.path\n    if path == '/health':\n        return\n    path = path + '/'\n    C.labels(path).inc()\n",
        "`path` is used for more than labels, in app.py:11",
    ),
    "an attribute that is read": (
        "class A:\n    def f(self):\n        self.path = request.path\n        C.labels(self.path).inc()\n\n    def g(self):\n        return open(self.path)\n",
        "is used for more than labels, in app.py:15",
    ),
    "what the exception leaves behind": (
        "def f():\n    text = ''\n    try:\n        g()\n    except OSError as e:\n        text = str(e)\n    logging.error(text)\n    C.labels(text).inc()\n",
        "`text` is used for more than labels, in app.py:15",
    ),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_else_sees_the_value_stays_as_it_is(name: str, tmp_path: Path) -> None:
    code, replaced = ELSEWHERE[name]
    (tmp_path / "app.py").write_text(HEAD + code)
    done = cardlint(*FIX, ".", cwd=tmp_path)
    wanted = code
    for old, new in replaced.items():
        assert old in wanted
        wanted = wanted.replace(old, new)
    assert (tmp_path / "app.py").read_text() == HEAD + wanted
    assert (done.returncode, done.stdout) == (0, "")
    assert "0 files changed" in cardlint(*FIX, ".", cwd=tmp_path).stderr


@pytest.mark.parametrize("name", REFUSED)
def test_what_else_sees_the_value_is_named_where_it_cannot_stay(name: str, tmp_path: Path) -> None:
    code, reason = REFUSED[name]
    (tmp_path / "app.py").write_text(HEAD + code)
    done = cardlint(*FIX, ".", cwd=tmp_path)
    assert reason in done.stderr
    assert (tmp_path / "app.py").read_text() == HEAD + code
    assert done.returncode == 1


def test_fixes_that_share_their_text_follow_each_other_in_one_run(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("from prometheus_client import Counter\n\nC = Counter('c', 'C', ('user_id', 'kind', 'session_id'))\n")
    (tmp_path / "app.py").write_text(
        "from m import C\n\n\ndef f(user_id, session_id):\n    C.labels(user_id, 'a', session_id).inc()\n    C.remove('1', 'a', '2')\n"
    )
    done = cardlint(*FIX, ".", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.splitlines()[-1]) == (0, "", "cardlint: 2 files changed")
    assert "('kind',))" in (tmp_path / "m.py").read_text()
    assert (tmp_path / "app.py").read_text().endswith("    C.labels('a').inc()\n    C.remove('a')\n")
    assert cardlint(*FIX, ".", cwd=tmp_path).stderr == "cardlint: 0 files changed\n"


@pytest.mark.parametrize(
    ("use", "reason"),
    [
        ("C.remove('1', *rest)\n", "does not write the labels out"),
        ("C.remove_by_labels({'user_id': '1'})\n", "does not write the labels out"),
        ("def f(other, user_id):\n    other.C.labels(kind='a', user_id=user_id).inc()\n", "may be of this metric, too"),
        ("for M in (C, D):\n    M.labels('a', 'b').inc()\n", "goes through a helper or several metrics"),
    ],
)
def test_a_label_stays_when_one_use_cannot_be_rewritten(use: str, reason: str, tmp_path: Path) -> None:
    code = (
        "from prometheus_client import Counter\n\nC = Counter('c', 'C', ['kind', 'user_id'])\nD = Counter('d', 'D', ['kind', 'code'])\n\n\n"
        "def count(user_id):\n    C.labels('a', user_id).inc()\n\n\nrest = []\n" + use
    )
    (tmp_path / "app.py").write_text(code)
    assert reason in cardlint(*FIX, ".", cwd=tmp_path).stderr
    assert (tmp_path / "app.py").read_text() == code


def test_what_tests_ask_the_registry_for_follows_the_label(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(
        "from prometheus_client import Counter\nC = Counter('c', 'C', ['kind', 'user_id'])\ndef f(user_id):\n    C.labels('a', user_id).inc()\nf(input())\n"
    )
    asked = (
        "import builtins\nbuiltins.input = lambda: 'u'\nimport m\nfrom prometheus_client import REGISTRY\n"
        "assert REGISTRY.get_sample_value('c_total', {'user_id': 'u', 'kind': 'a'}) == 1\n"
        "assert REGISTRY.get_sample_value('c_total', labels={'kind': 'a', 'user_id': 'u'}) == 1\n"
        "assert REGISTRY.get_sample_value('c_x_total', {'user_id': 'u'}) is None\n"
    )
    (tmp_path / "test_m.py").write_text(asked)
    for _ in range(2):
        assert subprocess.run([sys.executable, "test_m.py"], cwd=tmp_path, check=False).returncode == 0
        assert cardlint(*FIX, ".", cwd=tmp_path).returncode == 0
    wanted = asked.replace("{'user_id': 'u', 'kind': 'a'}", "{'kind': 'a'}").replace("{'kind': 'a', 'user_id': 'u'}", "{'kind': 'a'}")
    assert (tmp_path / "test_m.py").read_text() == wanted


def test_a_label_stays_when_a_test_asks_for_it_in_another_way(tmp_path: Path) -> None:
    code = (
        "from prometheus_client import REGISTRY, Counter\nC = Counter('c', 'C', ['kind', 'user_id'])\ndef f(user_id):\n    C.labels('a', user_id).inc()\n"
        "def value(labels):\n    return REGISTRY.get_sample_value('c_total', labels)\n"
    )
    (tmp_path / "a.py").write_text(code)
    assert "the series asked for in a.py:6 does not write its labels out" in cardlint(*FIX, ".", cwd=tmp_path).stderr
    assert (tmp_path / "a.py").read_text() == code


def test_a_label_stays_when_files_that_were_not_looked_at_may_use_it(tmp_path: Path) -> None:
    git("init", "-q", cwd=tmp_path)
    (tmp_path / "metrics.py").write_text(
        "from prometheus_client import Counter\n\nHITS = Counter('c', 'C', ['kind', 'user_id'])\n\n\ndef f(user_id):\n    HITS.labels('a', user_id).inc()\n"
    )
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "views.py").write_text("import metrics\n\nmetrics.HITS.labels('a', 'b').inc()\n")
    done = cardlint(*FIX, "metrics.py", cwd=tmp_path)
    assert "app/views.py may use `HITS`, too, and is not among the analysed files" in done.stderr
    assert "'user_id'" in (tmp_path / "metrics.py").read_text()
    assert cardlint(*FIX, ".", cwd=tmp_path).returncode == 0
    assert (tmp_path / "app" / "views.py").read_text() == "import metrics\n\nmetrics.HITS.labels('a').inc()\n"


def test_the_files_of_one_fix_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    files = {
        "m.py": "from prometheus_client import Counter, Summary\nC = Counter('c', 'C', ['kind', 'user_id'])\n",
        "a.py": "from m import C\ndef f(user_id):\n    C.labels('a', user_id).inc()\n",
        "s.py": "from prometheus_client import Summary\nS = Summary('s_seconds', 'S')\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "a.py").chmod(0o444)
    done = cardlint(*FIX, ".", cwd=tmp_path)
    assert done.returncode == 2
    assert "cardlint: error: a.py: it is read-only and is left alone" in done.stderr
    assert [(tmp_path / name).read_text() == text for name, text in files.items()] == [True, True, False]
    assert "Histogram" in (tmp_path / "s.py").read_text()


def test_a_file_changed_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        Path(f"{name}.py").write_text(f"from prometheus_client import Summary\nS = Summary('{name}_seconds', 'S')\n")
    done = run(["."], Config())
    saved = "from prometheus_client import Summary\nS = Summary('a', 'what somebody has just written')\n"

    def rerun(texts: Any) -> Any:
        Path("a.py").write_text(saved)  # between the analysis and the writing
        return run(["."], Config(), instead=texts)

    given = {"unsafe_fixes": True, "add_ignores": False, "diff": False}
    outcome = changing.change(done, Config(), given, rerun, lambda report: report)
    assert outcome.failed
    assert Path("a.py").read_text() == saved
    assert "Histogram" in Path("b.py").read_text()
    assert "a.py: it has changed in the meantime, so it was left unchanged" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".cardlint")] == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text("from prometheus_client import Summary\nS = Summary('a_seconds', 'S')\n")

    def full(path: str, data: bytes, *bounds: Any, **which: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(changing, "replace_file", full)
    given = {"unsafe_fixes": True, "add_ignores": False, "diff": False}
    outcome = changing.change(
        run(["."], Config()), Config(), given, lambda texts: run(["."], Config(), instead=texts), lambda report: report
    )
    assert outcome.failed
    assert "a.py: cannot be written: No space left on device" in capsys.readouterr().err
    assert "Summary" in outcome.run.project.lines("a.py")[0], "what is reported is what stands there"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "s.py").write_text("from prometheus_client import Summary\nS = Summary('s_seconds', 'S')\n")
    (tmp_path / "link.py").symlink_to(tmp_path / "real" / "s.py")
    assert cardlint(*FIX, "link.py", cwd=tmp_path).returncode == 0
    assert (tmp_path / "link.py").is_symlink()
    assert "Histogram" in (tmp_path / "real" / "s.py").read_text()


def test_a_fix_that_brings_another_finding_is_refused(tmp_path: Path) -> None:
    code = "from prometheus_client import Summary\nS = Summary('s_seconds', 'S')\n"
    (tmp_path / "a.py").write_text(code)
    (tmp_path / "cardlint.toml").write_text("buckets = { min = 10, max = 12 }\n")
    done = cardlint(*FIX, ".", cwd=tmp_path)
    assert "summary: not fixed: the result would bring `bucket-count`" in done.stderr
    assert (tmp_path / "a.py").read_text() == code


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("from prometheus_client import Summary\nS = Summary('s', 'S', ['le'])\n", "a Histogram cannot have a label `le`"),
        (
            "from prometheus_client import Counter\nREGISTRY = 1\nC = Counter('c', 'C')\nprint(C._value.get())\n",
            "`REGISTRY` is something else in this file",
        ),
    ],
)
def test_what_would_break_the_program_is_refused(code: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(code)
    assert reason in cardlint(*FIX, ".", cwd=tmp_path).stderr
    assert (tmp_path / "a.py").read_text() == code


def test_annotations_follow_the_class(tmp_path: Path) -> None:
    code = "import prometheus_client as p\nfrom prometheus_client import Summary\nS: Summary = Summary('s_seconds', 'S')\nT: p.Summary = p.Summary('t_seconds', 'T')\n"
    code = wide(code)
    (tmp_path / "a.py").write_text(code)
    assert cardlint(*FIX, ".", cwd=tmp_path).returncode == 0
    assert (tmp_path / "a.py").read_text() == as_histogram(code)


ODD = {
    "line ends of Windows": "from prometheus_client import Summary, Counter\r\nS = Summary('s_seconds', 'S')\r\nC = Counter('c', 'C')\r\nprint(C._value.get() == 1)\r\n",
    "no line end at the end": "from prometheus_client import Summary\nS = Summary('s_seconds', 'S')",
    "form feeds": "from prometheus_client import Summary\n\x0c\nX = 1\x0c\n\x0cS = Summary('s_seconds', 'S')\n",
    "separators that only Python calls line ends": "from prometheus_client import Summary\nX = '\x1c\x85\u2028'\nS = Summary('\u2029_seconds', 'S')\n",
    "tabs": "from prometheus_client import Summary\nif True:\n\tS = Summary('s_seconds',\t'S')\t# tab\n",
    "a byte order mark": "\ufefffrom prometheus_client import Summary\nS = Summary('s_seconds', 'S')\n",
    "wide characters": "from prometheus_client import Summary\n名 = '日本語'; S = Summary('s_seconds', '日本語')  # 日本\n",
}


@pytest.mark.parametrize("name", ODD)
def test_a_diff_can_be_applied_and_is_what_fix_does(name: str, tmp_path: Path) -> None:
    data = wide(ODD[name]).encode()
    (tmp_path / "a.py").write_bytes(data)
    command = [sys.executable, "-m", "cardlint", "--diff", "--unsafe-fixes", "."]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert shown.returncode == 1, shown.stderr
    git("init", "-q", cwd=tmp_path)
    applied = subprocess.run(["git", "apply", "-p0", "-"], cwd=tmp_path, input=shown.stdout, capture_output=True, check=False)
    assert applied.returncode == 0, applied.stderr
    by_diff = (tmp_path / "a.py").read_bytes()
    (tmp_path / "a.py").write_bytes(data)
    cardlint(*FIX, ".", cwd=tmp_path)
    assert (tmp_path / "a.py").read_bytes() == by_diff != data
    wanted = as_histogram(data.decode()).encode()
    if name.startswith("line ends"):
        wanted = wanted.replace(b"Counter\r", b"Counter, REGISTRY\r").replace(b"C._value.get()", b'REGISTRY.get_sample_value("c_total")')
    assert by_diff == wanted


def test_an_encoding_stays_what_it_is(tmp_path: Path) -> None:
    code = (
        b"# -*- coding: latin-1 -*-\n# "
        + b"-" * 118
        + b"\nfrom prometheus_client import Summary\nS = Summary('s_seconds', '\xe9\xc3\xa9')\nT = Summary('t_seconds', 'T')  # \xe9\n"
    )
    (tmp_path / "a.py").write_bytes(code)
    assert cardlint(*FIX, ".", cwd=tmp_path).returncode == 0
    assert (tmp_path / "a.py").read_bytes() == as_histogram(code.decode("latin-1")).encode("latin-1")


NOISE = '''\
#!/usr/bin/env python
# a comment above


"""Text   with  odd   spacing."""   # beside it
from   prometheus_client   import (   # the import
    Counter,Summary  ,   # both
)
C=Counter( "c" , 'C' ,[ "kind" , "user_id" ] )   # the metric


def f( user_id ) :  # a function
    x = { 1 :2 }   ;  y=  3
    C . labels( "a" , user_id ) . inc( )   # counted
    C.labels(user_id = user_id,kind = "b").inc();z = 1
    # at the end
'''


def test_a_second_reader_agrees_that_nothing_else_has_changed(tmp_path: Path) -> None:
    """The edits are spans; a concrete syntax tree of another maker finds the same comments and the same other code."""
    (tmp_path / "a.py").write_text(NOISE)
    assert cardlint(*FIX, ".", cwd=tmp_path).returncode == 0
    after = (tmp_path / "a.py").read_text()
    wanted = NOISE
    for old, new in {' , "user_id"': "", '"a" , user_id': '"a"', 'user_id = user_id,kind = "b"': 'kind = "b"'}.items():
        wanted = wanted.replace(old, new)
    assert after == wanted

    class Comments(libcst.CSTVisitor):
        def __init__(self) -> None:
            self.found: list[str] = []

        def visit_Comment(self, node: libcst.Comment) -> None:
            self.found.append(node.value)

    before, now = Comments(), Comments()
    libcst.parse_module(NOISE).visit(before)
    libcst.parse_module(after).visit(now)
    assert before.found == now.found
    assert libcst.parse_module(after).code == after


SERVICES = {
    "flask": (
        "from flask import Flask, request\nfrom prometheus_client import Counter, generate_latest\n"
        "app = Flask(__name__)\nC = Counter('hits', 'Hits', ['path'])\n\n\n"
        "@app.after_request\ndef count(response):\n    C.labels(request.path).inc()\n    return response\n\n\n"
        "@app.get('/users/<name>')\ndef user(name):\n    return name\n\n\n"
        "client = app.test_client()\n"
    ),
    "starlette": (
        "from fastapi import FastAPI\nfrom starlette.requests import Request\nfrom starlette.testclient import TestClient\n"
        "from prometheus_client import Counter, generate_latest\n"
        "app = FastAPI()\nC = Counter('hits', 'Hits', ['path'])\n\n\n"
        "@app.middleware('http')\nasync def count(request: Request, call_next):\n    response = await call_next(request)\n"
        "    C.labels(path=request.url.path).inc()\n    return response\n\n\n"
        "@app.get('/users/{name}')\ndef user(name: str):\n    return name\n\n\n"
        "client = TestClient(app)\n"
    ),
}
ASKED = "for n in range(5):\n    client.get(f'/users/{n}')\n    client.get(f'/nowhere/{n}')\nprint(generate_latest().decode().count('hits_total{'))\n"


@pytest.mark.parametrize("name", SERVICES)
def test_a_fixed_service_makes_two_series_where_it_made_ten(name: str, tmp_path: Path) -> None:
    """The template of the framework is asked for at run time, where no route matched as well."""
    (tmp_path / "app.py").write_text(SERVICES[name] + ASKED)
    series = []
    for _ in range(2):
        done = subprocess.run([sys.executable, "app.py"], cwd=tmp_path, capture_output=True, text=True, check=False, env={**os.environ})
        assert done.returncode == 0, done.stderr
        series.append(int(done.stdout))
        cardlint(*FIX, ".", cwd=tmp_path)
    assert series == [10, 2]
    assert cardlint(".", cwd=tmp_path).returncode == 0


SUMMARIES = "from prometheus_client import Summary\nA = Summary('a_seconds', 'A')\nB = Summary('b_seconds', 'B')\n"


@pytest.mark.parametrize(
    ("b", "reason"),
    [
        ("B = Summary('b_seconds', 'B')  # cardlint: ignore[summary] -- few", ""),
        ("B = Summary('b_seconds', 'B', ['le'])", "a Histogram cannot have a label `le`"),
        ("B = Summary", ""),
    ],
)
def test_an_import_stays_while_it_is_needed(b: str, reason: str, tmp_path: Path) -> None:
    code = SUMMARIES.replace("B = Summary('b_seconds', 'B')", b)
    (tmp_path / "a.py").write_text(code)
    done = cardlint(*FIX, ".", cwd=tmp_path)
    assert reason in done.stderr
    assert (tmp_path / "a.py").read_text() == code.replace("import Summary", "import Histogram, Summary").replace(
        "A = Summary('a_seconds', 'A'", f"A = Histogram('a_seconds', 'A'{BUCKETS}"
    )


def test_an_import_stays_for_what_the_baseline_knows(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(SUMMARIES.replace("B = Summary('b_seconds', 'B')\n", ""))
    cardlint("baseline", ".", cwd=tmp_path)
    (tmp_path / "a.py").write_text(SUMMARIES)
    cardlint(*FIX, "--baseline", "cardlint-baseline.json", ".", cwd=tmp_path)
    assert (tmp_path / "a.py").read_text() == SUMMARIES.replace("import Summary", "import Histogram, Summary").replace(
        "B = Summary('b_seconds', 'B'", f"B = Histogram('b_seconds', 'B'{BUCKETS}"
    )


def test_one_bad_fix_does_not_hold_up_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fixes are tried together, then by halves: only the one that does not stand is refused."""
    from cardlint.fix import recipes
    from cardlint.fix.session import Session

    def broken(finding: Any, program: Any, sources: Any) -> Any:
        fix = recipes.summary(finding, program, sources)
        if fix is None or finding.metric.name != "s3_seconds":
            return fix
        edits = tuple(
            type(e)(e.place, e.replacement.replace("Histogram", "Histogramm") if e.place.line > 1 else e.replacement) for e in fix.edits
        )
        return type(fix)(fix.safety, fix.description, edits)

    monkeypatch.setitem(recipes.RECIPES, "summary", broken)
    monkeypatch.chdir(tmp_path)
    code = "from prometheus_client import Summary\n" + "".join(f"S{n} = Summary('s{n}_seconds', 'S')\n" for n in range(8))
    code = wide(code)
    Path("a.py").write_text(code)
    runs = []

    def rerun(texts: Any) -> Any:
        runs.append(texts)
        return run(["."], Config(), instead=texts)

    session = Session(run(["."], Config()), rerun, unsafe=True)
    refused, _ = session.fix(lambda report: report)
    assert refused == ["a.py:5:6: summary: not fixed: the result would use `Histogramm`, which is not defined"]
    wanted = (
        as_histogram(code)
        .replace("import Histogram", "import Histogram, Summary")
        .replace(f"S3 = Histogram('s3_seconds', 'S'{BUCKETS})", "S3 = Summary('s3_seconds', 'S')")
    )
    assert session.texts == {"a.py": wanted}
    assert len(runs) <= 8


GAUGES = {
    "counted": ("G.inc()\nG.dec()\n", "livesum"),
    "in progress": ("with G.track_inprogress():\n    pass\n", "livesum"),
    "set": ("G.set(3)\n", "livemostrecent"),
    "a time": ("G.set_to_current_time()\n", "max"),
}


@pytest.mark.parametrize("name", GAUGES)
def test_the_mode_of_a_gauge_follows_from_its_uses(name: str, tmp_path: Path) -> None:
    uses, mode = GAUGES[name]
    code = f"import os\nos.environ.get('PROMETHEUS_MULTIPROC_DIR')\nfrom prometheus_client import Gauge\nG = Gauge(\n    'g',\n    'G',\n)\n{uses}"
    (tmp_path / "a.py").write_text(code)
    cardlint(*FIX, ".", cwd=tmp_path)
    assert (tmp_path / "a.py").read_text() == code.replace("    'G',\n", f"    'G',\n    multiprocess_mode=\"{mode}\",\n")
    (tmp_path / "multi").mkdir()
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "multi")}
    assert subprocess.run([sys.executable, "a.py"], cwd=tmp_path, env=env, check=False).returncode == 0, "the library takes the mode"


def test_a_gauge_that_is_set_and_counted_is_left_to_people(tmp_path: Path) -> None:
    code = "import os\nos.environ.get('PROMETHEUS_MULTIPROC_DIR')\nfrom prometheus_client import Gauge\nG = Gauge('g', 'G')\nG.set(1)\nG.inc()\n"
    (tmp_path / "a.py").write_text(code)
    assert "both set and counted" in cardlint(*FIX, ".", cwd=tmp_path).stderr
    assert (tmp_path / "a.py").read_text() == code


NEWER = """from prometheus_client import Counter, Summary
C = Counter("c", "C", ["user_id"])
type X = int


def f(user_id, d):
    C.labels(f"{d["user_id"]}").inc()
    C.labels(f"{d["user_id"]} {'''
    ''' if 1 else "a"}").inc()
    C.labels( \\
       user_id).inc()
"""


def test_grammar_newer_than_this_python(tmp_path: Path) -> None:
    """Comments are still placed where the program stays the same; fixes leave it to a newer Python."""
    (tmp_path / "a.py").write_text(NEWER)
    done = cardlint(*FIX, ".", cwd=tmp_path)
    if sys.version_info < (3, 12):
        assert "not fixed: its file has grammar that is newer than this Python" in done.stderr
        assert (tmp_path / "a.py").read_text() == NEWER
    (tmp_path / "a.py").write_text(NEWER)
    done = cardlint("--add-ignores", "--reason", "known", ".", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    note = "  # cardlint: ignore[identity-label] -- known"
    sites = cardlint("--isolated", "--no-cache", "--no-group", "--format", "concise", ".", cwd=tmp_path)
    assert (sites.stdout, sites.stderr) == ("", "")
    assert (tmp_path / "a.py").read_text() == NEWER.replace('["user_id"])\n', f'["user_id"]){note}\n')
