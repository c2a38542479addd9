"""Rules that compare calls with each other look them up: a file of thousands of calls takes no more than its share of time."""

from __future__ import annotations

import time

import pytest

from cardlint.config import Config
from cardlint.engine import run

HEAD = "from prometheus_client import Counter\nC = Counter('c_total', 'C', ['x'])\n"
NAMES = "NAMES = ['x']\nD = Counter('d_total', 'D', NAMES)\n"
FILES = {
    "discarded-child": HEAD + "".join(f"def f{n}(x):\n    C.labels(x)\n    return 1\n\n" for n in range(6_000)),
    "missing-labels": HEAD + NAMES + "".join(f"def f{n}(x):\n    D.inc()\n" for n in range(6_000)),
    "unused-ignore": HEAD + "".join(f"x = 1  # cardlint: bounded={n + 2} -- few\nC.labels('a').inc()\n" for n in range(3_000)),
}


def seconds(rule: str, text: str) -> float:
    """Return the time that the rule takes on the processor, the least of three: a busy machine makes it longer."""
    from cardlint.rules import all_rules
    from cardlint.rules.base import Thresholds

    done = run((), Config(select=("summary",)), instead={"app.py": text.encode()}, files=())
    check = next(r.check for r in all_rules() if r.name == rule)
    taken = []
    for _ in range(3):
        started = time.process_time()
        found = list(check(done.program, Thresholds()))
        taken.append(time.process_time() - started)
        assert len(found) >= 3_000
    return min(taken)


@pytest.mark.parametrize("rule", FILES)
def test_thousands_of_calls_are_judged_in_time(rule: str) -> None:
    assert seconds(rule, FILES[rule]) < 0.3


def test_a_line_is_found_in_spans_that_lie_in_each_other() -> None:
    from cardlint.rules.unused_ignore import Spans

    spans = [(1, 10), (2, 3), (20, 20), (5, 12)]
    inside = {line for start, end in spans for line in range(start, end + 1)}
    assert {line for line in range(30) if line in Spans(spans)} == inside
