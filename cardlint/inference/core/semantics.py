"""The tables of handlers that an evaluator works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from cardlint.inference.core.protocol import (
    AttributeHandler,
    CallHandler,
    Evaluator,
    Frameworks,
    ItemHandler,
    IterationHandler,
    LibraryFunction,
    MethodHandler,
    Refiner,
    TermHandler,
    TextHandler,
    Transfer,
)
from cardlint.inference.core.query import Query
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.objects import ClassObject, Objects
from cardlint.ir.terms import At, Guard


class Semantics(Struct, frozen=True):
    """The handlers of one evaluator, by kind. `wiring` builds the only one there is."""

    terms: Mapping[type, TermHandler]
    """terms other than uses; the evaluator keeps the results of uses"""
    calls: Mapping[type, CallHandler]
    methods: Mapping[type, MethodHandler]
    attributes: Mapping[type, AttributeHandler]
    items: Mapping[type, ItemHandler]
    iteration: Mapping[type, IterationHandler]
    texts: Mapping[type, TextHandler]
    predicates: Mapping[Guard, Refiner]
    """what a test leaves of a value, by the guard of a `Refine`"""
    transfers: Mapping[str, Transfer]
    functions: Mapping[str, LibraryFunction]
    """functions and classes of libraries that are modelled in code, by qualified name"""
    frameworks: Frameworks
    definition: Query[[int, Frame], Objects]
    """the possible values of a definition of the frame; the frame keeps the answers"""
    class_attribute: Callable[[Evaluator, ClassObject, str, Objects | None, Frame, At, ClassObject | None], Objects]
