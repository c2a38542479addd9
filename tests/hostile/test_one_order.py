"""The same tree gives the same report, wherever in memory its objects happen to lie."""

from __future__ import annotations

import pytest

from cardlint.config import Config
from cardlint.engine import run

FACTORY = """from prometheus_client import Gauge, Histogram


class Factory:
    def __init__(self):
        self.made = {}

    def timer(self, name):
        return self._get("timer", name)

    def gauge(self, name):
        return self._get("gauge", name)

    def _get(self, kind, name):
        key = (kind, name)
        metric = self.made.get(key)
        if metric is None:
            if kind == "timer":
                metric = Histogram(name, "d", ["a"])
            else:
                metric = Gauge(name, "d", ["a"])
            self.made[key] = metric
        return metric


factory = Factory()
factory.timer("blocks")
factory.gauge("level")
"""


@pytest.mark.parametrize("between", ["_get", "a_get", "z_get"])
def test_a_metric_is_declared_by_the_call_that_names_it(between: str) -> None:
    """It rests on the names of two functions, a set of which has another order in each run."""
    places = set()
    kept = []
    for number in range(40):
        kept.append([object() for _ in range(number * 7 % 31)])  # other addresses for the frames of this run
        done = run((), Config(pedantic=True), instead={"app.py": FACTORY.replace("_get", between).encode()}, files=())
        places.add(tuple((f.rule, f.place.line) for f in done.report.findings))
    assert places == {(("default-buckets", 27),)}
