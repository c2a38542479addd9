"""Generated files: eight times as much of anything takes about eight times as long, and not sixty-four times."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import pytest

from cardlint.cli.changing import with_fixes
from cardlint.output.sarif import MAX_EDITS, document
from tests.conftest import Lint

HEAD = "from prometheus_client import Counter, Summary\nfrom flask import Flask, request\napp = Flask('x')\nC = Counter('c_total', 'C', ['x'])\n"


def each(text: str) -> Callable[[int], str]:
    return lambda count: HEAD + "".join(text.replace("#", str(n)) for n in range(count))


def inside(head: str, text: str, foot: str = "") -> Callable[[int], str]:
    return lambda count: HEAD + head + "".join(text.replace("#", str(n)) for n in range(count)) + foot


PROGRAMS = {
    "functions": each("def f#(a):\n    C.labels(a).inc()\n"),
    "functions and their callers": each("def f#(a):\n    C.labels(a).inc()\ndef g#():\n    f#('k#')\n"),
    "methods": inside("class K:\n", "    def m#(self, a):\n        C.labels(a).inc()\n"),
    "classes": each("class K#:\n    name = 'k#'\n    def m(self):\n        C.labels(self.name).inc()\n"),
    "subclasses": each("class K#(Counter):\n    pass\n"),
    "metrics of an object": inside(
        "class M:\n    def __init__(self):\n", "        self.c# = Counter('c#_total', 'C', ['x'])\n", "m = M()\ndef use(a):\n    m.c0.labels(a).inc()\n"
    ),
    "global names": inside("X = ''\n", "def f#():\n    global X\n    X = 'v#'\n", "def use():\n    C.labels(X).inc()\n"),
    "closures": inside("def outer(a):\n", "    def f#():\n        C.labels(a + 'v#').inc()\n"),
    "constants of one label": each("C.labels('v#').inc()\n"),
    "findings of one label": inside("def use(user_id):\n", "    C.labels(user_id).inc()\n"),
    "findings of one fix each": each("@app.route('/v#')\ndef f#():\n    path = request.path\n    C.labels(path).inc()\n"),
    "summaries": each("S# = Summary('s#', 'S')\n"),
    "labels that go": each("C# = Counter('c#_total', 'C', ['user_id', 'y'])\ndef f#(user_id):\n    C#.labels(user_id, 'y').inc()\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_time_grows_with_the_text(name: str, lint: Lint) -> None:
    def seconds(count: int) -> float:
        gc.collect()
        gc.disable()  # the collector looks at whatever other tests have left, the more often the more is made
        try:
            started = time.process_time()
            done = lint({"app.py": PROGRAMS[name](count)})
            assert done.program.metrics
            document(with_fixes(done, done.report), ())
            return time.process_time() - started
        finally:
            gc.enable()

    seconds(10)  # what is loaded once
    rounds = [(seconds(300), seconds(2_400)) for _ in range(3)]  # side by side: machines have slow moments
    assert min(large for _, large in rounds) < 15 * max(small for small, _ in rounds), rounds


@pytest.mark.parametrize("what", ["if a.k#:\n        x# = 'v#'\n    else:\n        x# = ''\n", "for x# in a:\n        pass\n"])
def test_what_branches_do_not_touch_is_not_compared(what: str, lint: Lint) -> None:
    started = time.process_time()
    done = lint({"app.py": inside("def use(a):\n", f"    {what}", "    C.labels(x7).inc()\n")(5_000)})
    assert done.program.sites
    assert time.process_time() - started < 10


def test_rewrites_of_very_many_places_are_left_out_of_sarif(lint: Lint) -> None:
    def told(count: int) -> list[bool]:
        done = lint({"app.py": PROGRAMS["findings of one label"](count)})
        return ["fixes" in result for result in document(with_fixes(done, done.report), ())["runs"][0]["results"]]

    assert told(3) == [True] * 3
    assert told(MAX_EDITS) == [False] * MAX_EDITS  # the declaration is changed, too
