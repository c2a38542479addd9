"""The fixtures are small services that run: what cardlint says of them is compared with the series they really make."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cardlint.config import Config
from cardlint.engine import run
from tests.conftest import ROOT, marks

FIXTURES = ROOT / "fixtures"
PROGRAMS = sorted(p for p in FIXTURES.rglob("*.py") if "def drive(" in p.read_text())
CARDINALITY = {"identity-label", "raw-path", "unbounded-value"}

DRIVE = """
import importlib, sys
from prometheus_client import REGISTRY
before = sum(len(m.samples) for m in REGISTRY.collect())
sys.path.insert(0, sys.argv[1])
importlib.import_module(sys.argv[2]).drive(int(sys.argv[3]), int(sys.argv[3]))
print(sum(len(m.samples) for m in REGISTRY.collect()) - before)
"""


def series(path: Path, size: int) -> int:
    """Run a fixture with as many users and paths as given; return the series it really made."""
    done = subprocess.run(
        [sys.executable, "-c", DRIVE, str(path.parent), path.stem, str(size)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda p: str(p.relative_to(FIXTURES)))
def test_series_grow_exactly_where_cardlint_says_so(path: Path) -> None:
    expected_to_grow = any(rule in CARDINALITY for _, rule, _ in marks(path))
    small, large = series(path, 10), series(path, 50)
    if expected_to_grow:
        assert large >= small + 40, "50 users and 50 paths make at least one series more for each of 40 more"
    else:
        assert large == small


@pytest.mark.parametrize("folder", sorted(p for p in FIXTURES.iterdir() if p.is_dir()), ids=lambda p: p.name)
def test_findings_are_the_marked_ones(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    expected = {(path.relative_to(folder).as_posix(), *mark) for path in folder.rglob("*.py") for mark in marks(path)}
    report = run(["."], Config()).report
    found = {(f.place.path, f.place.line, f.rule, f.label) for f in report.findings}
    assert found == expected
    assert len(report.findings) == len(found), "one call and label gets at most one finding"


def test_advice_for_the_raw_fallback_is_the_constant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FIXTURES / "fastapi_leaky")
    first = run(["."], Config()).report.findings[0]
    assert '"unmatched"' in first.help
    assert next(step.place.line for step in first.trace) == 21
    assert first.value is not None
    assert first.value.cls == "unbounded"


def test_summary_really_exports_no_quantiles() -> None:
    from prometheus_client import CollectorRegistry, Summary, generate_latest

    registry = CollectorRegistry()
    Summary("size", "Size", registry=registry).observe(3)
    text = generate_latest(registry).decode()
    assert "quantile" not in text
    assert "size_count 1.0" in text


def test_buckets_really_cost_what_the_message_says() -> None:
    from prometheus_client import CollectorRegistry, Histogram

    registry = CollectorRegistry()
    Histogram("size", "Size", buckets=[1, 2, 3], registry=registry)
    assert sum(len(m.samples) for m in registry.collect()) == 3 + 4
