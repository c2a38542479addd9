"""`--watch`: a folder that disappears ends no watch."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardlint.cli.watching import watch


def test_a_working_directory_that_is_gone_is_an_error_of_one_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("cardlint.cli.watching.PAUSE", 0)

    def gone() -> list[str]:
        raise FileNotFoundError(2, "No such file or directory")

    def once() -> int:
        gone()
        return 0

    monkeypatch.chdir(tmp_path)
    assert watch(once, gone, looks=2) == 2
    assert "cardlint: error: No such file or directory" in capsys.readouterr().err
