"""Bucket lists and limits that somebody wrote to make the proposals of `bucket-count` fail: they stay short, and the same each time."""

from __future__ import annotations

import time

import pytest

from cardlint.config import Config
from cardlint.engine import run
from cardlint.output.neutralise import markdown


def helps(bounds: str, **settings: int) -> list[str]:
    code = f"from prometheus_client import Histogram\nH = Histogram('h', 'H', buckets={bounds})\n"
    done = run((), Config(select=("bucket-count",), **settings), instead={"app.py": code.encode()}, files=())  # type: ignore[arg-type]
    return [f.help for f in done.report.findings]


def test_one_bucket_may_be_the_most() -> None:
    assert helps("[1, 2, 3]", buckets_min=1, buckets_max=1) == ["drop `2, 3` for an even spread of 1"]


@pytest.mark.parametrize("least", [1_000, 10**9, 10**30])
def test_any_number_may_be_the_least(least: int) -> None:
    started = time.perf_counter()
    [said] = helps("[1, 2, 3]", buckets_min=least, buckets_max=least)
    assert said.startswith(f"write {least:,} finite bounds")
    assert time.perf_counter() - started < 2


def test_bounds_that_have_no_order_are_left_out() -> None:
    bounds = "[1, float('nan'), float('inf'), 1e309, float('-inf'), 10 ** 12]"
    assert {tuple(helps(bounds)) for _ in range(20)} == {tuple(helps(bounds))}
    assert "nan" not in helps(bounds)[0]


def test_no_bound_may_be_finite() -> None:
    assert helps("[float('nan'), float('-inf')]")[0].startswith("write 5 finite bounds")


def test_the_same_bound_many_times_is_one() -> None:
    assert helps("[1] * 20") == ["write each bound once"]


def test_the_largest_number_has_one_above_it() -> None:
    assert helps("[1.7e308]")
    assert helps("[5e-324, 1.7e308]")


@pytest.mark.parametrize("bounds", ["[1, 2]", "[n / 100 for n in range(14)]", "[n / 100 for n in range(40)]"], ids=["add", "drop", "keep"])
def test_bounds_are_one_piece_of_code_in_markdown(bounds: str) -> None:
    [said] = helps(bounds)
    assert markdown(said) == said, "their numbers are no markup that is marked again"
    assert said.count("`") == 2
