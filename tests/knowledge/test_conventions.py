"""Words that stand for something wherever they are written: each has a source, and the engine names no library by itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import cardlint
from cardlint.knowledge import CARRIED_BY, PASSED_BY_NAME, WHERE, conventions, processes, structuring

TABLES: dict[str, list[tuple[str, str]]] = {
    name: [(row.name, row.source) for row in table]
    for name, table in {**vars(conventions), **vars(processes), "GENERATED": structuring.GENERATED}.items()
    if isinstance(table, tuple) and hasattr(table[0], "source")
} | {"FIELDS": [(name, source) for name, _, source in structuring.FIELDS]}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_each_name_is_there_once_and_has_a_source(name: str) -> None:
    """A source is a page of the documentation or a proposal."""
    rows = TABLES[name]
    assert len(dict(rows)) == len(rows)
    for row, source in rows:
        assert re.match(r"PEP \d+|[A-Za-z][\w.]*(?: 1)?(?: on the package index)?[,:] ?\S", source), row


def test_what_a_program_stores_on_a_framework_object_is_kept_by_kind() -> None:
    assert {"app", "state", "g"} <= conventions.holders("items") & conventions.holders("attributes")
    assert "registry" not in conventions.holders("attributes")
    assert "settings" not in conventions.holders("items")


def test_a_parameter_is_passed_by_a_library_that_has_rows() -> None:
    known = {package for packages in WHERE.values() for package in packages}
    for row in PASSED_BY_NAME:
        assert set(row.packages) <= known
        assert row.path.partition(".")[0] in known | CARRIED_BY.keys()


MODELLED = re.compile(r"(?:dataclasses|attrs?|aiohttp\.web\.AppKey)\b.*")
"""Library functions that are modelled in code, found by their path in one table."""


def test_the_engine_names_no_framework() -> None:
    """What is known of a framework or a library beyond Python's own is in `knowledge`."""
    packages = {package for packages in WHERE.values() for package in packages} - {"requests", "settings"}
    wrong = []
    for folder in ("inference", "lowering", "ir", "files"):
        for path in sorted((Path(cardlint.__file__).parent / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
                    dotted = re.fullmatch(r"(\w+)(?:\.\w+)*", node.value)
                    if dotted is not None and dotted[1] in packages and not MODELLED.fullmatch(node.value):
                        wrong.append(f"{path.name}:{node.lineno}: {node.value}")
    assert wrong == []
