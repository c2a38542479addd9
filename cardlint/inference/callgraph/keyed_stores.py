"""Containers that a function fills under a key it is given: `METRICS[name] = make(name)`, `self._children.setdefault(name, ...)`.

The function alone does not tell the keys apart. The value under one key comes from the callers that pass that key.
"""

from __future__ import annotations

from collections.abc import Callable

from cardlint.inference.callgraph import callers
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, Function, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.limits import MAX_KEYED_CALLERS
from cardlint.inference.primitives import binding
from cardlint.ir.model import Store
from cardlint.ir.terms import AnyTerm, Param, Refine, Scalar, Use


def keyed_by_callers(ev: Evaluator, store: Store, frame: Frame, otherwise: Lazy) -> Callable[[Scalar], Lazy] | None:
    """Return the function from a key to its value, None where the key is no parameter of the function that stores it."""
    name = _parameter(store.key, frame) if store.key is not None and frame.ir.kind == "function" else None
    if name is None or frame.bindings is not None:
        return None

    def under(key: Scalar) -> Lazy:
        found = _stored_by(ev, store, frame, name, key)
        return otherwise if found is None else Lazy(None, None, found)

    return under


def _parameter(term: AnyTerm, frame: Frame) -> str | None:
    while isinstance(term, (Use, Refine)):
        term = frame.ir.defs[term.index].term if isinstance(term, Use) else term.base
    return term.name if isinstance(term, Param) else None


@query(initial=None, key=lambda store, frame, name, key: (id(store), type(key), key))
def _stored_by(ev: Evaluator, store: Store, frame: Frame, name: str, key: Scalar) -> Objects | None:
    """Join the values that the callers with this key store under it; None when some callers are not known."""
    sites = callers.callers_of(ev, frame.file, frame.ir)
    if not 0 < len(sites) <= MAX_KEYED_CALLERS or callers.callers_incomplete(ev, frame.file, frame.ir):
        return None
    groups: list[Objects] = []
    for site in sites:
        lazy = site.binding(ev, frame, name)
        given = ev.force(lazy) if lazy is not None else BOTTOM
        if not given or not all(isinstance(o, ValueSet) and o.bound is Bound.EXACTLY for o in given):
            return None
        if not any(isinstance(o, ValueSet) and any(type(v) is type(key) and v == key for v in o.exact) for o in given):
            continue
        inner = binding.bound_frame(ev, Function(frame.file, frame.ir, site.bound, None), site.call, site.frame, site.partial)
        if inner is None:
            return None
        groups.append(ev.eval(store.value, inner))
    return join_objects(groups)
