"""Every row with a transfer: what a call computes of its arguments is as open as they are, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardlint.inference.domain.value_sets import Bound
from cardlint.knowledge.schema import Row
from tests.knowledge.test_rows import inferred, libraries, program

OPEN, FEW = "uuid.uuid4().hex", "'one'"
KEEPING = {
    "kept": "({})",
    "kept:1": "('a', {})",
    "same": "({})",
    "cast": "(str, {})",
    "arg:0": "({})",
    "joined": "('a', {})",
    "rewritten": "({})",
    "rewritten:1": "('a', {})",
    "rewritten:2": "('a', 'b', {})",
    "halves": "({})[0]",
    "pieces:0": "({})[0]",
    "pieces:1": "('a', {})[0]",
    "result:0": "(lambda: {})",
    "result:1": "(None, lambda: {})",
    "url-parts": "('https://host/' + {}).path",
    "url-parts:params": "('https://host/' + {}).path",
    "query": "('a=' + {})['a'][0]",
}
"""Transfers that keep the class of an argument: how the call is written, with the place of the argument."""
CALLED = {
    "choice": ("(['a', 'b'])", Bound.EXACTLY),
    "int-range": ("(1, 3)", Bound.BOUNDED),
    "strftime": ("('%H')", Bound.BOUNDED),
    "best": ("(['a', 'b'])", Bound.EXACTLY),
    "bins": ("([1, 2, 3], 2)", Bound.BOUNDED),
    "whole": ("(time.time())", Bound.UNBOUNDED),
    "route-url": ("('name')", Bound.BOUNDED),
    "parsed": (f"({OPEN})", Bound.UNBOUNDED),
}
"""Transfers that compute something else: a call, and its class."""
WITH_HOST = "route-url:"
"""A whole URL has the host that the client has sent."""
ELSEWHERE = frozenset(
    [
        "added",
        "arg:1",
        "attribute",
        "columns",
        "dependency",
        "element",
        "enum",
        "file",
        "file-rows",
        "file:listed",
        "file:names",
        "file:read",
        "fixed",
        "joined-path",
        "loaded",
        "numbered",
        "records",
        "typed",
        "unpickled",
    ]
)
"""Transfers whose programs take more than one call, a file or a class: `tests/inference` has them."""
ROWS = [row for library in libraries() for row in library.rows if row.how]


def value_of(row: Row, call: str, folder: Path) -> tuple[Bound, str]:
    """Return the class of a call, and its program."""
    source = program(row).replace("()).inc()", f"{call}).inc()")
    assert call in source
    source = f"import time\nimport uuid\n{source}"
    return inferred(source, folder).bound, source


KEPT = [row for row in ROWS if row.how in KEEPING]


@pytest.mark.parametrize("row", KEPT, ids=[row.path for row in KEPT])
def test_what_keeps_an_argument_is_as_open_as_that(row: Row, tmp_path: Path) -> None:
    for given, expected in ((OPEN, True), (FEW, False)):
        bound, source = value_of(row, KEEPING[row.how].format(given), tmp_path)
        assert (bound is Bound.UNBOUNDED) is expected, f"{bound}\n{source}"


OTHERS = [row for row in ROWS if row.how.partition(":")[0] in CALLED]


@pytest.mark.parametrize("row", OTHERS, ids=[row.path for row in OTHERS])
def test_what_computes_something_else_has_the_class_of_that(row: Row, tmp_path: Path) -> None:
    call, expected = CALLED[row.how.partition(":")[0]]
    bound, source = value_of(row, call, tmp_path)
    assert bound is (Bound.CLIENT_CHOSEN if row.how.startswith(WITH_HOST) else expected), source


def test_every_transfer_has_a_program() -> None:
    known = KEEPING.keys() | CALLED.keys() | ELSEWHERE
    assert [row.path for row in ROWS if row.how not in known and row.how.partition(":")[0] not in known] == []
    assert known - {name for row in ROWS for name in (row.how, row.how.partition(":")[0])} == set()
