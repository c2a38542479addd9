"""Every leaky service runs under its framework after the fix: it answers as before, and a label that was fixed does not grow.

It needs the frameworks, as the verdicts do: `pytest -m oracle`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.test_command_line import cardlint
from tests.oracle.table import Service, exported, services

LEAKY = [s for s in services() if "leaky" in str(s.path)]


@pytest.mark.oracle
@pytest.mark.parametrize("service", LEAKY, ids=lambda s: s.path.parent.name)
def test_a_fixed_service_answers_and_grows_less(service: Service, tmp_path: Path) -> None:
    before = exported(service)
    folder = tmp_path / service.path.parent.name
    shutil.copytree(service.path.parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    said = cardlint("--fix", "--unsafe-fixes", "--format", "concise", ".", cwd=folder).stderr
    after = exported(Service(folder / service.path.name, service.client))
    grown = [_grown(values) for values in (before, after)]
    assert grown[1] <= grown[0], "no other label grows"
    fixed = sum(": fixed: " in line and "fixed: make it" not in line for line in said.splitlines())
    if fixed and "not fixed" not in said:  # a label may still grow by a place that was refused
        assert len(grown[1]) < len(grown[0]), said
    assert {metric for metric, _ in after[0]} <= {metric for metric, _ in before[0]}, "no metric is new"


def _grown(values: list[dict[tuple[str, str], set[str]]]) -> set[tuple[str, str]]:
    few, many = values
    return {key for key, found in many.items() if len(found) > len(few.get(key, set()))}
