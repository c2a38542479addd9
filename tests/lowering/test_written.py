"""Written: a text is searched for what it may store, and nothing that it stores is passed over."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest

from cardlint.lowering.written import written

STORES = [
    "self.x = 1",
    "self.x: int = 1",
    "self.x : 'T' = 1",
    "self.x += 1",
    "self.x //= 2",
    "self.x **= 2",
    "self.x |= {1}",
    "self.x \\\n    = 1",
    "self.y = self.x = 1",
    "(self.x) = 1",
    "self.x, y = 1, 2",
    "y, *self.x = z",
    "[self.x, y] = z",
    "(\n    self.x,\n    y,\n) = z",
    "(\n    y,\n    self.x\n) = z",
    "(\n    y,\n    self.x  # the last\n) = z",
    '(self.x, y["#"],\n y.z) = z',
    "(self.x, y[\n    0\n]) = z",
    "for self.x in z:\n    pass",
    "for i, self.x in z:\n    pass",
    "for (self.x,\n     y) in z:\n    pass",
    "with z as self.x:\n    pass",
    "with z as self.x, y as w:\n    pass",
    "with (\n    z as self.x,\n    y as w,\n):\n    pass",
    "with z as (self.x, y):\n    pass",
    "[0 for self.x in z]",
    "(self.x,  # one\n # two\n\n y) = z",
    "(self.x, y[\n1 +\n2]) = z",
    "[0 for\n self.x in z]",
    "for \\\n self.x in z:\n    pass",
    "with z as (\n self.x):\n    pass",
    "with z as [\nself.x,\nself.y]:\n    pass",
    "y = " + "'long' + " * 400 + "'line'; self.x, y = z",
]
READS = [
    "self.x == 1",
    "f(self.x)",
    "f(self.x)\ny = 1",
    "return_(self.x, 1)\ny = 1",
    "y = self.x",
    "y = self.x  # 1",
    "if self.x:\n    y = 1",
    "if self.x in z:\n    y = 1",
    "self.x.y = 1",
    "self.x[1] = 2",
    "self.x(1)",
    "self.xy = 1",
    "self.x <= 1",
    "self.x != 1",
    "y = f'{self.x}'",
    "for y in self.x:\n    z = 1",
]


def stores(text: str) -> list[tuple[str, int]]:
    """Give every attribute that Python stores in and the offset of its dot, where nothing stands between the two."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    raw = text.encode()
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            end = starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)
            at = end - len(node.attr.encode()) - 1
            if raw[at : at + 1] == b".":
                found.append((node.attr, len(raw[:at].decode())))
    return found


@pytest.mark.parametrize("text", STORES)
def test_what_stores_is_found(text: str) -> None:
    ((_, at),) = [store for store in stores(text) if store[0] == "x"]
    assert written(text, "x", "store", 0) <= at
    assert written(text, "x", "store", at) == at


@pytest.mark.parametrize("text", READS)
def test_what_only_reads_is_not(text: str) -> None:
    assert "x" not in dict(stores(text))
    assert written(text, "x", "store", 0) == -1


def test_nothing_that_the_standard_library_stores_is_passed_over() -> None:
    seen = 0
    for path in sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py")):
        text = path.read_text("utf-8")
        for name, at in stores(text):
            assert written(text, name, "store", at) == at, (path.name, text[at - 40 : at + 40])
            seen += 1
    assert seen > 1000


@pytest.mark.parametrize("form", ["", "call", "store"])
def test_a_name_of_no_letters_is_written_nowhere(form: str) -> None:
    assert written("x = 1\n", "", form, 0) == -1
