"""What is inferred is never narrower than what happens: random programs are analysed, and run with prometheus_client."""

from __future__ import annotations

import os
import queue
import sys
import types
from pathlib import Path

import prometheus_client
import pytest
from hypothesis import HealthCheck, given, note, settings

from cardlint.config import Config
from cardlint.engine import run
from cardlint.inference.domain.value_sets import Bound, ValueSet, label_text
from tests.soundness.programs import Program, programs

EXAMPLES = int(os.environ.get("CARDLINT_SOUNDNESS", "400"))
"""Programs of one run; 20,000 are for releases: `CARDLINT_SOUNDNESS=20000 pytest tests/soundness`."""
REQUESTS = 40


class Request:
    """One request: a text and a number that no other request has."""

    def __init__(self, number: int) -> None:
        self.a = f"client-text-{number}"
        self.n = number
        self.b = number % 3 == 0


def execute(program: Program) -> set[str]:
    """Run the program with many requests and return the label values that really became series."""
    registry = prometheus_client.CollectorRegistry()
    helpers = types.ModuleType("helpers")
    main = types.ModuleType("generated")
    saved = {name: sys.modules.get(name) for name in ("helpers", "generated")}
    sys.modules.update(helpers=helpers, generated=main)
    try:
        exec(compile(program.helpers, "helpers.py", "exec"), helpers.__dict__)
        source = program.main.replace("['v'])", "['v'], registry=REGISTRY)", 1)
        main.__dict__["REGISTRY"] = registry
        exec(compile(source, "main.py", "exec"), main.__dict__)
        for number in range(REQUESTS):
            try:
                main.__dict__["handle"](Request(number))
            except (IndexError, KeyError, UnboundLocalError, queue.Empty):
                continue  # this request fails before the label: no series
    finally:
        for name, module in saved.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
    return {s.labels["v"] for m in registry.collect() for s in m.samples if s.name == "m_total"}


def infer(program: Program, folder: Path) -> list[ValueSet]:
    """Analyse the program and return the values of its label at every site."""
    (folder / "main.py").write_text(program.main)
    (folder / "helpers.py").write_text(program.helpers)
    report = run([str(folder)], Config(root=str(folder)))
    assert not report.program.facts_errors
    values = [arg.value for site in report.program.sites for arg in site.args]
    assert values, "the site was not found"
    return values


def check(program: Program, folder: Path) -> None:
    """Compare what is inferred with what happened."""
    values = infer(program, folder)
    seen = execute(program)
    shown = [(v.bound.name, v.size, v.exact, v.why) for v in values]
    for value in values:
        if value.named:
            continue  # a guess by name claims nothing
        if value.bound is Bound.EXACTLY and len(values) == 1:
            texts = {label_text(v) for v in value.exact}
            assert seen <= texts, f"seen but not inferred: {sorted(seen - texts)[:5]} of {shown}"
        if value.bound is Bound.BOUNDED and len(values) == 1:
            assert value.size is not None
            assert len(seen) <= value.size, f"{len(seen)} values seen, {value.size} inferred: {shown}"
        if value.bound is Bound.UNBOUNDED:
            assert program.open, f"constants are called unbounded: {shown}"


@settings(
    max_examples=EXAMPLES, deadline=None, derandomize="CARDLINT_SOUNDNESS" not in os.environ, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)  # fmt: skip
@given(program=programs())
def test_nothing_is_inferred_that_is_narrower_than_what_happens(program: Program, tmp_path: Path) -> None:
    """Every program keeps within the inferred set, and no program of constants is called unbounded."""
    note(program.main)
    note(program.helpers)
    check(program, tmp_path)


@pytest.mark.parametrize("source", ["M.labels(request.a).inc()"])
def test_the_check_can_fail(source: str, tmp_path: Path) -> None:
    """A program that lies about being closed is caught: the comparison is not vacuous."""
    main = f"from prometheus_client import Counter\nM = Counter('m_total', 'A metric.', ['v'])\ndef handle(request):\n    {source}\n"
    assert len(execute(Program(main, "", True))) == REQUESTS
