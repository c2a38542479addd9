"""Occurrences know every term of a body: the fields that are walked are all fields that hold terms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cardlint.ir.model import FunctionIR
from cardlint.ir.occurrences import Occurrences
from cardlint.ir.terms import Const, Term
from cardlint.lowering.reader import read

PROGRAMS = sorted(Path(__file__).parent.parent.parent.joinpath("fixtures").rglob("*.py"))


def _held(value: object) -> Iterator[Term]:
    """List all terms inside of a term, through every field and every level of tuples."""
    if isinstance(value, Term):
        yield value
        for field in value.__struct_fields__:
            yield from _held(getattr(value, field))
    elif isinstance(value, tuple):
        for item in value:
            yield from _held(item)


def _terms(ir: FunctionIR) -> Iterator[Term]:
    for definition in ir.defs:
        yield from _held(definition.term)
    for term in (*ir.returns, *ir.yields):
        yield from _held(term)
    for store in ir.stores:
        for part in (store.base, store.key, store.value):
            yield from _held(part)


def test_every_term_of_a_body_is_found_but_constants() -> None:
    kinds: set[type] = set()
    for path in PROGRAMS:
        facts = read(str(path), path.read_bytes(), whole=True)
        for ir in facts.functions:
            table = Occurrences(ir, [])
            for term in _terms(ir):
                if type(term) is not Const:
                    assert table.of(term), (path, term)
                    kinds.add(type(term))
    assert len(kinds) >= 20
