"""Programs by which the generator once found an inferred set that was too narrow: one for each cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soundness.programs import HEAD, Program
from tests.soundness.test_soundness import check

FOUND = {
    "a test that narrows nothing": "v = 'red'\nif request.n > 5:\n    v = 'ok'",
    "a test of a call": "v = 'red'\nif len(request.a) > 12:\n    v = 'ok'",
    "an item of a module's table is set by a function": "put('GET')\nv = TABLE['k']",
    "a wrapper that returns something else": "v = decorated('')",
    "setdefault on a dictionary that may be empty": "d = {}\nif request.n % 2:\n    d['k'] = 'ok'\nv = d.setdefault('k', 'green')",
    "two composed sets of one size": "a, b = 'x' + str(request.n % 7), str(request.n % 7)\nfor _ in range(request.n % 3):\n    a, b = b, a\nv = a or 'ok'",
    "admission in nested tests": "v = request.a\nif v not in SEEN:\n    if len(SEEN) >= 3:\n        v = 'overflow'\n    else:\n        SEEN.add(v)",
    "the target of a comprehension is no local name": "names = [word for word in ('a', 'b')]\nv = word",
}
MODULE = """
TABLE = {'k': 'red'}
SEEN = set()
word = 'module'
def put(value):
    TABLE['k'] = value
def deco(wrapped):
    def wrapper(value):
        return wrapped(value) or 'empty'
    return wrapper
@deco
def decorated(value):
    return value
"""


@pytest.mark.parametrize("body", FOUND.values(), ids=FOUND.keys())
def test_what_the_generator_found_stays_found(body: str, tmp_path: Path) -> None:
    """The inferred set holds everything that is seen when the program runs."""
    lines = [HEAD, "from prometheus_client import Counter", "M = Counter('m_total', 'A metric.', ['v'])", MODULE, "def handle(request):"]
    lines.extend(f"    {line}" for line in [*body.splitlines(), "M.labels(v=v).inc()"])
    check(Program("\n".join(lines) + "\n", HEAD + "\n", False), tmp_path)
