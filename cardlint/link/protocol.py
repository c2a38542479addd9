"""What handlers may ask of the evaluator, and the tables by which the evaluator finds handlers.

Every recursion of the inference goes through here: a handler of one kind of object or term asks the evaluator, and the
evaluator looks the handler of the other kind up in a table. So no handler imports another kind's handler, and the tables, which
`wiring` fills, are the one place that knows them all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, TypeVar

from cardlint.facts.model import ParamFact
from cardlint.facts.terms import AnyTerm, At, Attr, Call, Elem, Item, Narrow, Ref
from cardlint.findings import Step
from cardlint.link.frames import Frame
from cardlint.link.library import Library
from cardlint.link.metrics import MetricTable
from cardlint.link.modules import Modules
from cardlint.link.objects import NOTHING, Alts, Cls, Ext, Obj, Thunk
from cardlint.link.tree import LinkSettings, Tree
from cardlint.link.values import Value

T = TypeVar("T")
Key = tuple[object, ...]
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
    limits: dict[Step, None]
    busy: dict[object, int]
    deps: set[Frame]
    nesting: int

    # terms and objects ------------------------------------------------------------------------------------------------

    @abstractmethod
    def eval(self, term: AnyTerm, frame: Frame) -> Alts:
        """Evaluate a term to the alternatives of what it can be."""

    @abstractmethod
    def ref(self, term: Ref, frame: Frame) -> Alts:
        """Evaluate a definition of the frame, from memory where possible."""

    @abstractmethod
    def force(self, thunk: Thunk) -> Alts:
        """Evaluate a thunk."""

    @abstractmethod
    def force_all(self, thunks: tuple[Thunk, ...]) -> Alts:
        """Evaluate several thunks to the alternatives of all."""

    @abstractmethod
    def call(self, obj: Obj, term: Call, frame: Frame) -> Alts:
        """Call one object with the arguments of a call term."""

    @abstractmethod
    def call_method(self, obj: Obj, name: str, term: Call, frame: Frame) -> Alts:
        """Call a method of a scalar, a container, a metric or another object that is no instance of the tree."""

    @abstractmethod
    def attribute(self, obj: Obj, term: Attr, frame: Frame) -> Alts:
        """Return an attribute of one object."""

    @abstractmethod
    def class_attribute(self, cls: Cls, name: str, bound: Alts | None, frame: Frame, at: At, skip: Cls | None = None) -> Alts:
        """Look a name up along the bases of a class. `skip` starts behind that class, as `super()` does."""

    @abstractmethod
    def item(self, obj: Obj, key: Value, term: Item, frame: Frame) -> Alts:
        """Return what one object holds under a key."""

    @abstractmethod
    def iterate(self, obj: Obj, term: Elem, frame: Frame) -> Alts:
        """Return what iterating over one object yields."""

    @abstractmethod
    def refine(self, base: Alts, term: Narrow, frame: Frame) -> Alts:
        """Return what a test leaves of a value in the branch where it holds."""

    @abstractmethod
    def transfer(self, how: str, args: TransferArgs) -> Alts:
        """Carry out a transfer that a row names: how a call of a library computes its result."""

    @abstractmethod
    def function(self, path: str) -> LibraryFunction | None:
        """Return the handler of a library function that is modelled in code, None where it is a row's or nobody's."""

    @abstractmethod
    def scalar(self, alts: Alts, frame: Frame, at: At) -> Value:
        """Turn alternatives into the set of texts a label would take."""

    @abstractmethod
    def value(self, term: AnyTerm, frame: Frame) -> Value:
        """Evaluate a term to the set of texts a label would take."""

    @abstractmethod
    def stepped(self, alts: Alts, frame: Frame, at: At, message: str) -> Alts:
        """Append a step to the trace of the scalar among the alternatives."""

    # memo and budget --------------------------------------------------------------------------------------------------

    @abstractmethod
    def cell(
        self,
        key: Key,
        compute: Callable[[], Alts],
        memo: dict[Any, tuple[Alts, frozenset[Frame]]],
        slot: object,
        frame: Frame,
        at: At,
        start: Alts = NOTHING,
    ) -> Alts:
        """Compute what may depend on itself, and keep it in `memo` under `slot`."""

    @abstractmethod
    def cache(self, name: str) -> dict[Any, Any]:
        """Return the named table of results that hold for the whole run."""

    @abstractmethod
    def pending(self, table: dict[Any, Any], key: object) -> AbstractContextManager[None]:
        """Guard an entry of a table that is a placeholder until its computation ends."""

    @abstractmethod
    def rests(self, found: frozenset[Frame]) -> None:
        """Note that what is being evaluated rests on the parameters of these open frames."""

    @abstractmethod
    def ask(self, question: Callable[[], T], default: T, frame: Frame, at: At, fuel: int = ...) -> T:
        """Answer a question within a number of steps, or with `default`."""

    @abstractmethod
    def within(self, fuel: int, question: Callable[[], T], default: T, frame: Frame, at: At) -> T:
        """Answer a part of a question within a share of its steps, or with `default`, and go on."""

    @abstractmethod
    def aside(self, fuel: int, question: Callable[[], T], default: T, frame: Frame, at: At) -> T:
        """Answer what is only asked in passing, without taking anything from the question that is being answered."""

    @abstractmethod
    def charge(self) -> None:
        """Take the price of reading one more file from the question that needs it."""

    @abstractmethod
    def limit(self, frame: Frame, at: At, what: str) -> None:
        """Count a bound of the inference that was hit: never silent."""


class TransferArgs(NamedTuple):
    """What the transfer of a row computes with."""

    term: Call
    frame: Frame
    receiver: Ext | Value | None = None
    """what the method is called on, or the function itself"""
    option: str = ""
    """what stands behind the colon of the row's transfer: a position, a path, a form"""
    why: str = ""
    size: int | None = None
    returns: str = ""


TermHandler = Callable[[Evaluator, Any, Frame], Alts]
CallHandler = Callable[[Evaluator, Any, Call, Frame], Alts]
MethodHandler = Callable[[Evaluator, Any, str, Call, Frame], Alts]
AttributeHandler = Callable[[Evaluator, Any, Attr, Frame], Alts]
ItemHandler = Callable[[Evaluator, Any, Value, Item, Frame], Alts]
IterationHandler = Callable[[Evaluator, Any, Elem, Frame], Alts]
TextHandler = Callable[[Evaluator, Any, Frame, At], Value]
Refiner = Callable[[Evaluator, Alts, Narrow, Frame], Alts]
Transfer = Callable[[Evaluator, TransferArgs], Alts]
LibraryFunction = Callable[[Evaluator, Call, Frame], Alts]


class Frameworks(NamedTuple):
    """What frameworks pass to the parameters of functions that nobody in the analysed code calls."""

    parameter: Callable[[Evaluator, ParamFact, Frame, Alts], Alts | None]
    """what a framework passes, None when none applies"""
    body_model: Callable[[Evaluator, ParamFact, Frame, Alts], Alts]
    """the models that a framework makes of the request body"""
    by_name: Callable[[Evaluator, ParamFact, Frame], Alts | None]
    """what a parameter without annotation is by its usual name"""


class Semantics(NamedTuple):
    """The handlers of one evaluator, by kind. `wiring` builds the only one there is."""

    terms: Mapping[type, TermHandler]
    """terms but references, whose results the evaluator keeps"""
    calls: Mapping[type, CallHandler]
    methods: Mapping[type, MethodHandler]
    attributes: Mapping[type, AttributeHandler]
    items: Mapping[type, ItemHandler]
    iteration: Mapping[type, IterationHandler]
    texts: Mapping[type, TextHandler]
    predicates: Mapping[str, Refiner]
    """what a test leaves of a value, by the guard of a `Narrow`"""
    transfers: Mapping[str, Transfer]
    functions: Mapping[str, LibraryFunction]
    """functions and classes of libraries that are modelled in code, by qualified name"""
    frameworks: Frameworks
    definition: Callable[[Evaluator, int, Frame], Alts]
    class_attribute: Callable[[Evaluator, Cls, str, Alts | None, Frame, At, Cls | None], Alts]
