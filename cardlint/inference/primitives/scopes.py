"""Scopes: which functions are made inside of which, and whose name a name is."""

from __future__ import annotations

from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import FileState
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import Attr
from cardlint.knowledge import conventions


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


DISPATCHING = tuple(sorted(conventions.names(conventions.DISPATCHING)))
IMPLEMENTING = conventions.names(conventions.IMPLEMENTING)


def dispatcher(file: FileState, ir: FunctionIR) -> FunctionIR | None:
    """Return the function of the file that a function is registered for as an implementation: `@name.register`, `@name.register(int)`."""
    frame = file.frame(ir.parent)
    for decorator in ir.decorators:
        target, _ = terms.decorator_of(decorator, frame)
        if isinstance(target, Attr) and target.name in IMPLEMENTING:
            name = terms.last_name(target.base, frame)
            found = next((f for f in file.ir.functions if f.name == name and f.parent == ir.parent and terms.flag(f, *DISPATCHING)), None)
            if found is not None:
                return found
    return None
