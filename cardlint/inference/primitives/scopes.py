"""Scopes: which functions are made inside of which, and whose name a name is."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import FileState
from cardlint.ir.model import FunctionIR


def makes_function(ev: Evaluator, file: FileState, ir: FunctionIR) -> bool:
    """Tell whether a function is made inside of this one."""
    return ir.index in _parents(ev, file, len(file.ir.functions))


@query(initial=frozenset())
def _parents(ev: Evaluator, file: FileState, functions: int) -> frozenset[int]:
    """Return the functions that hold others; a file gets more functions as its bodies are lowered."""
    return frozenset(inner.parent for inner in file.ir.functions[:functions])


def is_inside(file: FileState, inner: FunctionIR, index: int) -> bool:
    """Tell whether a function is made inside of another one, at any depth."""
    above = inner.parent
    while above > index:
        above = file.ir.functions[above].parent
    return above == index


def is_shadowed(file: FileState, ir: FunctionIR, name: str) -> bool:
    """Tell whether a name in a function means a local name of a function around it, and not that of the module."""
    above = ir.parent
    while above > 0:
        outer = file.ir.functions[above]
        if outer.kind in ("function", "lambda") and (name in outer.names or any(p.name == name for p in outer.params)):
            return True
        above = outer.parent
    return False
