"""What handlers may ask of the evaluator, and the tables by which the evaluator finds handlers.

Every recursion of the inference goes through here: a handler of one kind of object or term asks the evaluator, and the
evaluator looks the handler of the other kind up in a table. So no handler imports another kind's handler, and the tables, which
`wiring` fills, are the one place that knows them all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import Struct

from cardlint.findings import Step
from cardlint.inference.codebase.modules import Modules
from cardlint.inference.codebase.tree import LinkSettings, Tree
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.metric_info import MetricTable
from cardlint.inference.domain.objects import ClassObject, LibraryPath, Object, Objects
from cardlint.inference.domain.value_sets import ValueSet
from cardlint.inference.library.rows import Library
from cardlint.ir.model import ParameterIR
from cardlint.ir.terms import AnyTerm, At, Attr, Call, Item, Iterate, Refine, Use

T = TypeVar("T")
ANY: Any = object()
"""Stands for very many frames: a result that rests on it rests on any of them."""


class Evaluator(ABC):
    """Evaluates terms and objects of one program; see `evaluator` for how."""

    tree: Tree
    settings: LinkSettings
    modules: Modules
    library: Library
    metrics: MetricTable
    frameworks: Frameworks
    limits: dict[Step, str]
    dependencies: set[Frame]
    nesting: int

    # terms and objects ------------------------------------------------------------------------------------------------

    @abstractmethod
    def eval(self, term: AnyTerm, frame: Frame) -> Objects:
        """Evaluate a term to the alternatives of what it can be."""

    @abstractmethod
    def ref(self, term: Use, frame: Frame) -> Objects:
        """Evaluate a definition of the frame, from memory where possible."""

    @abstractmethod
    def force(self, lazy: Lazy) -> Objects:
        """Evaluate a thunk."""

    @abstractmethod
    def force_all(self, thunks: tuple[Lazy, ...]) -> Objects:
        """Evaluate several thunks to the alternatives of all."""

    @abstractmethod
    def call(self, obj: Object, term: Call, frame: Frame) -> Objects:
        """Call one object with the arguments of a call term."""

    @abstractmethod
    def call_method(self, obj: Object, name: str, term: Call, frame: Frame) -> Objects:
        """Call a method of a scalar, a container, a metric or another object that is no instance of the tree."""

    @abstractmethod
    def attribute(self, obj: Object, term: Attr, frame: Frame) -> Objects:
        """Return an attribute of one object."""

    @abstractmethod
    def class_attribute(
        self, cls: ClassObject, name: str, bound: Objects | None, frame: Frame, at: At, skip: ClassObject | None = None
    ) -> Objects:
        """Look a name up along the bases of a class. `skip` starts behind that class, as `super()` does."""

    @abstractmethod
    def item(self, obj: Object, key: ValueSet, term: Item, frame: Frame) -> Objects:
        """Return what one object holds under a key."""

    @abstractmethod
    def iterate(self, obj: Object, term: Iterate, frame: Frame) -> Objects:
        """Return what iterating over one object yields."""

    @abstractmethod
    def refine(self, base: Objects, term: Refine, frame: Frame) -> Objects:
        """Return what a test leaves of a value in the branch where it holds."""

    @abstractmethod
    def transfer(self, how: str, args: TransferArgs) -> Objects:
        """Carry out a transfer that a row names: how a call of a library computes its result."""

    @abstractmethod
    def function(self, path: str) -> LibraryFunction | None:
        """Return the handler of a library function that is modelled in code, None where it is a row's or nobody's."""

    @abstractmethod
    def scalar(self, alts: Objects, frame: Frame, at: At) -> ValueSet:
        """Turn alternatives into the set of texts a label would take."""

    @abstractmethod
    def value(self, term: AnyTerm, frame: Frame) -> ValueSet:
        """Evaluate a term to the set of texts a label would take."""

    @abstractmethod
    def stepped(self, alts: Objects, frame: Frame, at: At, message: str) -> Objects:
        """Append a step to the trace of the scalar among the alternatives."""

    # memo and budget --------------------------------------------------------------------------------------------------

    @abstractmethod
    def answer(self, query: Any, key: object, args: tuple[Any, ...]) -> Any:
        """Answer a query, from memory where possible; see `query`, whose types are exact."""

    @abstractmethod
    def rests(self, found: frozenset[Frame]) -> None:
        """Note that what is being evaluated rests on the parameters of these open frames."""

    @abstractmethod
    def ask(self, question: Callable[[], T], default: T, frame: Frame, at: At, steps: int = ...) -> T:
        """Answer a question within a number of steps, or with `default`."""

    @abstractmethod
    def within(self, steps: int, question: Callable[[], T], default: T, frame: Frame, at: At) -> T:
        """Answer a part of a question within a share of its steps, or with `default`, and go on."""

    @abstractmethod
    def aside(self, steps: int, question: Callable[[], T], default: T, frame: Frame, at: At) -> T:
        """Answer what is only asked in passing, without taking anything from the question that is being answered."""

    @abstractmethod
    def tentatively(self, question: Callable[[], T]) -> tuple[T, bool]:
        """Answer a part of a question, and tell whether the answer rests on one that is still being computed."""

    @abstractmethod
    def charge(self, steps: int = ...) -> None:
        """Take steps from the question under way: those of reading a file where nothing else is said."""

    @abstractmethod
    def limit(self, frame: Frame, at: At, what: str, name: str) -> None:
        """Count a limit of the inference that was hit, by its name in `limits`: never silent."""


class TransferArgs(Struct, frozen=True):
    """What the transfer of a row computes with."""

    term: Call
    frame: Frame
    receiver: LibraryPath | ValueSet | None = None
    """what the method is called on, or the function itself"""
    option: str = ""
    """what stands behind the colon of the row's transfer: a position, a path, a form"""
    why: str = ""
    size: int | None = None
    returns: str = ""


TermHandler = Callable[[Evaluator, Any, Frame], Objects]
CallHandler = Callable[[Evaluator, Any, Call, Frame], Objects]
MethodHandler = Callable[[Evaluator, Any, str, Call, Frame], Objects]
AttributeHandler = Callable[[Evaluator, Any, Attr, Frame], Objects]
ItemHandler = Callable[[Evaluator, Any, ValueSet, Item, Frame], Objects]
IterationHandler = Callable[[Evaluator, Any, Iterate, Frame], Objects]
TextHandler = Callable[[Evaluator, Any, Frame, At], ValueSet]
Refiner = Callable[[Evaluator, Objects, Refine, Frame], Objects]
Transfer = Callable[[Evaluator, TransferArgs], Objects]
LibraryFunction = Callable[[Evaluator, Call, Frame], Objects]


class Frameworks(Struct, frozen=True):
    """What frameworks pass to the parameters of functions that nobody in the analysed code calls."""

    parameter: Callable[[Evaluator, ParameterIR, Frame, Objects], Objects | None]
    """what a framework passes, None when none applies"""
    body_model: Callable[[Evaluator, ParameterIR, Frame, Objects], Objects]
    """the models that a framework makes of the request body"""
    by_name: Callable[[Evaluator, ParameterIR, Frame], Objects | None]
    """what a parameter without annotation is by its usual name"""
