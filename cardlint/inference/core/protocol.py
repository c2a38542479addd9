"""What handlers may ask of the evaluator, and the tables by which the evaluator finds handlers.

Every recursion of the inference goes through here: a handler of one kind of object or term asks the evaluator, and the
evaluator looks up the handler of the other kind in a table. So no handler imports the handler of another kind. Only the
tables, which `wiring` fills, know all handlers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Literal, TypeVar

from msgspec import Struct

from cardlint.findings import Step
from cardlint.inference.codebase.modules import Modules
from cardlint.inference.codebase.tree import LinkSettings, Tree
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.metric_info import MetricTable
from cardlint.inference.domain.objects import ClassObject, Instance, LibraryPath, Object, Objects
from cardlint.inference.domain.value_sets import ValueSet
from cardlint.inference.library.rows import Library
from cardlint.ir.model import ParameterIR
from cardlint.ir.terms import AnyTerm, At, Attr, Call, Item, Iterate, Refine, Use

T = TypeVar("T")
ANY: Any = object()
"""Represents very many frames: a result that depends on it depends on any of them."""


class Evaluator(ABC):
    """Evaluates terms and objects of one program; see `evaluator` for how."""

    __slots__ = ("dependencies", "frameworks", "library", "limits", "metrics", "modules", "nesting", "settings", "tree")

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
        """Evaluate a lazy value."""

    @abstractmethod
    def force_all(self, thunks: tuple[Lazy, ...]) -> Objects:
        """Evaluate several lazy values to the alternatives of all."""

    @abstractmethod
    def call(self, obj: Object, term: Call, frame: Frame) -> Objects:
        """Call one object with the arguments of a call term."""

    @abstractmethod
    def call_method(self, obj: Object, name: str, term: Call, frame: Frame) -> Objects:
        """Call a method of a scalar, a container, a metric or another object that is no instance of an analysed class."""

    @abstractmethod
    def attribute(self, obj: Object, term: Attr, frame: Frame) -> Objects:
        """Return an attribute of one object."""

    @abstractmethod
    def class_attribute(
        self, cls: ClassObject, name: str, bound: Objects | None, frame: Frame, at: At, skip: ClassObject | None = None
    ) -> Objects:
        """Look a name up along the bases of a class. `skip` starts after that class, as `super()` does."""

    @abstractmethod
    def item(self, obj: Object, key: ValueSet, term: Item, frame: Frame) -> Objects:
        """Return the value of one object under a key."""

    @abstractmethod
    def iterate(self, obj: Object, term: Iterate, frame: Frame) -> Objects:
        """Return the elements of one object."""

    @abstractmethod
    def refine(self, base: Objects, term: Refine, frame: Frame) -> Objects:
        """Return the part of a value that a test leaves in the branch where it holds."""

    @abstractmethod
    def transfer(self, how: str, args: TransferArgs) -> Objects:
        """Apply a transfer that a row names: how a call of a library computes its result."""

    @abstractmethod
    def function(self, path: str) -> LibraryFunction | None:
        """Return the handler of a library function that is modelled in code, None where there is none."""

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
        """Record that the current evaluation depends on the parameters of these open frames."""

    @abstractmethod
    def ask(self, question: Callable[[], T], default: T, frame: Frame, at: At, steps: int = ...) -> T:
        """Answer a question within a number of steps, or with `default`."""

    @abstractmethod
    def within(self, steps: int, question: Callable[[], T], default: T, frame: Frame, at: At) -> T:
        """Answer a part of a question within a share of its steps, or with `default`, and go on."""

    @abstractmethod
    def aside(self, steps: int, question: Callable[[], T], default: T, frame: Frame, at: At) -> T:
        """Answer a side question on a budget of its own: the current question keeps its steps."""

    @abstractmethod
    def partly(self, question: Callable[[], T], default: T, frame: Frame, at: At) -> T:
        """Answer one of several parts of a question with most of the steps that are left, or with `default`, and go on."""

    @abstractmethod
    def tentatively(self, question: Callable[[], T]) -> tuple[T, bool]:
        """Answer a part of a question, and tell whether the answer depends on an open query."""

    @abstractmethod
    def charge(self, steps: int = ...) -> None:
        """Take steps from the current question: those of reading a file where nothing else is said."""

    @abstractmethod
    def limit(self, frame: Frame, at: At, what: str, name: str) -> None:
        """Count a limit of the inference that was hit, by its name in `limits`, so that no limit is silent."""


class TransferArgs(Struct, frozen=True):
    """The input of a row's transfer."""

    term: Call
    frame: Frame
    receiver: LibraryPath | ValueSet | None = None
    """the receiver of the method, or the function itself"""
    option: str = ""
    """the part of the row's transfer after the colon: a position, a path, a form"""
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


Passing = Literal["", "names", "positions", "any"]
"""How a framework passes arguments, '' when none calls the function: by name after the request itself, by position, or both."""


class Frameworks(Struct, frozen=True):
    """What frameworks pass to the parameters of functions without a call in the analysed code."""

    parameter: Callable[[Evaluator, ParameterIR, Frame, Objects], Objects | None]
    """the value that a framework passes, None when no framework applies"""
    body_model: Callable[[Evaluator, ParameterIR, Frame, Objects], Objects]
    """the models that a framework makes of the request body, or the request itself"""
    by_name: Callable[[Evaluator, ParameterIR, Frame], Objects | None]
    """the value of a parameter without annotation, by its usual name"""
    request_of: Callable[[Evaluator, Instance, Frame], Objects]
    """the request that an instance answers, for `self.request`"""
    paths_of: Callable[[Evaluator, Frame], int]
    """the number of paths of the requests that a function handles, 0 where there may be any"""
    passing: Callable[[Evaluator, Frame, int], Passing]
    """how a framework calls a function, or the wrapper in its place below its first decorators"""
