"""What is claimed of a container holds, too, when another name than its own changes it; and it stays claimed when none does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cardlint.inference.domain.value_sets import Bound
from tests.soundness import test_soundness
from tests.soundness.alias_programs import OBJECTS, programs, untouched
from tests.soundness.programs import Program

EVERY = int(os.environ.get("CARDLINT_ALIASES", "60"))
"""One in so many programs is run; all 24,687 took four minutes: `CARDLINT_ALIASES=1 pytest tests/soundness/test_aliases.py`."""
CHOSEN = list(programs())[::EVERY]


class Request(test_soundness.Request):
    """A request that can be given a container, and changes it."""

    def change(self, box: list[str] | set[str] | dict[str, str]) -> None:
        """Put the text of the request into a container."""
        if isinstance(box, list):
            box.append(self.a)
        elif isinstance(box, set):
            box.add(self.a)
        else:
            box["a"] = self.a


@pytest.fixture(autouse=True)
def _few_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_soundness, "REQUESTS", 12)
    monkeypatch.setattr(test_soundness, "Request", Request)


def claimed(source: str, folder: Path) -> int | None:
    """Return how many values are claimed of the label at all its sites, None where nothing is."""
    values = test_soundness.infer(Program(source, "", True), folder)
    if any(v.bound in (Bound.UNKNOWN, Bound.UNBOUNDED) or v.named for v in values):
        return None
    return sum(v.size or 0 for v in values)


def test_no_change_through_an_alias_is_missed(tmp_path: Path) -> None:
    wrong = []
    ran = 0
    for name, source in CHOSEN:
        try:
            compile(source, name, "exec")
        except SyntaxError:
            continue  # a change that is a statement, where only an expression can stand
        seen = test_soundness.execute(Program(source, "", True))
        size = claimed(source, tmp_path)
        ran += 1
        if size is not None and len(seen) > size:
            wrong.append(f"{name}: {len(seen)} values, {size} claimed")
    assert not wrong
    assert ran > 24_000 // EVERY


def test_a_container_that_is_only_read_through_its_aliases_stays_known(tmp_path: Path) -> None:
    open_ones = {name for name, source in untouched() if claimed(source, tmp_path) is None}
    assert open_ones == OPEN


OPEN = {f"{made}-{alias}" for made in OBJECTS for alias in ("named tuple", "namespace")}
"""Objects of a library keep the container out of sight: 14 of 266 programs."""
