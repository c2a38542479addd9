"""Where ways meet, only names that one of them may have touched are compared: what is left out is the same in all of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cardlint.lowering import scope
from cardlint.lowering.reader import read

STDLIB = sorted(Path(os.__file__).parent.glob("*.py"))[::3]


def test_what_is_not_compared_was_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    compared, touched = 0, scope.Scope._touched

    def checked(self: scope.Scope, fork: scope.Fork, envs: list[scope.Env]) -> dict[str, None] | None:
        nonlocal compared
        names = touched(self, fork, envs)
        if names is not None:
            compared += 1
            for env in envs:
                assert {name for name in {**env, **fork[0]} if env.get(name) != fork[0].get(name)} <= set(names)
        return names

    monkeypatch.setattr(scope, "MANY_NAMES", -1)
    monkeypatch.setattr(scope.Scope, "_touched", checked)
    for path in STDLIB:
        assert not read(str(path), path.read_bytes(), whole=True).error
    assert compared > 500
