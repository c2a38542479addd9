"""Requests told by their usual name: `request.path` in a middleware, a view or a wrapper whose file imports no web framework."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Instance, LibraryPath, Objects
from cardlint.inference.domain.trace import append_step
from cardlint.inference.primitives import class_graph
from cardlint.ir.model import FunctionIR, ParameterIR
from cardlint.knowledge import PASSED_BY_NAME
from cardlint.knowledge.guesses import NO_REQUEST_WITH, REQUEST, REQUEST_CLASSES, REQUEST_CLIENTS, REQUEST_NAMES, REQUEST_VERBS

SERVERS = frozenset(package for known in PASSED_BY_NAME for package in known.packages)
"""Packages of web frameworks."""


def by_name(ev: Evaluator, found: ParameterIR, frame: Frame) -> Objects | None:
    """Return a request for a parameter of that name, None where it may be the request of something else."""
    if found.name not in REQUEST_NAMES or not _may_answer(ev, frame.file, frame.ir):
        return None
    return (LibraryPath(REQUEST, append_step(None, frame.place(found.at), "")),)


def by_class(ev: Evaluator, found: ParameterIR, frame: Frame, declared: Objects) -> Objects:
    """Return a request for a parameter of a class `Request` of which nothing else is known, NOTHING for other classes."""
    if len(declared) != 1 or not isinstance(declared[0], LibraryPath) or not _may_answer(ev, frame.file, frame.ir):
        return BOTTOM
    package, _, name = declared[0].path.rpartition(".")
    if name not in REQUEST_CLASSES or ev.library.knows(package) or package.partition(".")[0] in REQUEST_CLIENTS:
        return BOTTOM
    return (LibraryPath(REQUEST, append_step(None, frame.place(found.at), "")),)


def of_handler(ev: Evaluator, inst: Instance, frame: Frame) -> Objects:
    """Return the request that a handler answers, for `self.request` of a class whose bases are outside of the analysed files."""
    if not inst.cls.ir.bases or not _may_answer(ev, frame.file, frame.ir):
        return BOTTOM
    methods = {name for base in class_graph.mro(ev, inst.cls) if isinstance(base, ClassObject) for name in base.ir.methods}
    return (LibraryPath(REQUEST),) if methods & REQUEST_VERBS else BOTTOM


def _may_answer(ev: Evaluator, file: FileState, ir: FunctionIR) -> bool:
    """Tell whether a function may answer requests: no parameter and no import of its file says that it sends or receives others."""
    imported = class_graph.imports_of(ev, file)
    if imported & REQUEST_CLIENTS and not imported & SERVERS:
        return False
    return not any(param.name in NO_REQUEST_WITH for param in ir.params)
