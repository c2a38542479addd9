"""Dependencies between the definitions of a body: which ones are computed again when one of them is given."""

from __future__ import annotations

from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, ClassDef, FunctionDef, Term, Use

ANYTHING = -1
"""Represents the captured names of an inner function: it may depend on any definition."""


def refs_of(term: AnyTerm) -> set[int]:
    """Return the definitions a term refers to, with ANYTHING for a function or class that is defined in it."""
    found: set[int] = set()
    stack: list[object] = [term]
    while stack:
        current = stack.pop()
        kind = type(current)
        if kind is Use:
            found.add(current.index)  # type: ignore[attr-defined]
        elif kind is FunctionDef or kind is ClassDef:
            found.add(ANYTHING)
        elif kind is tuple:
            stack.extend(current)  # type: ignore[arg-type]
        elif isinstance(current, Term):
            stack.extend(getattr(current, name) for name in current.__struct_fields__ if name != "at")
    return found


def users(ir: FunctionIR) -> dict[int, list[int]]:
    """Map each definition of a body to the definitions that refer to it."""
    out: dict[int, list[int]] = {}
    for index, definition in enumerate(ir.defs):
        for used in refs_of(definition.term):
            out.setdefault(used, []).append(index)
    return out


def resting_on(ir: FunctionIR, given: frozenset[int]) -> frozenset[int]:
    """Return the definitions of a body that depend on any of those given, directly or through others."""
    if ir.users is None:
        ir.users, ir.resting = users(ir), {}
    known = ir.resting.get(given)
    if known is not None:
        return known
    table = ir.users
    found = set(given)
    stack = [*given, ANYTHING]
    while stack:
        for user in table.get(stack.pop(), ()):
            if user not in found:
                found.add(user)
                stack.append(user)
    ir.resting[given] = frozenset(found)
    return ir.resting[given]
