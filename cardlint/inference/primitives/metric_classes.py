"""Metric classes: which library path is one, and of which client and type."""

from __future__ import annotations

from cardlint.common.expressions import Expression
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.objects import BOTTOM, LibraryPath, Objects
from cardlint.inference.library.clients import Constructor
from cardlint.ir.terms import Call, Const, Seq

METRIC_NAME = Expression(r"[a-zA-Z_:][a-zA-Z0-9_:]*")


def constructor_of(ev: Evaluator, path: str) -> Constructor | None:
    """Return the metric that a library path constructs, None when it is no metric class."""
    found = ev.library.clients.constructor(path)
    if found is None and path in ev.library.wrappers:
        return ev.library.clients.wrapper(path, ev.library.wrappers[path])
    return found


def constructed_by(ev: Evaluator, path: str, term: Call) -> Constructor | None:
    """Return the metric that a call of a library path constructs, None when it constructs none."""
    return constructor_of(ev, path) or _reexported(ev, path, term)


def _reexported(ev: Evaluator, path: str, term: Call) -> Constructor | None:
    """Return the metric class that a package which is not known passes on under its own name, None for any other call.

    Such a call has a name, a help text and label names, in this order: `Counter("hits", "Hits", ["page"])`.
    """
    top, _, name = path.rpartition(".")
    if not top or name not in ev.library.clients.direct or ev.library.knows(path) or len(term.args) < 2:
        return None
    names = term.args[2] if len(term.args) > 2 else next((value for key, value in term.kwargs if key == "labelnames"), None)
    texts = [a.value for a in term.args[:2] if isinstance(a, Const) and isinstance(a.value, str)]
    if len(texts) < 2 or not METRIC_NAME.regex.fullmatch(texts[0]) or not isinstance(names, Seq) or names.kind == "set":
        return None
    default = ev.library.clients.default
    return ev.library.clients.constructor(f"{default.package}.{name}")


def is_metric_path(ev: Evaluator, path: str) -> bool:
    """Tell whether a library path is a metric class, or the base of all of them."""
    return constructor_of(ev, path) is not None or path.rpartition(".")[2] in ev.library.clients.bases


def annotated(ev: Evaluator, path: str) -> Objects:
    """Return the value by an annotation with a metric class: an instance that only its callers can name."""
    return (LibraryPath(path),) if is_metric_path(ev, path) else BOTTOM
