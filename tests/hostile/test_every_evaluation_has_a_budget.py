"""Budgets: what is evaluated outside of a question is one, so that no evaluation is without an end."""

from __future__ import annotations

import time
from pathlib import Path

from cardlint.config import Config
from cardlint.engine import run
from cardlint.inference.core.evaluator import DemandEvaluator
from cardlint.inference.limits import QUESTION_STEPS, STRAY_STEPS_OF_RUN

TABLES = 9
NESTED = (
    "from collections import defaultdict\nfrom prometheus_client import Info\n\nI = Info('i', 'd')\n\n\ndef update(hosts):\n"
    f"    tables = {{'info': defaultdict(int), {', '.join(f'{n!r}: defaultdict(int)' for n in range(TABLES))}}}\n"
    "    for host in hosts:\n" + "".join(f"        tables[{n}][host[{n}]] += 1\n" for n in range(TABLES)) + "    I.info(tables['info'])\n"
)
"""Each entry is read by every other one: the work doubles and more with each table."""


def test_tables_that_are_counted_up_by_computed_keys_end(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(NESTED, encoding="utf-8")
    started = time.process_time()
    result = run([str(tmp_path)], Config())
    assert time.process_time() - started < 20
    assert "QUESTION_STEPS" in dict(result.program.limits_hit)
    assert [arg.value.bound.name for site in result.program.sites for arg in site.args] == ["UNKNOWN"]


def test_an_evaluation_outside_of_a_question_takes_steps_of_the_run(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(NESTED, encoding="utf-8")
    budgets: list[int] = []
    ask = DemandEvaluator.ask

    def asked(self: DemandEvaluator, question: object, default: object, frame: object, at: object, steps: int = QUESTION_STEPS) -> object:
        if not self.asking:
            budgets.append(steps)
        return ask(self, question, default, frame, at, steps)  # type: ignore[arg-type]

    DemandEvaluator.ask = asked  # type: ignore[assignment, method-assign]
    try:
        run([str(tmp_path)], Config())
    finally:
        DemandEvaluator.ask = ask  # type: ignore[method-assign]
    assert max(budgets) == QUESTION_STEPS + STRAY_STEPS_OF_RUN
    assert sum(b > QUESTION_STEPS for b in budgets) >= 1
