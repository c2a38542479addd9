"""Fixing ends: also where findings are the same in all that tells them apart for a fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.running import run

TWINS = """from prometheus_client import Summary
def make(name, doc):
    if doc:
        metric = Summary(name, doc, unit='seconds')
    else:
        metric = Summary(name, doc, unit='seconds')
    return metric
"""
MANY = (
    "from prometheus_client import Summary\ndef make(name, doc):\n"
    + "    metric = Summary(name, doc, unit='seconds')\n" * 24
    + "    return metric\n"
)
MIXED = (
    TWINS
    + "\ndef other(name, doc):\n    metric = Summary(name, doc, unit='seconds')\n    total = Summary(name + '_total', doc, unit='seconds')\n    return metric, total\n"
    + "".join(f"S{i} = Summary('s{i}_seconds', 'S')\nS{i}.observe(1)\n" for i in range(5))
)


@pytest.mark.parametrize("code", [TWINS, MANY, MIXED])
@pytest.mark.parametrize("how", ["--diff", "--fix"])
def test_equal_findings_are_told_apart_or_given_up(code: str, how: str, tmp_path: Path) -> None:
    (tmp_path / "two.py").write_text(code)
    done = run("check", "--no-cache", "--isolated", "--pedantic", how, "--unsafe-fixes", "two.py", folder=tmp_path, seconds=60)
    assert done.code in (0, 1), done.err
    assert "internal error" not in done.err
    if code == TWINS:
        fixed = (tmp_path / "two.py").read_text() if how == "--fix" else done.out
        assert done.err.count("not fixed") >= 2 or fixed.count("metric = Histogram(") == 2


def test_the_part_that_can_be_fixed_is_fixed(tmp_path: Path) -> None:
    (tmp_path / "two.py").write_text(MANY)
    (tmp_path / "ok.py").write_text(
        "from prometheus_client import Summary\n" + "".join(f"S{i} = Summary('s{i}_seconds', 'S')\nS{i}.observe(1)\n" for i in range(5))
    )
    run("check", "--no-cache", "--isolated", "--fix", "--unsafe-fixes", ".", folder=tmp_path, seconds=60)
    assert "S0 = Histogram(" in (tmp_path / "ok.py").read_text()
