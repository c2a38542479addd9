"""Each expression of a table is run for many requests and analysed: what is claimed is never less than what happens, what is fixed is no finding."""

from __future__ import annotations

import decimal
import sys
import types
from datetime import datetime, timedelta
from pathlib import Path

import prometheus_client
import pytest

from cardlint.config import Config
from cardlint.engine import run
from cardlint.inference.domain.value_sets import Bound, ValueSet
from tests.soundness.collected import COLLECTED
from tests.soundness.constants import CONSTANTS
from tests.soundness.cut import CUT
from tests.soundness.expressions import FIXED, IMPORTS, Case
from tests.soundness.growing import GROWS
from tests.soundness.tested import TEXTS

REQUESTS = 400
FOLDER = "service"


class Request:
    """One request: no other has its text and its number."""

    def __init__(self, number: int) -> None:
        self.n = number
        self.a = f"client-text-{number}"
        self.f = number * 1.2345678 + 0.111
        self.b = number % 3 == 0
        self.s = "abcdefg"[number % 7]
        self.c = chr(0x4E00 + number)
        self.spec = f"0{number}d"
        self.data = {"k": self.a, f"key-{number}": "x"}
        self.pad = ["a", "b"][number % 2] + " " * number
        self.nl = ["a", "b", "a\n", "b\n"][number % 4]
        self.case = ["aa", "aA", "Aa", "AA", "bb", "bB", "Bb", "BB"][number % 8]
        self.dig = DIGITS[number % len(DIGITS)]
        self.uni = chr(0x4E00 + number)
        self.j = [1, 1.0, True, 2, 2.0][number % 5]
        self.dec = decimal.Decimal("1." + "0" * number)
        self.when = datetime(2000, 1, 1) + timedelta(days=number * 17, hours=number * 7, minutes=number * 13, seconds=number * 29)
        self.l = list("abcde"[: number % 5])
        self.d = {f"k{number % 5}": number}
        self.ip = f"10.0.{number // 250}.{number % 250}"
        self.path = f"/x/{number}/y.{number}"
        self.neg = -number
        self.st2 = number % 3
        self.dyn = type(f"T{number % 20}", (), {})
        self.zero = FALSE[number % len(FALSE)]


DIGITS = "".join(chr(first + digit) for first in (0x30, 0x660, 0x966) for digit in range(10))
"""Digits of three scripts."""
FALSE = (0, 0.0, "", None, False, 0j, (), b"", [], {}, set(), decimal.Decimal(0), range(0))
"""Values that are false, each with a text of its own."""


def source(case: Case) -> str:
    """Write the program of a case."""
    lines = [IMPORTS, "M = Counter('m_total', 'A metric.', ['v'])", case.head, "def handle(request):"]
    return "\n".join([*lines, *(f"    {line}" for line in case.body.splitlines()), "    M.labels(v).inc()"]) + "\n"


def execute(case: Case, path: Path) -> tuple[set[str], set[str]]:
    """Run a program; return the values that its label took after half of the requests, and after all of them."""
    registry = prometheus_client.CollectorRegistry()
    main = types.ModuleType("generated")
    main.__dict__.update(REGISTRY=registry, __file__=str(path))
    text = source(case).replace("['v'])", "['v'], registry=REGISTRY)", 1)
    digits = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        exec(compile(text, str(path), "exec"), main.__dict__)
        seen = []
        for numbers in (range(1, REQUESTS // 2 + 1), range(REQUESTS // 2 + 1, REQUESTS + 1)):
            for number in numbers:
                main.__dict__["handle"](Request(number))
            seen.append({s.labels["v"] for m in registry.collect() for s in m.samples if s.name == "m_total"})
    finally:
        sys.set_int_max_str_digits(digits)
    return seen[0], seen[1]


def infer(case: Case, path: Path) -> ValueSet:
    """Analyse a program; return the values of its label, those of all sites together."""
    path.write_text(source(case))
    report = run([str(path.parent)], Config(root=str(path.parent.parent)))
    assert not report.program.facts_errors
    [value] = report.program.values.values()
    return value


def prepared(tmp_path: Path) -> Path:
    """Make the folder of the program."""
    (tmp_path / FOLDER).mkdir()
    return tmp_path / FOLDER / "main.py"


@pytest.mark.parametrize("case", FIXED.values(), ids=FIXED.keys())
def test_what_is_fixed_is_called_fixed(case: Case, tmp_path: Path) -> None:
    """A set that stays as it is has a size, and not a smaller one than the run needs."""
    path = prepared(tmp_path)
    value = infer(case, path)
    half, seen = execute(case, path)
    assert half == seen or len(seen) > 100, "this case is not fixed"
    assert value.bound is not Bound.UNBOUNDED, value.why
    check_claim(value, seen)


ANY = {**GROWS, **TEXTS, **CUT, **COLLECTED, **{f"constant: {name}": case for name, case in CONSTANTS.items()}}


@pytest.mark.parametrize("case", ANY.values(), ids=ANY.keys())
def test_no_claim_is_smaller_than_what_happens(case: Case, tmp_path: Path) -> None:
    """Whatever is claimed of a value that takes many texts is no fewer than that."""
    path = prepared(tmp_path)
    value = infer(case, path)
    check_claim(value, execute(case, path)[1])


def check_claim(value: ValueSet, seen: set[str]) -> None:
    """Compare a claim with a run."""
    if value.bound > Bound.PER_DEPLOYMENT or value.named:
        return
    info = value.info()
    assert info.size is not None
    assert len(seen) <= info.size, f"{len(seen)} values seen, {value.bound.name} of {info.size} claimed: {value.why}"
    if value.bound is Bound.EXACTLY:
        assert seen <= set(info.values), f"seen but not claimed: {sorted(seen - set(info.values))[:5]}"
