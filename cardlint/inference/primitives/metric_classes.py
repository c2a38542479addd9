"""Metric classes: which library path is one, and of which client and type."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.objects import BOTTOM, LibraryPath, Objects
from cardlint.inference.library.clients import Constructor


def constructor_of(ev: Evaluator, path: str) -> Constructor | None:
    """Return the metric that a library path constructs, None when it is no metric class."""
    found = ev.library.clients.constructor(path)
    if found is None and path in ev.library.wrappers:
        return ev.library.clients.wrapper(path, ev.library.wrappers[path])
    return found


def is_metric_path(ev: Evaluator, path: str) -> bool:
    """Tell whether a library path is a metric class, or the base of all of them."""
    return constructor_of(ev, path) is not None or path.rpartition(".")[2] in ev.library.clients.bases


def annotated(ev: Evaluator, path: str) -> Objects:
    """Return the value by an annotation with a metric class: an instance that only its callers can name."""
    return (LibraryPath(path),) if is_metric_path(ev, path) else BOTTOM
